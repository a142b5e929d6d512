"""Annotated replies to the formats of annotation tools and back, without losing a span, attribute or link.

Every format goes through one plain form, a `commitextract.sheet.Sheet`.
``label-studio`` (JSON tasks with per-region controls), ``doccano`` (JSON Lines with relations), ``brat`` (``.txt`` and
``.ann`` beside each other), ``spacy`` (a `DocBin`, one token a character) and ``inline`` (tags in the text).

Tools count characters in their own ways: a span whose text is not what the tool recorded, or statements that no longer stand
on clause edges in a text with line ends of two characters or characters outside the basic plane, are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from commitextract import inline
from commitextract.schema import LABELS, Reply
from commitextract.sheet import (
    AGENCY,
    DEADLINE,
    QUANTITY,
    ConvertError,
    Mark,
    Sheet,
    checked_span,
    from_sheet,
    to_sheet,
)

# --- Label Studio: one JSON list of tasks ---------------------------------------------------------------------------

LABEL_STUDIO_CONFIG = """<View>
  <Labels name="label" toName="text">
    <Label value="COMMITMENT" background="#2f6fd0"/><Label value="ACHIEVEMENT" background="#2e8b57"/>
    <Label value="REFUSAL" background="#c0392b"/><Label value="QUANTITY" background="#a86b00"/>
    <Label value="DEADLINE" background="#7a2fa8"/><Label value="AGENCY" background="#5a6472"/>
  </Labels>
  <Text name="text" value="$text" granularity="symbol"/>
  <Relations><Relation value="deadline"/><Relation value="quantity"/><Relation value="lead"/><Relation value="support"/></Relations>
  <Choices name="stage" toName="text" perRegion="true" whenTagName="label" whenLabelValue="COMMITMENT">
    <Choice value="planned"/><Choice value="underway"/>
  </Choices>
  <Choices name="strength" toName="text" perRegion="true" whenTagName="label" whenLabelValue="COMMITMENT">
    <Choice value="firm"/><Choice value="hedged"/>
  </Choices>
  <TextArea name="attributes" toName="text" perRegion="true" editable="true"/>
