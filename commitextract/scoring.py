"""Scoring: one reply, gold against pred, as counts, errors and what the report groups by.

Counts of several replies add up, so every figure of a corpus can be derived from its replies' (`commitextract.evaluation`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commitextract import matching
from commitextract.agencies import find_places
from commitextract.errors import Error, Page, find_errors
from commitextract.matching import pair
from commitextract.normalization import simplify
from commitextract.schema import LABELS, Deadline, Reply, Span, Statement
from commitextract.statistics import Counts

METRICS = {
    "statements": "statements with the right label that overlap by half or more (IoU >= 0.5)",
    "statements/exact": "statements with the right label and exactly the right extent",
    "clauses": "clauses that stand in a statement of the right label",
    "stage": "planned or underway, where a commitment is found",
    "strength": "firm or hedged, where a commitment is found",
    "lead agency": "the leading agency is one of the right ones, where the statement is found",
    "lead agencies": "names of leading agencies, where the statement is found",
    "support agencies": "names of supporting agencies, where the statement is found",
    "agency mentions": "exact spans of the agencies' mentions",
    "deadlines": "deadlines with the right value (EDTF) that overlap by half or more",
    "deadline spans": "deadlines that overlap by half or more",
    "linked deadlines": "deadlines with the right value at the right statement",
    "quantities": "quantities with the right value and unit that overlap by half or more",
    "quantity spans": "exact spans of quantities",
    "quantity values": "the number, where a quantity's span is found",
    "quantity units": "the unit, where a quantity's span is found",
    "quantity objects": "what is counted, where the quantity is found",
    "quantity modifiers": "about, at least, over …, where the quantity is found",
    "records": "commitments with the right lead agency, deadlines and quantities: whole rows of the ledger",
}
"""What is counted; the first three also by label (``statements:COMMITMENT``), with the mean over the labels as ``…:macro``."""

BY_LABEL = ("statements", "statements/exact", "clauses")
CLAUSE_LABELS = (*LABELS, "none")
LENGTHS = ((200, "under 200"), (500, "200 to 500"), (1500, "500 to 1500"))
NOISY = 0.02
"""A reply is noisy if so much of it is no text of its own: pinyin in brackets, entities, odd spaces, breaks in a sentence."""
TRADITIONAL = 0.02


@dataclass(frozen=True)
class DocumentScore:
    """How one reply was read.

    Parameters
    ----------
    id : str
        The reply's id.
    slices : mapping of str to str
        What kind of reply it is: ``doc_type``, ``length``, ``noise``, ``script``, ``place``, ``plan``.
    counts : mapping of str to Counts
        By metric (``METRICS``); what stands in neither gold nor pred is left out.
    confusion : tuple of tuple of int
        Clauses by their label in the gold (row) and in the pred (column), in the order of ``CLAUSE_LABELS``.
    predictions : tuple of (str, float, bool)
        The label and the score of each predicted statement, and whether it is right.
    days_off : tuple of int
        How many days the predicted last day of a deadline lies behind the right one, where its span was found.
    errors : tuple of Error
        What is wrong, in the order of the text.
    """

    id: str
    slices: Mapping[str, str]
    counts: Mapping[str, Counts]
    confusion: tuple[tuple[int, ...], ...]
    predictions: tuple[tuple[str, float, bool], ...]
    days_off: tuple[int, ...]
    errors: tuple[Error, ...] = ()

    def count(self, metric: str) -> Counts:
        """Return the counts of a metric, zeros where there is nothing."""
        return self.counts.get(metric, Counts())

    def to_dict(self, *, errors: bool = True) -> dict[str, Any]:
        """Return it as plain data for JSON; ``errors=False`` leaves out all that quotes the reply."""
        return {
            "id": self.id,
            "slices": dict(self.slices),
            "counts": {name: [c.right, c.gold, c.pred] for name, c in self.counts.items()},
            "confusion": [list(row) for row in self.confusion],
            "predictions": [list(p) for p in self.predictions],
            "days_off": list(self.days_off),
            "errors": [e.to_dict() for e in self.errors] if errors else [],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DocumentScore:
        """Build it from `to_dict`'s form."""
        return cls(
            data["id"],
            dict(data["slices"]),
            {name: Counts(*numbers) for name, numbers in data["counts"].items()},
            tuple(tuple(row) for row in data["confusion"]),
            tuple((label, float(score), bool(right)) for label, score, right in data["predictions"]),
            tuple(data["days_off"]),
            tuple(Error.from_dict(e) for e in data["errors"]),
        )


def score_reply(gold: Reply, pred: Reply, page: Page) -> DocumentScore:
    """Score one reply.

    Parameters
    ----------
    gold, pred : Reply
        The same text twice.
    page : Page
        Its clauses and what stands in them.
    """
    pairs = pair(gold.statements, pred.statements, matching.same_label)
    ours, theirs = (matching.labels_of(page.clauses, reply) for reply in (gold, pred))
    table = Counter(zip(ours, theirs, strict=True))
    right = {id(p) for _, p in pairs}
    deadlines = pair(gold.deadlines, pred.deadlines)
    counts = _statement_counts(gold.statements, pred.statements, pairs) | _clause_counts(table)
    counts |= _linked_counts(gold, pred, pairs) | _span_counts(gold, pred)
    return DocumentScore(
        gold.id or "",
        _slices(gold, page),
        {name: c for name, c in counts.items() if c.gold or c.pred},
        tuple(tuple(table[g, p] for p in CLAUSE_LABELS) for g in CLAUSE_LABELS),
        tuple((s.label, s.score, id(s) in right) for s in pred.statements),
        tuple(days for g, p in deadlines if (days := _days_off(g, p)) is not None),
        tuple(find_errors(gold, pred, pairs, page)),
    )


