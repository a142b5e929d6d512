import itertools

import numpy as np
import pytest

from commitextract.classifier import CLAUSE_LABELS
from commitextract.decoding import decode, group_clauses, marginals
from commitextract.layout import read_layout


@pytest.mark.parametrize("seed", range(5))
def test_decode_finds_the_best_path_and_its_marginals(seed):
    rng = np.random.default_rng(seed)
    n, k = 4, len(CLAUSE_LABELS)
    scores, transitions = rng.normal(size=(n, k)), rng.normal(size=(k, k))
    paths = list(itertools.product(range(k), repeat=n))
    totals = np.array(
        [
            sum(scores[i, p[i]] for i in range(n)) + sum(transitions[a, b] for a, b in itertools.pairwise(p))
            for p in paths
        ]
    )
    weights = np.exp(totals - totals.max())
    best = paths[int(totals.argmax())]
    labels, probability = decode(scores, transitions)
    assert labels == [CLAUSE_LABELS[j] for j in best]
    every = marginals(scores, transitions)
    for i, j in itertools.product(range(n), range(k)):
        share = sum(w for w, p in zip(weights, paths, strict=True) if p[i] == j) / weights.sum()
        assert every[i, j] == pytest.approx(share)
    assert list(probability) == [every[i, j] for i, j in enumerate(best)]


def test_nothing_to_decode():
    assert decode(np.zeros((0, 5)), np.zeros((5, 5)))[0] == []
    assert marginals(np.zeros((0, 5)), np.zeros((5, 5))).shape == (0, 5)


def runs(text, labels, agencies=None, times=None):
    clauses = read_layout(text).clauses
    nothing = [None] * len(clauses)
    found = group_clauses(clauses, labels, np.ones(len(clauses)), agencies or nothing, times or nothing)
    return [text[clauses[r.first].start : clauses[r.last].end] for r in found]


def test_a_sentence_end_and_an_enumerator_end_a_statement():
    assert runs("新建站点，更换管网；加强巡查。", ["planned"] * 3) == ["新建站点，更换管网", "加强巡查"]
    assert runs("新建站点，二是更换管网。", ["planned"] * 2) == ["新建站点", "更换管网"]


def test_an_expected_finish_stays_with_its_action():
    text = "其余4个正在施工，预计10月底完工。"
    assert runs(text, ["underway", "planned"], times=[None, "2021-10-31~"]) == ["其余4个正在施工，预计10月底完工"]
    assert runs("正在施工，将加强监管。", ["underway", "planned"]) == ["正在施工", "将加强监管"]


def test_changes_start_a_statement():
    assert runs("已建成站点，将更换管网。", ["ACHIEVEMENT", "planned"]) == ["已建成站点", "将更换管网"]
    assert len(runs("甲局将建站，乙局将修路。", ["planned"] * 2, agencies=["甲局", "乙局"])) == 2
    assert len(runs("6月底完工，10月底交房。", ["planned"] * 2, times=["2021-06-30~", "2021-10-31~"])) == 2
