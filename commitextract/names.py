"""Names: what a document calls its agencies, and the fullest form of each.

区民政局 is 广州市海珠区民政局 where the document has that name too; 市住建局 is
市住房和城乡建设局 where it stands there (``lexicons/agency_aliases.csv``). A title behind the name
(局长, 主任) is not part of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from commitextract.agencies import Mention, find_places
from commitextract.agency_table import AgencyTable
from commitextract.lexicons import table

_TITLE = re.compile(
    r"(?:党委|党组|党工委)?(?:副?书记|[、兼]|[副总]?(?:局|厅|县|市|区|镇|乡|处|科|所|站|部|校|院|行|(?:支|大|中|总)?队)长|副?主任|副?调研员|总工程师|负责人)"
)
PLACES = ("省", "市", "县", "区", "州", "村")
"""What 我 + unit names a place by, not an office."""
_ONE_OF_A_KIND = ("镇", "乡", "街道", "社区", "村", "校", "园区", "县", "区", "市", "州", "省")
"""Units of which a document rarely names another one; 我局 beside 市财政局 is not 市财政局."""


@cache
def _expansions() -> tuple[tuple[str, str], ...]:
    return tuple((row["short"], row["full"]) for row in table("agency_aliases"))


_SURNAME = re.compile(r"(.*(?:[局委办厅部院处会所站校队府司]|中心|集团))(?![局委办厅部院处会所站校队府司])[一-龥]")


@cache
def _shortened() -> tuple[tuple[str, str], ...]:
    by_length = sorted(_expansions(), key=lambda pair: (-len(pair[1]), pair))
    return tuple((full, short) for short, full in by_length)


@cache
def core(name: str) -> str:
    """Return what two names of one agency share: every part in its short form, a town's or street's office its place.

    Examples
    --------
    >>> core("青川市住房和城乡建设局"), core("青禾镇人民政府"), core("和平街道办事处")
    ('青川市住建局', '青禾镇', '和平街道')
    """
    for full, short in _shortened():
        if full in name:
            name = name.replace(full, short)
    name = re.sub("委员会$", "委", name)
    return _TOWN_OFFICE.sub("", name)


_TOWN_OFFICE = re.compile(r"(?<=[镇乡])(?:党委、?)?(?:政府|党委)$|(?<=街道)(?:办事处|办|党工委)$|(?<=社区)居委会$")


class Names:
    """The agency names of one document.

    Parameters
    ----------
    mentions : iterable of Mention
        The organisations that the document names, also where no subject stands (`commitextract.agencies.find_names`).
    text : str
        The document, for the names of places.
    known : AgencyTable, optional
        A user's own agencies; what a name means there wins.

    Examples
    --------
    >>> from commitextract.agencies import find_names
    >>> names = Names(find_names("广州市海珠区民政局已答复，区民政局将与市住建局会商。"))
    >>> names.fullest("区民政局"), names.fullest("市住建局")
    ('广州市海珠区民政局', '市住建局')
    """

    def __init__(self, mentions: Iterable[Mention], text: str = "", known: AgencyTable | None = None) -> None:
        self._text, self._known = text, known
        self.mentions = [m for m in mentions if m.kind not in ("deictic", "generic")]
        count = Counter(m.text for m in self.mentions)
        self._names = sorted(count, key=lambda n: (-len(n), n))
        self._sure = {
            m.text for m in self.mentions if m.kind == "name" or count[m.text] > 1 or find_places(m.text) == [m.text]
        }
        self._places = Counter(find_places(text))
        self._fullest: dict[str, str] = {}

    def fullest(self, name: str) -> str:
        """Return the longest name in the document that means the same agency, else the name."""
        if meant := self.known(name):
            return meant
        if name not in self._fullest:
            if len(name) > 2:
                short = core(name)
                longest = next((n for n in self._names if same_agency(core(n), [short]) and len(n) >= len(name)), name)
                if longest == name and name.endswith("公司"):
                    longest = self._only(n for n in self._names if _is_short_company(name, n)) or name
            else:
                longer = (self.fullest(n) for n in self._names if n.endswith(name) and len(n) > len(name) + 1)
                longest = self._only(longer) or name
            self._fullest[name] = longest
        return self._fullest[name]

    def known(self, name: str) -> str | None:
        """Return what a name means in the user's own table, if it is there."""
        return self._known.meaning(name, self._text) if self._known else None

    def own(self, deictic: str) -> str | None:
        """Return the only name in the document that 我县 or 我镇 can stand for, or None.

        Examples
        --------
        >>> from commitextract.agencies import find_names
        >>> Names(find_names("A7县已建成站点，县财政局予以补助。")).own("我县")
        'A7县'
        """
        unit = deictic[1:]
        if unit not in _ONE_OF_A_KIND:
            return None
        names = (
            self.fullest(n) for n in self._names if n in self._sure and n.endswith(unit) and len(n) > len(unit) + 1
        )
        place = self._usual_place(unit)
        return self._only(names) or next((n for n in self._names if place and n in _governments(place)), place)

    def _usual_place(self, unit: str) -> str | None:
        """Return the place of a kind that the document names most often, twice as often as any other."""
        fitting = [(count, place) for place, count in self._places.items() if place.endswith(unit)]
        first, *rest = sorted(fitting, reverse=True) or [(0, "")]
        clear = not rest or first[0] >= 2 * rest[0][0]
        return (first[1] or None) if clear else None

    @staticmethod
    def _only(names: Iterable[str]) -> str | None:
        different = set(names)
        return different.pop() if len(different) == 1 else None


