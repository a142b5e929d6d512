"""Fitting: the clauses of annotated replies in, a classifier and its calibration out; scikit-learn is needed here.

A clause's gold label is that of the statement that covers it. The classifier is the mean of a multinomial logistic regression
and of a neural network with one hidden layer over `commitextract.features.text_features`; what follows what is the log-odds of
neighbouring labels beyond their frequency.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from commitextract.classifier import CLAUSE_LABELS, Floats, NetworkClassifier
from commitextract.decoding import log_odds
from commitextract.extractor import Extractor
from commitextract.features import text_features
from commitextract.schema import Reply, SchemaError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

INVERSE_PRIOR = 0.3
"""Inverse regularization ``C``; chosen, like the next ones, on development splits (``models/README.md``)."""
TRANSITION_WEIGHT = 0.6
NONE_BIAS = 0.6
UNITS = 32
DROPPED = 0.7
"""The share of a clause's features that the network does not see while it learns, others each time."""
PASSES = 10
BATCHES = 75
"""Steps in a pass over the clauses, of 32 clauses at least and 512 at most."""
RAREST = 8
"""A feature is kept if it stands in so many different replies: no name of a private person does (and a test holds it)."""
FEWEST_CALIBRATED = 50
"""So many statements at least are needed to calibrate their scores."""

Example = tuple[list[list[str]], list[str]]
"""The features and the gold label of each clause of a reply."""


def fit(examples: Sequence[Example], *, seed: int = 0) -> NetworkClassifier:
    """Return the classifier fitted on examples (`read_example`); nothing is written.

    Raises
    ------
    SchemaError
        If the examples hold fewer than two labels.
    """
    from threadpoolctl import threadpool_limits

    names = [clause for features, _ in examples for clause in features]
    documents = [labels for _, labels in examples]
    labels = [label for document in documents for label in document]
    if len(set(labels)) < 2:
        raise SchemaError(
            f"{len(examples)} replies give clauses of the labels {sorted(set(labels))}; training needs at least two. "
            "Add annotated replies that hold statements"
        )
    vocabulary = _vocabulary(names, [len(document) for document in documents])
    features = _matrix(names, vocabulary)
    present = [i for i, label in enumerate(CLAUSE_LABELS) if label in set(labels)]
    target = np.array([present.index(CLAUSE_LABELS.index(label)) for label in labels])
    # more threads would wait for each other, so small are the products, and the sums would depend on their number
    with threadpool_limits(1):
        weights, linear_bias = _fit_linear(features, target, seed)
        hidden, hidden_bias, out, out_bias = _fit_network(features, target, seed)
    bias = _columns((linear_bias + out_bias) / 2, present, missing=-20.0)
    bias[0] -= NONE_BIAS
    return NetworkClassifier(
        vocabulary,
        _columns(weights / 2, present),
        bias,
        hidden.astype(np.float16),
        hidden_bias.astype(np.float32),
        _columns(out / 2, present),
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


def _matrix(names: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> csr_matrix:
    """Return 1 where a clause (row) has a feature (column)."""
    from scipy.sparse import csr_matrix

    rows = [sorted({vocabulary[name] for name in clause if name in vocabulary}) for clause in names]
    ends = np.cumsum([0, *map(len, rows)])
    places = np.array([i for row in rows for i in row], dtype=np.int32)
    return csr_matrix((np.ones(len(places), np.float32), places, ends), shape=(len(rows), len(vocabulary)))


def _fit_linear(features: csr_matrix, target: NDArray[np.intp], seed: int) -> tuple[Floats, Floats]:
    """Return the weights (features, labels) and the bias (labels) of a logistic regression."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=INVERSE_PRIOR, max_iter=300, random_state=seed).fit(features.astype(float), target)
    return _both(model.coef_.T), _both(model.intercept_)


def _fit_network(features: csr_matrix, target: NDArray[np.intp], seed: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the weights and bias of the hidden layer (features, units) and of the labels (units, labels).

    At each pass it sees other features of each clause, so that it cannot lean on a few words of one place (dropout, Srivastava
    et al. 2014).
    """
    from sklearn.neural_network import MLPClassifier

    draw = np.random.default_rng(seed)
    size = min(512, max(32, len(target) // BATCHES))
    model = MLPClassifier(
        UNITS, alpha=0.01, learning_rate_init=0.003, batch_size=min(size, len(target)), random_state=seed
    )
    for _ in range(PASSES):
        seen = features.copy()
        seen.data = (draw.random(seen.nnz) >= DROPPED) / np.float32(1 - DROPPED)
        seen.eliminate_zeros()
        model.partial_fit(seen, target, classes=np.unique(target))
    (hidden, out), (hidden_bias, out_bias) = model.coefs_, model.intercepts_
    return hidden, hidden_bias, _both(out), _both(out_bias)


def _both(weights: Floats) -> Floats:
    """Return weights with a column for each label; of two labels scikit-learn keeps but the second."""
    return weights if weights.shape[-1] > 1 else np.concatenate([-weights, weights], axis=-1) / 2


def _columns(weights: Floats, present: list[int], missing: float = 0.0) -> NDArray[np.float32]:
    """Return weights with a column for every label; a label that the gold lacks is never chosen."""
    every = np.full((*weights.shape[:-1], len(CLAUSE_LABELS)), missing, dtype=np.float32)
    every[..., present] = weights
    return every


def _transitions(documents: Sequence[Sequence[str]]) -> Floats:
    """Return how much more often a label (column) stands behind a label (row) than its frequency says, in log-odds."""
    count = np.full((len(CLAUSE_LABELS), len(CLAUSE_LABELS)), 0.5)
    for labels in documents:
        for before, after in pairwise(labels):
            count[CLAUSE_LABELS.index(before), CLAUSE_LABELS.index(after)] += 1
    behind = count / count.sum(axis=1, keepdims=True)
    log_odds: Floats = np.log(behind) - np.log(count.sum(axis=0) / count.sum())
    return TRANSITION_WEIGHT * log_odds
