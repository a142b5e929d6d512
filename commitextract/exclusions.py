"""What looks like a quantity and counts nothing (guidelines, section 2).

Time, ordinals, parts of codes and addresses, articles (一个), frequencies, announced points (三个方面),
names (3栋, 二期) and grades. Each question looks at the match and a few characters around it.
"""

from __future__ import annotations

import math
import re
from functools import cache

from commitextract.amounts import currency_before
from commitextract.lexicons import alternation, table, terms
from commitextract.numerals import parse_adjacent
from commitextract.units import units

_ORDINAL_BEFORE = re.compile(
    r"第$|第[一二三四五六七八九十、]{1,6}、$|[NnＮ][Oo]\.?$|[A-Za-z#〔\[/_+]-?$|[0-9][.,:/×*-]?$|[零〇○一二三四五六七八九][.．]$|编号：?$|初$|周$"
)
_CODE_AFTER = re.compile(
    r"[号#＃]|国道|省道|县道|[A-Za-z0-9]|-[0-9]|:[0-9]|[.．][0-9]|[.．、][^0-9]|/[0-9]|[时点分秒][^之]"
)
_FORMAL = re.compile("[壹贰叁肆伍陆柒捌玖]{1,9}")
_SEQUENCE = re.compile("[一二三四五六七八九]{3,}|[一二三四五六七八九零〇两]{5,}")
_CLOCK = re.compile(r"[0-2]?[0-9]:[0-5][0-9]")
_RATIO_CUE = re.compile(r"比|坡|配|分成|分担")
_TIME_AFTER = re.compile(r"[半多余]{0,2}(?:月|小时|钟头|星期|学期|工作日|年头|晚上|周末|白天)")
_PER_TIME = re.compile(r"(?:每|一)个?(?:半年|半个?月|年度|年|季度|月|周|星期|天|日|学期|小时|晚)[^，。；]{0,9}$")
_REPEATED = frozenset(("次", "班", "趟", "期", "辆", "班次", "场", "轮", "回", "顿", "遍"))
_MILESTONE = re.compile(r"(?:[国省县高]道|高速)[KkＫ]?$|线[KkＫ]$")
_ANNOUNCED = re.compile(r"(?:以下|下列|如下)$")
_MENTIONED = re.compile(r"(?:以上|上述|前述|这|此|该)$")
_POINTS_AFTER = re.compile(r"(?:[^，。；！？]{0,8})：|，(?:一是|第一|首先|[1一]、)")
_RANKED = re.compile(r"(?<![目提之以此日年面])前$")
_ARTICLE = re.compile(r"(?:条例|办法|规定|法|细则|章程|》|[条款项]、|[条款项]和)$")
_ADDRESS_AFTER = re.compile(
    r"[0-9一二三四五六七八九十负-]|[和与及至、][0-9]{1,3}[栋幢层期组]|单元|号|室|楼[下顶上道]|之间|[东南西北]|业主|架空|地下|住户维|栋|的?电价|商业"
)
_COUNTING = re.compile(
    r"(?:[共有建设立置造成余剩拆占这该各每只仅两含等约增购配达过改选出的修拟]|其中|剩余|另外|其余|计划|[，（：]余下|新建|建成|拆除|改造|改建|规划|分别)$"
)
_COUNTED_AFTER = re.compile(
    r"房|居民|住宅|楼(?![下顶上道层])|安置|高层|多层|小高|别墅|厂|民房|职工|宿舍|建筑|商住|公寓|农房|危房|违|隔音|玻璃|框架|砖混|机械|结构|以[上下]"
)
_PLACE = re.compile(r"[区苑城园村镇街路里期郡庭府湾寓邸座原号团庄湖港镜]$")
_LISTED = frozenset(("个", "条", "大", "份"))
_THINGS = frozenset("个人户份块处套家层幢座张所扇条支栋根盏口台名辆间艘棵株")
_END = re.compile(r"[，。；、）（！？\s]|$")
_ALONE_BEFORE = re.compile(r"(?:[长降比率度例]|为|达|至|内|外|[0-9]、)$")
_SHARE_BEFORE = re.compile(
    r"(?:率|比例|占比|密度|持股)(?:均|约|已|分别)?(?:为|达到?|由|从|是)?$|[由从][0-9.]{1,5}(?:提高|降低|上调|下调|增加)[到至]$"
)
_SHARE_OF = re.compile("[一-鿿]的$|[占达](?:到|了)?$|(?:比例|占比|比重|率)(?:约|已)?(?:为|是|达到?)?$")
_ONE_COUNTED = re.compile(r"(?:只有|仅有|各|各有|各增加|拥有|限购|只剩|剩下|余下|仅|其中有|共)$")
_NO_NOUN_BEFORE = re.compile(
    r"[了过每第负再又进出的是这那哪任某另同除有个到得为于成做看说摆提跑去找用]$|[完后前]$|发现|查处|拆除|属于|改成|变成|完善|建立|建设|形成|打造$"
)


