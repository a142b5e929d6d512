import json

import pytest
from typer.testing import CliRunner

import commitextract as ce
from commitextract.cli import app

RUN = CliRunner()


def run(*arguments, code=0, **options):
    result = RUN.invoke(app, [str(a) for a in arguments], **options)
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.txt").write_text("我局将在2021年底前新建站点36个。", "utf-8")
    (tmp_path / "b.txt").write_bytes("我局已建成站点5个。".encode("gb18030"))
    (tmp_path / "c.txt").write_text("", "utf-8")
    return tmp_path


def test_example_on_the_screen():
    out = run("extract", "--example")
    assert "COMMITMENT" in out and "青川市住房和城乡建设局" in out


def test_a_failed_file_is_listed_and_the_rest_is_written(folder):
    out = run("extract", folder, "-o", folder / "out.jsonl", code=1)
    assert "failed" in out and "c.txt" in out and "2 replies" in out
    lines = [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["a", "b"]
    assert lines[0]["statements"][0]["deadlines"][0]["edtf"] == "../2021-12-31"


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".html", ".parquet"])
def test_outputs(folder, ending):
    (folder / "c.txt").unlink()
    run("extract", folder, "-o", folder / f"out{ending}")
    assert (folder / f"out{ending}").stat().st_size > 200


def test_ledger(folder):
    out = run("ledger", "--as-of", "2022-01-01", folder / "a.txt")
    assert "已逾期" in out and "36个" in out
    run("ledger", "--as-of", "2022-01-01", folder / "a.txt", "-o", folder / "out.xlsx")


def test_standard_input():
    assert "REFUSAL" in run("extract", "-", input="该路段暂不具备建设条件。\n")


def test_info(folder):
    assert "NetworkClassifier" in run("info") and "RuleClassifier" in run("info", "rules")
    run("extract", folder / "a.txt", "-o", folder / "gold.jsonl")
    assert "1 replies, 1 statements, 1 COMMITMENT" in run("info", folder / "gold.jsonl")


def test_stand_off_replies_without_a_text_are_named_and_the_rest_is_checked(tmp_path):
    gold, texts = tmp_path / "gold.jsonl", tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("我局已新建站点36个。", "utf-8")
    replies = [ce.extract("我局已新建站点36个。", id=i) for i in ("a", "b")]
    ce.write_replies(replies, gold, text=False)
    assert "left out, no text is there: b" in run("check", gold, "--texts", texts)
    assert "none of its 2 texts" in run("check", gold, code=2)


@pytest.fixture
def gold(tmp_path):
    replies = [ce.extract(ce.read_text(ce.example(name)), id=name) for name in ("letter", "message")]
    ce.write_replies(replies, tmp_path / "mine-test.jsonl")
    return tmp_path


def test_evaluate(gold):
    out = run("evaluate", gold)  # the folder's test files
    assert [line.split()[0] for line in out.splitlines()][:2] == ["F1", "statements"]
    assert "rules" in out and "model - rules" in out and "annotators" in out
    run("evaluate", gold, "-o", gold / "out.json")
    data = json.loads((gold / "out.json").read_text("utf-8"))
    assert data["figures"]["model"]["statements"]["f1"] == 1.0 and set(data["evaluations"]) == {
        "rules",
        "model",
        "annotators",
    }
    run("evaluate", gold, "--model", "rules", "--given", "-o", gold / "out.csv")
    assert (gold / "out.csv").read_text("utf-8").startswith("system,slice,value,replies,metric,right,gold,pred,")


def test_evaluate_predictions_of_another_system(gold):
    ce.write_replies([ce.load(None)(ce.read_text(ce.example("letter")), id="letter")], gold / "pred.jsonl")
    assert "no reply 'message', which the gold has" in run("evaluate", gold, "--pred", gold / "pred.jsonl", code=2)
    out = run("evaluate", gold, "--pred", gold / "mine-test.jsonl")
    assert "pred" in out.splitlines()[0] and "1.000" in out.splitlines()[1]


def test_evaluate_warns_of_replies_that_the_model_knows(gold):
    ce.train(ce.read_replies(gold / "mine-test.jsonl"), gold / "model")
    assert "trained on 2 of the 2 replies" in run("evaluate", gold, "--model", gold / "model")


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["extract"], "nothing to read"),
        (["extract", "x.txt", "-o", "out.doc"], "ending must be one of"),
        (["extract", "x.txt", "--model", "nowhere"], "no model directory"),
        (["extract", "x.txt", "--date", "yesterday"], "YYYY-MM-DD"),
        (["ledger", "--as-of", "x", "--example"], "YYYY-MM-DD"),
        (["evaluate", "nowhere.jsonl"], "No such file"),
        (["evaluate", "."], "no .jsonl file with 'test' in its name"),
        (["evaluate", "x.jsonl", "-o", "out.doc"], "ending must be one of .html .md .json .csv"),
        (["info", "nowhere.jsonl"], "no file of annotated replies"),
    ],
)
def test_wrong_use(arguments, message):
    assert message in run(*arguments, code=2)


def test_version():
    assert run("--version").strip().count(".") == 2
