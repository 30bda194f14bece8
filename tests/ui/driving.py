"""How tests drive a window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tailrace.ui.main_window import MainWindow

START = 1_795_000_000_000_000_000
SECOND = 10**9


def idle(window: MainWindow) -> bool:
    return not window.session.jobs.busy and not window.page.is_waiting


def rows(window: MainWindow) -> int:
    return window.page.model.rowCount()


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(60)
    qtbot.waitUntil(lambda: idle(window), timeout=20_000)


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    qtbot.keyClick(widget, key, modifier)
