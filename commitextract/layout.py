"""Layout: how a reply is built, from the document down to the clause.

`read_layout` cuts a normalized text into parts (the answers of a transcript, the replies of a text
that holds several), lines, items, sentences and clauses. A clause is what stands between
``，。；！？：`` and line breaks; normalization has turned the marks between two digits into half-width ones, which
divide nothing. Every clause knows its sentence, item, section and part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

PartKind = Literal["answer", "question", "speech", "front"]
DocType = Literal["letter", "inquiry", "message"]

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_ENUMERATOR = re.compile(
    rf"(?=[\s（(0-9一二三四五六七八九十①-⑳⑴-⒇第其])\s{{0,9}}(?:[（(]?(?:{_NUMERAL}|[0-9]{{1,2}})[）)][、.，]?|(?:{_NUMERAL}|[0-9]{{1,2}})[、．]"
    rf"|[0-9]{{1,2}}[.．](?:(?=20[0-9]{{2}}年)|(?![0-9]))|[①-⑳⑴-⒇]|(?:第{_NUMERAL}|其{_NUMERAL})(?=[，、：]|是)[，、：是]?"
    rf"|{_NUMERAL}(?:是|要|则)(?!否|不是)|{_NUMERAL}来(?=[，是]))\s{{0,9}}"
)
_ORDER_WORD = re.compile(r"(?:首先|其次|再次|最后|再者|此外|另外|一方面|另一方面|与此同时|同时)$")
_SECTION = re.compile(rf"第?{_NUMERAL}[、.．]")
_TURN = re.compile(
    r"(?P<asker>询问人|提问人|发问人)：|(?P<speaker>应询人|答询人|回答人)：|(?P<question>追问|问|询问|提问)：|(?P<answer>答|回答|答复)："
)
_SUPERVISOR = re.compile(r"(?:人大|政协|主席团).{0,40}(?:讲话|总结|强调|指出|点评)")
_SIGNED = re.compile(
    r"(?:(?:20[0-9]{2}|二[〇零○].{2})年.{1,3}月.{1,3}[日号]|20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2})$"
)
_LONGEST_DATE = 20
_NO_WORD = re.compile(r"\W+")
_END = "。！？；"
_SENTENCE = re.compile(rf"[^{_END}]+[{_END}”’）]*")
_CLAUSE = re.compile(r"[^，。；！？：\n]+")
_TITLE_LENGTH = 40
_SHORTEST_REPLY = 60
HEADING_LENGTH = 20
"""The first sentence of an item is a heading up to this many characters (guidelines, 1.5)."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text with one speaker; ``speaker`` is the line that names them."""

    start: int
    end: int
    kind: PartKind
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause and where it stands; ``start`` is behind an enumerator (``一是``)."""

    start: int
    end: int
    mark: str
    part: int
    section: str | None
    item: int
    sentence: int
    enumerator: str
    title: bool
    opens_item: bool
    item_goes_on: bool
    sentence_length: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The structure of one text."""

    text: str
    doc_type: DocType
    parts: tuple[Part, ...]
    clauses: tuple[Clause, ...]


def read_layout(text: str) -> Layout:
    """Return the layout of a normalized text.

    Examples
    --------
    >>> layout = read_layout("一、工作情况\\n我局已建成站点36个，预计10月完工。")
    >>> [(layout.text[c.start : c.end], c.title) for c in layout.clauses]
    [('工作情况', True), ('我局已建成站点36个', False), ('预计10月完工', False)]
    """
    doc_type = _doc_type(text)
    parts = tuple(_turns(text) if doc_type == "inquiry" else _replies(text))
    clauses: list[Clause] = []
    for number, part in enumerate(parts):
        clauses += _clauses(text, part, number, len(clauses))
    return Layout(text, doc_type, parts, tuple(clauses))


def _doc_type(text: str) -> DocType:
    if len(re.findall(r"(?:^|\n)\s{0,9}(?:追?问|答|应询人)：", text)) >= 2:
        return "inquiry"
    head = text[:200]
    if re.search(r"(?:建议|提案|议案)[^\n]{0,40}(?:答复|复函|回复)|[^，。]{1,10}(?:代表|委员)：", head):
        return "letter"
    return "message"


