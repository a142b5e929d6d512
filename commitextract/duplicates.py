"""Duplicates: which texts are the same or nearly so. A reply that was copied must not stand on both sides of a test.

Two texts are near duplicates if they share half of their pieces of eight characters (Jaccard index, Broder 1997).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PIECE = 8
ALIKE = 0.5


def near_duplicates(texts: Sequence[str], others: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of a text and one of the others that are the same or nearly so, by their places.

    Examples
    --------
    >>> near_duplicates(["该路段已于去年完成改造。", "感谢您的来信。"], ["该路段已于去年完成改造！"])
    [(0, 0)]
    """
    from scipy.sparse import coo_array
    from sklearn.feature_extraction.text import CountVectorizer

    if not texts or not others:
        return []
    pieces = CountVectorizer(analyzer=_pieces, binary=True).fit_transform([*texts, *others])
    sizes = np.asarray(pieces.sum(axis=1)).ravel()
    common = coo_array(pieces[: len(texts)] @ pieces[len(texts) :].T)
    together = sizes[common.row] + sizes[len(texts) + common.col] - common.data
    alike = common.data >= ALIKE * together
    return sorted(zip(common.row[alike].tolist(), common.col[alike].tolist(), strict=True))


def _pieces(text: str) -> list[str]:
    return [text[i : i + PIECE] for i in range(max(1, len(text) - PIECE + 1))]


def clusters(texts: Sequence[str]) -> NDArray[np.intp]:
    """Return the number of each text's cluster: near duplicates, and what is a near duplicate of these, share one.

    Examples
    --------
    >>> clusters(["该路段已于去年完成改造。", "感谢您的来信。", "该路段已于去年完成改造！"]).tolist()
    [0, 1, 0]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = np.array(near_duplicates(texts, texts), dtype=np.intp).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(texts), len(texts)))
    numbers: NDArray[np.intp] = connected_components(graph, directed=False)[1]
    return numbers
