"""Errors planted in gold are found again; the counts of confident learning are those of cleanlab."""

import random
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import commitextract as ce
from commitextract.cli import app
from commitextract.suspects import Suspect, confident_joint, find_suspects, likely_wrong

LABELS = ("COMMITMENT", "ACHIEVEMENT", "REFUSAL")


def test_the_confident_joint_by_hand():
    labels = np.array([0, 0, 1, 1])
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6]])
    # thresholds 0.55 and 0.65: the second is confidently of the other label, the last of neither
    assert confident_joint(labels, probabilities).tolist() == [[1, 1], [0, 1]]
    assert likely_wrong(labels, probabilities).tolist() == [False, True, False, False]


@pytest.mark.parametrize("seed", range(4))
def test_the_counts_are_those_of_cleanlab(seed):
    count, filters = pytest.importorskip("cleanlab.count"), pytest.importorskip("cleanlab.filter")
    rng = np.random.default_rng(seed)
    n, k = 400, 5
    true = rng.integers(0, k, n)
    labels = np.where(rng.random(n) < 0.08, rng.integers(0, k, n), true)
    scores = rng.normal(size=(n, k))
    scores[np.arange(n), true] += 2.5
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    expected = count.compute_confident_joint(labels, probabilities, calibrate=False)
    assert (confident_joint(labels, probabilities) == expected).all()
    theirs = filters.find_label_issues(labels, probabilities, filter_by="prune_by_class", n_jobs=1)
    ours = likely_wrong(labels, probabilities)
    for label in range(k):  # cleanlab rounds so that rows keep their sums, which moves a count by one at most
        assert (ours != theirs)[labels == label].sum() <= 1


@pytest.fixture(scope="module")
def gold():
    path = ce.example().parents[2] / "training_data" / "written-train.jsonl"
    if not path.exists():
        pytest.skip(f"needs the written replies of the checkout ({path})")
    return ce.read_replies(path)


def with_errors(gold, share, seed):
    """Return the gold with the labels of a share of its statements changed, and where."""
    rng = random.Random(seed)
    places = [(i, j) for i, reply in enumerate(gold) for j in range(len(reply.statements))]
    planted, changed = set(rng.sample(places, round(share * len(places)))), []
    for i, reply in enumerate(gold):
        statements = list(reply.statements)
        for j, s in enumerate(statements):
            if (i, j) in planted:
                label = rng.choice([other for other in LABELS if other != s.label])
                stage, strength = ("planned", "firm") if label == "COMMITMENT" else (None, None)
                statements[j] = replace(s, label=label, stage=stage, strength=strength)
        changed.append(replace(reply, statements=tuple(statements)))
    return changed, {(gold[i].id, gold[i].statements[j].start) for i, j in planted}


def test_planted_errors_come_first(gold):
    """Of the written replies' statements 3 % are wrong: listing at random would find 3 of 100."""
    changed, planted = with_errors(gold, 0.03, seed=0)
    statements = [s for s in find_suspects(changed) if s.gold != "none"]
    hits = [(s.reply, s.start) in planted for s in statements]
    assert sum(hits[:10]) >= 4 and sum(hits[: 3 * len(planted)]) >= len(planted) / 2


def test_what_is_listed(tmp_path):
    made = "甲乙丙丁戊己庚辛壬癸子丑"
    replies = [
        ce.extract(f"我局将在年底前新建{x}站点。去年已建成{x}路站点。感谢您的来信。", id=f"r{n}")
        for n, x in enumerate(made)
    ]
    assert {tuple(s.label for s in reply.statements) for reply in replies} == {("COMMITMENT", "ACHIEVEMENT")}
    right, wrong = replies[7].statements[0], replace(replies[7].statements[1], label="REFUSAL")
    replies[7] = replace(replies[7], statements=(right, wrong))
    (found,) = find_suspects(replies)
    assert (found.reply, found.text, found.gold, found.pred) == ("r7", wrong.text, "REFUSAL", "ACHIEVEMENT")
    assert isinstance(found, Suspect) and 0.5 < found.confidence <= 1
    ce.write_replies(replies, tmp_path / "gold.jsonl")
    out = CliRunner().invoke(app, ["check", "--suspicious", str(tmp_path / "gold.jsonl")]).output
    assert "REFUSAL, rather ACHIEVEMENT: 去年已建成辛路站点" in out
