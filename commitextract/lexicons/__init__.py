"""The terms the rules know, as data: ``.txt`` (one term a line) and ``.csv`` (terms with values).

A line that starts with ``#`` is a comment; every file opens with one that says what it holds.
Adding a term is adding a line: no code changes. ``tests/test_lexicons.py`` keeps the files free
of repeats and the ``.txt`` sorted.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


@cache
def terms(name: str) -> tuple[str, ...]:
    """Return the terms of ``{name}.txt`` in the file's order.

    Examples
    --------
    >>> "社工站" in terms("words")
    True
    """
    return tuple(line for line in _lines(f"{name}.txt"))


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``{name}.csv`` as dictionaries."""
    return tuple(csv.DictReader(_lines(f"{name}.csv")))


def _lines(file: str) -> list[str]:
    text = (files("commitextract.lexicons") / file).read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


def alternation(words: Iterable[str]) -> str:
    """Return a regular expression that matches any of the words, the longest first.

    Words share their beginnings, so that a place is left after a character or two where none begins, and those of one
    character that begin no other are a set of characters.

    Examples
    --------
    >>> alternation(["市", "市局", "省"])
    '(?:[省]|市(?:[局])?)'
    """
    by_first: dict[str, set[str]] = {}
    for word in words:
        by_first.setdefault(word[:1], set()).add(word[1:])
    optional = "?" if by_first.pop("", None) else ""
    alone = sorted(first for first, rest in by_first.items() if rest == {""})
    branches = [f"[{re.escape(''.join(alone))}]"] if alone else []
    branches += [re.escape(first) + alternation(rest) for first, rest in sorted(by_first.items()) if rest != {""}]
    return f"(?:{'|'.join(branches)}){optional}"
