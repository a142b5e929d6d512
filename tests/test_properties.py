"""Invariants: the spans of any text, any noise, the same twice, and never an exception."""

import itertools
import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

import commitextract as ce
from commitextract.normalization import normalize

PIECES = st.sampled_from(
    ["我局", "将", "在年底前", "新建", "36个", "站点", "，", "。", "；", "\n", "　　", "一是", "（一）", "已完成", "无法", "区(qū)", "會(huì)", "&nbsp;",
     "１２", "3至5家", "1:1.4", "%", "“", "”", "市民政局", "\u200b", "\ud800", "😀", "<br>", "问：", "答：", "应询人：市水务局局长甲", " ", "2021年6月1日"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_any_text_gives_a_reply_with_exact_spans(text):
    reply = ce.extract(text, date="2021-08-30")
    for span in reply.spans():
        assert reply.text[span.start : span.end] == span.text
    for s in reply.statements:
        assert all(s.start <= q.start < q.end <= s.end for q in s.quantities)
        assert all(0 <= e.start < e.end <= len(reply.text) for e in s.evidence)
    assert ce.Reply.from_dict(json.loads(json.dumps(reply.to_dict()))) == reply
    assert ce.extract(text, date="2021-08-30") == reply


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_normalization_maps_every_character_and_settles(text):
    clean = normalize(text)
    ends = [clean.to_raw(i, i + 1) for i in range(len(clean.text))]
    assert all(0 <= a < b <= len(text) for a, b in ends)
    assert all(a[0] < b[0] for a, b in itertools.pairwise(ends))


NOISE = {
    "pinyin": lambda c: f"{c}(qū)" if c == "区" else c,
    "zero width": lambda c: f"{c}\u200b" if c not in "0123456789" else c,
    "full width": lambda c: chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c,
}


def test_noise_changes_no_answer():
    text = "青川区民政局将在2021年底前新建站点36个，更换管网15公里；同时加强巡查。"
    plain = ce.extract(text)
    for name, change in NOISE.items():
        noisy = ce.extract("".join(map(change, text)))
        assert [s.normalized for s in noisy.statements] == [s.normalized for s in plain.statements], name
        assert [(q.value, q.unit) for q in noisy.quantities] == [(q.value, q.unit) for q in plain.quantities], name
        assert [d.edtf for d in noisy.deadlines] == [d.edtf for d in plain.deadlines], name


def test_traditional_text_gives_the_same():
    simple = ce.extract("区民政局将在2021年底前新建站点36个。")
    traditional = ce.extract("區民政局將在2021年底前新建站點36個。")
    assert [(s.label, s.start, s.end, s.lead) for s in simple.statements] == [
        (s.label, s.start, s.end, s.lead) for s in traditional.statements
    ]


def test_a_reply_cut_anywhere_still_reads():
    text = ce.read_text(ce.example())
    for at in random.Random(0).sample(range(len(text)), 40):
        ce.extract(text[:at])
