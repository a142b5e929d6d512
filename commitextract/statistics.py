"""Statistics of counts: ratios, bootstrap intervals, a randomisation test, calibration. Pure numpy.

Counts are an array whose last axis is (right, gold, pred). What is said of a system is said of the documents it read: they
are what is resampled, so replies with many statements count as often as they stand there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES = 2000
BINS = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found of something: ``right`` of ``gold`` in the gold, of ``pred`` predicted. Ratios are derived, counts add.

    Examples
    --------
    >>> total = Counts(3, 4, 5) + Counts(1, 1, 1)
    >>> total, round(total.f1, 3)
    (Counts(right=4, gold=5, pred=6), 0.727)
    """

    right: int = 0
    gold: int = 0
    pred: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.gold + other.gold, self.pred + other.pred)

    @property
    def precision(self) -> float | None:
        """The share of what was predicted that is right; None if nothing was."""
        return self.right / self.pred if self.pred else None

    @property
    def recall(self) -> float | None:
        """The share of the gold that was found; None if there is none."""
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None if there is neither gold nor pred."""
        return 2 * self.right / (self.gold + self.pred) if self.gold + self.pred else None

    @property
    def errors(self) -> int:
        """How many of gold and pred have no counterpart."""
        return self.gold + self.pred - 2 * self.right


def f1(counts: NDArray[np.integer]) -> Floats:
    """Return the mean F1 over the second-last axis of counts, shape (…, parts, 3); NaN where no part has any."""
    total = counts[..., 1] + counts[..., 2]
    there = total > 0
    values = np.where(there, 2 * counts[..., 0] / np.maximum(total, 1), 0.0).sum(axis=-1)
    number = there.sum(axis=-1)
    return np.where(number > 0, values / np.maximum(number, 1), np.nan)


@lru_cache(maxsize=16)
def _draws(documents: int, seed: int) -> NDArray[np.int64]:
    """Return how often each resample holds each document, shape (resamples, documents)."""
    return np.random.default_rng(seed).multinomial(documents, np.full(documents, 1 / documents), RESAMPLES)


def _resampled(counts: NDArray[np.int64], seed: int) -> Floats:
    """Return the F1 of each resample of the documents' counts, shape (documents, parts, 3)."""
    return f1(np.tensordot(_draws(len(counts), seed), counts, axes=1))


def interval(counts: NDArray[np.int64], seed: int = 0) -> tuple[float, float] | None:
    """Return the 95 % percentile bootstrap interval of F1 over documents, or None where it is undefined.

    Where nothing is wrong, or nothing right, resampling cannot show what might be: the other end is then that of the rule of
    three, 3/n away (Hanley and Lippman-Hand 1983).

    Parameters
    ----------
    counts : array of shape (documents, parts, 3)
        F1 is the mean over the parts (one for a plain F1, the labels for a macro F1).
    seed : int
        The same seed gives the same interval.
    """
    total = counts.sum(axis=0)
    if not total[:, 1:].any():
        return None
    furthest = min(1.0, 3 / int(total[:, 1:].max(axis=-1).sum()))
    if (total[:, 1:] == total[:, :1]).all():
        return 1 - furthest, 1.0
    if not total[:, 0].any():
        return 0.0, furthest
    return _ends(_resampled(counts, seed))


def _ends(values: Floats) -> tuple[float, float]:
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def difference(a: NDArray[np.int64], b: NDArray[np.int64], seed: int = 0) -> tuple[float, float, float, float]:
    """Return F1 of b minus F1 of a, its 95 % paired bootstrap interval, and p.

    The interval resamples documents, the same for both; p is that of an approximate randomisation test, which exchanges the
    systems' counts of random documents (Noreen 1989; p is at least 1 / (resamples + 1)).

    Parameters
    ----------
    a, b : arrays of shape (documents, parts, 3)
        The counts of two systems on the same documents.
    """
    found = float(f1(b.sum(axis=0)) - f1(a.sum(axis=0)))
    low, high = _ends(_resampled(b, seed) - _resampled(a, seed))
    exchanged = np.random.default_rng(seed).integers(0, 2, (RESAMPLES, len(a)))
    moved = np.tensordot(exchanged, b - a, axes=1)
    chance = np.abs(f1(b.sum(axis=0) - moved) - f1(a.sum(axis=0) + moved))
    p = (1 + int((chance >= abs(found) - 1e-12).sum())) / (RESAMPLES + 1)
    return found, low, high, p


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of about the same score: their mean score, the share of them that is right, and how many they are."""

    score: float
    right: float
    n: int


def calibration(scores: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Return the predictions in ten bins of equal width; bins without any are left out."""
    values, hits = np.asarray(scores, dtype=float), np.asarray(right, dtype=float)
    places = np.minimum((values * BINS).astype(int), BINS - 1)
    return [
        Bin(float(values[inside].mean()), float(hits[inside].mean()), int(inside.sum()))
        for k in range(BINS)
        if (inside := places == k).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the expected calibration error: the mean gap between score and share of right ones, None without any.

    Examples
    --------
    >>> calibration_error([Bin(0.9, 0.8, 30), Bin(0.5, 0.5, 10)])
    0.075
    """
    n = sum(b.n for b in bins)
    return round(sum(b.n * abs(b.score - b.right) for b in bins) / n, 6) if n else None


@dataclass(frozen=True, slots=True)
class Point:
    """Precision and recall of the predictions with at least a score."""

    threshold: float
    precision: float
    recall: float


def curve(scores: Sequence[float], right: Sequence[bool], gold: int) -> list[Point]:
    """Return precision and recall at each score that occurs, from the highest down; nothing without gold."""
    if not gold or not len(scores):
        return []
    values, hits = np.asarray(scores, dtype=float), np.asarray(right, dtype=int)
    order = np.argsort(-values, kind="stable")
    values, found = values[order], np.cumsum(hits[order])
    last = np.flatnonzero(np.append(np.diff(values) != 0, True))
    return [Point(float(values[i]), float(found[i] / (i + 1)), float(found[i] / gold)) for i in last]
