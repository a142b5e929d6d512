"""What an extraction is made of: frozen dataclasses, one JSON schema for gold and predictions.

Offsets are Unicode code points into the raw text, ``end`` exclusive, and
``reply.text[x.start:x.end] == x.text`` holds for every span of a reply: it is checked when a
`Reply` is made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    import pandas

SCHEMA = 1
LABELS = ("COMMITMENT", "ACHIEVEMENT", "REFUSAL")
STAGES = ("planned", "underway")
STRENGTHS = ("firm", "hedged")
ROLES = ("lead", "support")
MODIFIERS = ("approx", "min", "max", "over", "under")
CHANGES = ("level", "increase", "decrease")
DATE_SOURCES = ("given", "signature", "published", "inferred")
DOC_TYPES = ("letter", "inquiry", "message")

Number = int | float
Value = Number | tuple[Number, Number] | str | None


class SchemaError(ValueError):
    """Data that is not of this schema; the message names the value and what is accepted."""


def _check(name: str, value: Any, accepted: tuple[str, ...], *, optional: bool = False) -> None:
    if value in accepted or (optional and value is None):
        return
    choices = ", ".join(map(repr, accepted)) + (" or None" if optional else "")
    raise SchemaError(f"{name} is {value!r}; it must be one of {choices}")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the raw text: ``text == reply.text[start:end]``."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise SchemaError(f"span {self.start}..{self.end} ({self.text!r}) must have 0 <= start < end")

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cue that spoke for an answer, where it stands and the rule that used it."""

    cue: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Agency:
    """A responsible unit: its resolved ``name``, its role, and its mention (or ``None``)."""

    name: str
    role: Literal["lead", "support"] = "lead"
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        _check("agency role", self.role, ROLES)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Deadline(Span):
    """A time limit: its EDTF value and the first and last day it allows (ISO dates).

    ``edtf`` is ``None`` where the text cannot be resolved; ``earliest`` is ``None`` for a bound
    that only says by when.
    """

    edtf: str | None = None
    earliest: str | None = None
    latest: str | None = None

    def overdue(self, on: str | dt.date) -> bool | None:
        """Whether the last allowed day is before the day `on`; ``None`` if it is unknown.

        Parameters
        ----------
        on : str or datetime.date
            A day, ``2022-01-01`` where it is text; of a `datetime.datetime` its day.

        Raises
        ------
        ValueError
            If `on` is no day in ISO form.
        TypeError
            If `on` is neither text nor a date.

        Examples
        --------
        >>> Deadline(0, 3, "年底前", "../2021-12-31", None, "2021-12-31").overdue("2022-01-01")
        True
        """
        day = _day(on)
        return None if self.latest is None else dt.date.fromisoformat(self.latest) < day


def _day(on: str | dt.date) -> dt.date:
    if isinstance(on, dt.datetime):
        return on.date()
    if isinstance(on, dt.date):
        return on
    if not isinstance(on, str):
        raise TypeError(f"on is {on!r}; give the day as a datetime.date or as text such as '2022-01-01'")
    try:
        return dt.date.fromisoformat(on)
    except ValueError:
        raise ValueError(f"on is {on!r}, not a day; give it as YYYY-MM-DD, such as '2022-01-01'") from None


@dataclass(frozen=True, slots=True)
class Quantity(Span):
    """A count or a measure.

    ``value`` has 万 and 亿 multiplied out, is a pair for a range and a string for a ratio
    (``"1:1.4"``); ``unit`` and ``of``, what is counted, are in simplified characters; ``change``
    tells a level that is reached (增至36个) from what is added or taken away (新增36个).
    """

    value: Value = None
    unit: str | None = None
    of: str | None = None
    modifier: str | None = None
    change: str | None = None
    score: float = 1.0
    id: str = ""

    def __post_init__(self) -> None:
        Span.__post_init__(self)
        if self.modifier is not None:
            _check("quantity modifier", self.modifier, MODIFIERS, optional=True)
        if self.change is not None:
            _check("quantity change", self.change, CHANGES, optional=True)

    def to(self, unit: str) -> Quantity:
        """Return the quantity in another unit of the same kind, both ends of a range.

        Raises
        ------
        UnitError
            A `ValueError`: for a ratio, a number without a unit, a unit that is not known or
            measures something else (see `commitextract.units.convert`).

        Examples
        --------
        >>> Quantity(0, 4, "3至6亩", value=(3, 6), unit="亩").to("平方米").value
        (2000, 4000)
        """
        from commitextract.units import UnitError, convert

        if isinstance(self.value, str) or self.unit is None:
            kind = "is a ratio" if isinstance(self.value, str) else "has no unit"
            raise UnitError(f"{self.text!r} ({self.value}) {kind} and does not convert to {unit}")
        own = self.unit
        if isinstance(self.value, tuple):
            low, high = (convert(end, own, unit) for end in self.value)
            return replace(self, value=(low, high), unit=unit)
        value = convert(1 if self.value is None else self.value, own, unit)
        return replace(self, value=None if self.value is None else value, unit=unit)


