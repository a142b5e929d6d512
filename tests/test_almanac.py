"""The Chinese calendar against the State Council's holidays, as chinesecalendar holds them."""

import datetime as dt
import itertools

import chinese_calendar
import pytest

from commitextract.almanac import festival, lunar_day, working_day

HOLIDAYS = {
    "春节": "Spring Festival",
    "清明": "Tomb-sweeping Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-autumn Festival",
}
YEARS = [min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year]


@pytest.mark.parametrize("name", HOLIDAYS)
@pytest.mark.parametrize("year", range(2008, 2027))
def test_a_festival_is_a_day_off_of_that_name(name, year):
    off, reason = chinese_calendar.get_holiday_detail(festival(name, year))
    assert off and reason in (
        HOLIDAYS[name],
        "National Day",
        None,
    )  # with the National Day, or on a weekend without a name


def test_lunar_months_follow_each_other():
    firsts = [lunar_day(year, month, 1) for year in range(2000, 2051) for month in range(1, 13)]
    assert {(b - a).days for a, b in itertools.pairwise(firsts)} == {29, 30, 58, 59}  # two with a leap month between


@pytest.mark.parametrize("year, month, day", [(2021, 13, 1), (2021, 1, 31), (2021, 1, 30)])
def test_no_day_of_the_lunar_year(year, month, day):
    with pytest.raises(ValueError, match="lunar year"):
        lunar_day(year, month, day)


def test_outside_of_the_published_years_the_answer_is_marked():
    assert working_day(dt.date(2003, 6, 2), 5) == (dt.date(2003, 6, 9), False)
    assert working_day(dt.date(2003, 12, 31), 1)[1]
    assert not working_day(dt.date(2090, 1, 2), 3)[1]


@pytest.mark.parametrize("start", ["2003-11-20", "2010-02-10", "2021-12-31", "2025-06-30", "2090-01-02"])
@pytest.mark.parametrize("number", [0, 1, 2, 15, 30, 250, 260, 1500, 8000])
def test_working_days_are_those_that_a_count_day_by_day_gives(start, number):
    first = day = dt.date.fromisoformat(start)
    published, left = True, number
    while left:
        day += dt.timedelta(days=1)
        known = YEARS[0] <= day.year <= YEARS[1]
        published = published and known
        left -= chinese_calendar.is_workday(day) if known else day.weekday() < 5
    assert working_day(first, number) == (day, published)
