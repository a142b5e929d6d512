import json
from dataclasses import replace

import pytest

import commitextract as ce
from commitextract.extractor import ModelError


def test_the_letter():
    reply = ce.extract(ce.read_text(ce.example()))
    by_text = {s.normalized: s for s in reply.statements}
    done = next(s for t, s in by_text.items() if t.startswith("我局已完成老旧小区改造46个"))
    assert done.label == "ACHIEVEMENT" and [q.value for q in done.quantities] == [46, 13000, 18.5, 2100]
    underway = next(s for t, s in by_text.items() if "正在施工" in t)
    assert (underway.label, underway.stage, underway.deadline.edtf) == ("COMMITMENT", "underway", "2021-10-31~")
    refused = next(s for s in reply.refusals)
    assert "暂不具备建设条件" in refused.normalized
    assert (done.section, done.heading) == ("工作开展情况", None)
    planned = next(s for t, s in by_text.items() if "再改造30个小区" in t)
    assert (planned.section, planned.heading) == ("下一步工作", "加快改造进度")
    assert all(s.evidence and 0 < s.score <= 1 for s in reply.statements)


def test_complete_keeps_the_statements_and_finds_the_rest():
    reply = ce.extract(ce.read_text(ce.example()))
    assert ce.load().complete(reply) == reply
    bare = [replace(s, agencies=(), deadlines=(), quantities=()) for s in reply.statements[::2]]
    filled = ce.load().complete(replace(reply, statements=tuple(bare)))
    assert [(s.start, s.end, s.label) for s in filled.statements] == [(s.start, s.end, s.label) for s in bare]
    assert [s.deadlines for s in filled.statements] == [s.deadlines for s in reply.statements[::2]]
    assert filled.quantities == reply.quantities and filled.meta == reply.meta


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"text": None}, TypeError, "must be a string"),
        ({"text": "x", "date": "30.8.2021"}, ValueError, "YYYY-MM-DD"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        ce.extract(**arguments)


@pytest.mark.parametrize(
    "text, label",
    [
        ("市水利局巡查队将清淤渠道8公里。", "COMMITMENT"),
        ("我局将于年底前完成。", "COMMITMENT"),
        ("市交警支队已增设护栏300米。", "ACHIEVEMENT"),
        ("已完成整改。", "ACHIEVEMENT"),
        ("暂无建设计划。", "REFUSAL"),
        ("您好！感谢您的留言。", None),
        ("经查，情况属实。", None),
    ],
)
def test_a_sentence_alone(text, label):
    """A sentence is a piece of a reply: that it stands first makes no salutation of it."""
    assert [s.label for s in ce.extract(text, date="2021-08-30").statements] == ([label] if label else [])


def test_models(tmp_path):
    assert type(ce.load(None).classifier).__name__ == "RuleClassifier"
    assert type(ce.load().classifier).__name__ == "NetworkClassifier"
    with pytest.raises(ModelError, match="no model directory"):
        ce.load(tmp_path)
    for meta, message in (
        ({"schema": 9}, "schema 9"),
        ([], "schema"),
        ({"schema": 1, "classifier": "x"}, "classifier 'x'"),
    ):
        (tmp_path / "meta.json").write_text(json.dumps(meta))
        with pytest.raises(ModelError, match=message):
            ce.load(tmp_path)


def test_empty_text():
    reply = ce.extract("")
    assert reply.statements == reply.quantities == () and repr(reply) == "<Reply unnamed undated: no statements>"


class TestRealDocuments:
    """The two real documents, where they are there (they are not part of the project)."""

    def test_inquiry(self, seeds):
        reply = ce.extract(seeds["inquiry"])
        assert (reply.meta.date, reply.meta.date_source) == ("2021-08-30", "inferred")
        assert {
            "市民政局", "市公安局", "市人力资源和社会保障局", "市生态环境局", "市文化和旅游局", "市城市管理执法委员会", "市行政审批局",
            "鄂州临空经济区管委会",
        } <= set(reply.agencies)  # fmt: skip
        values = {(q.text, q.value) for q in reply.quantities}
        assert {
            ("36个", 36),
            ("368个", 368),
            ("33个", 33),
            ("80%", 80),
            ("1:1.4", "1:1.4"),
            ("1000万元", 10_000_000),
            ("254台", 254),
        } <= values
        times = {d.text: d.edtf for d in ce.find_deadlines(seeds["inquiry"], date=reply.meta.date)}
        assert (times["9月份"], times["9月15日前后"]) == ("2021-09", "2021-09-15~")

    def test_letter(self, seeds):
        reply = ce.extract(seeds["letter"])
        assert reply.meta.respondent in ("海珠区民政局", "广州市海珠区民政局")
        assert (reply.meta.date, reply.meta.date_source) == ("2020-11-30", "signature")
        values = {(q.value, q.unit) for q in reply.quantities}
        assert {(1203, "项"), (96859, "个"), (865, "个")} <= values

    def test_one_reply_in_twenty_of_the_corpus(self, corpus):
        replies = list(ce.load().pipe(corpus[::20]))
        assert len(replies) == len(corpus[::20])
        assert sum(len(r.statements) for r in replies) > 100
