"""Windows no larger than the screen: at 200 % a screen of 1920 × 1080 has room for 960 × 540."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_FRAME, _TITLE = 16, 40  # pixels for what the window system draws around a window
_LONGEST_STEP = 20  # points: that of all sizes of text in steps of 5 %


def fit(window: QWidget, width: int, height: int) -> None:
    """Give a window a size, or as much of it as its screen has."""
    keep_size(window)
    over = window.parentWidget()
    room = (window if over is None else over.window()).screen().availableGeometry()
    window.resize(min(width, room.width() - _FRAME), min(height, room.height() - _TITLE))


def whole_step(ratio: float) -> int:
    """The step of a window's sizes, in points, that keeps them whole in points and in pixels; 1 where any size does,
    and where none short enough to be of use does.

    Qt tells the window system that windows grow by one point, rounded to pixels. From 150 % on these are two, which
    sizes in points do not keep to: the window system takes a pixel off, Qt rounds down to a point and asks for that,
    and so on with each new least size of the contents.
    """
    steps = range(1, _LONGEST_STEP + 1) if ratio >= 1.5 else ()
    return next((step for step in steps if abs(step * ratio - round(step * ratio)) < 1e-6), 1)


def keep_size(window: QWidget) -> None:
    """See to it that a window does not shrink by itself where a point is not a whole number of pixels."""
    step = whole_step(window.devicePixelRatioF())
    if step > 1:
        window.setBaseSize(step, step)
        window.setSizeIncrement(step, step)


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