@dataclass(frozen=True, slots=True)
class Statement(Span):
    """A run of clauses that promises, reports or refuses something."""

    label: str = "COMMITMENT"
    stage: str | None = None
    strength: str | None = None
    agencies: tuple[Agency, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    normalized: str | None = None
    section: str | None = None
    heading: str | None = None
    part: int = 0
    score: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    id: str = ""

    def __post_init__(self) -> None:
        Span.__post_init__(self)
        _check("label", self.label, LABELS)
        if self.label == "COMMITMENT":
            _check("stage of a commitment", self.stage, STAGES)
            _check("strength of a commitment", self.strength, STRENGTHS)
        elif self.stage is not None or self.strength is not None:
            raise SchemaError(
                f"{self.label} {self.text!r} has stage {self.stage!r} and strength "
                f"{self.strength!r}; only a COMMITMENT has them, give None"
            )

    @property
    def lead(self) -> str | None:
        """The name of the first leading agency, or ``None``."""
        return next((a.name for a in self.agencies if a.role == "lead"), None)

    @property
    def deadline(self) -> Deadline | None:
        """The first deadline, or ``None``."""
        return self.deadlines[0] if self.deadlines else None


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known of the document itself."""

    date: str | None = None
    date_source: str | None = None
    respondent: str | None = None
    addressee: str | None = None
    reference: str | None = None
    doc_type: str | None = None

    def __post_init__(self) -> None:
        _check("date_source", self.date_source, DATE_SOURCES, optional=True)
        _check("doc_type", self.doc_type, DOC_TYPES, optional=True)


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply and all that was read out of it.

    Raises
    ------
    SchemaError
        If a span does not lie in the text or its ``text`` is not what stands there.

    Examples
    --------
    >>> import commitextract as ce
    >>> reply = ce.extract("我局将在年底前新建站点36个。", date="2021-08-30")
    >>> [(s.label, s.deadline.edtf, s.quantities[0].value) for s in reply.statements]
    [('COMMITMENT', '../2021-12-31', 36)]
    """

    text: str = field(repr=False)
    id: str | None = None
    meta: Meta = Meta()
    statements: tuple[Statement, ...] = ()
    quantities: tuple[Quantity, ...] = ()

    def __post_init__(self) -> None:
        for x in self.spans():
            if self.text[x.start : x.end] != x.text:
                raise SchemaError(
                    f"reply {self.id!r}: span {x.start}..{x.end} is {x.text!r} but the text has "
                    f"{self.text[x.start : x.end]!r} there; offsets are code points of the raw text"
                )

    def spans(self) -> Iterator[Span]:
        """Yield every span of the reply: statements, deadlines and quantities."""
        yield from self.statements
        for s in self.statements:
            yield from s.deadlines
            yield from s.quantities
        yield from self.quantities

    @property
    def sha256(self) -> str:
        """The SHA-256 of the raw text in UTF-8, in hexadecimal digits."""
        return sha256(self.text)

    @property
    def commitments(self) -> tuple[Statement, ...]:
        """The statements of what will be done."""
        return self._labelled("COMMITMENT")

    @property
    def achievements(self) -> tuple[Statement, ...]:
        """The statements of what was done."""
        return self._labelled("ACHIEVEMENT")

    @property
    def refusals(self) -> tuple[Statement, ...]:
        """The statements of what will not be done."""
        return self._labelled("REFUSAL")

    def _labelled(self, label: str) -> tuple[Statement, ...]:
        return tuple(s for s in self.statements if s.label == label)

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """The deadlines of all statements, each once, in the order of the text."""
        found = {d.start: d for s in self.statements for d in s.deadlines}
        return tuple(found[start] for start in sorted(found))

    @property
    def agencies(self) -> tuple[str, ...]:
        """The names of all responsible agencies, each once, in the order of the text."""
        return tuple(dict.fromkeys(a.name for s in self.statements for a in s.agencies))

    def to_dict(self, *, text: bool = True) -> dict[str, Any]:
        """Return the reply as plain data for JSON.

        Parameters
        ----------
        text : bool
            False gives the stand-off form: offsets, labels, resolved names, what is counted and
            the hash, but none of the text that spans hold.
        """
        whole = {
            "schema": SCHEMA,
            "id": self.id,
            "text": self.text,
            "sha256": self.sha256,
            "meta": {f.name: getattr(self.meta, f.name) for f in fields(Meta)},
            "statements": [statement_to_dict(s) for s in self.statements],
            "quantities": [_plain(q, ("id", *_SPAN, *QUANTITY_ATTRIBUTES)) for q in self.quantities],
        }
        return whole if text else _without_text(whole)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], text: str | None = None) -> Self:
        """Build a reply from `to_dict`'s form.

        Parameters
        ----------
        data : mapping
            One JSON object, with the text or stand-off.
        text : str, optional
            The raw text of a stand-off object; its hash must be the recorded one.

        Raises
        ------
        SchemaError
            For another schema version, a text that is missing or not the hashed one, and labels,
            attributes or spans that are not of the schema.
        """
        raw = _text_of(data, text)
        try:
            return cls._from_checked(data, raw)
        except SchemaError as error:
            raise SchemaError(f"reply {data.get('id')!r}: {error}") from None
        except KeyError as error:
            raise SchemaError(f"reply {data.get('id')!r}: the key {error} is missing") from None

    @classmethod
    def _from_checked(cls, data: Mapping[str, Any], raw: str) -> Self:
        quantities = tuple(
            Quantity(**_spanned(q, raw, QUANTITY_ATTRIBUTES), value=_value(q["value"]), id=q.get("id", ""))
            for q in data.get("quantities", ())
        )
        by_id = {q.id: q for q in quantities}
        meta = {f.name: data.get("meta", {}).get(f.name) for f in fields(Meta)}
        return cls(
            raw,
            data.get("id"),
            Meta(**meta),
            tuple(statement_from_dict(s, raw, by_id) for s in data.get("statements", ())),
            quantities,
        )

    def to_frame(self) -> pandas.DataFrame:
        """Return a DataFrame with one row a statement (see `statement_rows`)."""
        import pandas as pd

        return pd.DataFrame(statement_rows(self), columns=FRAME_COLUMNS)

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{len(part)} {name}"
            for name in ("commitments", "achievements", "refusals", "quantities")
            if (part := getattr(self, name))
        )
        who = self.meta.respondent or self.id or "unnamed"
        return f"<Reply {who} {self.meta.date or 'undated'}: {counts or 'no statements'}>"

    def _repr_html_(self) -> str:
        from commitextract.report import reply_fragment

        return reply_fragment(self)


