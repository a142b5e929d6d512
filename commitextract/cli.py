"""The command line: ``commitextract extract | ledger | annotate | train | evaluate | check | convert | info``. The only module that prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from commitextract import (
    __version__,
    annotation,
    comparison,
    converters,
    datasets,
    evaluation,
    readers,
    suspects,
    training,
    validation,
)
from commitextract.agency_table import AgencyTableError
from commitextract.batch import Failure, extract_each
from commitextract.classifier import ModelError
from commitextract.converters import FORMATS
from commitextract.duplicates import near_duplicates
from commitextract.evaluation import Evaluation, annotators
from commitextract.extractor import DEFAULT, HASH_DIGITS, Extractor, load
from commitextract.readers import SUFFIXES, ReadError, example, read_records
from commitextract.schema import LABELS, Reply, SchemaError

RETRAINED = ("packaged", "retrained")
TO_CORRECT = ("label-studio", "doccano", "inline")
OUTPUTS = (".jsonl", ".csv", ".xlsx", ".html", ".parquet")
EVALUATIONS = (".html", ".md", ".json", ".csv")
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Files = Annotated[list[str] | None, typer.Argument(help="Files, folders, or - for a text on standard input.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help=f"One of {' '.join(OUTPUTS)}; none prints.")]
Model = Annotated[str, typer.Option(help="A model directory, 'default', or 'rules'.")]
Agencies = Annotated[Path | None, typer.Option(help="A CSV file of your own agencies: name, aliases, parent, place.")]
Date = Annotated[str | None, typer.Option(help="The replies' date, YYYY-MM-DD, where it is known.")]
Example = Annotated[bool, typer.Option("--example", help="Take the packaged example letter.")]
Texts = Annotated[
    list[Path] | None,
    typer.Option(help="For stand-off annotations, again for more: a .jsonl or .csv with id and text, or a folder."),
]
Seed = Annotated[int, typer.Option(help="The same data and seed give the same result.")]
Jobs = Annotated[int, typer.Option(min=1, help="Processes.")]


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Commitments, achievements and refusals in Chinese government replies."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def extract(
    files: Files = None,
    output: Output = None,
    model: Model = DEFAULT,
    agencies: Agencies = None,
    date: Date = None,
    n_jobs: Jobs = 1,
    example: Example = False,
) -> None:
    """Extract statements, quantities, deadlines and agencies."""
    _check_output(output)
    replies, failures = _run(files, model, agencies, date, n_jobs, example)
    if output is None:
        for reply in replies:
            _print_reply(reply)
    else:
        _write(replies, output)
    _finish(failures, replies, output)


@app.command()
def ledger(
    as_of: Annotated[str, typer.Option(help="The day the ledger is looked at, YYYY-MM-DD.")],
    files: Files = None,
    output: Output = None,
    model: Model = DEFAULT,
    agencies: Agencies = None,
    date: Date = None,
    n_jobs: Jobs = 1,
    example: Example = False,
) -> None:
    """Make the follow-up table (督办台账): one row a commitment, overdue first."""
    from commitextract.report import ledger_sheet, write_sheet

    _check_output(output, (".csv", ".xlsx", ".parquet"))
    _check_day(as_of)
    replies, failures = _run(files, model, agencies, date, n_jobs, example)
    sheet = ledger_sheet(replies, as_of)
    if output is None:
        for row in sheet.itertuples(index=False):
            typer.echo(" | ".join(str(cell) for cell in row[:-1] if cell))
    else:
        _guarded(write_sheet, sheet, output)
    _finish(failures, replies, output)


@app.command()
def info(
    target: Annotated[str, typer.Argument(help="A model, or a file or folder of annotated replies.")] = DEFAULT,
) -> None:
    """Tell what a model is, or count what annotated replies hold."""
    path = Path(target)
    if path.suffix == ".jsonl" or (path.is_dir() and not (path / "meta.json").exists()):
        for name, counts in _counts(path):
            typer.echo(f"{name}: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()))
        return
    extractor = _load(target)
    typer.echo(f"commitextract {__version__}")
    typer.echo(f"model: {target}")
    typer.echo(f"classifier: {type(extractor.classifier).__name__}")
    typer.echo(f"segmenter: {extractor.segmenter.name}")


@app.command()
def annotate(
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to correct and train on.")],
    files: Files = None,
    n: Annotated[int, typer.Option("-n", min=1, help="How many replies.")] = 50,
    form: Annotated[str, typer.Option("--format", help=" ".join(TO_CORRECT))] = TO_CORRECT[0],
    exclude: Annotated[list[Path] | None, typer.Option(help="Annotated replies to leave out; again for more.")] = None,
    model: Model = DEFAULT,
    agencies: Agencies = None,
    date: Date = None,
    seed: Seed = 0,
    n_jobs: Jobs = 1,
) -> None:
    """Choose the replies whose annotation would teach the model most, annotated by it for correction.

    The corrected file, or what the tool exports, goes straight into `train`.
    """
    if form not in TO_CORRECT:
        _fail(f"--format {form!r} is unknown; it must be one of {' '.join(TO_CORRECT)}")
    records, failures = _read(files, date)
    known = [key for path in exclude or () for key in _hashes(path)]
    wrapped = _progress(records, len(records))
    replies = annotation.select(_load(model), wrapped, n, seed=seed, exclude=known, n_jobs=n_jobs, errors=failures)
    _guarded(lambda chosen, path: converters.write(chosen, path, form, predictions=True), replies, output)
    _finish(failures, replies, output)


@app.command()
def train(
    files: list[Path],
    output: Annotated[Path, typer.Option("-o", "--output", help="The directory of the new model.")],
    texts: Texts = None,
    dev: Annotated[
        list[Path] | None, typer.Option(help="Replies to score models on as they are fitted, then learnt too.")
    ] = None,
    test: Annotated[list[Path] | None, typer.Option(help="Replies to compare with the packaged model on.")] = None,
    cross_validate: Annotated[
        bool, typer.Option("--cross-validate", help="First score models on places that they have not seen.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Train on gold with faults too.")] = False,
    seed: Seed = 0,
) -> None:
    """Train a model on annotated replies and tell what it changes against the packaged one.

    A folder stands for its .jsonl files: those with `train`, `dev` and `test` in their name.
    The model that is written has learnt from the development replies too, once models that had not are scored on them.
    """
    by_id, folders = _by_id(texts), [f for f in files if f.is_dir()]
    sources = [(path, reply) for path in _named(files, "train") for reply in _gold(path, by_id, some=path not in files)]
    gold = [reply for _, reply in sources]
    others, tests = ([r for f in paths for r in _gold(f, by_id, some=not named)] for named, paths in (
        (dev, _named(dev or folders, "dev", some=True)), (test, _named(test or folders, "test", some=True)),
    ))  # fmt: skip
    if not force:
        _refuse_faults(sources)
    progress = partial(_progress, total=len(gold))
    names = validation.groups(gold, _by_id(texts, "place"))
    try:
        held_out = None
        if cross_validate or len(gold) >= training.FEWEST:
            held_out = validation.cross_validate(gold, names, seed=seed, leads=cross_validate, progress=progress)
        if held_out and cross_validate:
            typer.echo(comparison.table({"cross-validated": held_out}, seed))
        model = training.train(
            gold, output, seed=seed, dev=others, held_out=held_out, progress=progress, log=_log, force=True
        )
    except (OSError, SchemaError) as error:
        _fail(str(error))
    _log(f"{output}: trained on {len(gold) + len(others):,} replies")
    _print_changes(model, gold + others, tests, seed)


@app.command()
def evaluate(
    files: list[Path],
    texts: Texts = None,
    model: Model = DEFAULT,
    agencies: Agencies = None,
    pred: Annotated[
        Path | None, typer.Option(help="Predictions to evaluate in place of a model: the same replies.")
    ] = None,
    given: Annotated[
        bool, typer.Option("--given", help="Give the statements; measure what is linked to them.")
    ] = False,
    seed: Seed = 0,
    output: Annotated[Path | None, typer.Option("-o", "--output", help=f"One of {' '.join(EVALUATIONS)}.")] = None,
) -> None:
    """Measure rules and model against annotated replies; a folder stands for its .jsonl files with `test` in their name."""
    _check_output(output, EVALUATIONS)
    by_id = _by_id(texts)
    gold = [reply for path in _named(files, "test") for reply in _gold(path, by_id)]
    if not gold:
        _fail(f"{' '.join(map(str, files))}: no annotated reply to measure by")
    evaluations = {"pred": _score(gold, _gold(pred, by_id), pred)} if pred else _evaluate(gold, model, agencies, given)
    evaluations["annotators"] = annotators()
    if output is None:
        typer.echo(comparison.table(evaluations, seed))
    else:
        _guarded(partial(_write_evaluation, seed=seed), evaluations, output)
        typer.echo(f"{output}: {len(gold)} replies", err=True)


@app.command()
def check(
    files: list[Path],
    texts: Texts = None,
    suspicious: Annotated[
        bool, typer.Option("--suspicious", help="Also list likely wrong labels, by models fitted without each reply.")
    ] = False,
    n: Annotated[int, typer.Option("-n", min=1, help="How many of them.")] = 100,
    seed: Seed = 0,
) -> None:
    """Check annotated replies against the schema and the guidelines; faults name the reply, the span and the rule."""
    by_id = _by_id(texts)
    sources = [(file, reply) for file in files for reply in _gold(file, by_id)]
    faults = [f"{sources[n][0]}: {fault}" for n, fault in datasets.faults([reply for _, reply in sources])]
    for fault in faults:
        typer.echo(fault)
    typer.echo(f"{len(faults)} faults", err=True)
    if suspicious:
        _print_suspects([reply for _, reply in sources], n, seed)
    if faults:
        raise typer.Exit(1)


@app.command()
def convert(
    source: Path,
    target: Path,
    from_format: Annotated[str, typer.Option("--from", help=" ".join(FORMATS))] = "jsonl",
    to_format: Annotated[str, typer.Option("--to", help=" ".join(FORMATS))] = "jsonl",
    texts: Texts = None,
    predictions: Annotated[bool, typer.Option(help="Label Studio: spans as predictions to correct.")] = False,
    stand_off: Annotated[bool, typer.Option(help="jsonl: without the texts.")] = False,
) -> None:
    """Convert annotated replies to the format of an annotation tool, or back."""
    for form in (from_format, to_format):
        if form not in FORMATS:
            _fail(f"format {form!r} is unknown; it must be one of {' '.join(FORMATS)}")
    try:
        replies = _gold(source, _by_id(texts)) if from_format == "jsonl" else converters.read(source, from_format)
        if to_format == "jsonl":
            datasets.write_replies(replies, target, text=not stand_off)
        else:
            converters.write(replies, target, to_format, predictions=predictions)
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        _fail(f"{source}: {error}")
    typer.echo(f"{target}: {len(replies)} replies", err=True)


def _refuse_faults(sources: list[tuple[Path, Reply]]) -> None:
    faults = [f"{sources[n][0]}: {fault}" for n, fault in datasets.faults([reply for _, reply in sources])]
    if faults:
        for fault in faults[:20]:
            typer.echo(fault, err=True)
        _fail(f"{len(faults)} faults in the gold; correct them, or train all the same with --force")


def _print_suspects(gold: list[Reply], n: int, seed: int) -> None:
    try:
        found = suspects.find_suspects(gold, seed=seed, progress=partial(_progress, total=len(gold)))
    except SchemaError as error:
        _fail(str(error))
    for s in found[:n]:
        typer.echo(f"{s.confidence:.3f}  {s.reply} {s.start}..{s.end}  {s.gold}, rather {s.pred}: {s.text}")
    _log(f"{len(found[:n])} of {len(found)} likely errors, the likeliest first")


def _print_changes(model: Extractor, gold: list[Reply], tests: list[Reply], seed: int) -> None:
    """Tell how the packaged model and a new one do on the same replies, without those that either has learnt from."""
    packaged = _load(DEFAULT)
    copies = {n for _, n in near_duplicates([r.text for r in gold], [r.text for r in tests])}
    learnt = {n for n, reply in enumerate(tests) if reply.sha256[:HASH_DIGITS] in packaged.trained_on}
    for numbers, where in (
        (copies, "the training data, or near duplicates do"),
        (learnt, "that of the packaged model"),
    ):
        if numbers:
            named = " ".join(str(tests[n].id) for n in sorted(numbers)[:5])
            _log(f"warning: {len(numbers)} of {len(tests)} test replies stand in {where} and are left out: {named}")
    fresh = [reply for n, reply in enumerate(tests) if n not in copies | learnt]
    if not fresh:
        _log("no test replies to compare with the packaged model on; give annotated ones with --test")
        return
    progress = partial(_progress, total=len(fresh))
    before, after = (evaluation.evaluate(system, fresh, progress=progress) for system in (packaged, model))
    typer.echo(f"on {len(fresh)} test replies")
    typer.echo(comparison.table(dict(zip(RETRAINED, (before, after), strict=True)), seed, RETRAINED))
    change = comparison.compare(before, after, seed=seed)
    typer.echo(f"statements: {'more than chance' if change.p < 0.05 else 'no more than chance'} (p {change.p:.4f})")
    for what, ids in (("improved", change.improved), ("worse", change.worse)):
        typer.echo(f"{len(ids)} replies {what}: {' '.join(ids)}")


def _log(message: str) -> None:
    typer.echo(message, err=True)


def _named(files: list[Path], word: str, *, some: bool = False) -> list[Path]:
    """Return the files; a folder stands for its .jsonl files with a word in their name. With `some` there may be none."""
    paths = [p for f in files for p in (sorted(f.glob(f"*{word}*.jsonl")) if f.is_dir() else [f])]
    if not paths and not some:
        _fail(f"{' '.join(map(str, files))}: no .jsonl file with {word!r} in its name")
    return paths


def _evaluate(gold: list[Reply], model: str, agencies: Path | None, given: bool) -> dict[str, Evaluation]:
    """Evaluate the rules and, unless it is the rules, the model."""
    systems = {"rules": _load("rules", agencies)}
    systems |= {} if model == "rules" else {"model": _load(model, agencies)}
    known = sum(reply.sha256[:HASH_DIGITS] in system.trained_on for reply in gold for system in systems.values())
    if known:
        typer.echo(
            f"warning: the model was trained on {known} of the {len(gold)} replies; its figures are those of replies "
            "that it knows, not of new ones",
            err=True,
        )
    progress = partial(_progress, total=len(gold))
    return {name: evaluation.evaluate(system, gold, given=given, progress=progress) for name, system in systems.items()}


def _score(gold: list[Reply], pred: list[Reply], path: Path) -> Evaluation:
    found = {reply.id: reply for reply in pred}
    try:
        return evaluation.score(gold, [found[reply.id] for reply in gold])
    except KeyError as error:
        _fail(f"{path} has no reply {error}, which the gold has; give predictions for every annotated reply")
    except ValueError as error:
        _fail(f"{path}: {error}")


def _write_evaluation(evaluations: dict[str, Evaluation], output: Path, seed: int) -> None:
    from commitextract import evaluation_report

    if output.suffix == ".html":
        output.write_text(evaluation_report.evaluation_page(evaluations, seed), "utf-8")
    elif output.suffix == ".md":
        output.write_text(evaluation_report.evaluation_markdown(evaluations, seed), "utf-8")
    elif output.suffix == ".json":
        data = comparison.to_dict(evaluations, seed)
        output.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    else:
        comparison.to_frame(evaluations, seed).to_csv(output, index=False)


def _by_id(texts: list[Path] | None, field: str = "text") -> dict[str, str]:
    try:
        return {i: text for source in texts or [] for i, text in datasets.read_texts(source, field).items()}
    except (OSError, ReadError) as error:
        _fail(str(error))


def _gold(path: Path, by_id: dict[str, str], *, some: bool = False) -> list[Reply]:
    """Read annotated replies in any of ``FORMATS``; what is stand-off is joined with its texts. With `some` none need be there."""
    try:
        if converters.detect(path) != "jsonl":
            return converters.read(path)
        replies = datasets.read_replies(path, by_id, skip_missing=True)
        missing = datasets.missing_texts(path, by_id)
    except (OSError, ValueError) as error:
        _fail(str(error))
    if missing and not replies and not some:
        _fail(f"{path} is stand-off and none of its {len(missing)} texts is there; give them with --texts")
    if missing:
        named = " ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        typer.echo(f"{path}: {len(missing)} left out, no text is there: {named} (give it with --texts)", err=True)
    return replies


def _counts(path: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield the counts of each file of annotated replies; stand-off files are counted without their texts."""
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        _fail(f"{path} holds no .jsonl file of annotated replies")
    for file in files:
        try:
            replies = [json.loads(line) for line in file.read_bytes().decode().split("\n") if line.strip()]
            statements = [s for r in replies for s in r["statements"]]
            counts = {"replies": len(replies), "statements": len(statements)}
            counts |= {label: sum(s["label"] == label for s in statements) for label in LABELS}
            counts["deadlines"] = sum(len(s["deadlines"]) for s in statements)
            counts["quantities"] = sum(len(r["quantities"]) for r in replies)
        except (OSError, ValueError, KeyError, TypeError) as error:
            _fail(f"{file} is no file of annotated replies ({type(error).__name__}: {error})")
        yield str(file), counts


