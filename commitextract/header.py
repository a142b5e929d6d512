"""What a reply is: its date, respondent, addressee and reference, from where such things stand.

The date is, in this order, the one given from outside, the signature's, the publication's, or
inferred (a transcript that says 8月30日 and names a year elsewhere). The respondent is the unit that
signs a reply, that its title names before 对…的答复, or that its opening says has dealt with it; a ranker weighs
these rules with what else speaks for a name (`commitextract.respondent`). Each part of a text has its own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commitextract.agencies import Mention, find_agencies
from commitextract.deadlines import find_deadlines
from commitextract.layout import Layout, Part
from commitextract.names import Names, agency_of_speaker
from commitextract.ranking import Ranker
from commitextract.respondent import Choice, candidates

_FULL_DATE = (
    r"(?:20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}[日号]|二[〇零○][〇零○一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
    r"|20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2})"
)
_SIGNED = re.compile(rf"(?:^|[。！？；\n）]|(?<=[局府会办委院心处队道室站司厅部镇乡]))\s*({_FULL_DATE})\s*(?:$|\n|（)")
_PUBLISHED = re.compile(rf"(?:发布|公开|更新|答复|回复|成文|印发)(?:时间|日期)：?\s*({_FULL_DATE})")
_MONTH_DAY = re.compile(r"(?<!年)(?<![0-9])([0-9]{1,2})月([0-9]{1,2})日")
_YEAR = re.compile(r"(20[0-9]{2})年")
_ADDRESSEE = re.compile(
    r"(?:^|\n)\s*(?:尊敬的)?((?:网友[：:]?)?“[^”\n]{1,20}”|[^，。！？：、\n“”]{1,12}?(?:代表|委员|先生|女士|同志|网友)|网友)(?:[：，！]|您好|你好|\n)"
)
_REFERENCE = re.compile(
    r"(?:建议|提案|议案|代表建议|委员提案)?第[0-9]{1,6}号(?:的?(?:建议|提案|议案))?|[^\s，。：]{1,8}[〔\[][0-9]{4}[〕\]][0-9]{1,5}号"
)
_THANKS = re.compile(r"感谢[您你]?(?:一直以来)?对(?P<to>[^，。的]{3,20}?)(?:的|各项|工作|的?关心|的?关注|的?支持)")
_UNITS = ("局", "镇", "乡", "街道", "委", "办", "厅", "处", "中心", "院", "校", "公司", "司", "社区", "大队", "支队")


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a document; ``respondents`` has one entry for each part."""

    date: str | None
    date_source: str | None
    respondents: tuple[str | None, ...]
    addressee: str | None
    reference: str | None

    @property
    def respondent(self) -> str | None:
        """The document's respondent: the only one, else None."""
        named = {r for r in self.respondents if r}
        return named.pop() if len(named) == 1 else None


def read_header(
    layout: Layout,
    mentions: Sequence[Mention],
    names: Names,
    date: str | None = None,
    respondent: str | None = None,
    ranker: Ranker | None = None,
) -> Header:
    """Return the header of a document.

    Parameters
    ----------
    layout : Layout
        The layout of the normalized text.
    mentions : sequence of Mention
        The agencies in it.
    names : Names
        Their fullest forms.
    date, respondent : str, optional
        What is known from outside; it wins.
    ranker : Ranker, optional
        Chooses the respondent; without one the rules do.
    """
    found, source = (date, "given") if date else find_date(layout)
    respondents = tuple(
        respondent or _respondent(layout, number, mentions, names, ranker) for number in range(len(layout.parts))
    )
    head = layout.text[:400]
    addressee, reference = _ADDRESSEE.search(head), _REFERENCE.search(head)
    return Header(
        found,
        source,
        respondents,
        addressee[1] if addressee else None,
        reference.group() if reference and layout.doc_type == "letter" else None,
    )


