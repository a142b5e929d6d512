"""The extractor: a raw text in, a `Reply` out, stage by stage in reading order."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from commitextract.agencies import find_names
from commitextract.agency_table import AgencyTable, read_agencies
from commitextract.classifier import CLAUSE_LABELS, Classifier, ModelError, NetworkClassifier, RuleClassifier
from commitextract.cues import find_cues
from commitextract.deadlines import find_deadlines
from commitextract.decoding import Run, calibrated, decode, group_clauses, marginals
from commitextract.features import Reading, headings, never_a_statement
from commitextract.header import Header, read_header
from commitextract.layout import Clause, Layout, read_layout
from commitextract.linking import Linker, Links
from commitextract.names import Names
from commitextract.normalization import CleanText, normalize, well_formed
from commitextract.quantities import find_quantities
from commitextract.ranking import Ranker
from commitextract.schema import Agency, Evidence, Meta, Quantity, Reply, Span, Statement
from commitextract.segmentation import Segmenter, Word

MODEL_SCHEMA = 1
HASH_DIGITS = 16
_NEVER = -50.0
CLASSIFIERS = ("rules", "network")
DEFAULT = "default"
ACTORS = "actors.json"
"""The file of a model directory with the ranker of lead agencies."""

S = TypeVar("S", bound=Span)


@dataclass
class Extractor:
    """Extracts the statements, quantities, deadlines and agencies of replies.

    Parameters
    ----------
    classifier : Classifier
        Scores the labels of clauses.
    segmenter : Segmenter
        Cuts clauses into words.
    trained_on : frozenset of str
        The replies that the classifier was fitted on: the first ``HASH_DIGITS`` digits of their SHA-256.
    ranker : Ranker, optional
        Chooses the lead of a statement (`commitextract.actors`); without one the rules do.
    agencies : AgencyTable, optional
        Agencies known beforehand (`commitextract.agency_table`); they win over what the text looks like.

    Examples
    --------
    >>> extractor = load()
    >>> extractor("我局将在年底前新建站点36个。", date="2021-08-30").commitments[0].lead
    '我局'
    """

    classifier: Classifier
    segmenter: Segmenter
    trained_on: frozenset[str] = frozenset()
    ranker: Ranker | None = None
    agencies: AgencyTable | None = None

    def __call__(
        self, text: str, *, date: str | None = None, respondent: str | None = None, id: str | None = None
    ) -> Reply:
        """Extract one reply.

        Parameters
        ----------
        text : str
            The raw text, as it was received. A lone surrogate becomes U+FFFD.
        date : str, optional
            The reply's date, ``YYYY-MM-DD``; without it the text is asked (see `commitextract.header`).
        respondent : str, optional
            The replying agency, where it is known from outside.
        id : str, optional
            The reply's name in the results.

        Returns
        -------
        Reply

        Raises
        ------
        TypeError
            If the text is not a string.
        ValueError
            If the date is not a day in ISO form.
        """
        if not isinstance(text, str):
            raise TypeError(f"text must be a string, got {type(text).__name__}: {text!r:.60}")
        clean, reading, header, names = self.read(text, _day(date), respondent)
        runs, links = self._statements(reading, Linker(reading, header, names, self.ranker))
        return _Builder(clean, reading, header, id, headings(reading.layout)).reply(runs, links)

    def complete(self, reply: Reply) -> Reply:
        """Return a reply with its own statements and date, and everything else found anew.

        Stage, strength, agencies, deadlines and quantities are read for the given extents and labels: what an annotator
        who marked only the statements still needs, and how linking is measured apart from the finding of statements.

        Examples
        --------
        >>> reply = load()("我局将在年底前新建站点36个。", date="2021-08-30")
        >>> load().complete(reply) == reply
        True
        """
        clean, reading, header, names = self.read(reply.text, reply.meta.date)
        runs = list(filter(None, (run_of(s, reading.layout.clauses, clean) for s in reply.statements)))
        linker = Linker(reading, header, names, self.ranker)
        links = [linker.link(run) for run in runs]
        found = _Builder(clean, reading, header, reply.id, headings(reading.layout)).reply(runs, links)
        return replace(found, meta=reply.meta)

    def read(
        self, text: str, date: str | None = None, respondent: str | None = None
    ) -> tuple[CleanText, Reading, Header, Names]:
        """Return what the finders read in a text, before anything is decided: the first half of the flow."""
        clean = normalize(well_formed(text))
        layout = read_layout(clean.text)
        named = find_names(clean.text)
        if self.agencies:
            named = self.agencies.add_to(clean.text, named)
        mentions = [m for m in named if m.kind != "object"]
        names = Names(named, clean.text, self.agencies)
        header = read_header(layout, mentions, names, date, respondent, self.ranker)
        words = _by_clause(layout, self.segmenter(clean.text, [(m.start, m.end) for m in mentions]))
        cues = [find_cues(clean.text, c.start, c.end, w) for c, w in zip(layout.clauses, words, strict=True)]
        times, quantities = find_deadlines(clean.text, header.date), find_quantities(clean.text)
        return clean, Reading(layout, words, cues, mentions, times, quantities), header, names

    def pipe(self, texts: Iterable[str | Mapping[str, Any]], *, n_jobs: int = 1, chunk: int = 256) -> Iterator[Reply]:
        """Extract many replies, lazily and in order (see `commitextract.batch.extract_many`)."""
        from commitextract.batch import extract_many

        return extract_many(self, texts, n_jobs=n_jobs, chunk=chunk)

    def probabilities(self, reading: Reading) -> NDArray[np.float64]:
        """Return the probability of each label (``CLAUSE_LABELS``) for each clause, shape (clauses, labels)."""
        return marginals(self._scores(reading), self.classifier.transitions())

    def _scores(self, reading: Reading) -> NDArray[np.float64]:
        scores = self.classifier.scores(reading)
        scores[never_a_statement(reading), 1:] = _NEVER
        return scores

    def _statements(self, reading: Reading, linker: Linker) -> tuple[list[Run], list[Links]]:
        clauses = reading.layout.clauses
        labels, probability = decode(self._scores(reading), self.classifier.transitions())
        actors = [linker.actor(i) if label != "none" else None for i, label in enumerate(labels)]
        limits = [linker.limit(i, label) for i, label in enumerate(labels)]
        runs = group_clauses(clauses, labels, probability, actors, limits)
        calibration = self.classifier.calibration
        runs = [replace(run, score=calibrated(run.score, calibration)) for run in runs]
        return runs, [linker.link(run) for run in runs]


def _day(date: str | None) -> str | None:
    import datetime as dt

    try:
        return None if date is None else str(dt.date.fromisoformat(date))
    except (TypeError, ValueError):
        raise ValueError(f"date {date!r} is not a day; give it as YYYY-MM-DD, such as '2021-08-30'") from None


def run_of(statement: Statement, clauses: Sequence[Clause], clean: CleanText) -> Run | None:
    """Return the clauses that a statement overlaps; None if it lies between clauses."""
    spans = [clean.to_raw(c.start, c.end) for c in clauses]
    held = [i for i, (start, end) in enumerate(spans) if start < statement.end and statement.start < end]
    return Run(held[0], held[-1], statement.stage or statement.label, statement.score) if held else None


def _by_clause(layout: Layout, words: Sequence[Word]) -> list[Sequence[Word]]:
    found, i = [], 0
    for clause in layout.clauses:
        while i < len(words) and words[i].start < clause.start:
            i += 1
        first = i
        while i < len(words) and words[i].start < clause.end:
            i += 1
        found.append(words[first:i])
    return found


def _inside(quantities: Sequence[Quantity], start: int, end: int) -> tuple[Quantity, ...]:
    first = bisect_left(quantities, start, key=lambda q: q.start)
    last = bisect_left(quantities, end, key=lambda q: q.start)
    return tuple(q for q in quantities[first:last] if q.end <= end)


@dataclass(frozen=True, slots=True)
class _Builder:
    """Brings spans of the normalized text back to the raw text and builds the reply."""

    clean: CleanText
    reading: Reading
    header: Header
    id: str | None
    headings: Mapping[int, str]

    def reply(self, runs: Sequence[Run], links: Sequence[Links]) -> Reply:
        quantities = tuple(replace(self._raw(q), id=f"q{n}") for n, q in enumerate(self.reading.quantities, 1))
        statements = tuple(
            self._statement(run, link, quantities, n) for n, (run, link) in enumerate(zip(runs, links, strict=True), 1)
        )
        header = self.header
        meta = Meta(
            header.date, header.date_source, header.respondent, header.addressee, header.reference,
            self.reading.layout.doc_type,
        )  # fmt: skip
        return Reply(self.clean.raw, self.id, meta, statements, quantities)

    def _statement(self, run: Run, links: Links, quantities: Sequence[Quantity], number: int) -> Statement:
        clauses = self.reading.layout.clauses
        first = clauses[run.first]
        start, end = first.start, clauses[run.last].end
        raw_start, raw_end = self.clean.to_raw(start, end)
        commitment = run.label in ("planned", "underway")
        cues = [cue for i in range(run.first, run.last + 1) for cue in self.reading.cues[i]]
        return Statement(
            raw_start, raw_end, self.clean.raw[raw_start:raw_end],
            label="COMMITMENT" if commitment else run.label,
            stage=links.stage,
            strength=links.strength,
            agencies=tuple(self._agency(a) for a in links.agencies),
            deadlines=tuple(self._raw(d) for d in links.deadlines),
            quantities=_inside(quantities, raw_start, raw_end),
            normalized=self.clean.text[start:end],
            section=first.section, heading=self._heading(run), part=first.part, score=run.score,
            evidence=tuple(Evidence(c.text, *self.clean.to_raw(c.start, c.end), c.rule) for c in cues),
            id=f"s{number}",
        )  # fmt: skip

    def _heading(self, run: Run) -> str | None:
        """Return the heading of the statement's item, unless the statement is that very sentence."""
        first = self.reading.layout.clauses[run.first]
        return None if first.opens_item else self.headings.get(first.item)

    def _agency(self, agency: Agency) -> Agency:
        if agency.start is None or agency.end is None:
            return agency
        start, end = self.clean.to_raw(agency.start, agency.end)
        return replace(agency, start=start, end=end)

    def _raw(self, span: S) -> S:
        start, end = self.clean.to_raw(span.start, span.end)
        return replace(span, start=start, end=end, text=self.clean.raw[start:end])


