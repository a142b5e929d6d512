"""Errors: what is wrong in a reply, statement by statement, with a likely cause.

A cause is a guess from what can be computed: which cues stand in the clauses, what the layout ruled out, what the other
side has at the place. It groups errors so that an analyst sees what to distrust and a developer where to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from commitextract import matching
from commitextract.features import Reading, clause_features, never_a_statement
from commitextract.normalization import CleanText
from commitextract.schema import Reply, Span, Statement, statement_from_dict, statement_to_dict

KINDS = ("missed", "spurious", "label", "boundary", "stage", "strength", "lead agency", "deadlines", "quantities")
CONTEXT = 60
S = TypeVar("S", bound=Span)
_SIGNS = {
    "COMMITMENT": frozenset(
        ("future", "plan word", "resolve", "ensure", "aim", "progressive", "promise", "start", "in plan")
    ),
    "ACHIEVEMENT": frozenset(("perfect", "done word", "end done word", "aspect", "order", "past time", "in done")),
    "REFUSAL": frozenset(("cannot", "refuse", "denial", "negation")),
}
"""The cues that speak for each label (rules of ``lexicons/cues.csv``)."""
_BACKGROUND = (
    (frozenset(("formula", "forward")), "a formula or a forwarding note"),
    (frozenset(("citizen", "request")), "the citizen's words or advice"),
    (frozenset(("law", "condition", "obligation")), "a rule, a condition or a procedure"),
    (frozenset(("finding", "state", "in background")), "a finding or a state"),
)
"""What a clause with certain cues looks like besides a statement, the surest first."""


@dataclass(frozen=True, slots=True)
class Error:
    """One thing that is wrong.

    Parameters
    ----------
    kind : str
        One of ``KINDS``: a statement missed, spurious, with another label or another extent; or an attribute of one found.
    cause : str
        A likely cause.
    gold, pred : Statement or None
        What stands there in the gold and in the pred (without their quantities).
    context : str
        The raw text around both.
    start : int
        Where the context begins in the raw text.
    """

    kind: str
    cause: str
    gold: Statement | None
    pred: Statement | None
    context: str
    start: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        statements = {
            name: statement and statement_to_dict(statement)
            for name, statement in (("gold", self.gold), ("pred", self.pred))
        }
        return {"kind": self.kind, "cause": self.cause, **statements, "context": self.context, "start": self.start}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Error:
        """Build it from `to_dict`'s form."""
        gold, pred = (data[name] and statement_from_dict(data[name]) for name in ("gold", "pred"))
        return cls(data["kind"], data["cause"], gold, pred, data["context"], data["start"])


@dataclass(frozen=True)
class Page:
    """The clauses of a reply (in raw offsets) and what the rules read in them."""

    clauses: Sequence[tuple[int, int]]
    names: Sequence[frozenset[str]]
    ruled_out: frozenset[int]
    doc_type: str
    length: int

    @classmethod
    def of(cls, clean: CleanText, reading: Reading) -> Page:
        """Make a page of what the finders read in a normalized text."""
        clauses = [clean.to_raw(c.start, c.end) for c in reading.layout.clauses]
        return cls(
            clauses,
            clause_features(reading),
            frozenset(never_a_statement(reading)),
            reading.layout.doc_type,
            len("".join(clean.text.split())),
        )

    @property
    def has_plan(self) -> bool:
        """Whether a heading or a lead-in announces plans."""
        return any("in plan" in names for names in self.names)

    def within(self, span: Span) -> list[int]:
        """Return the clauses that a span overlaps."""
        return [i for i, (start, end) in enumerate(self.clauses) if start < span.end and span.start < end]

    def cues(self, span: Span) -> frozenset[str]:
        """Return what the rules read in the clauses of a span."""
        return frozenset().union(*(self.names[i] for i in self.within(span)))


def find_errors(gold: Reply, pred: Reply, pairs: Sequence[tuple[Statement, Statement]], page: Page) -> list[Error]:
    """Return the errors of a reply in the order of its text.

    Parameters
    ----------
    gold, pred : Reply
        The same text twice.
    pairs : sequence of (Statement, Statement)
        The statements found, with the right label.
    page : Page
        The clauses of the text.
    """
    taken = {id(s) for both in pairs for s in both}
    missed = [s for s in gold.statements if id(s) not in taken]
    spurious = [s for s in pred.statements if id(s) not in taken]
    found: list[Error] = []
    for same, least in ((None, matching.LEAST_OVERLAP), (matching.same_label, 1e-9), (None, 1e-9)):
        for g, p in matching.pair(missed, spurious, same, least):
            missed.remove(g)
            spurious.remove(p)
            kind, cause = (
                ("boundary", _extent_cause(g, p)) if g.label == p.label else ("label", _label_cause(g, p, page))
            )
            found.append(_error(kind, cause, g, p, gold))
    found += [_error("missed", _missed_cause(s, pred, page), s, None, gold) for s in missed]
    found += [_error("spurious", _spurious_cause(s, gold, page), None, s, gold) for s in spurious]
    found += [_error(kind, cause, g, p, gold) for g, p in pairs for kind, cause in _attributes(g, p, gold, pred)]
    return sorted(found, key=lambda e: (e.start, KINDS.index(e.kind)))


