import pytest

from commitextract.layout import read_layout

SENTENCES = {
    "我局已建成站点36个，预计10月完工。": ["我局已建成站点36个", "预计10月完工"],
    "比例为1:1.4，共1,200人。": ["比例为1:1.4", "共1,200人"],
    "一是加强巡查；二是规范停车。": ["加强巡查", "规范停车"],
    "1.新建站点。2.更换管网。": ["新建站点", "更换管网"],
    "（三）完善设施！": ["完善设施"],
    "首先，加强监管": ["首先", "加强监管"],
    "2017年完工": ["2017年完工"],
    "": [],
}


@pytest.mark.parametrize("text, clauses", SENTENCES.items())
def test_clauses(text, clauses):
    layout = read_layout(text)
    assert [text[c.start : c.end] for c in layout.clauses] == clauses


def test_sections_and_items():
    text = "一、工作情况\n我局已建成站点。\n二、下一步工作\n一是加强巡查。增设岗亭。\n二是规范停车。"
    found = [
        (text[c.start : c.end], c.section, c.item, c.opens_item, c.item_goes_on) for c in read_layout(text).clauses
    ]
    assert [f[1] for f in found] == ["工作情况", "工作情况", "下一步工作", "下一步工作", "下一步工作", "下一步工作"]
    patrol, booth, parking = found[3:]
    assert patrol[2] == booth[2] != parking[2]
    assert patrol[3:] == (True, True) and booth[3:] == (False, False) and parking[3:] == (True, False)


def test_an_enumerator_is_taken_from_the_beginning_alone():
    text = "工作说明\n道路整治（二）期安排\n我局已建成站点。\n二、道路1、2标段\n道路（二）期已开工。"
    clauses = read_layout(text).clauses
    assert [c.section for c in clauses[2:]] == ["道路整治（二）期安排", "道路1、2标段", "道路1、2标段"]
    assert clauses[-1].sentence_length == len("道路二期已开工")


def test_transcript():
    text = "询问人：委员甲\n应询人：市民政局局长乙\n问：怎么办？\n答：我们将新建站点。\n追问：何时？\n答：年底。"
    parts = read_layout(text).parts
    assert [(p.kind, p.speaker) for p in parts] == [
        ("question", None), ("question", "市民政局局长乙"), ("question", "市民政局局长乙"), ("answer", "市民政局局长乙"),
        ("question", "市民政局局长乙"), ("answer", "市民政局局长乙"),
    ]  # fmt: skip


def test_supervising_speech_and_own_speech():
    text = (
        "专题询问会\n8月30日，开展询问。\n市人大常委会主任作总结讲话\n要加强建设。\n市政府主动认领\n我们将加快建设。\n"
        "应询人：市民政局局长乙\n问：怎么办？\n答：新建。"
    )
    assert [p.kind for p in read_layout(text).parts][:3] == ["front", "speech", "answer"]


def test_several_replies_in_one_text():
    one = "您好！我局已派人到现场查看，并要求施工单位整改到位，目前道路已恢复通行，感谢您对城市管理工作的关心、理解和支持，祝您生活愉快！市城管局2019年4月1日"
    assert [p.kind for p in read_layout(f"{one}\n{one}").parts] == ["answer", "answer"]
    assert len(read_layout(one).parts) == 1


@pytest.mark.parametrize(
    "text, doc_type",
    [
        ("对第20号建议的答复\n李代表：\n您的建议收悉。", "letter"),
        ("应询人：市民政局局长\n问：如何？\n答：好。", "inquiry"),
        ("网友您好！", "message"),
    ],
)
def test_doc_type(text, doc_type):
    assert read_layout(text).doc_type == doc_type
