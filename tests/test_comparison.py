"""Two systems on the same replies."""

import json
from dataclasses import replace

import pytest

import commitextract as ce
from commitextract import comparison
from commitextract.evaluation import Evaluation, metrics
from commitextract.schema import Reply, Statement

TEXT = "我局已建成站点{}个，将在年底前新建站点5个。"


@pytest.fixture(scope="module")
def gold():
    return [reply(f"r{i}", TEXT.format(i)) for i in range(1, 21)]


def reply(id, text):
    comma, end = text.index("，"), len(text) - 1
    done = Statement(0, comma, text[:comma], label="ACHIEVEMENT")
    promised = Statement(comma + 1, end, text[comma + 1 : end], stage="planned", strength="firm")
    return Reply(text, id, statements=(done, promised))


@pytest.fixture(scope="module")
def good(gold):
    return ce.score(gold, gold)


@pytest.fixture(scope="module")
def bad(gold):
    """Every second reply without its promise."""
    lame = [replace(r, statements=r.achievements) if i % 2 else r for i, r in enumerate(gold)]
    return ce.score(gold, lame)


def test_a_system_does_not_differ_from_itself(bad):
    for metric in metrics():
        if bad.f1(metric) is not None:
            found = ce.compare(bad, bad, metric)
            assert (found.difference, found.low, found.high, found.p) == (0, 0, 0, 1)
            assert found.improved == found.worse == ()


def test_a_better_system_is_found_better(good, bad):
    found = ce.compare(bad, good)
    assert found.difference == pytest.approx(1 - 60 / 70) and found.low > 0 and found.p < 0.01
    assert set(found.improved) == {f"r{i}" for i in range(2, 21, 2)} and found.worse == ()
    back = ce.compare(good, bad)
    assert back.difference == -found.difference and back.worse == found.improved and back.p == found.p
    assert str(found).startswith("statements: +0.143 [+0.")


def test_the_same_seed_gives_the_same_and_order_does_not_matter(good, bad):
    mixed = Evaluation(tuple(reversed(bad.documents)))
    assert ce.compare(bad, good, seed=3) == ce.compare(mixed, good, seed=3) != ce.compare(bad, good, seed=4)


def test_other_replies_are_refused(good, bad):
    with pytest.raises(ValueError, match="of 20 and 19 replies, 19 of them the same"):
        ce.compare(good, Evaluation(bad.documents[1:]))
    with pytest.raises(ValueError, match="same replies"):
        ce.compare(Evaluation(), Evaluation())


def test_what_nobody_has_is_not_compared(good):
    with pytest.raises(ValueError, match="neither gold nor pred has any"):
        ce.compare(good, good, "support agencies")


def test_tables(good, bad):
    text = comparison.table({"rules": bad, "model": good, "annotators": ce.annotators()})
    head, first, *_ = text.splitlines()
    assert head.split() == ["F1", "[95", "%]", "rules", "model", "annotators", "model", "-", "rules"]
    assert first.startswith("statements") and "0.857 [" in first and "+0.143 [+0." in first and "0.944 [" in first
    frame = comparison.to_frame({"rules": bad, "model": good})
    every = frame[(frame["slice"] == "all") & (frame["metric"] == "statements")]
    assert every[["system", "right", "gold", "pred"]].values.tolist() == [["rules", 30, 40, 30], ["model", 40, 40, 40]]
    assert set(frame["slice"]) == {"all", *comparison.SLICES}


def test_plain_data(good, bad):
    data = json.loads(json.dumps(comparison.to_dict({"rules": bad, "model": good}), ensure_ascii=False))
    assert Evaluation.from_dict(data["evaluations"]["rules"]) == bad
    assert data["figures"]["model"]["statements"]["f1"] == 1.0
    first = data["differences"][0]
    assert first["metric"] == "statements" and first["low"] > 0 and len(first["improved"]) == 10
