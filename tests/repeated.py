"""Adversarial texts: one unit over and over, for every character and term that a pattern or a lexicon knows.

``python tests/repeated.py`` times every stage on all of them (some minutes) and prints the worst; `test_linear_time` takes
those that were worst, and a sample.
"""

from __future__ import annotations

import json
import re
import sys
import time
import timeit
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from conftest import ROOT

from commitextract import agencies, deadlines, layout, limits, normalization, numerals, quantities
from commitextract.lexicons import table, terms

LENGTH = 100_000
DATE = "2021-08-30"
_MARKS = "0123456789 \n\t\u3000()（）“”\"'‘’《》〈〉〔〕[],.，。、；：？！-—~～:;%％/&#<>+*_|aAＡ０①é\u200b\x00𠀀"


FINDERS: dict[str, Callable[[str], Any]] = {
    "normalize": normalization.normalize,
    "read_layout": layout.read_layout,
    "find_agencies": agencies.find_agencies,
    "find_places": agencies.find_places,
    "find_deadlines": lambda text: deadlines.find_deadlines(text, DATE),
    "find_quantities": quantities.find_quantities,
}


def ordinary() -> str:
    """Return ordinary text of the length of the adversarial: the written development replies."""
    lines = (ROOT / "training_data" / "written-dev.jsonl").read_text("utf-8").splitlines()
    text = "\n".join(json.loads(line)["text"] for line in lines)
    return (text * (LENGTH // len(text) + 1))[:LENGTH]


def known_terms() -> list[str]:
    """Return every term of the lexicons."""
    found: dict[str, None] = {}
    for path in sorted(files("commitextract.lexicons").iterdir(), key=lambda p: p.name):
        name, _, kind = path.name.rpartition(".")
        rows = (
            terms(name) if kind == "txt" else [v for r in table(name) for v in r.values() if v] if kind == "csv" else ()
        )
        found |= dict.fromkeys(rows)
    return list(found)


def characters() -> list[str]:
    """Return every character that stands in a term or in the source of a pattern."""
    modules = (agencies, deadlines, layout, limits, normalization, numerals, quantities)
    values = [value for module in modules for value in vars(module).values()]
    sources = [v.pattern if isinstance(v, re.Pattern) else v for v in values if isinstance(v, re.Pattern | str)]
    return sorted(set("".join([*known_terms(), *sources, _MARKS])))


def repeated(unit: str, length: int = LENGTH) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def seconds(run: Callable[[str], object], text: str, times: int = 1) -> float:
    """Return the CPU seconds of a run, the least of some, without the garbage collector (as `timeit` measures)."""
    return min(timeit.repeat(lambda: run(text), timer=time.process_time, repeat=times, number=1))


def main(length: int = 2_000) -> None:
    """Print, for each finder, the units on which it is slowest, in times of ordinary text."""
    text = ordinary()
    units = [*characters(), *(t for t in known_terms() if len(t) > 1)]
    for name, find in FINDERS.items():
        find(text[:length])
        usual = seconds(find, text, 2) * length / LENGTH
        first = sorted(((seconds(find, repeated(u, length)) / usual, u) for u in units), reverse=True)[:40]
        usual = seconds(find, text, 2)
        again = sorted(((seconds(find, repeated(u), 2) / usual, u) for _, u in first), reverse=True)[:12]
        sys.stdout.write(f"{name}: {', '.join(f'{u!r} {ratio:.1f}' for ratio, u in again)}\n")


if __name__ == "__main__":
    main()
