"""Linking: who is responsible for a statement, by when (`commitextract.limits`), and how firmly it is promised.

An agency that acts in the statement's own sentence is taken first; a word before or behind its name
tells its role (``lexicons/agency_roles.csv``). Where none stands there, the one that acted last in the passage
is responsible, else the respondent. 我局 and 我们 are the respondent; where the text never names it, the deictic
stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from commitextract.actors import NO_SUPPORT, Actors, choose
from commitextract.agencies import Mention, opens_clause
from commitextract.decoding import Run
from commitextract.features import Reading
from commitextract.header import Header
from commitextract.limits import find_limits
from commitextract.names import Names
from commitextract.ranking import Ranker
from commitextract.reference import Reference
from commitextract.roles import Roles
from commitextract.schema import Agency, Deadline

_CLAUSES_BACK = 30
_SUPPORTS = 0.3  # probability from which an agency supports a statement: the best F1 on development and held-out places
_PASSAGE = 2  # an actor is understood in its own item and the two behind it
_HEDGES = frozenset(("aim", "condition", "wait"))
_WE = re.compile(r"(?:下一步|目前|同时|现|并且?|对此|今后|为此)?我们")


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

    def __init__(self, reading: Reading, header: Header, names: Names, ranker: Ranker | None = None) -> None:
        self._reading = reading
        self._text = reading.layout.text
        self._header = header
        self._reference = Reference(reading.layout, reading.agencies, header, names)
        self._roles = Roles(self._text)
        self._actors = Actors(reading, header, self._reference)
        self._ranker = ranker
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
        for mention in self._reference.within(here.start, here.end):
            if mention.start - here.start <= 4 and self._roles.of(mention).role == "lead":
                return self._reference.name(mention, here.part)
        return None

    def limit(self, clause: int, label: str) -> str | None:
        """Return the time limit that a clause of a commitment holds, or None."""
        if label not in ("planned", "underway"):
            return None
        found = find_limits(self._reading, Run(clause, clause, label, 1.0), self._header.date, clause)
        return (found[-1].edtf or found[-1].text) if found else None

    def _agencies(self, run: Run) -> tuple[Agency, ...]:
        clauses = self._reading.layout.clauses
        part, start, end = clauses[run.first].part, clauses[run.first].start, clauses[run.last].end
        acting = self._acting(start, end, part)
        if self._ranker:
            return self._ranked(run, acting)
        if _WE.match(self._text, start) and (name := self._reference.respondent(part)):
            acting = (Agency(name), *(a for a in acting if a.role == "support"))
        if not any(a.role == "lead" for a in acting):
            acting = (*self._understood(run), *acting)
        unique = {a.name: a for a in reversed(acting)}
        ordered = tuple(a for a in acting if unique[a.name] is a)
        lead = next((a.name for a in ordered if a.role == "lead"), None)
        if lead:
            self._last = _Actor(lead, part, clauses[run.last].item, clauses[run.last].sentence)
        return ordered

    def _ranked(self, run: Run, acting: Sequence[Agency]) -> tuple[Agency, ...]:
        """Return the likeliest lead, those that stand in a list with it, and who supports it."""
        assert self._ranker
        candidates = self._actors.candidates(run)
        chosen = choose(candidates, self._ranker.probabilities([c.features for c in candidates]))
        self._actors.remember(run, chosen.name, chosen.mention is not None)
        supporting = tuple(a for a in acting if a.role == "support" and a.name != chosen.name)
        if self._ranker.knows([NO_SUPPORT]):
            supporting = self._supporting(run, chosen.name)
        if chosen.name is None:
            return supporting
        at = (chosen.mention.start, chosen.mention.end) if chosen.mention else (None, None)
        lead = Agency(chosen.name, "lead", *at)
        listed = [lead]
        for agency in acting:
            if agency.role == "lead" and self._joins(listed[-1], agency) and agency.name != lead.name:
                listed.append(agency)
        led = {a.name for a in listed}
        return (*listed, *(a for a in supporting if a.name not in led))

    def _supporting(self, run: Run, lead: str | None) -> tuple[Agency, ...]:
        """Return the agencies in a statement that support it rather than not."""
        assert self._ranker
        found: dict[str, Agency] = {}
        for c in self._actors.supporters(run, lead):
            assert c.mention and c.name
            if self._ranker.probabilities([c.features, NO_SUPPORT])[0] > _SUPPORTS:
                found.setdefault(c.name, Agency(c.name, "support", c.mention.start, c.mention.end))
        return tuple(found.values())

    def _acting(self, start: int, end: int, part: int) -> tuple[Agency, ...]:
        """Return the agencies that a stretch of text names as acting, in its order."""
        found: list[Agency] = []
        for mention in self._reference.within(start, end):
            role = self._roles.of(mention).role
            if found and self._joins(found[-1], mention):
                if self._roles.behind(mention) == "support" and found[-1].role == "lead":
                    found = self._demoted(found)
                role = found[-1].role
            if role != "none":
                found.append(Agency(self._reference.name(mention, part), role, mention.start, mention.end))  # type: ignore[arg-type]
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
        if agency.end is None or mention.start is None:
            return False
        between = self._text[agency.end : mention.start]
        return bool(re.fullmatch(r"[、和及与]|以及", between))

    def _supports(self, agency: Agency) -> bool:
        behind = self._text[agency.end or 0 :][:6]
        return bool(re.match(r"(?:将|积极|已|会|全力){0,2}(?:配合|协助)", behind))

    def _understood(self, run: Run) -> tuple[Agency, ...]:
        """Return the agency of a statement that names none.

        In this order: the replying unit where the statement says 我们, who acted last in the sentence, who
        opens an earlier clause of it, who acted last in the passage, the replying unit.
        """
        clauses = self._reading.layout.clauses
        first, last = clauses[run.first], self._last
        respondent = self._reference.respondent(first.part)
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
            for mention in self._reference.within(here.start, here.end):
                if self._roles.of(mention).role == "lead" and opens_clause(self._text, mention.start):
                    return Agency(self._reference.name(mention, first.part), "lead", mention.start, mention.end)
        return None

    def _stage_and_strength(self, run: Run) -> tuple[str | None, str | None]:
        """Read a commitment's stage and strength off its cues: 正在 is underway, 力争 and 待 are hedged."""
        if run.label not in ("planned", "underway"):
            return None, None
        rules = {cue.rule for i in range(run.first, run.last + 1) for cue in self._reading.cues[i]}
        return "underway" if "progressive" in rules else "planned", "hedged" if rules & _HEDGES else "firm"
