import pytest

import commitextract as ce

DATES = [
    ("您好！感谢来信。市城管局2019年4月1日", None, ("2019-04-01", "signature")),
    ("您好！感谢来信。\n市城管局\n二〇一九年四月一日", None, ("2019-04-01", "signature")),
    ("发布时间：2020-05-06\n您好！感谢来信。", None, ("2020-05-06", "published")),
    ("您好！市城管局2019年4月1日", "2019-05-01", ("2019-05-01", "given")),
    ("您好！道路已于2019年4月1日完工，感谢来信。", None, (None, None)),
]


@pytest.mark.parametrize("text, given, expected", DATES)
def test_dates(text, given, expected):
    meta = ce.extract(text, date=given).meta
    assert (meta.date, meta.date_source) == expected


def test_an_inquiry_infers_its_year():
    meta = ce.extract(ce.read_text(ce.example("inquiry"))).meta
    assert (meta.date, meta.date_source, meta.doc_type) == ("2022-04-16", "inferred", "inquiry")


RESPONDENTS = [
    ("您好！已处理。\n青川市城市管理局\n2019年4月1日", "青川市城市管理局"),
    ("您好！已处理。青川市城市管理局2019年4月1日", "青川市城市管理局"),
    ("青川市民政局对第20号建议的答复\n王代表：\n您的建议收悉。", "青川市民政局"),
    ("您好！青川市教育局答复如下：已处理。", "青川市教育局"),
    ("您好！已处理。感谢您对青川市教育局工作的支持！", "青川市教育局"),
    ("您好！我镇已处理，河口镇人民政府将继续跟进。", "河口镇人民政府"),
    ("您好！已处理。", None),
]


@pytest.mark.parametrize("text, respondent", RESPONDENTS)
def test_respondents(text, respondent):
    assert ce.extract(text).meta.respondent == respondent


def test_letter_head():
    meta = ce.extract(ce.read_text(ce.example())).meta
    assert (meta.addressee, meta.reference) == ("周明澜代表", "第87号建议")
    assert (meta.respondent, meta.date, meta.doc_type) == ("青川市住房和城乡建设局", "2021-06-18", "letter")


def test_a_given_respondent_wins():
    reply = ce.extract("我局将新建站点。", respondent="市水务局")
    assert reply.meta.respondent == reply.commitments[0].lead == "市水务局"
