import json
import time

import pytest
from conftest import cases

from commitextract import find_quantities
from commitextract.lexicons import table


@pytest.mark.parametrize("text, tags, date", cases("quantities"))
def test_table(text, tags, date):
    found = [
        {
            "span": q.text,
            "value": list(q.value) if isinstance(q.value, tuple) else q.value,
            "unit": q.unit,
            "modifier": q.modifier,
        }
        for q in find_quantities(text)
    ]
    assert found == [
        {
            "span": text[t.start : t.end],
            "value": _value(t.attributes["value"]),
            "unit": _null(t.attributes["unit"]),
            "modifier": t.attributes.get("modifier"),
        }
        for t in tags
    ]


@pytest.mark.parametrize("name", ["of", "change"])
@pytest.mark.parametrize("text, tags, date", cases("quantities"))
def test_what_is_counted_and_how_it_changes(text, tags, date, name):
    """A line says it where it is meant to; ``null`` says that nothing is to be told."""
    found = {q.text: getattr(q, name) for q in find_quantities(text)}
    expected = {text[t.start : t.end]: _null(t.attributes[name]) for t in tags if name in t.attributes}
    assert {span: found.get(span) for span in expected} == expected


def test_what_stands_alike_is_read_alike():
    """All lines in one text, and all again: the second half is the first."""
    text = "\n".join(case.values[0] for case in cases("quantities"))
    found = [(q.text, q.value, q.unit, q.modifier, q.change) for q in find_quantities(f"{text}\n{text}\n")]
    assert found[: len(found) // 2] == found[len(found) // 2 :]


def _null(text):
    return None if text == "null" else text


def _value(text):
    return text if ":" in text else json.loads(text)


def test_modifiers_are_of_the_schema():
    assert {row["modifier"] for row in table("bounds")} <= {"approx", "min", "max", "over", "under"}


ORDINARY = "我局已投入资金1.2亿元，新建站点36个，惠及群众约3万人；下一步将加强日常巡查，督促责任单位按期整改到位。"
KINDS = "19零〇一二两十廿百千万亿兆半几数壹佰,.，、 -—~至到:∶/%±<约近上超不负第多余来个人次元米吨成折号点比又"


def seconds(text):
    """The least time of two: other work on the machine only adds."""
    times = []
    for _ in range(2):
        start = time.process_time()
        find_quantities(text)
        times.append(time.process_time() - start)
    return min(times)


def test_time_is_linear():
    """A run of one character that a pattern accepts takes at most five times the time of ordinary text."""
    size = 10_000
    limit = 5 * seconds((ORDINARY * size)[:size])
    assert {c: t for c in KINDS if (t := seconds(c * size)) > limit} == {}


@pytest.mark.parametrize(
    "text", ["1," * 3000, "1.1." * 2000, "十几" * 3000, "3至" * 3000, "1:" * 3000, "百分之" * 2000]
)
def test_no_blow_up(text):
    find_quantities(text)


@pytest.mark.parametrize(
    "text", ["999,999,999,999,999,999,999.12345678万亿元", "1" * 18 + "亿亿亿", "万一" * 20, "九" * 30 + "亿万户"]
)
def test_numbers_beyond_any_amount_do_no_harm(text):
    for q in find_quantities(f"共{text}"):
        assert isinstance(q.value, int | float | None)
