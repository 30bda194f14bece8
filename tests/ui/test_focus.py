"""The focus can be seen wherever a key brings it, in both themes: WCAG 2.2, 1.4.11 and 2.4.7."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.driving import press, settle
from tests.ui.queueing import queue, review
from tests.ui.test_accessible import dialogs

from tailrace.ui.main_window import MainWindow
from tailrace.ui.theme import apply_theme
from tailrace.ui.views.long_text import LongTextView

Open = Callable[[Path], MainWindow]
RING = 24  # pixels that change a lot
CARET = 10  # the same in a text, where a line of one pixel by the height of a letter blinks


@pytest.fixture(autouse=True)
def _dark_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, "dark")


def light_of(widget: QWidget) -> NDArray[np.float64]:
    """The relative luminance of every pixel of a widget and of what is right around it."""
    frame = widget.parentWidget() or widget
    image = (
        frame.grab(widget.geometry().adjusted(-12, -12, 12, 12) & frame.rect())
        .toImage()
        .convertToFormat(QImage.Format.Format_RGB32)
    )
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), :3] / 255
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ (0.0722, 0.7152, 0.2126))


def changed(widget: QWidget) -> int:
    """How many pixels change by 3:1 or more when the focus comes by key."""
    if (holder := QApplication.focusWidget()) is not None:
        holder.clearFocus()
    QApplication.processEvents()
    before = light_of(widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    after = light_of(widget)
    if before.shape != after.shape:
        return before.size
    ratio = (np.maximum(before, after) + 0.05) / (np.minimum(before, after) + 0.05)
    return int((ratio >= 3).sum())


def unseen(place: str, root: QWidget, done: set[object]) -> list[str]:
    """What shows too little of having the focus; each kind of control is looked at once."""
    root.activateWindow()
    found = []
    for widget in root.findChildren(QWidget):
        kind = type(widget), widget.objectName(), isinstance(widget, QAbstractButton) and widget.isChecked()
        takes = widget.isVisible() and widget.isEnabled() and widget.window() is root and not widget.focusProxy()
        if not takes or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or kind in done:
            continue
        if widget.visibleRegion().isEmpty():
            continue
        done.add(kind)
        least = CARET if isinstance(widget, QTextEdit | QPlainTextEdit) else RING
        if (count := changed(widget)) < least:
            found.append(f"{place}: {type(widget).__name__} “{widget.accessibleName()}” {count} pixels")
    return found


def places(qtbot: QtBot, window: MainWindow, with_dialogs: bool) -> Iterator[tuple[str, QWidget]]:
    """Pages and dialogs that together have every kind of control."""
    window.run_command("view.traces")
    window.run_command("trace.find")
    window.run_command("trace.note")
    for tab in ("Messages", "Attributes", "Raw"):
        window.page.inspector.open_tab(tab)
        settle(qtbot, window)
        yield tab, window
    review(qtbot, window)
    yield "review", window
    for command in ("review.modes", "review.agreement", "view.sql"):
        window.run_command(command)
        settle(qtbot, window)
        yield command, window
    window.run_command("view.monitor")
    qtbot.waitUntil(lambda: not window.monitor.is_waiting, timeout=20_000)
    yield "monitor", window
    for command in ("monitor.add-chart", "review.new-queue", "help.query") if with_dialogs else ():
        window.run_command(command)
        qtbot.waitUntil(lambda: bool(dialogs(window)))
        settle(qtbot, window)
        for dialog in dialogs(window):
            yield command, dialog
            dialog.close()
        settle(qtbot, window)


def test_the_focus_can_be_seen_wherever_it_is(
    qtbot: QtBot, qapp: QApplication, open_window: Open, database: Path
) -> None:
    queue(database, None)
    window = open_window(database)
    found: list[str] = []
    for theme in ("dark", "light"):  # a change of theme costs more than all else here
        apply_theme(qapp, theme)
        done: set[object] = set()
        for place, root in places(qtbot, window, with_dialogs=theme == "dark"):
            found += unseen(f"{place}, {theme}", root, done)
        assert len(done) > 25
    assert found == []


def stops(root: QWidget) -> list[QWidget]:
    """What Tab comes to, pressed until it comes round; a field in which it indents is left as F6 leaves it."""
    root.activateWindow()
    found: list[QWidget] = []
    for _ in range(150):
        at = QApplication.focusWidget()
        assert at is not None
        if found and at is found[0]:
            return found
        assert at not in found, f"Tab goes round without {type(found[0]).__name__} “{found[0].accessibleName()}”"
        found.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    raise AssertionError("Tab never comes round")


def group(widget: QWidget) -> object:
    """Of buttons of which one holds only that one is a stop; arrows go to the others."""
    of = widget.group() if isinstance(widget, QAbstractButton) else None
    return widget if of is None else of


def test_tab_comes_to_all_that_takes_the_focus(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, None)
    window = open_window(database)
    for place, root in places(qtbot, window, with_dialogs=False):
        if place == "view.sql":
            continue  # Tab indents there: F6 leaves, and the field says so
        wanted = [
            widget
            for widget in root.findChildren(QWidget)
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.window() is root and not widget.focusProxy()
        ]  # fmt: skip
        wanted[0].setFocus(Qt.FocusReason.TabFocusReason)
        reached = {group(widget) for widget in stops(root)}
        missed = [f"{type(one).__name__} “{one.accessibleName()}”" for one in wanted if group(one) not in reached]
        assert missed == [], place


def test_tab_reads_the_review_page_from_left_to_right(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, 6)
    window = open_window(database)
    review(qtbot, window)
    page = window.review
    parts = (page.bar, window.rail, page.list, page.middle, page.panel)
    page.bar.queue.setFocus(Qt.FocusReason.TabFocusReason)
    order = [n for stop in stops(window) for n, part in enumerate(parts) if part.isAncestorOf(stop)]
    assert order == sorted(order)
    assert set(order) == set(range(len(parts)))


def test_a_text_that_only_scrolls_has_a_ring_around_it(qtbot: QtBot, open_window: Open, database: Path) -> None:
    window = open_window(database)
    window.page.inspector.open_tab("Raw")
    settle(qtbot, window)
    text = window.page.inspector.findChild(LongTextView)
    assert text is not None
    assert changed(text) > 2 * (text.width() + text.height())
    window.page.list.setFocus()
    QApplication.processEvents()
    assert not any(child.isVisible() for child in text.children() if type(child).__name__ == "_Ring")


def test_the_ring_gives_way_to_the_row_that_shows_the_focus(qtbot: QtBot, open_window: Open, database: Path) -> None:
    window = open_window(database)
    rows = window.page.list

    def rung() -> bool:
        return any(child.isVisible() for child in rows.children() if type(child).__name__ == "_Ring")

    assert rows.hasFocus()
    qtbot.waitUntil(lambda: not rung())
    rows.clearSelection()
    assert rung()
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: not rung())
