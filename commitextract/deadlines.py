"""Deadlines: time expressions as officials write them, resolved against the reply's date.

`find_times` finds every expression that can set a time limit, with its EDTF value; which of them
is a statement's deadline is decided by linking (`commitextract.linking`). Nothing is invented: a limit
that depends on an event (``收到申请后15日内``), that names no length (``任期内``) or that has no date to
start from keeps its text and has no value.

Readings that usage leaves open: 9月前 and 2023年前 end before the month or year begins, 9月底前 with its
last day, 春节前 with the festival's first; 年底 is December, 月底 the month's last day, about; N个工作日 has no value
(it needs the year's holiday calendar); a month without a year is the first such month that is not before the reply's month; a year that the sentence
names goes on to the months behind it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from commitextract import edtf
from commitextract.lexicons import table
from commitextract.numerals import ARABIC, CHINESE, parse_adjacent, parse_decimal, parse_number
from commitextract.schema import Deadline

_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元])"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DASH = r"(?:至|到|或|[-—–―~～－]{1,2})"
_YEARS = {"今年": 0, "本年": 0, "当年": 0, "同年": 0, "明年": 1, "来年": 1, "次年": 1, "翌年": 1}
_YEARS |= {"后年": 2, "去年": -1, "上年": -1, "前年": -2}
_YEAR = (
    r"(?:(?<![0-9])(?:(?:19|20)[0-9]{2}|[0-9]{2}(?=年[0-9]{1,2}月))年度?|二[〇零○][〇零○一二三四五六七八九]{2}年度?"
    rf"|(?:{'|'.join(_YEARS)})度?)"
)
_SEASONS = dict(zip("春夏秋冬", range(21, 25), strict=True))
_DAYS = {"今天": 0, "今日": 0, "当天": 0, "当日": 0, "明天": 1, "明日": 1, "后天": 2}
_FESTIVALS = {
    "元旦": "01-01",
    "五一": "05-01",
    "劳动": "05-01",
    "国庆": "10-01",
    "春节": "",
    "元宵": "",
    "端午": "",
    "中秋": "",
}
_FIVE_YEARS = dict(zip("一二三四五六", range(2006, 2036, 5), strict=True))

_PATTERN = re.compile(
    r"(?P<until>不会?超过|不晚于|不迟于|最迟|最晚|(?<![0-9年月日号底初末季迟期延])[到至](?=[0-9今明后年本下十“]))?(?:"
    r"(?P<iso>(?<![0-9])(?:19|20)[0-9]{2}(?P<mark>[-/.])(?:1[0-2]|0?[1-9])(?:(?P=mark)(?:3[01]|[12][0-9]|0?[1-9]))?(?![0-9]))"
    r"|[“\"]?十(?P<plan>[一二三四五六])五[”\"]?(?:规划)?(?P<planpart>期间|时期|期末|末期?|初期?|期内|[中后]期|规划期|(?<=”)内)"
    rf"|(?:(?P<year>{_YEAR})的?)?(?:"
    rf"(?:(?P<lowmonth>{_MONTH})(?:月份?)?{_DASH})?(?P<month>{_MONTH})月份?"
    rf"(?:(?:(?P<lowday>{_DAY})[日号]?{_DASH})?(?P<day>{_DAY})[日号](?:[0-9]{{1,2}}[时点])?|(?P<monthpart>[上中]?[中下]旬|上旬|[初底末]|中(?![国央学心小])))?"
    rf"|(?P<relmonth>本月|这个月|下个?月|当月|次月)份?(?:(?P<relday>{_DAY})[日号]|(?P<relpart>[上中]?[中下]旬|上旬|[初底末]))?"
    r"|(?P<yearhalf>[上下]半年)|第?(?P<quarter>[一二三四1-4])季度(?P<quarterend>末)?|前(?P<quarters>[二三])个?季度"
    r"|(?P<season>[春夏秋冬])(?:季|天|修时节)(?:学期)?"
    rf"|(?:农历)?“?(?P<festival>{'|'.join(_FESTIVALS)})节?”?(?:假期|小长假)?"
    r"|(?P<yearend>年[底末终]|岁末|年关|(?<=年)[底末])|(?P<yearstart>年初|(?<=年)初)|(?P<midyear>年中|(?<=年)中(?![国央心期学小]))"
    rf"|(?<![0-9{''.join('一二三四五六七八九十几数半两')}])(?P<inyear>年[内前])"
    r")"
    r"|(?P<twoyears>今明两年)"
    rf"|(?:(?P<lowyear>(?:19|20)[0-9]{{2}})年?{_DASH})?(?P<onlyyear>{_YEAR})"
    rf"|(?P<week>[本这下])个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])?"
    rf"|(?<!个)(?<![0-9])月(?P<baremonthpart>[底末])"
    rf"|(?P<n>(?:{ARABIC}|{CHINESE}|半)(?:{_DASH}(?:{ARABIC}|{CHINESE}))?)(?P<half>个半)?个?"
    r"(?P<unit>年半?|(?<=[个半])月|星期|周|工作日|日|天|小时|分钟|季度|学期)(?:的?时间)?(?P<within>之内|以内|内|左右|之后|以后|后(?![续期勤]))"
    rf"|(?P<reldays>{'|'.join(_DAYS)})"
    r"|(?P<nolength>任期内|本届任期内|本届内|届内)"
    r")"
    r"(?P<bound>之前|以前|前后|前(?![期述往提景三两来进瞻置沿列端])|左右|之内|以内|内(?![容部外涝])|之后|以后|后(?![续期勤])|起(?![草步到来诉]))?"
)
_EVENT = re.compile(r"(?:(?<!今)后|之日起|起|以后|之后)的?(?:，|在)?$")
_COUNTED_FROM = re.compile(
    r"(?:^|[，。；：！？\n在于将]|承诺|须|要求)(?P<event>(?:(?!承诺|要求)[^，。；：！？\n在于将须]){2,20}(?:之后|以后|后|之日起)的?)$"
)
_BEFORE_EVENT = re.compile(
    r"(?<=[在于])(?:(?![在于])[^，。；：！？\n0-9]){3,14}(?<![年月日底初旬节一二三四五六七八九十])之?前(?!期|述|往|提)"
)
_OPEN_END = ("之后", "以后", "后", "起")
_BEFORE = ("之前", "以前", "前")


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
    found = list(_find(text, None if date is None else dt.date.fromisoformat(date)))
    events = (deadline(m.start(), m.end(), m.group(), None) for m in _BEFORE_EVENT.finditer(text))
    found += [e for e in events if not any(d.start < e.end and e.start < d.end for d in found)]
    return sorted(found, key=lambda d: d.start)


def _find(text: str, today: dt.date | None) -> Iterator[Deadline]:
    year: int | None = None
    at = 0
    previous: Deadline | None = None
    for m in _PATTERN.finditer(text):
        if re.search(r"[。！？\n]", text[at : m.start()]):
            year = None
        at = m.end()
        value = None if _hangs_on_event(text, m) else _Reader(m, today, year).edtf()
        year = _named_year(m, value, today) or year
        start = _event_start(text, m)
        found = deadline(start, m.end(), text[start : m.end()], value)
        if previous and (joined := _join(text, previous, found)):
            found = joined
        elif previous:
            yield previous
        previous = found
    if previous:
        yield previous


def deadline(start: int, end: int, text: str, value: str | None) -> Deadline:
    """Return a deadline whose first and last day are those of its EDTF value."""
    first, last = edtf.bounds(value) if value else (None, None)
    return Deadline(start, end, text, value, str(first) if first else None, str(last) if last else None)


def _named_year(m: re.Match[str], value: str | None, today: dt.date | None) -> int | None:
    named = m["year"] or m["onlyyear"] or m["iso"]
    year = int(value.lstrip("./")[:4]) if value and named and named[:2] not in ("今年", "本年") else None
    return year if year and (today is None or year >= today.year) else None


def _hangs_on_event(text: str, m: re.Match[str]) -> bool:
    return bool(m["n"] and _EVENT.search(text[max(0, m.start() - 6) : m.start()]))


def _event_start(text: str, m: re.Match[str]) -> int:
    """Return where the event begins that a length of time counts from (收到报告后10日内), else its own start."""
    event = _COUNTED_FROM.search(text, max(0, m.start() - 24), m.start()) if m["n"] else None
    return event.start("event") if event else m.start()


def _join(text: str, first: Deadline, second: Deadline) -> Deadline | None:
    """Read ``A至B`` and ``A或B`` as one interval."""
    between = text[first.end : second.start]
    if not re.fullmatch(_DASH, between) or not (first.edtf and second.edtf):
        return None
    low, high = first.edtf.rstrip("~"), second.edtf.rstrip("~")
    if "/" in low or "/" in high:
        return None
    value = f"{low}/{high}"
    try:
        return deadline(first.start, second.end, text[first.start : second.end], value)
    except ValueError:
        return None


class _Reader:
    """Reads one match against the reply's date and the year that the sentence names."""

    def __init__(self, m: re.Match[str], today: dt.date | None, year: int | None) -> None:
        self.m = m
        self.today = today
        self.context = year

    def edtf(self) -> str | None:
        """Return the value with its bound, or None where it cannot be resolved."""
        m = self.m
        try:
            value = self._duration() if m["n"] else self._bounded(self._period())
            if value:
                edtf.bounds(value)
        except (ValueError, KeyError, OverflowError):
            return None
        return value

    def _bounded(self, value: str | None) -> str | None:
        m, bound = self.m, self.m["bound"]
        if value is None or ".." in value:
            return value
        first, last = edtf.bounds(value)
        whole = (m["month"] and not (m["day"] or m["monthpart"])) or (m["onlyyear"] and not m["lowyear"])
        if bound in _BEFORE and whole and first:
            return f"../{first - dt.timedelta(days=1)}"
        if m["until"] or bound in (*_BEFORE, "之内", "以内", "内"):
            return f"../{last}"
        if bound in _OPEN_END:
            return f"{value.rstrip('~')}/.." if "/" not in value else None
        return value.rstrip("~") + "~" if bound in ("前后", "左右") and "/" not in value else value

    def _period(self) -> str | None:
        m = self.m
        if m["iso"]:
            return "-".join(part.zfill(2) for part in re.split("[-/.]", m["iso"]))
        if m["plan"]:
            return self._plan(_FIVE_YEARS[m["plan"]], m["planpart"])
        if m["twoyears"] and self.today:
            return f"{self.today.year}/{self.today.year + 1}"
        if m["nolength"] or m["twoyears"] or (self.today is None and not self._year_is_named()):
            return None
        for name in ("month", "relmonth", "yearhalf", "quarter", "quarters", "season", "festival", "week"):
            if m[name]:
                return str(getattr(self, f"_{name}")())
        return self._year_part()

    def _year_is_named(self) -> bool:
        m = self.m
        year = m["year"] or m["onlyyear"] or ""
        return year[:1].isdigit() or year[:1] == "二" or self.context is not None

    def _year(self) -> int:
        """Return the year that the expression names, else that of the sentence, else the reply's."""
        text = self.m["year"] or self.m["onlyyear"]
        if text and text.removesuffix("度") in _YEARS:
            text = text.removesuffix("度")
            base = self.context if text in ("次年", "翌年", "当年", "同年") else None
            if base is None:
                assert self.today is not None
                base = self.today.year
            return base + _YEARS[text]
        if text:
            year = int(parse_number(re.sub("年度?$", "", text)) or 0)
            return year if year > 99 else 2000 + year
        if self.context is not None:
            return self.context
        assert self.today is not None
        return self.today.year

    def _month(self) -> str:
        m = self.m
        month = _month_number(m["month"])
        year = self._year()
        if not m["year"] and self.context is None and self.today and month < self.today.month:
            year += 1
        if m["day"]:
            day = _number(m["day"])
            value = f"{year}-{month:02}-{day:02}"
            low = f"{year}-{month:02}-{_number(m['lowday']):02}/" if m["lowday"] else ""
            return low + value
        value = edtf.part_of_month(year, month, m["monthpart"])
        if m["lowmonth"] and "/" not in value:
            from_month = _month_number(m["lowmonth"])
            return f"{year - (from_month > month):04}-{from_month:02}/{value.rstrip('~')}"
        return value

    def _relmonth(self) -> str:
        assert self.today is not None
        ahead = 1 if self.m["relmonth"][0] in "下次" else 0
        then = edtf.add_months(self.today.replace(day=1), ahead)
        if self.m["relday"]:
            return f"{then.year}-{then.month:02}-{_number(self.m['relday']):02}"
        return edtf.part_of_month(then.year, then.month, self.m["relpart"])

    def _yearhalf(self) -> str:
        first = 1 if self.m["yearhalf"][0] == "上" else 7
        return f"{self._year()}-{first:02}/{self._year()}-{first + 5:02}"

    def _quarter(self) -> str:
        last = 3 * _number(self.m["quarter"])
        if self.m["quarterend"]:
            return f"{self._year()}-{last:02}-{edtf.month_days(self._year(), last)}~"
        return f"{self._year()}-{last - 2:02}/{self._year()}-{last:02}"

    def _quarters(self) -> str:
        return f"{self._year()}-01/{self._year()}-{3 * _number(self.m['quarters']):02}"

    def _season(self) -> str:
        return f"{self._year()}-{_SEASONS[self.m['season']]}"

    def _festival(self) -> str:
        name, year = self.m["festival"], self._year()
        if not self.m["year"] and self.context is None and self.today and _first_day(name, year) < str(self.today):
            year += 1
        return _first_day(name, year)

    def _week(self) -> str:
        assert self.today is not None
        monday = self.today - dt.timedelta(days=self.today.weekday())
        monday += dt.timedelta(weeks=self.m["week"] == "下")
        name = self.m["weekday"]
        if name and name != "末":
            return str(monday + dt.timedelta(days=min(6, "一二三四五六日天".index(name))))
        first = monday + dt.timedelta(days=5 if name else 0)
        return f"{first}/{monday + dt.timedelta(days=6)}"

    def _year_part(self) -> str | None:
        m = self.m
        if m["reldays"] or m["baremonthpart"]:
            assert self.today is not None
            if m["reldays"]:
                return str(self.today + dt.timedelta(days=_DAYS[m["reldays"]]))
            return edtf.part_of_month(self.today.year, self.today.month, "底")
        year = self._year()
        if m["inyear"]:
            return f"../{year}-12-31"
        for name, month in (("yearend", "12"), ("yearstart", "01"), ("midyear", "06")):
            if m[name]:
                return f"{year}-{month}" + ("~" if name == "midyear" else "")
        return f"{m['lowyear']}/{year}" if m["lowyear"] else str(year)

    @staticmethod
    def _plan(first: int, part: str) -> str:
        if part.startswith(("末", "期末", "后期")):
            return str(first + 4)
        return str(first) if part.startswith("初") else f"{first}/{first + 4}"

    def _duration(self) -> str | None:
        """Read a length of time from the reply's date: by its end, or from it on."""
        m, n = self.m, self.m["n"]
        if self.today is None or m["unit"] in ("小时", "分钟", "学期") or m["bound"]:
            return None
        adjacent = parse_adjacent(n)
        amount = adjacent[1] if adjacent else parse_decimal(re.split(_DASH, n)[-1])
        if amount is None:
            return None
        unit = m["unit"].removesuffix("半")
        amount += Decimal("0.5") if m["half"] or unit != m["unit"] else 0
        end = edtf.later(self.today, amount, unit)
        if end is None:
            return None
        if m["within"] in ("之内", "以内", "内"):
            return f"../{end}"
        return f"{end}~" if m["within"] == "左右" else f"{end}/.."


def _number(text: str) -> int:
    return int(parse_number(text) or 0)


@cache
def _lunar() -> dict[tuple[str, str], str]:
    return {(name, row["year"]): row[name] for row in table("festivals") for name in row}


def _first_day(festival: str, year: int) -> str:
    """Return the first day of a festival; raises KeyError outside the table's years."""
    fixed = _FESTIVALS[festival]
    return f"{year}-{fixed}" if fixed else _lunar()[festival, str(year)]


def _month_number(text: str) -> int:
    return 1 if text == "元" else _number(text)
