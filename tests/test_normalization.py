import pytest

from commitextract.normalization import normalize, simplify, well_formed

PAIRS = {
    "海珠區(qū)民政局": "海珠区民政局",
    "現(xiàn)答復(fù)如下:": "现答复如下：",
    "辦(bàn理": "办理",
    "聯lián)系人": "联系人",
    "了(le)解": "了解",
    "《考核辦法(試行)》": "《考核办法（试行）》",
    "全市(含5个社区)": "全市（含5个社区）",
    "方案(a)": "方案（a）",
    "１２００個，６８％": "1200个，68%",
    "比例为1：1.4，共1，200人": "比例为1:1.4，共1,200人",
    "您好!请问?": "您好！请问？",
    "A&nbsp;B&lt;5&amp;": "A B<5&",
    "新 建　站 点 36 个": "新建站点36个",
    "GB 3100": "GB 3100",
    "第一行<br>第二行": "第一行\n第二行",
    "一行\r\n\r\n\r\n二行": "一行\n二行",
    "您好！　　现回复如下": "您好！\n现回复如下",
    "建设\u200b站\ufeff点": "建设站点",
    "新建站点，\n更换管网": "新建站点，更换管网",
    "一、道路问题 经核实，属实": "一、道路问题\n经核实，属实",
    "二O一三年": "二〇一三年",
}


@pytest.mark.parametrize("raw, clean", PAIRS.items())
def test_pairs(raw, clean):
    assert normalize(raw).text == clean


def test_the_map_gives_back_the_raw_piece():
    clean = normalize("區(qū)政務(wù)局覆蓋1203項(xiàng)事項(xiàng),共&nbsp;5個")
    start = clean.text.index("1203项")
    raw_start, raw_end = clean.to_raw(start, start + 5)
    assert clean.raw[raw_start:raw_end] == "1203項(xiàng)"
    assert clean.from_raw(raw_start, raw_end) == (start, start + 5)


def test_nothing_to_do_needs_no_map():
    assert normalize("我局将新建站点。").starts is None


def test_lines_wrapped_at_a_width_are_joined():
    line = "我局将进一步加强对全市养老机构的监督管理和业务指导工作"
    assert "\n" not in normalize("\n".join([line, line, line, "完。"])).text


def test_short_lines_stay_apart():
    assert normalize("一、基本情况\n我局高度重视。\n二、下一步").text.count("\n") == 2


def test_simplify_keeps_the_length():
    text = "後面的髮廊裏，乾隆乾杯，頭髮發現"
    assert len(simplify(text)) == len(text)


def test_lone_surrogates():
    assert well_formed("a\ud800b") == "a\ufffdb"
