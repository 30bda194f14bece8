"""The size and the place of a window, also where the screen that it stood on is another one or gone."""

from __future__ import annotations

import struct

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_MAGIC = bytes.fromhex("01d9d0cb")  # of what QWidget.saveGeometry writes: a QDataStream of numbers
# magic, version, two rectangles; then these
_SCREEN = slice(40, 44)
_SCREEN_WIDTH = slice(46, 50)
_WIDEST_PAGE = 952  # points: with less the window grows when the page is gone to, and may stick out of the screen
_MOST = 0.94  # of the screen, so that a window is seen to be one


def restore_geometry(window: QWidget, saved: QByteArray) -> bool:
    """Give a window the geometry that QWidget.saveGeometry wrote, so that all of it can be seen; whether it is one.

    Qt refuses a geometry from a screen that was far wider or narrower, as this one is after it was scaled otherwise or
    replaced. Told that it was as wide as this one, it fits the window into it.
    """
    raw = bytearray(saved.data())
    if len(raw) < _SCREEN_WIDTH.stop or raw[:4] != _MAGIC:
        return False
    if window.restoreGeometry(saved):
        return True
    number = struct.unpack(">i", raw[_SCREEN])[0]
    screens = QGuiApplication.screens()
    screen = screens[number] if 0 <= number < len(screens) else QGuiApplication.primaryScreen()
    raw[_SCREEN_WIDTH] = struct.pack(">i", screen.geometry().width())
    return window.restoreGeometry(QByteArray(bytes(raw)))


def give_size(window: QWidget, wanted: QSize) -> None:
    """The size of a window that has none yet: what is wanted, as far as the screen has room."""
    room = window.screen().availableSize()
    most = QSize(max(round(room.width() * _MOST), min(_WIDEST_PAGE, room.width())), round(room.height() * _MOST))
    window.resize(wanted.boundedTo(most))
