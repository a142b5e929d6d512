import datetime as dt
import re

import pytest
from conftest import cases

from commitextract.edtf import add_months, bounds

BOUNDS = {
    "2021": ("2021-01-01", "2021-12-31"),
    "2021-02": ("2021-02-01", "2021-02-28"),
    "2021-09-15~": ("2021-09-15", "2021-09-15"),
    "2021-21": ("2021-03-01", "2021-05-31"),
    "2021-24": ("2021-12-01", "2022-02-28"),
    "2021-07/2021-12": ("2021-07-01", "2021-12-31"),
    "../2021-12-31": (None, "2021-12-31"),
    "2021-09/..": ("2021-09-01", None),
}


@pytest.mark.parametrize("value, expected", BOUNDS.items())
def test_bounds(value, expected):
    assert tuple(day and str(day) for day in bounds(value)) == expected


@pytest.mark.parametrize("value", [v for v in BOUNDS if "~" not in v])
def test_agrees_with_the_edtf_library(value):
    edtf = pytest.importorskip("edtf")
    parsed = edtf.parse_edtf(value)
    first, last = bounds(value)
    if first and "-2" not in value[4:6]:
        assert dt.date(*parsed.lower_strict()[:3]) == first
    if last and "-2" not in value[4:6]:
        assert dt.date(*parsed.upper_strict()[:3]) == last


def test_every_value_of_the_cases_is_one_of_the_edtf_library():
    edtf = pytest.importorskip("edtf")
    values = {value for row in cases("deadlines") for tag in row.values[1] if (value := tag.attributes.get("edtf"))}
    assert len(values) > 150
    for value in values - {"null"}:
        parsed = edtf.parse_edtf(value)
        if not re.search("~|-2[1-4](?:$|/)", value):  # there the library widens the bounds, or has other seasons
            first, last = bounds(value)
            assert first is None or dt.date(*parsed.lower_strict()[:3]) == first, value
            assert last is None or dt.date(*parsed.upper_strict()[:3]) == last, value


@pytest.mark.parametrize(
    "value", ["", "..", "../..", "2021-13", "2021-02-30", "21", "2021-9", "2021/2020", "20210915", "2021-24-01"]
)
def test_what_is_not_accepted(value):
    with pytest.raises(ValueError, match=r"EDTF|interval|calendar"):
        bounds(value)


def test_months_end():
    assert str(add_months(dt.date(2021, 8, 31), 6)) == "2022-02-28"
