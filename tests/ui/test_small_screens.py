"""At 200 % a screen of 1920 × 1080 has 960 × 540 points: the window and all it opens are usable there, and sharp."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from tailrace.model import Extent
from tailrace.ui.dialogs.fitted import fit_dialog
from tailrace.ui.theme import icon
from tailrace.ui.views import fitting
from tailrace.ui.views.top_bar import TopBar
from tailrace.ui.views.window_geometry import give_size


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


@pytest.mark.parametrize(
    ("screen", "given"), [((960, 540), (952, 508)), ((800, 600), (800, 564)), ((1920, 1080), (1600, 1000))]
)
def test_a_window_begins_as_wide_as_its_widest_page(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, screen: tuple[int, int], given: tuple[int, int]
) -> None:
    class Screen:
        def availableSize(self) -> QSize:
            return QSize(*screen)

    window = QDialog()
    qtbot.addWidget(window)
    monkeypatch.setattr(QDialog, "screen", lambda _: Screen())
    give_size(window, QSize(1600, 1000))
    assert window.size() == QSize(*given)


def test_a_window_has_sizes_that_are_whole_in_points_and_in_pixels(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [fitting.whole_step(ratio) for ratio in (0.8, 1.0, 1.25, 2.0, 3.0)] == [1] * 5
    for percent in range(150, 201, 5):
        step = fitting.whole_step(float(str(percent / 100)))
        assert step * percent % 100 == 0, percent
    assert fitting.whole_step(1.57) == 1, "157 pixels at once would be too many"
    for give in (fitting.fit, fit_dialog):
        dialog = QDialog()
        qtbot.addWidget(dialog)
        give(dialog, 400, 300)
        assert dialog.sizeIncrement().isEmpty()
        monkeypatch.setattr(QDialog, "devicePixelRatioF", lambda _: 1.5)
        give(dialog, 400, 300)
        monkeypatch.undo()
        assert (dialog.sizeIncrement(), dialog.baseSize()) == (QSize(2, 2), QSize(2, 2))


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
