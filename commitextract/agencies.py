"""Agencies: mentions of public bodies and other organisations in a normalized text.

A name is read from its end. Characters and words that no name holds (``lexicons/agency_stops.txt``, unless inside a word of
``agency_inside.txt``) cut a text into stretches. In a stretch an **ending** makes a name: that of an office behind a place or
what it is for (市 + 住建 + 局); one that only organisations have, behind a place or any name (镇人民政府, 某某有限公司); one
that names an organisation where a subject stands (青松社区将…, 由物业公司…); or a word that names one by its kind alone
(施工单位). Units within it join its name (市住建局质安站). 我局 and 本中心 are deictics. A list shares its ending (公安、民政、残联等部门).

Known limits: a name without a known ending is not found; which mention is responsible, and what its fullest form is, are
questions for linking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple, cast

from commitextract.lexicons import alternation, table, terms
from commitextract.normalization import HAN
from commitextract.stretches import domain_end, domains_at_end, endings, ends_in_domain, find_stretches

Kind = Literal["name", "deictic", "generic", "subject", "object"]

_LONGEST = 24
_SUB_UNIT_REACH = 8
"""Characters between the end of a name and that of a unit within it (市城管局|玉潭城管中队)."""
_LEVEL = "(?:(?:经济技术|高新技术产业|经济|产业)?开发区|工业园区|产业园区|省|市|县|区|州|盟|旗|镇|乡|街道|村|社区|新区|高新区|经开区|管理区|示范区|园区|自治区|自治州|自治县|林场|农场)"
_PLACE = re.compile(
    rf"(?:[A-Z][0-9]{{0,2}}{_LEVEL}(?:市|县|区)?|[{HAN}]{{2,4}}?{_LEVEL}|[省市县区镇乡州旗]|街道|国家|中共|新区|高新区|经开区|开发区)"
    rf"{{1,4}}"
)
_MOST_UNITS = 3
_LEAD_IN_REACH = 24
_CLAUSES_BEFORE = re.compile(r"[\s\S]*[，。；：！？\n]")


@dataclass(frozen=True, slots=True)
class Mention:
    """An organisation where the text names it (offsets of the normalized text)."""

    start: int
    end: int
    text: str
    kind: Kind


class _Head(NamedTuple):
    """The ending of a name where it stands, and the lists of endings that hold it."""

    start: int
    end: int
    lists: frozenset[str]


@cache
def _last_characters() -> tuple[re.Pattern[str], dict[str, tuple[int, ...]]]:
    """Return what finds the last character of an ending, and the lengths of the endings by their last two, the longest first."""
    known = endings()
    lengths: dict[str, set[int]] = {}
    for ending in known:
        lengths.setdefault(ending[-2:], set()).add(len(ending))
    for two, found in lengths.items():
        if two[-1] in known:
            found.add(1)
    by_last = {two: tuple(sorted(found, reverse=True)) for two, found in lengths.items()}
    return re.compile(f"[{''.join(sorted({two[-1] for two in by_last}))}]"), by_last


@cache
def _not_after() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in table("agency_not_after"):
        found[row["ending"]] = (*found.get(row["ending"], ("长",)), row["behind"])
    return found


@cache
def _lead_in() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(terms('lead_ins'))}|[0-9年月日上下午旬底初末至起号]{{1,14}}|[“（\s]){{0,4}}")


@cache
def _governs() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(terms('agency_governs'))}|[、和与及])$")


@cache
def _not_acting() -> re.Pattern[str]:
    return re.compile(alternation(terms("agency_not_acting")))


@cache
def _acting() -> re.Pattern[str]:
    return re.compile(alternation(terms("agency_acting")))


def find_agencies(text: str) -> list[Mention]:
    """Return the mentions of agencies in a normalized text, in its order, none overlapping.

    Examples
    --------
    >>> [(m.text, m.kind) for m in find_agencies("由A7县住建局会同县财政局办理，我局配合。")]
    [('A7县住建局', 'name'), ('县财政局', 'name'), ('我局', 'deictic')]
    """
    return [m for m in find_names(text) if m.kind != "object"]


def find_names(text: str) -> list[Mention]:
    """Return the mentions of agencies, and as ``object`` the organisations named where no subject stands.

    Examples
    --------
    >>> [(m.text, m.kind) for m in find_names("我局检查了青川二中。")]
    [('我局', 'deictic'), ('青川二中', 'object')]
    """
    found = [mention for start, end in find_stretches(text) for mention in _in_stretch(text, start, end)]
    return _with_lists(text, found)


def _heads(text: str, start: int, end: int) -> list[_Head]:
    """Return the endings in a stretch, the longest at each place, none inside another."""
    last, lengths = _last_characters()
    known, not_after = endings(), _not_after()
    found: list[_Head] = []
    for m in last.finditer(text, start, end):
        at = m.end()
        for n in lengths.get(text[at - 2 : at]) or lengths.get(m.group(), ()):
            ending = text[at - n : at]
            if at - n >= start and ending in known:
                if not text.startswith(not_after.get(ending, "长"), at):
                    while found and (found[-1].end > at - n or _is_domain_of(found[-1], at - n, known[ending])):
                        found.pop()
                    found.append(_Head(at - n, at, known[ending]))
                break
    return found


def _is_domain_of(head: _Head, start: int, lists: frozenset[str]) -> bool:
    """Whether an ending only tells what the office of the next one is for: 财政|局."""
    return "domains" in head.lists and head.end == start and "suffixes" in lists


def _in_stretch(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield the names of a stretch: the sure ones with their inner units, else the first that acts."""
    heads = _heads(text, start, end)
    at, i, weak = start, 0, None
    while i < len(heads):
        goes_on = i + 1 < len(heads) and _is_office(heads[i + 1], heads[i].end)
        mention = None if goes_on and "strict_suffixes" not in heads[i].lists else _named(text, at, heads[i])
        if mention is None or mention.kind in ("subject", "object"):
            if not (weak and weak.kind == "subject" and _acting().match(text, weak.end)):
                weak = mention or weak
            i += 1
        elif mention.text in terms("agency_parents") and i + 1 < len(heads):
            i += 1
        else:
            last = _last_unit(heads, i) if mention.kind != "generic" else i
            at, i, weak = heads[last].end, last + 1, None
            yield Mention(mention.start, at, text[mention.start : at], mention.kind)
    if weak:
        yield weak


