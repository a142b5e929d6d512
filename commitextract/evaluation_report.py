"""The evaluation report for an analyst: how good, where not to trust it, and every error in its context.

One page of HTML that needs nothing from outside (its own style and script are allowed by their hashes, all
else is forbidden), or the same as Markdown. Figures are SVG with their text kept as text; the numbers they
show stand beside them as a table.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from commitextract import __version__, plots, verdict
from commitextract.comparison import Comparison, compare
from commitextract.errors import KINDS, Error
from commitextract.evaluation import Evaluation
from commitextract.plots import Curve, scale, wilson
from commitextract.report import source, templates
from commitextract.schema import LABELS, Statement
from commitextract.scoring import CLAUSE_LABELS, LENGTHS, METRICS
from commitextract.statistics import Bin
from commitextract.verdict import CEILING, Score, score_of

TOPICS = {
    "Statements": (
        "statements",
        *(f"statements:{label}" for label in (*LABELS, "macro")),
        "statements/exact",
        "clauses",
    ),
    "What belongs to a statement that was found": (
        "stage",
        "strength",
        "lead agency",
        "lead agencies",
        "support agencies",
        "linked deadlines",
    ),
    "Deadlines, quantities and agencies wherever they stand": (
        "deadlines",
        "deadline spans",
        "quantities",
        "quantity spans",
        "quantity values",
        "quantity units",
        "quantity objects",
        "quantity modifiers",
        "agency mentions",
    ),
    "Whole rows of the ledger": ("records",),
}
SLICES = {
    "doc_type": "genre",
    "length": "characters",
    "noise": "noise of the web",
    "script": "script",
    "plan": "plan section",
    "place": "place",
}
_WHOLE = KINDS[:4]
_MARKS = {"rules": 3, CEILING: 1}
_FEWEST = 5


class ScoreRow(NamedTuple):
    """One measure of all systems."""

    name: str
    gold: int | None
    scores: dict[str, Score | None]
    difference: Comparison | None

    @property
    def sure(self) -> bool:
        """Whether the interval of the difference leaves out zero."""
        return self.difference is not None and not self.difference.low <= 0 <= self.difference.high


class SliceRow(NamedTuple):
    """The statements on one kind of reply."""

    value: str
    replies: int
    gold: int
    score: Score | None


class Report:
    """What a report shows of some systems' evaluations over the same gold; the templates read it.

    Parameters
    ----------
    evaluations : mapping of str to Evaluation
        By name, in the order of the columns. ``"annotators"`` is the ceiling. The last of the others is the one
        whose plots and errors are shown; the first of them, where there are two, what it is compared with.
    seed : int
        The same seed gives the same intervals.

    Raises
    ------
    ValueError
        If there is no evaluation of a system, or the systems did not read the same replies.
    """

    version = __version__
    thresholds = plots.THRESHOLDS
    title = "How far to trust these extractions"

    def __init__(self, evaluations: Mapping[str, Evaluation], seed: int = 0) -> None:
        systems = [name for name in evaluations if name != CEILING]
        if not systems or not evaluations[systems[-1]].documents:
            raise ValueError(
                f"a report needs the evaluation of a system over at least one reply; there are {list(evaluations)}"
            )
        self.evaluations, self.seed = evaluations, seed
        self.systems = list(evaluations)
        self.main = systems[-1]
        self.baseline = systems[0] if len(systems) > 1 else None
        self.evaluation = evaluations[self.main]
        self.summary = verdict.summary(evaluations, self.main, self.baseline, seed)
        self.total = self.evaluation.f1("statements")

    @property
    def subject(self) -> str:
        """What was read, for below the heading."""
        gold = self.evaluation.counts("statements").gold
        text = f"“{self.main}” on {len(self.evaluation):,} annotated replies with {gold:,} statements"
        ceiling = self.evaluations.get(CEILING)
        return text + (f"; the annotators are two on {len(ceiling):,} replies" if ceiling else "")

    @cached_property
    def scores(self) -> list[tuple[str, list[ScoreRow]]]:
        """The score table by topic."""
        return [(topic, [self._score_row(metric) for metric in metrics]) for topic, metrics in TOPICS.items()]

    def _score_row(self, metric: str) -> ScoreRow:
        scores = {name: score_of(evaluation, metric, self.seed) for name, evaluation in self.evaluations.items()}
        comparable = self.baseline and scores[self.baseline] and scores[self.main]
        return ScoreRow(
            metric.replace(":macro", ": mean of the labels").replace("statements:", "").replace("/", ", "),
            None if metric.endswith(":macro") else self.evaluation.counts(metric).gold,
            scores,
            compare(self.evaluations[self.baseline or ""], self.evaluation, metric, self.seed) if comparable else None,
        )

    def mark(self, name: str) -> int:
        """Return the mark of a system in the plots."""
        return _MARKS.get(name, 0)

    @property
    def days(self) -> str | None:
        """How far off the last days of the deadlines found are; ``None`` without any."""
        days = [abs(n) for n in self.evaluation.days_off]
        wrong = sorted(filter(None, days))
        text = f"Of {len(days):,} deadlines found in the text {len(days) - len(wrong):,} have the right last day"
        if wrong:
            text += f"; the others are {wrong[0]:,} to {wrong[-1]:,} days off, {median(wrong):,.0f} in the median"
        return f"{text}." if days else None

    @cached_property
    def curves(self) -> list[Curve]:
        """Precision and recall by threshold, for the labels that were found."""
        return [curve for label in LABELS if (curve := plots.curve_of(label, self.evaluation.curve(label)))]

    @cached_property
    def bins(self) -> list[Bin]:
        """The calibration of all statements."""
        return self.evaluation.calibration()

    @cached_property
    def slices(self) -> list[tuple[str, list[SliceRow]]]:
        """The score by kind of reply, of kinds with five replies or more; a division that has one such kind is left out."""
        lengths = [name for _, name in LENGTHS]
        groups = []
        for name, title in SLICES.items():
            parts = {value: part for value, part in self.evaluation.slices(name).items() if len(part) >= _FEWEST}
            # lengths from short to long, others from frequent to rare
            order = sorted(parts, key=lambda v: lengths.index(v) if v in lengths else len(lengths) - 1 / len(parts[v]))
            rows = [
                SliceRow(
                    v, len(parts[v]), parts[v].counts("statements").gold, score_of(parts[v], "statements", self.seed)
                )
                for v in order
            ]
            if len(rows) > 1:
                groups.append((title, rows))
        return groups

    @cached_property
    def confusion(self) -> dict[tuple[str, str], tuple[int, float]]:
        """Clauses by (gold, pred) label, and their share of the gold label."""
        table = self.evaluation.confusion()
        shares = table / table.sum(axis=1, keepdims=True).clip(1)
        return {
            (gold, pred): (int(table[i, j]), float(shares[i, j]))
            for i, gold in enumerate(CLAUSE_LABELS)
            for j, pred in enumerate(CLAUSE_LABELS)
        }

    @cached_property
    def errors(self) -> list[tuple[str, list[tuple[str, Error]]]]:
        """The errors by likely cause, each with its reply's id; those of whole statements first, then the most frequent."""
        groups: dict[str, list[tuple[str, Error]]] = {}
        for document, error in self.evaluation.errors:
            groups.setdefault(f"{error.kind}: {error.cause}", []).append((document.id, error))
        return sorted(groups.items(), key=lambda g: (g[1][0][1].kind not in _WHOLE, -len(g[1]), g[0]))

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, int]]]:
        """What the errors can be filtered by, with how many each leaves."""
        errors = [error for _, error in self.evaluation.errors]
        kinds, labels = Counter(e.kind for e in errors), Counter(label_of(e) for e in errors)
        return {
            "kind": [(kind, kinds[kind]) for kind in KINDS if kinds[kind]],
            "label": [(label, labels[label]) for label in LABELS if labels[label]],
            "cause": [(cause, len(group)) for cause, group in self.errors],
        }