def counts_nothing(m: re.Match[str]) -> bool:
    """Whether a match of the pattern of `commitextract.quantities` is no quantity."""
    text, digits = m.string, m.start() + len(m["before"] or "")
    before, after = text[max(0, digits - 14) : digits], text[m.end() : m.end() + 12]
    if _is_code(m, before, after):
        return True
    if m["ratio"]:
        around = before[-8:] + after
        return bool(_CLOCK.fullmatch(m["ratio"]) and not _RATIO_CUE.search(around))
    if m["share"] or m["tenths"] or m["fold"]:
        return False
    if m["unit"] is None:
        return not _stands_alone(m, before, after)
    return _is_no_count(m, before, after)


def _is_code(m: re.Match[str], before: str, after: str) -> bool:
    """Whether the number is an ordinal or part of a code, a date or a list's number."""
    number = m["number"] or ""
    if not m["before"] and _ORDINAL_BEFORE.search(before[-8:]):
        return True
    if re.match(r"0[0-9]", number) or _FORMAL.fullmatch(number) or _SEQUENCE.fullmatch(number):
        return True
    if ("分之" in number or "/" in number) and (before.endswith(("前", "后")) or re.match("[至到]", after)):
        return True
    if "/" in number or "/" in (m["low"] or ""):
        return not _is_share(m, before, after)
    whole = m["unit"] or m["ratio"] or m["share"] or m["tenths"] or m["fold"]
    return not whole and bool(_CODE_AFTER.match(after))


def _is_share(m: re.Match[str], before: str, after: str) -> bool:
    """Whether 1/3 is a share and no day: 1/3的住户, 2/3以上, 占1/3."""
    shares = [n.split("/") for n in (m["low"], m["number"]) if n]
    if m["scale"] or m["unit"] or m["sign"] or not all(len(share) == 2 for share in shares):
        return False
    said = m["before"] or m["after"] or _SHARE_OF.search(before) or re.match("的[一-鿿]", after)
    return bool(said) and all(int(a) < int(b) and math.gcd(int(a), int(b)) == 1 for a, b in shares)


def _stands_alone(m: re.Match[str], before: str, after: str) -> bool:
    """Whether a number without a unit counts: it has a scale (4.7万), a bound or a fraction."""
    number = m["number"] or ""
    if m["vague"]:
        return bool(m["near"]) and (_END.match(after) is not None or m["vague"][-1] in "万亿")
    if not number or _starts_with_time(after):
        return False
    if "/" in number or (currency_before(m) and (m["low"] or _END.match(after))):
        return True
    bound = m["before"] or m["after"]
    if not number[0].isdigit():
        large = len(number) > 1 and number[0] not in "十百千" and number[-1] not in "零十"
        return (
            "分之" in number
            or bool(m["after"] and len(number) > 1)
            or (
                large
                and bool(re.search("[千万亿]|百[一-九]?", number))
                and bool(bound or m["inside"] or _END.match(after))
            )
        )
    if m["low"]:
        return bool(m["after"] or m["before"] or (m["dash"][0] != "或" and re.match("[元个不]", after)))
    if _SHARE_BEFORE.search(before) and re.match(r"[，。；、）（]|提高|降低|上调|下调|$", after):
        return True  # the sign % was lost: 绿地率为35，
    decimal = "." in number and bool(_ALONE_BEFORE.search(before)) and len(number) > 2
    return bool(
        m["scale"] or number[-1] in "万亿" or bound or decimal or (m["inside"] and not after.startswith("[年天]"))
    )


def _starts_with_time(after: str) -> bool:
    return bool(_time_units().match(after))


@cache
def _time_units() -> re.Pattern[str]:
    return re.compile(alternation(name for name, unit in units().items() if unit.dimension == "time"))


