import pytest

import commitextract as ce

LEADS = [
    ("由市民政局牵头，我局配合，将新建站点36个。", ["市民政局"], ["我局"]),
    ("我局会同市财政局、市审计局将开展检查。", ["我局"], ["市财政局", "市审计局"]),
    ("我局将配合市交通运输局优化线路3条。", ["市交通运输局"], ["我局"]),
    ("市发改委、市财政局将共同增加投入。", ["市发改委", "市财政局"], []),
    ("将新建站点36个（县住建局牵头，县财政局、青禾镇人民政府配合，6月底前完成）。", ["县住建局"], ["县财政局", "青禾镇人民政府"]),
    ("我局已责成质安站现场检查工地12处。", ["我局"], ["质安站"]),
]  # fmt: skip


@pytest.mark.parametrize("text, lead, support", LEADS)
def test_who_leads_and_who_supports(text, lead, support):
    """By the rules alone; a model may weigh them."""
    statements = ce.load(None)(text).statements
    agencies = [a for s in statements for a in s.agencies]
    assert list(dict.fromkeys(a.name for a in agencies if a.role == "lead")) == lead
    assert list(dict.fromkeys(a.name for a in agencies if a.role == "support")) == support