def load(model: str | Path | None = DEFAULT, *, agencies: str | Path | AgencyTable | None = None) -> Extractor:
    """Return an extractor.

    Parameters
    ----------
    model : str, Path or None
        A model directory; ``"default"`` is the packaged one, ``None`` the rules without any model.
    agencies : str, Path or AgencyTable, optional
        A table of your own agencies, or a CSV file with the columns name, aliases, parent and place (see `read_agencies`).

    Raises
    ------
    ModelError
        If the directory is no model of this release.
    AgencyTableError
        If the table of agencies cannot be used.

    Examples
    --------
    >>> load(None).segmenter.name
    'rjieba'
    """
    known = agencies if agencies is None or isinstance(agencies, AgencyTable) else read_agencies(agencies)
    if model is None:
        return Extractor(RuleClassifier(), Segmenter(), agencies=known)
    folder = files("commitextract.models") / DEFAULT if model == DEFAULT else Path(model)
    meta = _read_meta(folder)
    classifier = RuleClassifier() if meta["classifier"] == "rules" else NetworkClassifier.load(folder)
    try:
        segmenter, trained_on = Segmenter(**meta["segmenter"]), frozenset(meta.get("training", {}).get("sha256", ()))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{str(folder)!r}: its meta.json names no segmenter of this release ({error})") from None
    ranker = None if meta["classifier"] == "rules" else _read_ranker(folder)
    return Extractor(classifier, segmenter, trained_on, ranker, known)


