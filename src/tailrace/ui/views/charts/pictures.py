"""What a card paints as the bytes of a picture file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from tailrace.ui.views.charts.text import one_line


def png_of(size: QSize, scale: float, paint: Callable[[QPainter], None]) -> bytes:
    """A PNG of `scale` pixels a pixel; what is not painted is transparent."""
    image = QImage(size * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter)
    made = QByteArray()
    buffer = QBuffer(made)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(made.data())


def svg_of(size: QSize, title: str, paint: Callable[[QPainter], None]) -> bytes:
    """An SVG of lines, areas and words."""
    made = QByteArray()
    buffer = QBuffer(made)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(one_line(title))
    with QPainter(generator) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter)
    # who opens the file may not have the font
    return bytes(made.data()).replace(b'font-family="Inter"', b'font-family="Inter, Helvetica, Arial, sans-serif"')
