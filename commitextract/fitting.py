"""Fitting: the clauses of annotated replies in, a classifier and its calibration out; scikit-learn is needed here.

A clause's gold label is that of the statement that covers it; the classifier is a multinomial logistic regression over
`commitextract.features.text_features`; what follows what is the log-odds of neighbouring labels beyond their frequency.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from commitextract.classifier import CLAUSE_LABELS, LinearClassifier
from commitextract.decoding import log_odds
from commitextract.extractor import Extractor
from commitextract.features import text_features
from commitextract.schema import Reply, SchemaError

INVERSE_PRIOR = 0.3
"""Inverse regularization ``C``; chosen, like the next two, on the development splits (``models/README.md``)."""
TRANSITION_WEIGHT = 0.6
NONE_BIAS = 0.6
RAREST = 8
"""A feature is kept if it stands in so many different replies: no name of a private person does (and a test holds it)."""
SMALLEST = 0.01
FEWEST_CALIBRATED = 50
"""So many statements at least are needed to calibrate their scores."""

Example = tuple[list[list[str]], list[str]]
"""The features and the gold label of each clause of a reply."""


def fit(examples: Sequence[Example], *, seed: int = 0) -> LinearClassifier:
    """Return the classifier fitted on examples (`read_example`); nothing is written.

    Raises
    ------
    SchemaError
        If the examples hold fewer than two labels.
    """
    names = [clause for features, _ in examples for clause in features]
    documents = [labels for _, labels in examples]
    labels = [label for document in documents for label in document]
    if len(set(labels)) < 2:
        raise SchemaError(
            f"{len(examples)} replies give clauses of the labels {sorted(set(labels))}; training needs at least two. "
            "Add annotated replies that hold statements"
        )
    vocabulary = _vocabulary(names, [len(document) for document in documents])
    weights, bias = _fit(names, labels, vocabulary, seed)
    keep = np.abs(weights).max(axis=1) >= SMALLEST
    return LinearClassifier(
        {name: n for n, name in enumerate(name for name, i in vocabulary.items() if keep[i])},
        weights[keep].astype(np.float32),
        bias.astype(np.float32),
        _transitions(documents).astype(np.float32),
    )


def read_example(extractor: Extractor, reply: Reply) -> Example:
    """Return the features and the gold label of each clause of an annotated reply."""
    clean, reading, *_ = extractor.read(reply.text, reply.meta.date)
    labels = []
    for clause in reading.layout.clauses:
        start, end = clean.to_raw(clause.start, clause.end)
        covering = (s for s in reply.statements if s.start <= start and end <= s.end)
        statement = next(covering, None)
        labels.append("none" if statement is None else statement.stage or statement.label)
    return text_features(reading), labels


def calibrate(scores: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """Return the slope and intercept that turn the scores of found statements into how often they are right.

    Platt scaling: a logistic regression on the log-odds of the scores (Platt 1999). The statements must be those of replies
    that the classifier was not fitted on.

    Parameters
    ----------
    scores : sequence of float
        Uncalibrated, of each statement found.
    right : sequence of bool
        Whether it stands in the gold.

    Returns
    -------
    tuple of two floats
        ``(1.0, 0.0)``, which changes nothing, for fewer than `FEWEST_CALIBRATED` statements or if all or none are right.
    """
    if len(scores) < FEWEST_CALIBRATED or len(set(right)) < 2:
        return 1.0, 0.0
    from sklearn.linear_model import LogisticRegression

    column = np.array([[log_odds(score)] for score in scores])
    line = LogisticRegression(C=1e6).fit(column, np.array(right))
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def _vocabulary(names: Sequence[Sequence[str]], lengths: Sequence[int]) -> dict[str, int]:
    """Number the features that stand in at least `RAREST` replies; few replies ask for as few as two."""
    ends = np.cumsum([0, *lengths])
    replies = [{name for clause in names[a:b] for name in clause} for a, b in pairwise(ends)]
    count = Counter(name for reply in replies for name in reply)
    rarest = min(RAREST, max(2, len(replies) // 20))
    return {name: i for i, name in enumerate(sorted(name for name, n in count.items() if n >= rarest))}


def _fit(
    names: Sequence[Sequence[str]], labels: Sequence[str], vocabulary: dict[str, int], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weights (features, labels) and bias (labels); a label that the gold lacks is never chosen."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    rows = [sorted({vocabulary[name] for name in clause if name in vocabulary}) for clause in names]
    ends = np.cumsum([0, *map(len, rows)])
    places = np.array([i for row in rows for i in row], dtype=np.int32)
    matrix = csr_matrix((np.ones(len(places)), places, ends), shape=(len(rows), len(vocabulary)))
    present = [label for label in CLAUSE_LABELS if label in set(labels)]
    target = np.array([present.index(label) for label in labels])
    model = LogisticRegression(C=INVERSE_PRIOR, max_iter=300, random_state=seed).fit(matrix, target)
    coefficients, intercept = model.coef_, model.intercept_
    if len(present) == 2:  # scikit-learn keeps one row for two classes
        coefficients, intercept = (
            np.vstack([-coefficients, coefficients]) / 2,
            np.concatenate([-intercept, intercept]) / 2,
        )
    weights = np.zeros((len(vocabulary), len(CLAUSE_LABELS)))
    bias = np.full(len(CLAUSE_LABELS), -20.0)
    columns = [CLAUSE_LABELS.index(label) for label in present]
    weights[:, columns], bias[columns] = coefficients.T, intercept
    bias[0] -= NONE_BIAS
    return weights, bias


def _transitions(documents: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Return how much more often a label (column) stands behind a label (row) than its frequency says, in log-odds."""
    count = np.full((len(CLAUSE_LABELS), len(CLAUSE_LABELS)), 0.5)
    for labels in documents:
        for before, after in pairwise(labels):
            count[CLAUSE_LABELS.index(before), CLAUSE_LABELS.index(after)] += 1
    behind = count / count.sum(axis=1, keepdims=True)
    log_odds: NDArray[np.float64] = np.log(behind) - np.log(count.sum(axis=0) / count.sum())
    return TRANSITION_WEIGHT * log_odds