def _hashes(path: Path) -> Iterator[str]:
    try:
        if converters.detect(path) == "jsonl":
            yield from datasets.read_hashes(path)
        else:
            yield from (reply.sha256 for reply in converters.read(path))
    except (OSError, KeyError, TypeError, ValueError) as error:
        _fail(f"{path} is no file of annotated replies ({type(error).__name__}: {error})")


def _read(
    files: list[str] | None, date: str | None, use_example: bool = False
) -> tuple[list[dict[str, Any]], list[Failure]]:
    if date:
        _check_day(date)
    if not files and not use_example:
        _fail("nothing to read: name files or folders, - for standard input, or --example")
    failures: list[Failure] = []
    records = list(_records([*(files or ()), *([str(example())] if use_example else ())], failures))
    if date:
        records = [{"date": date, **{k: v for k, v in r.items() if k != "date" or v}} for r in records]
    return records, failures


def _run(
    files: list[str] | None, model: str, agencies: Path | None, date: str | None, n_jobs: int, use_example: bool
) -> tuple[list[Reply], list[Failure]]:
    records, failures = _read(files, date, use_example)
    extractor = _load(model, agencies)
    results = _progress(extract_each(extractor, records, n_jobs=n_jobs), len(records))
    replies: list[Reply] = []
    for result in results:
        if isinstance(result, Reply):
            replies.append(result)
        else:
            failures.append(result)
    return replies, failures


