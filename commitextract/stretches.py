"""Stretches: where in a text a name of an agency can stand.

A word or character that no name holds (``lexicons/agency_stops.txt``) ends a stretch, unless it stands inside an ending of names or a
word that names hold (``agency_inside.txt``: 安全, 和平). A deictic (我局) and 各 open one. Every place of the text is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from commitextract.lexicons import alternation, table, terms
from commitextract.normalization import HAN

_OWN = frozenset("我本贵该")
_ASIDE = re.compile(rf"（[{HAN}]{{2,4}}）(?=[{HAN}])")

_LISTS = ("suffixes", "strict_suffixes", "whole", "subjects", "generic", "sub_units", "domains")


@cache
def endings() -> dict[str, frozenset[str]]:
    """Return every ending of a name with the lists that hold it."""
    found: dict[str, set[str]] = {unit: {"deictic"} for unit in terms("deictic_units")}
    for name in _LISTS:
        for term in terms(f"agency_{name}"):
            found.setdefault(term, set()).add(name)
    for term in {*terms("agency_strict_suffixes"), *terms("agency_generic"), *terms("agency_subjects")}:
        if term.endswith(terms("agency_sub_units")):
            found[term].add("sub_units")
    return {term: frozenset(lists) for term, lists in found.items()}


def find_stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text without a stop; a deictic opens one."""
    ends, lengths = _tokens()
    start = at = 0
    while at < len(text):
        first, length = text[at], 1
        stops = first == "各" or not ("一" <= first <= "龥" or _in_names(text, at))
        for n in lengths.get(first, ()):
            word = text[at : at + n]
            if word in ends:
                length, stops = n, ends[word]
                break
        if stops and not (first in "和与" and _joins_domains(text, at)):
            if at > start:
                yield start, at
            start = at if first == "各" or (first in _OWN and _is_deictic(text, at)) else at + length
        at += length
    if start < len(text):
        yield start, len(text)


def _in_names(text: str, at: int) -> bool:
    """Whether a name may hold a character that is not Chinese: the letter and number of A7县, the brackets of （中国）."""
    char = text[at]
    if "A" <= char <= "Z":
        return True
    if char in "（）":
        opening = text.rfind("（", max(0, at - 5), at + 1)
        return opening > 0 and bool(_ASIDE.match(text, opening)) and "一" <= text[opening - 1] <= "龥"
    return "a" <= char <= "z" or bool(char.isdigit() and re.search("[A-Z][0-9]?$", text[max(0, at - 2) : at]))


def _joins_domains(text: str, at: int) -> bool:
    """Whether 和 stands inside the name of one office: 文化广电和旅游|局."""
    return bool(_domain_behind().match(text, at + 1) and domain_end().search(text[max(0, at - 8) : at]))


@cache
def _domain_behind() -> re.Pattern[str]:
    return re.compile(rf"{alternation(terms('agency_domains'))}[局委厅]")


def _is_deictic(text: str, at: int) -> bool:
    units = _own_units() if text[at] != "该" else _own_units() | _units()
    return text[at - 1 : at] not in tuple("自根基") and any(text[at + 1 : at + 1 + n] in units for n in range(1, 7))


@cache
def _own_units() -> frozenset[str]:
    return frozenset(terms("deictic_units"))


@cache
def _units() -> frozenset[str]:
    return frozenset(terms("agency_subjects"))


@cache
def _tokens() -> tuple[dict[str, bool], dict[str, tuple[int, ...]]]:
    """Return the words that matter to where a stretch ends, whether each ends it, and their lengths by first character."""
    stops = {*terms("agency_stops"), *terms("agency_governs")}
    stops |= {row["term"] for row in table("agency_roles") if row["where"] == "before"}
    rules = ("resolve", "order", "future", "start", "progressive", "perfect")
    stops |= {row["cue"] for row in table("cues") if row["rule"] in rules}
    actions = {row["cue"] for row in table("cues") if row["rule"] == "action"}
    held = {ending for ending in endings() if len(ending) > 1} | set(terms("agency_inside"))
    held |= {action + ending for action in actions for ending in terms("agency_suffixes")}
    ends = dict.fromkeys(stops | actions, True) | dict.fromkeys(held, False)
    lengths: dict[str, set[int]] = {}
    for word in ends:
        lengths.setdefault(word[0], set()).add(len(word))
    return ends, {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


@cache
def domain_end() -> re.Pattern[str]:
    """Match what an office is for, where the ending of its name follows: 市|住建."""
    domain = alternation(terms("agency_domains"))
    return re.compile(rf"(?:[省市县区镇乡]|街道)?{domain}(?:[和与]?{domain}){{0,3}}$")


def ends_in_domain(text: str) -> bool:
    """Whether a text ends in what offices are for: most endings of names have none before them.

    Examples
    --------
    >>> ends_in_domain("市住建"), ends_in_domain("居民")
    (True, False)
    """
    return bool(domains_at_end(text))


def domains_at_end(text: str) -> list[int]:
    """Return the lengths of what offices are for, where a text ends in it: 1 and 2 for 市|住建 if 建 is one too."""
    known = _domains()
    return [n for n in _domain_lengths().get(text[-1:], ()) if text[-n:] in known]


@cache
def _domains() -> frozenset[str]:
    return frozenset(terms("agency_domains"))


@cache
def _domain_lengths() -> dict[str, tuple[int, ...]]:
    """Return the lengths of the domains by their last character."""
    lengths: dict[str, set[int]] = {}
    for domain in _domains():
        lengths.setdefault(domain[-1], set()).add(len(domain))
    return {last: tuple(sorted(found)) for last, found in lengths.items()}
