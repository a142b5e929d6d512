"""Web noise undone, with an exact map back to the raw text.

The rules of this library read one kind of text: simplified characters, full-width marks
(``，。；：！？（）``; half-width between digits, as in 1:1.4 and 1,200), half-width digits and letters,
a line break for every paragraph and no spaces between Chinese characters. `normalize` makes that
text out of what the web gives and remembers where each character came from.

What it undoes: pinyin in brackets after a character (also where one bracket is lost), HTML
entities and line-break tags, zero-width characters, odd spaces, paragraphs run together by two
ideographic spaces, lines broken inside a sentence, blank lines, traditional characters (OpenCC
``t2s``), full-width letters and digits. Real brackets stay.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
_PINYIN = f"[a-zɑɡü{_TONED}]{{0,5}}[{_TONED}][a-zɑɡ]{{0,4}}"
_UNTONED = "(?:de|le|ma|ne|ba|zi|men|me|ge|zhe|tou|la|ya)"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f"
_NOISE = re.compile(
    rf"(?=[(（&<?\r\x0b\x0c\x85\u2028\u2029{_INVISIBLE}a-zɑɡü{_TONED}])(?:"  # told by its first character, so that the rest is rarely tried
    rf"(?P<pinyin>(?<=[{HAN}])[(（]\s?(?:{_PINYIN}|{_UNTONED})(?:\s?[)）]|(?=[{HAN}]))"
    rf"|(?:(?<=[^a-zA-Z{_TONED}])|\?){_PINYIN}[)）])"
    r"|(?P<entity>&(?:\#[0-9]{2,6}|\#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,8});)"
    r"|(?P<line><(?:br|/p|/div)\b[^<>]{0,99}>|\r\n?|[\x0b\x0c\x85\u2028\u2029])"
    rf"|(?P<nothing></?(?:p|div|span|font|strong|b)\b[^<>]{{0,99}}>|[{_INVISIBLE}]))"
)
_BLANK = re.compile(r"[^\S\n]*\n\s*|[^\S\n]+")
_PARAGRAPH_GAP = re.compile(r"[\u3000\u2003]{2}|[^\S\n]{4}|\u00a0{3}")
_HALF_WIDTH = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if chr(c) not in "，；：！？（）"} | {
    0x2105: "%",
    0xFE6A: "%",
}  # ℅ and ﹪ stand for %
_LETTER_O = re.compile(r"[OoΟ○](?<=[一二三四五六七八九].)(?=[一二三四五六七八九OoΟ○〇零年])")
_WIDE_CHARACTER = re.compile(f"[{''.join(map(chr, _HALF_WIDTH))}]")
_MARKS = dict(zip(",;:!?()，；：！？", "，；：！？（）,;:!?", strict=True))
_WRONG_WIDTH = re.compile(  # half outside two digits, full between them; brackets are always full
    r"[,;:!?()，；：！？](?:(?<=[()])|(?<=[,;:!?])(?:(?![0-9])|(?<![0-9].))|(?<=[0-9][，；：！？])(?=[0-9]))"
)
_ENUMERATOR = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[、.．）)是]|第[一二三四五六七八九十]|[问答]：")
_NUMBERED = re.compile("[一二三四五六七八九十][、)）]")
_HEADING = re.compile(
    r"(?:^|[\s。；！：])(?:[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十]{1,2}[）)])[^，。；！？：,;!?:\s]{3,60}$"
)


@dataclass(frozen=True, slots=True)
class CleanText:
    """A normalized text and, for each of its characters, where it stands in the raw text.

    ``starts`` and ``ends`` hold one raw offset a clean character; both are ``None`` where the two
    texts have the same length and places.
    """

    raw: str
    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw offsets of the clean span ``start:end`` (not empty).

        Examples
        --------
        >>> clean = normalize("海珠區(qū)民政局")
        >>> clean.text, clean.to_raw(2, 4)
        ('海珠区民政局', (2, 8))
        """
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def from_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the clean offsets of what the raw span ``start:end`` holds (may be empty)."""
        if self.starts is None or self.ends is None:
            return start, end
        low = bisect_right(self.ends, start)
        return low, max(low, bisect_left(self.starts, end))


def normalize(raw: str) -> CleanText:
    """Return the text that the rules read, with the map back to the raw offsets.

    Parameters
    ----------
    raw : str
        The text as it was received.

    Examples
    --------
    >>> normalize("現(xiàn)答復(fù)如下:新增學(xué)位１２００個").text
    '现答复如下：新增学位1200个'
    >>> normalize("《考核辦法(試行)》（含5个社区）").text
    '《考核办法（试行）》（含5个社区）'
    """
    draft = _Draft(well_formed(raw))
    draft.sub(_NOISE, _undo_noise)
    draft.sub(_BLANK, _undo_blank)
    draft.sub(_soft_breaks(draft.text), lambda m: "")
    text = draft.text.translate(_HALF_WIDTH) if _WIDE_CHARACTER.search(draft.text) else draft.text
    text = simplify(_WRONG_WIDTH.sub(lambda m: _MARKS[m.group()], _LETTER_O.sub("〇", text)))
    return CleanText(raw, text, *draft.maps())


def well_formed(text: str) -> str:
    """Return the text with each lone surrogate replaced by U+FFFD, one to one."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def simplify(text: str) -> str:
    """Return the text in simplified characters, one for one (OpenCC ``t2s``)."""
    simple = _opencc()(text)
    if len(simple) == len(text):
        return simple
    return "".join(s if len(s := _opencc()(c)) == 1 else c for c in text)