def _records(names: Iterable[str], failures: list[Failure]) -> Iterator[dict[str, Any]]:
    for name in names:
        if name == "-":
            yield {"id": "-", "text": readers.decode(sys.stdin.buffer.read())}
            continue
        path = Path(name)
        files = sorted(f for f in path.rglob("*") if f.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
        if not files:
            failures.append(Failure(0, name, f"the folder holds no file of {' '.join(SUFFIXES)}"))
        for file in files:
            try:
                yield from read_records(file)
            except ReadError as error:
                failures.append(Failure(0, str(file), str(error)))


def _progress(results: Iterable[Any], total: int) -> Iterable[Any]:
    if not sys.stderr.isatty() or total < 20:
        return results
    from tqdm import tqdm

    return tqdm(results, total=total, unit="reply")


def _load(model: str, agencies: Path | None = None) -> Extractor:
    try:
        return load(None if model == "rules" else model, agencies=agencies)
    except (AgencyTableError, ModelError) as error:
        _fail(str(error))


def _write(replies: list[Reply], output: Path) -> None:
    from commitextract import report

    if output.suffix == ".jsonl":
        _guarded(datasets.write_replies, replies, output)
    elif output.suffix == ".html":
        _guarded(lambda page, path: path.write_text(page, "utf-8"), report.extraction_page(replies), output)
    elif output.suffix == ".xlsx":
        _guarded(report.write_sheet, report.ledger_sheet(replies), output)
    else:
        import pandas as pd

        frames = [reply.to_frame() for reply in replies] or [Reply("").to_frame()]
        _guarded(report.write_sheet, pd.concat(frames, ignore_index=True), output)


def _guarded(write: Any, content: Any, output: Path) -> None:
    try:
        write(content, output)
    except (OSError, ImportError) as error:
        _fail(f"{output} cannot be written: {error}")


def _print_reply(reply: Reply) -> None:
    typer.echo(repr(reply))
    for s in reply.statements:
        attributes = filter(None, (s.stage, s.strength, s.lead))
        typer.echo(f"  {s.label} ({', '.join(attributes)}) {s.normalized or s.text}")
        for d in s.deadlines:
            typer.echo(f"      by {d.text}: {d.edtf or 'unresolved'}")
        for q in s.quantities:
            typer.echo(f"      {q.text}: {q.value} {q.unit or ''}".rstrip())


def _finish(failures: list[Failure], replies: list[Reply], output: Path | None) -> None:
    if output is not None:
        statements = sum(len(r.statements) for r in replies)
        typer.echo(f"{output}: {len(replies)} replies, {statements} statements", err=True)
    for failure in failures:
        typer.echo(f"failed: {failure.id if failure.id is not None else failure.index}: {failure.error}", err=True)
    if failures:
        raise typer.Exit(1)


def _check_output(output: Path | None, accepted: tuple[str, ...] = OUTPUTS) -> None:
    if output is not None and output.suffix not in accepted:
        _fail(f"-o {output}: the ending must be one of {' '.join(accepted)}")


def _check_day(day: str) -> None:
    import datetime as dt

    try:
        dt.date.fromisoformat(day)
    except ValueError:
        _fail(f"{day!r} is not a day; give it as YYYY-MM-DD, such as 2021-08-30")


def _fail(message: str) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    app()
