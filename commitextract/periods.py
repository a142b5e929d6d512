"""Periods: days, months, parts of years and lengths of time as officials write them, to EDTF.

`read_period` gives the value of what `commitextract.expressions` finds, without its bounds, against the reply's date and what the
text named before. Readings that usage leaves open: a month or day without
a year is the first one that is not over, but last month is last month (replies are published late); 年底 is
December, 月底 the month's last day, about; the n-th week of a month is the ISO one.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from commitextract import almanac, edtf
from commitextract.expressions import DASH, RELATIVE, kind_of
from commitextract.numerals import parse_adjacent, parse_decimal, parse_number

_SEASONS = dict(zip("春夏秋冬", range(21, 25), strict=True))
_FIVE_YEARS = dict(zip("一二三四五六七", range(2006, 2041, 5), strict=True))


class Context(NamedTuple):
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
        known = RELATIVE.get(text.removesuffix("度"))
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
        self._follow("month", 12)
        if m["monthweek"]:
            first = almanac.weeks_first_day(dt.date(year, month, 1), _number(m["monthweek"]))
            return f"{first}/{first + dt.timedelta(days=6)}"
        if day:
            self._follow("day", 31)
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
        self._follow("quarter", 4)
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
        if not m["lowyear"]:
            return str(self._year())
        self._follow("year", 9999)
        part = {"": "", "初": "-01"}.get(m["yearpart"] or "", "-12")
        return f"{m['lowyear']}/{self._year()}{part}"

    def _follow(self, name: str, most: int) -> None:
        """Check that listed numbers follow each other (7、8、9月), or that the two of them are ends (2016与2018年之间).

        Raises
        ------
        ValueError
            For a list that is no period: 3、9月.
        """
        m = self.m
        if not m[f"listed{name}"] or re.match("份?之?间", m.string[m.end() : m.end() + 3]):
            return
        last = m["onlyyear"][:4] if name == "year" else m[name]
        listed = [_number(n) for n in re.split("[、和与及]", m[f"low{name}"] + m[f"listed{name}"] + last)]
        if any((a + 1 - b) % most for a, b in itertools.pairwise(listed)):
            raise ValueError(f"{m.group()!r} is no period: its numbers do not follow each other")

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
            days = (
                f"{then.year}-{then.month:02}-{_number(self.m[d]):02}" for d in ("lowrelday", "relday") if self.m[d]
            )
            return "/".join(days)
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
            days = [monday + dt.timedelta(days=_weekday(n)) for n in (name, self.m["toweekday"]) if n]
            return "/".join(map(str, days))
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
        """Read a day, or the days from one to another, without a month."""
        m = self.m
        if m["openday"] or m["boundday"]:
            return str(self._day(_number(m["openday"] or m["boundday"])))
        low, high = _number(m["lowopenday"] or m["lownumber"]), _number(m["highday"] or m["highnumber"])
        if low <= high:
            last = self._day(high)
            return f"{last.replace(day=low)}/{last}"
        first = self._day(low)
        return f"{first}/{edtf.add_months(first.replace(day=1), 1).replace(day=high)}"

    def _day(self, day: int) -> dt.date:
        """Return a day of the month that the sentence named, else the first that is not over."""
        if self.context.day and self.context.near and self.context.day.day <= day:
            return self.context.day.replace(day=day)
        first = self.today.replace(day=1)
        months = (
            first if day >= self.today.day else edtf.add_months(first, 1),
            edtf.add_months(first, 1),
            edtf.add_months(first, 2),
        )
        return next(m.replace(day=day) for m in months if day <= edtf.month_days(m.year, m.month))

    def _days(self) -> str:
        row = RELATIVE[self.m["days"]]
        start = self.context.day if row["start"] == "context" else self.today
        if start is None:
            raise KeyError(row["term"])
        return str(start + dt.timedelta(days=int(row["ahead"])))


def _length(m: re.Match[str], context: Context) -> str | None:
    """Return the EDTF value of a length of time with its bound; None where it sets no date."""
    today = context.ordered or context.today
    if today is None or m["bound"]:
        return None
    parts = re.split(DASH, m["n"])
    numbers = parse_adjacent(m["n"]) or (parse_decimal(parts[0]), parse_decimal(parts[-1]))
    start, end = (_later(today, amount, m["unit"], m["more"]) for amount in numbers)
    if m["lown"]:
        low = parse_adjacent(m["lown"]) or (parse_decimal(m["lown"]),)
        start = _later(today, low[0], m["lowunit"], m["lowmore"])
    if start is None or end is None or start.rstrip("~") > end.rstrip("~"):
        return None
    first, last = start.rstrip("~"), end.rstrip("~")
    if m["ahead"] and not m["within"]:
        return f"{today + dt.timedelta(days=1)}/{end}"
    if m["within"] in ("之后", "以后", "后"):
        return f"{first}/.." if first == last else f"{first}/{last}"
    if m["within"] == "左右":
        return f"{last}~" if first == last else f"{first}~/{last}~"
    return f"../{end}"


def _later(today: dt.date, amount: Decimal | None, unit: str, more: str | None) -> str | None:
    """Return the day some 年, 年半, 个月 or 个半月 later."""
    if amount is None:
        return None
    whole = unit.removesuffix("半")
    return almanac.later(today, amount + Decimal("0.5") if more or whole != unit else amount, whole)


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
