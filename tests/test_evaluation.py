"""Evaluation: hand-made cases, properties, another scorer as a check, and the floor of the packaged model."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator

import commitextract as ce
from commitextract.edtf import bounds as edtf_bounds
from commitextract.evaluation import Evaluation, metrics
from commitextract.schema import LABELS, Agency, Deadline, Quantity, Reply, SchemaError, Statement
from commitextract.scoring import BY_LABEL, CLAUSE_LABELS
from commitextract.statistics import Counts

DATA = Path(__file__).resolve().parents[1] / "training_data"
TEXT = "我局已建成站点甲，将新建站点乙，暂不新建站点丙，并加强巡查。"
CLAUSES = {"built": (0, 8), "build": (9, 15), "not": (16, 23), "patrol": (24, 29)}
SHORT = {"A": "ACHIEVEMENT", "C": "COMMITMENT", "R": "REFUSAL"}


def statement(text, start, end, label="COMMITMENT", **more):
    if label == "COMMITMENT":
        more = {"stage": "planned", "strength": "firm"} | more
    return Statement(start, end, text[start:end], label=label, **more)


def reply(marks, id="a"):
    """Return a reply of the text with statements such as ``"A built, C build+patrol"``."""
    statements = []
    for mark in filter(None, marks.split(", ")):
        label, clauses = mark.split()
        places = [CLAUSES[name] for name in clauses.split("+")]
        statements.append(statement(TEXT, places[0][0], places[-1][1], SHORT[label]))
    return Reply(TEXT, id, statements=tuple(statements))


def counts(gold, pred, metric):
    c = ce.score([reply(gold)], [reply(pred)]).counts(metric)
    return c.right, c.gold, c.pred


@pytest.mark.parametrize(
    "gold, pred, expected",
    [
        ("A built, C build", "A built, C build", (2, 2, 2)),
        ("A built, C build", "A built", (1, 2, 1)),
        ("A built", "C built", (0, 1, 1)),
        ("", "", (0, 0, 0)),
        ("", "A built", (0, 0, 1)),
        ("A built", "", (0, 1, 0)),
        ("A built+build", "A built", (1, 1, 1)),  # 8 of 15 characters
        ("A built+build", "A build", (0, 1, 1)),  # 6 of 15
        ("A built", "A built, A built+build", (1, 1, 2)),  # one to one
        ("A built, A built+build", "A built, A built+build", (2, 2, 2)),
        ("A built+build, A built", "A built, A built+build+not", (2, 2, 2)),  # not the nearest first: 15 of 23, 8 of 8
    ],
)
def test_statements(gold, pred, expected):
    assert counts(gold, pred, "statements") == expected


@pytest.mark.parametrize(
    "metric, expected",
    [
        ("statements", (2, 3, 3)),
        ("statements:ACHIEVEMENT", (1, 1, 1)),
        ("statements:COMMITMENT", (1, 2, 1)),
        ("statements:REFUSAL", (0, 0, 1)),
        ("statements/exact", (1, 3, 3)),
        ("clauses", (2, 3, 4)),
        ("clauses:ACHIEVEMENT", (1, 1, 2)),
    ],
)
def test_by_label_exactly_and_by_clause(metric, expected):
    """Gold: built done, build and patrol promised. Pred: built and build done (8 of 15), patrol promised, the rest refused."""
    assert counts("A built, C build, C patrol", "A built+build, R not, C patrol", metric) == expected


def test_the_mean_over_labels_leaves_out_labels_that_nobody_uses():
    found = ce.score([reply("A built, C build")], [reply("A built")])
    assert found.f1("statements:macro") == (1.0 + 0.0) / 2
    with pytest.raises(KeyError, match="mean over labels"):
        found.counts("statements:macro")
    with pytest.raises(KeyError, match="there are statements, statements:COMMITMENT"):
        found.f1("statement")


def test_confusion_of_clauses():
    table = ce.score([reply("A built, C build")], [reply("C built, R not")]).confusion()
    found = {(CLAUSE_LABELS[i], CLAUSE_LABELS[j]): n for (i, j), n in np.ndenumerate(table) if n}
    assert found == {
        ("ACHIEVEMENT", "COMMITMENT"): 1,
        ("COMMITMENT", "none"): 1,
        ("none", "REFUSAL"): 1,
        ("none", "none"): 1,
    }


# what is linked to a statement

PROMISE = "由市住建局牵头，市财政局、市民政局配合，2021年底前新建站点36个、泊位5个。"


def promise(
    lead="市住建局", support=("市财政局", "市民政局"), edtf="../2021-12-31", values=(36, 5), of=("站点", "泊位"), **more
):
    start = PROMISE.index("36个")
    quantities = tuple(
        Quantity(at, at + len(text), text, value, "个", of=what)
        for at, text, value, what in zip((start, start + 6), ("36个", "5个"), values, of, strict=True)
    )
    latest = str(edtf_bounds(edtf)[1]) if edtf else None
    at = PROMISE.index("2021年底前")
    limit = Deadline(at, at + 7, "2021年底前", edtf, None, latest)
    agencies = (*((Agency(lead, "lead"),) if lead else ()), *(Agency(name, "support") for name in support))
    end = len(PROMISE) - 1
    one = statement(PROMISE, 0, end, agencies=agencies, deadlines=(limit,), quantities=quantities, **more)
    return Reply(PROMISE, "p", statements=(one,), quantities=quantities)


@pytest.mark.parametrize(
    "changes, wrong",
    [
        ({}, set()),
        ({"lead": "青川市住房和城乡建设局"}, set()),  # the same, written out behind its place
        ({"lead": "市交通局"}, {"lead agency", "lead agencies", "records"}),
        ({"lead": None}, {"lead agency", "lead agencies", "records"}),
        ({"support": ("市财政局",)}, {"support agencies"}),
        ({"edtf": "../2022-01-15"}, {"deadlines", "linked deadlines", "records"}),
        ({"edtf": None}, {"deadlines", "linked deadlines", "records"}),
        ({"values": (36, 6)}, {"quantities", "quantity values", "records"}),
        ({"of": ("站点", None)}, {"quantity objects"}),
        ({"stage": "underway"}, {"stage"}),
        ({"strength": "hedged"}, {"strength"}),
    ],
)
def test_what_is_linked_to_a_statement(changes, wrong):
    found = ce.score([promise()], [promise(**changes)])
    assert {m for m in metrics() if found.f1(m) not in (1.0, None)} == wrong


def test_days_off_at_the_last_day():
    assert ce.score([promise()], [promise(edtf="../2022-01-15")]).days_off == (15,)
    assert ce.score([promise()], [promise(edtf=None)]).days_off == ()


def test_a_deadline_at_the_wrong_statement_is_found_but_not_linked():
    gold = promise()
    one = gold.statements[0]
    cut = PROMISE.index("，市财政局")
    first, second = statement(PROMISE, 0, cut, deadlines=one.deadlines), statement(PROMISE, cut + 1, one.end)
    pred = Reply(PROMISE, "p", statements=(first, second))
    found = ce.score([gold], [pred])
    assert found.f1("deadlines") == 1.0 and found.f1("linked deadlines") == 0.0
    causes = {e.kind: e.cause for _, e in found.errors}
    assert causes["deadlines"] == "found, but not at this statement" and causes["quantities"] == "not found"


# many replies


def test_two_documents_and_their_slices():
    gold = [reply("A built", "a"), promise()]
    pred = [reply("", "a"), promise()]
    found = ce.score(gold, pred)
    assert found.counts("statements") == Counts(1, 2, 1)
    assert found.counts("statements", where=lambda d: d.id == "a") == Counts(0, 1, 0)
    assert {n: len(part) for n, part in found.slices("length").items()} == {"under 200": 2}
    with pytest.raises(KeyError, match="it has doc_type, length"):
        found.slices("city")


@pytest.mark.parametrize(
    "text, name, value",
    [
        ("我局將新建站點36個，並加強巡查。", "script", "traditional"),
        ("我局将新建站点36个。", "script", "simplified"),
        ("海珠區(qū)將(jiāng)新建站點。", "noise", "noisy"),
        ("我局将新建站点36个。", "noise", "clean"),
        ("一、下一步工作计划\n加强巡查。", "plan", "with a plan section"),
        ("已加强巡查。", "plan", "without"),
    ],
)
def test_slices(text, name, value):
    assert ce.score([Reply(text, "a")], [Reply(text, "a")]).documents[0].slices[name] == value


def test_other_replies_are_refused():
    with pytest.raises(ValueError, match="gold has 1 replies and pred 0"):
        ce.score([reply("")], [])
    with pytest.raises(ValueError, match="'a' where pred has 'b'"):
        ce.score([reply("")], [reply("", "b")])


def test_no_reply_at_all():
    nothing = ce.evaluate(ce.load(None), [])
    assert not nothing and nothing.f1("statements") is None and nothing.interval("statements") is None
    assert nothing.ece is None and nothing.curve() == [] and nothing.confusion().sum() == 0
    assert nothing.to_frame()["f1"].isna().all()


def test_everything_survives_json():
    found = ce.score([reply("A built, C build, R not"), promise()], [reply("A built+build, R not"), promise(lead=None)])
    assert list(found.errors)
    assert Evaluation.from_dict(json.loads(json.dumps(found.to_dict(), ensure_ascii=False))) == found
    assert "已建成" not in json.dumps(found.to_dict(errors=False), ensure_ascii=False)
    with pytest.raises(SchemaError, match="schema 7; this release reads 1"):
        Evaluation.from_dict({"schema": 7})


# errors

ERRORS = [
    ("A built", "", "missed", "cue seen, but taken for background"),
    ("R patrol", "", "missed", "no cue in the clause"),
    ("A built", "C built", "label", "only words of the right label"),
    ("A build", "C build", "label", "words of both labels"),
    ("A patrol", "C patrol", "label", "only words of the wrong label"),
    ("", "C build", "spurious", "background told in the same words"),
    ("", "R built", "spurious", "no cue in the clause"),
    ("C build+not+patrol", "C patrol", "boundary", "begins too late"),
    ("C build", "C build+not+patrol", "boundary", "ends too late"),
    ("A built, A build", "A built+build", "missed", "joined with its neighbour"),
    ("A built+build", "A built, A build", "spurious", "one statement cut in two"),
]


@pytest.mark.parametrize("gold, pred, kind, cause", ERRORS)
def test_errors(gold, pred, kind, cause):
    (error,) = ce.score([reply(gold)], [reply(pred)]).documents[0].errors
    assert (error.kind, error.cause) == (kind, cause)
    there = error.gold or error.pred
    assert error.context[there.start - error.start : there.end - error.start] == there.text


@pytest.mark.parametrize(
    "changes, kind, cause",
    [
        ({"lead": None}, "lead agency", "none found"),
        ({"lead": "我局"}, "lead agency", "我局 and the like not resolved"),
        ({"edtf": "2022"}, "deadlines", "another value"),
        ({"values": (1, 5)}, "quantities", "another value or unit"),
        ({"strength": "hedged"}, "strength", "firm taken for hedged"),
    ],
)
def test_errors_in_what_is_linked(changes, kind, cause):
    (error,) = ce.score([promise()], [promise(**changes)]).documents[0].errors
    assert (error.kind, error.cause) == (kind, cause)


# properties


@st.composite
def spans(draw):
    """Return statements of a text of 40 characters that do not overlap."""
    text = "建" * 40
    edges = sorted(draw(st.sets(st.integers(0, 40), max_size=12)))
    kept = [pair for pair in pairwise(edges) if draw(st.booleans())]
    return Reply(text, "a", statements=tuple(statement(text, *p, draw(st.sampled_from(LABELS))) for p in kept))


@settings(deadline=None, max_examples=50)
@given(spans())
def test_gold_against_itself_is_perfect(gold):
    found = ce.score([gold], [gold])
    assert {found.f1(m) for m in metrics()} <= {1.0, None} and not list(found.errors)


@settings(deadline=None, max_examples=50)
@given(spans(), spans())
def test_exchanging_gold_and_pred_exchanges_precision_and_recall(a, b):
    one, other = ce.score([a], [b]), ce.score([b], [a])
    for metric in metrics():
        if not metric.endswith(":macro"):
            here, there = one.counts(metric), other.counts(metric)
            assert (here.right, here.gold, here.pred) == (there.right, there.pred, there.gold), metric


@settings(deadline=None, max_examples=50)
@given(spans(), spans(), spans())
def test_merging_adds_and_order_does_not_matter(a, b, c):
    one, other = ce.score([a], [b]), ce.score([b], [c])
    assert one + other == ce.score([a, b], [b, c])
    for metric in metrics():
        assert (one + other).f1(metric) == (other + one).f1(metric)
        if not metric.endswith(":macro"):
            assert (one + other).counts(metric) == one.counts(metric) + other.counts(metric)


@settings(deadline=None, max_examples=50)
@given(spans(), spans())
def test_every_wrong_statement_is_an_error(gold, pred):
    found = ce.score([gold], [pred])
    wrong = [e for _, e in found.errors if e.kind in ("missed", "spurious", "label", "boundary")]
    counts = found.counts("statements")
    assert sum(e.gold is not None for e in wrong) == counts.gold - counts.right
    assert sum(e.pred is not None for e in wrong) == counts.pred - counts.right


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(spans(), spans()), min_size=1, max_size=3))
def test_exact_statements_are_the_strict_ones_of_nervaluate(pairs):
    """Its ends are inclusive. What it calls strict is the exact extent and the label, over all and by label."""
    gold, pred = ([pair[i] for pair in pairs] for i in (0, 1))
    found = ce.score(gold, pred)
    forms = [
        [[{"label": s.label, "start": s.start, "end": s.end - 1} for s in r.statements] for r in replies]
        for replies in (gold, pred)
    ]
    theirs = Evaluator(*forms, tags=list(LABELS), loader="dict").evaluate()
    by_metric = {"statements/exact": theirs["overall"]["strict"]}
    by_metric |= {f"statements/exact:{label}": result["strict"] for label, result in theirs["entities"].items()}
    for metric, their in by_metric.items():
        ours = found.counts(metric)
        assert (ours.right, ours.gold, ours.pred) == (their.correct, their.possible, their.actual)
        assert (ours.precision or 0, ours.recall or 0) == (their.precision, their.recall)
        assert (ours.f1 or 0) == pytest.approx(their.f1)


# real systems


@pytest.fixture(scope="module")
def written():
    return ce.read_replies(DATA / "written-test.jsonl")


@pytest.fixture(scope="module")
def real(corpus):
    return ce.read_replies(DATA / "real-test.jsonl", {r["id"]: r["text"] for r in corpus})


FLOORS = {
    "written": {
        "statements": 0.62,
        "stage": 0.92,
        "lead agency": 0.78,
        "quantities": 0.96,
        "deadlines": 0.74,
        "records": 0.41,
    },
    "real": {
        "statements": 0.57,
        "stage": 0.90,
        "lead agency": 0.62,
        "quantities": 0.91,
        "deadlines": 0.50,
        "records": 0.38,
    },
}
"""What the packaged model reaches on the test replies (it has learnt from the others), less a margin for small changes."""


@pytest.mark.parametrize("name", FLOORS)
def test_the_packaged_model_holds_its_floor(name, request):
    gold = request.getfixturevalue(name)
    found = ce.evaluate(ce.load(), gold)
    low = {m: (round(found.f1(m), 3), floor) for m, floor in FLOORS[name].items() if found.f1(m) < floor}
    assert low == {}
    if name == "real":
        assert found.f1("statements") > ce.evaluate(ce.load(None), gold).f1("statements")


def test_given_statements_are_right(written):
    found = ce.evaluate(ce.load(), written, given=True)
    assert found.f1("statements/exact") == 1.0 and 0 < found.f1("records") < 1


def test_the_packaged_agreement_is_that_of_the_annotations(corpus):
    texts = {r["id"]: r["text"] for r in corpus}
    a, b = (ce.read_replies(DATA / f"agreement-{name}.jsonl", texts) for name in "ab")
    found, packaged = ce.score(a, b), ce.annotators()
    assert [packaged.counts(m) for m in ("statements", "records")] == [
        found.counts(m) for m in ("statements", "records")
    ]
    assert round(found.f1("statements"), 3) == 0.944 and round(found.f1("records"), 3) == 0.920
    assert not list(packaged.errors)  # they would quote


def test_all_that_is_counted_is_described():
    from commitextract.scoring import METRICS

    assert [m for m in metrics() if ":" not in m] == list(METRICS) and set(BY_LABEL) <= set(METRICS)
