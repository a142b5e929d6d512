"""Annotation: which replies to annotate next, because they would teach the model most.

A reply teaches much where the model is unsure of its clauses (their entropy) and little where it resembles one that is
annotated already; `select` weighs the two (maximal marginal relevance, Carbonell and Goldstein 1998) and hands out the
replies as the model reads them, to be corrected. What it gains over a random choice stands in ``models/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commitextract.batch import Failure, extract_each
from commitextract.extractor import HASH_DIGITS, Extractor
from commitextract.features import never_a_statement
from commitextract.schema import Reply, sha256

CANDIDATES = 20
"""So many times the replies asked for are compared with each other: those that the model is least sure of."""
SURE_CLAUSES = 4
"""So many clauses beyond doubt are added to each reply, so that one odd clause does not make a reply the oddest."""
NOVELTY = 0.5
"""What the likeness to the replies already chosen counts against the doubt."""


@dataclass(frozen=True)
class _Candidate:
    doubt: float
    key: str
    record: Mapping[str, Any]


@dataclass(frozen=True)
class _Reader:
    """Reads a record into a candidate; works in other processes."""

    extractor: Extractor

    def __call__(self, text: str, date: str | None = None, **known: Any) -> _Candidate:
        reading = self.extractor.read(text, date)[1]
        record = {"text": text, "date": date, **known}
        doubt = uncertainty(np.delete(self.extractor.probabilities(reading), never_a_statement(reading), axis=0))
        return _Candidate(doubt, sha256(text)[:HASH_DIGITS], record)


def select(
    extractor: Extractor,
    texts: Iterable[str | Mapping[str, Any]],
    n: int = 50,
    *,
    seed: int = 0,
    exclude: Iterable[str] = (),
    n_jobs: int = 1,
    errors: list[Failure] | None = None,
) -> list[Reply]:
    """Return the replies whose annotation would teach the model most, as it reads them, the most telling first.

    Parameters
    ----------
    extractor : Extractor
        With the model that is to learn.
    texts : iterable of str or mapping
        Texts, or records with ``text`` and, if known, ``date``, ``respondent`` and ``id``. Read once, one after the other:
        a corpus need not fit into memory.
    n : int
        How many replies, at most.
    seed : int
        Decides between replies of the same worth; the same texts and seed give the same replies.
    exclude : iterable of str
        The SHA-256 of texts that are annotated already (`Reply.sha256`). What the model was trained on and what stands
        in the texts a second time is left out anyway.
    n_jobs : int
        Processes.
    errors : list, optional
        Receives a `commitextract.batch.Failure` for every record that cannot be read; they are passed over.

    Examples
    --------
    >>> import commitextract as ce
    >>> texts = ["感谢您的来信。", "该路段纳入下一轮改造范围，视资金情况实施。", "感谢您的来信。"]
    >>> [reply.text for reply in select(ce.load(), texts, n=1)]
    ['该路段纳入下一轮改造范围，视资金情况实施。']
    """
    if n < 1:
        raise ValueError(f"n is {n}; ask for at least one reply")
    seen = {key[:HASH_DIGITS] for key in exclude} | extractor.trained_on
    failures = [] if errors is None else errors
    random = Random(seed)

    def candidates() -> Iterable[tuple[float, float, _Candidate]]:
        for found in extract_each(_Reader(extractor), texts, n_jobs=n_jobs):
            if isinstance(found, Failure):
                failures.append(found)
            elif found.key not in seen:
                seen.add(found.key)
                yield found.doubt, random.random(), found

    doubtful = nlargest(max(CANDIDATES * n, 1000), candidates(), key=lambda c: c[:2])
    chosen = _diverse([c.record["text"] for *_, c in doubtful], n)
    return [extractor(**doubtful[i][2].record) for i in chosen]


def uncertainty(probabilities: NDArray[np.float64]) -> float:
    """Return how unsure a model is of a reply: the mean entropy of its clauses' labels, in nats.

    Parameters
    ----------
    probabilities : array of shape (clauses, labels)
        Of the clauses that can be in a statement.

    Examples
    --------
    >>> uncertainty(np.array([[1.0, 0.0], [0.5, 0.5]])) < uncertainty(np.array([[0.5, 0.5]] * 9))
    True
    """
    entropy = -(probabilities * np.log(np.maximum(probabilities, 1e-300))).sum()
    return float(entropy) / (len(probabilities) + SURE_CLAUSES)


def _diverse(texts: Sequence[str], n: int) -> list[int]:
    """Return the places of `n` texts that come early and resemble none before them, one by one."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(texts) <= 1:
        return list(range(len(texts)))
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), lowercase=False, sublinear_tf=True).fit_transform(
        texts
    )
    worth = (1 - NOVELTY) * np.linspace(1, 0, len(texts))
    likeness = np.zeros(len(texts))
    chosen: list[int] = []
    for _ in range(min(n, len(texts))):
        best = int((worth - NOVELTY * likeness).argmax())
        chosen.append(best)
        worth[best] = -np.inf
        likeness = np.maximum(likeness, (vectors @ vectors[best].T).toarray().ravel())
    return chosen
