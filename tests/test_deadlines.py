import pytest
from conftest import cases

from commitextract import find_deadlines
from commitextract.schema import Deadline


@pytest.mark.parametrize("text, tags, date", cases("deadlines"))
def test_table(text, tags, date):
    """Every marked limit is found with its value; what linking leaves out may be found besides."""
    found = {(d.start, d.end): d.edtf for d in find_deadlines(text, date=date)}
    for tag in tags:
        expected = None if tag.attributes["edtf"] == "null" else tag.attributes["edtf"]
        assert (text[tag.start : tag.end], found.get((tag.start, tag.end), "not found")) == (
            text[tag.start : tag.end],
            expected,
        )


@pytest.mark.parametrize(
    "text",
    [
        "我局将尽快完成。",
        "近期开展检查。",
        "适时启动。",
        "路长3公里。",
        "一站式服务",
        "三年级学生",
        "第三期工程",
        "每年两次",
    ],
)
def test_vague_words_are_never_a_date(text):
    assert find_deadlines(text, date="2021-08-30") == []


@pytest.mark.parametrize("text", ["年底前", "本月底", "三个月内", "9月", "下周", "今年"])
def test_without_a_date_what_is_relative_has_no_value(text):
    (found,) = find_deadlines(text)
    assert (found.text, found.edtf, found.latest) == (text, None, None)


def test_overdue():
    deadline = Deadline(0, 3, "年底前", "../2021-12-31", None, "2021-12-31")
    assert deadline.overdue("2022-01-01") and not deadline.overdue("2021-12-31")
    assert Deadline(0, 3, "任期内").overdue("2022-01-01") is None


def test_joined_interval_in_the_wrong_order_stays_two():
    assert [d.edtf for d in find_deadlines("2021年9月至2021年5月", date="2021-01-01")] == ["2021-09", "2021-05"]


@pytest.mark.parametrize("text", ["年" * 5000, "9月" * 3000, "2021" * 2000, "十" * 5000, "1年内" * 2000])
def test_no_blow_up(text):
    find_deadlines(text, date="2021-08-30")
