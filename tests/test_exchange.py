"""A model trained under one release of scikit-learn and numpy gives the same scores under another.

Each environment leaves a model and its scores in the folder ``COMMITEXTRACT_EXCHANGE`` and checks all that stand there
(``.ci/run``: the newest and the lowest versions); without the folder only its own.
"""

import json
import os
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

import commitextract as ce

NAMES = ("letter", "inquiry", "message")


def scores(extractor):
    """Return the probabilities of all clauses of the example replies, and the statements with their scores."""
    found = {}
    for name in NAMES:
        text = ce.read_text(ce.example(name))
        reply = extractor(text)
        found[name] = {
            "probabilities": extractor.probabilities(extractor.read(text)[1]).tolist(),
            "statements": [[s.start, s.end, s.label, s.stage, s.strength] for s in reply.statements],
            "scores": [s.score for s in reply.statements],
        }
    return found


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    path = Path(__file__).parents[1] / "training_data" / "written-dev.jsonl"
    if not path.exists():
        pytest.skip(f"needs the written replies of the checkout ({path})")
    folder = Path(os.environ.get("COMMITEXTRACT_EXCHANGE") or tmp_path_factory.mktemp("exchange"))
    mine = folder / f"scikit-learn-{version('scikit-learn')}-numpy-{version('numpy')}"
    extractor = ce.train(ce.read_replies(path), mine)
    (mine / "scores.json").write_text(json.dumps(scores(extractor)), "utf-8")
    return folder


def test_models_of_other_releases_give_the_scores_they_gave_there(exchange):
    models = sorted(exchange.iterdir())
    assert models
    for model in models:
        expected = json.loads((model / "scores.json").read_text("utf-8"))
        for name, found in scores(ce.load(model)).items():
            assert found["statements"] == expected[name]["statements"] != [], model.name
            for kind in ("probabilities", "scores"):
                ours, theirs = np.array(found[kind]), np.array(expected[name][kind])
                assert ours.shape == theirs.shape and np.abs(ours - theirs).max() <= 1e-6, (model.name, name, kind)
