"""The cases of Recognizers-Text in scope; `python tests/peers.py` prints what differs."""

import pytest
from conftest import CASES, SHARED
from peers import SCOPE, Case, Expected, judge, read_cases, read_reasons

FOLDER = SHARED / "peer-cases" / "recognizers-text"
AGREE = 0.97


@pytest.fixture(scope="module")
def outcomes():
    if not FOLDER.exists():
        pytest.skip(f"needs the cases of Recognizers-Text, which are not part of the project ({FOLDER})")
    return [judge(case) for case in read_cases(FOLDER)]


def test_cases_in_scope_agree(outcomes):
    inside = [o for o in outcomes if o.in_scope]
    assert len(inside) > 350
    agree = sum(not o.differences for o in inside) / len(inside)
    assert agree >= AGREE, f"{agree:.1%} of {len(inside)} agree; python tests/peers.py prints the differences"


def test_what_differs_is_what_is_listed(outcomes):
    differ = {(o.case.file, o.case.index) for o in outcomes if o.differences}
    listed = read_reasons(CASES / "peer-differences.csv")
    assert all(listed.values())
    assert differ == set(listed), "python tests/peers.py prints them; by design: peer-differences.csv"


def test_every_rule_of_scope_leaves_something_out(outcomes):
    assert {reason for o in outcomes for reason in o.out} == {reason for *_, reason in SCOPE}


def test_judge_sees_a_wrong_value_a_wrong_span_and_a_surplus():
    """The adapter itself: invented answers that are right and wrong."""

    def differs(model, text, *expected):
        return bool(judge(Case(model, 0, text, "2021-08-30", expected)).differences)

    def money(start, end, value):
        return Expected("1.2亿元", "currency", start, end, {"isoCurrency": "CNY", "value": value})

    assert not differs("CurrencyModel", "投资约1.2亿元", money(3, 8, "120000000"))
    assert differs("CurrencyModel", "投资约1.2亿元", money(3, 8, "12"))
    assert differs("CurrencyModel", "投资约1.2亿元", money(2, 8, "120000000"), money(0, 1, "1"))
    assert differs("CurrencyModel", "投资约1.2亿元")

    def year(start, end):
        dates = {"values": [{"timex": "2022", "start": "2022-01-01", "end": end}]}
        return Expected("明年", "daterange", start, start + 2, dates)

    assert not differs("DateTimeModel", "将在明年完工", year(2, "2023-01-01"))
    assert differs("DateTimeModel", "将在明年完工", year(2, "2022-12-01"))
    assert differs("DateTimeModel", "将在明年完工", year(1, "2023-01-01"))
    assert differs("DateTimeModel", "将在明年完工")
