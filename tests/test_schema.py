import json

import pytest

import commitextract as ce
from commitextract.schema import Agency, Deadline, Meta, Quantity, Reply, SchemaError, Statement

TEXT = "我局将在年底前新建站点36个。"


@pytest.fixture
def reply():
    quantity = Quantity(11, 14, "36个", value=36, unit="个", of="站点", change="increase", id="q1")
    statement = Statement(
        0, 14, TEXT[:14], label="COMMITMENT", stage="planned", strength="firm", agencies=(Agency("市水务局", "lead", 0, 2),),
        deadlines=(Deadline(4, 7, "年底前", "../2021-12-31", None, "2021-12-31"),), quantities=(quantity,), id="s1",
    )  # fmt: skip
    return Reply(TEXT, "r-1", Meta("2021-08-30", "given", "市水务局", doc_type="message"), (statement,), (quantity,))


def test_round_trip(reply):
    assert Reply.from_dict(json.loads(json.dumps(reply.to_dict()))) == reply


def test_stand_off_holds_no_text_and_joins_with_it(reply):
    data = reply.to_dict(text=False)
    assert "text" not in json.dumps(data) and "年底前" not in json.dumps(data, ensure_ascii=False)
    assert Reply.from_dict(data, TEXT) == reply


def test_properties(reply):
    (statement,) = reply.commitments
    assert statement.lead == "市水务局" and statement.deadline.edtf == "../2021-12-31"
    assert reply.achievements == reply.refusals == ()
    assert reply.agencies == ("市水务局",) and [d.text for d in reply.deadlines] == ["年底前"]
    assert repr(reply) == "<Reply 市水务局 2021-08-30: 1 commitments, 1 quantities>"
    assert reply.to_frame().loc[0, ["lead", "edtf", "quantities"]].tolist() == ["市水务局", "../2021-12-31", "36个"]
    assert 'class="COMMITMENT"' in reply._repr_html_()


@pytest.mark.parametrize(
    "change, message",
    [
        ({"schema": 2}, "schema 2; this release reads 1"),
        ({"sha256": "0" * 64}, "not the one that was annotated"),
        ({"text": None}, "stand-off"),
    ],
)
def test_bad_documents(reply, change, message):
    data = {**reply.to_dict(), **change}
    if change.get("text", "") is None:
        del data["text"]
    with pytest.raises(SchemaError, match=message):
        Reply.from_dict(data)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"label": "PROMISE"}, "must be one of 'COMMITMENT'"),
        ({"stage": "later"}, "stage of a commitment"),
        ({"label": "REFUSAL"}, "only a COMMITMENT has them"),
        ({"start": 3}, "the text has"),
        ({"start": 20}, "0 <= start < end"),
        ({"start": "0"}, "whole numbers"),
        ({"quantities": ["q9"]}, "q9"),
        ({"agencies": [{"name": "x", "role": "boss"}]}, "agency role"),
    ],
)
def test_bad_statements(reply, change, message):
    data = reply.to_dict()
    data["statements"][0].update(change)
    with pytest.raises(SchemaError, match=message):
        Reply.from_dict(data)


def test_everything_an_extraction_gives_survives_json():
    reply = ce.extract(ce.read_text(ce.example()))
    assert Reply.from_dict(json.loads(json.dumps(reply.to_dict(), ensure_ascii=False))) == reply
