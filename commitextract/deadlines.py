"""Deadlines: time expressions as officials write them, resolved against the reply's date.

`find_deadlines` finds every expression that can set a time limit, with its EDTF value; which of them
is a statement's deadline is decided by `commitextract.limits`. Nothing is invented: a limit
that depends on an event (``收到申请后15日内``), that names no length (``任期内``) or that has no date to
start from keeps its text and has no value; vague words (``近期``, ``尽快``) are not found.

Readings that usage leaves open: 9月前, 2023年前, 四季度前 and 春节前 end before the month, year, quarter or festival begins
(but a quarter, half year or week that is under way with its end), 9月15日前 and 9月底前 with their last day; 9月15日后 begins
with it, 春节后 the day after; a year that a sentence names goes on to the months behind it. For the periods themselves see `commitextract.periods`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from commitextract import edtf
from commitextract.expressions import DASH, pattern
from commitextract.numerals import parse_number
from commitextract.periods import Context, read_period
from commitextract.schema import Deadline

_EVENT = re.compile(r"(?:(?<!今)后|之日起|起|以后|之后)的?(?:，|在)?$")
_COUNTED_FROM = re.compile(
    r"(?:^|[，。；：！？\n在于将待]|自(?![行身来愿])|经(?![营过济])|承诺|须|要求)(?:[^，。；：！？\n]{0,8}(?:开发商|公司|单位|企业|物业)(?=取得|收到|接到|办理|领取))?(?P<event>(?:(?!承诺|要求|自(?![行身来愿]))[^，。；：！？\n在于将须待]){2,20}(?:之后|以后|后|之日起)的?)$"
)
_IF = re.compile(r"(?:^|[，；：。！？\n、])(?:如果?|若|一旦|凡|但凡|对需|需要|待)[^。；！？\n]*$|如有[^，。；]{1,12}$")
_BEFORE_EVENT = re.compile(
    r"(?<=[在于])(?:(?![在于未]|没有)[^，。；：！？\n0-9]){3,14}(?<![年月日底初旬节一二三四五六七八九十])之?前(?![期述往提的])"
)
_ORDER = re.compile("责令|要求|限|函告|通知|下达|承诺|答应|协商")
_FUTURE = re.compile("预计|计划|力争|争取|确保|将|拟|有望")
_UNTIL = re.compile("(?:期限|时限|截止(?:日期|时间))(?:为|是|：)?$")
_NEW_POINT = re.compile(r"[。！？\n]|；(?:第?[一二三四五六七八九十]{1,2}[是、]|（|[0-9])")
_TITLE = re.compile("《[^》\n]{1,60}》|〔[^〕]{1,10}〕|[［\\[][0-9]{4}[］\\]]")
_RELATED = ("今年", "本年")
_BESIDE = 7
"""Characters beside an expression that can change what it says (截止时间为)."""


def find_deadlines(text: str, date: str | None = None) -> list[Deadline]:
    """Return the expressions that can be deadlines of a normalized text.

    Parameters
    ----------
    text : str
        Normalized text.
    date : str, optional
        The reply's date (``2021-08-30``). Without it what is relative has no value.

    Examples
    --------
    >>> [(d.text, d.edtf) for d in find_deadlines("力争年底前完成，两年内收回。", date="2021-08-30")]
    [('年底前', '../2021-12-31'), ('两年内', '../2023-08-30')]
    """
    found = list(_joined(text, _find(text, None if date is None else dt.date.fromisoformat(date))))
    events = (deadline(m.start(), m.end(), m.group(), None) for m in _BEFORE_EVENT.finditer(text))
    found += [e for e in events if not any(d.start < e.end and e.start < d.end for d in found)]
    return sorted(found, key=lambda d: d.start)


def deadline(start: int, end: int, text: str, value: str | None) -> Deadline:
    """Return a deadline whose first and last day are those of its EDTF value."""
    first, last = edtf.bounds(value) if value else (None, None)
    return Deadline(start, end, text, value, str(first) if first else None, str(last) if last else None)


def _find(text: str, today: dt.date | None) -> Iterator[Deadline]:
    """Yield the expressions one by one, each read against what stands before it."""
    at, named = 0, 0  # where the last expression ended, and the last that named a day
    context = Context(today)
    known: dict[tuple[object, ...], tuple[_Value, Context]] = {}  # what stands alike is read once
    titles = [m.span() for m in _TITLE.finditer(text)]
    for m in pattern().finditer(text):
        while titles and titles[0][1] <= m.start():
            del titles[0]
        if titles and titles[0][0] < m.start():
            continue
        start, end = m.span()
        between = text[at:start]
        alike = (context, between, text[max(0, start - _BESIDE) : start], m.group(), text[end : end + _BESIDE])
        if m["n"] or alike not in known:
            context = _carried(context, between, m)
            if m["n"]:
                context = context._replace(ordered=_ordered_on(context, text[max(named, start - 120) : start]))
            known[alike] = _read(text, m, context)
        value, context = known[alike]
        start, at = start + value.ahead, end
        if value.edtf and context.near:
            named = end
        yield Deadline(start, end, text[start:end], value.edtf, value.earliest, value.latest)


class _Value(NamedTuple):
    """What was read: how far ``ahead`` of its match it begins, its EDTF value, first and last day."""

    ahead: int
    edtf: str | None
    earliest: str | None
    latest: str | None


def _read(text: str, m: re.Match[str], context: Context) -> tuple[_Value, Context]:
    """Return what an expression says, and the context behind it; but for a length by at most `_BESIDE` characters beside it."""
    value = None
    start, end = (_event_start(text, m) if m["n"] else m.start()), m.end()
    if start == m.start() and not _hangs_on_event(text, m):
        value = _value(m, context)
    if value and ".." not in value and _UNTIL.search(text[max(0, start - _BESIDE) : start]):
        value = f"../{edtf.bounds(value)[1]}"
    elif value and "/" not in value and _starts(text, start, end):
        value = f"{value.rstrip('~')}/.."
    if m["until"] in ("到", "至") and re.match("开始|才|还|再", text[end : end + 2]):
        start, value = start + 1, _value(m, context, until=False)
    found = deadline(start, end, text[start:end], value)
    read = _Value(start - m.start(), value, found.earliest, found.latest)
    return read, _named(context, m, found) if value else context


def _carried(context: Context, between: str, m: re.Match[str]) -> Context:
    """Return what still holds of the context for an expression, by the words since the last one and behind it."""
    if "\n" in between:
        return Context(context.today)
    same = not _NEW_POINT.search(between)
    year, today = context.year, context.today
    if year and today and year <= today.year:
        ahead = bool(_FUTURE.search(between + m.string[m.end() : m.end() + 4]))
        year = None if ahead or (year < today.year and not _goes_on(context.value, m)) else year
    return Context(today, year if same else None, context.value, context.day, context.near and same)


def _goes_on(value: str | None, m: re.Match[str]) -> bool:
    """Whether a month goes on in the past year of the month before it: 2020年3月开工，10月完工."""
    before = re.match("[0-9]{4}-([0-9]{2})", (value or "").lstrip("./"))
    month = parse_number(m["month"]) if m["month"] and m["month"] != "元" else None
    return bool(before and month and month >= int(before[1]))


def _named(context: Context, m: re.Match[str], found: Deadline) -> Context:
    """Return the context with what an expression names: a year, a day."""
    assert found.edtf
    year = context.year
    named = m["year"] or m["onlyyear"] or m["date"]
    if named and not (m["onlyyear"] and named.startswith(_RELATED)):
        year = int(found.edtf.lstrip("./")[:4])
    point = found.edtf.removeprefix("../").removesuffix("/..").rstrip("~").split("/")[-1]
    day = dt.date.fromisoformat(point) if len(point) == 10 and m["n"] is None else None
    return Context(context.today, year, found.edtf, day or context.day, bool(day) or context.near)


def _ordered_on(context: Context, before: str) -> dt.date | None:
    """Return the day that an order or a promise was given on, if the text named it: 3月2日…责令其五日内整改."""
    day, today = context.day, context.today
    if day is None or today is None or not _ORDER.search(before):
        return None
    if day > today:  # 12月18日 in a reply of January
        day -= dt.timedelta(days=365)
    return day if today - dt.timedelta(days=300) < day <= today else None


def _starts(text: str, start: int, end: int) -> bool:
    """Whether a time is a start without an end, as 起 makes it: 自从2018年, 3月1日开始的; 从3月1日开始 tells when it starts."""
    if text[end : end + 3] == "开始的" or text[max(0, start - 2) : start] == "自从":
        return True
    return text[max(0, start - 1) : start] in ("", "，", "。", "；", "\n") and bool(
        re.match("开始(?:[，。]|$)", text[end : end + 3])
    )


def _hangs_on_event(text: str, m: re.Match[str]) -> bool:
    before = text[max(0, m.start() - 60) : m.start()]
    return bool(m["n"] and (_EVENT.search(before[-6:]) or _IF.search(before)))


def _event_start(text: str, m: re.Match[str]) -> int:
    """Return where the event begins that a length of time counts from (收到报告后10日内), else its own start."""
    event = _COUNTED_FROM.search(text, max(0, m.start() - 24), m.start())
    return event.start("event") if event else m.start()


def _value(m: re.Match[str], context: Context, *, until: bool = True) -> str | None:
    """Return the value with its bound, None where it cannot be resolved."""
    try:
        value = read_period(m, context)
        if value and ".." not in value:
            value = _bounded(value, m, context.today, until=until and bool(m["until"]))
        if value:
            edtf.bounds(value)
    except (ValueError, KeyError, OverflowError):
        return None
    return value


def _bounded(value: str, m: re.Match[str], today: dt.date | None, *, until: bool) -> str | None:
    """Return a period's value with the words that bound it."""
    bound = m["bound"] or ""
    first, last = edtf.bounds(value)
    assert first and last
    if bound.endswith("前") and not bound.startswith(("或", "及")) and _begins(m, today, first, last):
        return f"../{first - dt.timedelta(days=1)}"
    if until or bound.endswith(("前", "内", "止")):
        return f"../{last}"
    if bound.endswith("后") and bound != "前后" and m["festival"]:
        return f"{last + dt.timedelta(days=1)}/.."
    if bound.endswith(("后", "起")) and bound != "前后":
        return f"{value.split('/')[0].rstrip('~')}/.."
    if bound in ("前后", "左右"):
        return "/".join(f"{part.rstrip('~')}~" for part in value.split("/"))
    return value


