"""The icon that windows of the program show."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from tailrace.ui.theme import brand_application, brand_pixmap
from tailrace.ui.theme.brand import WINDOW_SIZES


def test_every_window_has_the_icon_in_each_size(qapp: QApplication) -> None:
    former = qapp.windowIcon()
    try:
        brand_application(qapp)
        assert [size.width() for size in qapp.windowIcon().availableSizes()] == list(WINDOW_SIZES)
    finally:
        qapp.setWindowIcon(former)


def test_on_a_fine_screen_the_mark_has_as_many_pixels_as_it_takes(qapp: QApplication) -> None:
    picture = brand_pixmap("document", 24, 2.0)
    assert (picture.width(), picture.deviceIndependentSize().width()) == (48, 24)
