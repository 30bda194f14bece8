"""The tree that values are read in."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QTreeView, QWidget


class ValueTree(QTreeView):
    """Enter and double click open a value, Ctrl+C copies it.

    Signals: `opened(object)` carries the model index; `copy_wanted()`.
    """

    opened = Signal(object)
    copy_wanted = Signal()

    def __init__(self, model: QAbstractItemModel, indentation: int, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setIndentation(indentation)
        self.setAccessibleName(name)
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.doubleClicked.connect(self.opened.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: the two keys of a value."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
