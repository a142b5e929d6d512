"""The Chinese cases of Recognizers-Text (Microsoft, MIT) through our finders.

``python tests/peers.py [FILE…]`` prints every difference and how many cases agree; `test_peer_cases`
holds that no new one appears. The cases are read from the shared folder, nothing of them is kept here.

A case is in scope by its construct, never by what we answer: `SCOPE` says which constructs are not, with the
reason. What is compared, where the two sides count differently:

* numbers: the value of the number as it stands; a quantity that covers it must have that value too, where a
  fraction without an end is rounded to four places
* percentages, money, dimensions: value in one unit and span; words that qualify (约, 余) are in our span only
* ranges: the interval of value and modifier; whether an end itself belongs to it is not compared
* dates and periods: the first and last day, ours inclusive, theirs exclusive where the period is not named by
  its two ends; of their past and future reading the future one; 在, 从, 之间 are in their span only
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from commitextract import find_deadlines, find_quantities
from commitextract.lexicons import alternation, table
from commitextract.normalization import normalize
from commitextract.numerals import NUMBER, parse_decimal
from commitextract.quantities import units
from commitextract.schema import Deadline, Quantity

NUMBERS = ("NumberModel", "PercentModel", "NumberRangeModel", "CurrencyModel", "DimensionModel")
TIMES = ("DateParser", "DatePeriodParser", "DateTimeModel", "DurationParser")


@dataclass(frozen=True, eq=False)
class Expected:
    """One answer of theirs; ``end`` is exclusive."""

    text: str
    kind: str
    start: int
    end: int
    value: Any


@dataclass(frozen=True)
class Case:
    file: str
    index: int
    text: str
    date: str | None
    expected: tuple[Expected, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a case: the reasons of the answers that are out of scope, and what differs."""

    case: Case
    out: tuple[str, ...]
    differences: tuple[str, ...] = ()

    @property
    def in_scope(self) -> bool:
        """Whether an answer of theirs is left to compare, or that there is none."""
        return len(self.out) < max(1, len(self.case.expected))


# (files, what of the case, pattern, reason): an answer of theirs that matches is out of scope
SCOPE = [
    (NUMBERS, "text", r"\d ?[eE]-?\d|\^", "powers and exponents: no office writes them"),
    (NUMBERS, "text", r"\d ?[kKmM]$|\d ?[kK]個?个?百", "k and M for a thousand and a million: no office writes them"),
    (NUMBERS, "text", "兆(?!字节)", "兆 is a million in mainland usage (兆瓦), a million millions with them"),
    (("NumberModel",), "text", "打$", "打 is a unit of measure with us, twelve with them"),
    (("NumberModel", "NumberRangeModel"), "text", "[几幾]", "几 is a range with us (十几 is 11 to 19), the number before it with them"),
    (("NumberModel",), "text", r"^-?\d+ \d+/\d+$", "a whole number and a fraction with a space: no office writes it"),
    (("NumberRangeModel",), "text", "^等于|^比.*[大小高低]$", "comparisons (x等于3, 比3大): nothing is counted"),
    (("NumberRangeModel",), "context", rf"^(?:位于)?-?{NUMBER}(?:[到至与和]|-){NUMBER}(?:之?间)?\|(?!{alternation(units())})",
     "two numbers without a unit (10与20间): nothing is counted"),
    (NUMBERS, "raw", " {4}", "four spaces divide paragraphs in text from the web"),
    (("CurrencyModel",), "value", "'value': None", "a currency without a number is no quantity"),
    (TIMES, "kind", "^(datetime|time|datetimerange|timerange)$", "times of the day: a deadline has whole days"),
    (TIMES, "kind", "^set$", "frequencies are no deadlines (guidelines, section 3)"),
    (TIMES, "kind", "^duration$", "a length of time without 内 or 后 sets no limit (guidelines, section 3)"),
    (TIMES, "text", "农历|正月|大年|腊月", "lunar days: theirs have the lunar number as if it were solar"),
    (TIMES, "text", "神龙|康熙|雍正|乾隆|民国|光绪", "years of a reign"),
    (TIMES, "text", "世纪|年代", "centuries and decades: no deadline lies in one"),
    (TIMES, "text", "最近|近期|不久|现在|目前|如今", "vague words have no date with us"),
    (TIMES, "text", r"^[\d.]{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$|^\d{1,2}/\d{1,2}(/\d{4}-\d{1,2}/\d{1,2}/\d{4})?$",
     "day before month, or no year in figures: the national standard is year, month, day"),
    (TIMES, "text", r"^从?\d{4}(-\d{4})?$", "four digits without 年 are a number"),
    (TIMES, "past", "去年|前年|上+个?半?[年月周季]|上个?(?:星期|礼拜)|昨|^前|过去|^近|之前[0-9一二三]",
     "what lies before the reply's date and is told from it (去年5月, 过去十年) is no deadline"),
]  # fmt: skip

