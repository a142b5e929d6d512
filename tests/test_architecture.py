"""Imports point down the flow only; nothing prints but the command line; importing does no work."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import commitextract

PACKAGE = Path(commitextract.__file__).parent
FLOW = [
    "cli",
    "evaluation_report",
    "verdict",
    "plots",
    "report",
    "annotation",
    "suspects",
    "training",
    "validation",
    "actor_training",
    "converters",
    "sheet",
    "inline",
    "datasets",
    "readers",
    "api",
    "duplicates",
    "batch",
    "comparison",
    "evaluation",
    "scoring",
    "errors",
    "matching",
    "statistics",
    "fitting",
    "extractor",
    "linking",
    "actors",
    "roles",
    "reference",
    "limits",
    "header",
    "respondent",
    "ranking",
    "names",
    "decoding",
    "classifier",
    "features",
    "agency_table",
    "agencies",
    "stretches",
    "deadlines",
    "periods",
    "expressions",
    "almanac",
    "quantities",
    "counted",
    "exclusions",
    "amounts",
    "cues",
    "segmentation",
    "layout",
    "edtf",
    "units",
    "numerals",
    "normalization",
    "lexicons",
    "schema",
]
UPWARD = {
    ("schema", "report"),
    ("schema", "units"),
    ("extractor", "batch"),
    ("evaluation", "evaluation_report"),
}  # inside a function: a method that is a short cut


def imports(module):
    tree = ast.parse((PACKAGE / f"{module}.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("commitextract"):
            parts = node.module.split(".")[1:]
            yield from parts or [a.name for a in node.names]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("commitextract."))


def modules():
    return sorted(p.stem for p in PACKAGE.glob("*.py") if not p.stem.startswith("__"))


def test_every_module_has_its_place():
    assert set(modules()) <= set(FLOW)


@pytest.mark.parametrize("module", modules())
def test_imports_point_down(module):
    for target in imports(module):
        if target in FLOW and (module, target) not in UPWARD:
            assert FLOW.index(target) > FLOW.index(module), f"{module} imports {target}"


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda p: p.stem)
def test_only_the_command_line_prints(path):
    calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
    printing = [c for c in calls if getattr(c.func, "id", "") == "print" or getattr(c.func, "attr", "") == "echo"]
    assert path.stem == "cli" or not printing


def test_extraction_needs_none_of_the_heavy_packages():
    code = (
        "import sys, commitextract as ce; ce.extract('我局将新建站点36个。');"
        "print([m for m in ('spacy', 'sklearn', 'pandas', 'jieba', 'joblib') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_functions_are_of_a_readable_size():
    for path in PACKAGE.glob("*.py"):
        code = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(code):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 75, f"{path.name}: {node.name}"
