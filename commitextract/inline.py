"""The inline notation: annotations as tags around spans, for people to write and review in an editor.

``拟于<D edtf="../2021-12-31">年底前</D>新建<Q value=36 unit=个>36个</Q>站点`` is a text with two spans. A tag has a
name and attributes (quoted where they hold a space or one of ``<>"``); tags may nest but not cross. ``<``, ``>`` and ``&`` of
the text itself are written ``&lt;``, ``&gt;`` and ``&amp;``. Stripping the tags gives back the text exactly.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_MARK = re.compile(
    r"<(?P<close>/)?(?P<name>[A-Z]+)(?P<attributes>(?:\s+[a-z]+=(?:\"[^\"]*\"|[^\s\"<>]+))*)\s*>|(?P<text>[^<]+)|(?P<stray><)"
)
_ATTRIBUTE = re.compile(r"([a-z]+)=(?:\"([^\"]*)\"|([^\s\"<>]+))")
_PLAIN = re.compile(r"[^\s\"<>]+")


class InlineError(ValueError):
    """Tags that do not fit together; the message tells where."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tagged span of the plain text: ``text[start:end]``."""

    name: str
    start: int
    end: int
    attributes: Mapping[str, str] = field(default_factory=dict)


def parse(marked: str) -> tuple[str, list[Tag]]:
    """Return the plain text and its tags, ordered by start, outer before inner.

    Raises
    ------
    InlineError
        For a ``<`` that opens no tag, a tag that is not closed or closes another than the last opened.

    Examples
    --------
    >>> parse('拟于<D edtf=2021-12>年底</D>')
    ('拟于年底', [Tag(name='D', start=2, end=4, attributes={'edtf': '2021-12'})])
    """
    text, tags, opened = "", [], []
    for m in _MARK.finditer(marked):
        if m["text"]:
            text += html.unescape(m["text"])
        elif m["stray"]:
            raise InlineError(
                f"the '<' at {m.start()} opens no tag ({marked[m.start() : m.start() + 20]!r}); write &lt;"
            )
        elif not m["close"]:
            attributes = {k: html.unescape(q or p) for k, q, p in _ATTRIBUTE.findall(m["attributes"])}
            opened.append((m["name"], len(text), attributes))
        elif not opened or opened[-1][0] != m["name"]:
            expected = f"</{opened[-1][0]}>" if opened else "no closing tag"
            raise InlineError(f"</{m['name']}> at {m.start()}, where {expected} is expected")
        else:
            name, start, attributes = opened.pop()
            tags.append(Tag(name, start, len(text), attributes))
    if opened:
        raise InlineError(f"<{opened[-1][0]}> is not closed")
    return text, sorted(tags, key=lambda t: (t.start, -t.end))


def render(text: str, tags: Iterable[Tag]) -> str:
    """Return the text with its tags (`parse` undoes it).

    Raises
    ------
    InlineError
        If two tags cross.

    Examples
    --------
    >>> render("拟于年底", [Tag("D", 2, 4, {"edtf": "2021-12"})])
    '拟于<D edtf=2021-12>年底</D>'
    """
    ordered = sorted(tags, key=lambda t: (t.start, -t.end))
    return "".join(_render(text, 0, len(text), ordered))


def _render(text: str, start: int, end: int, tags: list[Tag]) -> Iterator[str]:
    at = start
    while tags and tags[0].start < end:
        tag = tags.pop(0)
        if tag.end > end:
            raise InlineError(f"<{tag.name}> {tag.start}..{tag.end} crosses the end of another tag at {end}")
        yield html.escape(text[at : tag.start], quote=False)
        yield f"<{tag.name}{''.join(_attribute(k, v) for k, v in tag.attributes.items())}>"
        yield from _render(text, tag.start, tag.end, tags)
        yield f"</{tag.name}>"
        at = tag.end
    yield html.escape(text[at:end], quote=False)


def _attribute(name: str, value: str) -> str:
    value = html.escape(value, quote=True).replace("&#x27;", "'")
    return f" {name}={value}" if _PLAIN.fullmatch(value) else f' {name}="{value}"'
