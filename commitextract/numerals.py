"""The one table of numbers, for quantities and deadlines alike.

``NUMBER`` is a pattern of a number as officials write it, `parse_number` gives its value:
Arabic (grouped, decimal), Chinese (一百二十三, 两千零五, 二〇二一, 廿, 壹拾), mixed with scales
(3万5千, 3万4000, 1.2亿), 半, fractions (三分之二, 1/3, 百分之五, 三又二分之一) and 负. Values are
computed as `decimal.Decimal`, so 0.1 stays 0.1.

The text is expected to be normalized (half-width digits, simplified characters).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from commitextract.schema import Number

DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "○": 0, "两": 2, "俩": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
SCALES = {"万": 10**4, "亿": 10**8}
_SCALES = SCALES | {"兆": 10**12}  # 兆 only between numerals: elsewhere it is mega (兆瓦)
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")

_D = "".join(DIGITS) + "壹贰叁肆伍陆柒捌玖"
_T = "十百千廿卅拾佰仟"
_S = "".join(SCALES)
ARABIC = r"(?:[0-9]{1,3}(?:[, ][0-9]{3}){1,6}(?![0-9])|[0-9]{1,18})(?:\.[0-9]{1,8})?"
_TRILLIONS = rf"兆(?=[{_D}{_T}]{{1,8}}[{_S}])[{_D}{_T}{_S}]{{1,30}}"
CHINESE = rf"[{_D}{_T}][{_D}{_T}{_S}]{{0,30}}(?<![{_D}{_T}]两)(?:{_TRILLIONS})?(?:点[{_D}]{{1,8}}[{_S}]{{0,2}})?"
THOUSAND = "千(?![瓦伏米克帕卡])"
"""千 as a scale, not the first character of 千瓦, 千米, 千克."""
_UP = rf"(?:[十百{_S}]|{THOUSAND}){{1,2}}"
_MIXED = rf"{ARABIC}(?:{_UP}(?:[0-9][0-9,]{{0,5}}{_UP}){{0,3}}(?:零[0-9]{{1,3}}|(?<=万)[0-9]{{4}}(?![0-9年.]))?)?"
WRITTEN = rf"[{_D}{_T}{_S}0-9兆点半又., ]{{1,80}}"
"""What numbers are written with; a look-ahead for it and a sign behind it saves reading the number in vain."""
FRACTION = rf"(?={WRITTEN}分之)(?:(?:{ARABIC}|{CHINESE})又)?(?:{ARABIC}|{CHINESE})分之(?:{ARABIC}|{CHINESE})"
NUMBER = rf"(?:{FRACTION}|{_MIXED}|{CHINESE})"
"""A pattern of a number without the words that qualify it (约, 余, 以上)."""

_SECTION = re.compile(
    r"(?:(?P<千>N?)千)?(?:零?(?P<百>N?)百)?(?:零?(?P<十>N?)十)?(?P<零>零?)(?P<一>N)?".replace(
        "N", rf"(?:{ARABIC}|[{''.join(DIGITS)}])"
    )
)
_ADJACENT = re.compile(r"((?:.*[十百千])?)([一二两三四五六七八九])([一二两三四五六七八九])([十百千万亿]*)")
_ARABIC = re.compile(ARABIC)
_SEQUENCE = re.compile(f"[{_D}]{{2,}}")


def parse_number(text: str) -> Number | None:
    """Return the value of a number written in digits, characters or both.

    Parameters
    ----------
    text : str
        The whole number and nothing else, normalized.

    Returns
    -------
    int, float or None
        An int where the value is whole; None where the text is not a number. A fraction is
        divided out (三分之二 is 0.666…), a percentage is left to the unit (百分之五 is 5 of the
        unit %; see `commitextract.quantities`), so here it is 0.05.

    Examples
    --------
    >>> [parse_number(n) for n in ("1,200", "3万5千", "1.2亿", "两千零五", "一百二", "二〇二一", "半")]
    [1200, 35000, 120000000, 2005, 120, 2021, 0.5]
    >>> [parse_number(n) for n in ("负三十二", "三又二分之一")]
    [-32, 3.5]
    """
    value = parse_decimal(text)
    return None if value is None else plain(value)


def parse_decimal(text: str) -> Decimal | None:
    """Return the exact value of a number, or None (see `parse_number`)."""
    text = text.translate(_FORMAL).replace("廿", "二十").replace("卅", "三十")
    if text[:1] in ("负", "-"):
        value = parse_decimal(text[1:])
        return None if value is None else -value
    if text.startswith("半"):
        half = Decimal(1) if text == "半" else parse_decimal(f"一{text[1:]}")  # 半百
        return None if half is None else half / 2
    if _ARABIC.fullmatch(text):
        return Decimal(text.replace(",", "").replace(" ", ""))
    if "分之" in text or "/" in text:
        return _parse_fraction(text)
    if _SEQUENCE.fullmatch(text):
        return Decimal("".join(str(DIGITS[c]) for c in text))
    return _parse_scales(text) if len(text) <= 40 else None


def _parse_fraction(text: str) -> Decimal | None:
    whole, _, part = text.rpartition("又")
    below, of, above = part.partition("分之")
    if not of:
        above, _, below = part.partition("/")
    numbers = [parse_decimal(n) for n in (whole or "零", above, below)]
    if None in numbers or not numbers[2]:
        return None
    base, numerator, denominator = (n for n in numbers if n is not None)
    return base + numerator / denominator


def _parse_scales(text: str) -> Decimal | None:
    """Split at a 点, else at the last 亿, else the last 万: 一万亿 is 一万 times 亿."""
    head, _, part = text.rpartition("点")
    if head and part and set(part) <= set(DIGITS):
        whole = _parse_scales(head)
        return None if whole is None else whole + Decimal("0." + "".join(str(DIGITS[c]) for c in part))
    for mark, scale in reversed(_SCALES.items()):
        head, found, tail = text.rpartition(mark)
        if found:
            times = _parse_scales(head) if head else None
            rest = _parse_scales(tail.removeprefix("零")) if tail else Decimal(0)
            if times is None or rest is None or rest >= scale:
                return None
            spoken_short = len(tail) == 1 and tail in DIGITS  # 三万五 is 35000
            return times * scale + rest * (scale // 10 if spoken_short else 1)
    return _parse_section(text)


def _parse_section(text: str) -> Decimal | None:
    """Read a number below 10,000."""
    m = _SECTION.fullmatch(text)
    if not text or m is None:
        return None
    tens: Iterator[Decimal] = ((_digit(m[ten]) or Decimal(1)) * n for ten, n in TENS.items() if m[ten] is not None)
    last = _digit(m["一"] or "零")
    spoken_short = not m["零"] and m["十"] is None and m["一"] in DIGITS
    if spoken_short and (m["百"] or m["千"]):  # 一百二 is 120, 两千三 is 2300
        last *= 10 if m["百"] else 100
    return sum(tens, start=last)


def _digit(text: str) -> Decimal:
    return Decimal(DIGITS[text]) if text in DIGITS else Decimal((text or "0").replace(",", "").replace(" ", ""))


def parse_adjacent(text: str) -> tuple[Decimal, Decimal] | None:
    """Read two digits that follow each other as a range: 三五, 十五六, 两三百.

    Examples
    --------
    >>> [str(n) for n in parse_adjacent("两三百") or ()]
    ['200', '300']
    """
    m = _ADJACENT.fullmatch(text)
    if not m:
        return None
    low, high = (parse_decimal(f"{m[1]}{digit}{m[4]}") for digit in (m[2], m[3]))
    return (low, high) if low is not None and high is not None and low < high else None


def plain(value: Decimal) -> Number:
    """Return a Decimal as an int where it is whole, else as a float."""
    return int(value) if value == value.to_integral_value() else float(value)
