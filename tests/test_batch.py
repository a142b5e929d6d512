import pytest

import commitextract as ce
from commitextract.batch import QUANTITY_COLUMNS, Failure, extract_each, extract_many
from commitextract.units import UnitError

GOOD = {"id": "a", "text": "我局将在年底前新建站点36个。", "date": "2021-08-30", "note": "left alone"}
BAD = {"id": "b", "text": 5}


def test_one_bad_record_stops_nothing():
    errors: list[Failure] = []
    replies = list(extract_many(ce.load(), [GOOD, BAD, {"body": ""}, GOOD["text"]], errors=errors))
    assert [r.id for r in replies] == ["a", None]
    assert [(e.index, e.id) for e in errors] == [(1, "b"), (2, None)]
    assert "must be a string" in errors[0].error and "no 'text'" in errors[1].error


def test_without_a_list_a_failure_warns():
    with pytest.warns(UserWarning, match="reply b was left out"):
        assert list(ce.load().pipe([BAD])) == []


def test_processes_give_the_same_in_order():
    records = [{**GOOD, "id": str(i)} for i in range(7)]
    alone = list(extract_each(ce.load(), records))
    assert list(extract_each(ce.load(), records, n_jobs=2, chunk=3)) == alone


def test_pipe_is_lazy():
    def texts():
        yield GOOD
        raise AssertionError("read ahead")

    assert next(ce.load().pipe(texts())).id == "a"


def test_frame():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {"body": [GOOD["text"], None, "谢谢。"], "day": pd.to_datetime(["2021-08-30", None, None])}, index=[7, 8, 9]
    )
    out = ce.extract_frame(frame, text="body", date="day")
    assert out["reply"].tolist() == ["7", "8"]
    assert out.loc[0, ["label", "edtf", "lead"]].tolist() == ["COMMITMENT", "../2021-12-31", "我局"]
    assert "'text' is empty" in out.loc[1, "error"]
    with pytest.raises(KeyError, match=r"no column 'text'; it has \['body', 'day'\]"):
        ce.extract_frame(frame)


def test_ledger_puts_the_overdue_first():
    texts = ["我局将在2022年底前新建站点。", "我局将进一步加强巡查。", "我局将在2021年9月底前完成改造。"]
    table = ce.ledger(ce.load().pipe(texts), as_of="2021-12-31")
    assert table["status"].tolist() == ["overdue", "due", "no deadline"]
    assert table["days left"].tolist()[:2] == [-92, 365]
    assert ce.ledger([], as_of="2021-12-31").empty


def test_quantities_of_one_kind_add_up_in_the_unit_asked_for():
    texts = [
        "我局已拨付补贴1.2亿元，其中市级3000万元。",
        "计划投资500万元至800万元，改造管网15公里。",
        "物业费为2元/平方米。",
    ]
    replies = [ce.extract(text, id=f"r{n}") for n, text in enumerate(texts)]
    money = ce.quantities_frame(replies, to="万元")
    assert money["unit"].tolist() == ["万元"] * 3
    assert money["value"].sum() == 15000
    assert money[["low", "high"]].values.tolist()[2] == [500, 800]
    everything = ce.quantities_frame(replies)
    assert list(everything.columns) == list(QUANTITY_COLUMNS)
    assert everything["dimension"].tolist() == ["money CNY"] * 3 + ["length", "money CNY/area"]
    assert everything.groupby("dimension")["base value"].sum()["length"] == 15000
    assert everything["reply"].tolist() == ["r0", "r0", "r1", "r1", "r2"]
    assert ce.quantities_frame(replies, to="吨").empty


def test_bounds_of_a_quantity_in_the_table():
    reply = ce.extract("新增泊位不少于500个，新增学位近2000个，约60个班，按1:1.4配比。")
    frame = ce.quantities_frame([reply])
    bounds = frame[["low", "high"]].astype(object).where(frame[["low", "high"]].notna(), None).values.tolist()
    assert bounds == [[500, None], [None, 2000], [None, None], [None, None]]
    with pytest.raises(UnitError, match="'蒸'"):
        ce.quantities_frame([reply], to="蒸")
