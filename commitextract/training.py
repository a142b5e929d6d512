"""Training: annotated replies in, a model directory out. The same data and seed give the same bytes."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from commitextract.actor_training import fit_actors
from commitextract.classifier import CLAUSE_LABELS
from commitextract.datasets import faults
from commitextract.evaluation import Evaluation, evaluate
from commitextract.extractor import ACTORS, HASH_DIGITS, MODEL_SCHEMA, Extractor, load
from commitextract.fitting import Example, calibrate, fit, read_example
from commitextract.schema import Reply, SchemaError
from commitextract.validation import cross_validate

FEWEST = 40
"""So many replies at least are fitted on as a step on the way to all of them, and cross-validated to calibrate scores."""


def train(
    gold: Sequence[Reply],
    output: str | Path,
    *,
    seed: int = 0,
    dev: Sequence[Reply] = (),
    held_out: Evaluation | None = None,
    progress: Callable[[Sequence[Reply]], Iterable[Reply]] | None = None,
    log: Callable[[str], None] | None = None,
    force: bool = False,
) -> Extractor:
    """Fit a model on annotated replies and write it.

    Parameters
    ----------
    gold : sequence of Reply
        Annotated replies, with their texts.
    output : str or Path
        The model's directory; made if need be.
    seed : int
        Recorded; it draws the network's first weights and what it does not see at each pass.
    dev : sequence of Reply
        Annotated replies on which models of a quarter, half and all of the gold are scored: is it worth annotating more?
        The model that is written has learnt from them too; those scores are of models that had not.
    held_out : Evaluation, optional
        The gold as models read it that were fitted without its place (`commitextract.validation.cross_validate`), by which
        scores are calibrated; made if not given.
    progress : callable, optional
        Wraps the replies as they are read, such as ``tqdm.tqdm``.
    log : callable, optional
        Receives a line about each model as it is fitted.
    force : bool
        Train on gold with faults too.

    Returns
    -------
    Extractor
        With the new model.

    Raises
    ------
    SchemaError
        If the gold breaks the guidelines (`commitextract.datasets.faults`), or holds fewer than two labels.
    """
    if not force:
        _refuse_faults([*gold, *dev])
    rules = load(None)
    examples = [read_example(rules, reply) for reply in (progress(gold) if progress else gold)]
    scores: dict[str, float | None] = {}
    for n in _steps(len(gold)) if dev else [len(gold)]:
        model = fit(_sample(examples, n, seed), seed=seed)
        told = f"fitted on {n:,} replies"
        if dev:
            scores[str(n)] = f1 = evaluate(Extractor(model, rules.segmenter), dev).f1("statements")
            told += f": F1 of statements {f1 or 0:.3f} on {len(dev):,} others"
        if log:
            log(told)
    everything = [*gold, *dev]
    if dev:
        examples += [read_example(rules, reply) for reply in dev]
        model = fit(examples, seed=seed)
    if held_out is None and len(gold) >= FEWEST:
        held_out = cross_validate(gold, seed=seed)
    if held_out is not None:
        found = held_out.predictions()
        model = replace(model, calibration=calibrate([score for _, score, _ in found], [right for *_, right in found]))
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    model.save(folder)
    fit_actors(rules, everything).save(folder / ACTORS)
    meta = _meta(everything, Counter(label for _, labels in examples for label in labels), len(model.vocabulary), seed)
    meta |= {"dev": {"replies": len(dev), "statements": scores}} if dev else {}
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return load(folder)


def _refuse_faults(gold: Sequence[Reply]) -> None:
    found = [fault for _, fault in faults(gold)]
    if found:
        more = f" … and {len(found) - 5} more" if len(found) > 5 else ""
        raise SchemaError(f"the gold has faults; correct them, or train with force=True: {'; '.join(found[:5])}{more}")


def _steps(n: int) -> list[int]:
    """Return how many replies to fit on before fitting on all: enough to learn from, and not all."""
    return [step for step in (n // 4, n // 2) if step >= FEWEST] + [n]


def _sample(examples: Sequence[Example], n: int, seed: int) -> list[Example]:
    chosen = np.random.default_rng(seed).permutation(len(examples))[:n]
    return [examples[i] for i in sorted(chosen)]


def _meta(gold: Sequence[Reply], labels: Counter[str], features: int, seed: int) -> dict[str, Any]:
    return {
        "schema": MODEL_SCHEMA,
        "classifier": "network",
        "segmenter": {"name": "rjieba"},
        "labels": list(CLAUSE_LABELS),
        "features": features,
        "seed": seed,
        "training": {
            "replies": len(gold),
            "clauses": {label: labels[label] for label in CLAUSE_LABELS},
            "sha256": sorted(reply.sha256[:HASH_DIGITS] for reply in gold),
        },
        "trained with": {name: version(name) for name in ("scikit-learn", "numpy", "rjieba")}
        | {"python": platform.python_version()},
    }
