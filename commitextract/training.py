"""Training: annotated replies in, a model directory out. scikit-learn is needed here and nowhere else.

A clause's gold label is that of the statement that covers it; the classifier is a multinomial logistic regression over
`commitextract.features.text_features`; what follows what is the log-odds of neighbouring labels beyond their frequency. The
same data and seed give the same bytes.
"""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commitextract.actor_training import fit_actors
from commitextract.classifier import CLAUSE_LABELS, LinearClassifier
from commitextract.datasets import faults
from commitextract.evaluation import evaluate
from commitextract.extractor import ACTORS, HASH_DIGITS, MODEL_SCHEMA, Extractor, load
from commitextract.features import text_features
from commitextract.schema import Reply, SchemaError

INVERSE_PRIOR = 0.3
"""Inverse regularization ``C``; chosen, like the next two, on the development splits (``models/README.md``)."""
TRANSITION_WEIGHT = 0.6
NONE_BIAS = 0.6
FEWEST = 40
"""So many replies at least are fitted on as a step on the way to all of them."""
RAREST = 8
"""A feature is kept if it stands in so many different replies: no name of a private person does (and a test holds it)."""
SMALLEST = 0.01


Example = tuple[list[list[str]], list[str]]
"""The features and the gold label of each clause of a reply."""


def train(
    gold: Sequence[Reply],
    output: str | Path,
    *,
    seed: int = 0,
    dev: Sequence[Reply] = (),
    progress: Callable[[Sequence[Reply]], Iterable[Reply]] | None = None,
    log: Callable[[str], None] | None = None,
    force: bool = False,
) -> Extractor:
    """Fit a model on annotated replies and write it.

    Parameters
    ----------
    gold : sequence of Reply
        Annotated replies, with their texts.
    output : str or Path
        The model's directory; made if need be.
    seed : int
        Recorded, and given to scikit-learn, whose solver here takes no chances.
    dev : sequence of Reply
        Annotated replies on which models of a quarter, half and all of the gold are scored: is it worth annotating more?
    progress : callable, optional
        Wraps the replies as they are read, such as ``tqdm.tqdm``.
    log : callable, optional
        Receives a line about each model as it is fitted.
    force : bool
        Train on gold with faults too.

    Returns
    -------
    Extractor
        With the new model.

    Raises
    ------
    SchemaError
        If the gold breaks the guidelines (`commitextract.datasets.faults`), or holds fewer than two labels.
    """
    if not force:
        _refuse_faults(gold)
    rules = load(None)
    examples = [read_example(rules, reply) for reply in (progress(gold) if progress else gold)]
    scores: dict[str, float | None] = {}
    for n in _steps(len(gold)) if dev else [len(gold)]:
        model = fit(_sample(examples, n, seed), seed=seed)
        told = f"fitted on {n:,} replies"
        if dev:
            scores[str(n)] = f1 = evaluate(Extractor(model, rules.segmenter), dev).f1("statements")
            told += f": F1 of statements {f1 or 0:.3f} on {len(dev):,} others"
        if log:
            log(told)
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    model.save(folder)
    fit_actors(rules, gold).save(folder / ACTORS)
    meta = _meta(gold, Counter(label for _, labels in examples for label in labels), len(model.vocabulary), seed)
    meta |= {"dev": {"replies": len(dev), "statements": scores}} if dev else {}
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return load(folder)


def _refuse_faults(gold: Sequence[Reply]) -> None:
    found = [fault for _, fault in faults(gold)]
    if found:
        more = f" … and {len(found) - 5} more" if len(found) > 5 else ""
        raise SchemaError(f"the gold has faults; correct them, or train with force=True: {'; '.join(found[:5])}{more}")


def _steps(n: int) -> list[int]:
    """Return how many replies to fit on before fitting on all: enough to learn from, and not all."""
    return [step for step in (n // 4, n // 2) if step >= FEWEST] + [n]


def _sample(examples: Sequence[Example], n: int, seed: int) -> list[Example]:
    chosen = np.random.default_rng(seed).permutation(len(examples))[:n]
    return [examples[i] for i in sorted(chosen)]


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


def _meta(gold: Sequence[Reply], labels: Counter[str], features: int, seed: int) -> dict[str, Any]:
    return {
        "schema": MODEL_SCHEMA,
        "classifier": "linear",
        "segmenter": {"name": "rjieba"},
        "labels": list(CLAUSE_LABELS),
        "features": features,
        "seed": seed,
        "training": {
            "replies": len(gold),
            "clauses": {label: labels[label] for label in CLAUSE_LABELS},
            "sha256": sorted(reply.sha256[:HASH_DIGITS] for reply in gold),
        },
        "trained with": {name: version(name) for name in ("scikit-learn", "numpy", "rjieba")}
        | {"python": platform.python_version()},
    }
