"""Ranking: the likeliest of a few candidates, by a conditional logistic regression over named features.

The probability of a candidate is its share of the exponentiated scores; a score is the sum of the weights of the
candidate's features. Where several candidates are right (two mentions of the same agency) their joint probability is
fitted. Fitting needs scipy; ranking needs numpy alone. A ranker is two plain files: names and weights.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Candidates = Sequence[Sequence[str]]
Choice = tuple[Candidates, Sequence[bool]]
"""The features of each candidate, and which of them are right."""


@dataclass(frozen=True)
class Ranker:
    """Ranks candidates by their features.

    Parameters
    ----------
    weights : dict of str to float
        The weight of each feature; one that is not here weighs nothing.

    Examples
    --------
    >>> ranker = Ranker({"opens the clause": 1.0})
    >>> [round(p, 2) for p in ranker.probabilities([["opens the clause"], ["is a place"]])]
    [0.73, 0.27]
    """

    weights: dict[str, float]

    def probabilities(self, candidates: Candidates) -> list[float]:
        """Return the probability of each candidate; they sum to one."""
        scores = np.array([sum(self.weights.get(name, 0.0) for name in features) for features in candidates])
        share = np.exp(scores - scores.max())
        return [float(p) for p in share / share.sum()]

    def knows(self, candidates: Candidates) -> bool:
        """Whether any feature of the candidates has a weight: the ranker has learnt from such choices."""
        return any(name in self.weights for features in candidates for name in features)

    def save(self, path: Path) -> None:
        """Write the ranker as JSON, the features in order."""
        ordered = dict(sorted(self.weights.items()))
        path.write_text(json.dumps(ordered, ensure_ascii=False, indent=0) + "\n", "utf-8")

    @classmethod
    def load(cls, path: Traversable) -> Ranker:
        """Read what `save` wrote.

        Raises
        ------
        ValueError, AttributeError
            If the file is not JSON, no object, or a weight is not a finite number.
        """
        weights = json.loads(path.read_text("utf-8"))
        if not all(isinstance(weight, float | int) and math.isfinite(weight) for weight in weights.values()):
            raise ValueError("a weight is no finite number")
        return cls({name: float(weight) for name, weight in weights.items()})


def fit(replies: Sequence[Sequence[Choice]], *, penalty: float, rarest: int, smallest: float = 0.01) -> Ranker:
    """Return the ranker that makes the right candidates likeliest.

    Parameters
    ----------
    replies : sequence of sequences of choices
        The choices of each reply; one without a right candidate, or without a wrong one, teaches nothing.
    penalty : float
        Weight of the squared weights (ridge).
    rarest : int
        A feature is kept if it stands in so many replies.
    smallest : float
        A weight below it is dropped.
    """
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix
    from threadpoolctl import threadpool_limits

    count = Counter(name for choices in replies for name in {n for c, _ in choices for features in c for n in features})
    names = sorted(name for name, n in count.items() if n >= rarest)
    number = {name: i for i, name in enumerate(names)}
    choices = [(c, r) for reply in replies for c, r in reply if any(r) and not all(r)]
    rows = [sorted({number[n] for n in features if n in number}) for c, _ in choices for features in c]
    ends = np.cumsum([0, *map(len, rows)])
    places = np.array([i for row in rows for i in row], dtype=np.int32)
    matrix = csr_matrix((np.ones(len(places)), places, ends), shape=(len(rows), len(names)))
    right = np.array([x for _, r in choices for x in r], dtype=float)
    sizes = [len(c) for c, _ in choices]
    firsts, choice = np.cumsum([0, *sizes])[:-1], np.repeat(np.arange(len(choices)), sizes)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = matrix @ weights
        share = np.exp(scores - np.maximum.reduceat(scores, firsts)[choice])
        total, good = np.add.reduceat(share, firsts), np.add.reduceat(share * right, firsts)
        gradient = matrix.T @ (share / total[choice] - share * right / good[choice])
        return float(np.log(total / good).sum() + penalty / 2 * weights @ weights), gradient + penalty * weights

    if not choices:
        return Ranker({})
    with threadpool_limits(1):  # sums that do not depend on the number of threads
        found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return Ranker({n: round(float(w), 3) for n, w in zip(names, found, strict=True) if abs(w) >= smallest})
