"""The evaluation report: its sentences and numbers, that it lists every error, and that no text of a reply gets loose in it."""

import base64
import hashlib
import re

import pytest
from conftest import HOSTILE, reading
from typer.testing import CliRunner

import commitextract as ce
from commitextract.cli import app
from commitextract.evaluation import Evaluation, metrics
from commitextract.evaluation_report import (
    TOPICS,
    Report,
    evaluation_markdown,
    evaluation_page,
    in_markdown,
    marked,
    values,
)
from commitextract.verdict import summary


@pytest.fixture(scope="session")
def page(evaluations):
    return evaluation_page(evaluations)


def test_every_measure_has_its_row():
    shown = [metric for group in TOPICS.values() for metric in group]
    rest = {f"{name}:{label}" for name in ("statements/exact", "clauses") for label in (*ce.schema.LABELS, "macro")}
    assert len(shown) == len(set(shown)) and set(metrics()) == set(shown) | rest


def test_three_sentences(evaluations):
    good, weak, advice = Report(evaluations).summary
    # of 6 statements 4 are found, one as another label; one more is spurious: 3 of 5 + 1 + 1
    assert (
        "Of the 6 statements that people marked in 3 replies “model” finds 67 %, and 67 % of those it gives are right"
        in good
    )
    assert "two annotators agree at 0.94" in good and "“rules” reaches 0.50: the difference of +0.17" in good
    assert weak.startswith("Trust it least with refusals (F1 0.00, ") and "; 1 in the gold) and " in weak
    assert "the lead agency" not in weak and "the strength (firm or hedged) of a commitment found" in weak
    assert advice.startswith("Check every row in its place") and "33 % of what was said is missing" in advice
    assert "there is no score above which 90 % of the rows are right" in advice
    assert "a score must not be read as the chance that its row is right (calibration error 0.23)" in advice


def test_what_to_do_follows_the_numbers():
    gold, pred = (
        [reading("<REFUSAL>过街天桥暂不具备条件</REFUSAL>。", f"r{n}", score) for n in range(40)]
        for score in (1.0, 0.98)
    )
    best = ce.score(gold, pred)
    sentences = summary({"model": best, "annotators": best}, "model", None)
    assert "“model” finds 100 %" in sentences[0] and "the difference" not in sentences[0]
    assert sentences[1].startswith("No label and no attribute is below 0.9; no kind of reply is read worse")
    assert sentences[2].startswith("Check samples, as with a second annotator (0 % of what was said is missing)")
    assert "rows scored 0.98 or more are right in 100 %" in sentences[2]
    assert "a score can be read as the chance that its row is right (calibration error 0.02)" in sentences[2]
    # where all is scored 1, as in gold, nothing is scored
    unscored = summary({"second": ce.score(gold, gold)}, "second", None)[2]
    assert unscored.endswith("(0 % of what was said is missing).")
    nothing = ce.score([reading("您好。", "a")], [reading("您好。", "a")])
    assert (
        summary({"model": nothing}, "model", None)[0] == "There is no statement in the 1 replies, and none was found."
    )


def test_the_weak_kind_of_reply_is_named():
    good, bad = "<COMMITMENT>我局将新建站点</COMMITMENT>。", "<COMMITMENT>我局將新建學校</COMMITMENT>。"
    marks = [good] * 60 + [bad] * 30
    gold = [reading(mark, str(n)) for n, mark in enumerate(marks)]
    pred = [
        reading(mark.replace("COMMITMENT", "REFUSAL") if mark == bad else mark, str(n)) for n, mark in enumerate(marks)
    ]
    weak = summary({"model": ce.score(gold, pred)}, "model", None)[1]
    assert "with commitments (F1 0.80, " in weak and "agency" not in weak
    assert "and with traditional script (F1 of statements 0.00, 0.00–0.10; 30 replies)" in weak