def _statement_counts(
    gold: Sequence[Statement], pred: Sequence[Statement], pairs: Sequence[tuple[Statement, Statement]]
) -> dict[str, Counts]:
    exact = [(s.start, s.end, s.label) for s in gold]
    found = Counter(exact) & Counter((s.start, s.end, s.label) for s in pred)
    counts = {}
    for label in LABELS:
        n_gold, n_pred = (sum(s.label == label for s in statements) for statements in (gold, pred))
        counts[f"statements:{label}"] = Counts(sum(g.label == label for g, _ in pairs), n_gold, n_pred)
        n_exact = sum(n for (*_, its), n in found.items() if its == label)
        counts[f"statements/exact:{label}"] = Counts(n_exact, n_gold, n_pred)
    return _with_sums(counts)


def _clause_counts(table: Mapping[tuple[str, str], int]) -> dict[str, Counts]:
    counts = {
        f"clauses:{label}": Counts(
            table.get((label, label), 0),
            sum(n for (g, _), n in table.items() if g == label),
            sum(n for (_, p), n in table.items() if p == label),
        )
        for label in LABELS
    }
    return _with_sums(counts)


def _with_sums(counts: dict[str, Counts]) -> dict[str, Counts]:
    names = dict.fromkeys(name.partition(":")[0] for name in counts)
    return {name: sum((counts[f"{name}:{label}"] for label in LABELS), Counts()) for name in names} | counts


def _linked_counts(gold: Reply, pred: Reply, pairs: Sequence[tuple[Statement, Statement]]) -> dict[str, Counts]:
    """Count what is said of statements: the attributes of those found, and the whole records."""
    commitments = [(g, p) for g, p in pairs if g.label == "COMMITMENT"]
    promised = [sum(s.label == "COMMITMENT" for s in reply.statements) for reply in (gold, pred)]
    limits = [sum(len(s.deadlines) for s in reply.statements) for reply in (gold, pred)]
    return {
        "stage": _equal([g.stage == p.stage for g, p in commitments]),
        "strength": _equal([g.strength == p.strength for g, p in commitments]),
        "lead agency": _equal([matching.same_lead(g, p) for g, p in pairs]),
        "lead agencies": _names([(matching.leads(g), matching.leads(p)) for g, p in pairs]),
        "support agencies": _names([(matching.supports(g), matching.supports(p)) for g, p in pairs]),
        "linked deadlines": Counts(
            sum(len(pair(g.deadlines, p.deadlines, matching.same_deadline)) for g, p in pairs), *limits
        ),
        "records": Counts(sum(matching.same_record(g, p) for g, p in commitments), *promised),
    }


def _equal(answers: Sequence[bool]) -> Counts:
    return Counts(sum(answers), len(answers), len(answers))


def _names(pairs: Sequence[tuple[list[str], list[str]]]) -> Counts:
    right = sum(matching.common_names(g, p) for g, p in pairs)
    return Counts(right, sum(len(g) for g, _ in pairs), sum(len(p) for _, p in pairs))


def _span_counts(gold: Reply, pred: Reply) -> dict[str, Counts]:
    """Count the spans of a reply that are found whether or not the statements are."""
    found = pair(gold.quantities, pred.quantities)
    quantities = pair(gold.quantities, pred.quantities, matching.same_quantity)
    counted = [(g.of, p.of) for g, p in quantities]
    n_quantities, n_deadlines = (
        [len(spans) for spans in both]
        for both in ((gold.quantities, pred.quantities), (gold.deadlines, pred.deadlines))
    )
    mentions = [{(a.start, a.end) for s in r.statements for a in s.agencies if a.end} for r in (gold, pred)]
    exact = Counter(map(_place, gold.quantities)) & Counter(map(_place, pred.quantities))
    return {
        "agency mentions": Counts(len(mentions[0] & mentions[1]), *map(len, mentions)),
        "deadlines": Counts(len(pair(gold.deadlines, pred.deadlines, matching.same_deadline)), *n_deadlines),
        "deadline spans": Counts(len(pair(gold.deadlines, pred.deadlines)), *n_deadlines),
        "quantities": Counts(len(quantities), *n_quantities),
        "quantity spans": Counts(exact.total(), *n_quantities),
        "quantity values": _equal([matching.same_value(g.value, p.value) for g, p in found]),
        "quantity units": _equal([g.unit == p.unit for g, p in found]),
        "quantity objects": Counts(
            sum(g is not None and g == p for g, p in counted),
            sum(g is not None for g, _ in counted),
            sum(p is not None for _, p in counted),
        ),
        "quantity modifiers": _equal([g.modifier == p.modifier for g, p in quantities]),
    }


def _place(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _days_off(gold: Deadline, pred: Deadline) -> int | None:
    if gold.latest is None or pred.latest is None:
        return None
    return (dt.date.fromisoformat(pred.latest) - dt.date.fromisoformat(gold.latest)).days


def _slices(gold: Reply, page: Page) -> dict[str, str]:
    raw = gold.text
    own = len("".join(raw.split()))
    changed = sum(a != b for a, b in zip(raw, simplify(raw), strict=True))
    places = [place for place in find_places(gold.meta.respondent or "") if place[0] not in "省市县区"]
    return {
        "doc_type": gold.meta.doc_type or page.doc_type,
        "length": next((name for most, name in LENGTHS if len(raw) < most), "over 1500"),
        "noise": "noisy" if own and 1 - page.length / own > NOISY else "clean",
        "script": "traditional" if changed > TRADITIONAL * len(raw) else "simplified",
        "place": places[0] if places else "unknown",
        "plan": "with a plan section" if page.has_plan else "without",
    }
