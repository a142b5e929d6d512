from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitextract.schema import Quantity
from commitextract.units import UnitError, convert, parse_unit, units

# value, unit, asked for, expected: worked out by hand from the definitions
CONVERSIONS = [
    (3, "亩", "平方米", 2000),
    (1, "平方公里", "公顷", 100),
    (15, "公顷", "亩", 225),
    (2.5, "亿元", "万元", 25000),
    (402.6, "万平方米", "平方公里", 4.026),
    (0.1, "公里", "米", 100),
    (1.1, "千米", "厘米", 110000),
    (3, "里", "米", 1500),
    (350, "公斤", "吨", 0.35),
    (500, "斤", "千克", 250),
    (2, "升", "毫升", 2000),
    (1, "万方", "立方米", 10000),
    (60, "兆瓦", "万千瓦", 6),
    (5, "角", "元", 0.5),
    (3, "成", "%", 30),
    (9, "折", "%", 90),
    (5, "‰", "%", 0.5),
    (36, "度电", "千瓦时", 36),
    (1.2, "元/月", "元/年", 14.4),
    (2, "万吨/日", "吨/天", 20000),
    (36, "公里/小时", "米/秒", 10),
    (1.5, "元/平方米", "元/亩", 1000),
    (3, "元/平方米·月", "元/月·平方米", 3),
    (12, "吨每天", "千克/小时", 500),
    (3, "万户", "户", 30000),
]


@pytest.mark.parametrize("value, unit, to, expected", CONVERSIONS)
def test_conversions(value, unit, to, expected):
    assert convert(value, unit, to) == expected


@pytest.mark.parametrize(
    "unit, to, says",
    [
        ("亩", "元", "area"),
        ("户", "人", "count in 户"),
        ("个百分点", "%", "percentage points"),
        ("元", "美元", "money CNY"),
        ("元/月", "元/日", "元/月"),
        ("㎡", "平米方", "'平米方' is not known"),
        ("岁", "年", "'岁' is no amount"),
    ],
)
def test_what_does_not_convert(unit, to, says):
    with pytest.raises(UnitError, match=says):
        convert(3, unit, to)


SIMPLE = [name for name, unit in units().items() if unit.factor]


@given(st.integers(-(10**9), 10**9), st.sampled_from(SIMPLE), st.data())
def test_there_and_back(value, unit, data):
    to = data.draw(st.sampled_from([n for n in SIMPLE if units()[n].base == units()[unit].base]))
    assert convert(convert(value, unit, to), to, unit) == pytest.approx(value, rel=1e-12)


def test_every_unit_has_a_factor_or_is_a_time_that_is_no_amount():
    for unit in units().values():
        assert unit.dimension and (unit.factor is None) <= (unit.dimension == "time"), unit
        assert unit.factor is None or unit.factor > 0


def test_base_units_measure_the_same_and_are_their_own():
    for unit in units().values():
        base = units().get(unit.base)
        assert base is None or unit.factor is None or (base.dimension, base.factor) == (unit.dimension, 1), unit


def test_parts_of_a_compound():
    assert parse_unit("元/平方米·月").base == "元/平方米/月"
    assert parse_unit("万元").factor == Fraction(10000)
    assert parse_unit("千克").factor == 1  # a unit of its own, not 千 times 克
    assert parse_unit("元/蒸") is None


def quantity(value, unit):
    return Quantity(0, 1, "0", value=value, unit=unit)


def test_a_quantity_converts_with_both_ends_of_a_range():
    converted = quantity((3, 6), "亩").to("平方米")
    assert (converted.value, converted.unit, converted.text) == ((2000, 4000), "平方米", "0")
    assert quantity(None, "亩").to("平方米").value is None


@pytest.mark.parametrize(
    "value, unit, says",
    [("1:1.4", None, "1:1.4"), (3, None, "has no unit"), (3, "元", "money CNY"), (3, "蒸", "'蒸' is not known")],
)
def test_a_quantity_that_does_not_convert(value, unit, says):
    with pytest.raises(UnitError, match=says):
        quantity(value, unit).to("平方米")