</View>
"""


def to_label_studio(replies: Iterable[Reply], *, predictions: bool = False) -> str:
    """Return a JSON file of tasks; `predictions` offers the spans for correction instead of as annotations."""
    tasks = [_task(to_sheet(r), predictions) for r in replies]
    return json.dumps(tasks, ensure_ascii=False, indent=1)


def _task(sheet: Sheet, predictions: bool) -> dict[str, Any]:
    result: list[dict[str, Any]] = []
    for m in sheet.marks:
        value = {"start": m.start, "end": m.end, "text": sheet.text[m.start : m.end]}
        common = {"id": m.name, "to_name": "text"}
        result.append({**common, "from_name": "label", "type": "labels", "value": {**value, "labels": [m.label]}})
        rest = dict(m.attributes)
        for name in ("stage", "strength"):
            if name in rest:
                choice = {**value, "choices": [rest.pop(name)]}
                result.append({**common, "from_name": name, "type": "choices", "value": choice})
        if rest:
            words = [json.dumps(rest, ensure_ascii=False)]
            result.append({**common, "from_name": "attributes", "type": "textarea", "value": {**value, "text": words}})
    result += [
        {"type": "relation", "from_id": a, "to_id": b, "direction": "right", "labels": [kind]}
        for a, b, kind in sheet.links
    ]
    task: dict[str, Any] = {"data": {"id": sheet.id, "text": sheet.text, "meta": sheet.meta}}
    if predictions:
        return {**task, "predictions": [{"model_version": "commitextract", "result": result}]}
    return {**task, "annotations": [{"result": result}]}


def from_label_studio(content: str) -> Iterator[Reply]:
    """Yield the replies of a JSON export (the full JSON, not JSON-MIN); the last annotation of a task counts.

    A task that was skipped is left out, one that nobody has submitted is refused: it is no reply without statements.
    """
    for task in json.loads(content):
        data, annotations = task["data"], task.get("annotations", ())
        done = [a for a in annotations if not a.get("was_cancelled")]
        if not annotations:
            raise ConvertError(
                f"{data.get('id')}: the task holds no annotation; submit it in Label Studio first, or export annotated "
                "tasks only"
            )
        if done:
            yield from_sheet(_from_result(data, done[-1]["result"]))


def _from_result(data: Mapping[str, Any], result: Iterable[Mapping[str, Any]]) -> Sheet:
    sheet = Sheet(data.get("id"), data["text"], dict(data.get("meta") or {}), [], [])
    marks: dict[str, Mark] = {}
    for item in result:
        if item["type"] == "relation":
            sheet.links.append((item["from_id"], item["to_id"], (item.get("labels") or [""])[0]))
        elif item["type"] == "labels":
            value = item["value"]
            span = checked_span(sheet.id, sheet.text, value["start"], value["end"], value.get("text"))
            marks[item["id"]] = Mark(item["id"], value["labels"][0], *span)
    for item in result:
        if item["type"] == "choices":
            marks[item["id"]].attributes[item["from_name"]] = item["value"]["choices"][0]
        elif item["type"] == "textarea":
            marks[item["id"]].attributes |= _attributes(sheet.id, "".join(item["value"]["text"]))
    sheet.marks = list(marks.values())
    return sheet


def _attributes(sheet_id: Any, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ConvertError(f"{sheet_id}: the attributes {text!r} are no JSON object")
    return found


# --- doccano: JSON Lines of sequence labelling with relations --------------------------------------------------------


def to_doccano(replies: Iterable[Reply]) -> str:
    """Return JSON Lines. Stage and strength are part of a label (``COMMITMENT planned firm``), so that they can be
    corrected; a span's other attributes stand in the column ``spans``, found again by label and offsets.
    """
    lines = []
    for sheet in map(to_sheet, replies):
        number = {m.name: n for n, m in enumerate(sheet.marks)}
        lines.append(
            {
                "text": sheet.text,
                "entities": [
                    {"id": n, "label": _doccano_label(m), "start_offset": m.start, "end_offset": m.end}
                    for n, m in enumerate(sheet.marks)
                ],
                "relations": [
                    {"id": n, "from_id": number[a], "to_id": number[b], "type": kind}
                    for n, (a, b, kind) in enumerate(sheet.links)
                ],
                "reply": sheet.id,
                "meta": sheet.meta,
                "spans": {f"{m.label} {m.start} {m.end} {m.name}": m.attributes for m in sheet.marks},
            }
        )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _doccano_label(mark: Mark) -> str:
    return " ".join([mark.label, *(mark.attributes[a] for a in ("stage", "strength") if a in mark.attributes)])


def from_doccano(content: str) -> Iterator[Reply]:
    """Yield the replies of a JSON Lines export; entities may have been renumbered."""
    for line in filter(str.strip, content.split("\n")):
        data = json.loads(line)
        known: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for key, attributes in data.get("spans", {}).items():
            place, _, name = key.rpartition(" ")
            known.setdefault(place, []).append((name, attributes))
        sheet = Sheet(data.get("reply"), data["text"], dict(data.get("meta") or {}), [], [])
        names = {}
        for e in data["entities"]:
            start, end = checked_span(sheet.id, sheet.text, e["start_offset"], e["end_offset"], None)
            label, *rest = e["label"].split(" ")
            place = f"{label} {start} {end}"
            name, attributes = known[place].pop(0) if known.get(place) else (f"n{e['id']}", {})
            attributes |= dict(zip(("stage", "strength"), rest, strict=False))
            names[e["id"]] = name
            sheet.marks.append(Mark(name, label, start, end, attributes))
        sheet.links = [(names[r["from_id"]], names[r["to_id"]], r["type"]) for r in data.get("relations", ())]
        yield from_sheet(sheet)


# --- brat: NAME.txt and NAME.ann ---------------------------------------------------------------------------------------


def to_brat(sheet: Sheet) -> str:
    """Return the ``.ann`` file of a sheet; its ``.txt`` is the text. Attributes are notes, so that any value fits."""
    lines = []
    number = {m.name: f"T{n}" for n, m in enumerate(sheet.marks, 1)}
    for m in sheet.marks:
        quoted = sheet.text[m.start : m.end]
        pieces = [(m.start + p.start(), m.start + p.end()) for p in re.finditer(r"[^\n]+", quoted)]
        places = ";".join(f"{a} {b}" for a, b in pieces)
        words = " ".join(sheet.text[a:b] for a, b in pieces)
        lines.append(f"{number[m.name]}\t{m.label} {places}\t{words}")
        lines.append(
            f"#{number[m.name][1:]}\tAnnotatorNotes {number[m.name]}\t{json.dumps([m.name, m.attributes], ensure_ascii=False)}"
        )
    for n, (a, b, kind) in enumerate(sheet.links, 1):
        lines.append(f"R{n}\t{kind} Arg1:{number[a]} Arg2:{number[b]}")
    head = json.dumps({"id": sheet.id, "meta": sheet.meta}, ensure_ascii=False)
    return "\n".join([f"#0\tAnnotatorNotes T0\t{head}", *lines]) + "\n"


def from_brat(text: str, annotations: str, name: str) -> Reply:
    """Return the reply of a ``.txt`` and its ``.ann``."""
    sheet = Sheet(name, text, {}, [], [])
    marks: dict[str, Mark] = {}
    notes: dict[str, Any] = {}
    links = []
    for line in filter(None, annotations.split("\n")):
        key, _, rest = line.partition("\t")
        body, _, words = rest.partition("\t")
        if key[0] == "T":
            label, _, places = body.partition(" ")
            pieces = [tuple(map(int, p.split())) for p in places.split(";")]
            for a, b in pieces:
                checked_span(name, text, a, b, None)
            if " ".join(text[a:b] for a, b in pieces) != words:
                checked_span(name, text, pieces[0][0], pieces[-1][1], words)
            marks[key] = Mark(key, label, pieces[0][0], pieces[-1][1])
        elif key[0] == "R":
            kind, source, target = body.split(" ")
            links.append((source.partition(":")[2], target.partition(":")[2], kind))
        elif key[0] == "#":
            notes[body.split(" ")[1]] = json.loads(words)
    if "T0" in notes:
        head = notes.pop("T0")
        sheet.id, sheet.meta = head["id"], head["meta"]
    for key, (old, attributes) in notes.items():
        if key in marks:
            marks[key].name, marks[key].attributes = old, attributes
    sheet.marks = list(marks.values())
    sheet.links = [(marks[a].name, marks[b].name, kind) for a, b, kind in links]
    return from_sheet(sheet)


# --- spaCy: a DocBin, one token a character -----------------------------------------------------------------------------


def to_docbin(replies: Iterable[Reply]) -> bytes:
    """Return a `spacy.tokens.DocBin`: the spans in ``doc.spans["commitextract"]``, the rest in ``doc.user_data``."""
    import spacy
    from spacy.tokens import Doc, DocBin, Span

    vocab = spacy.blank("zh").vocab
    store = DocBin(store_user_data=True)
    for sheet in map(to_sheet, replies):
        doc = Doc(vocab, words=list(sheet.text), spaces=[False] * len(sheet.text))
        doc.spans["commitextract"] = [Span(doc, m.start, m.end, label=m.label, span_id=m.name) for m in sheet.marks]
        rest = {
            "id": sheet.id,
            "meta": sheet.meta,
            "links": sheet.links,
            "attributes": {m.name: m.attributes for m in sheet.marks},
        }
        doc.user_data["commitextract"] = json.dumps(rest, ensure_ascii=False)
        store.add(doc)
    return store.to_bytes()


def from_docbin(content: bytes) -> Iterator[Reply]:
    """Yield the replies of a DocBin that `to_docbin` wrote."""
    import spacy
    from spacy.tokens import DocBin

    for doc in DocBin().from_bytes(content).get_docs(spacy.blank("zh").vocab):
        rest = json.loads(doc.user_data["commitextract"])
        marks = [
            Mark(s.id_, s.label_, s.start_char, s.end_char, rest["attributes"].get(s.id_, {}))
            for s in doc.spans["commitextract"]
        ]
        yield from_sheet(Sheet(rest["id"], doc.text, rest["meta"], marks, [tuple(link) for link in rest["links"]]))


# --- inline: tags in the text, a reply after the other ------------------------------------------------------------------

_RULE = "=" * 20
_SHORT = {QUANTITY: "Q", DEADLINE: "D", AGENCY: "A"}
_LONG = {short: label for label, short in _SHORT.items()}


def to_inline(replies: Iterable[Reply]) -> str:
    """Return the replies in the inline notation, each under a line of its id, date and respondent."""
    return "".join(_inline(to_sheet(reply)) for reply in replies)


def _inline(sheet: Sheet) -> str:
    targets: dict[str, list[str]] = {}
    for source, target, kind in sheet.links:
        targets.setdefault(target, []).append(f"{source}:{kind}")
    tags = []
    for m in sheet.marks:
        attributes = {"id": m.name} if m.label in LABELS else {}
        attributes |= {
            k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in m.attributes.items()
        }
        if m.name in targets:
            attributes["in"] = " ".join(targets[m.name])
        tags.append(inline.Tag(_SHORT.get(m.label, m.label), m.start, m.end, attributes))
    head = json.dumps({"id": sheet.id, **sheet.meta}, ensure_ascii=False)
    return f"{_RULE} {head}\n{inline.render(sheet.text, tags)}\n"


def from_inline(content: str) -> Iterator[Reply]:
    """Yield the replies of a file in the inline notation."""
    for block in re.split(rf"(?m)^{_RULE} ", content)[1:]:
        head, _, marked = block.partition("\n")
        meta = _attributes("the line of a reply", head)
        try:
            text, tags = inline.parse(marked.removesuffix("\n"))
        except inline.InlineError as error:
            raise ConvertError(f"{meta.get('id')}: {error}") from None
        sheet = Sheet(meta.pop("id", None), text, meta, [], [])
        for n, tag in enumerate(tags, 1):
            attributes = dict(tag.attributes)
            name = attributes.pop("id", f"t{n}")
            for link in attributes.pop("in", "").split():
                source, _, kind = link.partition(":")
                sheet.links.append((source, name, kind))
            label = _LONG.get(tag.name, tag.name)
            sheet.marks.append(Mark(name, label, tag.start, tag.end, {k: _plain(k, v) for k, v in attributes.items()}))
        yield from_sheet(sheet)


_WORDS = ("stage", "strength", "section", "heading", "normalized", "unit", "of", "modifier", "change", "edtf", "name")


def _plain(name: str, value: str) -> Any:
    if name in _WORDS:
        return None if value == "null" else value
    try:
        return json.loads(value)
    except ValueError:  # a ratio: 1:1.4
        return value


# --- files --------------------------------------------------------------------------------------------------------------

FORMATS = ("jsonl", "label-studio", "doccano", "brat", "spacy", "inline")


def detect(path: Path) -> str:
    """Return which of ``FORMATS`` a file or folder of annotated replies is in, by how it begins."""
    if path.is_dir():
        return "brat"
    with path.open("rb") as file:
        start = file.readline().lstrip()
    if start.startswith(b"["):
        return "label-studio"
    if start.startswith(_RULE.encode()):
        return "inline"
    if start.startswith(b"x"):  # a DocBin is compressed by zlib
        return "spacy"
    try:
        keys = set(json.loads(start)) if start.startswith(b"{") else set()
    except ValueError:
        keys = set()
    return "doccano" if "entities" in keys else "jsonl"


def read(path: Path, form: str | None = None) -> list[Reply]:
    """Return the replies of a file (for brat: a folder) in one of ``FORMATS``, or in the one that `detect` sees."""
    from commitextract.datasets import read_replies

    form = form or detect(path)
    if form == "jsonl":
        return read_replies(path)
    if form == "brat":
        return [from_brat(_exact(p), _exact(p.with_suffix(".ann")), p.stem) for p in sorted(path.glob("*.txt"))]
    if form == "spacy":
        return list(from_docbin(path.read_bytes()))
    readers: dict[str, Callable[[str], Iterator[Reply]]] = {
        "label-studio": from_label_studio,
        "doccano": from_doccano,
        "inline": from_inline,
    }
    try:
        return list(readers[form](_exact(path)))
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ConvertError(f"{path} is no {form} file ({type(error).__name__}: {error})") from None


def _exact(path: Path) -> str:
    """Read a text without touching its line ends."""
    return path.read_bytes().decode("utf-8")


def write(replies: Iterable[Reply], path: Path, form: str, *, predictions: bool = False) -> None:
    """Write replies in one of ``FORMATS``; brat makes a folder, Label Studio also its labelling configuration."""
    from commitextract.datasets import write_replies

    if form == "jsonl":
        write_replies(replies, path)
    elif form == "brat":
        path.mkdir(parents=True, exist_ok=True)
        for n, sheet in enumerate(map(to_sheet, replies), 1):
            name = re.sub(r"[^\w.-]", "_", sheet.id or f"reply-{n}")
            name = f"{name}-{n}" if (path / f"{name}.txt").exists() else name
            (path / f"{name}.txt").write_bytes(sheet.text.encode())
            (path / f"{name}.ann").write_bytes(to_brat(sheet).encode())
    elif form == "spacy":
        path.write_bytes(to_docbin(replies))
    elif form == "label-studio":
        path.write_bytes(to_label_studio(replies, predictions=predictions).encode())
        path.with_suffix(".config.xml").write_text(LABEL_STUDIO_CONFIG, "utf-8")
    else:
        path.write_bytes((to_doccano if form == "doccano" else to_inline)(replies).encode())
