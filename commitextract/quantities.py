"""Quantities: counts and measures, wherever they stand in a text.

One regular expression, built from the numeral table and the lexicons, finds a number with the
words that qualify it and its unit (约3万人, 1200余万元, 3至5家, 402.6万平方米, 4元/小时, 百分之五, 1:1.4).
A list of reasons then leaves matches out: time, ordinals, parts of codes and addresses, articles
(一个), announced points (三个方面), set phrases.

Known limits: what is counted (``of``) is not read yet; only gold has it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from commitextract.lexicons import alternation, table, terms
from commitextract.numerals import ARABIC, CHINESE, NUMBER, SCALES, TENS, THOUSAND, parse_adjacent, parse_decimal, plain
from commitextract.schema import Number, Quantity, Value

_DASH = r"(?:至|到|[-—–―~～－]{1,2})"
_TITLE = re.compile(r"《[^《》]{1,80}》|〔[^〕]{1,8}〕")
_QUOTED = re.compile(r"“[^“”]{1,12}”")
_ORDINAL_BEFORE = re.compile(r"第$|[NnＮ][Oo]\.?$|[A-Za-z#〔\[/_+]-?$|[0-9][.,:/-]?$|编号：?$|初$|周$")
_CODE_AFTER = re.compile(r"[号#＃]|国道|省道|县道|[A-Za-z0-9]|-[0-9]|:[0-9]|[.．、][^0-9]")
_COUNTING = re.compile(r"(?:^|[共有建含等计约为余拆设造成中的：，；。（]|分别)$")
_BUILDING = re.compile(r"$|[共的住楼安房商高多小厂]")
_ANNOUNCED = re.compile(r"(?:以下|下列|如下)$")
_PER_TIME = re.compile(r"(?:每|一)个?(?:年度|年|季度|月|周|星期|天|日|学期|小时|晚)[^，。；]{0,9}$")
_MILESTONE = re.compile(r"(?:[国省县高]道|高速|线)[KkＫ]?$")
_TIME_AFTER = re.compile(r"[半多余]{0,2}(?:月|小时|钟头|星期|学期|工作日|年头)")
_POINTS_AFTER = re.compile(r"(?:[^，。；！？]{0,8})：|，(?:一是|第一|首先|[1一]、)")
_RATIO_CUE = re.compile(r"比|坡度")
_CLOCK = re.compile(r"[0-2]?[0-9]:[0-5][0-9]")


@dataclass(frozen=True)
class Unit:
    """A unit of measure; ``factor`` times a value is the amount in the ``base`` unit."""

    name: str
    dimension: str
    base: str
    factor: Number | None


@cache
def units() -> dict[str, Unit]:
    """Return the units that the library knows, by name (``lexicons/units.csv``).

    Examples
    --------
    >>> units()["公顷"].factor, units()["小时"].dimension
    (10000, 'time')
    """
    return {
        row["unit"]: Unit(row["unit"], row["dimension"], row["base"], _factor(row["factor"])) for row in table("units")
    }


def _factor(text: str) -> Number | None:
    high, _, low = text.partition("/")
    return plain(Decimal(high) / Decimal(low or 1)) if text else None


@cache
def _modifiers(place: str) -> dict[str, str]:
    return {r["term"]: r["modifier"] for r in table("bounds") if r["place"] == place}


@cache
def _pattern() -> re.Pattern[str]:
    scale = f"(?:[{''.join(SCALES)}百]|{THOUSAND})"
    inside = alternation(_modifiers("inside"))
    low = rf"(?:{ARABIC}[百千万亿]{{0,2}}|{CHINESE})"
    unit = rf"(?!{alternation(terms('not_units'))}){alternation(units())}(?!(?<=[A-Za-z])[A-Za-z0-9])"
    return re.compile(
        rf"(?P<before>{alternation(_modifiers('before'))}了?)?"
        rf"(?:(?P<ratio>{ARABIC}(?::{ARABIC}){{1,3}}|[一二三四五六七八九十]比[一二三四五六七八九十])"
        rf"|(?P<percent>(?:百|千)分之)(?P<share>{NUMBER})(?:{_DASH}(?:百分之)?(?P<share2>{NUMBER}))?"
        rf"|(?P<cheng>{NUMBER}成)(?P<half>半?)(?![为功立员本熟长人果就套交])"
        rf"|(?:(?P<low>{low})(?P<lowunit>{unit})?{_DASH})?"
        rf"(?:(?P<vague>[数几]{{1}}[十百千万亿]{{1,3}}|(?P<near>[近上超成])[百千万亿]{{1,2}}(?!年)|{CHINESE}?十几)"
        rf"|(?P<number>[0-9]{{1,3}}\+[0-9]{{1,2}}(?=层)|{NUMBER}|半|[万亿](?=余)))"
        rf"(?P<inside>{inside})?(?P<scale>{scale}{{1,2}})?(?P<halfscale>半)?"
        rf"(?P<unit>{unit}(?:(?:/|每)(?:{unit}|次|期|月|天|日|时)){{0,3}})?(?P<halfunit>半)?)"
        rf"(?P<after>{alternation(_modifiers('after'))})?"
    )


def find_quantities(text: str, exclude: list[tuple[int, int]] | None = None) -> list[Quantity]:
    """Return the quantities of a normalized text, in its order.

    Parameters
    ----------
    text : str
        Normalized text (see `commitextract.normalization.normalize`).
    exclude : list of (start, end), optional
        Spans that hold no quantity, such as time expressions.

    Examples
    --------
    >>> [(q.text, q.value, q.unit, q.modifier) for q in find_quantities("新增学位约1.2万个，占68%。")]
    [('约1.2万个', 12000, '个', 'approx'), ('68%', 68, '%', None)]
    """
    blocked = _blocked(text) | {i for start, end in exclude or () for i in range(start, end)}
    return list(_find(text, blocked))


def _blocked(text: str) -> set[int]:
    """Return the places inside set phrases, quoted names and titles."""
    spans = [m.span() for pattern in (_phrases(), _TITLE) for m in pattern.finditer(text)]
    spans += [m.span() for m in _QUOTED.finditer(text) if not re.search("[0-9]", m.group())]
    return {i for start, end in spans for i in range(start, end)}


@cache
def _phrases() -> re.Pattern[str]:
    return re.compile(alternation(terms("number_phrases")))


def _find(text: str, blocked: set[int]) -> Iterator[Quantity]:
    at = 0
    for m in _pattern().finditer(text):
        if m.start() < at:
            continue
        found = _read(text, m, blocked)
        if found is not None:
            at = found.end
            yield found


def _read(text: str, m: re.Match[str], blocked: set[int]) -> Quantity | None:
    start, end = m.start(), m.end()
    digits = start + len(m["before"] or "")
    if digits in blocked or _is_name(text, m, digits):
        return None
    value, unit = _value(m), m["unit"]
    if m["percent"]:
        unit = "%" if m["percent"][0] == "百" else "‰"
    elif m["cheng"]:
        unit = "成"
    elif m["ratio"]:
        unit = None
    elif (unit is None and not _stands_alone(m)) or (unit is not None and _is_no_count(text, m, unit)):
        return None
    modifier = _modifier(m)
    return Quantity(start, end, text[start:end], value=value, unit=unit, modifier=modifier)


def _is_name(text: str, m: re.Match[str], digits: int) -> bool:
    """Whether the number is an ordinal or part of a code, a clock time or a list's number."""
    before, after = text[max(0, digits - 4) : digits], text[m.end() : m.end() + 8]
    number = m["number"] or ""
    if not m["before"] and _ORDINAL_BEFORE.search(before):
        return True
    if re.match(r"0[0-9]", number) or (set(number) & set("壹贰叁肆伍陆柒捌玖") and not set(number) & set("拾佰仟")):
        return True
    if "分之" in number and (before.endswith(("前", "后")) or re.match("至|到", after)):
        return True
    if m["ratio"]:
        around = text[max(0, digits - 8) : digits] + after
        return bool(_CLOCK.fullmatch(m["ratio"]) and not _RATIO_CUE.search(around))
    return m["unit"] is None and not m["percent"] and not m["cheng"] and bool(_CODE_AFTER.match(after))


