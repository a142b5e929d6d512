"""The finders that are compared, each with the same two functions.

Run as ``python adapters.py NAME < texts.jsonl > found.jsonl`` in an environment that has the package: each line in is
``{"text", "date"}``, each line out ``{"quantities", "times"}``, the last one ``{"seconds", "characters", "errors"}`` by task.
A quantity is ``{start, end, value, unit, kind}`` (``kind``: money, measure, percent or number; ``value`` a number, a pair or
None), a time ``{start, end, first, last}``; ``end`` is exclusive and days are inclusive.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

Found = list[dict[str, Any]]
Finder = tuple[Callable[[str, str], Found], Callable[[str, str], Found]]


def commitextract() -> Finder:
    """Ours: quantities, and the expressions that can be deadlines."""
    from commitextract import find_deadlines, find_quantities
    from commitextract.quantities import units

    def kind(unit: str | None) -> str:
        dimension = units()[unit].dimension if unit in units() else "count"
        if dimension == "count":
            return "number"
        return (
            dimension.split()[0] if dimension.startswith("money") else "percent" if dimension == "share" else "measure"
        )

    def quantities(text: str, date: str) -> Found:
        return [
            {"start": q.start, "end": q.end, "value": q.value, "unit": q.unit, "kind": kind(q.unit)}
            for q in find_quantities(text)
        ]

    def times(text: str, date: str) -> Found:
        return [
            {"start": d.start, "end": d.end, "first": d.earliest, "last": d.latest}
            for d in find_deadlines(text, date=date)
        ]

    return quantities, times


def jionlp() -> Finder:
    """JioNLP: amounts of money (it has no other quantities) and times, those ahead preferred."""
    import jionlp as jio

    def quantities(text: str, date: str) -> Found:
        found = []
        for money in jio.ner.extract_money(text):
            num = money["detail"]["num"]
            value = [float(n) for n in num] if isinstance(num, list) else float(num)
            start, end = money["offset"]
            found.append({"start": start, "end": end, "value": value, "unit": money["detail"]["case"], "kind": "money"})
        return found

    def times(text: str, date: str) -> Found:
        base = time.mktime(dt.date.fromisoformat(date).timetuple())
        return [
            {"start": x["offset"][0], "end": x["offset"][1], "first": _day(x, 0), "last": _day(x, 1)}
            for x in jio.ner.extract_time(text, time_base=base, ret_future=True)
            if x["type"] in ("time_point", "time_span")  # not time_delta (三天) and time_period (每周)
        ]

    def _day(found: dict[str, Any], which: int) -> str | None:
        day = str(found["detail"]["time"][which])[:10]
        return day if day[:1].isdigit() else None  # inf

    return quantities, times


def recognizers() -> Finder:
    """Recognizers-Text: money, dimensions and percentages, numbers that are in none of these nor in a time, and days."""
    from recognizers_suite import (
        Culture,
        recognize_currency,
        recognize_datetime,
        recognize_dimension,
        recognize_number,
        recognize_percentage,
    )

    zh = Culture.Chinese
    models = (("money", recognize_currency), ("measure", recognize_dimension), ("percent", recognize_percentage))

    def quantities(text: str, date: str) -> Found:
        found: Found = []
        for kind, recognize in models:
            found += [_quantity(r, kind) for r in recognize(text, zh)]
        taken = {i for q in found for i in range(q["start"], q["end"])}
        for r in recognize_datetime(text, zh, reference=dt.datetime.fromisoformat(date)):
            taken |= set(range(r.start, r.end + 1))
        found += [_quantity(r, "number") for r in recognize_number(text, zh) if r.start not in taken]
        return [q for q in found if q["value"] is not None]

    def _quantity(result: Any, kind: str) -> dict[str, Any]:
        text = (result.resolution or {}).get("value")
        try:
            value = float(text.removesuffix("%")) if text else None
        except ValueError:
            value = None
        unit = "%" if kind == "percent" else (result.resolution or {}).get("unit")
        return {"start": result.start, "end": result.end + 1, "value": value, "unit": unit, "kind": kind}

    def times(text: str, date: str) -> Found:
        found = []
        for r in recognize_datetime(text, zh, reference=dt.datetime.fromisoformat(date)):
            if not r.type_name.split(".")[-1].startswith("date"):  # durations, frequencies, times of the day
                continue
            values = (r.resolution or {}).get("values") or [{}]
            first, last = _days(values[-1])  # the last reading is the one ahead
            found.append({"start": r.start, "end": r.end + 1, "first": first, "last": last})
        return found

    def _days(value: dict[str, Any]) -> tuple[str | None, str | None]:
        day, first, last = (str(value.get(k) or "")[:10] for k in ("value", "start", "end"))
        if day[:1].isdigit():
            return day, day
        if last:  # exclusive
            last = str(dt.date.fromisoformat(last) - dt.timedelta(days=1))
        return first or None, last or None

    return quantities, times


ADAPTERS = {"commitextract": commitextract, "jionlp": jionlp, "recognizers": recognizers}


def main(name: str) -> None:
    """Run both finders over the texts; the clock runs on the CPU, warmed up, without import and start."""
    rows = [json.loads(line) for line in sys.stdin]
    finders = dict(zip(("quantities", "times"), ADAPTERS[name](), strict=True))
    for find in finders.values():
        find("我局将在年底前新建站点36个，投入1.2亿元。", "2021-08-30")
    seconds, errors = dict.fromkeys(finders, 0.0), dict.fromkeys(finders, 0)
    for row in rows:
        found: dict[str, Found] = {}
        for task, find in finders.items():
            start = time.process_time()
            try:
                found[task] = find(row["text"], row["date"])
            except Exception:  # a peer's error counts as nothing found
                logging.exception("%s", task)
                found[task], errors[task] = [], errors[task] + 1
            seconds[task] += time.process_time() - start
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    characters = sum(len(row["text"]) for row in rows)
    sys.stdout.write(json.dumps({"seconds": seconds, "characters": characters, "errors": errors}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
