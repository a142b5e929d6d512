"""Reference: which agency a mention stands for.

我局 and 本中心 are the unit that replies, 该公司 the company named last; 街道, 镇里 and 学校 are the one the document names, the
replying unit first; a name is its fullest form in the document (`commitextract.names`). Where more than one name is
possible (`Reference.names`), what speaks for each is told with it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from commitextract.agencies import Mention
from commitextract.header import Header
from commitextract.layout import Layout
from commitextract.lexicons import alternation, terms
from commitextract.names import PLACES, Names, core, is_unit, kinds

_REACH = 2000  # characters back to the name that 该局 or 公司 stands for
_OPENING = 160  # characters in which a reply that calls itself nothing names its unit


@dataclass(frozen=True, slots=True)
class Meaning:
    """A name that a mention may stand for, and what speaks for it."""

    name: str
    how: tuple[str, ...]


class Reference:
    """Resolves the mentions of one reply.

    Parameters
    ----------
    layout : Layout
        The layout of the normalized text.
    mentions : sequence of Mention
        The agencies in it.
    header : Header
        The respondents of the parts.
    names : Names
        Every name in the document, and the fullest form of each.
    """

    def __init__(self, layout: Layout, mentions: Sequence[Mention], header: Header, names: Names) -> None:
        self._layout = layout
        self._mentions = mentions
        self._starts = [m.start for m in mentions]
        self._named = names.mentions
        self._named_starts = [m.start for m in self._named]
        self._header = header
        self._names = names
        self._respondents: dict[int, list[Meaning]] = {}

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the mentions in a stretch of the text."""
        first = bisect_left(self._starts, start)
        return [m for m in self._mentions[first : bisect_left(self._starts, end)] if m.end <= end]

    def respondent(self, part: int) -> str | None:
        """Return the replying unit of a part, by what it calls itself (我局) if it is never named."""
        known = self._header.respondents[part]
        return known or next((m.name for m in self.respondents(part) if "opening" not in m.how), None)

    def respondents(self, part: int) -> list[Meaning]:
        """Return the names that the replying unit of a part may have."""
        if part not in self._respondents:
            self._respondents[part] = self._find_respondents(part)
        return self._respondents[part]

    def _find_respondents(self, part: int) -> list[Meaning]:
        if known := self._header.respondents[part]:
            return [Meaning(known, ("known",))]
        span = self._layout.parts[part]
        own = [m for m in self.within(span.start, span.end) if m.kind == "deictic" and m.text[0] in "我本"]
        units = [m for m in own if m.text[1:] not in PLACES]
        if units:
            usual = Counter(m.text for m in units).most_common(1)[0][0]
            return self.names(next(m for m in units if m.text == usual), part)
        opening = self.within(span.start, min(span.end, span.start + _OPENING))
        first = [m for m in opening if m.kind in ("name", "subject")][:2]
        text = self._layout.text
        found = [
            Meaning(self._names.fullest(m.text), ("opening", f"opening next {text[m.end : m.end + 2]}")) for m in first
        ]
        return found + [Meaning(m.text, ("opening", "own place")) for m in own[:1]]

    def name(self, mention: Mention, part: int) -> str:
        """Return the likeliest name, by rule, of the agency that a mention in a part stands for."""
        return self.names(mention, part)[0].name

    def names(self, mention: Mention, part: int) -> list[Meaning]:
        """Return the names that a mention in a part may stand for, the likeliest by rule first."""
        found = self._of_deictic(mention, part) if mention.kind == "deictic" else self._of_name(mention, part)
        by_name: dict[str, Meaning] = {}
        for meaning in found:
            by_name.setdefault(meaning.name, meaning)
        return list(by_name.values())

    def _of_deictic(self, mention: Mention, part: int) -> Iterator[Meaning]:
        text = mention.text
        m = _unit().match(text, 1)
        unit = m.group() if m else text[1:]
        base, inner = text[: 1 + len(unit)], text[1 + len(unit) :]
        if text[0] == "该":
            for i, found in enumerate(self._antecedents((unit, *kinds().get(unit, ())), mention.start)):
                yield Meaning(found, ("antecedent", f"antecedent {i}"))
            yield Meaning(text, ("self",))
            return
        known = self._header.respondents[part]
        if known and is_unit(known, unit):
            yield Meaning((_OFFICE.sub("", known) if inner else known) + inner, ("respondent",))
        elif own := self._names.own(base):
            yield Meaning(own + inner, ("own",))
        yield Meaning(text, ("self",))

    def _of_name(self, mention: Mention, part: int) -> Iterator[Meaning]:
        text = mention.text
        if known := self._names.known(text):
            yield Meaning(known, ("self",))
            return
        if text == "政府" and (party := self._party_before(mention)):
            yield Meaning(self._names.fullest(party.removesuffix("党委") + text), ("beside party",))
        bare = text.removesuffix("里").removesuffix("上")
        bare = core(text) if len(core(text)) <= 2 else bare
        if bare in _bare_endings():
            known = self._header.respondents[part]
            if known and is_unit(core(known), bare) and len(core(known)) > len(bare):
                yield Meaning(known, ("bare respondent",))
            for how, endings in (("bare antecedent", (bare,)), ("kind antecedent", kinds().get(bare, ()))):
                for i, found in enumerate(self._antecedents(endings, mention.start)):
                    yield Meaning(found, (how, f"{how} {i}"))
        if joined := _PARTY_AND_GOVERNMENT.match(self._layout.text, mention.end) if text.endswith("党委") else None:
            yield Meaning(self._names.fullest(text) + joined.group(), ("party and government",))
        fullest = self._names.fullest(text)
        if fullest != text:
            yield Meaning(
                fullest, ("fullest", f"fullest adds {fullest.removeprefix(text)[:4] if text in fullest else 'more'}")
            )
        yield Meaning(text, ("self",))

    def _party_before(self, mention: Mention) -> str | None:
        """Return the party committee that a government is listed with: 青禾镇党委、|政府."""
        before = self.within(max(0, mention.start - 24), mention.start)[-1:]
        joined = (m.text for m in before if m.kind == "name" and m.text.endswith("党委") and mention.start - m.end == 1)
        return next(joined, None)

    def _antecedents(self, endings: Sequence[str], at: int) -> list[str]:
        """Return the two agencies before 该局 or 公司 that end in 局 or 公司, the nearer first."""
        found: list[str] = []
        first = bisect_left(self._named_starts, max(0, at - _REACH))
        longest = {ending: len(ending) + 1 for ending in endings}
        for m in reversed(self._named[first : bisect_left(self._named_starts, at)]):
            if any(len(m.text) > n and (m.text.endswith(e) or core(m.text).endswith(e)) for e, n in longest.items()):
                name = self._names.fullest(m.text)
                if name not in found:
                    found.append(name)
                if len(found) == 2:
                    break
        return found


_OFFICE = re.compile("(?:人民政府|政府|办事处)$")
_PARTY_AND_GOVERNMENT = re.compile("[、和与]?(?:人民)?政府")


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(alternation((*terms("deictic_units"), *terms("agency_subjects"))))


@cache
def _bare_endings() -> frozenset[str]:
    return frozenset(terms("agency_subjects")) | frozenset(terms("deictic_units"))
