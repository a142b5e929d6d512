"""Evaluation: gold against pred over many replies.

Counts of each reply are stored, every figure is derived, evaluations add up. What is counted and how stands in
`commitextract.scoring.METRICS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from commitextract import statistics
from commitextract.errors import Error, Page
from commitextract.extractor import Extractor, load
from commitextract.schema import LABELS, Reply, SchemaError
from commitextract.scoring import BY_LABEL, CLAUSE_LABELS, METRICS, DocumentScore, score_reply
from commitextract.statistics import Bin, Counts, Point

if TYPE_CHECKING:
    import pandas

EVALUATION_SCHEMA = 1
FRAME_COLUMNS = ("metric", "right", "gold", "pred", "precision", "recall", "f1", "low", "high")


@dataclass(frozen=True)
class Evaluation:
    """How well replies were read: the scores of the documents, from which all figures are derived.

    Parameters
    ----------
    documents : tuple of DocumentScore
        One for each reply.

    Examples
    --------
    >>> import commitextract as ce
    >>> gold = [ce.extract("我局将新建站点36个。", id="a"), ce.extract("我局已建成站点5个。", id="b")]
    >>> evaluation = ce.evaluate(ce.load(None), gold)
    >>> evaluation.counts("statements"), evaluation.f1("statements"), evaluation.interval("statements")
    (Counts(right=2, gold=2, pred=2), 1.0, (0.0, 1.0))
    """

    documents: tuple[DocumentScore, ...] = ()

    def __add__(self, other: Evaluation) -> Evaluation:
        return Evaluation(self.documents + other.documents)

    def __len__(self) -> int:
        return len(self.documents)

    def counts(self, metric: str, where: Callable[[DocumentScore], bool] | None = None) -> Counts:
        """Return what was found of something.

        Parameters
        ----------
        metric : str
            A key of ``METRICS``, or one of the first three with a label: ``statements:REFUSAL``.
        where : callable, optional
            Which documents to count.

        Raises
        ------
        KeyError
            If nothing of that name is counted.
        """
        name, *rest = _parts(metric)
        if rest:
            raise KeyError(f"{metric!r} is a mean over labels and has no counts of its own; ask for its f1")
        return sum((d.count(name) for d in self.documents if where is None or where(d)), Counts())

    def f1(self, metric: str) -> float | None:
        """Return F1; of ``statements:macro`` the mean over the labels; None where there is neither gold nor pred."""
        table = self.table(metric)
        value = float(statistics.f1(table.sum(axis=0))) if len(table) else np.nan
        return None if np.isnan(value) else value

    def interval(self, metric: str, seed: int = 0) -> tuple[float, float] | None:
        """Return the 95 % bootstrap interval of F1 over documents (see `commitextract.statistics.interval`)."""
        return statistics.interval(self.table(metric), seed) if self.documents else None

    def table(self, metric: str) -> NDArray[np.int64]:
        """Return the counts of each document, shape (documents, parts, 3), in the order of their ids."""
        parts = _parts(metric)
        counts = [[d.count(name) for name in parts] for d in self.in_order()]
        rows = [[(c.right, c.gold, c.pred) for c in row] for row in counts]
        return np.array(rows, dtype=np.int64).reshape(len(rows), len(parts), 3)

    def in_order(self) -> list[DocumentScore]:
        """Return the documents in the order of their ids, so that chance does not depend on the order given."""
        return sorted(self.documents, key=lambda d: d.id)

    def slices(self, name: str) -> dict[str, Evaluation]:
        """Return the documents by a property (``doc_type``, ``length``, ``noise``, ``script``, ``place``, ``plan``)."""
        groups: dict[str, list[DocumentScore]] = {}
        for d in self.documents:
            if name not in d.slices:
                raise KeyError(f"reply {d.id!r} has no property {name!r}; it has {', '.join(d.slices)}")
            groups.setdefault(d.slices[name], []).append(d)
        return {value: Evaluation(tuple(groups[value])) for value in sorted(groups)}

    @property
    def errors(self) -> Iterator[tuple[DocumentScore, Error]]:
        """Yield each error with its document."""
        return ((d, e) for d in self.documents for e in d.errors)

    @property
    def days_off(self) -> tuple[int, ...]:
        """How many days each predicted last day lies behind the right one, where the deadline's span was found."""
        return tuple(days for d in self.documents for days in d.days_off)

    def confusion(self) -> NDArray[np.int64]:
        """Return clauses by label in gold (row) and pred (column), in the order of ``CLAUSE_LABELS``."""
        n = len(CLAUSE_LABELS)
        tables = np.array([d.confusion for d in self.documents], dtype=np.int64).reshape(-1, n, n)
        total: NDArray[np.int64] = tables.sum(axis=0)
        return total

    def calibration(self, label: str | None = None) -> list[Bin]:
        """Return predicted statements in ten bins of their score: how sure the system was, and how often right."""
        predictions = self.predictions(label)
        return statistics.calibration([score for _, score, _ in predictions], [right for *_, right in predictions])

    @property
    def ece(self) -> float | None:
        """The expected calibration error of the predicted statements; None where none is scored (all are 1, as in gold)."""
        scored = any(score < 1 for _, score, _ in self.predictions(None))
        return statistics.calibration_error(self.calibration()) if scored else None

    def curve(self, label: str | None = None) -> list[Point]:
        """Return precision and recall of the statements (of a label) with at least a score, for each score."""
        predictions = self.predictions(label)
        gold = self.counts(f"statements:{label}" if label else "statements").gold
        return statistics.curve([score for _, score, _ in predictions], [right for *_, right in predictions], gold)

    def predictions(self, label: str | None = None) -> list[tuple[str, float, bool]]:
        """Return the label and the score of each predicted statement (of a label), and whether it is right."""
        return [p for d in self.documents for p in d.predictions if label in (None, p[0])]

    def to_dict(self, *, errors: bool = True) -> dict[str, Any]:
        """Return plain data for JSON; ``errors=False`` leaves out all that quotes the replies."""
        return {"schema": EVALUATION_SCHEMA, "documents": [d.to_dict(errors=errors) for d in self.documents]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Evaluation:
        """Build an evaluation from `to_dict`'s form.

        Raises
        ------
        SchemaError
            If it is of another schema.
        """
        if data.get("schema") != EVALUATION_SCHEMA:
            raise SchemaError(
                f"the evaluation has schema {data.get('schema')!r}; this release reads {EVALUATION_SCHEMA}: evaluate again"
            )
        return cls(tuple(DocumentScore.from_dict(d) for d in data["documents"]))

    def to_frame(self, seed: int = 0) -> pandas.DataFrame:
        """Return a DataFrame with one row a metric: counts, ratios and the interval of F1."""
        import pandas as pd

        return pd.DataFrame(self.rows(seed), columns=FRAME_COLUMNS)

    def rows(self, seed: int = 0) -> list[tuple[Any, ...]]:
        """Return one tuple a metric, in the order of ``FRAME_COLUMNS``; what cannot be said is None."""
        return [self._row(metric, seed) for metric in metrics()]

    def to_html(self, path: str | Path) -> None:
        """Write the report for an analyst: one self-contained page, the annotators' agreement beside."""
        from commitextract.evaluation_report import evaluation_page

        Path(path).write_text(evaluation_page({"model": self, "annotators": annotators()}), "utf-8")

    def _row(self, metric: str, seed: int) -> tuple[Any, ...]:
        c = None if metric.endswith(":macro") else self.counts(metric)
        counted = (c.right, c.gold, c.pred, c.precision, c.recall) if c else (None,) * 5
        return (metric, *counted, self.f1(metric), *(self.interval(metric, seed) or (None, None)))

    def figure(self, metric: str, seed: int = 0) -> str:
        """Return F1 with its interval as text: ``0.673 [0.632 0.712]``."""
        value, ends = self.f1(metric), self.interval(metric, seed)
        return "–" if value is None or ends is None else f"{value:.3f} [{ends[0]:.3f} {ends[1]:.3f}]"

    def __str__(self) -> str:
        return "\n".join(f"{metric:28} {self.figure(metric)}" for metric in metrics())


def metrics() -> Iterator[str]:
    """Yield the names of all metrics, those by label and their means behind their sums."""
    for name in METRICS:
        yield name
        if name in BY_LABEL:
            yield from (f"{name}:{label}" for label in (*LABELS, "macro"))


def _parts(metric: str) -> list[str]:
    """Return the counts that a metric is made of."""
    name, _, label = metric.partition(":")
    if metric not in metrics():
        raise KeyError(f"nothing is counted as {metric!r}; there are {', '.join(metrics())}")
    return [f"{name}:{its}" for its in LABELS] if label == "macro" else [metric]


def evaluate(
    extractor: Extractor,
    gold: Iterable[Reply],
    *,
    given: bool = False,
    progress: Callable[[Sequence[Reply]], Iterable[Reply]] | None = None,
) -> Evaluation:
    """Extract annotated replies and compare.

    Parameters
    ----------
    extractor : Extractor
        What is evaluated. It gets a reply's text, its date and id.
    gold : iterable of Reply
        Annotated replies.
    given : bool
        Give the gold statements' extents and labels and measure what is linked to them alone.
    progress : callable, optional
        Wraps the replies as they are read, such as ``tqdm.tqdm``.

    Examples
    --------
    >>> import commitextract as ce
    >>> gold = [ce.extract("我局将在年底前新建站点36个。", date="2021-08-30")]
    >>> evaluate(ce.load(), gold, given=True).f1("records")
    1.0
    """
    replies = list(gold)
    scores = []
    for reply in progress(replies) if progress else replies:
        pred = extractor.complete(reply) if given else extractor(reply.text, date=reply.meta.date, id=reply.id)
        scores.append(score_reply(reply, pred, _page(reply)))
    return Evaluation(tuple(scores))


def score(gold: Sequence[Reply], pred: Sequence[Reply]) -> Evaluation:
    """Compare two readings of the same replies: predictions with gold, or one annotator with another.

    Parameters
    ----------
    gold, pred : sequences of Reply
        The same texts in the same order.

    Raises
    ------
    ValueError
        If they are not the same replies.
    """
    if len(gold) != len(pred):
        raise ValueError(f"gold has {len(gold)} replies and pred {len(pred)}; give both of the same replies")
    for g, p in zip(gold, pred, strict=True):
        if g.text != p.text or g.id != p.id:
            raise ValueError(f"gold has the reply {g.id!r} where pred has {p.id!r}, or their texts differ")
    return Evaluation(tuple(score_reply(g, p, _page(g)) for g, p in zip(gold, pred, strict=True)))


@cache
def _reader() -> Extractor:
    return load(None)


def _page(reply: Reply) -> Page:
    clean, reading, *_ = _reader().read(reply.text, reply.meta.date)
    return Page.of(clean, reading)


def annotators() -> Evaluation:
    """Return how well two annotators agreed who read 64 real replies apart: the ceiling of any system.

    Examples
    --------
    >>> len(annotators())
    64
    """
    return Evaluation.from_dict(json.loads((files("commitextract.models") / "annotators.json").read_text("utf-8")))
