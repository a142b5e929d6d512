"""Features: what is known of each clause when its label is decided.

`clause_features` names the rules whose cues a clause holds (`commitextract.cues`), what the finders found in it and
where it stands: the features that the weights of ``lexicons/rules.csv`` speak of. `text_features` adds what a trained model
reads besides: characters, words, the same of the neighbouring clauses, the section's heading, length and position.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from commitextract.agencies import Mention
from commitextract.cues import Cue
from commitextract.layout import HEADING_LENGTH, Clause, Layout
from commitextract.lexicons import alternation, table
from commitextract.schema import Deadline, Quantity
from commitextract.segmentation import Word

FEWEST_CLAUSES = 6
"""A text of fewer clauses is a piece of a reply: that it begins and ends says nothing, as a salutation does in a whole one."""
_ACTIONS = frozenset(("action", "done word", "order", "resolve", "start"))


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the finders read in a text; spans are of the normalized text."""

    layout: Layout
    words: Sequence[Sequence[Word]]
    cues: Sequence[Sequence[Cue]]
    agencies: Sequence[Mention]
    times: Sequence[Deadline]
    quantities: Sequence[Quantity]


@cache
def _contexts() -> dict[str, re.Pattern[str]]:
    kinds: dict[str, list[str]] = {}
    for row in table("context"):
        kinds.setdefault(row["context"], []).append(row["cue"])
    return {kind: re.compile(alternation(cues)) for kind, cues in kinds.items()}


def clause_features(reading: Reading) -> list[frozenset[str]]:
    """Return the names of the features of each clause (rows of ``lexicons/rules.csv``)."""
    clauses = reading.layout.clauses
    limits = [time for time in reading.times if (time.edtf or "").startswith("..")]
    holds = {
        "time": _clauses_of(reading.times, clauses),
        "time limit": _clauses_of(limits, clauses),
        "quantity": _clauses_of(reading.quantities, clauses),
    }
    mentions = _mentions_of(reading.agencies, clauses)
    contexts = _context_of(reading.layout)
    found = []
    for i, clause in enumerate(clauses):
        names = {cue.rule for cue in reading.cues[i]}
        if any(cue.start == clause.start and cue.rule in _ACTIONS for cue in reading.cues[i]):
            names.add("opens with action")
        names.update(name for name, where in holds.items() if i in where)
        names.update(mentions.get(i, ()))
        names.update(_place(reading.layout, i))
        if contexts[i]:
            names.add(f"in {contexts[i]}")
        if clause.end - clause.start <= 5:
            names.add("short")
        found.append(frozenset(names))
    return found


def never_a_statement(reading: Reading) -> list[int]:
    """Return the clauses that the guidelines rule out: titles, questions, speeches and headings of items (1.5)."""
    layout = reading.layout
    measured = _clauses_of(reading.times, layout.clauses) | _clauses_of(reading.quantities, layout.clauses)
    measured_sentences = {layout.clauses[i].sentence for i in measured}
    return [
        i
        for i, c in enumerate(layout.clauses)
        if c.title or layout.parts[c.part].kind != "answer" or (_heads_item(c) and c.sentence not in measured_sentences)
    ]


def _heads_item(clause: Clause) -> bool:
    return clause.opens_item and clause.item_goes_on and clause.sentence_length <= HEADING_LENGTH


def headings(layout: Layout) -> dict[int, str]:
    """Return the heading of each item that has one, by the item's number (加快改造进度。我局将…)."""
    found: dict[int, str] = {}
    for clause in layout.clauses:
        if _heads_item(clause):
            found.setdefault(clause.item, layout.text[clause.start : clause.end])
    return found


def _clauses_of(spans: Sequence[Deadline] | Sequence[Quantity], clauses: Sequence[Clause]) -> set[int]:
    where, i = set(), 0
    for span in spans:
        while i < len(clauses) and clauses[i].end <= span.start:
            i += 1
        if i < len(clauses) and clauses[i].start < span.end:
            where.add(i)
    return where


def _mentions_of(mentions: Sequence[Mention], clauses: Sequence[Clause]) -> dict[int, set[str]]:
    """Name, for each clause, the agencies it holds and those that open it (its likely subject)."""
    found: dict[int, set[str]] = {}
    i = 0
    for mention in mentions:
        while i < len(clauses) and clauses[i].end <= mention.start:
            i += 1
        if i < len(clauses) and clauses[i].start < mention.end:
            opens = mention.start - clauses[i].start <= 3
            found.setdefault(i, set()).add(f"{'opens with' if opens else 'holds'} {mention.kind}")
    return found


