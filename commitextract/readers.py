"""Readers: files to texts. ``.txt`` in any Chinese encoding, ``.html``, ``.docx``, ``.pdf``, ``.jsonl`` and ``.csv``.

The last three formats of documents need ``pip install "commitextract[files]"``.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAX_BYTES = 100_000_000
MAX_UNPACKED = 200_000_000


class ReadError(ValueError):
    """A file that cannot be read; the message names it, what is accepted and the next step."""


def read_records(path: str | Path) -> Iterator[dict[str, Any]]:
    """Yield the replies of a file as records with ``text``, ``id`` and whatever else it tells.

    Parameters
    ----------
    path : str or Path
        A document is one record, named after the file; ``.jsonl`` and ``.csv`` have one a line
        with at least ``text``.

    Raises
    ------
    ReadError
        If the file is missing, empty, too large, of another kind or not what its name says.
    """
    path = Path(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ReadError(
            f"{path}: files of kind {path.suffix or 'without an ending'!r} are not read; accepted: {' '.join(_READERS)}"
        )
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(f"{path}: {size:,} bytes are more than {MAX_BYTES:,}; split the file")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror})") from None
    try:
        found = reader(data)
        for record in [{"text": found}] if isinstance(found, str) else found:
            yield {"id": path.stem, **record} if isinstance(found, str) else record
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from None
    except Exception as error:  # noqa: BLE001  whatever a damaged file does to its parser, the batch goes on
        raise ReadError(f"{path}: cannot be read as {path.suffix} ({type(error).__name__}: {error})") from None


def read_text(path: str | Path) -> str:
    """Return the text of one document.

    Examples
    --------
    >>> read_text(example()).splitlines()[0]
    '关于市十五届人大三次会议第87号建议的答复'
    """
    return str(next(read_records(path))["text"])


def example(name: str = "letter") -> Path:
    """Return the path of a packaged example reply: ``letter``, ``inquiry`` or ``message``."""
    folder = files("commitextract") / "examples"
    names = sorted(Path(str(f)).stem for f in folder.iterdir() if f.name.endswith(".txt"))
    if name not in names:
        raise ReadError(f"there is no example {name!r}; there are {names}")
    return Path(str(folder / f"{name}.txt"))


def decode(data: bytes) -> str:
    """Return the text of bytes: what a byte order mark says, strict UTF-8, else GB 18030 or Big5.

    Examples
    --------
    >>> decode("年底前建成站点".encode("gb18030"))
    '年底前建成站点'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["gb18030", "big5"]).best()
    if best is None:
        raise ReadError(
            "the encoding is neither UTF-8 nor GB 18030 or Big5, and no byte order mark tells; convert it to UTF-8"
        )
    return str(best)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"the byte order mark says {encoding} but {error}; convert it to UTF-8") from None


def _text(data: bytes) -> str:
    text = decode(data)
    if not text.strip():
        raise ReadError("the file holds no text")
    return text


def _html(data: bytes) -> str:
    parser = _need("selectolax.lexbor").LexborHTMLParser(_text(data))
    for node in parser.css("script, style, noscript, nav, header, footer"):
        node.decompose()
    for node in parser.css("br, p, div, li, tr, td, h1, h2, h3, h4, h5, h6, section, article"):
        node.insert_after("\n")
    body = parser.body or parser.root
    lines: Iterator[str] = (line.strip() for line in body.text().split("\n")) if body else iter(())
    return _text("\n".join(line for line in lines if line).encode())


def _docx(data: bytes) -> str:
    """Walk the document's XML: insertions, content controls and tables included."""
    import zipfile
    from xml.etree.ElementTree import ParseError

    ElementTree = _need("defusedxml.ElementTree")
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo("word/document.xml").file_size > MAX_UNPACKED:
                raise ReadError(f"unpacks to more than {MAX_UNPACKED:,} bytes")
            root = ElementTree.fromstring(archive.read("word/document.xml"))
    except (zipfile.BadZipFile, KeyError, ParseError) as error:
        raise ReadError(f"is no Word document ({error}); save it as .docx or .txt") from None
    return _text("\n".join(_paragraphs(root, word)).encode())


def _paragraphs(node: Any, word: str) -> Iterator[str]:
    """Yield the text of each paragraph once: a text box is kept as a second copy for old programs, which is left out."""
    for child in node:
        if child.tag.endswith("}Fallback"):
            continue
        if child.tag == f"{word}p":
            yield "".join(_runs(child, word))
        yield from _paragraphs(child, word)


def _runs(node: Any, word: str) -> Iterator[str]:
    marks = {f"{word}tab": "\t", f"{word}br": "\n"}
    for child in node:
        if child.tag == f"{word}p" or child.tag.endswith("}Fallback"):
            continue
        yield child.text or "" if child.tag == f"{word}t" else marks.get(child.tag, "")
        yield from _runs(child, word)


def _pdf(data: bytes) -> str:
    pypdf = _need("pypdf")
    try:
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    except Exception as error:  # noqa: BLE001  pypdf raises many kinds on damaged files
        raise ReadError(f"is no readable PDF ({error})") from None
    if not "".join(pages).strip():
        raise ReadError("the PDF holds no text, only pictures of it; run a text recognition first")
    return "\n".join(pages)


def _need(module: str) -> Any:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        raise ReadError(
            f'reading this kind needs {module.partition(".")[0]}: pip install "commitextract[files]"'
        ) from None


def _jsonl(data: bytes) -> Iterator[dict[str, Any]]:
    faults = []
    for number, line in enumerate(_text(data).split("\n"), 1):
        try:
            record = json.loads(line) if line.strip() else None
        except ValueError as error:
            faults.append(f"line {number} is no JSON ({error})")
            continue
        if isinstance(record, dict) and "text" in record:
            yield record
        elif record is not None:
            faults.append(f"line {number} is no object with 'text'")
    if faults:
        raise ReadError("; ".join(faults))


def _csv(data: bytes) -> Iterator[dict[str, Any]]:
    rows = csv.DictReader(io.StringIO(_text(data), newline=""))
    if "text" not in (rows.fieldnames or ()):
        raise ReadError(f"has no column 'text'; its columns are {rows.fieldnames}")
    for row in rows:
        yield {key: value or None for key, value in row.items() if key}


_READERS: dict[str, Callable[[bytes], str | Iterator[dict[str, Any]]]] = {
    ".txt": _text,
    ".html": _html,
    ".htm": _html,
    ".docx": _docx,
    ".pdf": _pdf,
    ".jsonl": _jsonl,
    ".csv": _csv,
}
SUFFIXES = tuple(_READERS)
