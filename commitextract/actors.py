"""Actors: who may lead a statement, and what is known of each candidate.

The candidates are the agencies in the statement, before it in its sentence and its item, those that led the statements
before it, the replying unit, and none. `Candidate.features` names what a ranker (`commitextract.ranking`) reads of each: how it is
named, where it stands, the words around it, how the statement opens and what led before. Who supports a statement is asked of every
other agency in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from commitextract.agencies import Mention
from commitextract.decoding import Run
from commitextract.features import Reading
from commitextract.header import Header
from commitextract.lexicons import alternation, terms
from commitextract.reference import Meaning, Reference
from commitextract.roles import Roles

_BEFORE, _IN_ITEM = 5, 3
"""So many mentions before the statement in its sentence, and before that in its item, are candidates."""


NO_SUPPORT = ("supports: not",)
"""The features of not supporting a statement."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agency that may lead a statement; ``name`` is None for no agency at all."""

    name: str | None
    mention: Mention | None
    features: tuple[str, ...]


def choose(candidates: Sequence[Candidate], probabilities: Sequence[float]) -> Candidate:
    """Return the likeliest candidate of the likeliest name; one with a mention stands for its name if there is one."""
    total: dict[str | None, float] = {}
    for candidate, p in zip(candidates, probabilities, strict=True):
        total[candidate.name] = total.get(candidate.name, 0.0) + p
    name = max(total, key=lambda n: total[n])
    same = [(p, c) for c, p in zip(candidates, probabilities, strict=True) if c.name == name]
    return max(same, key=lambda pair: (pair[1].mention is not None, pair[0]))[1]


@dataclass(frozen=True, slots=True)
class Led:
    """A statement and who led it."""

    run: Run
    name: str | None
    mentioned: bool


