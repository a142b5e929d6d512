import json

import pytest

import commitextract as ce
from commitextract.datasets import check, missing_texts
from commitextract.schema import Reply, SchemaError


@pytest.fixture
def reply():
    return ce.extract("我局将在年底前新建站点36个，更换管网15公里；同时加强巡查。", date="2021-08-30", id="r-1")


def test_write_and_read(reply, tmp_path):
    ce.write_replies([reply, reply], tmp_path / "gold.jsonl")
    assert ce.read_replies(tmp_path / "gold.jsonl") == [reply, reply]


def test_stand_off_joins_with_its_texts(reply, tmp_path):
    ce.write_replies([reply], tmp_path / "gold.jsonl", text=False)
    bare = ce.read_replies(tmp_path / "gold.jsonl", {"r-1": reply.text})
    assert [(s.start, s.end) for s in bare[0].statements] == [(s.start, s.end) for s in reply.statements]
    (tmp_path / "texts.csv").write_text(f"id,text\nr-1,{reply.text}\n", "utf-8")
    assert ce.read_replies(tmp_path / "gold.jsonl", tmp_path / "texts.csv") == bare
    with pytest.raises(SchemaError, match=r"line 1.*stand-off"):
        ce.read_replies(tmp_path / "gold.jsonl")
    with pytest.raises(SchemaError, match="not the one that was annotated"):
        ce.read_replies(tmp_path / "gold.jsonl", {"r-1": reply.text + " "})
    assert missing_texts(tmp_path / "gold.jsonl", {}) == ["r-1"]
    assert ce.read_replies(tmp_path / "gold.jsonl", {}, skip_missing=True) == []
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "r-1.txt").write_text(reply.text, "utf-8")
    assert ce.read_replies(tmp_path / "gold.jsonl", folder) == bare
    ce.write_replies([reply], tmp_path / "whole.jsonl")
    assert missing_texts(tmp_path / "whole.jsonl", {}) == []


def test_an_extraction_keeps_the_rules(reply):
    assert list(check(reply)) == []
    assert list(check(ce.extract(ce.read_text(ce.example())))) == []


def broken(reply, **change):
    data = reply.to_dict()
    data["statements"][0].update(change)
    for key in ("text", "normalized"):
        data["statements"][0].pop(key)
    data["statements"][0]["quantities"] = change.get("quantities", [])
    return Reply.from_dict(data)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"start": 1}, "does not begin where a clause begins"),
        ({"end": 12}, "does not end where a clause ends"),
        ({"end": 29}, "overlaps"),
        ({"quantities": ["q2"], "end": 14}, "lies outside"),
        ({"agencies": [{"name": "市 局", "role": "lead"}]}, "white space"),
        ({"deadlines": [{"start": 4, "end": 7, "edtf": "2021-13", "earliest": None, "latest": None}]}, "calendar"),
        ({"deadlines": [{"start": 4, "end": 7, "edtf": "2021", "earliest": None, "latest": None}]}, "has the bounds"),
    ],
)
def test_faults_are_named(reply, change, message):
    faults = list(check(broken(reply, **change)))
    assert any(message in fault and "r-1" in fault for fault in faults), faults


def test_errors_name_the_line(tmp_path):
    (tmp_path / "gold.jsonl").write_text(json.dumps({"schema": 9, "id": "x", "text": "y"}) + "\n", "utf-8")
    with pytest.raises(SchemaError, match=r"gold.jsonl, line 1: reply 'x' has schema 9"):
        ce.read_replies(tmp_path / "gold.jsonl")
