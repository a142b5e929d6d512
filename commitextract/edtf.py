"""The part of EDTF (ISO 8601-2:2019, levels 0 and 1) that deadlines need: check it, bound it.

Accepted: a year, month or day (``2021``, ``2021-09``, ``2021-09-15``), a season (``2021-21`` spring to
``2021-24`` winter), any of them approximate (``2021-09-15~``), an interval of two (``2021-07/2021-12``)
and one that is open at an end (``../2021-12-31``, ``2021-09/..``).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache

_POINT = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?~?")
_TENS = {
    "上旬": (1, 10),
    "初": (1, 10),
    "中旬": (11, 20),
    "中": (11, 20),
    "下旬": (21, 31),
    "上半月": (1, 15),
    "下半月": (16, 31),
    "上中旬": (1, 20),
    "中下旬": (11, 31),
}
_ACCEPTED = "2021, 2021-09, 2021-09-15, 2021-21 (season), a ~ behind each, a/b, ../b or a/.."


@lru_cache(4096)
def bounds(edtf: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day of an EDTF value; None where it is open.

    Raises
    ------
    ValueError
        If the value is not of the accepted part of EDTF.

    Examples
    --------
    >>> [str(day) for day in bounds("../2021-09")]
    ['None', '2021-09-30']
    >>> [str(day) for day in bounds("2021-07/2021-12")]
    ['2021-07-01', '2021-12-31']
    """
    low, slash, high = edtf.partition("/")
    first = None if low == ".." and slash else _point(low, edtf)[0]
    last = None if high == ".." else _point(high if slash else low, edtf)[1]
    if (first is None and last is None) or (first and last and first > last):
        raise ValueError(f"{edtf!r} is no interval: it needs a start that is not after its end")
    return first, last


def _point(text: str, whole: str) -> tuple[dt.date, dt.date]:
    m = _POINT.fullmatch(text)
    if m is None:
        raise ValueError(f"{whole!r} is not an EDTF date of this library; accepted: {_ACCEPTED}")
    year, month, day = (int(m[name] or 0) for name in ("year", "month", "day"))
    try:
        if month > 20 and not day:
            return _season(year, month)
        first = dt.date(year, month if m["month"] else 1, day if m["day"] else 1)
        last = first.replace(month=month if m["month"] else 12)
        return first, last if m["day"] else last.replace(day=month_days(last.year, last.month))
    except ValueError:
        raise ValueError(f"{whole!r} names a day that is not in the calendar") from None


def _season(year: int, code: int) -> tuple[dt.date, dt.date]:
    """Return the three months of a season: spring is March to May, winter ends next February."""
    first = dt.date(year, 3 * (code - 20), 1)
    last = add_months(first, 2)
    return first, last.replace(day=month_days(last.year, last.month))


def month_days(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return calendar.monthrange(year, month)[1]


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, or that month's last day.

    Examples
    --------
    >>> str(add_months(dt.date(2021, 8, 31), 6))
    '2022-02-28'
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, month_days(year, month + 1)))


def part_of_month(year: int, month: int, part: str | None) -> str:
    """Return the EDTF value of a month or of 初, 上旬, 中旬, 下旬, 上半月 or 底 of it.

    Examples
    --------
    >>> part_of_month(2021, 9, "底"), part_of_month(2021, 2, "下旬")
    ('2021-09-30~', '2021-02-21/2021-02-28')
    """
    days = month_days(year, month)
    if part is None:
        return f"{year}-{month:02}"
    if part in ("底", "末"):
        return f"{year}-{month:02}-{days}~"
    first, last = _TENS[part]
    return f"{year}-{month:02}-{first:02}/{year}-{month:02}-{min(last, days):02}"
