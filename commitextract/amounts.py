"""The value of a quantity that `commitextract.quantities` has matched: exact, or None.

Reads the named groups of a match: a ratio (``"1:1.4"``), a share (百分之五, 三成半, 七五折), a range
(3至5, 十五六, 500米到1公里, 几百) as a pair, or one number with its scale, half and smaller unit
(1.2亿, 两亩半, 5元3角). Computed in `decimal.Decimal`.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal, getcontext
from functools import cache

from commitextract.lexicons import alternation
from commitextract.numerals import DIGITS, SCALES, TENS, parse_adjacent, parse_decimal, plain
from commitextract.schema import Value
from commitextract.units import UnitError, convert, units

_PLACES = 4
_BEFORE = 12
"""Characters before a number that can name its currency."""
_SCALED = re.compile("[十百千万亿]$")


def read_value(m: re.Match[str]) -> Value:
    """Return the value of a match, or None where it has none."""
    if m["ratio"]:
        return _ratio(m["ratio"])
    if m["fold"]:
        return _fold(m["fold"])
    if m["tenths"]:
        return _tenths(m["tenths"], m["tenth"])
    if m["share"]:
        low, high = _one_or_two(m["share"])
        high = parse_decimal(m["share2"]) if m["share2"] else high
    else:
        low, high = _number(m)
    return None if low is None else _signed(m, low, high)


def _signed(m: re.Match[str], low: Decimal, high: Decimal | None) -> Value:
    """Return one or two numbers with their signs; None where it is not clear whether the second has one (零下5至3度)."""
    sign, second = m["sign"] or m["below"], m["highsign"] or m["below2"]
    if high is None:
        return _pair(-low if sign else low, None)
    both = m["low"] is None and m["share2"] is None  # 零下三五度
    if sign in ("负", "零下") and not second and not both:
        if m["lowunit"] or low > high:
            return None
        both = True
    below = (both and sign) or second or (sign and m["dash"] == "--")
    low, high = -low if sign else low, -high if below else high
    return _pair(min(low, high), max(low, high))


def _number(m: re.Match[str]) -> tuple[Decimal | None, Decimal | None]:
    scale = Decimal(math.prod((SCALES | TENS)[c] for c in m["scale"] or ""))
    if m["vague"]:
        low, high = _vague(m["vague"], scale)
        return _from(m, high or low, scale) if m["low"] and low else (low, high)
    number = m["number"]
    if number in SCALES:  # 万余元
        number = f"一{number}"
    low, high = _one_or_two(number)
    if low is None:
        return None, None
    low, high = low * scale, None if high is None else high * scale
    if m["halfunit"] or m["halfscale"]:
        low += (scale if m["halfscale"] else 1) * Decimal("0.5")
    if m["lesser"]:
        low += (parse_decimal(m["lesser"]) or 0) * Decimal(str(convert(1, m["lesserunit"], "元")))
    return _from(m, low, scale) if m["low"] and high is None else (low, high)


def _one_or_two(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Return a number, or both ends of a range of digits that follow each other (三五, 十五六)."""
    if "+" in text:  # 16+1层
        return sum(map(Decimal, text.split("+")), Decimal(0)), None
    adjacent = parse_adjacent(text)
    return adjacent or (parse_decimal(text), None)


def _from(m: re.Match[str], high: Decimal, scale: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Return a range from its first number: 3至5万 shares the scale, 500米到1公里 the kind of unit."""
    low = _vague(m["low"], Decimal(1))[0] if m["low"][0] in "数几" else parse_decimal(m["low"])
    if low is None:
        return None, None
    if m["lowunit"] and m["lowunit"] != m["unit"]:
        try:
            return Decimal(str(convert(plain(low), m["lowunit"], m["unit"] or ""))), high
        except UnitError:
            return None, None
    if low < high / 10 and not _SCALED.search(m["low"]) and not m["lowunit"]:
        own = re.search("[百千万亿]{0,2}$", m["number"] or "")
        shared = low * ((parse_decimal(f"一{own[0]}") or 1) * scale if own else scale)
        low = shared if shared <= high else low  # 1000-2万元
    return (low, None) if low == high else (low, high)


def _vague(text: str, scale: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Read 几百 and 数百 as 100 to 1000, 上百 and 百余 as 100."""
    value = parse_decimal(f"一{text[1:]}")
    if value is None:
        return None, None
    return (value * scale, value * 10 * scale) if text[0] in "数几" else (value * scale, None)


def _pair(low: Decimal | None, high: Decimal | None) -> Value:
    if low is None:
        return None
    return plain(_finite(low)) if high is None else (plain(_finite(low)), plain(_finite(high)))


def _finite(value: Decimal) -> Decimal:
    """Round what has no end (三分之二) to four places, or four digits below 0.001, as far as the precision goes."""
    places = max(_PLACES, _PLACES - 1 - value.adjusted())
    room = getcontext().prec - 2 - value.adjusted()
    _, digits, exponent = value.as_tuple()
    endless = len(digits) > 20 and int(exponent) < 0
    return round(value, min(places, room)) if endless else value


def _ratio(text: str) -> str:
    return ":".join(part if part[0].isdigit() else str(parse_decimal(part)) for part in re.split("[:∶比]", text))


def _fold(text: str) -> Value:
    """Read a discount: 七五折 and 75折 are 7.5, 九折 is 9."""
    if text in ("半", "对"):
        return 5
    adjacent = re.fullmatch("[一二三四五六七八九]{2}|[1-9][0-9]", text)
    value = parse_decimal(text)
    return None if value is None else plain(value / 10 if adjacent else value)


def _tenths(number: str, rest: str) -> Value:
    low, high = _one_or_two(number)
    if low is None or not rest:
        return _pair(low, high)
    return plain(low + (Decimal("0.5") if rest == "半" else (parse_decimal(rest) or Decimal(0)) / 10))


def unit_of(m: re.Match[str]) -> str | None:
    """Return the unit of a match as the schema has it: 吨每天 is 吨/天, 百分之 is %."""
    if m["ratio"]:
        return None
    if m["share"]:
        return {"百": "%", "千": "‰", "万": "‱"}[m["shares"]]
    if m["fold"] or m["tenths"]:
        return "折" if m["fold"] else "成"
    unit: str | None = m["unit"]
    currency = currency_before(m)
    if unit is None:
        return currency
    if currency and currency != "元":
        unit = re.sub("^(?:元|圆|块钱)(?=[/每]|$)", currency, unit)
    return unit if unit in units() else re.sub("(?<=/)一", "", unit.replace("每", "/"))


def currency_before(m: re.Match[str]) -> str | None:
    """Return the unit of a currency that stands before the number (港币300万元), and is not that of the number before it."""
    before = _currency().search(m.string, max(0, m.start() - _BEFORE), m.start())
    return units()[before[1]].base if before else None


@cache
def _currency() -> re.Pattern[str]:
    money = (u for u in units().values() if u.dimension.startswith("money"))
    names = alternation(u.name for u in money if u.base != "元" or u.name == "人民币")
    return re.compile(rf"(?<![0-9{''.join(DIGITS | TENS | SCALES)}拾佰仟余多])({names})(?:（[^（）]{{1,3}}）)?[：:]?$")
