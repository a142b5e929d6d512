"""The stages alone, for a sentence: each takes raw text and gives spans of the raw text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

from commitextract import agencies, deadlines, quantities
from commitextract.agencies import Mention
from commitextract.normalization import CleanText, normalize, well_formed
from commitextract.schema import Deadline, Quantity
from commitextract.segmentation import Segmenter, Word


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of a raw text.

    Examples
    --------
    >>> [(q.text, q.value, q.unit) for q in find_quantities("新增學位約１.２萬個")]
    [('約１.２萬個', 12000, '个')]
    """
    clean = normalize(well_formed(text))
    return _raw(clean, quantities.find_quantities(clean.text))


def find_deadlines(text: str, *, date: str | None = None) -> list[Deadline]:
    """Return the expressions of a raw text that can be deadlines, against the day `date`.

    Examples
    --------
    >>> [(d.text, d.edtf) for d in find_deadlines("年底前完成", date="2021-08-30")]
    [('年底前', '../2021-12-31')]
    """
    clean = normalize(well_formed(text))
    return _raw(clean, deadlines.find_deadlines(clean.text, date))


def find_agencies(text: str) -> list[Mention]:
    """Return the mentions of agencies in a raw text.

    Examples
    --------
    >>> [(m.text, m.kind) for m in find_agencies("由市民政局牵头，我局配合。")]
    [('市民政局', 'name'), ('我局', 'deictic')]
    """
    clean = normalize(well_formed(text))
    return _raw(clean, agencies.find_agencies(clean.text))


def segment(text: str, segmenter: Segmenter | None = None) -> list[Word]:
    """Return the words of a raw text; an agency's name is one word.

    Examples
    --------
    >>> [w.text for w in segment("由市民政局牵头")]
    ['由', '市民政局', '牵头']
    """
    clean = normalize(well_formed(text))
    keep = [(m.start, m.end) for m in agencies.find_agencies(clean.text)]
    return _raw(clean, (segmenter or _segmenter())(clean.text, keep))


S = TypeVar("S", Deadline, Mention, Quantity, Word)


@cache
def _segmenter() -> Segmenter:
    return Segmenter()


def _raw(clean: CleanText, spans: Sequence[S]) -> list[S]:
    out = []
    for span in spans:
        start, end = clean.to_raw(span.start, span.end)
        out.append(replace(span, start=start, end=end, text=clean.raw[start:end]))
    return out
