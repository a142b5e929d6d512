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
from commitextract.lexicons import alternation, table, terms
from commitextract.names import Names, core

PLACES = ("省", "市", "县", "区", "州", "村")
_REACH = 2000  # characters back to the name that 该局 or 公司 stands for
_SENTENCE = 80  # characters to either side in which 我局 and a name stand in one sentence
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
        self._guesses: dict[tuple[int, str], list[Meaning]] = {}

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
            if antecedent := self._antecedent(unit, mention.start):
                yield Meaning(antecedent, ("antecedent",))
            yield Meaning(text, ("self",))
            return
        known = self._header.respondents[part]
        if known and _is_unit(known, unit):
            yield Meaning(known + inner, ("respondent",))
        elif own := self._names.own(base):
            yield Meaning(own + inner, ("own",))
        guesses = self._guess(part, unit)
        yield Meaning(text, ("self", f"guesses {len(guesses)}"))
        yield from (Meaning(guess.name + inner, guess.how) for guess in guesses)

    def _of_name(self, mention: Mention, part: int) -> Iterator[Meaning]:
        text = mention.text
        if known := self._names.known(text):
            yield Meaning(known, ("self",))
            return
        if text == "政府" and (party := self._party_before(mention)):
            yield Meaning(self._names.fullest(party.removesuffix("党委") + text), ("beside party",))
        bare = text.removesuffix("里").removesuffix("上")
        if bare in _bare_endings():
            known = self._header.respondents[part]
            if known and len(core(known)) > len(bare) and core(known).endswith(bare):
                yield Meaning(known, ("bare respondent",))
            for how, endings in (("bare antecedent", (bare,)), ("kind antecedent", _kinds().get(bare, ()))):
                if found := next(filter(None, (self._antecedent(ending, mention.start) for ending in endings)), None):
                    yield Meaning(found, (how,))
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

    def _guess(self, part: int, unit: str) -> list[Meaning]:
        """Return the two likeliest names in a part that a unit which calls itself 我 + unit may have."""
        if (part, unit) not in self._guesses:
            span = self._layout.parts[part]
            first, last = (bisect_left(self._named_starts, at) for at in (span.start, span.end))
            fitting: dict[str, list[Mention]] = {}
            for m in self._named[first:last]:
                if len(m.text) > len(unit) + 1 and _is_unit(core(m.text), unit):
                    fitting.setdefault(self._names.fullest(m.text), []).append(m)
            others = {m.text for m in self._named[first:last] if self._beside_own(m)}
            fitting = {name: of for name, of in fitting.items() if others.isdisjoint(m.text for m in of)}
            rivals = min(3, len(fitting) - 1)
            signs = {
                name: _signs(self._layout.text, mentions, span.start, span.end) for name, mentions in fitting.items()
            }
            best = sorted(fitting, key=lambda n: (-len(signs[n]), -len(fitting[n]), n))[:2]
            self._guesses[part, unit] = [
                Meaning(n, ("guess", f"guess {i} rivals {rivals}", f"guess times {min(3, len(fitting[n]))}", *sorted(signs[n])))
                for i, n in enumerate(best)
            ]  # fmt: skip
        return self._guesses[part, unit]

    def _beside_own(self, mention: Mention) -> bool:
        """Whether a sentence names an agency beside 我局: it is another one."""
        text = self._layout.text
        start = max(text.rfind(mark, max(0, mention.start - _SENTENCE), mention.start) for mark in "。！？；\n") + 1
        ends = (text.find(mark, mention.end, mention.end + _SENTENCE) for mark in "。！？；\n")
        end = min((at for at in ends if at >= 0), default=mention.end + _SENTENCE)
        return any(
            m.kind == "deictic" and m.text[0] in "我本" for m in self.within(max(start, mention.start - _SENTENCE), end)
        )

    def _antecedent(self, unit: str, at: int) -> str | None:
        """Return the agency before 该局 or 公司 that ends in 局 or 公司."""
        first = bisect_left(self._named_starts, max(0, at - _REACH))
        for m in reversed(self._named[first : bisect_left(self._named_starts, at)]):
            if len(m.text) > len(unit) + 1 and (m.text.endswith(unit) or core(m.text).endswith(unit)):
                return self._names.fullest(m.text)
        return None


_TOLD = re.compile(
    r"[^，。；]{0,8}(?:电话|联系|咨询|反映|工作的|事业)|高度重视|十分重视|非常重视|立即|回复|答复"
)  # fmt: skip
_ASKED = re.compile(r"(?:联系|咨询|致电|拨打|感谢[您你]?对|我们|登录)[^，。；]{0,4}$")


def _signs(text: str, mentions: Sequence[Mention], start: int, end: int) -> set[str]:
    """Say what speaks for the names of a reply's own unit: it opens or closes it, or one is told to call it."""
    signs = {f"guess behind {text[m.start - 1 : m.start]}" for m in mentions[:1]}
    for m in mentions:
        told = _TOLD.match(text, m.end) or _ASKED.search(text[max(0, m.start - 8) : m.start])
        near = (told, m.start - start < 80, end - m.end < 40)
        signs |= {
            sign for sign, holds in zip(("guess told", "guess opens", "guess closes"), near, strict=True) if holds
        }
    return signs


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(alternation((*terms("deictic_units"), *terms("agency_subjects"))))


@cache
def _bare_endings() -> frozenset[str]:
    return frozenset(terms("agency_subjects")) | frozenset(terms("deictic_units"))


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in table("agency_kinds"):
        found[row["bare"]] = (*found.get(row["bare"], ()), row["ending"])
    return found


def _is_unit(name: str, unit: str) -> bool:
    """Whether a unit of this name can call itself 我 + unit: 我局, 我镇 (a 镇人民政府), 我单位."""
    place = re.search(r"(?:人民政府|政府|党委|办事处)$", name)
    if unit in ("单位", "部门") or name.endswith((unit, *_kinds().get(unit, ()))):
        return True
    return bool(place and name[: place.start()].endswith(unit))