def _stands_alone(m: re.Match[str]) -> bool:
    """Whether a number without a unit counts: it has a scale (4.7万), a bound or a fraction."""
    number = m["number"] or ""
    if not number[:1].isdigit():
        return "分之" in number
    before = m.string[max(0, m.start() - 1) : m.start()]
    decimal = "." in number and before in tuple("长降比率为达至内外、") and len(number) > 2
    return bool(m["scale"] or number[-1] in SCALES or m["before"] or m["after"] or decimal)


def _is_no_count(text: str, m: re.Match[str], unit: str) -> bool:
    """Whether number and unit make a time, an article, an address, a frequency or a point."""
    first, _, rest = unit.partition("/")
    dimension = units()[first.partition("每")[0]].dimension
    number, after = m["number"] or "", text[m.end() :]
    before = text[max(0, m.start() - 14) : m.start()]
    if dimension == "time" or (m["lowunit"] and units()[m["lowunit"]].dimension == "time"):
        return True
    if _ANNOUNCED.search(before) or (unit == "分" and before.endswith(("时", "点"))):
        return True
    if (unit == "个" and _TIME_AFTER.match(after)) or (first == "分" and rest):
        return True
    if unit in ("次", "班", "趟", "期", "辆", "班次") and _PER_TIME.search(before):
        return True
    if unit in ("公里", "米") and _MILESTONE.search(before):
        return True
    if unit in ("栋", "幢", "座", "层"):
        return number == "一" or not (m["before"] or _COUNTING.search(before) or _BUILDING.match(after))
    if number[:1].isdigit() or m["vague"]:
        return False
    return _is_no_chinese_count(m, unit, dimension, before, after)


