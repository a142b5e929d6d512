"""The rule labeller: how strongly what stands in and around a clause speaks for each label.

A clause has features: the rules whose cues it holds (`commitextract.cues`), what the finders found in it
and where it stands (`clause_features`). Every feature has a weight for every label in
``lexicons/rules.csv``; the sum is the clause's score for the label (`RuleClassifier`). Which labels
neighbouring clauses take together is decided by `commitextract.decoding`.

The weights are those of a conditional random field over these features, fitted on the training split and
rounded to a tenth, so that they can be read and changed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from commitextract.agencies import Mention
from commitextract.cues import Cue
from commitextract.layout import HEADING_LENGTH, Clause, Layout
from commitextract.lexicons import alternation, table
from commitextract.schema import Deadline, Quantity

_ACTIONS = frozenset(("action", "done word", "order", "resolve", "start"))
CLAUSE_LABELS = ("none", "ACHIEVEMENT", "planned", "underway", "REFUSAL")
"""A clause's label: a statement's label, a commitment told apart by its stage, or none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the finders read in a text; spans are of the normalized text."""

    layout: Layout
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
        "heading": clause.opens_item and clause.item_goes_on and clause.sentence_length <= HEADING_LENGTH,
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


@cache
def _weights() -> dict[str, NDArray[np.float64]]:
    return {row["feature"]: np.array([float(row[label] or 0) for label in CLAUSE_LABELS]) for row in table("rules")}


class RuleClassifier:
    """Scores clauses by the weights of ``lexicons/rules.csv``; there is nothing to train.

    Known limits: statement F1 0.5 to 0.6 against gold where people reach 0.94; a clause without a
    cue gets its label from its neighbours alone. It is the baseline of every score table and the mode
    that needs no model.
    """

    def scores(self, features: Sequence[frozenset[str]]) -> NDArray[np.float64]:
        """Return a score (log-odds) for each clause and label, shape (clauses, labels)."""
        weights = _weights()
        rows = [sum((weights[name] for name in names if name in weights), weights["(always)"]) for names in features]
        return np.array(rows).reshape(len(features), len(CLAUSE_LABELS))

    def transitions(self) -> NDArray[np.float64]:
        """Return the score of each label (column) behind each label (row)."""
        weights = _weights()
        return np.array([weights[f"(after {label})"] for label in CLAUSE_LABELS])
