"""The figures at the head of the inspector: none is cut where there is room for all of them."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from tailrace.ui.theme import load_fonts, ui_font
from tailrace.ui.views.facts import Fact, FactsView


@pytest.mark.parametrize("width", [310, 360, 520])
def test_a_long_cost_is_shown_whole_beside_short_figures(qtbot: QtBot, width: int) -> None:
    load_fonts()
    view = FactsView()
    qtbot.addWidget(view)
    view.resize(width, 60)
    texts = (("Duration", "–"), ("TTFT", "723 ms"), ("Tokens in/out", "688 / 68"), ("Cost", "~$0.000374"))
    view._show(tuple(Fact(label, value, "") for label, value in texts), "")
    small = QFontMetrics(ui_font(12, QFont.Weight.DemiBold))
    for fact, box in zip(view.facts, view._boxes(), strict=True):
        assert small.horizontalAdvance(fact.value) <= box.width(), fact.label
    assert view._boxes()[-1].right() <= width
