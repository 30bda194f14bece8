"""The box beside the pointer: it says whole names where there is room for them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tailrace.ui.views.charts.hint import Hint, HintBox, HintRow

NAMES = ("rate-limit", "tool", "timeout", "invoke_workflow ops.handle", "gpt-4.1", "server", "illicit little tilt")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("strong", [False, True])
def test_the_widest_name_is_not_cut_also_when_the_pointer_is_on_it(qtbot: QtBot, name: str, strong: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    box = HintBox(window)
    row = HintRow(name, "59", None, strong)
    box.show_at(Hint("10 Sep", (row,)), QPoint(5, 5))
    assert box.name_shown(row) == name


def test_of_a_name_that_is_too_long_the_beginning_is_said(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    box = HintBox(window)
    row = HintRow("x" * 500, "1")
    box.show_at(Hint("10 Sep", (row,)), QPoint(5, 5))
    assert box.name_shown(row).startswith("xxx")
    assert box.name_shown(row).endswith("…")