_SPAN = ("start", "end", "text")
QUANTITY_ATTRIBUTES = tuple(f.name for f in fields(Quantity) if f.name not in (*_SPAN, "id"))
_STATEMENT = ("label", "stage", "strength", *_SPAN, "normalized", "section", "heading", "part", "score")
_DEADLINE = ("edtf", "earliest", "latest")
_QUOTING = ("text", "normalized", "section", "heading", "evidence", "addressee")
FRAME_COLUMNS = (
    "reply", "date", "id", "label", "stage", "strength", "text", "lead", "support", "deadline",
    "edtf", "latest", "quantities", "section", "part", "start", "end", "score", "evidence",
)  # fmt: skip


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def statement_rows(reply: Reply) -> list[tuple[Any, ...]]:
    """Return one tuple a statement, in the order of ``FRAME_COLUMNS``; lists joined by ；."""
    join = "；".join
    return [
        (
            reply.id, reply.meta.date, s.id, s.label, s.stage, s.strength, s.text,
            join(a.name for a in s.agencies if a.role == "lead") or None,
            join(a.name for a in s.agencies if a.role == "support") or None,
            join(d.text for d in s.deadlines) or None,
            join(d.edtf for d in s.deadlines if d.edtf) or None,
            max((d.latest for d in s.deadlines if d.latest), default=None),
            join(q.text for q in s.quantities) or None,
            s.section, s.part, s.start, s.end, s.score, join(e.cue for e in s.evidence) or None,
        )
        for s in reply.statements
    ]  # fmt: skip