def _place(layout: Layout, i: int) -> set[str]:
    clause = layout.clauses[i]
    previous = layout.clauses[i - 1] if i else None
    names = {
        "not an answer": layout.parts[clause.part].kind != "answer",
        "title": clause.title,
        "numbered": bool(clause.enumerator),
        "heading": _heads_item(clause),
        "before a colon": clause.mark == "：",
        "ends a sentence": clause.mark in tuple("。；！？"),
        "in a sentence": previous is not None and previous.sentence == clause.sentence,
        "in an item": previous is not None and previous.item == clause.item,
    }
    return {name for name, holds in names.items() if holds}


def _context_of(layout: Layout) -> list[str | None]:
    """Tell for each clause whether a heading or a lead-in has announced plans, work done or background."""
    contexts: list[str | None] = []
    context: str | None = None
    before: tuple[int, str | None] | None = None
    for clause in layout.clauses:
        place = (clause.part, clause.section)
        if place != before:
            context, before = _announced(clause.section or ""), place
        context = _announced(layout.text[clause.start : clause.end]) or context
        contexts.append(context)
    return contexts


def _announced(text: str) -> str | None:
    return next((kind for kind, cues in _contexts().items() if cues.search(text)), None)


Named = Sequence[tuple[str, Sequence[str]]]
"""Features by kind: ``("w:", ["我局", "将"])`` is the features ``w:我局`` and ``w:将``."""


@dataclass(frozen=True, slots=True)
class ClauseFeatures:
    """The features of a clause: those that its neighbours see too, and its own alone."""

    shared: Named
    alone: Named
    joined: bool
    """Whether the clause before is of the same sentence."""


KINDS = ("r:", "w:", "length ", "c:", "b:", "h:", "place ", "-1edge", "+1edge")
NEAR = ("-1s|", "-1o|", "+1s|", "+1o|")
"""What a feature of the clause before or behind is called, in the same sentence or another."""


def text_features(reading: Reading) -> list[list[str]]:
    """Return all features of each clause, those of `clause_features` among them (``r:``).

    ``c:`` two and three characters, ``w:`` a word, ``b:`` two words, ``-1s|`` and ``+1o|`` a feature of the clause before or
    behind (in the same sentence or another), ``h:`` two characters of the section's heading, ``length`` and ``place``.
    """
    clauses = split_features(reading)
    shared = [_names(clause.shared) for clause in clauses]
    found = [[*own, *_names(clause.alone)] for own, clause in zip(shared, clauses, strict=True)]
    for i in range(1, len(clauses)):
        before, behind = NEAR[::2] if clauses[i].joined else NEAR[1::2]
        found[i] += [before + name for name in shared[i - 1]]
        found[i - 1] += [behind + name for name in shared[i]]
    return found


def _names(features: Named) -> list[str]:
    return [kind + value for kind, values in features for value in values]


def split_features(reading: Reading) -> list[ClauseFeatures]:
    """Return the features of `text_features` before those of the neighbours are written out."""
    clauses, text = reading.layout.clauses, reading.layout.text
    headings = {section: _grams(section, 2, 2) for section in {c.section or "" for c in clauses}}
    whole = len(clauses) >= FEWEST_CLAUSES
    found = []
    for i, (clause, rules, words) in enumerate(zip(clauses, clause_features(reading), reading.words, strict=True)):
        tokens = [word.text for word in words]
        length = min(8, (clause.end - clause.start) // 4)
        shared = (("r:", sorted(rules)), ("w:", list(dict.fromkeys(tokens))), ("length ", (str(length),)))
        alone = (
            ("c:", _grams(text[clause.start : clause.end], 2, 3)),
            ("b:", list(dict.fromkeys(f"{a}_{b}" for a, b in pairwise(("<s>", *tokens, "</s>"))))),
            ("h:", headings[clause.section or ""]),
            ("place ", [str(10 * i // len(clauses))] if whole else []),
            ("-1edge", [""] if whole and i == 0 else []),
            ("+1edge", [""] if whole and i == len(clauses) - 1 else []),
        )
        found.append(ClauseFeatures(shared, alone, i > 0 and clauses[i - 1].sentence == clause.sentence))
    return found


def _grams(text: str, shortest: int, longest: int) -> list[str]:
    text = f"^{text}$"
    return list(dict.fromkeys(text[i : i + n] for n in range(shortest, longest + 1) for i in range(len(text) - n + 1)))
