"""The find bar over the waterfall, which can also hide what does not match."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tailrace.ui.views.find_bar import FindBar


class TraceFindBar(FindBar):
    """Signals: those of a find bar, and `hide_rest(bool)`."""

    hide_rest = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Find in trace", "Find in names, inputs, outputs and attributes", parent)
        self.setObjectName("header")
        self._rest = self.add_button("eye-off", "Hide the rows that do not match")
        self._rest.setCheckable(True)
        self._rest.toggled.connect(self.hide_rest)

    @property
    def hides_rest(self) -> bool:
        """Whether rows that do not match are hidden rather than dimmed."""
        return self._rest.isChecked()
