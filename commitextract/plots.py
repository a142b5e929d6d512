"""What the report's figures need beside the numbers: places in a drawing, intervals of shares, curves of few points."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from commitextract.statistics import Bin, Point

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
_POINTS = 150
_Z = 1.96


class Curve(NamedTuple):
    """Precision and recall of one label: all points, and those at ``THRESHOLDS`` (None where nothing is scored so high)."""

    label: str
    points: list[Point]
    ticks: list[Point | None]


def curve_of(label: str, points: Sequence[Point]) -> Curve | None:
    """Return some 150 points of a curve at most, its ends among them; ``None`` of nothing."""
    if not points:
        return None
    step = -(-len(points) // _POINTS)
    ticks = [next((p for p in reversed(points) if p.threshold >= t), None) for t in THRESHOLDS]
    return Curve(label, [*points[::step], points[-1]], ticks)


def wilson(share: Bin) -> tuple[float, float]:
    """Return the 95 % interval of a bin's share of right ones (Wilson 1927).

    Examples
    --------
    >>> low, high = wilson(Bin(score=0.9, right=0.5, n=10))
    >>> round(low, 3), round(high, 3)
    (0.237, 0.763)
    """
    n, p = share.n, share.right
    centre, half = p + _Z**2 / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    return (centre - half) / (1 + _Z**2 / n), (centre + half) / (1 + _Z**2 / n)


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return the function that brings values from `low` to `high` to places from `start` to `end` of a drawing.

    Examples
    --------
    >>> x = scale(0, 1, 50, 410)
    >>> x(0), x(0.5), x(1)
    (50.0, 230.0, 410.0)
    """
    return lambda value: round(start + (value - low) / (high - low) * (end - start), 1)
