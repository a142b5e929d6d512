"""Pages and sheets of extracted replies: self-contained HTML, Excel, CSV, Parquet.

A page needs nothing from outside: no script, style or font is fetched, and everything from a document is
escaped by the template engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from commitextract.batch import status_on
from commitextract.schema import Deadline, Quantity, Reply, Span, Statement

if TYPE_CHECKING:
    import jinja2
    import pandas

LABELS = {"COMMITMENT": "承诺", "ACHIEVEMENT": "已办", "REFUSAL": "暂不能办"}
STAGES = {"planned": "计划", "underway": "进行中"}
STRENGTHS = {"firm": "明确", "hedged": "留有余地"}
STATUS = {"overdue": "已逾期", "due": "未到期", "no deadline": "无期限"}
SHEET = ("序号", "承诺事项", "责任单位", "配合单位", "数量目标", "完成时限", "状态", "强度", "来源", "原文")
_WIDTHS = (6, 46, 22, 22, 18, 16, 10, 10, 18, 60)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

S = TypeVar("S", bound=Span)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a reply's text and what covers it."""

    text: str
    statement: Statement | None
    span: Span | None

    @property
    def kind(self) -> str:
        """The style of the inner span: quantity, deadline or nothing."""
        return {Quantity: "quantity", Deadline: "deadline"}.get(type(self.span), "")


def pieces(reply: Reply) -> Iterator[Piece]:
    """Yield the text of a reply in pieces, cut at the edges of statements, quantities and deadlines."""
    inner = sorted((*reply.deadlines, *reply.quantities), key=lambda s: (s.start, -s.end))
    cuts = {0, len(reply.text)} | {e for s in (*reply.statements, *inner) for e in (s.start, s.end)}
    edges = sorted(cuts)
    statements, spans = _Cursor(reply.statements), _Cursor(inner)
    for start, end in pairwise(edges):
        yield Piece(reply.text[start:end], statements.at(start), spans.at(start))


class _Cursor(Generic[S]):
    """Tells which of some ordered spans covers a place; the places asked for only grow."""

    def __init__(self, spans: Sequence[S]) -> None:
        self._spans = list(reversed(spans))

    def at(self, place: int) -> S | None:
        while self._spans and self._spans[-1].end <= place:
            self._spans.pop()
        covers = self._spans and self._spans[-1].start <= place
        return self._spans[-1] if covers else None


@cache
def templates() -> jinja2.Environment:
    """Return the package's templates; all that goes into a page is escaped, Markdown escapes what it quotes itself."""
    import jinja2

    env = jinja2.Environment(
        loader=jinja2.PackageLoader("commitextract"),
        autoescape=lambda name: name is None or not name.endswith(".md"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(LABELS=LABELS, STAGES=STAGES, STRENGTHS=STRENGTHS, pieces=pieces)
    return env


def source(name: str) -> str:
    """Return a style sheet or script of the package's pages."""
    return (files("commitextract.templates") / name).read_text("utf-8")


def reply_fragment(reply: Reply) -> str:
    """Return a reply as an HTML fragment: its text with the spans marked, and the table of statements."""
    return templates().get_template("reply.html").render(reply=reply, fragment=True)


def extraction_page(replies: Iterable[Reply]) -> str:
    """Return a self-contained HTML page of extracted replies."""
    return templates().get_template("extraction.html").render(replies=list(replies))


def ledger_sheet(replies: Iterable[Reply], as_of: str | None = None) -> pandas.DataFrame:
    """Return the 台账 with Chinese headings, one row a commitment, cells safe to open in a spreadsheet.

    ``状态`` is the commitment's stage; with the day `as_of` it is its status on that day.
    """
    import pandas as pd

    pairs = [(reply, s) for reply in replies for s in reply.commitments]
    if as_of is None:
        rows = [_sheet_row(reply, s, STAGES[s.stage or "planned"]) for reply, s in pairs]
    else:
        day = dt.date.fromisoformat(str(as_of)[:10])
        looked_at = [(reply, s, *status_on(s, day)) for reply, s in pairs]
        looked_at.sort(key=lambda row: (row[4] is None, row[4]))
        rows = [_sheet_row(reply, s, STATUS[status]) for reply, s, _, status, _ in looked_at]
    return pd.DataFrame([(n, *row) for n, row in enumerate(rows, 1)], columns=SHEET)


def _sheet_row(reply: Reply, s: Statement, status: str) -> tuple[Any, ...]:
    join = "；".join
    return tuple(
        safe_cell(cell)
        for cell in (
            s.normalized or s.text,
            join(a.name for a in s.agencies if a.role == "lead"),
            join(a.name for a in s.agencies if a.role == "support"),
            join(q.text for q in s.quantities),
            join(f"{d.text}（{d.latest}）" if d.latest else d.text for d in s.deadlines),
            status,
            STRENGTHS[s.strength or "firm"],
            join(filter(None, (reply.meta.respondent, reply.id))),
            s.text,
        )
    )


def safe_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_sheet(frame: pandas.DataFrame, path: Path) -> None:
    """Write a table as ``.xlsx`` (frozen header, filters, wrapped text), ``.csv`` (with a byte order mark, for Excel) or ``.parquet``."""
    if path.suffix == ".csv":
        frame.map(safe_cell).to_csv(path, index=False, encoding="utf-8-sig")
    elif path.suffix == ".parquet":
        _need("pyarrow")
        frame.to_parquet(path, index=False)
    else:
        _write_xlsx(frame.map(safe_cell), path)


def _write_xlsx(frame: pandas.DataFrame, path: Path) -> None:
    _need("xlsxwriter")
    import pandas as pd

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        frame.to_excel(writer, index=False, sheet_name="台账")
        sheet, book = writer.sheets["台账"], writer.book
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for column, name in enumerate(frame.columns):
            width = dict(zip(SHEET, _WIDTHS, strict=True)).get(name, 16)
            sheet.set_column(column, column, width, wrap)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(frame), 1), len(frame.columns) - 1)


def _need(module: str) -> None:
    from importlib.util import find_spec

    if find_spec(module) is None:
        raise ImportError(f'writing this kind needs {module}: pip install "commitextract[files]"')