def _error(kind: str, cause: str, gold: Statement | None, pred: Statement | None, reply: Reply) -> Error:
    there = [s for s in (gold, pred) if s]
    start = max(0, min(s.start for s in there) - CONTEXT)
    end = max(s.end for s in there) + CONTEXT
    ours, theirs = (s and replace(s, quantities=()) for s in (gold, pred))
    return Error(kind, cause, ours, theirs, reply.text[start:end], start)


def _label_cause(gold: Statement, pred: Statement, page: Page) -> str:
    """Tell which labels the words of the clauses speak for."""
    right, wrong = (bool(page.cues(gold) & _SIGNS[s.label]) for s in (gold, pred))
    if right and wrong:
        return "words of both labels"
    return (
        "only words of the wrong label" if wrong else "only words of the right label" if right else "words of neither"
    )


def _extent_cause(gold: Statement, pred: Statement) -> str:
    first = {-1: "begins too early", 1: "begins too late"}.get(_sign(pred.start - gold.start))
    last = {-1: "ends too early", 1: "ends too late"}.get(_sign(pred.end - gold.end))
    return " and ".join(filter(None, (first, last)))


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _missed_cause(statement: Statement, pred: Reply, page: Page) -> str:
    other = _touching(statement, pred.statements)
    if other:
        return "joined with its neighbour" if other.label == statement.label else "inside a statement of another label"
    if page.ruled_out.issuperset(page.within(statement)):
        return "ruled out by the layout: a heading, a question or a speech"
    cues = page.cues(statement)
    if not cues & _SIGNS[statement.label]:
        return "no cue in the clause"
    return f"cue seen, but {_looks_like(cues) or 'taken for background'}"


def _spurious_cause(statement: Statement, gold: Reply, page: Page) -> str:
    other = _touching(statement, gold.statements)
    if other:
        return "one statement cut in two" if other.label == statement.label else "inside a statement of another label"
    cues = page.cues(statement)
    if not cues & _SIGNS[statement.label]:
        return "no cue in the clause"
    return _looks_like(cues) or "background told in the same words"


def _touching(span: Span, others: Sequence[S]) -> S | None:
    return next((s for s in others if s.start < span.end and span.start < s.end), None)


def _looks_like(cues: frozenset[str]) -> str | None:
    return next((f"it looks like {what}" for rules, what in _BACKGROUND if cues & rules), None)


def _attributes(gold: Statement, pred: Statement, ours: Reply, theirs: Reply) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a statement that was found."""
    if gold.stage != pred.stage:
        yield "stage", f"{gold.stage} taken for {pred.stage}"
    if gold.strength != pred.strength:
        yield "strength", f"{gold.strength} taken for {pred.strength}"
    if not matching.same_lead(gold, pred):
        yield "lead agency", _lead_cause(gold, pred)
    if not matching.same_deadlines(gold, pred):
        cause = _links_cause(gold.deadlines, pred.deadlines, ours.deadlines, theirs.deadlines)
        yield "deadlines", cause or "another value"
    if not matching.same_quantities(gold, pred):
        cause = _links_cause(gold.quantities, pred.quantities, ours.quantities, theirs.quantities)
        yield "quantities", cause or "another value or unit"


def _lead_cause(gold: Statement, pred: Statement) -> str:
    if gold.lead is None:
        return "found where none is"
    if pred.lead is None:
        return "none found"
    if pred.lead[0] in "我本":
        return "我局 and the like not resolved"
    named = any(a.role == "lead" and a.start is not None for a in gold.agencies)
    return "another than the one named" if named else "named by nobody there: another than the one understood"


def _links_cause(
    gold: Sequence[Span], pred: Sequence[Span], all_gold: Sequence[Span], all_pred: Sequence[Span]
) -> str | None:
    """Tell whether a span of a statement was lost or added, and whether it stands at another one; None if neither."""
    lost = [s for s in gold if not _touching(s, pred)]
    added = [s for s in pred if not _touching(s, gold)]
    if lost:
        return "found, but not at this statement" if any(_touching(s, all_pred) for s in lost) else "not found"
    if added:
        return "another statement's" if any(_touching(s, all_gold) for s in added) else "found where none is"
    return None
