"""Agencies: mentions of public bodies and other organisations in a normalized text.

Four patterns, built from lexicons, find mentions: a place with a domain and a suffix
(A7县 + 住建 + 局); a place with any name and a suffix that only organisations have (区…管委会,
镇人民政府); a deictic (我局, 本中心); and an organisation or place that stands where a subject stands
(青松社区将…, 由村委会…). Sub-units join the name before them (市住建局质安站). A list of domains before
部门 gives one mention each (公安、民政、残联等部门).

Known limits: a name without a place, a known domain or a subject's position is not found; which
mention is responsible, and what its fullest form is, are questions for linking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from commitextract.lexicons import alternation, table, terms
from commitextract.normalization import HAN

Kind = Literal["name", "deictic", "generic", "subject"]

_FUNCTION = (
    "由经向请和与及对将已是会据按从给让被为把了的该各我其并且而或于责令函交找去往因如若使就也又均都还但则"
    "悉需待有只信底午间后虽等您你他这那此每再曾可应未不自拟称至示说指日年月志今现联协督抓前过求况带回时在全"
)
_VERB = "(?<![第])一(?![中小医])|覆盖|厘清|建立|部分|涉及|结合|围绕|全面|以[部]|广大|重点|主要|大型|新建|所属|辖内|城市|组织|安排|要求|配合|委托|引进|立即|邀请|聘请|召集|指导|敦促|加大|相关|有关|职能|问题|开发商|牵头|通过|根据|目前|建设|负责|会同"
_NAME = f"(?:和平|向阳|同心|建国|(?![{_FUNCTION}]|{_VERB})[{HAN}])"
_LEVEL = "(?:(?:经济技术|高新技术产业|经济|产业)开发区|工业园区|产业园区|省|市|县|区|州|盟|旗|镇|乡|街道|村|社区|新区|开发区|高新区|经开区|管理区|示范区|园区|自治区|自治州|自治县|林场|农场)"
_PLACE = (
    rf"(?:[A-Z][0-9]{{0,2}}{_LEVEL}(?:市|县|区)?|(?:{_NAME}){{2,4}}?{_LEVEL}"
    r"|省|市|县|区|镇|乡|州|街道|国家|中共|新区|高新区|经开区|开发区|[我本][省市县区镇乡])"
)
_NOT_AFTER = {
    "办": "理公法学证事结案", "委": "托员派会常办", "处": "理置罚于分长在以", "[^委协员合]会": "同议商长员计展场审谈后上将在对按",
    "站": "点台长在", "所": "有在以属长需得处", "部": "分长队位署委门落下", "队": "伍员长", "院": "长士内落",
    "科": "长学技研", "中心": "城主小校线组", "局": "长面部势促限", "厅": "长", "司": "法机", "镇": "区域村长",
    "股": "东份长权", "政府": "采购工投性网信门", "机关": "事单", "公司": "法", "学校": "", "人大": "代常", "厂": "",
}  # fmt: skip
_GUARD = "".join(rf"(?!(?<={end})[{after}长])" for end, after in _NOT_AFTER.items())
_ACTS = (
    "(?=[将已正会拟对于多在与和及、，要也按根据依现曾继联负牵安立积组成召协配派就先始主严共计承表无没不都再加开为自因调核完工执通"
    "支办两投党领请出收采启从全]|高度)"
)
_NOT_ACTING = r"(?![的内里路外级域属周边居民农户群众负责人业主领导主要校长道段境街桥]|各[部有])"


@dataclass(frozen=True, slots=True)
class Mention:
    """An organisation where the text names it (offsets of the normalized text)."""

    start: int
    end: int
    text: str
    kind: Kind


@cache
def _pattern() -> re.Pattern[str]:
    domain, suffix = alternation(terms("agency_domains")), alternation(terms("agency_suffixes"))
    strict, deictic = alternation(terms("agency_strict_suffixes")), alternation(terms("deictic_units"))
    ordinal = "第?[一二三四五六七八九十]"
    unit = "(?:分局|支队|大队|中队|派出所|[总中]?站|股|科|处|办|所|队|中心|管理部|党组|党委会|专家组|机关)"
    sub_unit = rf"(?:(?:{domain}|{ordinal}|执法){{0,3}}{unit}{_GUARD}){{0,2}}"
    body = rf"{domain}(?:[和与]?{domain}){{0,3}}{suffix}{_GUARD}"
    branch = rf"{_NAME}{{2,3}}(?:分局|派出所|中队)"
    whole = rf"(?:{domain}|{_NAME}|[A-Z][0-9]{{0,2}}){{1,14}}?{alternation(terms('agency_whole'))}"
    place = rf"(?:{_PLACE}){{1,4}}"
    any_name = rf"(?:(?!{_LEVEL})(?:{domain}|{_NAME}|[A-Z][0-9]{{0,2}}|（[{HAN}]{{1,6}}）)){{0,16}}?{strict}"
    return re.compile(
        rf"(?P<name>(?<!联){place}(?:{body}|{any_name}{_GUARD})(?:{branch}|{sub_unit})"
        rf"|团(?:{_LEVEL})?委|(?<!联){whole}|{body}{sub_unit})"
        rf"|(?P<deictic>(?<!自)[我本贵该]{deictic}{_GUARD}(?!民|周|干道|外|[长员身级户]|学期)"
        rf"(?:{body}|党委|(?:人民)?政府|财政|{sub_unit})?)"
        rf"|(?P<generic>{alternation(terms('agency_generic'))})"
    )


@cache
def _subject_pattern() -> re.Pattern[str]:
    governs, ends = terms("agency_governs"), alternation(terms("agency_subjects"))
    before = "|".join([rf"(?<={w})" for w in governs] + ["^", "(?<=[，。；：！？、\n（）])"])
    name = rf"(?:建设|[A-Z][0-9]{{0,2}}|（[{HAN}]{{1,6}}）|{_NAME})"
    return re.compile(
        rf"(?:{before})(?:[0-9一二三四五六七八九十年月日]{{2,11}}[日月年])?"
        rf"(?P<subject>{name}{{0,16}}?{ends}(?:{name}{{0,8}}?{ends}){{0,2}}){_GUARD}{_NOT_ACTING}{_ACTS}"
    )


@cache
def _list_pattern() -> re.Pattern[str]:
    domain = alternation(terms("agency_domains"))
    return re.compile(
        rf"(?:(?:{_PLACE}){{1,3}})?{domain}(?:[、，]{domain}){{1,15}}(?:[和及与]{domain})?"
        rf"(?=等?(?:各|有关|相关|多个|职能|主管){{0,2}}(?:部门|单位))"
    )


def find_agencies(text: str) -> list[Mention]:
    """Return the mentions of agencies in a normalized text, in its order, none overlapping.

    Examples
    --------
    >>> [(m.text, m.kind) for m in find_agencies("由A7县住建局会同县财政局办理，我局配合。")]
    [('A7县住建局', 'name'), ('县财政局', 'name'), ('我局', 'deictic')]
    """
    found: list[Mention] = []
    taken: set[int] = set()
    for mention in _candidates(text):
        places = range(mention.start, mention.end)
        if taken.isdisjoint(places):
            taken.update(places)
            found.append(mention)
    return sorted(found, key=lambda m: m.start)


def find_places(text: str) -> list[str]:
    """Return the names of places in a normalized text, one entry a mention.

    Examples
    --------
    >>> find_places("青山镇村级道路由A7县出资")
    ['青山镇', 'A7县']
    """
    return [m.group() for m in _place_name().finditer(text)]


@cache
def _place_name() -> re.Pattern[str]:
    return re.compile(rf"[A-Z][0-9]{{0,2}}(?:省|市|县|区|镇|乡)|{_NAME}{{2,3}}?(?:省|市|县|区|镇|乡|街道)")


@cache
def _action() -> re.Pattern[str]:
    rules = ("resolve", "action", "order", "future", "start", "progressive", "perfect", "done word")
    cues = {row["cue"] for row in table("cues") if row["rule"] in rules and len(row["cue"]) > 1}
    return re.compile(alternation(cues))


def _tells_action(name: str) -> bool:
    """Whether a would-be name is a predicate: 统筹城乡, 结合城市, 继续推进缺水区."""
    return bool(_action().search(name))


def _candidates(text: str) -> Iterator[Mention]:
    """Yield mentions, the surest first."""
    for m in _list_pattern().finditer(text):
        at = m.start()
        for part in re.split("[、，和及与]", m.group()):
            yield Mention(at, at + len(part), part, "name")
            at += len(part) + 1
    found = [m for start, end in _stretches(text) for m in _pattern().finditer(text, start, end)]
    for m in found:
        if m.lastgroup != "generic":
            yield Mention(m.start(), m.end(), m.group(), cast(Kind, m.lastgroup))
    for m in _subject_pattern().finditer(text):
        if not _tells_action(m["subject"]):
            yield Mention(m.start("subject"), m.end("subject"), m["subject"], "subject")
    for m in found:
        if m.lastgroup == "generic":
            yield Mention(m.start(), m.end(), m.group(), "generic")


@cache
def _endings() -> re.Pattern[str]:
    """Match the last two characters of any name: most stretches of a text hold none."""
    lists = ("agency_suffixes", "agency_strict_suffixes", "deictic_units", "agency_generic")
    return re.compile(alternation(term[-2:] for name in lists for term in terms(name)))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches between marks that can hold a name."""
    for m in re.finditer(r"[^，。；：！？\n]+", text):
        if _endings().search(text, m.start(), m.end()):
            yield m.span()
