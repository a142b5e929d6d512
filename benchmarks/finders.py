"""Quantities and time expressions of commitextract, JioNLP and Recognizers-Text on the same gold, in one run.

``python benchmarks/finders.py [--texts FILE_OR_FOLDER …] [--environments FOLDER]`` installs the peers in throw-away
environments, runs all three and prints the tables of ``benchmarks/README.md``, which says what is compared.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import commitextract as ce
from commitextract.quantities import units

HERE = Path(__file__).parent
DATA = HERE.parent / "training_data"
PEERS = {
    "jionlp": (["jionlp"], "jionlp"),
    "recognizers": (["recognizers-text-suite", "emoji<2"], "recognizers-text-suite"),  # it needs emoji.UNICODE_EMOJI
}
OURS = "commitextract"
SPLITS = ("written-dev", "written-test", "real-dev", "real-test")

Row = dict[str, Any]
Match = Callable[[Row, Row], bool]


@dataclass(frozen=True)
class Counts:
    """How many gold items were found, of how many, among how many."""

    right: int
    gold: int
    found: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else 0.0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", nargs="*", default=[], help="texts of the stand-off gold (real replies)")
    parser.add_argument("--environments", type=Path, help="keep the peers' environments in this folder")
    arguments = parser.parse_args()
    gold = {name: _read(name, arguments.texts) for name in SPLITS}
    replies = [reply for split in gold.values() for reply in split]
    texts = "\n".join(
        json.dumps({"text": r.text, "date": r.meta.date or "2021-08-30"}, ensure_ascii=False) for r in replies
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.environments or Path(scratch)
        pythons = {OURS: sys.executable} | {name: _environment(folder / name, name) for name in PEERS}
        results = {name: _run(python, name, texts) for name, python in pythons.items()}
        versions = {name: _version(pythons[name], PEERS[name][1]) for name in PEERS} | {OURS: ce.__version__}
    _print(gold, results, versions)


def _read(split: str, texts: Sequence[str]) -> list[ce.Reply]:
    path = DATA / f"{split}.jsonl"
    if split.startswith("written"):
        return list(ce.read_replies(path))
    by_id: dict[str, str] = {}
    for source in texts:
        by_id |= ce.datasets.read_texts(source)
    return list(ce.read_replies(path, texts=by_id, skip_missing=True))


def _environment(folder: Path, name: str) -> str:
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PEERS[name][0]], check=True)
    return str(python)


def _version(python: str, package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run(
        [python, "-W", "ignore", "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def _run(python: str, name: str, texts: str) -> tuple[list[Row], Row]:
    command = [python, "-W", "ignore", str(HERE / "adapters.py"), name]
    done = subprocess.run(command, input=texts, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return lines[:-1], lines[-1]


# -- what is compared --------------------------------------------------------------------------------------------------


def _overlap(a: Row, b: Row) -> bool:
    return bool(a["start"] < b["end"] and b["start"] < a["end"])


def _same_span(a: Row, b: Row) -> bool:
    return bool((a["start"], a["end"]) == (b["start"], b["end"]))


def _same_value(gold: Row, found: Row) -> bool:
    """Whether the values agree; where gold is qualified (1200余万) a peer's range may begin or end with its value."""
    a, b = gold["value"], found["value"]
    if isinstance(a, str) or a is None or b is None:
        return bool(a == b)
    if isinstance(a, (tuple, list)):
        return isinstance(b, (tuple, list)) and all(map(_close, a, b))
    if isinstance(b, (tuple, list)):
        return bool(gold["modifier"]) and any(_close(a, x) for x in b)
    return not isinstance(b, str) and _close(a, b)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(1.0, abs(a))


def _count(pairs: Iterable[tuple[list[Row], list[Row]]], *match: Match) -> Counts:
    """Match gold and found one to one, in their order, where all of `match` hold."""
    right = gold_total = found_total = 0
    for gold, found in pairs:
        free = list(found)
        for g in gold:
            hit = next((f for f in free if all(holds(g, f) for holds in match)), None)
            if hit is not None:
                free.remove(hit)
                right += 1
        gold_total += len(gold)
        found_total += len(found)
    return Counts(right, gold_total, found_total)


def _quantities(reply: ce.Reply) -> list[Row]:
    return [
        {
            "start": q.start,
            "end": q.end,
            "value": q.value,
            "unit": q.unit,
            "modifier": q.modifier,
            "kind": _kind(q.unit),
        }
        for q in reply.quantities
    ]


def _kind(unit: str | None) -> str:
    dimension = units()[unit].dimension if unit in units() else "count"
    kinds = {"count": "number", "share": "percent"}
    return "money" if dimension.startswith("money") else kinds.get(dimension, "measure")


