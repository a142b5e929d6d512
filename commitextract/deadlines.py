"""Deadlines: time expressions as officials write them, resolved against the reply's date.

`find_times` finds every expression that can set a time limit, with its EDTF value; which of them
is a statement's deadline is decided by linking (`commitextract.linking`). Nothing is invented: a limit
that depends on an event (``收到申请后15日内``), that names no length (``任期内``) or that has no date to
start from keeps its text and has no value.

Readings that usage leaves open: 9月前 is before the month begins, 9月底前 to its last day; 年底 is
December; 月底 its last day, about; N个工作日 are Monday to Friday, about (public holidays are not
counted out); a month without a year is the first such month that is not before the reply's month, or the next
one after a year that the sentence names.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from commitextract import edtf
from commitextract.numerals import ARABIC, CHINESE, parse_decimal, parse_number
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
_TENS = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "中": (11, 20), "下旬": (21, 31)}
_DAYS = {"今天": 0, "今日": 0, "当天": 0, "当日": 0, "明天": 1, "明日": 1, "后天": 2}
_FESTIVALS = {"元旦": "01-01", "五一": "05-01", "国庆": "10-01", "劳动节": "05-01", "国庆节": "10-01"}
_FIVE_YEARS = dict(zip("一二三四五六", range(2006, 2036, 5), strict=True))

_PATTERN = re.compile(
    r"(?P<until>不会?超过|不晚于|不迟于|最迟|最晚)?(?:"
    r"(?P<iso>(?<![0-9])(?:19|20)[0-9]{2}(?P<mark>[-/.])(?:1[0-2]|0?[1-9])(?:(?P=mark)(?:3[01]|[12][0-9]|0?[1-9]))?(?![0-9]))"
    r"|[“\"]?十(?P<plan>[一二三四五六])五[”\"]?(?:规划)?(?P<planpart>期间|时期|期末|末期?|初期?|期内|[中后]期|规划期|(?<=”)内)"
    rf"|(?P<n>(?:{ARABIC}|{CHINESE}|半)(?:{_DASH}(?:{ARABIC}|{CHINESE}))?)(?P<half>个半)?个?"
    r"(?P<unit>年半?|月|星期|周|工作日|日|天|小时|分钟|季度|学期)(?:的?时间)?(?P<within>之内|以内|内|左右|之后|以后|后(?![续期勤]))"
    rf"|(?:(?P<year>{_YEAR})的?)?(?:"
    rf"(?:(?P<lowmonth>{_MONTH})(?:月份?)?{_DASH})?(?P<month>{_MONTH})月份?"
    rf"(?:(?:(?P<lowday>{_DAY})[日号]?{_DASH})?(?P<day>{_DAY})[日号]|(?P<monthpart>[上中下]旬|[初底末]|中(?![国央学心小])))?"
    r"|(?P<relmonth>本月|这个月|下个?月|当月|次月)份?(?P<relpart>[上中下]旬|[初底末])?"
    r"|(?P<yearhalf>[上下]半年)|第?(?P<quarter>[一二三四1-4])季度(?P<quarterend>末)?|前(?P<quarters>[二三])个?季度"
    r"|(?P<season>[春夏秋冬])(?:季|天|修时节)(?:学期)?"
    r"|“?(?P<festival>元旦|五一|国庆节?|劳动节)”?(?:假期|小长假)?"
    r"|(?P<yearend>年[底末终]|岁末|年关|(?<=年)[底末])|(?P<yearstart>年初|(?<=年)初)|(?P<midyear>年中|(?<=年)中(?![国央心期学小]))"
    rf"|(?<![0-9{''.join('一二三四五六七八九十几数半两')}])(?P<inyear>年[内前])"
    r")"
    rf"|(?<!个)(?<![0-9])月(?P<baremonthpart>[底末])"
    rf"|(?:(?P<lowyear>(?:19|20)[0-9]{{2}})年?{_DASH})?(?P<onlyyear>{_YEAR})"
    rf"|(?P<week>[本这下])个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])?"
    rf"|(?P<reldays>{'|'.join(_DAYS)})"
    r"|(?P<nolength>任期内|本届任期内|本届内|届内)"
    r")"
    r"(?P<bound>之前|以前|前后|前(?![期述往提景三两来进瞻置沿列端])|左右|之内|以内|(?<!年)内(?![容部外涝])|之后|以后|后(?![续期勤])|开始|起(?![草步到来诉]))?"
)
_EVENT = re.compile(r"(?:后|之日起|起|以后|之后)的?(?:，|在)?$")
_OPEN_END = ("之后", "以后", "后", "开始", "起")
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
    return list(_find(text, None if date is None else dt.date.fromisoformat(date)))


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
        found = deadline(m.start(), m.end(), m.group(), value)
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
    return int(value.lstrip("./")[:4]) if value and named and named[:2] not in ("今年", "本年") else None


def _hangs_on_event(text: str, m: re.Match[str]) -> bool:
    return bool(m["n"] and _EVENT.search(text[max(0, m.start() - 6) : m.start()]))


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
        except (ValueError, OverflowError):
            return None
        return value

    def _bounded(self, value: str | None) -> str | None:
        m, bound = self.m, self.m["bound"]
        if value is None or ".." in value:
            return value
        first, last = edtf.bounds(value)
        if bound in _BEFORE and m["month"] and not (m["day"] or m["monthpart"]) and first:
            return f"../{first - dt.timedelta(days=1)}"
        if bound in _BEFORE and m["festival"] and first:
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
        if m["nolength"] or (self.today is None and not self._year_is_named()):
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
            day = int(parse_number(m["day"]) or 0)
            value = f"{year}-{month:02}-{day:02}"
            low = f"{year}-{month:02}-{int(parse_number(m['lowday']) or 0):02}/" if m["lowday"] else ""
            return low + value
        value = _part_of_month(year, month, m["monthpart"])
        if m["lowmonth"] and "/" not in value:
            from_month = _month_number(m["lowmonth"])
            return f"{year - (from_month > month):04}-{from_month:02}/{value.rstrip('~')}"
        return value

    def _relmonth(self) -> str:
        assert self.today is not None
        ahead = 1 if self.m["relmonth"][0] in "下次" else 0
        then = edtf.add_months(self.today.replace(day=1), ahead)
        return _part_of_month(then.year, then.month, self.m["relpart"])

    def _yearhalf(self) -> str:
        first = 1 if self.m["yearhalf"][0] == "上" else 7
        return f"{self._year()}-{first:02}/{self._year()}-{first + 5:02}"

    def _quarter(self) -> str:
        last = 3 * int(parse_number(self.m["quarter"]) or 0)
        if self.m["quarterend"]:
            return f"{self._year()}-{last:02}-{edtf.month_days(self._year(), last)}~"
        return f"{self._year()}-{last - 2:02}/{self._year()}-{last:02}"

    def _quarters(self) -> str:
        return f"{self._year()}-01/{self._year()}-{3 * int(parse_number(self.m['quarters']) or 0):02}"

    def _season(self) -> str:
        return f"{self._year()}-{_SEASONS[self.m['season']]}"

    def _festival(self) -> str:
        day = dt.date.fromisoformat(f"{self._year()}-{_FESTIVALS[self.m['festival']]}")
        if not self.m["year"] and self.context is None and self.today and day < self.today:
            day = day.replace(year=day.year + 1)
        return str(day)

    def _week(self) -> str:
        assert self.today is not None
        monday = self.today - dt.timedelta(days=self.today.weekday())
        monday += dt.timedelta(weeks=self.m["week"] == "下")
        name = self.m["weekday"]
        if name and name != "末":
            return str(monday + dt.timedelta(days="一二三四五六日天".index(name) % 7 if name != "天" else 6))
        first = monday + dt.timedelta(days=5 if name else 0)
        return f"{first}/{monday + dt.timedelta(days=6)}"

    def _year_part(self) -> str | None:
        m = self.m
        if m["reldays"] or m["baremonthpart"]:
            assert self.today is not None
            if m["reldays"]:
                return str(self.today + dt.timedelta(days=_DAYS[m["reldays"]]))
            return _part_of_month(self.today.year, self.today.month, "底")
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
        amount = parse_decimal(re.split(_DASH, n)[-1])
        if amount is None:
            return None
        unit = m["unit"].removesuffix("半")
        amount += Decimal("0.5") if m["half"] or unit != m["unit"] else 0
        end = _later(self.today, amount, unit)
        if end is None:
            return None
        if m["within"] in ("之内", "以内", "内"):
            return f"../{end}"
        return f"{end}~" if m["within"] == "左右" else f"{end}/.."


def _month_number(text: str) -> int:
    return 1 if text == "元" else int(parse_number(text) or 0)


def _part_of_month(year: int, month: int, part: str | None) -> str:
    days = edtf.month_days(year, month)
    if part is None:
        return f"{year}-{month:02}"
    if part in ("底", "末"):
        return f"{year}-{month:02}-{days}~"
    first, last = _TENS[part]
    return f"{year}-{month:02}-{first:02}/{year}-{month:02}-{min(last, days):02}"


def _later(today: dt.date, amount: Decimal, unit: str) -> dt.date | None:
    months = {"年": 12, "季度": 3, "月": 1}.get(unit)
    if months:
        whole = amount * months
        if whole == int(whole):
            return edtf.add_months(today, int(whole))
        return edtf.add_months(today, int(whole)) + dt.timedelta(days=15)
    if amount != int(amount) or amount > 10_000:
        return None
    if unit == "工作日":
        return _workdays(today, int(amount))
    return today + dt.timedelta(days=int(amount) * (7 if unit in ("周", "星期") else 1))


def _workdays(today: dt.date, count: int) -> dt.date:
    weeks, rest = divmod(count, 5)
    day = today + dt.timedelta(weeks=weeks)
    while rest or day.weekday() > 4:
        day += dt.timedelta(days=1)
        rest -= rest > 0 and day.weekday() < 5
    return day
