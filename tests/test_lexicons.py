from pathlib import Path

import pytest

from commitextract import lexicons
from commitextract.classifier import CLAUSE_LABELS

FOLDER = Path(lexicons.__file__).parent


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda p: p.stem)
def test_terms_are_sorted_and_stand_once(path):
    terms = lexicons.terms(path.stem)
    assert terms and list(terms) == sorted(set(terms))
    assert path.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda p: p.stem)
def test_rows_are_whole_and_stand_once(path):
    rows = [tuple(row.values()) for row in lexicons.table(path.stem)]
    assert rows and len(rows) == len(set(rows))
    assert all(None not in row and None not in keys for row, keys in zip(rows, lexicons.table(path.stem), strict=True))


def test_every_cue_has_a_rule_with_weights():
    rules = {row["feature"] for row in lexicons.table("rules")}
    unused = {row["rule"] for row in lexicons.table("cues")} - rules
    assert unused <= {"plan word", "start", "promise", "history", "obligation"}, unused


def test_weights_are_numbers_for_every_label():
    for row in lexicons.table("rules"):
        assert all(float(row[label]) == float(row[label]) for label in CLAUSE_LABELS)
