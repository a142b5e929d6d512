"""Periods: days, months, parts of years and lengths of time as officials write them, to EDTF.

`PATTERN` finds an expression with the words that bound it (不晚于, 前, 内, 起); `read_period` gives the value of the
period itself against the reply's date and what the text named before. Readings that usage leaves open: a month or day without
a year is the first one that is not over, but last month is last month (replies are published late); 年底 is
December, 月底 the month's last day, about; the n-th week of a month is the ISO one.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from commitextract import almanac, edtf
from commitextract.lexicons import alternation, table, terms
from commitextract.numerals import ARABIC, CHINESE, parse_adjacent, parse_decimal, parse_number

DASH = r"(?:(?:一直|持续|延续|延长)?[至到]|或者?|[-—–―~～－]{1,2})"
_DIGIT = "[一二三四五六七八九]"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元])"
_DAY = rf"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十{_DIGIT}?|廿{_DIGIT}?|{_DIGIT})"
_LUNAR_DAY = rf"(?:初(?:{_DIGIT}|十)|二?十{_DIGIT}?|廿{_DIGIT}?|三十)"
_PART = r"(?:[上中]?[中下]旬|上旬|[上下]半月|[初底末]|中(?![国央学心小华]))"
_RELATIVE = {row["term"]: row for row in table("relative_times")}
_YEARS, _DAYS = ([t for t, row in _RELATIVE.items() if row["unit"] == unit] for unit in ("year", "day"))
_FESTIVALS = "|".join(
    row["name"] + (f"(?={row['followed']})" if row["followed"] else "(?![路街])") for row in table("festivals")
)
_OF_TWO_DIGITS = rf"(?=[0-9]{{1,2}}月|十?{_DIGIT}?月|[初底末]|年?[初底末]|[上下]半年|第?[一二三四]季度|[春秋]季)"
YEAR = (
    rf"(?:(?<![0-9])(?:(?:19|20)[0-9]{{2}}年度?|[1-3][0-9]年{_OF_TWO_DIGITS}|0[0-9]年)|[零〇]{_DIGIT}年|二[〇零○][〇零○一二三四五六七八九]{{2}}年度?"
    rf"|两千(?:[零〇]{_DIGIT}|[零〇]?{_DIGIT}?十{_DIGIT}?)年|{alternation(_YEARS)}度?)(?![级届版款型])"
)
_SEASONS = dict(zip("春夏秋冬", range(21, 25), strict=True))
_FIVE_YEARS = dict(zip("一二三四五六七", range(2006, 2041, 5), strict=True))
_HOUR = (
    r"(?:（(?:星期|周)[一二三四五六日天]）)?(?:上午|下午|晚上?)?(?:[0-9]{1,2}(?:[时点](?:[0-9]{1,2}分|半)?|:[0-9]{2}))?"
)
_BEFORE_FESTIVAL = r"节?”?(?P<dayoff>假期?|小长假|黄金周)?"
_END = r"(?=[，。；）]|$|(?:或|及)?之?[前后]|以[前后]|左右|起|止|截止|上午|下午|晚|将|完成)"
BOUND = (
    r"(?P<bound>(?:[或及]?之|[或及]?以|及)前|前后|前(?![期述往提景三两来进瞻置沿列端])|左右|之内|以内|内(?![容部外涝])"
    r"|(?:[或及]?之|[或及]?以)后|后(?![续期勤])|起(?![草步到来诉])|(?:为|截)?止(?![水血损境付])|期间)?"
)

_ISO = r"(?:19|20)[0-9]{{2}}(?P<{0}>[-/.])(?:1[0-2]|0?[1-9])(?:(?P={0})(?:3[01]|[12][0-9]|0?[1-9])|(?!\.?[0-9万亿千百元米平公里吨亩立升度个人户张辆%㎡kmg克斤顷]))"

_KINDS = {
    "date": rf"(?<![0-9.\-/])(?:(?P<lowdate>{_ISO.format('lowmark')}){DASH})?(?P<isodate>{_ISO.format('mark')})(?![0-9])",
    "plan": r"[“\"]?十(?P<five>[一二三四五六七])五[”\"]?(?:规划)?(?P<planpart>期间|时期|期末|末期?|初期?|期内|[中后]期|规划期|(?<=”)内)",
    "lunar": rf"(?:(?P<lunaryear>{YEAR}))?(?:农历(?P<anymonth>正月|冬月|腊月|十[一二]?月|{_DIGIT}月)|(?P<ownmonth>正月|冬月|腊月))(?P<lunarday>{_LUNAR_DAY})日?",
    "events": rf"(?:(?P<eventyear>{YEAR})的?|(?<![0-9])(?P<eventmonth>{_MONTH})月份?|[春秋]季)?(?P<event>{alternation(terms('season_events'))})(?:来临|到来|结束|开始)?(?=之?[前后]|以[前后]|期间)",
    "ofyear": rf"(?:(?P<year>{YEAR})的?)?(?:"
    rf"(?!(?<!十)[一两]月[之以]?内)(?<![0-9.一二三四五六七八九十])(?<!星期)(?:(?P<lowmonth>{_MONTH})(?:(?:月份?)?{DASH}|、(?!{_MONTH}月{_DAY}[日号])))?(?P<month>{_MONTH})月份?"
    rf"(?:的?第(?P<monthweek>[一二三四五1-5])个?(?:周|星期)|(?:(?P<lowday>{_DAY})[日号]?{DASH})?(?P<day>{_DAY})[日号]{_HOUR}"
    rf"|(?P<chineseday>二?十{_DIGIT}?|三十一?)(?=[，。]|$|之?前|以前|起|后)|(?P<monthpart>{_PART}))?"
    rf"|(?(year)(?P<edge>前|最?后|第)(?P<count>[0-9]{{1,2}}|两|十?{_DIGIT})个?(?P<stretch>月|季度|周|星期)|(?!))"
    r"|(?P<half>[上下前后]半年)|(?:第?(?P<lowquarter>[一二三1-3])、)?第?(?P<quarter>[一二三四1-4])个?季度(?P<quarterend>末)?|前(?P<quarters>[二三])个?季度"
    r"|(?<![春夏秋]、)(?P<season>[春夏秋冬])(?:季|天|修时节)(?:学期)?"
    rf"|(?:农历)?“?(?P<festival>{_FESTIVALS}){_BEFORE_FESTIVAL}"
    r"|(?P<yearend>年[底末终](?![结奖考总评决绩])|岁末|年关|年尾|(?<=年)[底末])|(?P<yearstart>年初(?![步中三一二级高])|(?<=年)初(?![步中三一二级高]))|(?P<midyear>年中|(?<=年)中(?![国央心期学小]))"
    r"|(?<![0-9一二三四五六七八九十几数半两])(?P<inyear>年[内前]|(?<=年)年?内)"
    r")",
    "winter": r"今冬明春",
    "years": rf"(?P<these>[今明])、?(?P<those>[明后])两年|(?:(?<![0-9])(?P<lowyear>(?:19|20)[0-9]{{2}})年?{DASH})?(?P<onlyyear>{YEAR})",
    "relmonth": rf"(?P<which>本月|这个月|当月|次月|下下个?月|[上下]个?月)份?(?:(?P<relday>{_DAY})[日号]|(?P<relpart>{_PART}))?",
    "relquarter": r"(?P<whichquarter>[本上下])个?季度(?P<thatend>末)?",
    "week": r"(?P<thatweek>本|这|上上|下下|[上下])个?(?:周|星期|礼拜)(?P<ofweek>[一二三四五六日天末])?",
    "weekday": rf"(?<![每逢个一两几数0-9十至到、~—\-])(?:(?:星期|礼拜)(?P<longday>[一二三四五六日天])(?![至到、和及\-—~])|周(?P<shortday>[一二三四五六日]){_END})",
    "halves": "(?P<whichhalf>[上下])半(?P<ofwhat>[周月])",
    "monthend": r"(?<![0-9个每当次元正冬腊一二三四五六七八九十半])月(?P<thispart>[底末]|[初中](?=之?[前后]|以前|[，。；]|$|将))",
    "length": rf"(?:(?P<ahead>未来|今后|接下来)|(?P<near>最?近)|(?P<use>(?<=(?<!利)用)|(?<=在)))?(?<![0-9.零〇○一二三四五六七八九十百千万亿两半])(?P<n>(?:{ARABIC}|{CHINESE}|半|几(?=个?[年月周日天星][之以期]?内))(?:{DASH}(?:{ARABIC}|{CHINESE}))?)"
    r"(?P<more>个半)?个?(?P<unit>年半?|(?<=[个半])月|(?<=[一两])月(?=[之以]?内)|星期|礼拜|周|工作日|日|天|小时|分钟|季度|学期)(?P<time>的?时间)?"
    r"(?:(?P<within>之内|以内|内(?![容部外涝])|左右|之后|以后|后(?![续期勤]))|(?(ahead)|(?(near)(?<=[日天])(?!以?来)|(?(use)(?:(?<=时间)|(?<=工作日))|(?!)))))",
    "bareday": rf"(?:(?<![^，。；：（\n于在])(?P<openday>3[01]|[12][0-9]|[1-9]|三十一?|二?十{_DIGIT}?)日(?![之以]?内|游|龄|左右|[元均过期的])|(?<![0-9第.\-/年月日号、字〕］\])）一二三四五六七八九])(?P<boundday>3[01]|[12][0-9]|[1-9]|三十一?|二?十{_DIGIT}?)[日号]{_END})",
    "days": rf"{alternation(_DAYS)}(?![0-9]{{1,2}}[点时:]|头条)",
    "then": "届时|到时候?",
    "open": rf"{alternation(terms('open_limits'))}|(?<![0-9一二三四五六七八九十几数半两])年后",
}
_NUMERALS = "零〇○一二三四五六七八九十两半廿几"
_TWO = {word[:2] for name in ("season_events", "open_limits") for word in terms(name)}
_TWO |= {term[:2] for term in _RELATIVE} | {row["name"][:2] for row in table("festivals")}
_STARTS = rf"""(?=(?<![0-9])[0-9]|(?<![{_NUMERALS}百千万亿])[{_NUMERALS}][{_NUMERALS}百千年月日天个季周星礼小分工至到或、\-—号]|[“"][十元五七八六三国春中端清]|[到至][0-9今明后年本下十“二]
|截[至止]|不[会超晚迟]|最[迟晚近]|第[{_NUMERALS}1-4]|今[明冬后]|明[、后]|前[半二三]|[上下]半|[上下][上下]?[个周星礼月季]|本[月周星礼季]|这[个周星礼]|[当次正冬腊元]月
|未来|接下|近[0-9{_NUMERALS}]|农历|[春夏秋冬][季天修]|年[底末终初中关尾内前后]|岁末|月[底末初中]|周[一二三四五六日]|星期|礼拜|届时|到时|{alternation(_TWO)})"""
PATTERN = re.compile(
    _STARTS.replace("\n", "")
    + r"(?P<until>不会?超过|不[晚迟]于|(?:最迟|最晚)(?:不超过|[到至于在])?|截[至止][到至于]?|(?<![0-9年月日号底初末季迟期延截止要])[到至](?=[0-9今明后年本下十“二]))?(?:"
    + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items())
    + rf"){BOUND}"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression is read against.

    ``today`` is the reply's date, ``year`` the year that the sentence goes on in, ``value`` what the paragraph named
    last, ``day`` the day that it named last, ``near`` whether in the same sentence, ``ordered`` that day where an order
    with a limit was given on it.
    """

    today: dt.date | None
    year: int | None = None
    value: str | None = None
    day: dt.date | None = None
    near: bool = False
    ordered: dt.date | None = None


def kind_of(m: re.Match[str]) -> str:
    """Return the kind of expression that the pattern found: a key of its table."""
    return next(kind for kind in _KINDS if m[kind] is not None)


def read_period(m: re.Match[str], context: Context) -> str | None:
    """Return the EDTF value of what the pattern found, without its bound; None where it has none.

    Raises
    ------
    ValueError, KeyError
        For a day that is not in the calendar, or a lunar one outside of the table.
    """
    kind = kind_of(m)
    if kind == "date":
        return "/".join(_iso(text) for text in (m["lowdate"], m["isodate"]) if text)
    if kind == "plan":
        return _plan(_FIVE_YEARS[m["five"]], m["planpart"])
    if kind == "then":
        return context.value
    if kind == "length":
        return _length(m, context)
    if kind == "open" or (kind == "events" and not m["eventmonth"]):
        return None
    reader = _Reader(m, context)
    if context.today is None and not reader.year_is_named():
        return None
    return reader.read(kind)


class _Reader:
    """Reads one match against its context."""

    def __init__(self, m: re.Match[str], context: Context) -> None:
        self.m = m
        self.context = context
        self.today = context.today or dt.date(1, 1, 1)  # not asked where the year is named

    def read(self, kind: str) -> str | None:
        m = self.m
        if kind == "ofyear":
            for part in ("month", "edge", "half", "quarter", "quarters", "season", "festival"):
                if m[part]:
                    return str(getattr(self, f"_{part}")())
            return self._year_part()
        return str(value) if (value := getattr(self, f"_{kind}")()) else None

    def year_is_named(self) -> bool:
        m = self.m
        year = m["year"] or m["onlyyear"] or m["lunaryear"] or m["eventyear"] or ""
        return year[:1].isdigit() or year[:1] in ("二", "两") or self.context.year is not None

    def _named_year(self, text: str | None) -> int | None:
        if not text:
            return None
        known = _RELATIVE.get(text.removesuffix("度"))
        if known is None:
            year = int(parse_number(re.sub("年度?$", "", text)) or 0)
            return year if year > 99 else 2000 + year
        start = self.context.year if known["start"] == "context" else None
        if start is None and self.context.day and known["start"] == "context":
            start = self.context.day.year
        if start is None and known["term"] in ("当年", "同年"):
            raise KeyError(text)
        return (start or self.today.year) + int(known["ahead"])

    def _year(self) -> int:
        """Return the year that the expression names, else that of the sentence, else the reply's."""
        return self._named_year(self.m["year"] or self.m["onlyyear"]) or self.context.year or self.today.year

    def _month(self) -> str:
        m = self.m
        month, year = _number(m["month"]), self._year()
        if not m["year"] and self.context.year is None and month < self.today.month - 1:
            year += 1
        day = m["day"] or m["chineseday"]
        if (month, day and _number(day)) == (2, 29) and not m["year"]:
            year = next(y for y in range(year, year + 9) if edtf.month_days(y, 2) == 29)
        if m["monthweek"]:
            first = almanac.weeks_first_day(dt.date(year, month, 1), _number(m["monthweek"]))
            return f"{first}/{first + dt.timedelta(days=6)}"
        if day:
            low = f"{year}-{month:02}-{_number(m['lowday']):02}/" if m["lowday"] else ""
            if m["lowmonth"]:
                low = f"{year}-{_number(m['lowmonth']):02}/"
            return f"{low}{year}-{month:02}-{_number(day):02}"
        value = edtf.part_of_month(year, month, m["monthpart"])
        if m["lowmonth"] and "/" not in value:
            from_month = _number(m["lowmonth"])
            return f"{year - (from_month > month):04}-{from_month:02}/{value.rstrip('~')}"
        return value

    def _edge(self) -> str:
        """Read the first, last or n-th weeks or months of a year."""
        m, year, count = self.m, self._year(), _number(self.m["count"])
        first = count if m["edge"] == "第" else 1
        if m["stretch"] in ("周", "星期"):
            if m["edge"] not in ("第", "前"):
                raise ValueError(m.group())
            start, end = (almanac.weeks_first_day(dt.date(year, 1, 1), n) for n in (first, count))
            return f"{start}/{end + dt.timedelta(days=6)}"
        months = 3 if m["stretch"] == "季度" else 1
        low, high = (first - 1) * months + 1, count * months
        if m["edge"] not in ("第", "前"):
            low, high = 13 - count * months, 12
        return f"{year}-{low:02}" if low == high else f"{year}-{low:02}/{year}-{high:02}"

    def _half(self) -> str:
        first = 1 if self.m["half"][0] in "上前" else 7
        return f"{self._year()}-{first:02}/{self._year()}-{first + 5:02}"

    def _quarter(self) -> str:
        m, year, last = self.m, self._year(), 3 * _number(self.m["quarter"])
        first = 3 * _number(m["lowquarter"]) if m["lowquarter"] else last
        return _quarter(year, last, m["quarterend"]) if first == last else f"{year}-{first - 2:02}/{year}-{last:02}"

    def _quarters(self) -> str:
        return f"{self._year()}-01/{self._year()}-{3 * _number(self.m['quarters']):02}"

    def _season(self) -> str:
        return f"{self._year()}-{_SEASONS[self.m['season']]}"

    def _festival(self) -> str:
        m, year = self.m, self._year()
        day = almanac.festival(m["festival"], year)
        late = 31 if m["dayoff"] or (m["bound"] or "")[-1:] in "后间" else 0
        if not m["year"] and self.context.year is None and day < self.today - dt.timedelta(days=late):
            day = almanac.festival(m["festival"], year + 1)
        off = almanac.holiday(day) if m["dayoff"] or m["bound"] == "期间" else (day, day)
        if off is None:
            raise KeyError(m["festival"])
        return f"{off[0]}/{off[1]}" if off[0] < off[1] else str(day)

    def _year_part(self) -> str:
        m, year = self.m, self._year()
        if m["inyear"]:
            return f"../{year}-12-31"
        return f"{year}-12" if m["yearend"] else f"{year}-01" if m["yearstart"] else f"{year}-06~"

    def _events(self) -> str:
        month = _number(self.m["eventmonth"])
        return f"{self.today.year + (month < self.today.month - 1)}-{month:02}"

    def _winter(self) -> str:
        return f"{self.today.year}-24/{self.today.year + 1}-21"

    def _years(self) -> str:
        m = self.m
        if m["these"]:
            first = self.today.year + (m["these"] == "明")
            return f"{first}/{first + 1}"
        return f"{m['lowyear']}/{self._year()}" if m["lowyear"] else str(self._year())

    def _lunar(self) -> str:
        m = self.m
        month = m["ownmonth"] or m["anymonth"]
        number = almanac.LUNAR_MONTHS.index(month) + 1 if month in almanac.LUNAR_MONTHS else _number(month[:-1])
        day = _number(m["lunarday"].removeprefix("初"))
        year = self._named_year(m["lunaryear"]) or self.context.year
        if year:
            return str(almanac.lunar_day(year, number, day))
        days = (almanac.lunar_day(self.today.year + n, number, day) for n in (-1, 0, 1))
        return str(next(d for d in days if d >= self.today - dt.timedelta(days=31)))

    def _relmonth(self) -> str:
        which, day = self.m["which"], self.context.day
        if which == "当月" and day is None:
            raise KeyError(which)
        start = day if day and which in ("当月", "次月") else self.today
        ahead = which.count("下") - which.count("上") or int(which == "次月")
        then = edtf.add_months(start.replace(day=1), ahead)
        if self.m["relday"]:
            return f"{then.year}-{then.month:02}-{_number(self.m['relday']):02}"
        return edtf.part_of_month(then.year, then.month, self.m["relpart"])

    def _halves(self) -> str:
        m = self.m
        if m["ofwhat"] == "月":
            return edtf.part_of_month(self.today.year, self.today.month, m.group("halves"))
        first, last = (0, 2) if m["whichhalf"] == "上" else (3, 6)
        return f"{self._monday() + dt.timedelta(days=first)}/{self._monday() + dt.timedelta(days=last)}"

    def _relquarter(self) -> str:
        then = edtf.add_months(self.today.replace(day=1), 3 * "上本下".index(self.m["whichquarter"]) - 3)
        return _quarter(then.year, (then.month + 2) // 3 * 3, self.m["thatend"])

    def _week(self) -> str:
        monday = self._monday() + dt.timedelta(weeks=self.m["thatweek"].count("下") - self.m["thatweek"].count("上"))
        name = self.m["ofweek"]
        if name and name != "末":
            return str(monday + dt.timedelta(days=_weekday(name)))
        return f"{monday + dt.timedelta(days=5 if name else 0)}/{monday + dt.timedelta(days=6)}"

    def _weekday(self) -> str:
        name = self.m["longday"] or self.m["shortday"]
        day = self._monday() + dt.timedelta(days=_weekday(name))
        return str(day if day >= self.today else day + dt.timedelta(weeks=1))

    def _monday(self) -> dt.date:
        return self.today - dt.timedelta(days=self.today.weekday())

    def _monthend(self) -> str:
        return edtf.part_of_month(self.today.year, self.today.month, self.m["thispart"])

    def _bareday(self) -> str:
        """Read a day without a month: of the month that the sentence named, else the first that is not over."""
        day = _number(self.m["openday"] or self.m["boundday"])
        if self.context.day and self.context.near and self.context.day.day <= day:
            return str(self.context.day.replace(day=day))
        first = self.today.replace(day=1)
        months = (
            first if day >= self.today.day else edtf.add_months(first, 1),
            edtf.add_months(first, 1),
            edtf.add_months(first, 2),
        )
        return str(next(m.replace(day=day) for m in months if day <= edtf.month_days(m.year, m.month)))

    def _days(self) -> str:
        row = _RELATIVE[self.m["days"]]
        start = self.context.day if row["start"] == "context" else self.today
        if start is None:
            raise KeyError(row["term"])
        return str(start + dt.timedelta(days=int(row["ahead"])))


def _length(m: re.Match[str], context: Context) -> str | None:
    """Return the EDTF value of a length of time with its bound; None where it sets no date."""
    today = context.ordered or context.today
    if today is None or m["unit"] in ("小时", "分钟", "学期") or m["bound"]:
        return None
    adjacent = parse_adjacent(m["n"])
    amount = adjacent[1] if adjacent else parse_decimal(re.split(DASH, m["n"])[-1])
    if amount is None:
        return None
    unit = m["unit"].removesuffix("半")
    amount += Decimal("0.5") if m["more"] or unit != m["unit"] else 0
    end = almanac.later(today, amount, unit)
    if end is None:
        return None
    if m["ahead"] and not m["within"]:
        return f"{today + dt.timedelta(days=1)}/{end}"
    if m["within"] in ("之后", "以后", "后"):
        return f"{end.rstrip('~')}/.."
    return f"{end.rstrip('~')}~" if m["within"] == "左右" else f"../{end}"


def _iso(text: str) -> str:
    return "-".join(part.zfill(2) for part in re.split("[-/.]", text))


def _plan(first: int, part: str) -> str:
    if part.startswith(("末", "期末", "后期")):
        return str(first + 4)
    return str(first) if part.startswith("初") else f"{first}/{first + 4}"


def _quarter(year: int, last: int, end: str | None) -> str:
    if end:
        return f"{year}-{last:02}-{edtf.month_days(year, last)}~"
    return f"{year}-{last - 2:02}/{year}-{last:02}"


def _weekday(name: str) -> int:
    return "一二三四五六日".index(name.replace("天", "日"))


@cache
def _number(text: str) -> int:
    return 1 if text == "元" else int(parse_number(text) or 0)