CURRENCIES = {
    "CNY": ("元", "块", "块钱", "人民币", "元人民币"),
    "USD": ("美元", "美金"),
    "EUR": ("欧元",),
    "HKD": ("港元", "港币"),
    "JPY": ("日元",),
    "CHF": ("瑞士法郎",),
    "NGN": ("奈拉",),
}
DIMENSIONS = {
    "Kilogram": "千克",
    "Gram": "克",
    "Microgram": "微克",
    "Ton": "吨",
    "Jin": "斤",
    "Liang": "两",
    "Kilometer": "千米",
    "Centimeter": "厘米",
    "Megabyte": "兆字节",
    "Kilobit": "千比特",
    "Hertz": "赫兹",
    "Kilocalorie": "千卡",
}
_FRAME = re.compile("^(?:自从|从|自|在|位于)|(?:之间|间|开始|起)$")


def read_cases(folder: Path) -> Iterator[Case]:
    for name in (*NUMBERS, *TIMES):
        path = folder / f"{name}.json"
        for index, row in enumerate(json.loads(path.read_text("utf-8-sig")) if path.exists() else ()):
            date = row.get("Context", {}).get("ReferenceDateTime", "")[:10] or None
            yield Case(name, index, row["Input"], date, tuple(map(_expected, row["Results"])))


def _expected(row: dict[str, Any]) -> Expected:
    end = row["Start"] + row["Length"] if "Length" in row else row["End"] + 1
    kind = row.get("TypeName", row.get("Type")).removeprefix("datetimeV2.")
    return Expected(row["Text"], kind, row["Start"], end, row.get("Resolution", row.get("Value")))


def judge(case: Case) -> Outcome:
    """Run a case and compare."""
    reasons = {e: reason for e in case.expected if (reason := _out_of_scope(case, e))}
    out = tuple(reasons.values())
    inside = [e for e in case.expected if e not in reasons]
    if case.expected and not inside:
        return Outcome(case, out)
    compare = {
        "NumberModel": _numbers,
        "PercentModel": _percentages,
        "NumberRangeModel": _ranges,
        "CurrencyModel": _money,
        "DimensionModel": _dimensions,
    }.get(case.file, _times)
    return Outcome(case, out, tuple(compare(case, inside)))


def _out_of_scope(case: Case, expected: Expected) -> str | None:
    for files, what, pattern, reason in SCOPE:
        if case.file not in files:
            continue
        raw, after = case.text[expected.start : expected.end], case.text[expected.end :]
        text = {"kind": expected.kind, "value": str(expected.value), "raw": raw}
        text["context"] = normalize(f"{raw}|{after}").text
        found = re.search(pattern, text.get(what, normalize(expected.text).text))
        if found and (what != "past" or _is_past(case, expected)):
            return reason
    return None


def _is_past(case: Case, expected: Expected) -> bool:
    days = _days(expected)
    return bool(case.date and days and days[1] and days[1] <= case.date)


# -- numbers ---------------------------------------------------------------------------------------------------------


