"""Annotated replies as JSON Lines: read, write, check, and join stand-off files with their texts.

A line is one `Reply.to_dict()`. A **stand-off** line holds no text of the document: offsets, labels and
the text's SHA-256; `read_replies` joins it with its texts from a file or a folder.
`check` tells which rule of the guidelines a reply breaks, naming the document and the span.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from commitextract import edtf
from commitextract.layout import read_layout
from commitextract.normalization import normalize
from commitextract.readers import read_records
from commitextract.schema import Reply, SchemaError, Statement, sha256


def read_replies(
    path: str | Path, texts: str | Path | Mapping[str, str] | None = None, *, skip_missing: bool = False
) -> list[Reply]:
    """Return the replies of a JSON Lines file.

    Parameters
    ----------
    path : str or Path
        The file.
    texts : str, Path or mapping, optional
        For stand-off files: the texts by id; or a JSON Lines or CSV file with ``id`` and ``text``, a document
        named after its id, or a folder of such files.
    skip_missing : bool
        Leave replies out whose text is not there; `missing_texts` names them.

    Raises
    ------
    SchemaError
        If a line is not of the schema, a text is missing or another than the annotated one; the message
        names the line.
    """
    by_id = read_texts(texts)
    replies = []
    for number, line in enumerate(Path(path).read_bytes().decode().split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            if skip_missing and _lacks_text(data, by_id):
                continue
            replies.append(Reply.from_dict(data, by_id.get(str(data.get("id")))))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise SchemaError(f"{path}, line {number}: {error}") from None
    return replies


def read_texts(source: str | Path | Mapping[str, str] | None, field: str = "text") -> Mapping[str, str]:
    """Return texts (or another field that the records have, such as ``place``) by id, from what `read_replies` accepts."""
    if source is None or isinstance(source, Mapping):
        return source or {}
    path = Path(source)
    files = sorted(f for f in path.iterdir() if f.is_file()) if path.is_dir() else [path]
    return {str(r.get("id")): r[field] for file in files for r in read_records(file) if field in r}


def missing_texts(path: str | Path, texts: str | Path | Mapping[str, str]) -> list[str]:
    """Return the ids of the stand-off replies of a file whose texts are not there."""
    by_id = read_texts(texts)
    lines = (json.loads(line) for line in Path(path).read_bytes().decode().split("\n") if line.strip())
    return [str(data["id"]) for data in lines if _lacks_text(data, by_id)]


def read_hashes(path: str | Path) -> Iterator[str]:
    """Yield the SHA-256 of the text of each annotated reply of a JSON Lines file; the texts need not be there."""
    for line in Path(path).read_bytes().decode().split("\n"):
        if line.strip():
            data = json.loads(line)
            yield data["sha256"] if "sha256" in data else sha256(data["text"])


def _lacks_text(data: dict[str, Any], by_id: Mapping[str, str]) -> bool:
    return "text" not in data and str(data.get("id")) not in by_id


def write_replies(replies: Iterable[Reply], path: str | Path, *, text: bool = True) -> None:
    """Write replies as JSON Lines; ``text=False`` writes the stand-off form."""
    lines = (json.dumps(r.to_dict(text=text), ensure_ascii=False) for r in replies)
    Path(path).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def check(reply: Reply) -> Iterator[str]:
    """Yield what is wrong with an annotated reply by the guidelines, one message a fault.

    Checked beyond the schema: statements are whole clauses, do not overlap and stand in order; EDTF values
    are of the accepted part; quantities do not overlap; a statement's quantities lie inside it.
    """
    clean = normalize(reply.text)
    clauses = [clean.to_raw(c.start, c.end) for c in read_layout(clean.text).clauses]
    starts, ends = {start for start, _ in clauses}, {end for _, end in clauses}
    before = None
    for s in reply.statements:
        where = f"{reply.id}: {s.label} {s.start}..{s.end} ({s.text[:12]}…)"
        if before and s.start < before.end:
            yield f"{where} overlaps the statement before it, or stands out of order"
        if s.start not in starts:
            yield f"{where} does not begin where a clause begins"
        if s.end not in ends:
            yield f"{where} does not end where a clause ends"
        yield from (f"{where}: {fault}" for fault in _check_links(s))
        before = s
    last = 0
    for q in sorted(reply.quantities, key=lambda q: q.start):
        if q.start < last:
            yield f"{reply.id}: QUANTITY {q.start}..{q.end} ({q.text}) overlaps the one before it"
        last = q.end


def faults(replies: Iterable[Reply]) -> Iterator[tuple[int, str]]:
    """Yield what `check` finds, and texts that were annotated twice in two ways, each with the reply's number from 0."""
    seen: dict[str, Reply] = {}
    for number, reply in enumerate(replies):
        yield from ((number, fault) for fault in check(reply))
        first = seen.setdefault(reply.sha256, reply)
        if _labels(first) != _labels(reply):
            yield number, f"{reply.id}: has the text of {first.id} and other statements; keep one of them"


def _labels(reply: Reply) -> list[tuple[int, int, str, str | None]]:
    return [(s.start, s.end, s.label, s.stage) for s in reply.statements]


def _check_links(s: Statement) -> Iterator[str]:
    for q in s.quantities:
        if not s.start <= q.start < q.end <= s.end:
            yield f"the quantity {q.text!r} lies outside it"
    for d in s.deadlines:
        try:
            expected = edtf.bounds(d.edtf) if d.edtf else (None, None)
        except ValueError as error:
            yield str(error)
            continue
        if (d.earliest, d.latest) != tuple(day and str(day) for day in expected):
            yield f"the deadline {d.text!r} ({d.edtf}) has the bounds {d.earliest}, {d.latest}"
    for a in s.agencies:
        if not a.name or re.search(r"\s", a.name):
            yield f"the agency's name {a.name!r} is empty or holds white space"
