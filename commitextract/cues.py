"""Cues: the words of a clause that speak for or against a label.

A cue begins where a word begins (so 会 is not found in 社会) and, if it is one character long, ends
where the word ends (so it is not found in 会议). The cues are data: ``lexicons/cues.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from commitextract.lexicons import table
from commitextract.segmentation import Word


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue of a rule where it stands (offsets of the normalized text)."""

    start: int
    end: int
    text: str
    rule: str


@cache
def _rules_of(where: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in table("cues"):
        if row["where"] == where:
            found[row["cue"]] = (*found.get(row["cue"], ()), row["rule"])
    return found


@cache
def _lengths(where: str) -> dict[str, tuple[int, ...]]:
    """Return the lengths of the cues of a kind by their first character, the longest first; those of "end" by their last."""
    found: dict[str, set[int]] = {}
    for cue in _rules_of(where):
        found.setdefault(cue[-1 if where == "end" else 0], set()).add(len(cue))
    return {char: tuple(sorted(lengths, reverse=True)) for char, lengths in found.items()}


def _longest(where: str, text: str, at: int) -> str | None:
    """Return the longest cue of a kind that begins at a place, or None."""
    cues = _rules_of(where)
    for n in _lengths(where).get(text[at : at + 1], ()):
        if (cue := text[at : at + n]) in cues:
            return cue
    return None


def find_cues(text: str, start: int, end: int, words: Sequence[Word]) -> list[Cue]:
    """Return the cues of the clause ``text[start:end]``.

    Parameters
    ----------
    text : str
        Normalized text.
    start, end : int
        The clause.
    words : sequence of Word
        The words of the clause.

    Examples
    --------
    >>> from commitextract.segmentation import Segmenter
    >>> text = "我局将尽快完成"
    >>> [(c.text, c.rule) for c in find_cues(text, 0, 7, Segmenter()(text))]
    [('我局', 'subject'), ('将', 'future'), ('尽快', 'resolve'), ('完成', 'done word')]
    """
    clause = text[start:end]
    found: list[Cue] = []
    done = start
    for word in words:
        cue = _longest("any", clause, word.start - start) if word.start >= done else None
        if cue and (len(cue) > 1 or len(word.text) == 1):
            found += _cues(word.start, cue, _rules_of("any")[cue])
            done = word.start + len(cue)
    if cue := _longest("start", clause, 0):
        found += _cues(start, cue, _rules_of("start")[cue])
    for n in _lengths("end").get(clause[-1:], ()):
        if (cue := clause[-n:]) in _rules_of("end"):
            found += _cues(end - n, cue, _rules_of("end")[cue])
    return sorted(found, key=lambda c: (c.start, c.rule))


def _cues(at: int, cue: str, rules: Iterable[str]) -> list[Cue]:
    return [Cue(at, at + len(cue), cue, rule) for rule in rules]
