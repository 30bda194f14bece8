"""The command palette, by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tailrace.ui.commands import COMMANDS
from tailrace.ui.dialogs.palette import CommandPalette, match_rank


def test_typing_some_letters_and_enter_does_it(qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(800, 600)
    qtbot.addWidget(window)
    palette = CommandPalette(window)
    with qtbot.waitActive(window):
        window.show()
    palette.offer([(command, "", True) for command in COMMANDS])
    line = palette.findChild(QLineEdit)
    qtbot.keyClicks(line, "thdo")
    with qtbot.waitSignal(palette.chosen) as chosen:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert chosen.args == ["trace.thumb-down"]
    assert not palette.isVisible()


def test_enter_does_what_can_be_done_although_what_cannot_is_called_more_alike(qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(800, 600)
    qtbot.addWidget(window)
    palette = CommandPalette(window)
    with qtbot.waitActive(window):
        window.show()
    palette.offer([(command, "", command.id == "view.theme-light") for command in COMMANDS])
    line = palette.findChild(QLineEdit)
    qtbot.keyClicks(line, "light")
    with qtbot.waitSignal(palette.chosen, timeout=2000) as chosen:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert chosen.args == ["view.theme-light"]


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [("open", "Open…", "Copy trace id open"), ("ne", "Next trace", "Find in trace, never")],
)
def test_what_begins_so_comes_first(typed: str, better: str, worse: str) -> None:
    first, second = match_rank(typed, better), match_rank(typed, worse)
    assert first is not None
    assert second is not None
    assert first < second


def test_letters_that_do_not_occur_match_nothing() -> None:
    assert match_rank("xq", "Next trace") is None
