"""Sheets: an annotated reply as labelled spans with attributes and links between them.

The plain form that every annotation tool holds in its own way (`commitextract.converters`): `to_sheet` and `from_sheet` lose
nothing. Spans that are not of the text, or have been shifted by a tool that counts characters otherwise, are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from commitextract.datasets import check
from commitextract.deadlines import deadline
from commitextract.schema import LABELS, QUANTITY_ATTRIBUTES, SCHEMA, Reply, SchemaError

QUANTITY, DEADLINE, AGENCY = "QUANTITY", "DEADLINE", "AGENCY"
_STATEMENT = ("stage", "strength", "section", "heading", "part", "score", "normalized", "evidence")


class ConvertError(ValueError):
    """A file of another tool that cannot be taken over; the message names the document and the span."""


@dataclass(slots=True)
class Mark:
    """A labelled span with its attributes, under a name that links use."""

    name: str
    label: str
    start: int
    end: int
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Sheet:
    """A reply as spans and links: what every format holds in its own way."""

    id: str | None
    text: str
    meta: dict[str, Any]
    marks: list[Mark]
    links: list[tuple[str, str, str]]


def to_sheet(reply: Reply) -> Sheet:
    """Return a reply as marks and links (`from_sheet` undoes it)."""
    data = reply.to_dict()
    marks = [Mark(q["id"], QUANTITY, q["start"], q["end"], _pick(q, QUANTITY_ATTRIBUTES)) for q in data["quantities"]]
    links = []
    for s in data["statements"]:
        names = [f"{a['role']}:{a['name']}" for a in s["agencies"]]
        attributes = _pick(s, _STATEMENT) | ({"agencies": names} if names else {})
        marks.append(Mark(s["id"], s["label"], s["start"], s["end"], attributes))
        links += [(s["id"], q, "quantity") for q in s["quantities"]]
        for n, d in enumerate(s["deadlines"], 1):
            marks.append(Mark(f"{s['id']}d{n}", DEADLINE, d["start"], d["end"], _pick(d, ("edtf",))))
            links.append((s["id"], f"{s['id']}d{n}", "deadline"))
        for n, a in enumerate(s["agencies"], 1):
            if a["start"] is not None:
                marks.append(Mark(f"{s['id']}a{n}", AGENCY, a["start"], a["end"], {"name": a["name"]}))
                links.append((s["id"], f"{s['id']}a{n}", a["role"]))
    return Sheet(reply.id, reply.text, {k: v for k, v in data["meta"].items() if v is not None}, marks, links)


def _pick(data: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Keep what says something: not None, and not what the schema takes for granted."""
    usual = {"part": 0, "score": 1.0, "evidence": []}
    return {n: data[n] for n in names if data.get(n) is not None and data[n] != usual.get(n)}


def from_sheet(sheet: Sheet) -> Reply:
    """Return the reply of marks and links.

    Raises
    ------
    ConvertError
        If the spans are not of the text, or have been shifted.
    """
    marks = {m.name: m for m in sheet.marks}
    linked: dict[str, list[tuple[str, Mark]]] = {}
    for source, target, kind in sheet.links:
        if source not in marks or target not in marks:
            raise ConvertError(
                f"{sheet.id}: the link {kind} from {source!r} to {target!r} names a span that is not there"
            )
        linked.setdefault(source, []).append((kind, marks[target]))
    quantities = sorted((m for m in sheet.marks if m.label == QUANTITY), key=lambda m: m.start)
    ids = {m.name: f"q{n}" for n, m in enumerate(quantities, 1)}
    statements = sorted((m for m in sheet.marks if m.label in LABELS), key=lambda m: m.start)
    data = {
        "schema": SCHEMA,
        "id": sheet.id,
        "text": sheet.text,
        "meta": sheet.meta,
        "statements": [
            _statement(m, f"s{n}", linked.get(m.name, []), ids, sheet.text) for n, m in enumerate(statements, 1)
        ],
        "quantities": [
            {"value": None, **m.attributes, "id": ids[m.name], "start": m.start, "end": m.end} for m in quantities
        ],
    }
    try:
        reply = Reply.from_dict(data)
    except (SchemaError, TypeError) as error:
        raise ConvertError(str(error)) from None
    _refuse_shifted(reply)
    return reply


def _statement(
    mark: Mark, name: str, linked: list[tuple[str, Mark]], ids: Mapping[str, str], text: str
) -> dict[str, Any]:
    attributes = dict(mark.attributes)
    agencies = [dict(zip(("role", "name"), a.split(":", 1), strict=True)) for a in attributes.pop("agencies", [])]
    for role, mention in linked:
        if role in ("lead", "support"):
            named = mention.attributes.get("name") or text[mention.start : mention.end]
            fitting = [a for a in agencies if (a["role"], a["name"]) == (role, named) and "start" not in a]
            agency = fitting[0] if fitting else {"role": role, "name": named}
            agencies += [] if fitting else [agency]
            agency |= {"start": mention.start, "end": mention.end}
    limits = [m for kind, m in linked if kind == "deadline"]
    dates = [deadline(m.start, m.end, text[m.start : m.end], m.attributes.get("edtf")) for m in limits]
    return {
        **attributes,
        "id": name,
        "label": mark.label,
        "start": mark.start,
        "end": mark.end,
        "agencies": agencies,
        "deadlines": [
            {"start": d.start, "end": d.end, "edtf": d.edtf, "earliest": d.earliest, "latest": d.latest} for d in dates
        ],
        "quantities": [ids[m.name] for kind, m in linked if kind == "quantity"],
    }


def _refuse_shifted(reply: Reply) -> None:
    if "\r\n" in reply.text or any(c > "\uffff" for c in reply.text):
        fault = next((f for f in check(reply) if "a clause" in f), None)
        if fault:
            raise ConvertError(
                f"{fault}: the tool may have counted line ends or characters outside the basic plane otherwise; "
                "offsets must be Unicode code points of the text as it was exported"
            )


def checked_span(sheet_id: Any, text: str, start: Any, end: Any, quoted: str | None) -> tuple[int, int]:
    """Return the span where it lies in the text and holds what the tool quoted; raise `ConvertError` otherwise."""
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise ConvertError(f"{sheet_id}: the span {start}..{end} does not lie in the text ({len(text)} characters)")
    if quoted is not None and text[start:end] != quoted:
        raise ConvertError(
            f"{sheet_id}: the span {start}..{end} is {quoted!r} in the file but {text[start:end]!r} in the text; "
            "offsets must be Unicode code points (not UTF-16 units, and \\r\\n counts as two)"
        )
    return start, end