class Actors:
    """The candidates for the lead of one reply's statements, asked for in their order.

    Parameters
    ----------
    reading, header, reference
        What is known of the reply.
    """

    def __init__(self, reading: Reading, header: Header, reference: Reference) -> None:
        self._clauses = reading.layout.clauses
        self._text = reading.layout.text
        self._type = reading.layout.doc_type
        self._header = header
        self._reference = reference
        self._roles = Roles(self._text)
        self._led: list[Led] = []
        self._times_led: Counter[str | None] = Counter()

    def remember(self, run: Run, name: str | None, mentioned: bool) -> None:
        """Take note of who leads a statement."""
        self._led.append(Led(run, name, mentioned))
        self._times_led[name] += 1

    def candidates(self, run: Run) -> list[Candidate]:
        """Return who may lead a statement; the last candidate is nobody."""
        part = self._clauses[run.first].part
        common = self._opening(run)
        found: list[Candidate] = []
        for number, (where, mention) in enumerate(self._mentions(run)):
            around = self._around(mention, run, where, number, common)
            for meaning in self._reference.names(mention, part):
                known = self._known(meaning.name, run, where)
                found.append(Candidate(meaning.name, mention, (*around, *known, *_means(meaning))))
        found += self._former(run, common)
        for meaning in self._reference.respondents(part):
            about = self._of_respondent(meaning.name, run, common, found)
            found.append(Candidate(meaning.name, None, (*about, *_means(meaning))))
        return [*found, Candidate(None, None, self._of_nobody(run, common, found))]

    def supporters(self, run: Run, lead: str | None) -> list[Candidate]:
        """Return the agencies that a statement names besides its lead; each supports it or not (`NO_SUPPORT`)."""
        first, found, behind = self._clauses[run.first], [], -1
        for m in self._reference.within(first.start, self._clauses[run.last].end):
            joined = behind >= 0 and self._text[behind : m.start] in ("、", "和", "及", "与", "以及")
            features = [*self._part(m, first.start), f"joined {joined}", run.label]
            features.append(f"joined {joined} {features[0]}")
            name = self._reference.name(m, first.part)
            found.append(Candidate(name, m, tuple(f"supports: {feature}" for feature in features)))
            behind = m.end
        return [candidate for candidate in found if candidate.name != lead]

    def _part(self, m: Mention, start: int) -> list[str]:
        """Say what the words around a mention in a statement tell of its part in it."""
        role, before, behind, opens = self._roles.of(m)
        text = self._text
        clause = max(text.rfind(mark, start, m.start) for mark in "，。；：！？\n") + 1
        names = [f"role {role}", f"role {role} {m.kind}", m.kind, f"opens {opens}"]
        names += [f"told before by {before}", f"told behind by {behind}"]
        names += [f"after {text[max(0, m.start - n) : m.start]}" for n in (1, 2, 3)]
        names += [f"before {text[m.end : m.end + n]}" for n in (1, 2, 3)]
        names += [f"ends {m.text[-n:]}" for n in (1, 2)]
        names += [f"behind {cue}" for cue in _together().findall(text, max(clause, start, m.start - 30), m.start)]
        names += [f"followed by {cue}" for cue in _together().findall(text, m.end, m.end + 12)]
        return names

    def _of_nobody(self, run: Run, common: Sequence[str], others: Sequence[Candidate]) -> tuple[str, ...]:
        kind = _kind(self._reference.respondent(self._clauses[run.first].part))
        state = (f"respondent {kind}", f"led {bool(self._led)}", f"mentions {bool(others)}", str(self._type))
        return ("nobody", *(f"nobody, {name}" for name in (run.label, *state, *common)))

    def _mentions(self, run: Run) -> list[tuple[str, Mention]]:
        """Return the mentions in the statement, and before it in its sentence and its item."""
        first = self._clauses[run.first]
        sentence, item = self._start(run.first, "sentence"), self._start(run.first, "item")
        inside = self._reference.within(first.start, self._clauses[run.last].end)[:12]
        before = self._reference.within(sentence, first.start)[-_BEFORE:]
        earlier = self._reference.within(item, sentence)[-_IN_ITEM:]
        return [("statement", m) for m in inside] + [("sentence", m) for m in before] + [("item", m) for m in earlier]

    def _start(self, index: int, of: str) -> int:
        number = getattr(self._clauses[index], of)
        furthest = max(0, index - 40)
        while index > furthest and getattr(self._clauses[index - 1], of) == number:
            index -= 1
        return self._clauses[index].start

    def _opening(self, run: Run) -> list[str]:
        """Say how a statement opens and how it stands to the one before."""
        first = self._clauses[run.first]
        text = self._text[first.start : self._clauses[run.last].end]
        names = [f"opens {text[:2]}", f"opens {text[:1]}", f"label {run.label}"]
        names += ["we"] * ("我们" in text) + ["we opens"] * text.startswith("我们")
        names += ["numbered"] * bool(first.enumerator) + ["opens item"] * first.opens_item
        cut = self._text[self._start(run.first, "sentence") : first.start]
        names += ["we before"] * ("我们" in cut)
        names += [f"subject {self._subject(first.start, first.end)}", f"subject before {self._subject_before(run)}"]
        if not self._led:
            return [*names, "first"]
        last = self._led[-1].run
        before = self._clauses[last.last]
        near = "sentence" if before.sentence == first.sentence else "item" if before.item == first.item else None
        gap = min(first.item - before.item, 4)
        return [*names, f"behind {last.label} {run.label}", f"near {near or gap}"]

    def _subject(self, start: int, end: int) -> str:
        """Say which kind of agency opens a clause, and in which role."""
        for m in self._reference.within(start, end)[:3]:
            role = self._roles.of(m)
            if role.opens or role.role == "lead":
                return f"{m.kind} {role.role}"
        return "none"

    def _subject_before(self, run: Run) -> str:
        """Say which kind of agency opened a clause between the statement before and this one, in its sentence."""
        index, sentence = run.first, self._clauses[run.first].sentence
        furthest = max(self._led[-1].run.last if self._led else -1, index - 12)
        while index - 1 > furthest and self._clauses[index - 1].sentence == sentence:
            index -= 1
            here = self._subject(self._clauses[index].start, self._clauses[index].end)
            if here != "none":
                return here
        return "none"

    def _around(self, m: Mention, run: Run, where: str, number: int, common: Sequence[str]) -> list[str]:
        role, before, behind, opens = self._roles.of(m)
        text, at = self._text, f"{where}, "
        names = [
            at + m.kind,
            f"{at}role {role}",
            f"{at}opens {opens}",
            f"{at}ends {m.text[-2:]}",
            f"{at}ends {m.text[-1:]}",
            f"{at}starts {m.text[:2]}",
        ]
        side = "inside, " if where == "statement" else "outside, "
        names += [f"told before by {before}", f"told behind by {behind}", f"{at}role {role} {m.kind} {opens}"]
        names += [f"{side}after {text[max(0, m.start - n) : m.start]}" for n in (1, 2)]
        names += [f"{side}before {text[m.end : m.end + n]}" for n in (1, 2)]
        names += [f"{at}length {min(len(m.text), 8)}", f"{at}number {min(number, 4)}", f"{at}{run.label}"]
        clause_start = max(text.rfind(mark, max(0, m.start - 60), m.start) for mark in "，。；：！？\n") + 1
        if where == "statement":
            first = clause_start <= self._clauses[run.first].start
            names += [
                f"in its first clause {first}, opens {opens}",
                f"characters into it {min(m.start - self._clauses[run.first].start, 12)}",
            ]
        else:
            names += [f"{at}clauses between {min(5, text.count('，', m.end, self._clauses[run.first].start))}"]
            names += [f"{at}{c}" for c in common]
        return names

    def _known(self, name: str, run: Run, where: str) -> list[str]:
        """Say whether a name is the replying unit's and whether it led before."""
        respondent = self._reference.respondent(self._clauses[run.first].part)
        return [
            f"{where}, is respondent {name == respondent} {_kind(respondent)}",
            f"{where}, led last {bool(self._led) and self._led[-1].name == name}",
            f"{where}, led {min(self._times_led[name], 3)} before",
        ]

    def _former(self, run: Run, common: Sequence[str]) -> list[Candidate]:
        """Return those who led the statement before, and another one before that."""
        first = self._clauses[run.first]
        found: list[Candidate] = []
        seen: set[str] = set()
        respondent = self._reference.respondent(first.part)
        for led in reversed(self._led[-8:]):
            here = self._clauses[led.run.last]
            if led.name is None or led.name in seen or here.part != first.part or len(seen) == 2:
                continue
            at = "led last, " if not seen else "led before, "
            same = "sentence" if here.sentence == first.sentence else "item" if here.item == first.item else "other"
            gap = min(first.item - here.item, 5)
            names = [at, f"{at}{same}", f"{at}items {gap}", f"{at}{same} {led.mentioned}", f"{at}ends {led.name[-2:]}"]
            names += [f"{at}{same} {c}" for c in common] + [f"{at}{c}" for c in common]
            names += [f"{at}respondent {led.name == respondent} {_kind(respondent)} {same}"]
            names += [f"{at}{led.run.label} {run.label} {same}", f"{at}{_kind(led.name)}"]
            names += [f"{at}led {min(4, self._times_led[led.name])}"]
            seen.add(led.name)
            found.append(Candidate(led.name, None, tuple(names)))
        return found

    def _of_respondent(
        self, name: str, run: Run, common: Sequence[str], others: Sequence[Candidate]
    ) -> tuple[str, ...]:
        kind = _kind(name)
        names = ["respondent", f"respondent {kind}", f"respondent, {self._type}", f"respondent, {run.label}"]
        names += [f"respondent {kind}, {c}" for c in common] + [f"respondent led {self._times_led[name] > 0}"]
        names += [f"respondent named {any(c.name == name for c in others)}", f"respondent ends {name[-2:]}"]
        return tuple(names)


@cache
def _together() -> re.Pattern[str]:
    return re.compile(alternation(terms("agency_together")))


def _means(meaning: Meaning) -> list[str]:
    return [f"means {how}" for how in meaning.how]


def _kind(name: str | None) -> str:
    return "none" if name is None else "deictic" if re.match("[我本]", name) else "named"