def _deadlines(reply: ce.Reply) -> tuple[list[Row], list[Row]]:
    """Return the gold deadlines, and the commitments in whose extent or at which they stand."""
    gold = {
        (d.start, d.end): {"start": d.start, "end": d.end, "first": d.earliest, "last": d.latest, "edtf": d.edtf}
        for s in reply.statements
        for d in s.deadlines
    }
    extents = [{"start": s.start, "end": s.end} for s in reply.statements if s.stage or s.deadlines]
    return sorted(gold.values(), key=lambda d: d["start"]), extents


def _same_due(gold: Row, found: Row) -> bool:
    return bool(gold["last"] == found["last"])


def _same_period(gold: Row, found: Row) -> bool:
    """Whether both days agree; a bound without a beginning in gold takes any."""
    return _same_due(gold, found) and (gold["first"] is None or gold["first"] == found["first"])


# -- the tables --------------------------------------------------------------------------------------------------------


def _print(
    gold: dict[str, list[ce.Reply]], results: dict[str, tuple[list[Row], Row]], versions: dict[str, str]
) -> None:
    replies = [reply for split in gold.values() for reply in split]
    sizes = ", ".join(f"{name} {len(split)}" for name, split in gold.items())
    characters = sum(len(r.text) for r in replies)
    out = [
        f"{dt.date.today()}, Python {platform.python_version()}, {_processor()}; "
        + ", ".join(f"{name} {version}" for name, version in versions.items()),
        f"{len(replies)} replies ({sizes}), {characters:,} characters, {sum(len(r.quantities) for r in replies):,} quantities, "
        f"{sum(len(_deadlines(r)[0]) for r in replies):,} deadlines",
        "",
        "| quantities | kind | gold | found (F1) | value (F1) | span and value (F1) | characters/s | time, ours = 1 |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for kinds in (("number", "measure", "percent", "money"), ("measure", "percent", "money"), ("money",)):
        for name in results:
            out.append(_quantity_row(name, kinds, replies, results))
    out += [
        "",
        "| time expressions in commitments | gold | found (F1) | last day (F1) | period (F1) | found (recall) | period (recall) "
        "| characters/s | time, ours = 1 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    out += [_time_row(name, replies, results) for name in results]
    sys.stdout.write("\n".join(out) + "\n")


def _quantity_row(
    name: str, kinds: tuple[str, ...], replies: Sequence[ce.Reply], results: dict[str, tuple[list[Row], Row]]
) -> str:
    what = {4: "all", 3: "with a unit of measure, percent, money", 1: "money"}[len(kinds)]
    if name == "jionlp" and len(kinds) > 1:
        return f"| {name} | {what} | | finds money only | | | | |"
    pairs = [
        ([q for q in _quantities(r) if q["kind"] in kinds], [q for q in row["quantities"] if q["kind"] in kinds])
        for r, row in zip(replies, results[name][0], strict=True)
    ]
    found = _count(pairs, _overlap)
    value, exact = _count(pairs, _overlap, _same_value), _count(pairs, _same_span, _same_value)
    speed = (
        _speed(name, "quantities", results)
        if len(kinds) in (1, 4) and (name == "jionlp" or len(kinds) == 4)
        else "| | |"
    )
    return f"| {name} | {what} | {found.gold} | {found.f1:.3f} | {value.f1:.3f} | {exact.f1:.3f} {speed}"


def _time_row(name: str, replies: Sequence[ce.Reply], results: dict[str, tuple[list[Row], Row]]) -> str:
    pairs = []
    for reply, row in zip(replies, results[name][0], strict=True):
        gold, extents = _deadlines(reply)
        near = [*extents, *gold]
        if reply.meta.date:
            pairs.append((gold, [t for t in row["times"] if any(_overlap(t, place) for place in near)]))
    found, due, period = (_count(pairs, _overlap, *more) for more in ((), (_same_due,), (_same_period,)))
    recall = f"{found.right / found.gold:.3f} | {period.right / period.gold:.3f}"
    speed = _speed(name, "times", results)
    return f"| {name} | {found.gold} | {found.f1:.3f} | {due.f1:.3f} | {period.f1:.3f} | {recall} {speed}"


def _speed(name: str, task: str, results: dict[str, tuple[list[Row], Row]]) -> str:
    seconds = {n: result[1]["seconds"][task] for n, result in results.items()}
    speed = results[name][1]["characters"] / seconds[name]
    errors = results[name][1]["errors"][task]
    return f"| {speed:,.0f} | {seconds[name] / seconds[OURS]:.2f}{f' ({errors} errors)' if errors else ''} |"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
