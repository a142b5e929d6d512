"""Segmentation: text to words with offsets, through one contract for every segmenter.

A `Segmenter` takes a text and gives `Word`s in order; spans named in ``keep`` (agencies, terms)
always come out as one word. ``rjieba`` is the default: the algorithm and dictionary of ``jieba`` at
a twentieth of its time. ``pkuseg`` needs a model directory and never downloads one; ``spacy`` is
``spacy.blank("zh")``; ``characters`` needs nothing.

Runs of one repeated character are cut into pieces of 2,000, on which jieba's time stays bounded.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from commitextract.lexicons import terms

SEGMENTERS = ("rjieba", "jieba", "pkuseg", "spacy", "characters")
_SAME, _PIECE = 2_000, 20_000
_RUN = re.compile(rf"(.)(?<!\1\1)\1{{{_SAME - 1},}}", re.DOTALL)

Cut = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text: ``text[start:end]``."""

    start: int
    end: int
    text: str


@dataclass
class Segmenter:
    """Cuts texts into words.

    Parameters
    ----------
    name : str
        One of ``SEGMENTERS``.
    model : str or Path, optional
        The directory of a spacy-pkuseg model; needed for ``pkuseg`` and only there.

    Raises
    ------
    ValueError
        For an unknown name, a missing model directory or a model for another segmenter.

    Examples
    --------
    >>> [w.text for w in Segmenter()("我局将新建站点", keep=[(0, 2)])]
    ['我局', '将', '新建', '站点']
    """

    name: str = "rjieba"
    model: str | Path | None = None

    def __post_init__(self) -> None:
        if self.name not in SEGMENTERS:
            raise ValueError(f"segmenter {self.name!r} is unknown; it must be one of {SEGMENTERS}")
        if self.name == "pkuseg" and not (self.model and Path(self.model).is_dir()):
            raise ValueError(
                f"the pkuseg segmenter needs the directory of a model, got {self.model!r}. Train one "
                "with spacy_pkuseg.train(train_file, test_file, save_dir) on segmented sentences, or "
                "download and unpack a release of the spacy-pkuseg project, and pass its path as model="
            )
        if self.name != "pkuseg" and self.model is not None:
            raise ValueError(f"segmenter {self.name!r} takes no model, got {str(self.model)!r}")

    def __call__(self, text: str, keep: Iterable[tuple[int, int]] = ()) -> list[Word]:
        """Return the words of a text.

        Parameters
        ----------
        text : str
            Any text; the words leave out white space.
        keep : iterable of (start, end)
            Spans that come out as one word each.
        """
        ends = set(self._boundaries(text))
        for start, end in keep:
            ends.difference_update(range(start + 1, end))
            ends.update((start, end))
        cuts = sorted(ends | {0, len(text)})
        return [word for a, b in itertools.pairwise(cuts) if (word := _word(text, a, b))]

    def _boundaries(self, text: str) -> Iterator[int]:
        """Yield the end of each token; tokens may leave out white space."""
        for start, end in _pieces(text):
            at = start
            for token in self._cut(text[start:end]):
                at = (at if text.startswith(token, at) else text.index(token, at)) + len(token)
                yield at

    def __getstate__(self) -> dict[str, object]:
        """Leave the loaded dictionary behind: each process loads its own."""
        return {name: value for name, value in self.__dict__.items() if name != "_cut"}

    @cached_property
    def _cut(self) -> Cut:
        return _CUTTERS[self.name](self)


def tagged(text: str) -> list[tuple[str, str]]:
    """Return the words of a text with jieba's part-of-speech tags (n noun, v verb, …).

    Examples
    --------
    >>> tagged("新增学位")
    [('新增', 'v'), ('学位', 'n')]
    """
    return list(_tagger().tag(text))


@cache
def _tagger() -> Any:
    import rjieba

    return rjieba.Jieba()


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the runs of one character, 2,000 at a time, and what stands between them, 20,000 at a time."""
    at = 0
    for start, end in (*(m.span() for m in _RUN.finditer(text)), (len(text), len(text))):
        yield from ((i, min(i + _PIECE, start)) for i in range(at, start, _PIECE))
        at = end - (end - start) % _SAME
        yield from ((i, i + _SAME) for i in range(start, at, _SAME))


def _word(text: str, start: int, end: int) -> Word | None:
    """Return a word without the white space around it; None if nothing else is there."""
    word = text[start:end]
    bare = word.strip()
    if len(bare) == len(word):
        return Word(start, end, word) if word else None
    start += len(word) - len(word.lstrip())
    return Word(start, start + len(bare), bare) if bare else None


def _rjieba(_: Segmenter) -> Cut:
    import rjieba

    jieba = rjieba.Jieba()
    for term in terms("words"):
        jieba.add_word(term, jieba.suggest_freq(term), "n")
    return lambda text: jieba.cut(text, hmm=True)


def _jieba(_: Segmenter) -> Cut:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.cache_file = _private_cache()
    for term in terms("words"):
        tokenizer.add_word(term)
    return tokenizer.cut  # type: ignore[no-any-return]


def _private_cache() -> str:
    """Return a file name of the user's own: jieba's default in the shared temporary folder can be poisoned."""
    import os
    import tempfile

    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "commitextract"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="commitextract-"))
    return str(folder / "jieba.cache")


def _pkuseg(segmenter: Segmenter) -> Cut:
    from spacy_pkuseg import pkuseg

    model = Path(segmenter.model or "")
    if any(model.glob("*.pkl")):
        raise ValueError(f"the pkuseg model {str(model)!r} holds a pickle, which can run code: retrain it")
    return pkuseg(model_name=str(model), user_dict=list(terms("words"))).cut  # type: ignore[no-any-return]


def _spacy(_: Segmenter) -> Cut:
    import spacy

    tokenizer = spacy.blank("zh").tokenizer
    return lambda text: (token.text for token in tokenizer(text))


def _characters(_: Segmenter) -> Cut:
    return lambda text: text


_CUTTERS: dict[str, Callable[[Segmenter], Cut]] = {
    "rjieba": _rjieba,
    "jieba": _jieba,
    "pkuseg": _pkuseg,
    "spacy": _spacy,
    "characters": _characters,
}
