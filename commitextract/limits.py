"""Limits: which of the time expressions in and before a statement is its deadline.

A time limits a commitment unless the words around it say otherwise: it is over, tells when something happened,
belongs to a name (2021年招生方案) or to a plan of the current year, recurs (每年), was superseded (原计划), or only dates a topic.
An achievement has a limit only where it is an order with one (责令…15日内整改), a refusal none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from commitextract.decoding import Run
from commitextract.features import Reading
from commitextract.layout import Clause
from commitextract.lexicons import alternation, terms
from commitextract.schema import Deadline

_LEADING = 16  # characters of a clause before the statement that can give it its time (今年，/第一步（春节前），)
_LIST = 400  # characters back to the year that opens a list of points
_NOT_BEFORE = re.compile(
    r"(?:原计划|原定|原拟|本应|原本|原先)[^，。；]{0,6}$"  # superseded
    r"|(?:每年|每月|每季度|逢)[^，。；]{0,8}$|每$"  # recurs
    r"|(?:没有|无法|难以|未能|不能|并未)[^，。；]{0,4}$"
    r"|已经?[于在从自]?$"
    r"|(?:(?<!拟)按照?|根据|依据|依照|结合|由于|(?<![所可予加得足难])以(?!及))[^，。；]{0,4}$"
    r"|(?:规划|计划|方案)”?（$|(?:如果?|若)$"
)
_NOT_BEHIND = re.compile(
    r"^(?:以来|(?:完成|印发|出台|制定|下发|发布|批准)的)|^[^，。；]{0,6}(?:以来|〕)|^[^，。；]{0,3}已|^全面启动了|^[^，。；]?(?:未|没有)"
)
_POINTING = re.compile(r"(?:今[天日]|当[天日晚年月]|昨.|前天|同日|届时|到时候?|年终)$|^[当同]")
_WHOLE = re.compile(r"(?:年度?|[春夏秋冬][季天]|年关|[0-9]月份?|节)$")
_AIMED = re.compile(r"(?:拟|将|计划|决定|定|预计|力争|争取|确保|有望)[于在]?$")
_INTO = re.compile(r"(?:纳入|列入|列为|进入|编入|报进|放进|排在|申报)[^，。；]{0,16}$")
_NAME = re.compile(
    r"^(?:的|(?:招生|招录|入学)(?=工作|方案|政策|计划|办法|范围|条件|简章)|政策|预算|分红|慰问)|^[^，。；]{0,18}(?:项目|工程|工作|活动)中[，。；]"
)
_DOCUMENT = re.compile(
    r"^[^，。；将拟会]{0,4}(?:政策|分红|慰问)|^[^，。；将拟会按]{0,10}(?:方案|预算|办法|名单|目录|草案|规划|条件|计划(?=[内中，。；、（]|$|并))"
)
_LED = re.compile(r"(?:[于在到至拟定]|计划|预计|力争|争取|确保|放在|安排|有望|力求|希望|最迟)$")
_DONE = re.compile(
    "完|建成|竣工|解决|办结|到位|整改|修复|拆|清|交|补|通|印|出台|启|开工|安装|实施|栽|做好|加固|处理|拨付|发放|搬"
)
_SEASON = re.compile(alternation(terms("season_events")))
_ORDERED = re.compile("责令|要求|限期?|函告|通知书?|下达|督促|敦促|承诺|约谈|期限")


def find_limits(reading: Reading, run: Run, date: str | None, after: int = 0) -> tuple[Deadline, ...]:
    """Return the deadlines of a statement, in the order of the text.

    Parameters
    ----------
    reading : Reading
        What the finders found.
    run : Run
        The statement's clauses and label.
    date : str or None
        The reply's date.
    after : int
        The first clause that belongs to no earlier statement.
    """
    clauses = reading.layout.clauses
    if run.label == "REFUSAL":
        return ()
    first, end = _first(clauses, run, after), clauses[run.last].end
    low, high = (bisect_left(reading.times, at, key=lambda t: t.start) for at in (clauses[first].start, end))
    times = reading.times[low:high]
    text, start = reading.layout.text, clauses[run.first].start
    found = [t for t in times if _limits(text, t, times, clauses[first].start, end, run.label, date)]
    inside = [t for t in found if t.start >= start]
    leading = [
        t for t in found if re.match("[）内]?[，：]", text[t.end :]) and not (run.label == "underway" and t.earliest)
    ]
    if not (inside or leading) and run.label == "planned":
        return _of_the_list(reading, start, date)
    return tuple(inside or leading[-1:])


def _first(clauses: Sequence[Clause], run: Run, after: int) -> int:
    """Return the first clause to look at: the statement's, or the short ones of its sentence before it."""
    first = run.first
    while first > after and clauses[first - 1].sentence == clauses[run.first].sentence:
        if clauses[first - 1].end - clauses[first - 1].start > _LEADING:
            break
        first -= 1
    return first