def _is_short_company(short: str, name: str) -> bool:
    """Whether a company can go by a short name: 某某公司 for a 某某实业有限公司."""
    stem = short.removesuffix("公司")
    return len(stem) > 1 and len(name) > len(short) and name.endswith("公司") and stem in name


def _governments(place: str) -> tuple[str, ...]:
    return tuple(place + office for office in ("人民政府", "政府", "办事处"))


def same_agency(name: str, forms: Iterable[str]) -> bool:
    """Whether a name ends in one of the forms behind a place (市民政局 in A市民政局)."""
    return any(name == form or (name.endswith(form) and len(form) > 2) for form in forms)


def _longer_forms(name: str) -> Iterable[str]:
    for short, full in _expansions():
        if short in name and full not in name:
            yield name.replace(short, full, 1)


def agency_of_speaker(speaker: str) -> str | None:
    """Return the agency in a speaker's line (市民政局局长某某 is 市民政局), or None.

    Examples
    --------
    >>> agency_of_speaker("市民政局局长张某某"), agency_of_speaker("某某临空经济区管委会李主任")
    ('市民政局', '某某临空经济区管委会')
    """
    m = _TITLE.search(speaker)
    name = speaker[: m.start()].strip("：、 ") if m else ""
    with_surname = _SURNAME.fullmatch(name)
    return (with_surname[1] if with_surname else name) or None


def same_name(a: str, b: str) -> bool:
    """Whether two names mean the same agency where nothing but the names is known.

    Equal but for spaces, one the other behind a place, or so with a short form written out.

    Examples
    --------
    >>> same_name("市住建局", "青川市住房和城乡建设局"), same_name("市民政局", "市财政局")
    (True, False)
    """
    a, b = re.sub(r"\s", "", a), re.sub(r"\s", "", b)
    return same_agency(a, [b, *_longer_forms(b)]) or same_agency(b, [a, *_longer_forms(a)])


@cache
def kinds() -> dict[str, tuple[str, ...]]:
    """Return the endings that a word alone also stands for: 小学 for 学校."""
    found: dict[str, tuple[str, ...]] = {}
    for row in table("agency_kinds"):
        found[row["bare"]] = (*found.get(row["bare"], ()), row["ending"])
    return found


def is_unit(name: str, unit: str) -> bool:
    """Whether a unit of this name can call itself 我 + unit: 我局, 我镇 (a 镇人民政府), 我单位."""
    place = re.search(r"(?:人民政府|政府|党委|办事处)$", name)
    if unit in ("单位", "部门") or name.endswith((unit, *kinds().get(unit, ()))):
        return True
    return bool(place and name[: place.start()].endswith(unit))
