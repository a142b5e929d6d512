"""The gold files: of the schema, by the guidelines where the texts are there, and without their texts."""

import json
from collections import Counter
from pathlib import Path

import pytest

from commitextract import read_replies
from commitextract.datasets import faults

FOLDER = Path(__file__).resolve().parents[1] / "training_data"
FILES = sorted(FOLDER.glob("*.jsonl"))


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("path", [p for p in FILES if not p.stem.startswith("written")], ids=lambda p: p.stem)
def test_real_files_hold_no_text(path):
    for reply in lines(path):
        assert "text" not in reply and len(reply["sha256"]) == 64
        assert not any("text" in span for key in ("statements", "quantities") for span in reply[key])


def test_no_reply_stands_in_two_files():
    count = Counter(reply["id"] for path in FILES if not path.stem.startswith("agreement") for reply in lines(path))
    assert [i for i, n in count.items() if n > 1] == []


@pytest.mark.parametrize("path", [p for p in FILES if p.stem.startswith("written")], ids=lambda p: p.stem)
def test_the_checker_passes_on_written_replies(path):
    assert list(faults(read_replies(path))) == []


@pytest.mark.parametrize("path", [p for p in FILES if not p.stem.startswith("written")], ids=lambda p: p.stem)
def test_the_checker_passes(path, corpus, seeds):
    texts = {r["id"]: r["text"] for r in corpus}
    texts |= {"000_c50f7f698c9c815e": seeds["inquiry"], "004_482f3697ae971f64": seeds["letter"]}
    assert list(faults(read_replies(path, texts))) == []


def test_two_annotators_read_the_same_replies():
    a, b = ([(r["id"], r["sha256"]) for r in lines(FOLDER / f"agreement-{name}.jsonl")] for name in "ab")
    assert a == b and len(a) == 64


def test_the_second_reading_is_of_the_test_replies():
    """Statements are those of the gold; only what hangs on them was marked anew."""
    gold = {r["id"]: r for r in lines(FOLDER / "real-test.jsonl")}
    second = list(lines(FOLDER / "agreement-second.jsonl"))
    extents = [[(s["start"], s["end"], s["label"]) for s in r["statements"]] for r in second]
    assert len(second) == 291
    assert extents == [[(s["start"], s["end"], s["label"]) for s in gold[r["id"]]["statements"]] for r in second]
