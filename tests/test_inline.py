import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitextract.inline import InlineError, Tag, parse, render


def test_nested_tags_and_escapes():
    marked = '<COMMITMENT stage=planned>拟于<D edtf="../2021-12-31">年底前</D>建&lt;5&gt;个</COMMITMENT>。'
    text, tags = parse(marked)
    assert text == "拟于年底前建<5>个。"
    assert tags == [Tag("COMMITMENT", 0, 10, {"stage": "planned"}), Tag("D", 2, 5, {"edtf": "../2021-12-31"})]
    assert parse(render(text, tags)) == (text, tags)


@pytest.mark.parametrize(
    "marked, message",
    [
        ("a<b", "write &lt;"),
        ("<D>年底", "not closed"),
        ("<D>年<Q>底</D>", "</Q> is expected"),
        ("年底</D>", "no closing tag"),
    ],
)
def test_errors(marked, message):
    with pytest.raises(InlineError, match=message):
        parse(marked)


def test_crossing_tags():
    with pytest.raises(InlineError, match="crosses"):
        render("年底前", [Tag("D", 0, 2), Tag("Q", 1, 3)])


@given(st.text(), st.data())
def test_any_text_survives(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    values = st.text(st.characters(codec="utf-8"), min_size=1)
    tags = [Tag("Q", a, b, {"of": data.draw(values)}) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    assert parse(render(text, tags)) == (text, tags)
