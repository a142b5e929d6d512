"""The verdict on a system in three sentences: how good it is, where not to trust it, what to do. All from its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from commitextract.comparison import compare
from commitextract.evaluation import Evaluation
from commitextract.schema import LABELS

CEILING = "annotators"
"""The evaluation of this name is that of one annotator against another, not of a system."""
ATTRIBUTES = {
    "stage": "the stage (planned or underway) of a commitment found",
    "strength": "the strength (firm or hedged) of a commitment found",
    "lead agency": "the lead agency of a statement found",
    "deadlines": "deadlines",
    "quantities": "quantities",
}
PLURALS = {"COMMITMENT": "commitments", "ACHIEVEMENT": "achievements", "REFUSAL": "refusals"}
GROUPS = {
    "doc_type": "replies of the genre “{}”",
    "length": "replies of {} characters",
    "noise": "{} text",
    "script": "{} script",
    "plan": "replies {} a plan section",
    "place": "replies from {}",
}
TRUSTED = 0.9
USEFUL = 0.05
CALIBRATED = 0.05
FEWEST_REPLIES = 10
FEWEST_STATEMENTS = 20


class Score(NamedTuple):
    """F1 with its 95 % interval, and precision and recall where they are defined."""

    f1: float
    low: float
    high: float
    precision: float | None
    recall: float | None

    def __str__(self) -> str:
        return f"{self.f1:.2f}, {self.low:.2f}–{self.high:.2f}"


def score_of(evaluation: Evaluation, metric: str, seed: int = 0) -> Score | None:
    """Return what an evaluation says of a measure; ``None`` where there is nothing to measure."""
    f1, ends = evaluation.f1(metric), evaluation.interval(metric, seed)
    if f1 is None or ends is None:
        return None
    if metric.endswith(":macro"):
        return Score(f1, *ends, None, None)
    counts = evaluation.counts(metric)
    return Score(f1, *ends, counts.precision, counts.recall)


def summary(
    evaluations: Mapping[str, Evaluation], main: str, baseline: str | None, seed: int = 0
) -> tuple[str, str, str]:
    """Return three sentences on a system: how good it is, where not to trust it, and what to do."""
    system = evaluations[main]
    score = score_of(system, "statements", seed)
    if score is None:
        return f"There is no statement in the {len(system)} replies, and none was found.", "", ""
    ceiling = score_of(evaluations[CEILING], "statements", seed) if CEILING in evaluations else None
    return (
        f"{_how_good(main, system, score)}{_beside(evaluations, main, baseline, ceiling, seed)}.",
        f"{_weakest(system, score, seed)}.",
        f"{_what_to_do(system, score, ceiling)}.",
    )


def _how_good(name: str, system: Evaluation, score: Score) -> str:
    found, right = (f"{100 * (share or 0):.0f} %" for share in (score.recall, score.precision))
    return (
        f"Of the {system.counts('statements').gold:,} statements that people marked in {len(system):,} replies “{name}” finds {found}, "
        f"and {right} of those it gives are right (F1 {score.f1:.2f}, 95 % interval {score.low:.2f}–{score.high:.2f})"
    )


def _beside(
    evaluations: Mapping[str, Evaluation], main: str, baseline: str | None, ceiling: Score | None, seed: int
) -> str:
    text = f"; two annotators agree at {ceiling.f1:.2f} ({ceiling.low:.2f}–{ceiling.high:.2f})" if ceiling else ""
    if baseline is not None:
        c = compare(evaluations[baseline], evaluations[main], "statements", seed)
        chance = "may be chance" if c.low <= 0 <= c.high else "is more than chance"
        text += (
            f", and “{baseline}” reaches {c.a or 0:.2f}: "
            f"the difference of {c.difference:+.2f} ({c.low:+.2f} to {c.high:+.2f}) {chance}"
        )
    return text


def _weakest(system: Evaluation, score: Score, seed: int) -> str:
    """Name the weakest label and attribute, and the kind of reply that is surely worse than all together."""
    labels = [(f"statements:{label}", PLURALS[label]) for label in LABELS]
    points = []
    for metrics in (labels, list(ATTRIBUTES.items())):
        scored = [(s, name, m) for m, name in metrics if (s := score_of(system, m, seed)) and system.counts(m).gold]
        worst, name, metric = min(scored, key=_f1, default=(None, "", ""))
        if worst and worst.f1 < TRUSTED:
            points.append(f"{name} (F1 {worst}; {system.counts(metric).gold:,} in the gold)")
    text = f"Trust it least with {' and '.join(points)}" if points else f"No label and no attribute is below {TRUSTED}"
    worse = min(_groups(system, score, seed), key=_f1, default=None)
    if worse:
        return f"{text}, and with {worse[1]} (F1 of statements {worse[0]}; {worse[2]:,} replies)"
    return f"{text}; no kind of reply is read worse than all together by more than chance"


def _f1(scored: tuple[Score, str, object]) -> float:
    return scored[0].f1


def _groups(system: Evaluation, score: Score, seed: int) -> Iterator[tuple[Score, str, int]]:
    for name, wording in GROUPS.items():
        for value, part in system.slices(name).items():
            enough = len(part) >= FEWEST_REPLIES and part.counts("statements").gold >= FEWEST_STATEMENTS
            its = score_of(part, "statements", seed) if enough and value != "unknown" else None
            if its and its.high < score.f1:
                yield its, wording.format(value), len(part)


def _what_to_do(system: Evaluation, score: Score, ceiling: Score | None) -> str:
    missed = f"{100 * (1 - (score.recall or 0)):.0f} % of what was said is missing"
    if ceiling and score.high >= ceiling.low:
        text = f"Check samples, as with a second annotator ({missed})"
    else:
        text = (
            f"Check every row in its place in the text, and do not take a missing row for nothing promised ({missed})"
        )
    ece = system.ece
    if ece is None:  # nothing is scored
        return text
    sure = [p for p in system.curve() if p.precision >= TRUSTED and p.recall >= USEFUL]
    if sure:
        p = min(sure, key=lambda p: p.threshold)
        text += f"; rows scored {p.threshold:.2f} or more are right in {100 * p.precision:.0f} % (and hold {100 * p.recall:.0f} % of all statements)"
    else:
        text += f"; there is no score above which {100 * TRUSTED:.0f} % of the rows are right"
    as_chance = "can be read" if ece <= CALIBRATED else "must not be read"
    return f"{text}; a score {as_chance} as the chance that its row is right (calibration error {ece:.2f})"
