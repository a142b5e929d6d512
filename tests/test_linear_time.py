"""No stage takes more than a few times the time of ordinary text, whatever stands in it."""

import pytest
from repeated import FINDERS, characters, known_terms, ordinary, repeated, seconds

import commitextract as ce

MOST = 6.0
"""Aimed at is 5; machines differ."""
MOST_OF_TERMS = 9.0
"""Where every second character begins an answer; the worst that `tests/repeated.py` found take 5 to 8."""
GROWTH = 4.0
NOISE = 0.05
WORST = "委市局处九十万1０, \n（“《约月"  # the worst single characters that tests/repeated.py found
WORST_UNITS = ["1,", "1:", "3至", "十几", "约1", "市县", "（局", "区住建", "收到申请后", "在开学", "\n ", "a(", "&#"]
WORST_TERMS = ["端午", "春节", "今年", "年底", "9月9月", "两节", "五一节", "一 之 以"]
REPLIES = [
    "我局已完成。",
    "市民政局，",
    "问：是\n答：好\n",
    "2021年1月1日\n",
    "（一）建。",
    "年底前，",
    "局",
    "1",
    "“",
    "\n",
]


@pytest.fixture(scope="module")
def usual():
    text = ordinary()
    for find in FINDERS.values():
        find(text[:2000])
    return {name: seconds(find, text, 2) for name, find in FINDERS.items()}


def _slow(usual, units, limit):
    """Return where a finder is over the limit, a second time too, beside ordinary text measured again."""
    found = []
    for unit in units:
        text = repeated(unit)
        for name, find in FINDERS.items():
            most = limit * usual[name] + NOISE
            if seconds(find, text) <= most:
                continue
            best, again = seconds(find, text, 3), max(usual[name], seconds(find, ordinary(), 2))
            if best > limit * again + NOISE:
                found.append(f"{name} on {unit!r}: {best / again:.1f} times ordinary text")
    return found


def test_repeated_characters(usual):
    every = [c for c in characters() if "一" <= c <= "龥"]
    assert not _slow(usual, [*WORST, *every[:: len(every) // 8]], MOST)


def test_repeated_terms(usual):
    """Each is an answer, 50,000 of them in a text where ordinary text has some thousand."""
    assert not _slow(usual, WORST_TERMS, MOST_OF_TERMS)


def test_alphabet_holds_what_the_patterns_and_lexicons_accept():
    assert set("0123456789零一二三四五六七八九十百千万亿年月日第市县局约余，。、（“") <= set(characters())
    assert {"市", "不少于", "平方米", "力争"} <= set(known_terms())


def _growth(run, unit, short, times=1):
    """Return how much more a character costs in a text of 16 times the length: 16 where time grows with the square."""
    long = seconds(run, repeated(unit, 16 * short), times) + NOISE / 10
    growth = long / (seconds(run, repeated(unit, short), times + 1) + NOISE / 160) / 16
    return _growth(run, unit, short, 3) if growth > GROWTH and times == 1 else growth


@pytest.mark.parametrize("unit", WORST_UNITS)
def test_finders_grow_with_the_text_alone(unit):
    assert {name: g for name, find in FINDERS.items() if (g := _growth(find, unit, 2_000)) > GROWTH} == {}


@pytest.mark.parametrize("unit", REPLIES)
def test_extraction_grows_with_the_text_alone(unit):
    extract = ce.load()
    assert _growth(lambda text: extract(text, date="2021-08-30"), unit, 1_000) < GROWTH
