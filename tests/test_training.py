import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import commitextract as ce
from commitextract import training
from commitextract.classifier import CLAUSE_LABELS, ModelError, NetworkClassifier
from commitextract.cli import app
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


def test_gold_with_faults_is_refused_before_anything_is_fitted(gold, tmp_path):
    first = gold[0].statements[0]
    cut = replace(first, end=first.end - 1, text=first.text[:-1], quantities=(), deadlines=())
    faulty = [replace(gold[0], statements=(cut, *gold[0].statements[1:])), *gold[1:]]
    with pytest.raises(SchemaError, match=f"{gold[0].id}.*does not end where a clause ends"):
        ce.train(faulty, tmp_path / "m")
    other = replace(gold[0], id="copy", statements=())
    with pytest.raises(SchemaError, match=f"copy: has the text of {gold[0].id} and other statements"):
        ce.train([*gold, other], tmp_path / "m")
    assert not (tmp_path / "m").exists()
    assert ce.train(faulty, tmp_path / "m", force=True).trained_on


def test_dev_scores_are_told_as_it_goes_and_dev_is_learnt_in_the_end(gold, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "FEWEST", 8)
    lines, read = [], []
    options = {"log": lines.append, "progress": lambda replies: read.append(replies) or replies}
    extractor = ce.train(gold[6:], tmp_path / "m", dev=gold[:6], **options)
    assert [line.partition(":")[0] for line in lines] == [f"fitted on {n} replies" for n in (8, 16, 32)]
    assert all("F1 of statements 0." in line and "6 others" in line for line in lines) and len(read) == 1
    assert extractor.trained_on == {reply.sha256[:16] for reply in gold}
    meta = json.loads((tmp_path / "m" / "meta.json").read_text("utf-8"))
    assert meta["dev"]["replies"] == 6 and list(meta["dev"]["statements"]) == ["8", "16", "32"]


def run(*arguments, code=0):
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_retraining_tells_what_it_changed(gold, tmp_path):
    (tmp_path / "data").mkdir()
    ce.write_replies(gold[:30], tmp_path / "data" / "a-train.jsonl")
    fresh = [
        replace(reply, text=reply.text + "\n特此答复。") for reply in gold[30:]
    ]  # unknown to the packaged model too
    ce.write_replies([*gold[28:30], *fresh], tmp_path / "data" / "a-test.jsonl")  # two replies stand in both
    ce.write_replies(gold[:9], tmp_path / "data" / "b-train.jsonl", text=False)  # no texts: left out
    ce.write_replies([ce.extract("我局将在年底前新建站点36个。", id="x")], tmp_path / "mine.jsonl")
    out = run("train", tmp_path / "data", tmp_path / "mine.jsonl", "-o", tmp_path / "m")
    assert "b-train.jsonl: 9 left out" in out and "trained on 31 replies" in out
    assert f"2 of {len(gold) - 28} test replies stand in the training data" in out and gold[28].id in out
    assert f"on {len(gold) - 30} test replies" in out and "retrained - packaged" in out
    assert "than chance (p 0." in out
    changed = [line for line in out.splitlines() if line.partition(":")[0].endswith(("improved", "worse"))]
    ids = [i for line in changed for i in line.partition(": ")[2].split()]
    assert len(changed) == 2 and set(ids) <= {r.id for r in gold[30:]} and len(ids) == len(set(ids))


def test_faulty_gold_on_the_command_line(gold, tmp_path):
    data = gold[0].to_dict()
    data["statements"][0] |= {"end": data["statements"][0]["end"] - 1, "quantities": [], "deadlines": []}
    del data["statements"][0]["text"]
    (tmp_path / "bad.jsonl").write_text(json.dumps(data), "utf-8")
    out = run("train", tmp_path / "bad.jsonl", "-o", tmp_path / "m", code=2)
    assert f"bad.jsonl: {gold[0].id}:" in out and "does not end where a clause ends" in out and "--force" in out
    assert not (tmp_path / "m").exists()


def test_cross_validation_on_the_command_line(tmp_path):
    texts = [f"{place}{n}局将在年底前新建站点。" for n in "一二三四" for place in ("澜阳市", "庐岗县")]
    texts += [text.replace("将在年底前新建", "去年已建成") for text in texts]
    ce.write_replies([ce.extract(t, id=t[:4] + str(n)) for n, t in enumerate(texts)], tmp_path / "gold.jsonl")
    out = run("train", tmp_path / "gold.jsonl", "-o", tmp_path / "m", "--cross-validate")
    assert "cross-validated" in out and "no test replies" in out


@pytest.mark.parametrize("name", ["weights.npz", "vocabulary.json"])
def test_a_damaged_model_is_refused(gold, tmp_path, name):
    ce.train(gold[:8], tmp_path / "m")
    data = (tmp_path / "m" / name).read_bytes()
    (tmp_path / "m" / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match="damaged"):
        ce.load(tmp_path / "m")


def test_a_model_whose_parts_do_not_fit_is_refused(tmp_path):
    n = len(CLAUSE_LABELS)
    shapes = {"weights": (1, n), "bias": n, "hidden": (1, 2), "hidden_bias": 2, "out": (2, n), "after": (n, n)}
    NetworkClassifier({"a": 0}, **{name: np.zeros(shape) for name, shape in shapes.items()}).save(tmp_path)
    (tmp_path / "vocabulary.json").write_text('["a", "b"]', "utf-8")
    with pytest.raises(ModelError, match="2 features but weights"):
        NetworkClassifier.load(tmp_path)


def test_no_rare_name_of_a_person_is_in_the_packaged_model(corpus):
    """What a tagger takes for a person's name, in few replies, is no feature of the model, whole or as three characters."""
    import re
    from collections import Counter
    from importlib.resources import files

    import rjieba

    tagger, count = rjieba.Jieba(), Counter()
    for reply in corpus:
        count.update({word for word, tag in tagger.tag(reply["text"], hmm=True) if tag == "nr" and len(word) == 3})
    model = files("commitextract.models") / "default"
    vocabulary = json.loads((model / "vocabulary.json").read_text("utf-8"))
    pieces = {piece for name in vocabulary for piece in re.split("[_^$]", name.rpartition(":")[2])}
    pieces |= {piece for name in json.loads((model / "actors.json").read_text("utf-8")) for piece in name.split()}
    assert {word for word, n in count.items() if n < 5} & pieces <= {"于今", "小学生"}
