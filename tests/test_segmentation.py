import pytest

from commitextract import segment
from commitextract.segmentation import SEGMENTERS, Segmenter

TEXT = "我局将会同A7县住建局在 年底前新建36个社工站，不断完善。"


@pytest.mark.parametrize("name", [n for n in SEGMENTERS if n != "pkuseg"])
def test_words_carry_offsets_and_keep_agencies(name):
    words = Segmenter(name)(TEXT, keep=[(5, 11)])
    assert all(TEXT[w.start : w.end] == w.text and w.text.strip() == w.text for w in words)
    assert "".join(w.text for w in words) == TEXT.replace(" ", "")
    assert "A7县住建局" in [w.text for w in words]


def test_rjieba_agrees_with_jieba_on_chinese():
    text = "我们将进一步加强对养老机构的监督管理，年底前新建社工站，完成老旧小区改造。"
    assert Segmenter("rjieba")(text) == Segmenter("jieba")(text)


def test_terms_are_not_cut():
    assert "社工站" in [w.text for w in Segmenter()(TEXT)]


def test_one_repeated_character_takes_bounded_time():
    assert "".join(w.text for w in Segmenter()("啊" * 50_000)) == "啊" * 50_000


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"name": "thulac"}, "must be one of"),
        ({"name": "pkuseg"}, "Train one"),
        ({"name": "pkuseg", "model": "/nowhere"}, "directory of a model"),
        ({"name": "rjieba", "model": "/nowhere"}, "takes no model"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        Segmenter(**arguments)


def test_segment_of_a_raw_text():
    assert [w.text for w in segment("由市民政局牽(qiān)頭")] == ["由", "市民政局", "牽(qiān)頭"]
