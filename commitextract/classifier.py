"""Classifiers: a score for each label of each clause.

`RuleClassifier` adds up the weights of ``lexicons/rules.csv``: nothing to train, readable, the baseline of every score table.
`NetworkClassifier` is a logistic regression and a small neural network over `commitextract.features.text_features`, fitted
by scikit-learn (`commitextract.fitting`) and scored by numpy from plain data, without scikit-learn. Which labels neighbouring
clauses take together is decided by `commitextract.decoding`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from commitextract.features import KINDS, NEAR, Named, Reading, clause_features, split_features
from commitextract.lexicons import table

Floats = NDArray[np.float64]

CLAUSE_LABELS = ("none", "ACHIEVEMENT", "planned", "underway", "REFUSAL")
"""A clause's label: a statement's label, a commitment told apart by its stage, or none."""


class ModelError(ValueError):
    """A model directory that cannot be loaded; the message says what is wrong and what to do."""


class Classifier(Protocol):
    """What the extractor needs of a classifier."""

    def scores(self, reading: Reading) -> Floats:
        """Return the log-odds of each label for each clause, shape (clauses, labels)."""
        ...

    def transitions(self) -> Floats:
        """Return the log-odds of a label (column) behind a label (row)."""
        ...

    @property
    def calibration(self) -> tuple[float, float]:
        """Slope and intercept on the log-odds of a statement's clauses that give the share of such statements that are right."""
        ...


@cache
def _weights() -> dict[str, Floats]:
    return {row["feature"]: np.array([float(row[label] or 0) for label in CLAUSE_LABELS]) for row in table("rules")}


class RuleClassifier:
    """Scores clauses by the weights of ``lexicons/rules.csv``; there is nothing to train.

    The weights are those of a conditional random field over the rule features, fitted on the training split and rounded to
    a tenth, so that they can be read and changed by hand. Known limits: a clause without a cue gets its label from
    its neighbours alone. Scores: ``models/README.md``.
    """

    calibration = (0.6, -0.3)
    """The line of `commitextract.fitting.calibrate` on the training split, rounded to a tenth."""

    def scores(self, reading: Reading) -> Floats:
        """Return the log-odds of each label for each clause, shape (clauses, labels)."""
        weights = _weights()
        rows = [
            sum((weights[name] for name in sorted(names & weights.keys())), weights["(always)"])
            for names in clause_features(reading)
        ]
        return np.array(rows).reshape(-1, len(CLAUSE_LABELS))

    def transitions(self) -> Floats:
        """Return the log-odds of a label (column) behind a label (row)."""
        weights = _weights()
        return np.array([weights[f"(after {label})"] for label in CLAUSE_LABELS])


def _split(name: str) -> tuple[int, str, str]:
    """Split the name of a feature into its place (0, or 1 + that in `NEAR`), kind and value."""
    place = NEAR.index(name[:4]) + 1 if name.startswith(NEAR) else 0
    own = name[4:] if place else name
    kind = next((kind for kind in KINDS if own.startswith(kind)), None)
    if kind is None:
        raise ModelError(
            f"the model has the feature {name!r}; this release knows the kinds {', '.join(KINDS)}: train it again"
        )
    return place, kind, own[len(kind) :]


def _sums(weights: NDArray[np.float32], rows: Sequence[Sequence[int]]) -> Floats:
    """Return the sum of the rows of each clause, shape (clauses, …)."""
    sums = np.zeros((len(rows), *weights.shape[1:]))
    for total, row in zip(sums, rows, strict=True):
        weights[row].sum(axis=0, out=total)
    return sums


ARRAYS = {
    "weights": np.float32,
    "bias": np.float32,
    "hidden": np.float16,
    "hidden_bias": np.float32,
    "out": np.float32,
    "after": np.float32,
    "calibration": np.float32,
}
"""What ``weights.npz`` holds."""


