import pytest

import commitextract as ce
from commitextract.report import SHEET, extraction_page, ledger_sheet, pieces, reply_fragment, safe_cell, write_sheet

EVIL = "<script>alert(1)</script>我局将在2021年底前新建站点36个。"


@pytest.fixture
def replies():
    return [ce.extract(ce.read_text(ce.example()), id="letter"), ce.extract(EVIL, id="=1+1")]


def test_pieces_give_back_the_text(replies):
    for reply in replies:
        assert "".join(piece.text for piece in pieces(reply)) == reply.text


def test_page_is_escaped_and_needs_nothing_from_outside(replies):
    page = extraction_page(replies)
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "") and "@import" not in page
    assert "&lt;script&gt;" in reply_fragment(replies[1])


def test_sheet(replies, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    sheet = ledger_sheet(replies)
    assert tuple(sheet.columns) == SHEET and sheet["序号"].tolist() == list(range(1, len(sheet) + 1))
    write_sheet(sheet, tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")["台账"]
    assert [c.value for c in book[1]] == list(SHEET)
    assert book.freeze_panes == "A2" and book.auto_filter.ref.startswith("A1:J")
    assert book["B2"].alignment.wrap_text
    assert all(c.data_type != "f" for row in book for c in row)


def test_csv_opens_in_a_spreadsheet(replies, tmp_path):
    write_sheet(ledger_sheet(replies, "2022-01-01"), tmp_path / "out.csv")
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and "已逾期".encode() in data


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(cell):
    assert safe_cell(cell) == f"'{cell}"
    assert safe_cell(f"x{cell}") == f"x{cell}" and safe_cell(5) == 5
