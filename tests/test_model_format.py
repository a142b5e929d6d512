"""A model directory is plain data; what is damaged, truncated, foreign or of a newer release is refused in clear words."""

import io
import json
import pickle
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import commitextract as ce
from commitextract.classifier import ModelError

TEXT = "我局将在年底前新建站点36个。目前已建成站点5个。"
FILES = ("meta.json", "vocabulary.json", "weights.npz", "actors.json")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    texts = [f"{who}局将在年底前新建站点。去年已建成站点。感谢您的来信。" for who in "甲乙丙丁戊己庚辛"]
    folder = tmp_path_factory.mktemp("model")
    ce.train([ce.extract(text) for text in texts], folder)
    assert sorted(p.name for p in folder.iterdir()) == sorted(FILES)
    return folder


@pytest.fixture
def copy(model, tmp_path):
    return Path(shutil.copytree(model, tmp_path / "m"))


def test_the_packaged_model_is_small_and_plain():
    packaged = list((files("commitextract.models") / "default").iterdir())
    assert sum(len(f.read_bytes()) for f in packaged) <= 10_000_000
    assert {f.name for f in packaged} == set(FILES)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0, 0.01, 0.2, 0.5, 0.8, 0.99, 1])
def test_a_truncated_file_is_refused(copy, name, share):
    data = (copy / name).read_bytes()
    (copy / name).write_bytes(data[: min(int(share * len(data)), len(data.rstrip()) - 1)])
    with pytest.raises(ModelError, match=r"damaged|no model directory"):
        ce.load(copy)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(copy, name):
    (copy / name).unlink()
    with pytest.raises(ModelError, match=r"damaged|no model directory"):
        ce.load(copy)


def test_a_changed_byte_is_refused_or_changes_nothing(copy):
    data = (copy / "weights.npz").read_bytes()
    expected = ce.load(copy)(TEXT)
    for place in range(0, len(data), max(1, len(data) // 60)):
        (copy / "weights.npz").write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            assert ce.load(copy)(TEXT) == expected  # a date or a flag of the archive
        except ModelError as error:
            assert "damaged" in str(error)


class Payload:
    def __reduce__(self):
        return (Path.touch, (Path("ran"),))


def archive(**arrays):
    data = io.BytesIO()
    np.savez_compressed(data, **arrays)
    return data.getvalue()


def test_code_in_a_weights_file_never_runs(copy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arrays = {name: np.array([Payload()], dtype=object) for name in np.load(copy / "weights.npz").files}
    for data in (pickle.dumps(Payload()), archive(**arrays)):
        (copy / "weights.npz").write_bytes(data)
        with pytest.raises(ModelError, match="damaged"):
            ce.load(copy)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda array: array.astype(np.float64),
        lambda array: array.astype(np.int32),
        lambda array: array.astype(np.float16 if array.dtype == np.float32 else np.float32),
        lambda array: np.full_like(array, np.nan),
        lambda array: np.full_like(array, np.inf),
        lambda array: array[:-1],
        lambda array: array.astype(str),
    ],
)
def test_weights_that_training_does_not_write_are_refused(copy, change):
    with np.load(copy / "weights.npz") as data:
        arrays = dict(data)
    for name in arrays:
        (copy / "weights.npz").write_bytes(archive(**{**arrays, name: change(arrays[name])}))
        with pytest.raises(ModelError, match="damaged"):
            ce.load(copy)


def doubled(names):
    return [names[0], *names[:-1]]


@pytest.mark.parametrize("change", [dict.fromkeys, len, doubled, lambda names: [*names[:-1], 7], lambda names: None])
def test_a_vocabulary_that_training_does_not_write_is_refused(copy, change):
    names = json.loads((copy / "vocabulary.json").read_text("utf-8"))
    (copy / "vocabulary.json").write_text(json.dumps(change(names)), "utf-8")
    with pytest.raises(ModelError, match=r"vocabulary\.json is no list of different names"):
        ce.load(copy)


@pytest.mark.parametrize(
    "content", ["[]", "7", '{"a": "x"}', '{"a": NaN}', '{"a": Infinity}', '{"a": [1]}', "[" * 100_000]
)
def test_a_ranker_that_training_does_not_write_is_refused(copy, content):
    (copy / "actors.json").write_text(content, "utf-8")
    with pytest.raises(ModelError, match=r"damaged.*actors.json"):
        ce.load(copy)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"schema": 99}, "model schema 99; this release reads [0-9]+; update commitextract"),
        ({"schema": None}, "model schema None"),
        ({"schema": "1"}, "model schema '1'"),
        ({"classifier": "joblib"}, "classifier 'joblib'; this release knows"),
        ({"classifier": ["network"]}, "this release knows"),
        ({"classifier": "linear"}, "this release knows 'rules' and 'network': train it again"),
        ({"labels": ["none", "PROMISE"]}, "labels .*PROMISE.*; this release knows"),
        ({"segmenter": {"name": "other"}}, "segmenter"),
        ({"segmenter": None}, "segmenter"),
        ({"training": ["a"]}, "meta.json"),
        ({"training": {"sha256": 7}}, "meta.json"),
    ],
)
def test_a_foreign_meta_file_is_refused(copy, change, message):
    meta = json.loads((copy / "meta.json").read_text("utf-8")) | change
    (copy / "meta.json").write_text(json.dumps(meta), "utf-8")
    with pytest.raises(ModelError, match=message):
        ce.load(copy)


@pytest.mark.parametrize("content", ["[]", "7", "null", '"linear"', "[" * 100_000, "\ufeff{}", "{'schema': 1}"])
def test_other_json_is_no_model(copy, content):
    (copy / "meta.json").write_text(content, "utf-8")
    with pytest.raises(ModelError, match=r"no model directory|model schema"):
        ce.load(copy)
