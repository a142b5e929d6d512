import pytest

from commitextract.agencies import Mention, find_names
from commitextract.agency_table import AgencyTable
from commitextract.header import Header
from commitextract.layout import Part, read_layout
from commitextract.names import Names
from commitextract.ranking import Ranker
from commitextract.reference import Reference
from commitextract.respondent import candidates

MEANINGS = [
    ("我局将开工。", "我局", "青川市水务局", "青川市水务局"),
    ("镇人民政府已到场。", "镇人民政府", "河口镇", "河口镇"),
    ("我镇环保办已到场。", "我镇环保办", "河口镇人民政府", "河口镇环保办"),
    ("青禾实业有限公司承建。青禾公司已进场。", "青禾公司", None, "青禾实业有限公司"),
    ("河口镇党委、政府已到场。", "河口镇党委", None, "河口镇党委、政府"),
    ("已约谈青禾物业公司。该公司已整改。", "该公司", None, "青禾物业公司"),
]


@pytest.mark.parametrize("text, mention, respondent, name", MEANINGS)
def test_a_mention_may_stand_for_a_fuller_name(text, mention, respondent, name):
    found = find_names(text)
    layout = read_layout(text)
    header = Header(None, None, (respondent,), None, None)
    reference = Reference(layout, [m for m in found if m.kind != "object"], header, Names(found, text))
    mentions = [m for m in found if m.text == mention]
    assert mentions, [m.text for m in found]
    assert name in [meaning.name for meaning in reference.names(mentions[-1], 0)]


def test_place_names_hold_no_words():
    names = Names([], "为缓解市区停车难，已引发市场关注，要求镇上整改。")
    assert [names.own(f"我{unit}") for unit in ("市", "镇")] == [None, None]


PARTS = [
    ("已转市教育局有关部门办理。我局将改正。", "市教育局"),
    ("我校将改正，感谢关注青川二中。", "青川二中"),
    ("我县将改正，云岭县公安局已到场。", "云岭县"),
]


@pytest.mark.parametrize("text, name", PARTS)
def test_the_respondent_is_among_its_candidates(text, name):
    found = find_names(text)
    choices = candidates(text, Part(0, len(text), "answer"), found, Names(found, text), {})
    assert name in [n for n, _ in choices]
    assert choices[-1][0] is None


def test_what_the_rules_say_is_a_feature():
    names = Names([Mention(0, 5, "市教育局", "name")], "市教育局已答复。", AgencyTable(()))
    [(name, features), _] = candidates("市教育局已答复。", Part(0, 8, "answer"), [], names, {"signs": "市教育局"})
    assert name == "市教育局"
    assert "replies: rule: signs" in features


def test_a_ranker_knows_what_it_has_learnt():
    ranker = Ranker({"replies: nobody": 1.0})
    assert ranker.knows([["replies: nobody"], ["other"]])
    assert not ranker.knows([["other"]])
