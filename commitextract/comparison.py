"""Comparison: systems that read the same replies, side by side, and whether one is better than another by more than chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from commitextract import statistics
from commitextract.evaluation import FRAME_COLUMNS, Evaluation, metrics

if TYPE_CHECKING:
    import pandas

SLICES = ("doc_type", "length", "noise", "script", "place", "plan")
COMPARED = ("rules", "model")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on the same replies.

    Parameters
    ----------
    metric : str
        What is compared.
    a, b : float
        F1 of both.
    difference : float
        F1 of b minus F1 of a.
    low, high : float
        Its 95 % interval.
    p : float
        How probable a difference of that size is if the systems are alike.
    improved, worse : tuple of str
        The replies with fewer and with more errors in b than in a.
    """

    metric: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float
    improved: tuple[str, ...]
    worse: tuple[str, ...]

    @property
    def figure(self) -> str:
        """The difference with its interval as text: ``+0.093 [+0.048 +0.141]``."""
        return f"{self.difference:+.3f} [{self.low:+.3f} {self.high:+.3f}]"

    def __str__(self) -> str:
        return (
            f"{self.metric}: {self.figure}, p {self.p:.4f}, "
            f"{len(self.improved)} replies improved, {len(self.worse)} worse"
        )


def compare(a: Evaluation, b: Evaluation, metric: str = "statements", seed: int = 0) -> Comparison:
    """Return how much better b is than a, and whether that is more than chance.

    Parameters
    ----------
    a, b : Evaluation
        Of the same replies.
    metric : str
        As for `Evaluation.f1`.
    seed : int
        The same seed gives the same interval and p.

    Raises
    ------
    ValueError
        If the replies are not the same, or one system has neither gold nor pred of what is compared.

    Examples
    --------
    >>> import commitextract as ce
    >>> gold = [ce.extract("我局将新建站点36个。", id="a")]
    >>> system = ce.evaluate(ce.load(None), gold)
    >>> compare(system, system).difference
    0.0
    """
    ids, others = ([d.id for d in e.in_order()] for e in (a, b))
    if not ids or ids != others:
        raise ValueError(
            f"two evaluations of the same replies are compared; these are of {len(a)} and {len(b)} replies, "
            f"{len(set(ids) & set(others))} of them the same: evaluate both on the same gold"
        )
    before, after = a.f1(metric), b.f1(metric)
    if before is None or after is None:
        raise ValueError(f"{metric!r} cannot be compared: neither gold nor pred has any in {len(ids)} replies")
    ours, theirs = a.table(metric), b.table(metric)
    # errors = gold + pred - 2 right
    more = ((theirs - ours) * (-2, 1, 1)).sum(axis=(1, 2))
    return Comparison(
        metric,
        before,
        after,
        *statistics.difference(ours, theirs, seed),
        tuple(i for i, n in zip(ids, more, strict=True) if n < 0),
        tuple(i for i, n in zip(ids, more, strict=True) if n > 0),
    )


def differences(
    evaluations: Mapping[str, Evaluation], seed: int = 0, compared: tuple[str, str] = COMPARED
) -> Iterator[Comparison]:
    """Yield how much better the second of two systems is than the first by each metric, where both have been evaluated."""
    before, after = (evaluations.get(name, Evaluation()) for name in compared)
    for metric in metrics():
        if before.f1(metric) is not None and after.f1(metric) is not None:
            yield compare(before, after, metric, seed)


def table(evaluations: Mapping[str, Evaluation], seed: int = 0, compared: tuple[str, str] = COMPARED) -> str:
    """Return F1 of systems with their intervals as a table of text, and the difference of the second from the first."""
    found = {c.metric: c for c in differences(evaluations, seed, compared)}
    names = [*evaluations, *([" - ".join(reversed(compared))] if found else [])]
    rows = [f"{'F1 [95 %]':28}" + "".join(f"{name:>24}" for name in names)]
    for metric in metrics():
        cells = [e.figure(metric, seed) for e in evaluations.values()]
        cells.append(found[metric].figure if metric in found else "")
        rows.append(f"{metric:28}" + "".join(f"{cell:>24}" for cell in cells))
    rows += _beyond_f1(evaluations)
    return "\n".join(rows)


def _beyond_f1(evaluations: Mapping[str, Evaluation]) -> Iterator[str]:
    """Yield rows of what has no F1: the calibration error of scores, and how far deadlines are off."""
    errors = ["–" if e.ece is None else f"{e.ece:.3f}" for e in evaluations.values()]
    days = [list(map(abs, e.days_off)) for e in evaluations.values()]
    off = [f"{sum(map(bool, d))} of {len(d)} by {max(d)} or less" if any(d) else f"0 of {len(d)}" for d in days]
    for name, cells in (("calibration error", errors), ("deadlines: days off", off)):
        yield f"{name:28}" + "".join(f"{cell:>24}" for cell in cells)


def to_frame(evaluations: Mapping[str, Evaluation], seed: int = 0) -> pandas.DataFrame:
    """Return a DataFrame with one row a system, slice of the replies and metric; slice ``all`` is all of them."""
    import pandas as pd

    rows = [
        (name, slice_, value, len(part), *row)
        for name, evaluation in evaluations.items()
        for slice_, value, part in _slices(evaluation)
        for row in part.rows(seed)
    ]
    return pd.DataFrame(rows, columns=["system", "slice", "value", "replies", *FRAME_COLUMNS])


def _slices(evaluation: Evaluation) -> Iterator[tuple[str, str, Evaluation]]:
    yield "all", "", evaluation
    for name in SLICES:
        yield from ((name, value, part) for value, part in evaluation.slices(name).items())


def to_dict(evaluations: Mapping[str, Evaluation], seed: int = 0) -> dict[str, Any]:
    """Return plain data for JSON: each evaluation as stored (`Evaluation.to_dict`), its figures, and the differences."""
    return {
        "evaluations": {name: e.to_dict() for name, e in evaluations.items()},
        "figures": {
            name: {row[0]: dict(zip(FRAME_COLUMNS[1:], row[1:], strict=True)) for row in e.rows(seed)}
            for name, e in evaluations.items()
        },
        "differences": [asdict(c) for c in differences(evaluations, seed)],
    }
