"""The time of an extraction by stage, each against ``jieba.lcut`` on the same texts.

``python benchmarks/extraction.py [--texts FILE_OR_FOLDER …]`` reads the written gold and the texts given, and prints the table
of ``benchmarks/README.md``: CPU seconds of one thread, the least of three runs, warmed up.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import commitextract as ce
from commitextract import extractor as flow
from commitextract.datasets import read_texts

DATA = Path(__file__).parents[1] / "training_data"
DATE = "2021-08-30"
RUNS = 3
STAGES = {
    "normalize": "normalization",
    "read_layout": "layout",
    "find_names": "agencies",
    "Names": "names",
    "read_header": "header",
    "find_cues": "cues",
    "find_deadlines": "deadlines",
    "find_quantities": "quantities",
    "decode": "decoding",
}
"""What the flow calls, and the stage it is."""

Seconds = Counter[str]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", nargs="*", default=[], help="more texts (real replies)")
    texts = [r.text for name in ("train", "dev") for r in ce.read_replies(DATA / f"written-{name}.jsonl")]
    for source in parser.parse_args().texts:
        texts += read_texts(source).values()
    import jieba

    jieba.setLogLevel("WARNING")
    model, rules = ce.load(), ce.load(None)
    systems: dict[str, Callable[[str], Any]] = {
        "jieba.lcut": jieba.lcut,
        "extraction (model)": lambda text: model(text, date=DATE),
        "extraction (rules)": lambda text: rules(text, date=DATE),
    }
    for run in systems.values():
        run("我局将建站点36个。")
    seconds = {name: min(_seconds(run, texts) for _ in range(RUNS)) for name, run in systems.items()}
    spent = min((_stages(model, texts) for _ in range(RUNS)), key=lambda found: sum(found.values()))
    characters, reference = sum(map(len, texts)), seconds["jieba.lcut"]
    out = [
        f"{len(texts)} texts, {characters:,} characters, Python {platform.python_version()}, commitextract {ce.__version__}",
        "",
        "| | seconds | characters/s | time, jieba.lcut = 1 |",
        "|---|---:|---:|---:|",
    ]
    out += [
        f"| {name} | {s:.2f} | {characters / s:,.0f} | {s / reference:.2f} |" for name, s in (seconds | spent).items()
    ]
    sys.stdout.write("\n".join(out) + "\n")


def _seconds(run: Callable[[str], Any], texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        run(text)
    return time.process_time() - start


def _stages(extract: ce.Extractor, texts: list[str]) -> Seconds:
    """Return the seconds of each stage of an extraction, and those of the rest."""
    spent: Seconds = Counter()

    def timed(stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            start = time.process_time()
            result = call(*arguments, **named)
            spent[stage] += time.process_time() - start
            return result

        return run

    whole = {name: getattr(flow, name) for name in STAGES}
    parts = ce.Extractor(
        _Timed(extract.classifier, timed), timed("segmentation", extract.segmenter), ranker=extract.ranker
    )  # type: ignore[arg-type]
    link = flow.Linker.link
    try:
        for name, call in whole.items():
            setattr(flow, name, timed(STAGES[name], call))
        flow.Linker.link = timed("linking", link)  # type: ignore[method-assign]
        total = _seconds(lambda text: parts(text, date=DATE), texts)
    finally:
        for name, call in whole.items():
            setattr(flow, name, call)
        flow.Linker.link = link  # type: ignore[method-assign]
    return Counter({**spent, "the rest": total - sum(spent.values())})


class _Timed:
    """A classifier whose scores are timed."""

    def __init__(self, classifier: Any, timed: Callable[..., Any]) -> None:
        self.scores = timed("features and scores", classifier.scores)
        self.transitions = classifier.transitions
        self.calibration = classifier.calibration


if __name__ == "__main__":
    main()
