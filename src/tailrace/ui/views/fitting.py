"""Windows no larger than the screen: at 200 % a screen of 1920 × 1080 has room for 960 × 540."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_FRAME, _TITLE = 16, 40  # pixels for what the window system draws around a window


def fit(window: QWidget, width: int, height: int) -> None:
    """Give a window a size, or as much of it as its screen has."""
    over = window.parentWidget()
    room = (window if over is None else over.window()).screen().availableGeometry()
    window.resize(min(width, room.width() - _FRAME), min(height, room.height() - _TITLE))


def scrolling(widget: QWidget) -> QScrollArea:
    """The widget in an area that scrolls up and down where there is no room for all of it."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it takes the focus, and is brought into sight by that
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(widget)
    widget.setAutoFillBackground(False)
    area.setMinimumWidth(widget.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width())
    return area
