import io
import zipfile

import pytest

from commitextract import ReadError, example, read_text
from commitextract.readers import decode, read_records

TEXT = "我局将在年底前新建站点36个，更换老旧管网15公里，并加强对全市供水设施的巡查和维护。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "big5"])
def test_encodings(encoding):
    text = (
        TEXT
        if encoding != "big5"
        else "本局將於年底前新建車站三十六個，並加強對全市供水設施的巡查和維護工作，感謝來信。"
    )
    assert decode(text.encode(encoding)) == text


def test_txt(tmp_path):
    path = tmp_path / "reply.txt"
    path.write_bytes(TEXT.encode("gb18030"))
    assert list(read_records(path)) == [{"id": "reply", "text": TEXT}]


def test_html(tmp_path):
    path = tmp_path / "reply.html"
    path.write_text(f"<html><script>x()</script><body><p>标题</p><p>{TEXT}</p></body></html>", "utf-8")
    assert read_text(path) == f"标题\n{TEXT}"


def test_docx_with_a_tracked_insertion_and_a_table(tmp_path):
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = (
        f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>我局将</w:t></w:r><w:ins><w:r><w:t>新建</w:t></w:r></w:ins></w:p>'
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>36个</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"
    )
    path = tmp_path / "reply.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", xml)
    assert read_text(path) == "我局将新建\n36个"


def test_pdf_without_text(tmp_path):
    pypdf = pytest.importorskip("pypdf")
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(out)
    path = tmp_path / "scan.pdf"
    path.write_bytes(out.getvalue())
    with pytest.raises(ReadError, match="text recognition"):
        read_text(path)


def test_jsonl_and_csv(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "甲", "date": "2021-01-01"}\n\n{"text": "乙"}\n', "utf-8")
    (tmp_path / "a.csv").write_text("\ufeffid,text,date\n1,甲,\n", "utf-8")
    assert [r["text"] for r in read_records(tmp_path / "a.jsonl")] == ["甲", "乙"]
    assert list(read_records(tmp_path / "a.csv")) == [{"id": "1", "text": "甲", "date": None}]


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("a.xls", b"x", "accepted: .txt"),
        ("a.txt", b" \n", "holds no text"),
        ("a.jsonl", b"{\n", "line 1 is no JSON"),
        ("a.jsonl", b'{"id": 1}\n', "no object with 'text'"),
        ("a.csv", b"id,body\n1,x\n", "no column 'text'"),
        ("a.docx", b"not a zip", "no Word document"),
        ("a.pdf", b"%PDF-1.4 broken", "no readable PDF|no text"),
        ("a.txt", b"\xff\xfea\x00\x00\xd8", "byte order mark"),
    ],
)
def test_errors_name_the_file_and_what_is_wrong(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadError, match=message) as error:
        list(read_records(path))
    assert str(path) in str(error.value)


def test_missing_file_and_example():
    with pytest.raises(ReadError, match="cannot be read"):
        read_text("nowhere.txt")
    with pytest.raises(ReadError, match="inquiry"):
        example("speech")
