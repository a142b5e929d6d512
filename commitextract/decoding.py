"""Decoding: scores of clauses to labels that fit together, and labelled clauses to statements.

`decode` finds the best sequence of labels and how sure each is (Viterbi and forward-backward over
one chain). `group_clauses` makes runs of clauses out of it by the guidelines' rules of extent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commitextract.classifier import CLAUSE_LABELS
from commitextract.layout import Clause

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Run:
    """Clauses ``first`` to ``last`` (inclusive) that make one statement, and its probability."""

    first: int
    last: int
    label: str
    score: float


def decode(scores: Floats, transitions: Floats) -> tuple[list[str], Floats]:
    """Return the best label of each clause and the probability of that label.

    Parameters
    ----------
    scores : array of shape (clauses, labels)
        Log-odds of each label for each clause.
    transitions : array of shape (labels, labels)
        Log-odds of a label (column) behind a label (row).

    Returns
    -------
    labels : list of str
        One of ``CLAUSE_LABELS`` a clause: the best path.
    probability : array of shape (clauses,)
        The marginal probability of the label taken.
    """
    if not len(scores):
        return [], np.zeros(0)
    best, back = scores[0], []
    for row in scores[1:]:
        paths = best[:, None] + transitions
        back.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    path.reverse()
    return [CLAUSE_LABELS[k] for k in path], marginals(scores, transitions)[np.arange(len(path)), path]


def marginals(scores: Floats, transitions: Floats) -> Floats:
    """Return the probability of each label for each clause (forward-backward), shape (clauses, labels).

    Every row is scaled to its best label as it goes, so that nothing overflows.
    """
    own = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    to, back = np.exp(transitions), np.exp(transitions).T.copy()
    forward, backward = own.copy(), np.ones_like(own)
    for i in range(1, len(own)):
        row = forward[i - 1] @ to * own[i]
        forward[i] = row / row.max()
    for i in range(len(own) - 2, -1, -1):
        row = (backward[i + 1] * own[i + 1]) @ back
        backward[i] = row / row.max()
    joint = forward * backward
    probability: Floats = joint / joint.sum(axis=1, keepdims=True)
    return probability


def calibrated(probability: float, calibration: tuple[float, float]) -> float:
    """Return how often a statement of this probability is right (Platt scaling: a line on the log-odds).

    Parameters
    ----------
    probability : float
        The mean probability of a run's labels, as `decode` gave it.
    calibration : tuple of two floats
        Slope and intercept.

    Examples
    --------
    >>> calibrated(0.9, (1.0, 0.0)), calibrated(0.9, (0.5, -0.4))
    (0.9, 0.6679)
    """
    slope, intercept = calibration
    return round(1 / (1 + math.exp(-slope * log_odds(probability) - intercept)), 4)


def log_odds(probability: float) -> float:
    """Return the log-odds of a probability, which is held off 0 and 1."""
    held = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(held / (1 - held))


def group_clauses(
    clauses: Sequence[Clause],
    labels: Sequence[str],
    probability: Floats,
    agencies: Sequence[str | None],
    times: Sequence[str | None],
) -> list[Run]:
    """Return the statements' runs of clauses (guidelines, section 1, extent).

    A run goes on while the clause stands in the same sentence and carries no enumerator and label,
    stage, responsible agency and time limit do not change. An expected finish (正在施工，预计10月完工)
    stays with its action.

    Parameters
    ----------
    clauses, labels, probability
        The clauses and what `decode` gave for them.
    agencies : sequence of str or None
        The agency that opens each clause, if one does.
    times : sequence of str or None
        The time limit in each clause, if one stands there.
    """
    runs: list[Run] = []
    first, agency, time = 0, None, None
    for i, label in enumerate(labels):
        starts = i == 0 or _breaks(clauses, labels, i, agency, agencies[i], time, times[i])
        if starts:
            first, agency, time = i, agencies[i], times[i]
        else:
            agency, time = agencies[i] or agency, times[i] or time
            runs.pop()
        if label != "none":
            sure = float(np.mean(probability[first : i + 1]))
            runs.append(Run(first, i, labels[first], round(sure, 4)))
    return runs


def _breaks(
    clauses: Sequence[Clause],
    labels: Sequence[str],
    i: int,
    agency: str | None,
    new_agency: str | None,
    time: str | None,
    new_time: str | None,
) -> bool:
    before, here = clauses[i - 1], clauses[i]
    if before.sentence != here.sentence or here.enumerator or labels[i - 1] == "none" or labels[i] == "none":
        return True
    finish = (labels[i - 1], labels[i]) == ("underway", "planned") and new_time is not None and not new_agency
    if labels[i] != labels[i - 1] and not finish:
        return True
    return bool((agency and new_agency and agency != new_agency) or (time and new_time and time != new_time))
