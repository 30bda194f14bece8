"""How a dialog and its parts find their room: never bigger than the screen, sentences in the middle of their line."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from tailrace.ui.views.fitting import keep_size

_FRAME = 48  # pixels for a title bar and some air


def fit_dialog(dialog: QWidget, width: int, height: int) -> None:
    """Resize to the wanted size, or to what the screen of the dialog has."""
    keep_size(dialog)
    room = dialog.screen().availableGeometry()
    dialog.resize(min(width, room.width() - _FRAME), min(height, room.height() - _FRAME))


def in_the_middle(words: QWidget) -> QVBoxLayout:
    """A sentence that may wrap, halfway between the upper and the lower edge of its line."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.addStretch(1)
    column.addWidget(words)
    column.addStretch(1)
    return column
