"""Limits: which of the time expressions in and before a statement is its deadline.

A time that is over, that a word behind it places in the past or that was superseded limits nothing; an
achievement has a limit only where it is an order with one (责令…15日内整改).
"""

from __future__ import annotations

import re

from commitextract.decoding import Run
from commitextract.features import Reading
from commitextract.schema import Deadline

_SUPERSEDED = re.compile(r"(?:原计划|原定|原拟|本应|原本|原先)[^，。；]{0,6}$")
_PAST = re.compile(r"^(?:以来|完成的|印发|出台|第)|^[^，。]{0,6}(?:以来|〕)")


def find_limits(reading: Reading, run: Run, date: str | None) -> tuple[Deadline, ...]:
    """Return the deadlines of a statement, in the order of the text.

    Parameters
    ----------
    reading : Reading
        What the finders found.
    run : Run
        The statement's clauses and label.
    date : str or None
        The reply's date.
    """
    clauses = reading.layout.clauses
    start, end = clauses[run.first].start, clauses[run.last].end
    sentence_start = start
    for clause in reversed(clauses[: run.first]):
        if clause.sentence != clauses[run.first].sentence or clause.end - clause.start > 14:
            break
        sentence_start = clause.start
    text = reading.layout.text
    found = [t for t in reading.times if sentence_start <= t.start < end and _limits(text, t, run.label, date)]
    inside = [t for t in found if t.start >= start]
    return tuple(inside or found[-1:])


def _limits(text: str, time: Deadline, label: str, date: str | None) -> bool:
    """Whether a time expression bounds a statement of this label."""
    if label == "REFUSAL" or _SUPERSEDED.search(text[max(0, time.start - 10) : time.start]):
        return False
    if _PAST.search(text[time.end : time.end + 8]):
        return False
    over = bool(date and time.latest and time.latest < date)
    if label == "ACHIEVEMENT":
        ordered = re.search("责令|要求|限", text[max(0, time.start - 30) : time.start])
        return bool(ordered and not over and (time.edtf or "").startswith(".."))
    return not over
