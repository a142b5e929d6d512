"""Cues: the words of a clause that speak for or against a label.

A cue begins where a word begins (so 会 is not found in 社会) and, if it is one character long, ends
where the word ends (so it is not found in 会议). The cues are data: ``lexicons/cues.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from commitextract.lexicons import alternation, table
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
def _pattern() -> re.Pattern[str]:
    """Match every cue at every place, the longest in group 1, without consuming it."""
    return re.compile(f"(?=({alternation(_rules_of('any'))}))")


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
    >>> [(c.text, c.rule) for c in find_cues(text, 0, 7, Segmenter()(text))][:2]
    [('将', 'future'), ('尽快', 'resolve')]
    """
    starts, ends = {w.start for w in words}, {w.end for w in words}
    clause = text[start:end]
    found: list[Cue] = []
    done = start
    for m in _pattern().finditer(clause):
        at, cue = start + m.start(), m[1]
        if at >= done and at in starts and (len(cue) > 1 or at + 1 in ends):
            found += _cues(at, cue, _rules_of("any")[cue])
            done = at + len(cue)
    for where, words_there in (("start", _rules_of("start")), ("end", _rules_of("end"))):
        for cue, rules in words_there.items():
            if where == "start" and clause.startswith(cue):
                found += _cues(start, cue, rules)
            elif where == "end" and clause.endswith(cue):
                found += _cues(end - len(cue), cue, rules)
    return sorted(found, key=lambda c: (c.start, c.rule))


def _cues(at: int, cue: str, rules: Iterable[str]) -> list[Cue]:
    return [Cue(at, at + len(cue), cue, rule) for rule in rules]
