"""The labels table as a whole: rules err, so the table has a floor; each line is an expectation of the guidelines."""

import pytest
from conftest import cases

import commitextract as ce
from commitextract.schema import LABELS

FLOOR = 0.60  # F1 of exact spans and labels over the table, rules only


def marked(tags):
    return {(t.start, t.end, t.name) for t in tags if t.name in LABELS}


def found(text, date):
    return {(s.start, s.end, s.label) for s in ce.load(None)(text, date=date).statements}


def test_table_is_of_the_guidelines():
    rows = [p.values for p in cases("labels")]
    assert len(rows) >= 100 and sum(not marked(tags) for _, tags, _ in rows) >= 30
    for text, tags, _ in rows:
        for t in tags:
            if t.name in LABELS:
                assert not set(text[t.start : t.end - 1]) & set("。！？；\n"), text


def test_rules_reach_the_floor():
    gold = pred = right = 0
    for param in cases("labels"):
        text, tags, date = param.values
        expected, got = marked(tags), found(text, date)
        gold, pred, right = gold + len(expected), pred + len(got), right + len(expected & got)
    assert 2 * right / (gold + pred) >= FLOOR, f"{right} right of {gold} marked and {pred} found"


SURE = [
    ("我局将新建站点20个。", "COMMITMENT", "planned", "firm"),
    ("我局拟于明年启动改造。", "COMMITMENT", "planned", "firm"),
    ("目前，我局正在办理招标手续。", "COMMITMENT", "underway", "firm"),
    ("我局将力争年底前完工。", "COMMITMENT", "planned", "hedged"),
    ("待资金到位后，我局将启动建设。", "COMMITMENT", "planned", "hedged"),
    ("我局已完成改造46个。", "ACHIEVEMENT", None, None),
    ("我局责令施工单位立即整改。", "ACHIEVEMENT", None, None),
    ("该路段暂不具备建设条件。", "REFUSAL", None, None),
    ("感谢您对我们工作的支持！", None, None, None),
    ("您好！您的留言已收悉，现回复如下：", None, None, None),
    ("请您拨打市民热线咨询。", None, None, None),
    ("该路段位于市区东部。", None, None, None),
]


@pytest.mark.parametrize("text, label, stage, strength", SURE)
def test_plain_sentences(text, label, stage, strength):
    statements = ce.load(None)(text, date="2021-08-30").statements
    assert [(s.label, s.stage, s.strength) for s in statements] == ([(label, stage, strength)] if label else [])
    assert all(s.evidence for s in statements)
