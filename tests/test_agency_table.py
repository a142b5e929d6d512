import pytest

import commitextract as ce
from commitextract.agency_table import read_agencies

HEAD = "name,aliases,parent,place\n"
TABLE = (
    HEAD
    + "青川市住房和城乡建设局,市住建局；市建局,,青川市\n"
    + "临江市住房和城乡建设局,市住建局,,临江市\n"
    + "青川市房屋质量安全监督站,质安站,青川市住房和城乡建设局,青川市\n"
    + "惠民大厅,一门式大厅,,\n"
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "my.csv"
    path.write_text(TABLE, "utf-8")
    return path


CASES = [
    ("在青川市，市住建局将新建站点36个。", "青川市住房和城乡建设局"),
    ("在临江市，市住建局将新建站点36个。", "临江市住房和城乡建设局"),
    ("市住建局将新建站点36个。", "市住建局"),
    ("市建局将新建站点36个。", "青川市住房和城乡建设局"),
    ("市建局质安站将新建检查站12个。", "青川市房屋质量安全监督站"),
    ("惠民大厅将增设窗口3个。", "惠民大厅"),
    ("一门式大厅将增设窗口3个。", "惠民大厅"),
    ("市民政局将新建站点36个。", "市民政局"),
]


@pytest.mark.parametrize("text, lead", CASES)
@pytest.mark.parametrize("model", [None, "default"])
def test_the_table_wins(table, model, text, lead):
    assert ce.load(model, agencies=table)(text).commitments[0].lead == lead


def test_a_mention_is_found_where_it_stands(table):
    agency = ce.load(None, agencies=table)("近期，一门式大厅将增设窗口3个。").commitments[0].agencies[0]
    assert (agency.start, agency.end) == (3, 8)


def test_without_the_table_the_name_is_unknown():
    assert ce.load(None)("一门式大厅将增设窗口3个。").commitments[0].lead is None


def test_a_spreadsheet_writes_gb18030(tmp_path):
    path = tmp_path / "my.csv"
    path.write_bytes(TABLE.encode("gb18030"))
    assert len(read_agencies(path).entries) == 4


FAULTS = [
    ("name,aliases\n市民政局,\n", "no column parent, place"),
    ("", "its first line has none"),
    (HEAD + ",市民局,,\n", "line 2: the name is empty"),
    (HEAD + "甲县民政局,县民政局,,\n乙县民政局,县民政局,,\n", "'县民政局' stands for '甲县民政局' and '乙县民政局'"),
    (HEAD + "甲县民政局,,甲县人民政府,\n", "parent '甲县人民政府', which has no row"),
]


@pytest.mark.parametrize("text, message", FAULTS)
def test_faults_are_named(tmp_path, text, message):
    path = tmp_path / "my.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ce.AgencyTableError, match=message) as error:
        read_agencies(path)
    assert str(path) in str(error.value)


def test_an_unknown_encoding_and_a_missing_file(tmp_path):
    path = tmp_path / "my.csv"
    path.write_bytes(b"name,aliases,parent,place\n\xff\xff\xff\xff,,,\n")
    with pytest.raises(ce.AgencyTableError, match="neither UTF-8 nor GB18030"):
        read_agencies(path)
    with pytest.raises(ce.AgencyTableError, match="No such file"):
        ce.load(None, agencies=tmp_path / "none.csv")
