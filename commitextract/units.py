"""Units of measure: what they measure and how they convert, exactly.

``lexicons/units.csv`` gives each unit its dimension, its base unit and a factor. Units of one base
convert. A compound (元/平方米, 吨每天, 元/平方米·月) is read by its parts, a scale before a unit
(万元, 亿立方米) multiplies. Counts convert to themselves only: 12 户 are no number of 人.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from commitextract.lexicons import table
from commitextract.numerals import SCALES, TENS
from commitextract.schema import Number

_PARTS = re.compile("[/·每]")
_SCALED = re.compile(f"([{''.join(SCALES | TENS)}]{{1,2}})(.+)")


class UnitError(ValueError):
    """A unit that is not known, or an amount that it cannot express; the message says what can."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure; ``factor`` times a value is the amount in the ``base`` unit.

    ``factor`` is None for what is no amount (岁, 号).
    """

    name: str
    dimension: str
    base: str
    factor: Fraction | None


@cache
def units() -> dict[str, Unit]:
    """Return the simple units that the library knows, by name.

    Examples
    --------
    >>> units()["公顷"].base, units()["小时"].dimension
    ('平方米', 'time')
    """
    return {
        row["unit"]: Unit(row["unit"], row["dimension"], row["base"], _fraction(row["factor"]))
        for row in table("units")
    }


def _fraction(text: str) -> Fraction | None:
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or 1) if text else None


@cache
def parse_unit(name: str) -> Unit | None:
    """Return a simple, scaled or compound unit, or None where a part is not known.

    Examples
    --------
    >>> unit = parse_unit("万元/亩")
    >>> unit.dimension, unit.base, unit.factor
    ('money CNY/area', '元/平方米', Fraction(15, 1))
    """
    parts = [_simple(part) for part in ([name] if name in units() else _PARTS.split(name))]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    first, *rest = known
    if not rest:
        return first
    rest.sort(key=lambda unit: unit.base)
    factor = first.factor
    for unit in rest:
        factor = factor / unit.factor if factor and unit.factor else None
    return Unit(name, "/".join(u.dimension for u in (first, *rest)), "/".join(u.base for u in (first, *rest)), factor)


def _simple(name: str) -> Unit | None:
    if name in units():
        return units()[name]
    scaled = _SCALED.fullmatch(name)
    unit = units().get(scaled[2]) if scaled else None
    if scaled is None or unit is None or unit.factor is None:
        return None
    factor = unit.factor
    for scale in scaled[1]:
        factor *= (SCALES | TENS)[scale]
    return Unit(name, unit.dimension, unit.base, factor)


def convert(value: Number, unit: str, to: str) -> Number:
    """Return an amount in another unit of the same kind.

    Parameters
    ----------
    value : int or float
        The amount in `unit`; a float is taken as its shortest decimal (0.1 is one tenth).
    unit, to : str
        Simple, scaled or compound units, such as ``"亩"``, ``"万元"``, ``"吨/日"``.

    Raises
    ------
    UnitError
        If a unit is not known, is no amount, or measures something else.

    Examples
    --------
    >>> convert(3, "亩", "平方米"), convert(2.5, "亿元", "万元"), convert(1.2, "元/月", "元/年")
    (2000, 25000, 14.4)
    >>> convert(3, "天", "元")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    commitextract.units.UnitError: 3 天 is an amount of time in 秒, 元 one of money CNY; give one of ...
    """
    source, target = _amount(unit), _amount(to)
    if source.base != target.base:
        raise UnitError(
            f"{value} {unit} is an amount of {_kind(source)}, {to} one of {_kind(target)}; give one of {_alike(source)}"
        )
    assert source.factor and target.factor
    exact = Fraction(str(value)) * source.factor / target.factor
    return int(exact) if exact.denominator == 1 else float(exact)


def base_of(unit: str) -> str:
    """Return the base unit in which all units of a kind add up.

    Examples
    --------
    >>> base_of("万亩"), base_of("元/月")
    ('平方米', '元/月')
    """
    return _amount(unit).base


def _amount(name: str) -> Unit:
    unit = parse_unit(name)
    if unit is None or unit.factor is None:
        wrong = "is not known" if unit is None else "is no amount and does not convert"
        raise UnitError(
            f"the unit {name!r} {wrong}; give one of `commitextract.units.units()`, with a scale (万元) or per another (元/月)"
        )
    return unit


def _kind(unit: Unit) -> str:
    return (
        f"{unit.dimension} in {unit.base}" if "count" in unit.dimension or "time" in unit.dimension else unit.dimension
    )


def _alike(unit: Unit) -> str:
    if "/" in unit.base:
        return f"the same kind as {unit.base}"
    return ", ".join(name for name, other in units().items() if other.base == unit.base)
