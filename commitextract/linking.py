"""Linking: who is responsible for a statement, by when (`commitextract.limits`), and how firmly it is promised.

An agency that acts in the statement's own sentence is taken first; a word before or behind its name
tells its role (``lexicons/agency_roles.csv``). Where none stands there, the one that acted last in the passage
is responsible, else the respondent. 我局 and 我们 are the respondent; where the text never names it, the deictic
stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache

from commitextract.agencies import Mention
from commitextract.decoding import Run
from commitextract.features import Reading
from commitextract.header import Header
from commitextract.lexicons import alternation, table
from commitextract.limits import find_limits
from commitextract.names import Names
from commitextract.schema import Agency, Deadline

_PLACES = ("省", "市", "县", "区", "州", "村")
_REACH = 2000  # characters back to the name that 该局 stands for
_CLAUSES_BACK = 30
_PASSAGE = 2  # an actor is understood in its own item and the two behind it
_HEDGES = frozenset(("aim", "condition", "wait"))
_WE = re.compile(r"(?:下一步|目前|同时|现|并且?|对此|今后|为此)?我们")
_LEAD_IN = re.compile(
    r"(?:前期|至今|会议决定|一是|二是|三是|目前|现在?|下一步|同时|并且?|但是?|此外|随后|今后|后续|为此|对此|近日|去年|今年|当[日天]|由|经|另外|因此|所以|而|且|还|也|其中|[0-9年月日上下午旬底初末至起]{1,14}|[“（\s]){0,4}"
)


@dataclass(frozen=True, slots=True)
class Links:
    """What is linked to one statement; spans are of the normalized text."""

    agencies: tuple[Agency, ...]
    deadlines: tuple[Deadline, ...]
    stage: str | None
    strength: str | None


@dataclass(frozen=True, slots=True)
class _Actor:
    """Who acted in a statement, and where it stands."""

    name: str
    part: int
    item: int
    sentence: int


@cache
def _roles(where: str) -> tuple[re.Pattern[str], dict[str, str]]:
    roles = {row["term"]: row["role"] for row in table("agency_roles") if row["where"] == where}
    words = alternation(roles)
    return re.compile(f"{words}$" if where == "before" else f"{words}"), roles


class Linker:
    """Links the statements of one reply, in their order (it remembers who acted last).

    Parameters
    ----------
    reading : Reading
        What the finders found.
    header : Header
        The respondents of the parts.
    names : Names
        The fullest forms of the agencies' names.
    """

    def __init__(self, reading: Reading, header: Header, names: Names) -> None:
        self._reading = reading
        self._text = reading.layout.text
        self._header = header
        self._names = names
        self._starts = [m.start for m in reading.agencies]
        self._last: _Actor | None = None
        self._linked = 0

    def link(self, run: Run) -> Links:
        """Return what belongs to the statement of the clauses ``run.first`` to ``run.last``."""
        deadlines = find_limits(self._reading, run, self._header.date, self._linked)
        self._linked = run.last + 1
        return Links(self._agencies(run), deadlines, *self._stage_and_strength(run))

    def actor(self, clause: int) -> str | None:
        """Return the name of the agency that opens a clause and acts there, or None."""
        here = self._reading.layout.clauses[clause]
        for mention in self._within(here.start, here.end):
            if mention.start - here.start <= 4 and self._role(mention) == "lead":
                return self._name(mention, here.part)
        return None

    def _agencies(self, run: Run) -> tuple[Agency, ...]:
        clauses = self._reading.layout.clauses
        part, start, end = clauses[run.first].part, clauses[run.first].start, clauses[run.last].end
        acting = self._acting(start, end, part)
        if _WE.match(self._text, start) and (name := self._respondent(part)):
            acting = (Agency(name), *(a for a in acting if a.role == "support"))
        if not any(a.role == "lead" for a in acting):
            acting = (*self._understood(run), *acting)
        unique = {a.name: a for a in reversed(acting)}
        ordered = tuple(a for a in acting if unique[a.name] is a)
        lead = next((a.name for a in ordered if a.role == "lead"), None)
        if lead:
            self._last = _Actor(lead, part, clauses[run.last].item, clauses[run.last].sentence)
        return ordered

    def _acting(self, start: int, end: int, part: int) -> tuple[Agency, ...]:
        """Return the agencies that a stretch of text names as acting, in its order."""
        found: list[Agency] = []
        for mention in self._within(start, end):
            role = self._role(mention)
            if found and self._joins(found[-1], mention):
                if self._role_behind(mention) == "support" and found[-1].role == "lead":
                    found = self._demoted(found)
                role = found[-1].role
            if role != "none":
                found.append(Agency(self._name(mention, part), role, mention.start, mention.end))  # type: ignore[arg-type]
        if len(found) > 1 and found[0].role == found[1].role == "lead" and self._supports(found[0]):
            found[0] = replace(found[0], role="support")
        return tuple(found)

    def _demoted(self, found: list[Agency]) -> list[Agency]:
        """Make support of the names that a list begins with: 市财政局、市公安局配合."""
        at = len(found) - 1
        while at and self._joins(found[at - 1], found[at]):
            at -= 1
        return [*found[:at], *(replace(a, role="support") for a in found[at:])]

    def _joins(self, agency: Agency, mention: Mention | Agency) -> bool:
        between = self._text[agency.end : mention.start]
        return bool(re.fullmatch(r"[、和及与]|以及", between))

    def _supports(self, agency: Agency) -> bool:
        behind = self._text[agency.end or 0 :][:6]
        return bool(re.match(r"(?:将|积极|已|会|全力){0,2}(?:配合|协助)", behind))

    def _opens_clause(self, mention: Mention) -> bool:
        """Whether nothing but connectives and a time stands before the mention in its clause."""
        start = max(self._text.rfind(mark, 0, mention.start) for mark in "，。；：！？\n") + 1
        return bool(_LEAD_IN.fullmatch(self._text[start : mention.start]))

    def _within(self, start: int, end: int) -> list[Mention]:
        first = bisect_left(self._starts, start)
        return [m for m in self._reading.agencies[first : bisect_left(self._starts, end)] if m.end <= end]

    def _role(self, mention: Mention) -> str:
        """Return lead, support or none by the words around a mention."""
        behind = self._role_behind(mention)
        if behind in ("none", "support"):
            return behind
        before, roles = _roles("before")
        ahead = before.search(self._text[max(0, mention.start - 6) : mention.start])
        if ahead:
            return roles[ahead.group()]
        if self._opens_clause(mention):
            return "lead"
        unit = mention.kind in ("name", "deictic") and mention.text[1:] not in _PLACES
        return "lead" if behind == "lead" and unit else "none"

    def _role_behind(self, mention: Mention) -> str | None:
        pattern, roles = _roles("behind")
        m = pattern.match(self._text[mention.end : mention.end + 6])
        return roles[m.group()] if m else None

    def _understood(self, run: Run) -> tuple[Agency, ...]:
        """Return the agency of a statement that names none.

        In this order: the replying unit where the statement says 我们, who acted last in the sentence, who
        opens an earlier clause of it, who acted last in the passage, the replying unit.
        """
        clauses = self._reading.layout.clauses
        first, last = clauses[run.first], self._last
        respondent = self._respondent(first.part)
        if "我们" in self._text[first.start : clauses[run.last].end] and respondent:
            return (Agency(respondent),)
        if last and last.sentence == first.sentence:
            return (Agency(last.name),)
        earlier = self._earlier_in_sentence(run.first)
        if earlier:
            return (earlier,)
        near = last and last.part == first.part and first.item - last.item <= _PASSAGE
        if last and respondent and first.item != last.item and self._enumerated(run.first):
            near = False
        name = last.name if last and near else respondent
        return (Agency(name),) if name else ()

    def _enumerated(self, index: int) -> bool:
        """Whether the item of a clause opens with a number in brackets or figures: （三）, 3."""
        clauses = self._reading.layout.clauses
        while index and clauses[index - 1].item == clauses[index].item:
            index -= 1
        return bool(re.match("[（(0-9]", clauses[index].enumerator))

    def _earlier_in_sentence(self, index: int) -> Agency | None:
        clauses = self._reading.layout.clauses
        first = clauses[index]
        furthest = max(0, index - _CLAUSES_BACK)
        while index > furthest and clauses[index - 1].sentence == first.sentence:
            index -= 1
            here = clauses[index]
            for mention in self._within(here.start, here.end):
                if self._role(mention) == "lead" and self._opens_clause(mention):
                    return Agency(self._name(mention, first.part), "lead", mention.start, mention.end)
        return None

    def _respondent(self, part: int) -> str | None:
        return self._header.respondents[part] or self._deictic(part)

    def _deictic(self, part: int) -> str | None:
        """Return what the replying unit of a part calls itself (我局), or None."""
        span = self._reading.layout.parts[part]
        for m in self._within(span.start, span.end):
            if m.kind == "deictic" and m.text[0] in "我本" and m.text[1:] not in _PLACES:
                return self._names.own(m.text) or m.text
        return None

    def _name(self, mention: Mention, part: int) -> str:
        if mention.kind != "deictic":
            return self._names.fullest(mention.text)
        if mention.text[0] == "该":
            return self._antecedent(mention) or mention.text
        respondent, unit = self._header.respondents[part], mention.text[1:]
        if respondent and _is_unit(respondent, unit):
            return respondent
        return self._names.own(mention.text) or mention.text

    def _antecedent(self, mention: Mention) -> str | None:
        """Return the agency before 该局 or 该公司 that ends in 局 or 公司."""
        for earlier in reversed(self._within(max(0, mention.start - _REACH), mention.start)):
            if earlier.kind != "deictic" and earlier.text.endswith(mention.text[1:]):
                return self._names.fullest(earlier.text)
        return None

    def _stage_and_strength(self, run: Run) -> tuple[str | None, str | None]:
        """Read a commitment's stage and strength off its cues: 正在 is underway, 力争 and 待 are hedged."""
        if run.label not in ("planned", "underway"):
            return None, None
        rules = {cue.rule for i in range(run.first, run.last + 1) for cue in self._reading.cues[i]}
        return "underway" if "progressive" in rules else "planned", "hedged" if rules & _HEDGES else "firm"


def _is_unit(respondent: str, unit: str) -> bool:
    """Whether the respondent can call itself 我 + unit: 我局, 我镇 (a 镇人民政府), 我单位."""
    if unit in ("单位", "处", "办", "部门", "中心", "司", "公司", "校", "院", "站", "所", "委"):
        return True
    place = re.search(r"(?:人民政府|政府|党委|办事处)$", respondent)
    return respondent.endswith(unit) or bool(place and respondent[: place.start()].endswith(unit))
