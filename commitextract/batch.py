"""Many replies: lazily, in order, on several processes; a reply that fails never stops the others.

`extract_many` yields a `Reply` for each record that could be read and collects the errors of the others;
`extract_frame`, `ledger` and `quantities_frame` make tables. Processes receive chunks and send compact replies back; they
pay above some five million characters. `joblib.parallel_config` sets another engine (dask, ray, spark).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from commitextract.schema import FRAME_COLUMNS, Quantity, Reply, Statement, statement_rows
from commitextract.units import base_of, convert, parse_unit

if TYPE_CHECKING:
    import pandas

    from commitextract.extractor import Extractor

RECORD_KEYS = ("text", "date", "respondent", "id")
LEDGER_COLUMNS = (
    "reply", "statement", "commitment", "lead", "support", "quantities", "deadline", "edtf", "latest",
    "status", "days left", "stage", "strength", "score",
)  # fmt: skip
QUANTITY_COLUMNS = (
    "reply", "date", "statement", "label", "id", "text", "value", "low", "high", "unit", "of", "change", "modifier",
    "dimension", "base value", "base unit", "start", "end", "score",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that could not be extracted: its place in the input, its id and the error."""

    index: int
    id: str | None
    error: str


T = TypeVar("T")


def extract_many(
    extractor: Extractor,
    texts: Iterable[str | Mapping[str, Any]],
    *,
    n_jobs: int = 1,
    chunk: int = 256,
    errors: list[Failure] | None = None,
) -> Iterator[Reply]:
    """Yield the replies of texts or records, in order.

    Parameters
    ----------
    extractor : Extractor
        What extracts one.
    texts : iterable of str or mapping
        Texts, or records with ``text`` and, if known, ``date``, ``respondent`` and ``id``; other
        keys are left alone.
    n_jobs : int
        Processes; 1 works in this one.
    chunk : int
        Records sent to a process at once.
    errors : list, optional
        Receives a `Failure` for every record that failed. Without it a failed record gives a
        warning. Either way the rest goes on.
    """
    import warnings

    for result in extract_each(extractor, texts, n_jobs=n_jobs, chunk=chunk):
        if isinstance(result, Reply):
            yield result
        elif errors is not None:
            errors.append(result)
        else:
            name = result.id if result.id is not None else f"number {result.index}"
            warnings.warn(f"reply {name} was left out: {result.error}", stacklevel=2)


def extract_each(
    extractor: Callable[..., T], texts: Iterable[str | Mapping[str, Any]], *, n_jobs: int = 1, chunk: int = 256
) -> Iterator[T | Failure]:
    """Yield what the extractor makes of each text or record, or a `Failure`, in order."""
    if chunk < 1 or n_jobs == 0:
        raise ValueError(
            f"chunk is {chunk} and n_jobs {n_jobs}; give at least one record a chunk and a number of processes (-1: all cores)"
        )
    records = enumerate(texts)
    if n_jobs == 1:
        for index, record in records:
            yield _extract(extractor, index, record)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="2*n_jobs", batch_size=1)
    chunks = iter(lambda: list(islice(records, chunk)), [])
    for results in parallel(delayed(_extract_chunk)(extractor, c) for c in chunks):
        yield from results


def _extract_chunk(extractor: Callable[..., T], records: list[tuple[int, Any]]) -> list[T | Failure]:
    return [_extract(extractor, index, record) for index, record in records]


def _extract(extractor: Callable[..., T], index: int, record: str | Mapping[str, Any]) -> T | Failure:
    """Extract one record; never raises."""
    known: dict[str, Any] = {}
    try:
        known = _arguments(record)
        return extractor(**known)
    except Exception as error:  # noqa: BLE001  whatever is wrong with one reply, the batch goes on
        name = known.get("id")
        return Failure(index, None if name is None else str(name), f"{type(error).__name__}: {error}")