def _of_the_list(reading: Reading, start: int, date: str | None) -> tuple[Deadline, ...]:
    """Return the year that opens a list of points for all of them: 2022年，我镇将新建…；改造…；扩建…."""
    text = reading.layout.text
    back = max(0, start - _LIST)
    opens = max(text.rfind(mark, back, start) for mark in "。！？\n") + 1
    at = bisect_left(reading.times, opens, key=lambda t: t.start)
    if (back and not opens) or at == len(reading.times) or reading.times[at].end >= start:
        return ()
    year = reading.times[at]
    listed = text[year.end] == "，" or "：" in text[year.end : start]
    if not listed or year.start - opens > 3 or not _WHOLE.search(year.text) or _over(year, date):
        return ()
    return (year,) if _limits(text, year, (year,), opens, start, "planned", date) else ()


def _limits(
    text: str, time: Deadline, times: Sequence[Deadline], start: int, end: int, label: str, date: str | None
) -> bool:
    """Whether a time expression bounds a statement of this label."""
    before, behind = text[max(0, time.start - 24) : time.start], text[time.end : min(end, time.end + 24)]
    if _NOT_BEFORE.search(before) or _NOT_BEHIND.search(behind) or _POINTING.search(time.text):
        return False
    if (time.edtf is None and _hangs(time, before, behind)) or _restates(text, time, times):
        return False
    if _names(time, times, before, behind, text, date):
        return False
    if label == "ACHIEVEMENT":
        return _is_order(time, text[max(start, time.start - 60) : time.start], date)
    if date and time.earliest and time.earliest <= date and label == "underway" and re.match("开始|启动|起", behind):
        return bool(_AIMED.search(before))
    if not _over(time, date) or (time.edtf or "").startswith("../"):
        return True
    return bool(_AIMED.search(before) or re.search("^[^。；]{0,20}[将拟]", behind))


def _hangs(time: Deadline, before: str, behind: str) -> bool:
    """Whether a time without a date only tells the order of events: 在完成改造前，我局将加强巡查."""
    if time.text.endswith("前"):
        return not (_SEASON.search(time.text) or _DONE.search(behind))
    return time.text.endswith("后") and bool(re.search("待[^，。；]{0,20}$", before))


def _over(time: Deadline, date: str | None) -> bool:
    return bool(date and time.latest and time.latest < date)


def _restates(text: str, time: Deadline, times: Sequence[Deadline]) -> bool:
    """Whether a time only says another again: 9月6日之前（下周五）, 秋收期间（9月20日至11月10日）."""
    if time.edtf is None and any(t.edtf and t.start == time.end + 1 and text[time.end] == "（" for t in times):
        return True
    opened = text.rfind("（", max(0, time.start - 40), time.start) > text.rfind(
        "）", max(0, time.start - 40), time.start
    )
    return opened and any(t.edtf and t.end < time.start for t in times)


def _is_order(time: Deadline, around: str, date: str | None) -> bool:
    """Whether a time is the limit of an order that is told: 责令其15日内整改, 要求9月6日前退还."""
    if not _ORDERED.search(around):
        return False
    bound = time.edtf is None or time.edtf.startswith("../")
    return (bound and time.text[0] not in "截") or bool(date and time.earliest and time.earliest >= date)


def _names(time: Deadline, times: Sequence[Deadline], before: str, behind: str, text: str, date: str | None) -> bool:
    """Whether a whole year, season or month is a part of a name or a topic, not a limit."""
    if date and time.edtf == date and re.match("[12二][90〇零○]", time.text):  # a signature
        return True
    if not _WHOLE.search(time.text):
        return False
    clause_ends = re.search("[，。；：]", text[time.end : time.end + 40])
    end = time.end + (clause_ends.start() if clause_ends else 40)
    if any(time.end < t.start < end and _within(t, time) for t in times):
        return True
    if _INTO.search(before):
        coming = bool(date and time.earliest and time.earliest > date)
        return not coming or any(t.start > time.end for t in times)
    return bool(_NAME.search(behind)) or (bool(_DOCUMENT.search(behind)) and not _LED.search(before))


def _within(part: Deadline, whole: Deadline) -> bool:
    """Whether a time lies in a longer one: 10月 in 今年."""
    return bool(part.latest and whole.earliest and whole.latest and whole.earliest <= part.latest <= whole.latest)