def _is_no_chinese_count(m: re.Match[str], unit: str, dimension: str, before: str, after: str) -> bool:
    """Judge a number in characters, which names and articles use as well as counts do."""
    number = m["number"] or ""
    qualified = m["inside"] or m["before"] or m["scale"]
    if number == "半" and dimension == "count":
        return True
    if number == "一" and dimension == "count" and not (qualified or m["halfunit"]):
        return True
    if number in tuple("百千万亿") and not qualified:
        return True
    if dimension in ("score", "angle", "volume", "length") and len(number) == 1 and len(unit) == 1:
        return True
    if unit in ("面", "道", "口", "头", "节", "起", "门", "类", "标段", "方", "层", "部"):
        return len(number) == 1 and not qualified
    if before.endswith("以上") and len(number) == 1:
        return True
    return len(number) <= 2 and bool(_points().match(after) or _POINTS_AFTER.match(after))


@cache
def _points() -> re.Pattern[str]:
    return re.compile(alternation(terms("counted_points")))


def _modifier(m: re.Match[str]) -> str | None:
    if m["before"]:
        return _modifiers("before")[m["before"].removesuffix("了")]
    if m["after"]:
        return _modifiers("after")[m["after"]]
    if m["inside"] and m["inside"] != "几":
        return _modifiers("inside")[m["inside"]]
    if m["near"]:
        return {"近": "under", "上": "min", "超": "over", "成": "approx"}[m["near"]]
    return None


def _value(m: re.Match[str]) -> Value:
    if m["ratio"]:
        return m["ratio"].replace("比", ":") if m["ratio"][0].isdigit() else _chinese_ratio(m["ratio"])
    if m["percent"]:
        return _range(parse_decimal(m["share"]), m["share2"] and parse_decimal(m["share2"]))
    if m["cheng"]:
        tenths = parse_decimal(m["cheng"][:-1])
        return None if tenths is None else plain(tenths + (Decimal("0.5") if m["half"] else 0))
    scale = Decimal(math.prod((SCALES | TENS)[c] for c in m["scale"] or ""))
    if m["vague"]:
        return _vague(m["vague"], scale)
    number, inside = m["number"], m["inside"]
    if number in SCALES:  # 万余元
        number = f"一{number}"
    pair = parse_adjacent(number)
    if pair:
        return (plain(pair[0] * scale), plain(pair[1] * scale))
    high = sum(map(Decimal, number.split("+")), Decimal(0)) if "+" in number else parse_decimal(number)
    if high is None:
        return None
    if inside == "几":
        step = Decimal(1) if number[-1] in "十" or number.isdigit() else high / 10
        return (plain((high + step) * scale), plain((high + 9 * step) * scale))
    high *= scale
    if m["halfunit"] or m["halfscale"]:
        high += (scale if m["halfscale"] else 1) * Decimal("0.5")
    if not m["low"]:
        return plain(high)
    low = parse_decimal(m["low"])
    if low is None:
        return None
    if m["lowunit"] and m["lowunit"] != m["unit"]:
        return _in_one_unit(low, m["lowunit"], high, m["unit"] or "")
    shared = high / (parse_decimal(re.sub("[万亿]+$", "", number)) or 1) if number else Decimal(1)
    if low < high / 10 and m["low"][-1] not in "百千万亿" and not m["lowunit"]:
        low *= shared if shared > 1 else scale
    return (plain(low), plain(high))


def _in_one_unit(low: Decimal, low_unit: str, high: Decimal, unit: str) -> Value:
    """Return a range whose ends have different units in the unit of its end (500米到1公里)."""
    known, other = units().get(unit), units()[low_unit]
    if known is None or known.base != other.base or not (known.factor and other.factor):
        return None
    return (plain(low * Decimal(str(other.factor)) / Decimal(str(known.factor))), plain(high))


def _range(low: Decimal | None, high: Decimal | str | None) -> Value:
    if low is None:
        return None
    return plain(low) if not isinstance(high, Decimal) else (plain(low), plain(high))


def _chinese_ratio(text: str) -> str:
    low, high = (parse_decimal(part) for part in text.split("比"))
    return f"{low}:{high}"


def _vague(text: str, scale: Decimal) -> Value:
    """Read 十几 as 11 to 19; 上百 as 100; what has no number in it (数百) as None."""
    if text.endswith("十几"):
        tens = parse_decimal(text[:-1])
        return None if tens is None else (plain((tens + 1) * scale), plain((tens + 9) * scale))
    if text[0] in "数几":
        return None
    value = parse_decimal("一" + text[1:])
    return None if value is None else plain(value * scale)
