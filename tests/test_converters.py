import json
from pathlib import Path

import pytest

import commitextract as ce
from commitextract import converters
from commitextract.converters import FORMATS, ConvertError, from_doccano, from_inline, from_label_studio, read, write
from commitextract.datasets import check


@pytest.fixture(scope="module")
def replies():
    found = [ce.extract(ce.read_text(ce.example(name)), id=name) for name in ("letter", "inquiry", "message")]
    noisy = ce.extract("區(qū)民政局將在2021年底前新建\r\n站點３６個😀，共＜5＞項。比例1:1.4。", id="noisy")
    return [*found, noisy]


@pytest.mark.parametrize("form", FORMATS)
def test_round_trip_loses_nothing(replies, tmp_path, form):
    assert {q.change for r in replies for q in r.quantities} > {None}
    write(replies, tmp_path / "x", form)
    assert {r.id: r for r in read(tmp_path / "x", form)} == {r.id: r for r in replies}


def test_predictions_are_offered_for_correction(replies, tmp_path):
    write(replies, tmp_path / "x.json", "label-studio", predictions=True)
    tasks = json.loads((tmp_path / "x.json").read_text("utf-8"))
    assert "annotations" not in tasks[0] and tasks[0]["predictions"][0]["result"]
    assert "<Labels" in (tmp_path / "x.config.xml").read_text("utf-8")


def test_a_correction_in_label_studio_comes_back(replies):
    tasks = json.loads(converters.to_label_studio(replies[:1]))
    result = tasks[0]["annotations"][0]["result"]
    stage = next(r for r in result if r["from_name"] == "stage")
    stage["value"]["choices"] = ["planned" if stage["value"]["choices"] == ["underway"] else "underway"]
    (changed,) = from_label_studio(json.dumps(tasks))
    assert changed != replies[0] and len(changed.statements) == len(replies[0].statements)


def test_a_new_doccano_entity_is_taken_over(replies):
    data = json.loads(converters.to_doccano(replies[:1]))
    data["entities"].append({"id": 900, "label": "QUANTITY", "start_offset": 0, "end_offset": 2})
    data["entities"] = [{**e, "id": e["id"] + 50} for e in data["entities"]]
    data["relations"] = [{**r, "from_id": r["from_id"] + 50, "to_id": r["to_id"] + 50} for r in data["relations"]]
    (changed,) = from_doccano(json.dumps(data))
    assert changed.statements == tuple(
        s if not s.quantities else changed.statements[n] for n, s in enumerate(replies[0].statements)
    )
    assert len(changed.quantities) == len(replies[0].quantities) + 1


def shift(text, by):
    data = json.loads(text)
    for e in data["entities"]:
        e["start_offset"] += by
        e["end_offset"] += by
    data["spans"] = {}
    return json.dumps(data, ensure_ascii=False)


def test_shifted_offsets_are_refused(replies):
    reply = ce.extract("😀\r\n我局将在2021年底前新建站点36个。", id="x")
    with pytest.raises(ConvertError, match="code points"):
        list(from_doccano(shift(converters.to_doccano([reply]), -1)))
    tasks = json.loads(converters.to_label_studio([reply]))
    for item in tasks[0]["annotations"][0]["result"]:
        if "value" in item:
            item["value"]["start"] += 1
            item["value"]["end"] += 1
    with pytest.raises(ConvertError, match="UTF-16"):
        list(from_label_studio(json.dumps(tasks)))


@pytest.mark.parametrize(
    "form, content, message",
    [
        ("label-studio", "{", "no label-studio file"),
        ("doccano", '{"entities": []}', "no doccano file"),
        (
            "doccano",
            '{"text": "ab", "entities": [{"id": 1, "label": "QUANTITY", "start_offset": 1, "end_offset": 9}]}',
            "does not lie",
        ),
        ("inline", '==================== {"id": "x"}\n我局<Q>将\n', "not closed"),
        ("inline", "==================== x\n我局\n", "no JSON object"),
    ],
)
def test_errors(tmp_path, form, content, message):
    (tmp_path / "x").write_text(content, "utf-8")
    with pytest.raises(ConvertError, match=message):
        read(tmp_path / "x", form)


def test_inline_is_for_reading(replies):
    marked = converters.to_inline([ce.extract("我局将新建站点36个。", id="x")])
    assert "<COMMITMENT id=s1 stage=planned" in marked and "36个</Q>" in marked
    assert next(from_inline(marked)).id == "x"


FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize(
    "file, form", [("label-studio-1.23-export.json", "label-studio"), ("doccano-1.8-export.jsonl", "doccano")]
)
def test_what_the_real_tools_export_is_read_without_loss(file, form):
    """The fixtures are exports of Label Studio 1.23.0 and doccano 1.8.4 after an import of the example replies."""
    found = {r.id: r for r in read(FIXTURES / file, form)}
    assert set(found) == {"letter", "inquiry", "message"}
    for name, reply in found.items():
        assert reply.text == ce.read_text(ce.example(name))
        assert reply.statements and all(s.agencies or s.quantities or s.evidence for s in reply.statements)
        assert list(check(reply)) == []