def test_every_error_is_listed_once(evaluations, page):
    errors = list(evaluations["model"].errors)
    assert page.count("<tr data-kind=") == len(errors) == sum(len(group) for _, group in Report(evaluations).errors)
    assert {e.kind for _, e in errors} == {"missed", "spurious", "label", "strength"}
    for name, choices in Report(evaluations).choices.items():
        assert sum(n for _, n in choices) == len(errors), name


def test_an_error_shows_both_readings(evaluations):
    for _, error in evaluations["model"].errors:
        parts = list(marked(error))
        assert "".join(text for text, _ in parts) == error.context
        for name, statement in (("gold", error.gold), ("pred", error.pred)):
            held = "".join(text for text, holders in parts if name in holders.split())
            assert held == (statement.text if statement else "")
        assert values(error) == (("firm", "hedged") if error.kind == "strength" else None)


def test_the_page_is_closed(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert not re.search(r"https?:|@import|url\(| on\w+=\"| style=", page)


def test_no_text_of_a_reply_gets_loose(evaluations, page):
    assert HOSTILE not in page and "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in page
    text = evaluation_markdown(evaluations)
    assert "<img" not in text and "</script" not in text


def test_figures_can_be_read_without_seeing_them(page):
    figures = re.findall(r"<figure>(.*?)</figure>", page, re.DOTALL)
    assert len(figures) == 3  # three replies are too few for slices
    for figure in figures:
        title, desc = re.search(r'<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)">', figure).groups()
        assert f'<title id="{title}">' in figure and f'<desc id="{desc}">' in figure
        assert "<table" in figure and "<text" in figure


def test_markdown_says_the_same(evaluations):
    text = evaluation_markdown(evaluations)
    for sentence in Report(evaluations).summary:
        assert sentence in text
    assert "| statements | 6 | 0.50 (" in text and "\n### missed: " in text
    assert "\n- REFUSAL, r0: " in text and "**过街天桥暂不具备条件**" in text
    tables = [block.split("\n") for block in text.split("\n\n") if block.startswith("|")]
    assert len(tables) == 4 and all(
        len({re.sub(r"\\\|", "", row).count("|") for row in table}) == 1 for table in tables
    )


@pytest.mark.parametrize(
    "text, shown",
    [
        ("站点*甲*\n和|乙", r"站点\*甲\* 和\|乙"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("[a](b) `c` #1 ~d~", r"\[a\](b) \`c\` \#1 \~d\~"),
    ],
)
def test_markdown_keeps_text_as_it_is(text, shown):
    assert in_markdown(text) == shown


def test_one_system_alone_and_nothing_wrong(evaluations):
    gold = [reading("<REFUSAL>过街天桥暂不具备条件</REFUSAL>。", "a")]
    alone = {"mine": ce.score(gold, gold)}
    assert "There is no error." in evaluation_page(alone) and "<script>" not in evaluation_page(alone)
    assert "annotators" not in evaluation_page(alone) and "There is no error." in evaluation_markdown(alone)


@pytest.mark.parametrize("given", [{}, {"annotators": ce.annotators()}, {"model": Evaluation(())}])
def test_a_report_needs_a_system_with_replies(given):
    with pytest.raises(ValueError, match="needs the evaluation of a system over at least one reply"):
        Report(given)


def test_systems_read_the_same_replies(evaluations):
    with pytest.raises(ValueError, match="same replies"):
        evaluation_page({"rules": evaluations["annotators"], "model": evaluations["model"]})


def test_to_html(evaluations, tmp_path):
    evaluations["model"].to_html(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("name, start", [("report.html", "<!DOCTYPE html>"), ("report.md", "# How far to trust")])
def test_the_command_writes_a_report(name, start, tmp_path):
    gold = [reading("<COMMITMENT>我局将于年底前新建站点20个</COMMITMENT>。", "a")]
    ce.write_replies(gold, tmp_path / "gold.jsonl")
    result = CliRunner().invoke(app, ["evaluate", str(tmp_path / "gold.jsonl"), "-o", str(tmp_path / name)])
    text = (tmp_path / name).read_text("utf-8")
    assert result.exit_code == 0, result.output
    assert text.startswith(start) and "“rules” reaches" in text and "two annotators agree at" in text
