"""The Chinese calendar: lunar days, festivals and their holidays, working days.

Lunar months are in ``lexicons/lunar_years.csv`` (2000 to 2050), festivals in ``lexicons/festivals.csv``. Working days
follow the State Council's notices of holidays and make-up days as the package ``chinesecalendar`` holds them (a new release each
year, when the notice for the next is out); outside of its years Monday to Friday are taken, and the answer is marked.
"""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from bisect import bisect_left
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache

from commitextract.edtf import add_months
from commitextract.lexicons import table

LUNAR_MONTHS = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")
_MONTHS = {"年": 12, "季度": 3, "月": 1}
_DAYS = {"周": 7, "星期": 7, "礼拜": 7, "日": 1, "天": 1}
_LONGEST = 10_000  # days and months; what is longer is no time limit


@cache
def _lunar_years() -> dict[int, dict[str, str]]:
    return {int(row["year"]): row for row in table("lunar_years")}


@cache
def _festivals() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in table("festivals")}


def lunar_day(year: int, month: int, day: int) -> dt.date:
    """Return the solar date of a day of a lunar year; day 0 is the day before its month.

    Raises
    ------
    KeyError
        For a year outside 2000 to 2050.
    ValueError
        For a month or day that the year does not have.

    Examples
    --------
    >>> str(lunar_day(2021, 8, 15)), str(lunar_day(2016, 12, 25))
    ('2021-09-21', '2017-01-22')
    """
    if not 1 <= month <= 12 or not 0 <= day <= 30:
        raise ValueError(f"month {month}, day {day} is no day of a lunar year")
    firsts = _lunar_years()[year]
    first = dt.date.fromisoformat(firsts[LUNAR_MONTHS[month - 1]])
    if day == 30 and str(first + dt.timedelta(days=29)) in (*firsts.values(), *_lunar_years()[year + 1].values()):
        raise ValueError(f"month {month} of the lunar year {year} has 29 days")
    return first + dt.timedelta(days=day - 1)


@lru_cache(maxsize=2**10)
def festival(name: str, year: int) -> dt.date:
    """Return the day of a festival in a solar year; KeyError outside the table's years.

    Examples
    --------
    >>> str(festival("春节", 2022)), str(festival("清明", 2015)), str(festival("除夕", 2022))
    ('2022-02-01', '2015-04-05', '2022-01-31')
    """
    row = _festivals()[name]
    if row["calendar"] == "term":
        return dt.date.fromisoformat(_lunar_years()[year][name])
    month, day = map(int, row["day"].split("-"))
    if row["calendar"] == "solar":
        return dt.date(year, month, day)
    return lunar_day(year, month, day)


def holiday(day: dt.date) -> tuple[dt.date, dt.date] | None:
    """Return the first and last of the days off around a day, None outside of the published years.

    Examples
    --------
    >>> [str(d) for d in holiday(dt.date(2021, 10, 1)) or ()]
    ['2021-10-01', '2021-10-07']
    """
    if _published(day) is None:
        return None
    first = last = day
    while _published(first - dt.timedelta(days=1)) is False:
        first -= dt.timedelta(days=1)
    while _published(last + dt.timedelta(days=1)) is False:
        last += dt.timedelta(days=1)
    return first, last


@cache
def _is_workday() -> Callable[[dt.date], bool]:
    import chinese_calendar

    is_workday: Callable[[dt.date], bool] = chinese_calendar.is_workday
    return is_workday


@lru_cache(maxsize=2**14)
def _published(day: dt.date) -> bool | None:
    """Return whether a day is a working day by the published calendar, None outside of its years."""
    try:
        return _is_workday()(day)
    except NotImplementedError:
        return None


@lru_cache(maxsize=2**8)
def _working_days(year: int) -> tuple[tuple[dt.date, ...], bool]:
    """Return the working days of a year, and whether they are published; else they are Monday to Friday."""
    first = dt.date(year, 1, 1)
    days = [first + dt.timedelta(days=n) for n in range(366 if calendar.isleap(year) else 365)]
    published = _published(first) is not None
    return tuple(day for day in days if (_published(day) if published else day.weekday() < 5)), published


@lru_cache(maxsize=2**14)
def working_day(day: dt.date, number: int) -> tuple[dt.date, bool]:
    """Return the n-th working day after a day, and whether the published calendar covers the whole way.

    Examples
    --------
    >>> end, published = working_day(dt.date(2021, 8, 30), 15)
    >>> str(end), published
    ('2021-09-18', True)
    """
    if number <= 0:
        return day, True
    day += dt.timedelta(days=1)
    days, published = _working_days(day.year)
    year, ahead = day.year, bisect_left(days, day) + number - 1
    while ahead >= len(days):
        year, ahead = year + 1, ahead - len(days)
        days, known = _working_days(year)
        published = published and known
    return days[ahead], published


def later(day: dt.date, amount: Decimal, unit: str) -> str | None:
    """Return the day some 年, 季度, 月, 周, 日 or 工作日 later as an EDTF day, approximate where it is not sure.

    The day itself does not count (Civil Code, art. 201). None for other units and for what is too far off.

    Examples
    --------
    >>> day = dt.date(2021, 8, 30)
    >>> later(day, Decimal("1.5"), "年"), later(day, Decimal(15), "工作日"), later(day, Decimal(3), "小时")
    ('2023-02-28', '2021-09-18', None)
    """
    if amount > _LONGEST:
        return None
    if unit in _MONTHS:
        whole, rest = divmod(amount * _MONTHS[unit], 1)
        return str(add_months(day, int(whole)) + dt.timedelta(days=15 if rest else 0))
    if amount % 1:
        return None
    if unit == "工作日":
        end, published = working_day(day, int(amount))
        return f"{end}" if published else f"{end}~"
    return str(day + dt.timedelta(days=int(amount) * _DAYS[unit])) if unit in _DAYS else None


def weeks_first_day(first: dt.date, number: int) -> dt.date:
    """Return the Monday of the n-th week of a period; its first week is the one with its first Thursday (ISO 8601).

    Examples
    --------
    >>> str(weeks_first_day(dt.date(2021, 10, 1), 1))
    '2021-10-04'
    """
    thursday = next(d for d in (first + dt.timedelta(days=n) for n in itertools.count()) if d.weekday() == 3)
    return thursday + dt.timedelta(weeks=number - 1, days=-3)
