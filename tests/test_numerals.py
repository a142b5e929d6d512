import pytest

from commitextract.numerals import parse_number

VALUES = {
    "0": 0, "36": 36, "1,200": 1200, "1,234,567": 1234567, "402.631": 402.631, "0.1": 0.1,
    "十": 10, "十二": 12, "二十": 20, "廿五": 25, "一百零五": 105, "一百一十": 110, "一百二": 120, "两千零五": 2005,
    "一千二": 1200, "两千二百": 2200, "三万五": 35000, "三万零五": 30005, "二十万零五百": 200500,
    "一百二十三万四千": 1234000, "一千零三十万": 10300000, "一亿两千万": 120000000, "一万亿": 10**12,
    "3万5千": 35000, "1.2亿": 120000000, "1200万": 12000000, "3亿5000万": 350000000, "5百": 500, "2千三": 2300,
    "五点三": 5.3, "一点五万": 15000, "半": 0.5, "二〇二一": 2021, "零": 0, "壹佰贰拾": 120, "三分之二": 2 / 3,
    "百分之五": 0.05, "1/4": 0.25,
}  # fmt: skip


@pytest.mark.parametrize("text, value", VALUES.items())
def test_values(text, value):
    assert parse_number(text) == value
    assert type(parse_number(text)) is type(value)


@pytest.mark.parametrize(
    "text", ["", "亿", "万亿", "个", "1,20", "十十", "二三万四五", "点五", "一点", "1" * 50 + "万"]
)
def test_what_is_no_number(text):
    assert parse_number(text) is None
