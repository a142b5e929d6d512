import datetime as dt
import time
import timeit

import pytest
from conftest import ROOT, cases

from commitextract import evaluate, example, find_deadlines, load, read_replies, read_text
from commitextract.schema import Deadline, Meta, Reply, Statement

LABELS = {
    "C": ("COMMITMENT", "planned"),
    "U": ("COMMITMENT", "underway"),
    "A": ("ACHIEVEMENT", None),
    "R": ("REFUSAL", None),
}


def edtf(tag):
    value = tag.attributes.get("edtf", "not given")
    return None if value == "null" else value


@pytest.mark.parametrize("text, tags, date", cases("deadlines"))
def test_every_time_is_found(text, tags, date):
    """Every marked expression is found with its value, and nothing else."""
    marked = {(t.start, t.end): edtf(t) for t in tags if t.name in "DT"}
    found = {(d.start, d.end): d.edtf for d in find_deadlines(text, date=date)}
    named = {text[start:end]: marked[start, end] for start, end in marked}
    assert {text[start:end]: found[start, end] for start, end in found if marked.get((start, end)) != "not given"} == {
        name: value for name, value in named.items() if value != "not given"
    }
    assert found.keys() == marked.keys()


@pytest.mark.parametrize("text, tags, date", cases("deadlines"))
def test_the_statement_decides_which_is_its_deadline(text, tags, date):
    statements = [
        Statement(t.start, t.end, text[t.start : t.end], *LABELS[t.name], "firm" if LABELS[t.name][1] else None)
        for t in tags
        if t.name in LABELS
    ]
    reply = load(None).complete(Reply(text, None, Meta(date), tuple(statements)))
    wanted = [text[t.start : t.end] for t in tags if t.name == "D"]
    assert [d.text for s in reply.statements for d in s.deadlines] == wanted


def test_what_stands_alike_is_read_alike():
    """Every line twice in one text, each its own paragraph: the second answer is the first."""
    for text, _, date in (case.values for case in cases("deadlines")):
        once = [(d.text, d.edtf) for d in find_deadlines(text, date=date)]
        assert [(d.text, d.edtf) for d in find_deadlines(f"{text}。\n{text}。", date=date)][len(once) :] == once, text


def test_the_year_that_opens_a_list_holds_for_its_points():
    text = "2022年，我镇将新建广场2个；改造公厕5座；9月底前完成绿化。"
    points = [(0, 15), (16, 22), (23, 31)]
    statements = tuple(Statement(a, b, text[a:b], "COMMITMENT", "planned", "firm") for a, b in points)
    reply = load(None).complete(Reply(text, None, Meta("2021-08-30"), statements))
    assert [[d.edtf for d in s.deadlines] for s in reply.statements] == [["2022"], ["2022"], ["../2022-09-30"]]


def test_the_limits_of_the_written_development_replies():
    """With the statements given, nine of ten deadlines are right: span, value and statement."""
    gold = list(read_replies(ROOT / "training_data" / "written-dev.jsonl"))
    assert evaluate(load(None), gold, given=True).f1("linked deadlines") >= 0.9


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
    for late in ("2022-01-01", dt.date(2022, 1, 1), dt.datetime(2022, 1, 1, 9, 30)):
        assert deadline.overdue(late)
    assert not deadline.overdue("2021-12-31") and not deadline.overdue(dt.datetime(2021, 12, 31, 23))
    assert Deadline(0, 3, "任期内").overdue("2022-01-01") is None


@pytest.mark.parametrize(
    "day, error", [("2022年1月1日", ValueError), ("2022-02-30", ValueError), (20220101, TypeError)]
)
def test_overdue_names_what_is_no_day(day, error):
    with pytest.raises(error, match=f"{day}.*'2022-01-01'"):
        Deadline(0, 3, "任期内").overdue(day)


def test_joined_interval_in_the_wrong_order_stays_two():
    assert [d.edtf for d in find_deadlines("2021年9月至2021年5月", date="2021-01-01")] == ["2021-09", "2021-05"]


SINGLE = "0123456789-/.,:一二三十百千万亿〇零两半廿几年月日号天初底末中上下旬前后内起止左右至到或、“”五四期间今明去来次本这当同个周星期礼拜季度春夏秋冬节假农历正腊元未接近用在于将的第以之及时点（）自从待要求承诺如需报告，国庆"
REPEATED = [*SINGLE, "9月", "2021-", "1年内", "年底", "三十", "到2", "承诺", "自后三日内", "在ab", "《", "如有"]


def test_time_is_linear():
    """A character of what the pattern accepts again and again, against a letter of that length.

    A pair that is a time itself yields an answer each: those are held to 20 times, single characters to 5.
    """

    def seconds(text, length=30_000):
        text = (text * (length // len(text) + 1))[:length]
        return timeit.timeit(lambda: find_deadlines(text, date="2021-08-30"), number=1, timer=time.process_time)

    usual = min(seconds(read_text(example())) for _ in range(5))
    slow = {piece: seconds(piece) / usual for piece in REPEATED}
    assert {piece: times for piece, times in slow.items() if times > (5 if len(piece) == 1 else 20)} == {}