def _is_no_count(m: re.Match[str], before: str, after: str) -> bool:
    """Whether number and unit make a time, an article, an address, a frequency or a point."""
    unit, number = m["unit"], m["number"] or ""
    first = re.split("[/每]", unit)[0]
    dimension = units()[first].dimension
    low_unit = units().get(m["lowunit"] or "")
    if dimension == "time" or (low_unit and low_unit.dimension == "time"):
        return True
    if m["sign"] == "负" and unit in _numbering():
        return True
    if _ANNOUNCED.search(before) or (
        unit == "分" and (before.endswith(("时", "点")) or re.match("[0-9]{1,2}秒", after))
    ):
        return True
    if (unit == "个" and _TIME_AFTER.match(after)) or (first in ("分", "次") and first != unit):
        return True
    if unit in _REPEATED and _PER_TIME.search(before):
        return True
    if unit in ("公里", "米") and _MILESTONE.search(before):
        return True
    if unit == "条" and (_ARTICLE.search(before) or re.match("之?规定|第", after)):
        return True
    if unit in ("名", "位", "批") and _RANKED.search(before):
        return True
    if unit in _numbering():
        return (number == "一" and not _one_is_counted(before, after)) or _numbers_a_thing(m, before, after)
    if _MENTIONED.search(before) and _points().match(after):
        return True
    if number[:1].isdigit() or m["vague"]:
        return False
    return _is_no_chinese_count(m, dimension, before, after)


@cache
def _numbering() -> dict[str, re.Pattern[str]]:
    """Return the units that also number things, with what stands before a count of theirs."""
    return {row["unit"]: re.compile(f"{alternation(row['before'].split())}$") for row in table("numbering_units")}


def _numbers_a_thing(m: re.Match[str], before: str, after: str) -> bool:
    """Whether 3栋, 二期 or 5组 names a building, a phase or a group instead of counting."""
    unit, qualified = m["unit"], m["before"] or m["inside"] or m["after"]
    if qualified and unit != "层":
        return False
    if _ADDRESS_AFTER.match(after) or re.search("[0-9一二三四五六七八九十]、$", before):
        return True
    if m["low"] and not re.search("[共各每建设]$", before):
        return True
    if unit in ("栋", "幢") and not _PLACE.search(before):
        return not (_COUNTING.search(before) or _COUNTED_AFTER.match(after) or _numbering()[unit].search(before))
    if unit in ("栋", "幢"):
        return not _COUNTED_AFTER.match(after)
    if unit == "层" and (_COUNTED_AFTER.match(after) or _COUNTING.search(before)):
        return False
    return not (_numbering()[unit].search(before) and not _PLACE.search(before))


def _is_no_chinese_count(m: re.Match[str], dimension: str, before: str, after: str) -> bool:
    """Judge a number in characters, which names and articles use as well as counts do."""
    number, unit = m["number"] or "", m["unit"]
    qualified = m["inside"] or m["before"] or m["scale"] or m["after"] or m["sign"]
    if number == "半" and dimension == "count":
        return True
    if number == "一" and m["before"] == "近" and unit in _REPEATED:
        return True
    if number == "一" and (unit in _soft() or (m["after"] == "多" and dimension == "count")):
        return True
    if number == "一" and dimension == "count" and not (qualified or m["halfunit"] or m["low"]):
        return unit not in _THINGS or not _one_is_counted(before, after)
    if number in tuple("百千万亿") and not qualified:
        return True
    if (
        number == "二"
        and dimension == "count"
        and unit not in ("人", "户", "名", "所", "家")
        and not (qualified or m["low"])
    ):
        return True
    if len(number) == 1 and not (qualified or m["low"] or m["lesser"]) and unit in _soft():
        return True
    if before.endswith("以上") and len(number) == 1 and _points().match(after):
        return True
    if parse_adjacent(number) or m["after"]:
        return False
    return len(number) <= 2 and bool((unit in _LISTED and _points().match(after)) or _POINTS_AFTER.match(after))


@cache
def _soft() -> frozenset[str]:
    return frozenset(terms("soft_units"))


def _one_is_counted(before: str, after: str) -> bool:
    """Whether 一个 is a number and no article: 只有一个, 加油站一座，."""
    if _ONE_COUNTED.search(before):
        return True
    noun = re.search("[一-鿿”）]{2}$", before)
    return bool(noun and _END.match(after) and not _NO_NOUN_BEFORE.search(before))


@cache
def _points() -> re.Pattern[str]:
    heads = terms("counted_points")
    return re.compile(rf"{alternation(heads)}|[一-鿿]{{1,4}}?{alternation(h for h in heads if len(h) > 1)}")
