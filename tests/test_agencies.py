import itertools
import time

import pytest
from conftest import cases, spans

from commitextract import find_agencies
from commitextract.agencies import find_places
from commitextract.roles import Roles


@pytest.mark.parametrize("text, tags, date", cases("agencies"))
def test_table(text, tags, date):
    """Every marked agency is found as it stands; linking decides which of the others acts."""
    found = {m.text for m in find_agencies(text)}
    missing = {text[start:end] for start, end in spans(tags, "A")} - found
    assert not missing, f"found {sorted(found)}"


@pytest.mark.parametrize("text, tags, date", [case for case in cases("agencies") if not case.values[1]])
def test_nobody_acts(text, tags, date):
    """Where nothing is marked agencies are only a source, a place, an object or no agencies at all."""
    roles = Roles(text)
    acting = [m.text for m in find_agencies(text) if roles.of(m).role != "none"]
    assert not acting


@pytest.mark.parametrize(
    "repeated",
    [
        "市",
        "局",
        "人民",
        "、",
        "（",
        "我",
        "A",
        "市、",
        "和",
        "县城",
        "公司",
        "。局",
        "站",
        "县局",
        "民政",
        "民政局",
        "由",
        "区",
        "处",
        "我局",
        "1",
        "等部门",
        "公安、",
    ],
)
def test_time_is_linear(repeated):
    """100,000 characters of one kind take at most five times as long as a text of names and sentences."""
    ordinary = "目前，青川市民政局会同县财政局开展检查，我局配合，由柳河街道负责落实。" * 3000

    def seconds(text):
        start = time.process_time()
        find_agencies(text)
        return time.process_time() - start

    assert seconds((repeated * 100_000)[:100_000]) < 5 * max(seconds(ordinary[:100_000]), 0.05)


def test_nothing_in_a_plain_sentence():
    assert find_agencies("感谢您的来信，祝您生活愉快。") == []


def test_mentions_do_not_overlap():
    mentions = find_agencies("A7县人民政府办公室、县住建局质安站和我局共同办理。")
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))


def test_places():
    assert find_places("青山镇村级道路由A7县出资") == ["青山镇", "A7县"]
