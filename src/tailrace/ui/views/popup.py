"""Something that opens under a widget of its window: the keys are its own until the person has chosen or goes away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

_PAGE = 7  # rows that PageUp and PageDown go


class Popup(QFrame):
    """A line to search with and rows to choose from: arrows move in the rows while the line has the focus, Enter
    takes, Escape and a click beside close."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.setAccessibleName(name)
        self._under: QWidget | None = None
        self._former: QWidget | None = None  # what had the focus
        self.line = QLineEdit()
        self.rows = QListWidget()
        self.rows.setMouseTracking(True)
        self.rows.setUniformItemSizes(True)
        self.rows.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setAccessibleName(name)
        self.rows.setStyleSheet("QListView { background: palette(alternate-base); }")
        self.rows.itemClicked.connect(self.take)
        self.hide()

    def show_under(self, widget: QWidget, entrance: QWidget) -> None:
        """Come into sight below a widget, within its window, with the focus in `entrance`."""
        window = widget.window()
        self._under, self._former = widget, QApplication.focusWidget()
        self.setParent(window)
        self.adjustSize()
        place = widget.mapTo(window, QPoint(0, widget.height() + 5))
        self.move(max(4, min(place.x(), window.width() - self.width() - 4)), place.y())
        self.show()
        self.raise_()
        entrance.setFocus(Qt.FocusReason.PopupFocusReason)
        if (app := QApplication.instance()) is not None:
            app.installEventFilter(self)

    def take(self, item: QListWidgetItem) -> None:
        """A row was chosen."""
        self.leave()

    def leave(self) -> None:
        """Hide, and let the person go on where they were."""
        former, self._former = self._former, None
        self.hide()
        if former is not None and former.isVisible():
            former.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: keys and clicks anywhere in the program."""
        if event.type() is QEvent.Type.ShortcutOverride and self._holds(watched):
            event.accept()  # letters are for the list, not for the page behind it
            return True
        if event.type() is QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            if watched is not self and not self.isAncestorOf(watched):
                self.leave()
                return watched is self._under  # its click would open it again
        elif event.type() is QEvent.Type.FocusIn and isinstance(watched, QWidget) and not self._holds(watched):
            self.hide()
        elif event.type() is QEvent.Type.WindowDeactivate and watched is self.window():
            self.leave()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and self._holds(watched):
            return self._press(Qt.Key(event.key()), watched)
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt: nothing is watched any more."""
        if (app := QApplication.instance()) is not None:
            app.removeEventFilter(self)
        super().hideEvent(event)

    def _holds(self, watched: QObject) -> bool:
        return isinstance(watched, QWidget) and self.isAncestorOf(watched)

    def _press(self, key: Qt.Key, watched: QObject) -> bool:
        if key == Qt.Key.Key_Escape:
            self.leave()
            return True
        if watched not in (self.line, self.rows):
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if (item := self.rows.currentItem()) is not None:
                self.take(item)
            return True
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _PAGE, Qt.Key.Key_PageUp: -_PAGE}.get(key)
        if step is None or not self.rows.count():
            return False
        last = self.rows.count() - 1
        place = max(0, min(last, self.rows.currentRow() + step))
        # over headings, which cannot be chosen
        while 0 <= place <= last and not self.rows.item(place).flags() & Qt.ItemFlag.ItemIsSelectable:
            place += 1 if step > 0 else -1
        if 0 <= place <= last:
            self.rows.setCurrentRow(place)
        return True