@dataclass(frozen=True)
class NetworkClassifier:
    """A trained model: a hidden layer beside linear weights of the features, and weights of labels behind labels.

    The scores of a clause are ``bias + x @ weights + relu(hidden_bias + x @ hidden) @ out``, where ``x`` holds 1 for every feature of
    the clause (`commitextract.features.text_features`) and 0 else.

    Parameters
    ----------
    vocabulary : mapping of str to int
        The row of each feature.
    weights : array of shape (features, labels), float32
    bias : array of shape (labels,), float32
    hidden : array of shape (features, units), float16
    hidden_bias : array of shape (units,), float32
    out : array of shape (units, labels), float32
    after : array of shape (labels, labels), float32
        The log-odds of a label (column) behind a label (row).
    calibration : tuple of two floats
        Slope and intercept of the score's calibration (`commitextract.decoding.calibrated`).
    """

    vocabulary: Mapping[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    hidden: NDArray[np.float16]
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    after: NDArray[np.float32]
    calibration: tuple[float, float] = (1.0, 0.0)

    def scores(self, reading: Reading) -> Floats:
        """Return the log-odds of each label for each clause, shape (clauses, labels)."""
        clauses = split_features(reading)
        shared = _sums(self._weights, [self._known(clause.shared) for clause in clauses])
        alone = _sums(self._weights[:, 0], [self._known(clause.alone) for clause in clauses])
        total: Floats = np.concatenate((self.bias, self.hidden_bias)) + shared[:, 0] + alone
        before = np.array([0 if clause.joined else 1 for clause in clauses[1:]], dtype=int)  # places in NEAR
        at = np.arange(len(before))
        total[1:] += shared[at, 1 + before]
        total[:-1] += shared[at + 1, 3 + before]
        linear, units = np.split(total, [len(CLAUSE_LABELS)], axis=1)
        scores: Floats = linear + np.maximum(units, 0) @ self.out
        return scores

    def _known(self, features: Named) -> list[int]:
        rows = self._rows
        return [row for kind, values in features for row in map(rows[kind].get, values) if row is not None]

    @cached_property
    def _rows(self) -> dict[str, dict[str, int]]:
        """Number the features by kind and value; a neighbour's has the number of the clause's own."""
        rows: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
        for name in self.vocabulary:
            _, kind, value = _split(name)
            rows[kind].setdefault(value, sum(map(len, rows.values())))
        return rows

    @cached_property
    def _weights(self) -> NDArray[np.float32]:
        """The weights by (feature, place, label or unit): the clause's own, then those of `NEAR`."""
        both = np.concatenate((self.weights, self.hidden), axis=1, dtype=np.float32)
        found = np.zeros((sum(map(len, self._rows.values())), 1 + len(NEAR), both.shape[1]), dtype=np.float32)
        for name, row in self.vocabulary.items():
            place, kind, value = _split(name)
            found[self._rows[kind][value], place] = both[row]
        return found

    def transitions(self) -> Floats:
        """Return the log-odds of a label (column) behind a label (row)."""
        return self.after.astype(np.float64)

    def save(self, folder: Path) -> None:
        """Write ``vocabulary.json`` and ``weights.npz``: plain data, the same bytes each time."""
        ordered = sorted(self.vocabulary, key=lambda name: self.vocabulary[name])
        (folder / "vocabulary.json").write_text(json.dumps(ordered, ensure_ascii=False, indent=0), "utf-8")
        arrays: dict[str, Any] = {name: np.asarray(getattr(self, name), dtype) for name, dtype in ARRAYS.items()}
        np.savez_compressed(folder / "weights.npz", **arrays)

    @classmethod
    def load(cls, folder: Traversable) -> NetworkClassifier:
        """Read what `save` wrote; no code of the file is run.

        Raises
        ------
        ModelError
            If a file is missing, damaged or does not fit the other.
        """
        try:
            names = json.loads((folder / "vocabulary.json").read_text("utf-8"))
            with (folder / "weights.npz").open("rb") as file, np.load(file, allow_pickle=False) as data:
                arrays = {name: data[name] for name in ARRAYS}
        except Exception as error:  # noqa: BLE001  numpy, zip and JSON each raise their own on damaged files
            raise ModelError(
                f"the model {str(folder)!r} is damaged ({type(error).__name__}: {error}); train or fetch it again"
            ) from None
        _check_plain(folder, names, arrays)
        n, units = len(CLAUSE_LABELS), arrays["hidden_bias"].size
        expected = [(len(names), n), (n,), (len(names), units), (units,), (units, n), (n, n), (2,)]
        shapes = [array.shape for array in arrays.values()]
        if shapes != expected:
            raise ModelError(
                f"the model {str(folder)!r} is damaged: {len(names)} features but weights of the shapes {shapes}"
            )
        slope, intercept = arrays.pop("calibration")
        vocabulary = {name: i for i, name in enumerate(names)}
        return cls(vocabulary, **arrays, calibration=(float(slope), float(intercept)))


def _check_plain(folder: Traversable, names: object, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Refuse what was read from files that `NetworkClassifier.save` cannot have written."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise ModelError(f"the model {str(folder)!r} is damaged: its vocabulary.json is no list of different names")
    for name, array in arrays.items():
        if array.dtype != ARRAYS[name] or not np.isfinite(array).all():
            raise ModelError(
                f"the model {str(folder)!r} is damaged: the array {name!r} of its weights.npz holds {array.dtype} or numbers that "
                f"are not finite, training writes finite {ARRAYS[name].__name__}; train or fetch it again"
            )
