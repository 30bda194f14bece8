"""Some PySide6 wheels drop a reference to None with every void Qt call and abort the process after a few thousand."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtGui import QColor, QImage, QPainter


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_void_qt_calls_keep_their_references_to_none() -> None:
    image = QImage(8, 8, QImage.Format.Format_ARGB32)
    colour = QColor("red")
    with QPainter(image) as painter:
        before = sys.getrefcount(None)
        for _ in range(500):
            painter.setPen(colour)
        lost = before - sys.getrefcount(None)
    assert lost < 250, "this PySide6 loses references to None and will abort the process; see pyproject.toml"
