"""What several tests share: the tables of marked lines, and real documents where a machine has them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

import commitextract as ce
from commitextract.evaluation import Evaluation
from commitextract.inline import Tag, parse
from commitextract.schema import Reply, Statement

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


HOSTILE = "</script><img src=x onerror=alert(1)>"
# each reply in the gold, by the rules and by the model
_READINGS = [
    (
        "<ACHIEVEMENT>我局已建成站点36个</ACHIEVEMENT>，<COMMITMENT>将新建站点20个</COMMITMENT>，<REFUSAL>过街天桥暂不具备条件</REFUSAL>。",
        "<ACHIEVEMENT>我局已建成站点36个</ACHIEVEMENT>，将新建站点20个，过街天桥暂不具备条件。",
        "<ACHIEVEMENT>我局已建成站点36个</ACHIEVEMENT>，<COMMITMENT strength=hedged>将新建站点20个</COMMITMENT>，过街天桥暂不具备条件。",
    ),
    (
        "<ACHIEVEMENT>我局已办结&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;事项</ACHIEVEMENT>。<COMMITMENT>下一步将加强巡查</COMMITMENT>。",
        "我局已办结&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;事项。下一步将加强巡查。",
        "<COMMITMENT>我局已办结&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;事项</COMMITMENT>。<COMMITMENT>下一步将加强巡查</COMMITMENT>。",
    ),
    (
        "感谢您的关注。<COMMITMENT>我局正在研究方案</COMMITMENT>。",
        "感谢您的关注。<COMMITMENT>我局正在研究方案</COMMITMENT>。",
        "<ACHIEVEMENT>感谢您的关注</ACHIEVEMENT>。<COMMITMENT>我局正在研究方案</COMMITMENT>。",
    ),
]


def reading(marked: str, id: str, score: float = 1.0) -> Reply:
    """Return the reply of a marked text; a commitment is planned and firm unless its tag says other."""
    text, tags = parse(marked)
    usual = {"COMMITMENT": {"stage": "planned", "strength": "firm"}}
    statements = [
        Statement(
            t.start,
            t.end,
            text[t.start : t.end],
            label=t.name,
            score=score,
            **{**usual.get(t.name, {}), **t.attributes},
        )
        for t in tags
    ]
    return Reply(text, id, statements=tuple(statements))


@pytest.fixture(scope="session")
def evaluations() -> dict[str, Evaluation]:
    """Two systems over three invented replies, of which one attacks the page."""
    gold, rules, model = (
        [reading(marked, f"r{n}", score) for n, marked in enumerate(side)]
        for side, score in zip(zip(*_READINGS, strict=True), (1.0, 0.8, 0.9), strict=True)
    )
    return {"rules": ce.score(gold, rules), "model": ce.score(gold, model), "annotators": ce.annotators()}