def _is_office(head: _Head, start: int) -> bool:
    """Whether a name goes on behind a place: 县|局."""
    return head.start == start and {"strict_suffixes", "suffixes"} <= head.lists


def _last_unit(heads: Sequence[_Head], i: int) -> int:
    """Return the number of the last unit that joins the name that ends with a head: 市住建局|质安站."""
    for _ in range(_MOST_UNITS):
        after = range(i + 1, min(len(heads), i + 1 + _SUB_UNIT_REACH))
        near = (k for k in after if heads[k].end - heads[i].end <= _SUB_UNIT_REACH and heads[k].start >= heads[i].end)
        joined = next((k for k in near if _joins(heads[i], heads[k])), None)
        if joined is None:
            break
        i = joined
    return i


def _joins(head: _Head, unit: _Head) -> bool:
    return "sub_units" in unit.lists or (unit.start == head.end and "whole" in unit.lists)


def _named(text: str, at: int, head: _Head) -> Mention | None:
    """Return the mention that an ending makes of what stands before it, if any."""
    far = head.start - at > _LONGEST
    at = head.start - _LONGEST if far else at
    before, lists = text[at : head.start], head.lists
    if before and before in "我本贵该":
        return Mention(at, head.end, text[at : head.end], "deictic") if lists & {"deictic", "subjects"} else None
    place = None if far else _PLACE.match(before)
    if "suffixes" in lists and ends_in_domain(before) and (domain := domain_end().search(before)):
        start = at if place or domain.start() == 0 else at + domain.start()
        return Mention(start, head.end, text[start : head.end], "name")
    if "generic" in lists and not place:
        joined = before and not far and len(before) <= 8 and _acts(text, at, head.end)
        start, kind = (at, "subject") if joined else (head.start, "generic")
        return Mention(start, head.end, text[start : head.end], cast(Kind, kind))
    if far:
        return None
    sure = lists & {"strict_suffixes", "generic"} if place else lists & {"whole"} if before else None
    if sure or ("suffixes" in lists and place and place.end() == len(before)):
        return Mention(at, head.end, text[at : head.end], "name")
    inner, weak = lists & {"sub_units", "suffixes"} and place, "subjects" in lists
    if inner or weak or ("domains" in lists and place) or (before and "strict_suffixes" in lists):
        acts = _acts(text, at, head.end)
        kind = "name" if inner and acts else "subject" if acts else "object"
        return Mention(at, head.end, text[at : head.end], cast(Kind, kind))
    return None