def _numbers(case: Case, expected: list[Expected]) -> Iterator[str]:
    found = find_quantities(case.text)
    for e in expected:
        value = _decimal(e.value["value"])
        own = normalize(case.text[e.start : e.end]).text
        alone = _scalar(own)
        if not _equal(alone, value):
            yield f"{own}: theirs {value}, our number {alone}"
        around = [q for q in found if q.start <= e.start and e.end <= q.end]
        for q in around:
            only = sum(q.start < other.end and other.start < q.end for other in case.expected) == 1
            rounded = value and round(value, 4 - min(0, value.adjusted() + 1))
            if only and isinstance(q.value, int | float) and Decimal(str(q.value)) not in (value, rounded):
                yield f"{q.text}: theirs {value}, our quantity {q.value} {q.unit}"
    yield from _surplus(found, case)


def _scalar(text: str) -> Decimal | None:
    """Return the value of a whole text: a number, else one that is qualified (十余万), read with a measure word."""
    value = parse_decimal(text)
    if value is not None:
        return value
    found = find_quantities(f"{text}个")
    whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(text) + 1)
    return Decimal(str(found[0].value)) if whole and isinstance(found[0].value, int | float) else None


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.removesuffix("%"))
    except InvalidOperation:
        return None


def _equal(ours: Decimal | float | None, theirs: Decimal | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return abs(Decimal(str(ours)) - theirs) <= abs(theirs) * Decimal("1e-12")


def _surplus(found: list[Quantity] | list[Deadline], case: Case) -> Iterator[str]:
    """Yield what we find where they find nothing at all; a case with answers does not list all."""
    if not case.expected:
        for x in found:
            yield f"{x.text}: theirs nothing, ours {x}"


def _match(
    case: Case,
    expected: list[Expected],
    accepts: Callable[[Quantity], bool],
    same: Callable[[Quantity, Expected], bool],
) -> Iterator[str]:
    """Compare spans and values of the quantities that `accepts` lets in."""
    found = [q for q in find_quantities(case.text) if accepts(q)]
    for e in expected:
        at = [q for q in found if q.start < e.end and e.start < q.end]
        if not any(_same_span(case.text, q, e) and same(q, e) for q in at):
            ours = ", ".join(f"{q.text} = {q.value} {q.unit} ({q.modifier})" for q in at) or "nothing"
            yield f"{e.text}: theirs {e.value}, ours {ours}"
        found = [q for q in found if q not in at]
    theirs = [(e.start, e.end) for e in case.expected]
    for q in found:
        if not any(q.start < end and start < q.end for start, end in theirs):
            yield f"{q.text}: theirs nothing, ours {q.value} {q.unit}"


def _same_span(text: str, q: Quantity, e: Expected) -> bool:
    """Whether the spans agree but for the words that qualify the number (ours) and 人民币 before it (theirs)."""
    bounds = {row["term"] for row in table("bounds")} | {""}
    start = e.start + len(m.group()) if (m := re.match("人民币 ?(?=.)", text[e.start : e.end])) else e.start
    extra = [text[q.start : max(q.start, start)], text[min(e.end, q.end) : q.end]]
    return q.start <= start and e.end <= q.end and all(normalize(x).text in bounds for x in extra)


def _percentages(case: Case, expected: list[Expected]) -> Iterator[str]:
    return _match(
        case, expected, lambda q: _percent(q) is not None, lambda q, e: _equal(_percent(q), _decimal(e.value["value"]))
    )


def _percent(q: Quantity) -> Decimal | None:
    times = {"%": "1", "‰": "0.1", "‱": "0.01", "成": "10", "折": "10", "百分点": "1", "个百分点": "1"}
    factor = times.get(q.unit or "", "100" if q.unit is None and "分之" in normalize(q.text).text else "")
    if not factor or not isinstance(q.value, int | float):
        return None
    return Decimal(str(q.value)) * Decimal(factor)


def _money(case: Case, expected: list[Expected]) -> Iterator[str]:
    def is_money(q: Quantity) -> bool:
        return q.unit is not None and q.unit in units() and units()[q.unit].dimension.startswith("money")

    def same(q: Quantity, e: Expected) -> bool:
        return q.unit in CURRENCIES.get(e.value["isoCurrency"], ()) and _equal(_number(q), _decimal(e.value["value"]))

    return _match(case, expected, is_money, same)


def _dimensions(case: Case, expected: list[Expected]) -> Iterator[str]:
    def is_measure(q: Quantity) -> bool:
        return q.unit is not None and q.unit in units() and units()[q.unit].dimension not in ("count", "time", "share")

    def same(q: Quantity, e: Expected) -> bool:
        return _amount(_number(q), q.unit or "") == _amount(
            _decimal(e.value["value"]), DIMENSIONS.get(e.value["unit"], "")
        )

    return _match(case, expected, is_measure, same)


def _number(q: Quantity) -> Decimal | None:
    return Decimal(str(q.value)) if isinstance(q.value, int | float) else None


def _amount(value: Decimal | None, unit: str) -> tuple[Fraction, str] | None:
    known = units().get(unit)
    if value is None or not unit:
        return None
    if known is None and unit.startswith("千") and unit[1:] in units():
        known, value = units()[unit[1:]], value * 1000
    if known is None or known.factor is None:
        return Fraction(value), unit
    return Fraction(value) * Fraction(str(known.factor)), known.base


def _ranges(case: Case, expected: list[Expected]) -> Iterator[str]:
    found = [q for q in find_quantities(case.text) if _interval(q) != (None, None)]
    for e in expected:
        at = [q for q in found if q.start < e.end and e.start < q.end]
        lows, highs = zip(*map(_interval, at), strict=True) if at else ((None,), (None,))
        ours = (max(filter(None, lows), default=lows[0]), min(filter(None, highs), default=highs[0]))
        theirs = [_decimal(x) for x in e.value["value"].strip("[()]").split(",")]
        units_only = at and case.text[e.end : at[-1].end] in {"", *(q.unit for q in at)}
        same_span = at and (at[0].start, max(e.end, at[-1].end)) == (_core(case.text, e.start, e.end)[0], at[-1].end)
        if not (units_only and same_span and all(map(_equal, ours, theirs))):
            yield f"{e.text}: theirs {e.value}, ours {', '.join(f'{q.text} {_interval(q)}' for q in at) or 'nothing'}"


def _interval(q: Quantity) -> tuple[Decimal | None, Decimal | None]:
    if isinstance(q.value, tuple | list):
        return Decimal(str(q.value[0])), Decimal(str(q.value[1]))
    value = _number(q)
    return (value if q.modifier in ("min", "over") else None), (value if q.modifier in ("max", "under") else None)


# -- dates and periods -----------------------------------------------------------------------------------------------


def _times(case: Case, expected: list[Expected]) -> Iterator[str]:
    found = find_deadlines(case.text, date=case.date)
    for e in expected:
        at = [d for d in found if d.start < e.end and e.start < d.end]
        wanted = _days(e)
        if not any(_same_time_span(case.text, d, e) and _same_days(d, wanted, e) for d in at):
            ours = ", ".join(f"{d.text} = {d.edtf} ({d.earliest}, {d.latest})" for d in at) or "nothing"
            yield f"{e.text}: theirs {wanted}, ours {ours}"
        found = [d for d in found if d not in at]
    if case.file.endswith("Parser"):  # one of their parsers alone: it leaves to the others what is theirs
        return
    theirs = [(e.start, e.end) for e in case.expected]
    for d in found:
        if not any(d.start < end and start < d.end for start, end in theirs):
            yield f"{d.text}: theirs nothing, ours {d.edtf}"


def _same_time_span(text: str, d: Deadline, e: Expected) -> bool:
    return _core(text, d.start, d.end) == _core(text, e.start, e.end)


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the words that frame it."""
    while m := _FRAME.search(text[start:end]):
        start, end = (start + m.end(), end) if m.start() == 0 else (start, start + m.start())
    return start, end


def _days(e: Expected) -> tuple[str | None, str | None] | None:
    """Return their first and last day, inclusive; the last of several readings (the future one)."""
    values = e.value["values"][-1] if "values" in e.value else e.value["FutureResolution"]
    timex, mod = e.value.get("Timex", values.get("timex", "")), values.get("Mod", "")
    day = values.get("value") or values.get("date")
    if day == "not resolved" or day == "0001-01-01":
        season = re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", timex)
        return _season(int(season[1]), season[2]) if season else None
    if day:
        return day, day
    first, last = values.get("startDate", values.get("start")), values.get("endDate", values.get("end"))
    named_end = bool(re.search("[到至与和]|[-–—]", re.sub(r"\d{4}-\d\d-\d\d", "", e.text)))
    whole_day = bool(re.search(r"\d{4}-\d\d-\d\d", timex)) and not named_end
    if last and named_end:
        last = _last_day(last, normalize(e.text).text)
    elif last and not (mod and whole_day):
        last = str(dt.date.fromisoformat(last) - dt.timedelta(days=1))
    return first, last


def _season(year: int, code: str) -> tuple[str, str]:
    first = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[code]
    end = dt.date(year + (first == 12), (first + 2) % 12 + 1, 1) - dt.timedelta(days=1)
    return f"{year}-{first:02}-01", str(end)


def _last_day(first: str, text: str) -> str:
    """Return the last day of the day, month or year that ends a range, by the text's last unit."""
    day, core = dt.date.fromisoformat(first), text[: _core(text, 0, len(text))[1]]
    if core.endswith(("日", "号")) or re.search(r"\d[-/]\d+$|[周一二三四五六七八九十\d]$", core):
        return first
    following = (
        dt.date(day.year + 1, 1, 1)
        if core.endswith("年")
        else (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
    )
    return str(following - dt.timedelta(days=1))


def _same_days(d: Deadline, wanted: tuple[str | None, str | None] | None, e: Expected) -> bool:
    if wanted is None:
        return d.edtf is None
    ours = (d.earliest, d.latest)
    if d.edtf and d.edtf.startswith("../") and wanted[0] is None:
        ours = (None, d.latest)
    after = "values" in e.value and e.value["values"][-1].get("Mod") == "after"
    if after and d.edtf and d.edtf.endswith("/..") and d.earliest:  # from the period on, or from its end
        return str(wanted[0])[:4] in (d.earliest[:4], str(int(d.earliest[:4]) + 1))
    return ours == wanted


# -- the report ------------------------------------------------------------------------------------------------------


def read_reasons(path: Path) -> dict[tuple[str, int], str]:
    """Return the differences that are by design: (file, index of the case) and the reason."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {(row["file"], int(row["index"])): row["reason"] for row in csv.DictReader(stream)}


def main(names: list[str]) -> str:
    """Return every difference by file and how many cases agree."""
    from conftest import CASES, SHARED

    listed = read_reasons(CASES / "peer-differences.csv")
    outcomes = [judge(case) for case in read_cases(SHARED / "peer-cases" / "recognizers-text")]
    if not outcomes:
        return (
            f"no cases in {SHARED}/peer-cases/recognizers-text; set COMMITEXTRACT_SHARED to the folder that has them\n"
        )
    lines, summary = [], []
    for name in (*NUMBERS, *TIMES):
        of = [o for o in outcomes if o.case.file == name]
        inside = [o for o in of if o.in_scope]
        wrong = [o for o in inside if o.differences]
        summary.append(f"{name:18} {len(of):4} cases {len(inside):4} in scope {len(inside) - len(wrong):4} agree")
        for o in wrong if not names or name in names else ():
            why = listed.get((name, o.case.index))
            lines.append(
                f"{name} {o.case.index} [{o.case.date or ''}] {o.case.text}" + (f"   by design: {why}" if why else "")
            )
            lines += [f"    {difference}" for difference in o.differences]
    inside = [o for o in outcomes if o.in_scope]
    agree = sum(not o.differences for o in inside)
    reasons = [reason for o in outcomes for reason in o.out]
    summary += [f"  answers out of scope {reasons.count(r):4}  {r}" for r in dict.fromkeys(reasons)]
    summary.append(f"{agree} of {len(inside)} in scope agree ({agree / max(1, len(inside)):.1%})")
    return "\n".join([*lines, "", *summary, ""])


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
