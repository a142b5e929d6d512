"""Matching: which span of the gold and which of the pred are the same thing, and whether what is said of them is.

Spans are half open. Two spans can be a pair if their overlap divided by what they cover together (IoU) is at least a
half; of all ways to pair them one to one the one with the most pairs is taken, then the largest overlap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from commitextract.names import same_name
from commitextract.schema import Deadline, Quantity, Reply, Span, Statement, Value

LEAST_OVERLAP = 0.5
S = TypeVar("S", bound=Span)


def overlap(gold: Sequence[Span], pred: Sequence[Span]) -> NDArray[np.float64]:
    """Return the IoU of each gold span (row) with each pred span (column).

    Examples
    --------
    >>> overlap([Span(0, 4, "新建站点")], [Span(2, 4, "站点"), Span(4, 6, "计划")]).tolist()
    [[0.5, 0.0]]
    """
    g = np.array([(s.start, s.end) for s in gold], dtype=float).reshape(-1, 1, 2)
    p = np.array([(s.start, s.end) for s in pred], dtype=float).reshape(1, -1, 2)
    common = np.maximum(np.minimum(g[..., 1], p[..., 1]) - np.maximum(g[..., 0], p[..., 0]), 0.0)
    together = (g[..., 1] - g[..., 0]) + (p[..., 1] - p[..., 0]) - common
    shares: NDArray[np.float64] = common / together
    return shares


def pair(
    gold: Sequence[S],
    pred: Sequence[S],
    same: Callable[[S, S], bool] | None = None,
    least: float = LEAST_OVERLAP,
) -> list[tuple[S, S]]:
    """Return the pairs of gold and pred spans, in the order of the gold.

    Parameters
    ----------
    gold, pred : sequences of Span
        The spans of one text.
    same : callable, optional
        What a pair has to agree in besides its place.
    least : float
        The least IoU of a pair.

    Examples
    --------
    >>> pair([Span(0, 4, "新建站点")], [Span(1, 4, "建站点"), Span(5, 7, "计划")])
    [(Span(start=0, end=4, text='新建站点'), Span(start=1, end=4, text='建站点'))]
    """
    from scipy.optimize import linear_sum_assignment

    share = overlap(gold, pred)
    fits = np.zeros_like(share)
    for i, j in np.argwhere(share >= least):
        if same is None or same(gold[i], pred[j]):
            # more pairs first, then more overlap; of equal ones those that begin together
            apart = abs(gold[i].start - pred[j].start)
            fits[i, j] = min(share.shape) + 1 + share[i, j] - 1e-9 * apart
    rows, columns = linear_sum_assignment(fits, maximize=True)
    return [(gold[i], pred[j]) for i, j in zip(rows, columns, strict=True) if fits[i, j]]


def same_label(a: Statement, b: Statement) -> bool:
    """Whether two statements have the same label."""
    return a.label == b.label


def same_value(a: Value, b: Value) -> bool:
    """Whether two values are the same number, pair of numbers or ratio."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return all(map(same_value, a, b))
    if isinstance(a, int | float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=1e-9)
    return a == b


def same_quantity(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities have the same value and unit."""
    return same_value(a.value, b.value) and a.unit == b.unit


def same_deadline(a: Deadline, b: Deadline) -> bool:
    """Whether two deadlines have the same EDTF value."""
    return a.edtf == b.edtf


def leads(statement: Statement) -> list[str]:
    """Return the names of the leading agencies."""
    return [a.name for a in statement.agencies if a.role == "lead"]


def supports(statement: Statement) -> list[str]:
    """Return the names of the supporting agencies."""
    return [a.name for a in statement.agencies if a.role == "support"]


def common_names(gold: Sequence[str], pred: Sequence[str]) -> int:
    """Return how many names of the gold stand in the pred too, each counted once, short names and aliases resolved."""
    left = list(pred)
    for name in gold:
        found = next((other for other in left if same_name(name, other)), None)
        if found is not None:
            left.remove(found)
    return len(pred) - len(left)


def same_lead(gold: Statement, pred: Statement) -> bool:
    """Whether a leading agency of both is the same, or neither has one."""
    ours, theirs = leads(gold), leads(pred)
    return common_names(ours, theirs) > 0 or not (ours or theirs)


def same_record(gold: Statement, pred: Statement) -> bool:
    """Whether two statements tell the same lead agency, deadlines and quantities."""
    return same_lead(gold, pred) and same_deadlines(gold, pred) and same_quantities(gold, pred)


def same_deadlines(gold: Statement, pred: Statement) -> bool:
    """Whether the deadlines of two statements have the same EDTF values, in any order."""
    return sorted(str(d.edtf) for d in gold.deadlines) == sorted(str(d.edtf) for d in pred.deadlines)


def same_quantities(gold: Statement, pred: Statement) -> bool:
    """Whether the quantities of two statements have the same values and units, in any order."""
    ours, theirs = list(gold.quantities), list(pred.quantities)
    for q in ours:
        found = next((other for other in theirs if same_quantity(q, other)), None)
        if found is None:
            return False
        theirs.remove(found)
    return not theirs


def labels_of(clauses: Iterable[tuple[int, int]], reply: Reply) -> list[str]:
    """Return the label of the statement that covers each clause by half or more, else ``none``.

    Parameters
    ----------
    clauses : iterable of (int, int)
        The clauses in offsets of the raw text, in order.
    reply : Reply
        With statements in any order.
    """
    return [
        next((s.label for s in reply.statements if 2 * (min(s.end, end) - max(s.start, start)) >= end - start), "none")
        for start, end in clauses
    ]
