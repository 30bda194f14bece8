"""A splitter that is as a person left it, whenever the view that it is part of is made."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

REMEMBERED = "splitters"  # the property of a window: what `state` returned, by name


class KeptSplitter(QSplitter):
    """Takes over what its window remembers under `name` before it is shown for the first time."""

    def __init__(self, name: str, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.name = name
        self._has_looked = False
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)

    @property
    def state(self) -> str:
        """How its parts stand to each other; empty before it was shown: then what is remembered still holds."""
        return bytes(self.saveState().toBase64().data()).decode() if self._has_looked else ""

    def take(self, remembered: Mapping[str, str]) -> None:
        """Be as is remembered; nothing where nothing is."""
        if blob := remembered.get(self.name):
            self.restoreState(QByteArray.fromBase64(blob.encode()))

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: for the first time in sight, and in its window."""
        if not self._has_looked:
            self._has_looked = True
            remembered = self.window().property(REMEMBERED)
            if isinstance(remembered, dict):
                self.take(remembered)
        super().showEvent(event)