def _arguments(record: str | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(record, str):
        return {"text": record}
    if not isinstance(record, Mapping):
        raise TypeError(f"a record is a string or a mapping with 'text', got {type(record).__name__}")
    if "text" not in record:
        raise ValueError(f"the record has no 'text'; its keys are {sorted(map(str, record))}")
    if _missing(record["text"]):
        raise ValueError("the record's 'text' is empty")
    known = {key: record[key] for key in RECORD_KEYS if not _missing(record.get(key))}
    if "date" in known:
        known["date"] = str(known["date"])[:10]
    if "id" in known:
        known["id"] = str(known["id"])
    return known


def _missing(value: Any) -> bool:
    """Whether a cell is empty: None, "", NaN, NaT or pandas' NA."""
    try:
        return value is None or value == "" or bool(value != value)  # NaN is not equal to itself
    except TypeError:  # NA is neither equal nor different
        return True


def extract_frame(
    frame: pandas.DataFrame,
    *,
    text: str = "text",
    date: str | None = None,
    respondent: str | None = None,
    id: str | None = None,
    extractor: Extractor | None = None,
    n_jobs: int = 1,
) -> pandas.DataFrame:
    """Return one row a statement for a DataFrame with one row a reply.

    A pure function of its input, so it also works in Dask's ``map_partitions`` and, on the frames of an
    iterator, in Spark's ``mapInPandas``.

    Parameters
    ----------
    frame : DataFrame
        One row a reply.
    text : str
        The column of the raw text.
    date, respondent, id : str, optional
        The columns of the reply's date (days or timestamps), respondent and id; without an id column
        the index names the replies.
    extractor : Extractor, optional
        The packaged one if not given.
    n_jobs : int
        Processes.

    Returns
    -------
    DataFrame
        The columns of `Reply.to_frame` and ``error``: a reply that failed has a row with its error.

    Raises
    ------
    KeyError
        If a named column is not there.
    """
    import pandas as pd

    from commitextract.extractor import default

    columns = {"text": text, "date": date, "respondent": respondent, "id": id}
    for name in filter(None, columns.values()):
        if name not in frame.columns:
            raise KeyError(f"the frame has no column {name!r}; it has {list(frame.columns)}")
    ids = frame[id] if id else frame.index.to_series()
    series = [frame[c] if c else pd.Series(None, index=frame.index, dtype=object) for c in (text, date, respondent)]
    records = [{"text": t, "date": d, "respondent": r, "id": i} for t, d, r, i in zip(*series, ids, strict=True)]
    rows: list[tuple[Any, ...]] = []
    for result, name in zip(extract_each(extractor or default(), records, n_jobs=n_jobs), ids, strict=True):
        if isinstance(result, Reply):
            rows += [(*row, None) for row in statement_rows(result)]
        else:
            rows.append((str(name), *[None] * (len(FRAME_COLUMNS) - 1), result.error))
    return pd.DataFrame(rows, columns=[*FRAME_COLUMNS, "error"])


def ledger(replies: Iterable[Reply], *, as_of: str | dt.date) -> pandas.DataFrame:
    """Return the follow-up table (督办台账): one row a commitment, the most urgent first.

    Parameters
    ----------
    replies : iterable of Reply
        Extracted replies.
    as_of : str or date
        The day on which the table is looked at.

    Returns
    -------
    DataFrame
        ``status`` is overdue (the last allowed day is over), due (it is still to come) or no deadline;
        ``days left`` is negative where it is over.

    Examples
    --------
    >>> import commitextract as ce
    >>> reply = ce.extract("我局将在2021年底前新建站点36个。")
    >>> ledger([reply], as_of="2021-12-01")[["status", "days left"]].values.tolist()
    [['due', 30]]
    """
    import pandas as pd

    day = dt.date.fromisoformat(str(as_of)[:10])
    rows = [_ledger_row(reply, s, day) for reply in replies for s in reply.commitments]
    frame = pd.DataFrame(rows, columns=LEDGER_COLUMNS)
    frame["days left"] = frame["days left"].astype("Int64")
    return frame.sort_values("days left", kind="stable", na_position="last", ignore_index=True)


def quantities_frame(replies: Iterable[Reply], *, to: str | None = None) -> pandas.DataFrame:
    """Return a table of quantities that adds up: one row a quantity, numbers as numbers.

    Parameters
    ----------
    replies : iterable of Reply
        Extracted or annotated replies.
    to : str, optional
        A unit, such as ``"平方米"`` or ``"万元"``: only the quantities of its kind, all given in it.

    Returns
    -------
    DataFrame
        ``value`` is empty for a range and a ratio. ``low`` and ``high`` are the bounds that the text gives: both ends of a
        range, one for 不少于 or 近, the value where nothing qualifies it. ``base value`` is the value in ``base unit``, in which
        all units of a ``dimension`` add up. ``statement`` and ``label`` are empty for what stands outside a statement.

    Raises
    ------
    UnitError
        If the unit `to` is not known.

    Examples
    --------
    >>> import commitextract as ce
    >>> reply = ce.extract("我局将新增绿地3公顷，改造绿地不少于15亩。")
    >>> frame = quantities_frame([reply], to="平方米")
    >>> frame[["of", "value", "low", "high", "unit"]].values.tolist()
    [['绿地', 30000.0, 30000.0, 30000.0, '平方米'], ['绿地', 10000.0, 10000.0, nan, '平方米']]
    >>> float(frame["value"].sum())
    40000.0
    """
    import pandas as pd

    wanted = None if to is None else base_of(to)
    rows = [
        _quantity_row(reply, q, to)
        for reply in replies
        for q in reply.quantities
        if wanted is None
        or ((known := parse_unit(q.unit or "")) and known.base == wanted and not isinstance(q.value, str))
    ]
    frame = pd.DataFrame(rows, columns=QUANTITY_COLUMNS)
    return frame.astype(dict.fromkeys(("value", "low", "high", "base value"), float))


def _quantity_row(reply: Reply, q: Quantity, to: str | None) -> tuple[Any, ...]:
    q = q if to is None else q.to(to)
    s = next((s for s in reply.statements if any(x.id == q.id for x in s.quantities)), None)
    unit = parse_unit(q.unit or "")
    value = None if isinstance(q.value, str | tuple) else q.value
    low, high = q.value if isinstance(q.value, tuple) else (value, value)
    if q.modifier in ("max", "under", "approx") and not isinstance(q.value, tuple):
        low = None
    if q.modifier in ("min", "over", "approx") and not isinstance(q.value, tuple):
        high = None
    base = None if value is None or not q.unit or unit is None or not unit.factor else convert(value, q.unit, unit.base)
    return (
        reply.id, reply.meta.date, s and s.id, s and s.label, q.id, q.text, value, low, high, q.unit, q.of, q.change,
        q.modifier, unit and unit.dimension, base, unit and unit.base, q.start, q.end, q.score,
    )  # fmt: skip


def status_on(s: Statement, day: dt.date) -> tuple[str | None, str, int | None]:
    """Return the last allowed day of a commitment, its status on a day and the days left."""
    latest = max((d.latest for d in s.deadlines if d.latest), default=None)
    left = (dt.date.fromisoformat(latest) - day).days if latest else None
    return latest, "no deadline" if left is None else "overdue" if left < 0 else "due", left


def _ledger_row(reply: Reply, s: Statement, day: dt.date) -> tuple[Any, ...]:
    latest, status, left = status_on(s, day)
    join = "；".join
    return (
        reply.id, s.id, s.text, s.lead, join(a.name for a in s.agencies if a.role == "support") or None,
        join(q.text for q in s.quantities) or None, join(d.text for d in s.deadlines) or None,
        join(d.edtf for d in s.deadlines if d.edtf) or None, latest, status, left, s.stage, s.strength, s.score,
    )  # fmt: skip