@cache
def _opencc() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


class _Draft:
    """A text under repair: each substitution keeps the map to the raw offsets."""

    def __init__(self, raw: str) -> None:
        self.text = raw
        self._starts: list[int] | None = None
        self._ends: list[int] = []

    def sub(self, pattern: re.Pattern[str] | None, replace: Callable[[re.Match[str]], str]) -> None:
        """Put ``replace(match)`` (no longer than the match) for each match of the pattern."""
        edits = [
            (m.start(), m.end(), new)
            for m in (pattern.finditer(self.text) if pattern else ())
            if (new := replace(m)) != m.group()
        ]
        if not edits:
            return
        if self._starts is None:
            self._starts = list(range(len(self.text)))
            self._ends = list(range(1, len(self.text) + 1))
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for start, end, new in edits:
            pieces += self.text[done:start], new
            starts += self._starts[done:start]
            ends += self._ends[done:start]
            if new:
                starts += self._starts[start : start + len(new)]
                ends += self._ends[start : start + len(new) - 1] + [self._ends[end - 1]]
            elif ends and (self.text[start] in "(（" or self.text[end - 1] in ")）"):
                ends[-1] = self._ends[end - 1]  # pinyin belongs to its character
            done = end
        self.text = "".join([*pieces, self.text[done:]])
        self._starts = starts + self._starts[done:]
        self._ends = ends + self._ends[done:]

    def maps(self) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
        if self._starts is None:
            return None, None
        return tuple(self._starts), tuple(self._ends)


def _undo_noise(match: re.Match[str]) -> str:
    if match["entity"]:
        decoded = html.unescape(match["entity"])
        return decoded if len(decoded) == 1 else match["entity"]
    return "\n" if match["line"] else ""


def _undo_blank(match: re.Match[str]) -> str:
    """A break stays a break, a wide gap is one, a space stays only between letters and digits."""
    blank, text, (start, end) = match.group(), match.string, match.span()
    if "\n" in blank:
        return "\n"
    wide = len(blank) > 1 and _PARAGRAPH_GAP.search(blank)
    if start > 0 and end < len(text) and (wide or _ends_heading(text, start)):
        return "\n"
    around = text[start - 1 : start] + text[end : end + 1]
    return " " if len(around) == 2 and around.isascii() and around.isalnum() else ""


def _ends_heading(text: str, end: int) -> bool:
    """Whether a numbered heading without a mark in it ends here: 一、道路问题 经核实…"""
    before = text[max(0, end - 70) : end]
    return _NUMBERED.search(before) is not None and _HEADING.search(before) is not None


def _soft_breaks(text: str) -> re.Pattern[str] | None:
    """Return a pattern of the line breaks that stand inside a sentence.

    A break after a comma is one. So is a break after a full line of a text that was wrapped at a
    fixed width: at least three lines that end in a Chinese character within two of the longest.
    """
    lines = text.split("\n")
    if len(lines) < 2:
        return None
    width = max(len(line) for line in lines)
    full = [n for n in map(len, lines) if n >= width - 2]
    wrapped = 20 <= width <= 60 and len(full) >= 3
    tail = rf"(?<=[^\n]{{{width - 2}}})(?<=[{HAN}\d])" if wrapped else "(?!)"
    return re.compile(rf"(?:(?<=[，、,])|{tail})\n(?!{_ENUMERATOR.pattern})")