def label_of(error: Error) -> str:
    """Return the label of the statement in question, that of the gold if it has one."""
    statement = error.gold or error.pred
    return statement.label if statement else ""


def marked(error: Error) -> Iterator[tuple[str, str]]:
    """Yield an error's context in pieces, each with who holds it to be a statement: ``gold``, ``pred``, both or none."""
    sides = [(name, s) for name, s in (("gold", error.gold), ("pred", error.pred)) if s]
    places = {0, len(error.context)} | {at - error.start for _, s in sides for at in (s.start, s.end)}
    for start, end in pairwise(sorted(places)):
        holders = [name for name, s in sides if s.start <= error.start + start < s.end]
        yield error.context[start:end], " ".join(holders)


def values(error: Error) -> tuple[str, str] | None:
    """Return the attribute that is wrong, in gold and pred; ``None`` for errors of whole statements and of quantities."""
    read: dict[str, Callable[[Statement], list[str | None]]] = {
        "stage": lambda s: [s.stage],
        "strength": lambda s: [s.strength],
        "lead agency": lambda s: [a.name for a in s.agencies if a.role == "lead"],
        "deadlines": lambda s: [f"{d.text} {d.edtf or 'unresolved'}" for d in s.deadlines],
    }
    if error.kind not in read or not error.gold or not error.pred:
        return None
    gold, pred = ("；".join(filter(None, read[error.kind](s))) or "none" for s in (error.gold, error.pred))
    return gold, pred


def csp_hash(text: str) -> str:
    """Return the source expression that allows exactly this inline style or script (CSP level 2)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def ratio(value: float | None) -> str:
    """Return a ratio with two digits, a dash for none."""
    return "–" if value is None else f"{value:.2f}"


def signed(value: float) -> str:
    """Return a difference with two digits and its sign.

    Examples
    --------
    >>> signed(-0.104), signed(-0.001)
    ('−0.10', '+0.00')
    """
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "−")


def in_markdown(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in r"\`*_{}[]#|~!" else c for c in flat)


def evaluation_page(evaluations: Mapping[str, Evaluation], seed: int = 0) -> str:
    """Return the report as one self-contained HTML page (see `Report`)."""
    return _render(
        "evaluation.html", Report(evaluations, seed), style=source("evaluation.css"), script=source("evaluation.js")
    )


def evaluation_markdown(evaluations: Mapping[str, Evaluation], seed: int = 0) -> str:
    """Return the report as Markdown: the same sentences and tables, the errors as counts and a few examples."""
    return _render("evaluation.md", Report(evaluations, seed))


def _render(name: str, page: Report, **more: Any) -> str:
    env = templates()
    env.filters.update(csp_hash=csp_hash, ratio=ratio, signed=signed, md=in_markdown)
    functions = {f.__name__: f for f in (scale, wilson, marked, values, label_of)}
    return env.get_template(name).render(page=page, labels=CLAUSE_LABELS, metrics=METRICS, **functions, **more)
