"""The face of the program: its mark and that of its files at any size, and by what task bars know it."""

from __future__ import annotations

import sys
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from tailrace import DESKTOP_ID
from tailrace.assets import asset

Drawing = Literal["tailrace", "document"]

# What task bars, window lists and switchers ask for; under X11 a larger one is too long for a message.
WINDOW_SIZES = (16, 22, 24, 32, 48, 64, 128)


@cache
def drawing(name: Drawing, pixels: int) -> Path:
    """The drawing of "tailrace" (the application) or "document" (a .tailrace file) made for just that many pixels,
    else the one for all sizes."""
    own = asset("brand", f"{name}-{pixels}.svg")
    return own if own.is_file() else asset("brand", f"{name}.svg")


def brand_image(name: Drawing, pixels: int, scale: float = 1.0) -> QImage:
    """A drawing as a square picture of `pixels` device pixels. `scale` makes it smaller or larger about the middle.
    Needs no application object."""
    picture = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    side = pixels * scale
    edge = (pixels - side) / 2
    with QPainter(picture) as painter:
        QSvgRenderer(str(drawing(name, pixels))).render(painter, QRectF(edge, edge, side, side))
    return picture


@lru_cache(maxsize=32)
def brand_pixmap(name: Drawing, size: int, ratio: float = 1.0) -> QPixmap:
    """A drawing as a picture of `size` logical pixels."""
    picture = QPixmap.fromImage(brand_image(name, round(size * ratio)))
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def application_icon() -> QIcon:
    """The icon of the program's windows, in the sizes that desktops ask for."""
    made = QIcon()
    for size in WINDOW_SIZES:
        made.addPixmap(brand_pixmap("tailrace", size))
    return made


def brand_application(app: QApplication) -> None:
    """Let task bars know the program's windows by its own icon and name; before the first window is made."""
    if sys.platform == "win32":  # else they stand under Python's button on the task bar
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(DESKTOP_ID)
    app.setWindowIcon(application_icon())