def _begins(m: re.Match[str], today: dt.date | None, first: dt.date, last: dt.date) -> bool:
    """Whether 前 means before the period begins: a month, a year, a festival; else if it is not under way."""
    part = m["day"] or m["chineseday"] or m["monthpart"] or m["monthweek"]
    if (m["month"] and not part) or (m["onlyyear"] and not m["lowyear"]) or m["festival"]:
        return True
    part = m["quarterend"] or m["thatend"] or m["relday"] or m["relpart"] or m["ofweek"]
    whole = ("half", "quarter", "season", "whichquarter", "whichhalf", "which", "thatweek")
    under_way = today is not None and first <= today <= last
    return any(m[name] for name in whole) and not part and not under_way


def _joined(text: str, found: Iterator[Deadline]) -> Iterator[Deadline]:
    """Yield the expressions, ``A至B`` and ``A或B`` as one."""
    previous: Deadline | None = None
    for here in found:
        beside = previous and previous.end == here.start and here.text[0] not in "到至"
        if previous and not beside and (both := _join(text, previous, here)):
            here = both
        elif previous:
            yield previous
        previous = here
    if previous:
        yield previous


def _join(text: str, first: Deadline, second: Deadline) -> Deadline | None:
    between = text[first.end : second.start]
    if second.text[0] in "到至" and between in ("", "一直", "持续", "延续", "延长"):
        between = f"{between}至"
    bracketed = between in ("与", "和") and re.match("之?间", text[second.end :])
    if not bracketed and not re.fullmatch(DASH, between):
        return None
    value = None
    if first.edtf and second.edtf:
        low, high = first.edtf.split("/")[0], second.edtf.split("/")[-1]
        if ".." in (low, high):
            return None
        value = f"{low if between[:1] == '或' else low.rstrip('~')}/{high.rstrip('~')}"
    elif "或" not in between:
        return None
    try:
        return deadline(first.start, second.end, text[first.start : second.end], value)
    except ValueError:
        return None