def _acts(text: str, start: int, end: int) -> bool:
    """Whether a stretch stands where a subject stands and nothing behind says that it is only a place."""
    if _not_acting().match(text, end):
        return False
    return bool(_governs().search(text[max(0, start - 6) : start])) or opens_clause(text, start)


def opens_clause(text: str, at: int) -> bool:
    """Whether nothing but connectives and a time stands before a place in its clause.

    Examples
    --------
    >>> opens_clause("目前，今年9月我局将开工", 7), opens_clause("已报市政府批准", 2)
    (True, False)
    """
    reach = max(0, at - _LEAD_IN_REACH)
    clauses_before = _CLAUSES_BEFORE.match(text, reach, at)
    clause = clauses_before.end() if clauses_before else reach
    return bool(_lead_in().fullmatch(text, clause, at))


def _with_lists(text: str, found: Sequence[Mention]) -> list[Mention]:
    """Add what a list names before its ending: 公安、民政 in 公安、民政、残联等部门 and 安监、质监部门."""
    listed: list[Mention] = []
    for ending in _LIST_END.finditer(text):
        window = max(0, ending.start() - 80)
        if not _lists_domains(text[max(0, ending.start() - 12) : ending.start()]):
            continue
        if m := _list().search(text[window : ending.start()]):
            at = window + m.start()
            for name in re.split("[、，和及与]", m.group()):
                listed.append(Mention(at, at + len(name), name, "name"))
                at += len(name) + 1
    if not listed:
        return list(found)
    taken = {at for m in listed for at in range(m.start, m.end)}
    return sorted([*listed, *(m for m in found if taken.isdisjoint(range(m.start, m.end)))], key=lambda m: m.start)


def _lists_domains(text: str) -> bool:
    """Whether a text ends in what an office is for and a conjunction stands before it."""
    return any(text[-n - 1 : -n] in _CONJUNCTIONS for n in domains_at_end(text) if n < len(text))


_CONJUNCTIONS = frozenset("、，和及与")
_LIST_END = re.compile("等?(?:各|有关|相关|多个|职能|主管){0,2}(?:部门|单位)")


@cache
def _list() -> re.Pattern[str]:
    domain = alternation(terms("agency_domains"))
    place = r"(?:[A-Z][0-9]{0,2}[省市县区]|[省市县区镇])?"
    return re.compile(rf"{place}{domain}(?:[、，]{domain}){{1,15}}(?:[和及与]{domain})?$")


def find_places(text: str) -> list[str]:
    """Return the names of places in a normalized text, one entry a mention.

    Examples
    --------
    >>> find_places("青山镇村级道路由A7县出资")
    ['青山镇', 'A7县']
    """
    stops = _stop_words()
    found = (m.group() for m in _place_name().finditer(text))
    return [name for name in found if stops.isdisjoint((name[:2], name[1:3], name[2:4]))]


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(term for term in terms("agency_stops") if len(term) == 2)


@cache
def _place_name() -> re.Pattern[str]:
    level = "(?:省|市(?!场|容|民(?![政族宗]))|县|区(?![域间划])|镇|乡(?![镇村])|街道)"
    single = "".join(term for term in terms("agency_stops") if len(term) == 1)
    name = f"(?:和平|向阳|同心|建国|[^{single}省市县区镇乡街村\\W0-9A-Za-z_]){{2,3}}?"
    return re.compile(rf"[A-Z][0-9]{{0,2}}{level}|{name}{level}")
