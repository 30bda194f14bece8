"""In which order the traces stand: a button with a menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from tailrace.model import Sorting, SortKey
from tailrace.ui.theme import icon, tokens

SORTINGS: tuple[tuple[str, Sorting], ...] = (
    ("Newest first", Sorting(SortKey.START, True)),
    ("Oldest first", Sorting(SortKey.START, False)),
    ("Slowest first", Sorting(SortKey.DURATION, True)),
    ("Fastest first", Sorting(SortKey.DURATION, False)),
    ("Most expensive first", Sorting(SortKey.COST, True)),
    ("Most tokens first", Sorting(SortKey.TOKENS, True)),
    ("Most spans first", Sorting(SortKey.SPANS, True)),
    ("Most errors first", Sorting(SortKey.ERRORS, True)),
    ("Slowest first token first", Sorting(SortKey.TTFT, True)),
    ("Thumbs down first", Sorting(SortKey.THUMB, False)),
    ("Thumbs up first", Sorting(SortKey.THUMB, True)),
    ("By name", Sorting(SortKey.NAME, False)),
)


class SortButton(QToolButton):
    """Shows the order and changes it.

    Signals: `changed(object)` carries the Sorting the person chose.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sorting = SORTINGS[0][1]
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setToolTip("Order of the traces")
        menu = QMenu(self)
        self._group = QActionGroup(self)
        for place, (title, _) in enumerate(SORTINGS):
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(place == 0)
            action.setData(place)
            self._group.addAction(action)
        self._group.triggered.connect(self._choose)
        self.setMenu(menu)
        self._say(SORTINGS[0][0])
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _choose(self, action: QAction) -> None:
        title, self.sorting = SORTINGS[action.data()]
        self._say(title)
        self.changed.emit(self.sorting)

    def _say(self, title: str) -> None:
        self.setText(title)
        self.setAccessibleName(f"Order of the traces: {title}")

    def _dress(self) -> None:
        self.setIcon(icon("arrow-down-wide-narrow", tokens(self).dim))
