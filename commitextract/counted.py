"""What a quantity counts, and how it changes.

The counted object is a noun phrase right behind the unit (36个工作室, 68%的学生) or before the number, over
the words that link them (工作室共36个, 绿地率提高到35%). Words and their parts of speech are jieba's; a verb
that takes an object ends the phrase. What stands farther away is left None. The change is told by the
words before: 达到36个 is a level, 新增36个 an increase, 减少36个 a decrease.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from commitextract.lexicons import alternation, table, terms
from commitextract.segmentation import tagged
from commitextract.units import parse_unit

WINDOW = 24
"""Characters beside a quantity that tell what it counts and how it changes."""
_LEFT = re.compile(r"[，。；：！？、\n“《]")
_RIGHT = re.compile(r"[，。；：！？、\n”》（）]|[0-9]")
_SUFFIXES = ("n", "ng", "zg", "nr", "k", "g", "q")
_DISTANCE = re.compile("[距离沿]|步行|相距|间隔")
_STOPS = frozenset(("x", "uj", "ul", "ud", "uz", "p", "c", "d", "r", "m", "t", "f", "y", "ug"))
_GOES_ON = re.compile("[、，和及与或至到]?(?:其中|其余|另外|余下|剩下)?")
_AREA = re.compile(
    "^(?:现|原|另|全[市县区镇乡村省州国街年]|[我本][市县区镇乡村省局院校]|目前|其中|现有|内|等|各|该|此|这|其)+"
)
_TRAILING = re.compile("(?:等|均|内|中|里|间|的|之|时|上)+$")


def counted_object(text: str, start: int, end: int, unit: str | None) -> str | None:
    """Return what the quantity ``text[start:end]`` counts, or None.

    Examples
    --------
    >>> counted_object("新建工作室共36个，", 6, 9, "个"), counted_object("建成36个工作室。", 2, 5, "个")
    ('工作室', '工作室')
    """
    known = parse_unit(unit or "")
    after = _RIGHT.split(text[end : end + WINDOW], maxsplit=1)[0]
    before = _LEFT.split(text[max(0, start - WINDOW) : start])[-1]
    if known is not None and known.dimension == "length" and _DISTANCE.search(before):
        return None
    if after.startswith("的"):
        return _behind(after[1:]) or _ahead(before)
    if known is not None and known.dimension == "count":
        return _behind(after) or _ahead(before)
    return _ahead(before) or _behind(after)


@lru_cache(2**12)
def goes_on(gap: str) -> bool:
    """Whether what stands between two quantities of one unit leaves the second to count the same.

    Examples
    --------
    >>> [goes_on(gap) for gap in ("、", "提高到", "，其中", "，新增泊位")]
    [True, True, True, False]
    """
    return bool(_GOES_ON.fullmatch(_link().sub("", gap)))


def _behind(text: str) -> str | None:
    """Return the noun phrase that begins the text."""
    words = tagged(text) if text else []
    phrase = complete = ""
    for i, (word, tag) in enumerate(words):
        if not _belongs(words, i) or (tag == "v" and not phrase and len(word) == 1):
            break
        phrase += word
        complete = complete if tag == "v" and len(word) < 3 and word not in _nouns() else phrase
    return complete or None


def _ahead(text: str) -> str | None:
    """Return the noun phrase that ends the text, before the words that link it to its number."""
    text = _TRAILING.sub("", _link().sub("", text))
    words = tagged(text) if text else []
    first = len(words)
    while first and _belongs(words, first - 1):
        if first == len(words) and words[-1][1] == "v" and words[-1][0] not in _nouns() and len(words[-1][0]) == 2:
            break
        first -= 1
    if first and words[first - 1][1] == "m":  # a name that begins with a number: 15分钟生活圈
        return None
    phrase = _AREA.sub("", "".join(word for word, _ in words[first:]))
    return phrase if len(phrase) > 1 else None


def _belongs(words: list[tuple[str, str]], i: int) -> bool:
    """Whether a word can stand in a noun phrase: a verb that takes an object only as a part of a noun (劝导员)."""
    word, tag = words[i]
    if tag in _STOPS:
        return False
    following = words[i + 1] if i + 1 < len(words) else None
    suffix = following is not None and len(following[0]) == 1 and following[1] in _SUFFIXES
    return word not in _verbs() or (suffix and len(word) > 1) or (following is None and word in _nouns())


@cache
def _verbs() -> frozenset[str]:
    return frozenset(terms("object_verbs"))


@cache
def _nouns() -> frozenset[str]:
    return frozenset(terms("noun_verbs"))


@cache
def _link() -> re.Pattern[str]:
    words = alternation((*terms("number_links"), *_change()))
    per = "每(?:平方米|平方公里|公里|千米|公斤|立方米|小时|学期|[一-鿿])(?:每[年月天日])?"
    return re.compile(rf"(?:{words}|{per}|(?<=[一-鿿]{{2}})[长宽高厚深]){{1,4}}$")


def change_of(text: str, start: int) -> str | None:
    """Return how the quantity that begins at ``start`` changes: level, increase, decrease or None.

    Examples
    --------
    >>> [change_of(t, len(t)) for t in ("入托率达到", "新增学位", "能耗下降了", "现有学位")]
    ['level', 'increase', 'decrease', None]
    """
    before = _LEFT.split(text[max(0, start - WINDOW) : start])[-1]
    m = _changes().search(before)
    return _change()[m[1] or m[2]] if m else None


@cache
def _change() -> dict[str, str]:
    return {row["term"]: row["change"] for row in table("changes")}


@cache
def _changes() -> re.Pattern[str]:
    far = alternation(row["term"] for row in table("changes") if row["object"] == "yes")
    return re.compile(rf"({alternation(_change())})了?$|({far})了?[^0-9到至为]{{1,10}}$")