def find_date(layout: Layout) -> tuple[str | None, str | None]:
    """Return the document's date and where it comes from (``None, None`` where nothing says it)."""
    signed = list(_SIGNED.finditer(layout.text))
    if signed and (day := _iso(signed[-1][1])):
        return day, "signature"
    published = _PUBLISHED.search(layout.text)
    if published and (day := _iso(published[1])):
        return day, "published"
    month_day = _MONTH_DAY.search(layout.text[:300])
    years = _YEAR.findall(layout.text)
    if layout.doc_type == "inquiry" and month_day and years:
        day = _iso(f"{max(years)}年{month_day.group()}")
        return (day, "inferred") if day else (None, None)
    return None, None


def _iso(text: str) -> str | None:
    found = find_deadlines(text)
    value = found[0].edtf if found else None
    try:
        return str(dt.date.fromisoformat(value)) if value else None
    except ValueError:
        return None


def _respondent(
    layout: Layout, number: int, mentions: Sequence[Mention], names: Names, ranker: Ranker | None
) -> str | None:
    part = layout.parts[number]
    if part.speaker:
        speaker = agency_of_speaker(part.speaker)
        return names.fullest(speaker) if speaker else None
    if part.kind != "answer" or layout.doc_type == "inquiry":
        return None
    found, rules = respondent_candidates(layout, part, mentions, names)
    if ranker is None or not ranker.knows([features for _, features in found]):
        return next((names.fullest(name) for name in rules.values()), None)
    chances = ranker.probabilities([features for _, features in found])
    return max(zip(chances, found, strict=True), key=lambda pair: pair[0])[1][0]


def respondent_candidates(
    layout: Layout, part: Part, mentions: Sequence[Mention], names: Names
) -> tuple[list[Choice], Mapping[str, str]]:
    """Return the names that the respondent of a part may have (`commitextract.respondent`), and what the rules say."""
    rules = _rules(layout, part, mentions, names)
    return candidates(layout.text, part, mentions, names, rules), rules


def _rules(layout: Layout, part: Part, mentions: Sequence[Mention], names: Names) -> dict[str, str]:
    """Return what each rule takes for the respondent of a part, the surest rule first."""
    here = [m for m in mentions if part.start <= m.start < part.end and m.kind in ("name", "subject")]
    text = layout.text
    found = {
        "signs": _signer(text, part.end, here),
        "in the title": _titled(text, part.start, here),
        "opens": _opener(text, here, part.start),
        "is thanked": _thanked(text[part.start : part.end]),
    }
    if not any(found.values()):
        deictics = [m.text for m in mentions if part.start <= m.start < part.end and m.kind == "deictic"]
        own = {text for text in deictics if text[0] in "我本"}
        units = {m for m in own if m[1:] in _UNITS}
        found["calls itself"] = names.own(units.pop()) if len(units) == 1 else None
    return {rule: name for rule, name in found.items() if name}


def _thanked(text: str) -> str | None:
    """Return the unit of the closing thanks: 感谢您对X工作的支持."""
    m = _THANKS.search(text)
    found = find_agencies(m["to"]) if m else []
    return found[0].text if m and found and found[0].text == m["to"] and found[0].kind == "name" else None


def _signer(text: str, end: int, mentions: Sequence[Mention]) -> str | None:
    """Return the last agency if only a date, a contact or nothing stands behind it."""
    if not mentions:
        return None
    last = mentions[-1]
    tail = re.sub(rf"{_FULL_DATE}|（[^）]*）?|[\s。，：）印章]", "", text[last.end : end])
    opens_line = last.start == 0 or text[last.start - 1] in "\n。！？；，0123456789）："
    return last.text if opens_line and len(tail) <= 2 else None


def _titled(text: str, start: int, mentions: Sequence[Mention]) -> str | None:
    title = text[start:].lstrip().split("\n", 1)[0]
    if re.search("关于|答复|复函|回复", title) and len(title) <= 80:
        return next((m.text for m in mentions if m.start - start <= 2), None)
    return None


def _opener(text: str, mentions: Sequence[Mention], start: int) -> str | None:
    """Return the agency that the opening says has dealt with the matter: X局回复如下."""
    for m in mentions:
        if m.start - start > 160:
            break
        behind = text[m.end : m.end + 12]
        if re.match(
            r"(?:现|就此|对此|现就[^，。]{0,8})?(?:答复|回复)(?:如下|：)|关于[^，。]{0,8}(?:答复|回复)", behind
        ):
            return m.text
    return None
