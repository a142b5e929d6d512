import json

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
            "unit": None if t.attributes["unit"] == "null" else t.attributes["unit"],
            "modifier": t.attributes.get("modifier"),
        }
        for t in tags
    ]


def _value(text):
    return text if ":" in text else json.loads(text)


def test_modifiers_are_of_the_schema():
    assert {row["modifier"] for row in table("bounds")} <= {"approx", "min", "max", "over", "under"}


@pytest.mark.parametrize("text", ["1" * 5000, "一" * 5000, "1," * 3000, "约" * 5000, "1.1." * 2000, "十几" * 3000])
def test_no_blow_up(text):
    find_quantities(text)
