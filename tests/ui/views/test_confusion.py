"""The confusion table with more values than fit."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tailrace.ui.views.confusion import Confusion, ConfusionTable


@pytest.fixture
def table(qtbot: QtBot) -> ConfusionTable:
    """Twenty values in room for some five."""
    made = ConfusionTable()
    qtbot.addWidget(made)
    made.resize(420, 260)
    with qtbot.waitExposed(made):
        made.show()
    made.show_table(Confusion("ada", "ben", tuple(f"v{n}" for n in range(20)), np.eye(20, dtype=np.int64)))
    return made


def test_the_current_cell_comes_into_sight_from_under_the_headers(table: ConfusionTable) -> None:
    for _ in range(19):
        QTest.keyClick(table, Qt.Key.Key_Right)
        QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.viewport().rect().contains(table.cell_rect((19, 19)))
    for _ in range(19):
        QTest.keyClick(table, Qt.Key.Key_Left)
        QTest.keyClick(table, Qt.Key.Key_Up)
    assert (table.horizontalScrollBar().value(), table.verticalScrollBar().value()) == (0, 0)


def test_a_cell_under_a_header_is_not_clicked(table: ConfusionTable) -> None:
    table.horizontalScrollBar().setValue(60)
    chosen: list[object] = []
    table.chosen.connect(chosen.append)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, table.cell_rect((0, 0)).center().y()))
    assert chosen == []


def test_a_second_click_shows_all_again(table: ConfusionTable) -> None:
    chosen: list[object] = []
    table.chosen.connect(chosen.append)
    for _ in range(2):
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.cell_rect((1, 1)).center())
    assert chosen == [(1, 1), None]


def test_a_picked_cell_stays_while_the_table_is_read_again(table: ConfusionTable) -> None:
    table.pick((2, 2))
    values = tuple(f"v{n}" for n in range(20))
    table.show_table(Confusion("ada", "ben", values, np.ones((20, 20), np.int64)))
    assert table.picked == (2, 2)
    table.show_table(Confusion("ada", "cleo", values, np.ones((20, 20), np.int64)))
    assert table.picked is None
