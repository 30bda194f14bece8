"""The first line of the window: what is open, how much it holds, the filter, the palette."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedLayout, QToolButton, QWidget

from tailrace.model import Extent
from tailrace.model.words import count_of, format_tokens
from tailrace.ui.theme import Tokens, give_tip, icon
from tailrace.ui.views.tab_order import stop_before, tab_after

_NAME_LEAST, _NAME_MOST = 60, 320  # pixels of the name of what is open
_ROOMY = 1240  # pixels; in less the filter needs all there is


class TopBar(QFrame):
    """`middle` is what stands in the middle at first; other pages may add their own.

    Signals: `palette_wanted()`.
    """

    palette_wanted = Signal()

    def __init__(self, middle: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top")
        self._whole_name = "Tailrace"
        self._name = QLabel(self._whole_name)
        self._name.setMinimumWidth(_NAME_LEAST)
        self._name.setObjectName("title")
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._size = QLabel()
        self._size.setObjectName("chip")
        self._size.hide()
        self._palette = QToolButton()
        self._palette.setObjectName("button")
        self.show_key("")
        self._palette.setAccessibleName("Command palette")
        self._palette.clicked.connect(self.palette_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 12, 5)
        row.setSpacing(10)
        row.addWidget(self._name)
        row.addWidget(self._size)
        self._middle = QStackedLayout()
        self._middle.setContentsMargins(0, 0, 0, 0)
        self._middle.addWidget(middle)
        self._first = middle
        row.addLayout(self._middle, 1)
        row.addWidget(self._palette)

    def add_middle(self, middle: QWidget) -> None:
        """One more that can stand in the middle; again is nothing."""
        if self._middle.indexOf(middle) < 0:
            before = stop_before(self._palette)
            self._middle.addWidget(middle)
            if before is not None:
                tab_after(before, [middle])

    def show_middle(self, middle: QWidget) -> None:
        """What stands in the middle now."""
        self._middle.setCurrentWidget(middle)
        self._show_size()

    def show_name(self, name: str, places: str) -> None:
        """What is open, and where it lies."""
        self._whole_name = name
        self._elide_name()
        give_tip(self._name, places)

    def show_extent(self, extent: Extent) -> None:
        """How much it holds."""
        spans = f"{format_tokens(extent.spans)} span{'' if extent.spans == 1 else 's'}"
        self._size.setText(f"{count_of(extent.traces, 'trace')} · {spans}")
        self._show_size()

    def _show_size(self) -> None:
        # what others put in the middle needs the room, and counts other things
        room = self._middle.currentWidget() is self._first and self.width() >= _ROOMY
        self._size.setVisible(bool(self._size.text()) and room)

    def _elide_name(self) -> None:
        room = max(_NAME_LEAST, min(_NAME_MOST, self.width() // 5))
        self._name.setText(self._name.fontMetrics().elidedText(self._whole_name, Qt.TextElideMode.ElideMiddle, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: room for how much it holds?"""
        super().resizeEvent(event)
        self._elide_name()
        self._show_size()

    def show_key(self, key: str) -> None:
        """The key of the palette, as people read it."""
        self._palette.setToolTip(f"Command palette ({key})" if key else "Command palette")

    def dress(self, theme: Tokens) -> None:
        """Icons in the theme's colour."""
        self._palette.setIcon(icon("command", theme.dim))
