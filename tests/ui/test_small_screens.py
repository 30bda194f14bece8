"""At 200 % a screen of 1920 × 1080 has 960 × 540 points: the window and all it opens are usable there, and sharp."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from tailrace.model import Extent
from tailrace.ui.theme import icon
from tailrace.ui.views import fitting
from tailrace.ui.views.top_bar import TopBar


def test_a_dialog_is_made_no_larger_than_its_screen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    class Small:
        def availableGeometry(self) -> QRect:
            return QRect(0, 0, 960, 516)

    dialog = QDialog()
    qtbot.addWidget(dialog)
    monkeypatch.setattr(QDialog, "screen", lambda _: Small())
    fitting.fit(dialog, 1060, 640)
    assert dialog.width() <= 960
    assert dialog.height() <= 516 - 30
    fitting.fit(dialog, 400, 300)
    assert (dialog.width(), dialog.height()) == (400, 300)


def test_a_name_gives_way_where_there_is_little_room(qtbot: QtBot) -> None:
    top = TopBar(QWidget())
    qtbot.addWidget(top)
    top.show_name("support-of-the-whole-year-and-the-one-before.tailrace", "")
    top.show_extent(Extent(3_000, 39_600, None, None))
    widths = []
    for width in (1_600, 700):
        top.resize(width, 40)
        QApplication.processEvents()
        widths.append(top.minimumSizeHint().width())
        top.grab()
    assert max(widths) < 500


@pytest.mark.parametrize("ratio", [1.5, 2.0])
def test_icons_have_the_pixels_of_a_dense_screen(qapp: QApplication, ratio: float) -> None:
    made = icon("search", "#ff0000")
    size = made.availableSizes()[0]
    sharp, coarse = (made.pixmap(size, one).toImage() for one in (ratio, 1.0))
    assert sharp.size() == size * ratio
    assert sharp != coarse.scaled(sharp.size(), mode=Qt.TransformationMode.SmoothTransformation)
