import pytest

import commitextract as ce
from commitextract import validation
from commitextract.schema import SchemaError


def reply(id, text, respondent=None):
    return ce.load(None)(text, id=id, respondent=respondent)


def test_groups_are_places_or_else_near_duplicates():
    copied = "您反映的路灯问题已安排维修，目前照明恢复正常。"
    gold = [
        reply("a", "已办理完毕。", "澜阳市民政局"),
        reply("b", "正在办理手续。", "澜阳市水务局"),
        reply("c", "暂不具备条件。", "庐岗县教育局"),
        reply("d", copied),
        reply("e", copied + "谢谢。"),
        reply("f", "计划明年开工。"),
        reply("g", "拟于年内完成。", "庐岗县教育局"),
    ]
    names = validation.groups(gold, {"f": "东湖区", "g": "?"})
    assert names[:3] == ["澜阳市", "澜阳市", "庐岗县"] and names[5:] == ["东湖区", "庐岗县"]
    assert names[3] == names[4] and names[3] not in names[:3] + names[5:]


def test_replies_of_one_place_are_told_apart():
    gold = [reply("a", "已办理完毕。", "澜阳市民政局"), reply("b", "计划明年开工。", "澜阳市水务局")]
    assert len(set(validation.groups(gold))) == 2


def test_folds_keep_groups_together_and_hold_out_everything_once():
    names = list("aaaaabbbccd")
    parts = list(validation.folds(names, 3))
    assert sorted(i for _, held_out in parts for i in held_out) == list(range(len(names)))
    for train, held_out in parts:
        assert not {names[i] for i in train} & {names[i] for i in held_out}
    with pytest.raises(SchemaError, match="at least two places"):
        list(validation.folds(["a", "a"]))


@pytest.fixture(scope="module")
def gold():
    path = ce.example().parents[2] / "training_data" / "written-dev.jsonl"
    if not path.exists():
        pytest.skip(f"needs the written replies of the checkout ({path})")
    return ce.read_replies(path)


def test_cross_validation_scores_each_reply_once_and_learns_something(gold):
    found = validation.cross_validate(gold, n=2)
    assert sorted(d.id for d in found.documents) == sorted(r.id for r in gold)
    assert found.f1("statements") > 0.3
