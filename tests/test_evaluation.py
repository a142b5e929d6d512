"""Evaluation: hand-made cases, properties, another scorer as a check, and the floor of the packaged model."""

import json
from pathlib import Path

import pytest

import commitextract as ce
from commitextract.evaluation import Evaluation, metrics
from commitextract.schema import Reply, Statement
from commitextract.statistics import Counts

TEXT = "我局已建成站点甲，将新建站点乙，暂不新建站点丙，并加强巡查。"
CLAUSES = {"built": (0, 8), "build": (9, 15), "not": (16, 23), "patrol": (24, 29)}
LABELS = {"A": "ACHIEVEMENT", "C": "COMMITMENT", "R": "REFUSAL"}


def reply(marks, id="a"):
    """Return a reply of the text with statements such as ``"A built, C build+patrol"``."""
    statements = []
    for mark in filter(None, marks.split(", ")):
        label, clauses = mark.split()
        places = [CLAUSES[name] for name in clauses.split("+")]
        start, end = places[0][0], places[-1][1]
        commitment = {"stage": "planned", "strength": "firm"} if label == "C" else {}
        statements.append(Statement(start, end, TEXT[start:end], label=LABELS[label], **commitment))
    return Reply(TEXT, id, statements=tuple(statements))


@pytest.mark.parametrize(
    "gold, pred, counts",
    [
        ("A built, C build", "A built, C build", (2, 2, 2)),
        ("A built, C build", "A built", (1, 2, 1)),
        ("A built", "C built", (0, 1, 1)),
        ("", "", (0, 0, 0)),
        ("", "A built", (0, 0, 1)),
        ("A built", "", (0, 1, 0)),
        ("A built+build", "A built", (1, 1, 1)),  # 8 of 15 characters
        ("A built+build", "A build", (0, 1, 1)),  # 6 of 15
        ("A built", "A built, A built+build", (1, 1, 2)),  # one to one
    ],
)
def test_statements(gold, pred, counts):
    assert ce.score([reply(gold)], [reply(pred)]).counts("statements") == Counts(*counts)


def test_the_packaged_agreement_is_that_of_the_annotations(corpus):
    folder = Path(__file__).resolve().parents[1] / "training_data"
    texts = {r["id"]: r["text"] for r in corpus}
    a, b = (ce.read_replies(folder / f"agreement-{name}.jsonl", texts) for name in "ab")
    found = ce.score(a, b)
    packaged = ce.annotators()
    assert [packaged.counts(m) for m in ("statements", "records")] == [
        found.counts(m) for m in ("statements", "records")
    ]
    assert round(found.f1("statements"), 3) == 0.944 and round(found.f1("records"), 3) == 0.920
    assert not list(packaged.errors)  # they would quote


def test_all_survives_json():
    found = ce.score([reply("A built, C build, R not")], [reply("A built+build, R not")])
    assert Evaluation.from_dict(json.loads(json.dumps(found.to_dict(), ensure_ascii=False))) == found


def test_gold_against_itself_is_perfect():
    found = ce.score([reply("A built, C build, R not")], [reply("A built, C build, R not")])
    assert {found.f1(m) for m in metrics()} <= {1.0, None} and not list(found.errors)