def _turns(text: str) -> Iterator[Part]:
    """Yield the turns of a transcript: what stands before the first is front matter or speeches."""
    kind: PartKind = "front"
    speaker: str | None = None
    start = 0
    for line in re.finditer(r"[^\n]+\n?", text):
        m = _TURN.match(line.group())
        new_kind, new_speaker = kind, speaker
        if m is None:
            if speaker is not None or kind == "question" or not _is_title(line.group()):
                continue
            new_kind = "speech" if _SUPERVISOR.search(line.group()) else "answer" if start else kind
        elif m["asker"]:
            new_kind, new_speaker = "question", None
        elif m["speaker"]:
            new_kind, new_speaker = "question", line.group()[m.end() :].strip()
        else:
            new_kind = "answer" if m["answer"] else "question"
        if line.start() > start:
            yield Part(start, line.start(), kind, speaker)
        start, kind, speaker = line.start(), new_kind, new_speaker
    if start < len(text):
        yield Part(start, len(text), kind, speaker)


def _is_title(line: str) -> bool:
    line = line.strip()
    return 0 < len(line) <= _TITLE_LENGTH and line[-1] not in "。！？；：，、"


def _is_signed(line: str) -> bool:
    """Whether a line ends in a date, as a signature does."""
    return bool(_SIGNED.search(line.rstrip()[-_LONGEST_DATE:]))


def _replies(text: str) -> Iterator[Part]:
    """Yield the replies of a text; one ends with its signature, where more than a line follows."""
    start, ended = 0, False
    for line in re.finditer(r"[^\n]+", text):
        ended = ended or any(mark in line.group() for mark in _END)
        long = min(len(text) - line.end(), line.end() - start) > _SHORTEST_REPLY
        if ended and long and _is_signed(line.group()):
            yield Part(start, line.end(), "answer")
            start, ended = line.end(), False
    yield Part(start, len(text), "answer")


def _clauses(text: str, part: Part, number: int, sentence: int) -> Iterator[Clause]:
    section: str | None = None
    item = sentence
    for line in re.finditer(r"[^\n]+", text[part.start : part.end]):
        offset = part.start + line.start()
        title = _is_title(line.group()) and not _is_signed(line.group())
        numbered = _SECTION.match(line.group().lstrip())
        if title and (numbered or line.start()):
            section = _named(line.group()).strip()
        sentences = list(_SENTENCE.finditer(line.group()))
        starts = [bool(_ENUMERATOR.match(s.group())) or bool(_ORDER_WORD.match(_first(s.group()))) for s in sentences]
        for k, s in enumerate(sentences):
            opens = k == 0 or starts[k]
            sentence += 1
            if opens:
                item += 1
            goes_on = k + 1 < len(sentences) and not starts[k + 1]
            length = len(_NO_WORD.sub("", _named(s.group())))
            if not title and starts[k] and _SECTION.match(s.group().lstrip()) and length <= _TITLE_LENGTH and goes_on:
                section = _named(s.group()).strip(_END)
            yield from _sentence(
                s.group(), offset + s.start(), number, section, item, sentence, title, opens, goes_on, length
            )


def _named(text: str) -> str:
    """Return a line or sentence without the enumerator that opens it."""
    m = _ENUMERATOR.match(text)
    return text[m.end() :] if m else text


def _first(sentence: str) -> str:
    m = _CLAUSE.search(sentence)
    return m.group().strip() if m else ""


def _sentence(
    sentence: str,
    offset: int,
    part: int,
    section: str | None,
    item: int,
    number: int,
    title: bool,
    opens: bool,
    goes_on: bool,
    length: int,
) -> Iterator[Clause]:
    for m in _CLAUSE.finditer(sentence):
        enumerator = _ENUMERATOR.match(sentence, *m.span())
        start = enumerator.end() if enumerator else m.start()
        end = m.start() + len(m.group().rstrip())
        start = max(start, end - len(sentence[start:end].lstrip(" ”’）、.．")))
        if start < end:
            yield Clause(
                offset + start, offset + end, sentence[m.end() : m.end() + 1], part, section, item,
                number, enumerator.group().strip() if enumerator else "", title, opens, goes_on, length,
            )  # fmt: skip