def _read_ranker(folder: Traversable) -> Ranker:
    try:
        return Ranker.load(folder / ACTORS)
    except (OSError, RecursionError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(
            f"the model {str(folder)!r} is damaged: its {ACTORS} holds no weights of features ({error}); train it again"
        ) from None


def _read_meta(folder: Traversable) -> dict[str, Any]:
    try:
        meta = json.loads((folder / "meta.json").read_text("utf-8"))
    except (OSError, RecursionError, ValueError) as error:
        raise ModelError(
            f"{str(folder)!r} is no model directory: its meta.json cannot be read ({error}); give the "
            "directory that training wrote, 'default' for the packaged model or None for rules only"
        ) from None
    if not isinstance(meta, dict) or meta.get("schema") != MODEL_SCHEMA:
        found = meta.get("schema") if isinstance(meta, dict) else meta
        newer = "; update commitextract" if type(found) is int and found > MODEL_SCHEMA else ""
        raise ModelError(f"{str(folder)!r} has model schema {found!r:.60}; this release reads {MODEL_SCHEMA}{newer}")
    if meta.get("classifier") not in CLASSIFIERS:
        known = " and ".join(map(repr, CLASSIFIERS))
        raise ModelError(
            f"{str(folder)!r} has the classifier {meta.get('classifier')!r}; this release knows {known}: train it again"
        )
    if meta.get("labels", list(CLAUSE_LABELS)) != list(CLAUSE_LABELS):
        raise ModelError(f"{str(folder)!r} has the labels {meta['labels']!r:.99}; this release knows {CLAUSE_LABELS}")
    return meta


@cache
def default() -> Extractor:
    """Return the packaged extractor, loaded once."""
    return load()


def extract(text: str, *, date: str | None = None, respondent: str | None = None, id: str | None = None) -> Reply:
    """Extract one reply with the packaged model (see `Extractor.__call__`).

    Examples
    --------
    >>> reply = extract("目前已建成站点36个，其余4个正在施工，预计10月底完工。", date="2021-08-30")
    >>> [(s.label, s.text) for s in reply.statements]
    [('ACHIEVEMENT', '目前已建成站点36个'), ('COMMITMENT', '其余4个正在施工，预计10月底完工')]
    """
    return default()(text, date=date, respondent=respondent, id=id)