def _plain(item: Any, names: Iterable[str]) -> dict[str, Any]:
    out = {name: getattr(item, name) for name in names}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in out.items()}


def statement_to_dict(s: Statement) -> dict[str, Any]:
    """Return a statement as plain data for JSON; its quantities by their ids."""
    return {
        "id": s.id,
        **_plain(s, _STATEMENT),
        "agencies": [_plain(a, ("name", "role", "start", "end")) for a in s.agencies],
        "deadlines": [_plain(d, (*_SPAN, *_DEADLINE)) for d in s.deadlines],
        "quantities": [q.id for q in s.quantities],
        "evidence": [_plain(e, ("cue", "start", "end", "rule")) for e in s.evidence],
    }


def statement_from_dict(s: Mapping[str, Any], raw: str = "", by_id: Mapping[str, Quantity] | None = None) -> Statement:
    """Build a statement from `statement_to_dict`'s form.

    Parameters
    ----------
    s : mapping
        One JSON object, with the text of its spans or stand-off.
    raw : str
        The reply's raw text, for a stand-off object.
    by_id : mapping of str to Quantity, optional
        The reply's quantities, of which it names its own.
    """
    by_id = by_id or {}
    unknown = [q for q in s.get("quantities", ()) if q not in by_id]
    if unknown:
        raise SchemaError(f"statement {s.get('id')!r} names quantities {unknown} that are not there")
    return Statement(
        **_spanned(s, raw, _STATEMENT),
        agencies=tuple(Agency(**a) for a in s.get("agencies", ())),
        deadlines=tuple(Deadline(**_spanned(d, raw, _DEADLINE)) for d in s.get("deadlines", ())),
        quantities=tuple(by_id[q] for q in s.get("quantities", ())),
        evidence=tuple(Evidence(**e) for e in s.get("evidence", ())),
        id=s.get("id", ""),
    )


def _spanned(item: Mapping[str, Any], raw: str, names: Iterable[str]) -> dict[str, Any]:
    """Return the constructor's arguments; the text of a stand-off span is cut from `raw`."""
    out = {name: item[name] for name in names if name in item and name != "value"}
    start, end = item["start"], item["end"]
    if type(start) is not int or type(end) is not int:
        raise SchemaError(f"offsets {start!r}..{end!r} must be whole numbers (code points)")
    return {**out, "start": start, "end": end, "text": item.get("text", raw[start:end])}


def _value(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _text_of(data: Mapping[str, Any], text: str | None) -> str:
    if data.get("schema") != SCHEMA:
        raise SchemaError(
            f"reply {data.get('id')!r} has schema {data.get('schema')!r}; this release reads "
            f"{SCHEMA}: convert the file or install a matching release of commitextract"
        )
    raw = data.get("text", text)
    if raw is None:
        raise SchemaError(f"reply {data.get('id')!r} is stand-off (it holds no text); pass its raw text as text=")
    recorded = data.get("sha256")
    if recorded is not None and recorded != sha256(raw):
        raise SchemaError(
            f"reply {data.get('id')!r}: the text is not the one that was annotated "
            f"(sha256 {sha256(raw)[:12]}…, recorded {recorded[:12]}…)"
        )
    return str(raw)


def _without_text(item: Any) -> Any:
    if isinstance(item, dict):
        return {k: _without_text(v) for k, v in item.items() if k not in _QUOTING}
    return [_without_text(x) for x in item] if isinstance(item, list) else item
