"""How a window was arranged is how it is the next time: size, screen, splitters, columns, panes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.ui.driving import settle

from tailrace.ui.main_window import MainWindow
from tailrace.ui.pages.failure_modes import FailureModesPage
from tailrace.ui.views.waterfall import Column
from tailrace.ui.views.window_geometry import give_size, restore_geometry


def geometry(frame: QRect, screen: int, screen_width: int, maximised: bool = False) -> QByteArray:
    """What QWidget.saveGeometry writes of a window."""

    def corners(rect: QRect) -> bytes:
        return struct.pack(">4i", rect.left(), rect.top(), rect.right(), rect.bottom())

    numbers = struct.pack(">i2Bi", screen, maximised, False, screen_width)
    return QByteArray(b"\x01\xd9\xd0\xcb\0\x03\0\0" + corners(frame) * 2 + numbers + corners(frame))


def test_the_form_of_a_saved_geometry_is_the_one_that_is_known_here(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setGeometry(20, 30, 300, 200)
    assert widget.saveGeometry() == geometry(widget.geometry(), 0, widget.screen().size().width())


@pytest.mark.parametrize("screen_width", [800, 1000, 1920, 7680])
@pytest.mark.parametrize("maximised", [False, True])
def test_a_window_of_a_screen_that_is_gone_or_was_larger_is_seen_whole(
    qtbot: QtBot, screen_width: int, maximised: bool
) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    room = widget.screen().availableGeometry()
    for frame in (QRect(3_000, 200, 500, 400), QRect(-1_900, -900, 1_600, 1_200), QRect(100, 100, 300, 200)):
        assert restore_geometry(widget, geometry(frame, 3, screen_width, maximised))
        assert widget.isMaximized() is maximised
        if not maximised:
            assert room.contains(widget.geometry())
            assert widget.width() == min(frame.width(), room.width() - 2)


@pytest.mark.parametrize("nonsense", [b"", b"x" * 80, b"\x01\xd9\xd0\xcb", b"\x01\xd9\xd0\xcb" + b"\xff" * 70])
def test_nonsense_is_no_geometry(qtbot: QtBot, nonsense: bytes) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(300, 200)
    assert not restore_geometry(widget, QByteArray(nonsense))
    assert widget.size() == QSize(300, 200)


def test_a_first_window_is_no_larger_than_the_screen(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    give_size(widget, QSize(400, 5_000))
    assert widget.width() == 400
    assert 500 < widget.height() < widget.screen().availableSize().height()


def test_splitters_columns_and_panes_are_as_they_were(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    for command in ("span.column-tokens", "span.column-self", "span.compress-gaps"):
        window.run_command(command)
    window.page.waterfall.set_name_width(211)
    left, middle, right = window.page.splitter.sizes()
    window.page.splitter.setSizes([left + 40, middle - 40, right])
    for name, splitter in (("review", lambda: window.review.splitter), ("sql", lambda: window.sql.splitter)):
        window.show_page(name)
        settle(qtbot, window)
        first, *others = splitter().sizes()
        splitter().setSizes([first + 30, *others])
    upper, lower = window.sql.result_splitter.sizes()
    window.sql.result_splitter.setSizes([upper + 50, lower - 50])
    window.run_command("review.modes")
    settle(qtbot, window)
    modes = window.findChild(FailureModesPage).splitter
    left, *others = modes.sizes()
    modes.setSizes([left + 25, *others])
    modes_before = modes.sizes()
    window.show_page("traces")
    splitters = [window.page.splitter, window.review.splitter, window.sql.splitter, window.sql.result_splitter]
    before = [splitter.sizes() for splitter in splitters]
    window.run_command("view.inspector")
    window.close()

    again = open_window(database)
    assert again.page.inspector.isHidden()
    assert not again.actions_of["view.inspector"].isChecked()
    again.run_command("view.inspector")
    settle(qtbot, again)
    again.show_page("review")
    again.show_page("sql")
    settle(qtbot, again)
    assert again.findChild(FailureModesPage) is None
    again.run_command("review.modes")
    settle(qtbot, again)
    assert again.findChild(FailureModesPage).splitter.sizes() == modes_before
    again.show_page("sql")
    splitters = [again.page.splitter, again.review.splitter, again.sql.splitter, again.sql.result_splitter]
    assert [splitter.sizes() for splitter in splitters] == before
    assert again.page.waterfall.columns() == {Column.TOKENS, Column.SELF}
    assert again.page.waterfall.name_width() == 211
    assert again.page.waterfall.compresses_gaps
    checked = {name for name in ("tokens", "self", "cost") if again.actions_of[f"span.column-{name}"].isChecked()}
    assert checked == {"tokens", "self"}
    assert again.actions_of["span.compress-gaps"].isChecked()


def test_a_maximised_window_is_maximised_and_a_full_one_full_again(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    blobs = {}
    for state in (Qt.WindowState.WindowMaximized, Qt.WindowState.WindowFullScreen):
        window.setWindowState(state)
        settle(qtbot, window)
        blobs[state] = window.state.blobs()
    window.setWindowState(Qt.WindowState.WindowNoState)
    for state, kept in blobs.items():
        window.state.take(kept)
        assert window.windowState() & state
