"""What several tests share: the tables of marked lines, and real documents where a machine has them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from commitextract.inline import Tag, parse

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases"
SHARED = Path(os.environ.get("COMMITEXTRACT_SHARED", ROOT.parent / "shared"))
_DATED = re.compile(r"\[([0-9-]{10})\] ?(.*)")


def cases(name: str) -> list[pytest.param]:
    """Return the lines of a table as (text, tags, date)."""
    rows = []
    for number, line in enumerate((CASES / f"{name}.txt").read_text("utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            dated = _DATED.fullmatch(line)
            text, tags = parse(dated[2] if dated else line)
            rows.append(pytest.param(text, tags, dated[1] if dated else None, id=f"{name}:{number}"))
    return rows


def spans(tags: list[Tag], name: str) -> list[tuple[int, int]]:
    return [(t.start, t.end) for t in tags if t.name == name]


@pytest.fixture(scope="session")
def corpus() -> list[dict[str, str]]:
    """The real replies; they are not part of the project."""
    path = SHARED / "corpus" / "replies.jsonl"
    if not path.exists():
        pytest.skip(f"needs the real replies, which are not part of the project ({path})")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="session")
def seeds() -> dict[str, str]:
    """The two real documents by kind; they are not part of the project."""
    folder = SHARED / "seeds"
    if not folder.exists():
        pytest.skip(f"needs the real documents, which are not part of the project ({folder})")
    texts = [p.read_text("utf-8") for p in sorted(folder.glob("*.txt"))]
    return {"inquiry": texts[0], "letter": texts[1]}
