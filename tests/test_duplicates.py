from hypothesis import given
from hypothesis import strategies as st

from commitextract.duplicates import clusters, near_duplicates

LONG = "您反映的东湖路北段路灯不亮问题，我局已安排养护单位现场查看，更换灯具十二盏，目前照明恢复正常。"


def test_a_changed_word_does_not_hide_a_copy():
    assert near_duplicates([LONG], [LONG.replace("十二", "二十")]) == [(0, 0)]


def test_common_forms_do_not_make_two_replies_alike():
    other = "您反映的西山村供水问题，我局已安排专人核实，计划明年新建水厂一座，届时可以解决用水困难。"
    assert near_duplicates([LONG], [other, "感谢您的来信。"]) == []


def test_clusters_go_through_what_lies_between():
    text = "".join(chr(0x4E00 + n) for n in range(80))
    first, middle, last = text[:60], text[10:70], text[20:]  # 33 pieces of 73 are common to the first and the last
    assert near_duplicates([first], [last]) == []
    assert clusters([first, last, "感谢您。", middle]).tolist() == [0, 0, 1, 0]


@given(st.lists(st.text("甲乙丙。", max_size=12), max_size=6))
def test_equal_texts_are_always_found(texts):
    found = near_duplicates(texts, texts)
    assert {(i, j) for i, a in enumerate(texts) for j, b in enumerate(texts) if a == b} <= set(found)
    assert {(j, i) for i, j in found} == set(found)
