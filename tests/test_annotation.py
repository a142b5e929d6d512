import json

import numpy as np
import pytest
from typer.testing import CliRunner

import commitextract as ce
from commitextract import converters
from commitextract.annotation import select, uncertainty
from commitextract.cli import app

SURE = "感谢您的来信。"
CORPUS = [
    SURE,
    "感谢您的关心和支持。",
    "我局将于2022年底前新建站点36个。",
    "我局已于去年建成站点5个，运行良好。",
    "该路段暂不具备建设条件，无法安排。",
    "该路段纳入下一轮改造范围，视资金到位情况实施。",
    "社区每周巡查两次，由物业落实整改，群众反映较好。",
    "目前正在办理手续，预计三季度开工。",
    "道路两侧划线停车，高峰时段安排人员疏导。",
    "排水口由街道清掏，责任到人，长效管理。",
]


@pytest.fixture(scope="module")
def model():
    return ce.load()


def test_entropy_by_hand():
    halves = np.array([[0.5, 0.5, 0.0]])
    assert uncertainty(halves) == pytest.approx(np.log(2) / 5)  # one clause in doubt, four taken as sure
    assert uncertainty(np.zeros((0, 3))) == 0


def test_a_longer_reply_does_not_win_by_length_alone():
    sure, doubtful = np.array([[0.97, 0.01, 0.01, 0.01]] * 200), np.array([[0.3, 0.3, 0.2, 0.2]] * 4)
    assert uncertainty(doubtful) > uncertainty(sure)


def test_what_is_sure_comes_last_and_everything_comes_once(model):
    chosen = [r.text for r in select(model, CORPUS + CORPUS, n=99)]
    assert sorted(chosen) == sorted(CORPUS)
    assert chosen.index(SURE) >= 5


def test_a_copy_with_another_number_does_not_come_next(model):
    doubtful = select(model, CORPUS, n=1)[0].text
    assert select(model, [*CORPUS, doubtful + "（1）"], n=2)[1].text not in (doubtful, doubtful + "（1）")


def test_the_same_seed_chooses_the_same(model):
    copies = [f"{SURE}{mark}" for mark in "甲乙丙丁戊己庚辛"]
    choices = [[r.text for r in select(model, copies, n=3, seed=seed)] for seed in (1, 1)]
    assert choices[0] == choices[1]
    assert [r.text for r in select(model, copies, n=3, seed=1, n_jobs=2)] == choices[0]


def test_annotated_replies_are_left_out(model):
    first = select(model, CORPUS, n=1)[0]
    assert first.text not in [r.text for r in select(model, CORPUS, n=99, exclude=[first.sha256])]


def test_the_models_own_training_replies_are_left_out(tmp_path):
    gold = [ce.extract(text) for text in CORPUS[:6]]
    trained = ce.train(gold, tmp_path / "m")
    assert {r.text for r in select(trained, CORPUS, n=99)} == set(CORPUS[6:])


def test_a_record_that_cannot_be_read_is_passed_over(model):
    errors = []
    assert len(select(model, [{"id": "x"}, CORPUS[2]], errors=errors)) == 1
    assert errors[0].index == 0 and "no 'text'" in errors[0].error


def run(*arguments, code=0):
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def corpus_file(tmp_path):
    lines = [json.dumps({"id": f"r{n}", "text": text, "date": "2022-03-01"}) for n, text in enumerate(CORPUS)]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), "utf-8")
    return tmp_path / "corpus.jsonl"


def as_the_tool_exports_it(form, content):
    """What comes back when an annotator has submitted every task, one stage changed."""
    if form != "label-studio":
        return content.replace("stage=planned", "stage=underway").replace("COMMITMENT planned", "COMMITMENT underway")
    tasks = json.loads(content)
    for task in tasks:
        result = task.pop("predictions")[0]["result"]
        for item in result:
            if item.get("from_name") == "stage":
                item["value"]["choices"] = ["underway"]
        task["annotations"] = [{"result": result, "was_cancelled": False}]
    return json.dumps(tasks)


@pytest.mark.parametrize("form", ["label-studio", "doccano", "inline"])
def test_annotate_correct_train(form, corpus_file, tmp_path):
    task, export, model = tmp_path / "task", tmp_path / "export", tmp_path / "model"
    assert "8 replies" in run("annotate", corpus_file, "-n", 8, "--format", form, "-o", task)
    assert converters.detect(task) == form
    export.write_text(as_the_tool_exports_it(form, task.read_text("utf-8")), "utf-8")
    gold = converters.read(export)
    assert {r.meta.date for r in gold} == {"2022-03-01"}
    assert {s.stage for r in gold for s in r.commitments} == {"underway"}
    run("train", export, "-o", model)
    assert ce.load(model).trained_on == {r.sha256[:16] for r in gold}
    left = run("annotate", corpus_file, "--exclude", export, "--format", form, "-o", tmp_path / "rest")
    assert "2 replies" in left


def test_label_studio_tasks_that_nobody_has_submitted_are_no_gold(corpus_file, tmp_path):
    run("annotate", corpus_file, "-n", 2, "-o", tmp_path / "task.json")
    assert "submit it" in run("train", tmp_path / "task.json", "-o", tmp_path / "model", code=2)


def test_stand_off_gold_is_left_out_without_its_texts(corpus_file, tmp_path):
    ce.write_replies([ce.extract(text) for text in CORPUS[:7]], tmp_path / "gold.jsonl", text=False)
    out = run("annotate", corpus_file, "--exclude", tmp_path / "gold.jsonl", "-o", tmp_path / "task.json")
    assert "3 replies" in out
    assert "it must be one of" in run("annotate", corpus_file, "--format", "xml", "-o", tmp_path / "x", code=2)
