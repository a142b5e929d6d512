"""Suspects: annotations that are likely wrong, by the disagreement of models that were fitted without them.

Confident learning (Northcutt, Jiang and Chuang, *Confident learning: estimating uncertainty in dataset labels*, JAIR 70,
2021): how sure a model usually is of a label is the threshold over which it counts as that label; where that count and the
gold differ (the confident joint) tells how many annotations of each label are wrong, and those whose own label is least
probable, and less than another, are listed (the paper's *prune by class*). A test holds that cleanlab lists the same.

What is judged is a gold statement as a whole, and each clause that stands in none: there a statement may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commitextract.classifier import CLAUSE_LABELS
from commitextract.duplicates import clusters
from commitextract.extractor import Extractor
from commitextract.features import never_a_statement
from commitextract.schema import Reply
from commitextract.validation import Progress, fitted_without

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A statement whose label is likely wrong, or clauses in no statement that are likely one.

    Parameters
    ----------
    reply : str
        The reply's id, or its number in the gold, counted from 1.
    start, end : int
        The span in the raw text.
    text : str
        What stands there.
    gold, pred : str
        The label in the gold and the most probable other one: a clause's label (``CLAUSE_LABELS``).
    confidence : float
        How sure models without this reply are that the gold label is wrong, 0 to 1.
    """

    reply: str
    start: int
    end: int
    text: str
    gold: str
    pred: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is judged: a statement, or a clause in none; the number of its reply, its span and clauses, its label."""

    reply: int
    start: int
    end: int
    clauses: tuple[int, int]
    sentence: int
    label: int
    probability: Floats

    @property
    def pred(self) -> int:
        return max((k for k in range(len(CLAUSE_LABELS)) if k != self.label), key=lambda k: float(self.probability[k]))

    def continues(self, before: _Unit) -> bool:
        """Whether both are clauses of one sentence, side by side, that are likely the same missing statement."""
        return (self.reply, self.clauses[0], self.sentence, self.label, self.pred) == (
            before.reply, before.clauses[1] + 1, before.sentence, 0, before.pred,
        )  # fmt: skip


def find_suspects(gold: Sequence[Reply], *, seed: int = 0, progress: Progress | None = None) -> list[Suspect]:
    """Return the likely errors of annotated replies, the likeliest first.

    Parameters
    ----------
    gold : sequence of Reply
        Annotated replies; a few dozen at least. Near duplicates are judged by models that saw none of them.
    seed : int
        As for `commitextract.train`.
    progress : callable, optional
        Wraps the replies as they are read, such as ``tqdm.tqdm``.
    """
    units: list[_Unit] = []
    alike = [str(number) for number in clusters([reply.text for reply in gold])]
    for extractor, held_out in fitted_without(gold, alike, seed=seed, progress=progress):
        for i in held_out:
            units += _units(extractor, int(i), gold[i])
    units.sort(key=lambda unit: (unit.reply, unit.start))
    wrong = likely_wrong(np.array([u.label for u in units]), np.array([u.probability for u in units]))
    suspects = [_suspect(gold[run[0].reply], run) for run in _joined([units[i] for i in np.flatnonzero(wrong)])]
    return sorted(suspects, key=lambda s: -s.confidence)


def _units(extractor: Extractor, number: int, reply: Reply) -> Iterator[_Unit]:
    """Yield what is judged of a reply; clauses that the guidelines rule out are not."""
    clean, reading, *_ = extractor.read(reply.text, reply.meta.date)
    probability = extractor.probabilities(reading)
    ruled_out = set(never_a_statement(reading))
    inside: dict[int, list[int]] = {}
    for i, clause in enumerate(reading.layout.clauses):
        start, end = clean.to_raw(clause.start, clause.end)
        covering = next((n for n, s in enumerate(reply.statements) if s.start <= start and end <= s.end), None)
        if i in ruled_out:
            continue
        if covering is None:
            yield _Unit(number, start, end, (i, i), clause.sentence, 0, probability[i])
        else:
            inside.setdefault(covering, []).append(i)
    for n, where in inside.items():
        s, sentence = reply.statements[n], reading.layout.clauses[where[0]].sentence
        label = CLAUSE_LABELS.index(s.stage or s.label)
        yield _Unit(number, s.start, s.end, (where[0], where[-1]), sentence, label, probability[where].mean(axis=0))


def likely_wrong(labels: NDArray[np.intp], probabilities: Floats) -> NDArray[np.bool_]:
    """Return which labels are likely wrong.

    Parameters
    ----------
    labels : array of shape (n,)
        The given labels, numbers of columns.
    probabilities : array of shape (n, labels)
        What models say that were fitted without them.

    Examples
    --------
    >>> given = np.array([0, 0, 0, 1, 1, 1])
    >>> says = np.array([0.9, 0.8, 0.1, 0.2, 0.1, 0.3])
    >>> likely_wrong(given, np.column_stack([says, 1 - says])).tolist()
    [False, False, True, False, False, False]
    """
    joint = confident_joint(labels, probabilities)
    own = probabilities[np.arange(len(labels)), labels]
    wrong = np.zeros(len(labels), dtype=bool)
    for label, row in enumerate(joint):
        given = np.flatnonzero(labels == label)
        share = 1 - row[label] / row.sum() if row.sum() else 0.0
        wrong[given[np.argsort(own[given], kind="stable")][: round(share * len(given))]] = True
    wrong &= probabilities.argmax(axis=1) != labels
    return wrong


def confident_joint(labels: NDArray[np.intp], probabilities: Floats) -> NDArray[np.int64]:
    """Return how many of each given label (row) are confidently of each label (column)."""
    n = probabilities.shape[1]
    usual = np.array([probabilities[labels == k, k].mean() if (labels == k).any() else np.inf for k in range(n)])
    sure = np.where(probabilities >= usual - 1e-6, probabilities, -1.0)
    confident = sure.max(axis=1) >= 0
    joint = np.zeros((n, n), dtype=np.int64)
    np.add.at(joint, (labels[confident], sure.argmax(axis=1)[confident]), 1)
    return joint


def _joined(units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
    """Yield units by themselves, and clauses together that are likely one missing statement."""
    run: list[_Unit] = []
    for unit in units:
        if run and not unit.continues(run[-1]):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def _suspect(reply: Reply, run: Sequence[_Unit]) -> Suspect:
    unit, start, end = run[0], run[0].start, run[-1].end
    confidence = 1 - float(np.mean([u.probability[u.label] for u in run]))
    return Suspect(
        reply.id or f"number {unit.reply + 1}", start, end, reply.text[start:end],
        CLAUSE_LABELS[unit.label], CLAUSE_LABELS[unit.pred], round(confidence, 4),
    )  # fmt: skip
