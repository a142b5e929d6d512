import itertools

import pytest
from conftest import cases, spans

from commitextract import find_agencies
from commitextract.agencies import find_places


@pytest.mark.parametrize("text, tags, date", cases("agencies"))
def test_table(text, tags, date):
    """Every marked agency is found as it stands; linking decides which of the others acts."""
    found = {m.text for m in find_agencies(text)}
    missing = {text[start:end] for start, end in spans(tags, "A")} - found
    assert not missing, f"found {sorted(found)}"


def test_nothing_in_a_plain_sentence():
    assert find_agencies("感谢您的来信，祝您生活愉快。") == []


def test_mentions_do_not_overlap():
    mentions = find_agencies("A7县人民政府办公室、县住建局质安站和我局共同办理。")
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))


def test_places():
    assert find_places("青山镇村级道路由A7县出资") == ["青山镇", "A7县"]
