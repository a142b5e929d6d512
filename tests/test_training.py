import json

import numpy as np
import pytest

import commitextract as ce
from commitextract.classifier import CLAUSE_LABELS, LinearClassifier, ModelError
from commitextract.schema import SchemaError


@pytest.fixture(scope="module")
def gold():
    folder = ce.example().parents[2] / "training_data"
    path = folder / "written-dev.jsonl"
    if not path.exists():
        pytest.skip(f"needs the written replies of the checkout ({path})")
    return ce.read_replies(path)


def test_the_same_data_and_seed_give_the_same_bytes(gold, tmp_path):
    for name in ("a", "b"):
        ce.train(gold, tmp_path / name, seed=0)
    for file in ("meta.json", "vocabulary.json", "weights.npz"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_a_model_learns_and_is_recorded(gold, tmp_path):
    extractor = ce.train(gold, tmp_path / "m")
    meta = json.loads((tmp_path / "m" / "meta.json").read_text("utf-8"))
    assert meta["training"]["replies"] == len(gold) and set(meta["training"]["clauses"]) == set(CLAUSE_LABELS)
    assert ce.evaluate(extractor, gold).f1("statements") > 0.7  # on its own training data


def test_gold_that_teaches_nothing(tmp_path):
    with pytest.raises(SchemaError, match="at least two"):
        ce.train([ce.extract("感谢您的来信。")], tmp_path / "m")


@pytest.mark.parametrize("name", ["weights.npz", "vocabulary.json"])
def test_a_damaged_model_is_refused(gold, tmp_path, name):
    ce.train(gold[:8], tmp_path / "m")
    data = (tmp_path / "m" / name).read_bytes()
    (tmp_path / "m" / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match="damaged"):
        ce.load(tmp_path / "m")


def test_a_model_whose_parts_do_not_fit_is_refused(tmp_path):
    n = len(CLAUSE_LABELS)
    model = LinearClassifier({"a": 0}, np.zeros((1, n), "f4"), np.zeros(n, "f4"), np.zeros((n, n), "f4"))
    model.save(tmp_path)
    (tmp_path / "vocabulary.json").write_text('["a", "b"]', "utf-8")
    with pytest.raises(ModelError, match="2 features but weights"):
        LinearClassifier.load(tmp_path)


def test_no_rare_name_of_a_person_is_in_the_packaged_model(corpus):
    """What a tagger takes for a person's name, in few replies, is no feature of the model, whole or as three characters."""
    import re
    from collections import Counter
    from importlib.resources import files

    import rjieba

    tagger, count = rjieba.Jieba(), Counter()
    for reply in corpus:
        count.update({word for word, tag in tagger.tag(reply["text"], hmm=True) if tag == "nr" and len(word) == 3})
    vocabulary = json.loads((files("commitextract.models") / "default" / "vocabulary.json").read_text("utf-8"))
    pieces = {piece for name in vocabulary for piece in re.split("[_^$]", name.rpartition(":")[2])}
    assert {word for word, n in count.items() if n < 5} & pieces <= {"于今", "小学生"}
