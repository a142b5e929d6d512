"""Respondent: which of the agencies that a part names is the one that replies.

Where no rule is sure (`commitextract.header`), what a reply calls itself (我局), whom its thanks and telephone numbers
name, to whom it was passed on and where a name stands speak for one name or another; a ranker
(`commitextract.ranking`) weighs it, with what the rules say. The last candidate is that the text never names it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commitextract.agencies import Mention
from commitextract.layout import Part
from commitextract.names import PLACES, Names, core, is_unit, kinds

Choice = tuple[str | None, tuple[str, ...]]
"""A name, and the features that speak for it or against it."""

_ANY_UNIT = ("单位", "部门")
_MOST = 8  # names at the beginning, and at the end
_MOST_MENTIONS = 6
_SENTENCE = 80  # characters to either side in which 我局 and a name stand in one sentence
_TOLD = re.compile(r"[^，。；]{0,8}(?:电话|联系|咨询|反映|工作的|事业)|高度重视|十分重视|非常重视|立即|回复|答复")
_ASKED = re.compile(r"(?:联系|咨询|致电|拨打|感谢[您你]?对|我们|登录|关注)[^，。；]{0,4}$")
_PASSED_ON = re.compile(r"(?:转|交|交由|转交|交办|责成|要求|批转)$")


def candidates(
    text: str, part: Part, mentions: Sequence[Mention], names: Names, rules: Mapping[str, str]
) -> list[Choice]:
    """Return the names that the replying unit of a part may have, the last that it has none.

    Parameters
    ----------
    text : str
        The normalized text.
    part : Part
        The part of it.
    mentions : sequence of Mention
        The agencies in the text.
    names : Names
        Every name in it, and the fullest forms.
    rules : mapping of str to str
        What rules take for the respondent, by their names.

    Examples
    --------
    >>> from commitextract.agencies import find_names
    >>> text = "已转市教育局有关部门办理。我局将改正。"
    >>> found = find_names(text)
    >>> [name for name, _ in candidates(text, Part(0, len(text), "answer"), found, Names(found, text), {})]
    ['市教育局有关部门', '市教育局', None]
    """
    here = [m for m in mentions if part.start <= m.start < part.end]
    named = [m for m in names.mentions if part.start <= m.start < part.end and len(m.text) > 1]
    own = [m for m in here if m.kind == "deictic" and m.text[0] in "我本"]
    units = Counter(m.text[1:] for m in own if m.text[1:] not in _ANY_UNIT)
    by_name: dict[str, list[Mention]] = {}
    for m in [*named, *_shorter([*named, *(m for m in here if m.kind == "generic")], units)]:
        by_name.setdefault(names.fullest(m.text), []).append(m)
    ruled: dict[str, list[str]] = {}
    for rule, name in rules.items():
        ruled.setdefault(names.fullest(name), []).append(rule)
        by_name.setdefault(names.fullest(name), [])
    fitting = {n for n in by_name if any(is_unit(core(n), unit) for unit in units)}
    order = list(by_name)
    kept = {*order[:_MOST], *order[-_MOST:], *fitting, *ruled}
    order = [name for name in order if name in kept][: 3 * _MOST]
    about = _About(text, part, own, units, len(fitting))
    most = max(map(len, by_name.values()), default=0)
    found: list[Choice] = []
    for name in order:
        features = [*about.features(name, by_name[name]), *(f"rule: {rule}" for rule in ruled.get(name, ()))]
        longer = any(name != other and name in other for other in order)
        features += [f"has a longer form {longer}", f"named most often {len(by_name[name]) == most}"]
        features += [f"of {min(len(by_name), 6)} names", f"first {name == order[0]}", f"last {name == order[-1]}"]
        found.append((name, tuple(f"replies: {feature}" for feature in features)))
    nobody = [f"names {min(len(by_name), 6)}", f"fitting {min(len(fitting), 3)}", f"rules {bool(rules)}"]
    nobody += [f"own {bool(own)} units {min(2, len(units))}", f"我们 {'我们' in text[part.start : part.end]}"]
    nobody += [f"calls itself {unit}" for unit in sorted(units)]
    return [*found, (None, ("replies: nobody", *(f"replies: nobody, {feature}" for feature in nobody)))]


def _shorter(mentions: Sequence[Mention], units: Mapping[str, int]) -> Iterator[Mention]:
    """Yield the beginnings of names that a unit which calls itself so may have: 市教育局 in 市教育局有关部门."""
    for m in mentions:
        for unit in units:
            for ending in (unit, *kinds().get(unit, ())):
                end = m.text.find(ending, 1) + len(ending)
                if len(ending) + (ending not in PLACES) < end < len(m.text):
                    yield Mention(m.start, m.start + end, m.text[:end], "name")


@dataclass(frozen=True, slots=True)
class _About:
    """What is asked of every name in a part; `units` are what the unit calls itself, without 我."""

    text: str
    part: Part
    own: Sequence[Mention]
    units: Mapping[str, int]
    fitting: int

    def features(self, name: str, mentions: Sequence[Mention]) -> Iterator[str]:
        fits = str(any(is_unit(core(name), unit) for unit in self.units)) if self.units else "no unit"
        yield f"fits {fits}"
        yield f"fits {fits} of {min(self.fitting, 3)}"
        yield from (f"ends {name[-n:]}" for n in (1, 2))
        yield f"ends {name[-1:]} fits {fits}"
        yield f"length {min(len(name), 9)}"
        yield f"times {min(len(mentions), 4)}"
        yield f"times {min(len(mentions), 4)} fits {fits}"
        seen = {feature for m in mentions[:_MOST_MENTIONS] for feature in self._around(m, fits)}
        for which, m in (("first", mentions[0]), ("last", mentions[-1])) if mentions else ():
            to_end = _distance(self.part.end - m.end)
            seen |= {f"{which} from start {_distance(m.start - self.part.start)}", f"{which} from end {to_end}"}
            seen.add(f"{which} from end {to_end} fits {fits}")
        yield from sorted(seen)

    def _around(self, m: Mention, fits: str) -> Iterator[str]:
        text = self.text
        before = text[max(0, m.start - 8) : m.start]
        yield f"kind {m.kind}"
        yield from (f"after {before[-n:]}" for n in (1, 2, 3))
        yield from (f"before {text[m.end : m.end + n]}" for n in (1, 2, 3, 4))
        yield f"told {bool(_TOLD.match(text, m.end))}"
        yield f"asked {bool(_ASKED.search(before))}"
        yield f"passed on {bool(_PASSED_ON.search(before))}"
        start = max(text.rfind(mark, max(0, m.start - _SENTENCE), m.start) for mark in "。！？；\n") + 1
        ends = (text.find(mark, m.end, m.end + _SENTENCE) for mark in "。！？；\n")
        end = min((at for at in ends if at >= 0), default=m.end + _SENTENCE)
        beside = any(max(start, m.start - _SENTENCE) <= other.start < end for other in self.own)
        yield f"beside own {beside} fits {fits}"


def _distance(characters: int) -> int:
    return next((i for i, most in enumerate((5, 15, 40, 80, 160, 400)) if characters <= most), 6)
