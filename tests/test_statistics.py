"""Ratios, intervals, the randomisation test, calibration and curves, on numbers that can be checked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitextract import statistics
from commitextract.statistics import Bin, Counts, Point

TABLES = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)).map(lambda t: (min(t), t[1], t[2])),
    min_size=1,
    max_size=30,
).map(lambda rows: np.array(rows, dtype=np.int64)[:, None, :])


@pytest.mark.parametrize(
    "counts, precision, recall, f1, errors",
    [
        (Counts(2, 4, 2), 1.0, 0.5, 2 / 3, 2),
        (Counts(0, 3, 0), None, 0.0, 0.0, 3),
        (Counts(0, 0, 2), 0.0, None, 0.0, 2),
        (Counts(), None, None, None, 0),
    ],
)
def test_ratios(counts, precision, recall, f1, errors):
    assert (counts.precision, counts.recall, counts.errors) == (precision, recall, errors)
    assert counts.f1 == (f1 if f1 is None else pytest.approx(f1))


def test_f1_is_the_mean_over_the_parts_that_are_there():
    assert statistics.f1(np.array([[2, 2, 2], [0, 1, 0], [0, 0, 0]])) == 0.5


@settings(deadline=None, max_examples=50)
@given(TABLES)
def test_an_interval_holds_the_value_and_is_the_same_each_time(table):
    ends = statistics.interval(table, seed=1)
    value = statistics.f1(table.sum(axis=0))
    assert ends == statistics.interval(table, seed=1)
    if ends is None:
        assert np.isnan(value)
    else:
        assert 0 <= ends[0] <= ends[1] <= 1


def test_an_interval_like_that_of_a_share():
    """Of 400 documents with one thing each half are right: F1 is a share, whose interval is 0.5 ± 1.96 · 0.025."""
    table = np.array([[[i % 2, 1, 1]] for i in range(400)])
    low, high = statistics.interval(table)
    assert low == pytest.approx(0.451, abs=0.008) and high == pytest.approx(0.549, abs=0.008)
    assert statistics.interval(table, seed=1) != (low, high)


@pytest.mark.parametrize(
    "row, expected",
    [((1, 1, 1), (0.94, 1.0)), ((0, 1, 0), (0.0, 0.06)), ((0, 0, 0), None)],
)
def test_where_nothing_is_wrong_the_rule_of_three_says_what_might_be(row, expected):
    found = statistics.interval(np.array([[row]] * 50))
    assert found == (expected and pytest.approx(expected))


@settings(deadline=None, max_examples=50)
@given(TABLES)
def test_a_system_does_not_differ_from_itself(table):
    if table[..., 1:].any():
        assert statistics.difference(table, table)[:3] == (0, 0, 0) and statistics.difference(table, table)[3] == 1


def test_a_clear_difference_and_one_of_chance():
    good = np.array([[[1, 1, 1]]] * 30)
    bad = np.array([[[i % 2, 1, 1]] for i in range(30)])
    found, low, high, p = statistics.difference(bad, good)
    assert found == 0.5 and 0 < low < 0.5 < high and p < 0.001
    other = np.array([[[(i + 1) % 2, 1, 1]] for i in range(30)])
    found, low, high, p = statistics.difference(bad, other)
    assert found == 0 and low < 0 < high and p == 1


def test_calibration():
    bins = statistics.calibration([0.95, 0.91, 1.0, 0.25], [True, False, True, False])
    assert bins == [Bin(0.25, 0.0, 1), Bin(pytest.approx(0.953, abs=1e-3), pytest.approx(2 / 3), 3)]
    assert statistics.calibration_error(bins) == pytest.approx((0.25 + 3 * (0.9533 - 2 / 3)) / 4, abs=1e-3)
    assert statistics.calibration([], []) == [] and statistics.calibration_error([]) is None


def test_a_curve_has_a_point_for_each_score():
    assert statistics.curve([0.5, 0.9, 0.5], [True, True, False], gold=4) == [
        Point(0.9, 1.0, 0.25),
        Point(0.5, pytest.approx(2 / 3), 0.5),
    ]
    assert statistics.curve([0.5], [True], gold=0) == []
