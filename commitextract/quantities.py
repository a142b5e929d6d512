"""Quantities: counts and measures, wherever they stand in a text.

One regular expression, built from the numeral table and the lexicons, finds a number with the
words that qualify it and its unit (约3万人, 1200余万元, 3至5家, 402.6万平方米, 4元/小时, 百分之五, 1:1.4).
`commitextract.exclusions` leaves out what counts nothing, `commitextract.amounts` reads the value,
`commitextract.counted` what is counted.

Known limits: a number without any unit counts only where a bound, a scale or a share before it says so (绿地率为35);
两 before a noun (两村民) is left; what is counted is right in about six of ten cases, the rest is mostly a longer or
shorter phrase.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from commitextract.amounts import read_value, unit_of
from commitextract.counted import WINDOW, change_of, counted_object, goes_on
from commitextract.exclusions import counts_nothing
from commitextract.lexicons import alternation, table, terms
from commitextract.numerals import ARABIC, CHINESE, DIGITS, FRACTION, NUMBER, SCALES, TENS, THOUSAND, WRITTEN
from commitextract.schema import Quantity, Value
from commitextract.units import units

_DASH = "(?:至|到|[-—–―－]{1,2}|[~～]{1,2})"
_MINUS = "[-−–]"
_FAR = " " * 21
_CHANGED = ("增长", "增长率", "增速", "增幅", "涨幅", "降幅", "跌幅", "同比", "环比", "误差", "偏差", "气温")
_TITLE = re.compile(r"《[^《》]{1,80}》|〔[^〕]{1,8}〕")
_ADDRESS = re.compile(r"https?[:：]//[!-~：；，？！（）]{1,400}")
_QUOTED = re.compile(r"“[^“”]{1,12}”")
_MODIFIER_OF = {"近": "under", "上": "min", "超": "over", "过": "over", "成": "approx"}


@cache
def _modifiers(place: str) -> dict[str, str]:
    return {r["term"]: r["modifier"] for r in table("bounds") if r["place"] == place}


@cache
def _pattern() -> re.Pattern[str]:
    before = _modifiers("before")
    han = f"{''.join(DIGITS)}{''.join(TENS)}廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
    ones = "一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
    numeral = f"0-9{han}"
    first = f"{numeral}{re.escape(''.join(sorted({term[0] for term in before})))}数几近上超过成百千万亿半对负−–-"
    scale = f"(?:[{''.join(SCALES)}百]|{THOUSAND})"
    up = "[百千万亿]"
    vague = "[数几][十百千万亿]{1,3}"
    slashed = "[1-9][0-9]?/[1-9][0-9]?(?![0-9/])"
    low = rf"(?:{slashed}|{FRACTION}|{ARABIC}{up}{{0,2}}|{CHINESE}|{vague})"
    words = terms("not_units")  # 人民 is no 人, but 人民币 is a unit
    names = [name for name in units() if name not in ("成", "折", "两")]  # these have patterns of their own
    longer = [name for name in names if name.startswith(words) and name not in words]
    unit = rf"(?:{alternation(longer)}|(?!{alternation(words)}){alternation(names)}|两(?=[，。；、）]|$))(?!(?<=[A-Za-z])[A-Za-z0-9])"
    per = rf"(?:/一?{unit}(?:[/·]{unit})?|(?<=[元块吨米里克升斤亩方度瓦时])(?:每{unit}){{1,2}})"
    bound = rf"[{numeral}万亿]{{1,9}}[^，。；！？0-9]{{0,5}}"
    pairs = "|".join(f"(?<=[一-鿿]{a}、)(?={b})" for a, b in itertools.pairwise("一二三四五六七八九"))
    dash = rf"(?P<dash>{_DASH}|或者?|、(?:{pairs})|以上[、，至]?(?={bound}以下)|[或及](?={bound}以[上下]))"
    of_measure = alternation(n for n, u in units().items() if u.dimension not in ("count", "time", "none"))
    changed = "|".join(f"(?<={word}.)" for word in _CHANGED)
    opens = rf"(?<![^\n。；=].)(?={ARABIC}{up}{{0,2}}(?:{of_measure}?{_DASH}{_MINUS}?{ARABIC}{up}{{0,2}})?{of_measure})"  # a dash before 3个 only opens a point
    signed = rf"{_MINUS}(?=[0-9])(?:(?<=[为至到在温度约降（：，、].)|{changed}|{opens})"
    negative = r"负(?<![自背肩担抱辜胜承应需各须共均分]负)(?![^，。；]{2,12}(?:责任|义务|费用))|零下"  # 自负 and 负…责任 are verbs
    return re.compile(
        rf"(?=[{first}])(?!(?<=[0-9])[0-9]|(?<=[{han}])[{han}])"
        rf"(?P<before>(?<![达签附最]){alternation(before)}了?)?"
        rf"(?:(?={WRITTEN}[:∶比])(?P<ratio>{ARABIC}(?:[:∶]{ARABIC}){{1,3}}|[一二三四五六七八九十]{{1,2}}比[一二三四五六七八九十]{{1,2}}(?:点[{''.join(DIGITS)}])?)"
        rf"|(?P<sign>{negative}|(?(before){_MINUS}|{signed}))?"
        rf"(?:(?P<shares>[百千万])分之(?P<below>负)?(?P<share>{NUMBER})(?:{_DASH}(?:(?P=shares)分之)?(?P<below2>负)?(?P<share2>{NUMBER}))?"
        rf"|(?={WRITTEN}成)(?P<tenths>{NUMBER})成(?P<tenth>半|[一二三四五六七八九](?![一-鿿])|)(?![为功立员本熟长人果就套交品都效分年型片批堆新])"
        rf"|(?=[对{WRITTEN[1:]}折)(?P<fold>{ARABIC}|[{ones}]{{1,2}}(?:点[{ones}])?|半|(?<=打)对)折(?![叠合算旧返扣射磨腾断价回])"
        rf"|(?:(?P<low>{low})(?P<lowunit>{unit})?{dash}(?P<highsign>负|零下|{_MINUS})?)?"
        rf"(?:(?P<vague>{vague}|(?P<near>[近上超过成])[百千万亿]{{1,2}}(?!年))"
        rf"|(?P<number>[0-9]{{1,3}}\+[0-9]{{1,2}}(?=层)|{slashed}|{NUMBER}|半百?|[万亿](?=余)))"
        rf"(?P<inside>{alternation(_modifiers('inside'))})?(?P<scale>{scale}{{1,2}})?(?P<halfscale>半)?"
        rf"(?P<unit>{unit}{per}?)?(?:(?P<halfunit>半)(?![天日年月夜路途])"
        rf"|(?<=[元块])(?P<lesser>[{numeral}])(?P<lesserunit>[角毛]))?))"
        rf"(?P<after>{alternation(_modifiers('after'))}|(?<=[米里尺])内(?![环侧部外]))?"
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
    spans = [m.span() for pattern in (_phrases(), _TITLE, _ADDRESS) for m in pattern.finditer(text)]
    spans += [m.span() for m in _QUOTED.finditer(text) if not re.search("[0-9]", m.group())]
    return {i for start, end in spans for i in range(start, end)}


@cache
def _phrases() -> re.Pattern[str]:
    return re.compile(alternation(terms("number_phrases")))


def _find(text: str, blocked: set[int]) -> Iterator[Quantity]:
    last: Quantity | None = None
    known: dict[tuple[str, str, str], _Read | None] = {}  # what stands alike is read once
    for m in _pattern().finditer(text):
        start, end = m.span()
        alike = (text[max(0, start - WINDOW) : start], m.group(), text[end : end + WINDOW])
        if alike not in known:
            known[alike] = None if counts_nothing(m) else _read(m)
        read = known[alike]
        if read is None or (blocked and start + read.before in blocked):
            continue
        gap = text[last.end : start] if last and last.unit == read.unit else _FAR
        goes = len(gap) <= 20 and goes_on(gap)
        of = last.of if last and goes else counted_object(text, start, end, read.unit)
        last = Quantity(start, end, alike[1], read.value, read.unit, of, read.modifier, read.change)
        yield last


class _Read(NamedTuple):
    """What a match says, from it and `WINDOW` characters beside it; ``before`` is the length of the words before the number."""

    before: int
    value: Value
    unit: str | None
    modifier: str | None
    change: str | None


def _read(m: re.Match[str]) -> _Read:
    change = change_of(m.string, m.start())
    return _Read(len(m["before"] or ""), read_value(m), unit_of(m), _modifier(m), change)


def _modifier(m: re.Match[str]) -> str | None:
    if m["dash"] and m["dash"].startswith("以上"):  # 200元以上1000元以下 is a range
        return None
    if m["before"]:
        return _modifiers("before")[m["before"].removesuffix("了")]
    if m["sign"] and (m["inside"] or m["after"] == "多"):  # 零下20多度
        return "under"
    if m["after"]:
        return _modifiers("after").get(m["after"], "max")
    if m["inside"]:
        return _modifiers("inside")[m["inside"]]
    return _MODIFIER_OF.get(m["near"])
