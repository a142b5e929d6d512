"""The README's first program gives the output it shows; its other programs run; its commands are the real ones."""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import commitextract as ce
from commitextract.cli import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
AGENCIES = README.split("```csv\n")[1].split("```")[0]
PROGRAMS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_first_result_stands_within_25_lines():
    assert README.split("```text")[1].split("```")[0].count("\n") >= 2
    assert README[: README.index("```text")].count("\n") < 25


def test_the_first_program_gives_what_it_shows():
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(PROGRAMS[0], {})
    assert out.getvalue() == README.split("```text\n")[1].split("```")[0]


def test_the_other_programs_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my_agencies.csv").write_text(AGENCIES, "utf-8")
    exec("import commitextract as ce\n" + "\n".join(PROGRAMS[1:]), {})


@pytest.mark.parametrize("line", re.findall(r"^(commitextract .*?)(?:  +#.*)?$", README, re.MULTILINE))
def test_the_commands_run(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my_agencies.csv").write_text(AGENCIES, "utf-8")
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "a.txt").write_text("我局将在2021年底前新建站点36个。", "utf-8")
    (tmp_path / "training_data").mkdir()
    (tmp_path / "models").mkdir()
    gold = [ce.extract(ce.read_text(ce.example(name)), id=name) for name in ("letter", "inquiry", "message")]
    ce.write_replies(gold, "mine.jsonl")
    ce.write_replies(gold, "training_data/real-train.jsonl", text=False)
    Path("replies.jsonl").write_text("".join(json.dumps({"id": r.id, "text": r.text}) + "\n" for r in gold), "utf-8")
    result = CliRunner().invoke(app, line.split()[1:])
    assert result.exit_code == 0, result.output


def test_the_set_up_lines_are_those_of_ci():
    assert 'pip install -e ".[dev]" && pytest' in README
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert 'pip install -q -e ".[dev]"' in ci and "\npytest\n" in ci
