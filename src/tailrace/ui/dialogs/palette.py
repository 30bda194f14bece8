"""The command palette: type a few letters, choose, done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from tailrace.ui.commands import Command
from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.spoken import Role

_COMMAND = Qt.ItemDataRole.UserRole + 1
_ENABLED = Qt.ItemDataRole.UserRole + 2
_KEYS = Qt.ItemDataRole.UserRole + 3


class CommandPalette(QFrame):
    """An overlay at the top of its parent.

    Signals: `chosen(object)` carries a command id.
    """

    SPOKEN_AS = Role.Dialog
    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._former: QWidget | None = None  # what had the focus
        self.setObjectName("overlay")
        self.setAccessibleName("Command palette")
        self._commands: list[tuple[Command, str, bool]] = []
        self._line = QLineEdit()
        self._line.setPlaceholderText("Type a command")
        self._line.setAccessibleName("Command")
        self._line.textChanged.connect(self._list_matches)
        self._line.installEventFilter(self)
        self._found = QListWidget()
        self._found.setItemDelegate(_Row(self._found))
        self._found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._found.itemClicked.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._line)
        column.addWidget(self._found)
        self.hide()

    def offer(self, commands: Sequence[tuple[Command, str, bool]]) -> None:
        """Open with (command, its key as people read it, can be done now)."""
        self._commands = list(commands)
        self._line.clear()
        self._list_matches("")
        host = self._host
        width = min(560, host.width() - 40)
        self.setGeometry((host.width() - width) // 2, 60, width, min(430, host.height() - 100))
        self._former = QApplication.focusWidget()
        self.show()
        self.raise_()
        self._line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: arrows move in the list while the line has the focus; leaving closes."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(
                Qt.Key(event.key())
            )
            if step is not None and self._found.count():
                place = max(0, min(self._found.count() - 1, self._found.currentRow() + step))
                self._found.setCurrentRow(place)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self._found.currentItem())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._leave()
                return True
        elif event.type() is QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        return super().eventFilter(watched, event)

    def _list_matches(self, typed: str) -> None:
        self._found.clear()
        ranked = sorted(
            # what cannot be done now stands below what Enter would do
            (bool(typed) and not enabled, rank, place) for place, (command, _, enabled) in enumerate(self._commands)
            if (rank := match_rank(typed, command.title)) is not None
        )  # fmt: skip
        for *_, place in ranked:
            command, keys, enabled = self._commands[place]
            item = QListWidgetItem(command.title)
            item.setData(_COMMAND, command)
            item.setData(_KEYS, keys)
            item.setData(_ENABLED, enabled)
            item.setToolTip(command.help)
            if not enabled:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self._found.addItem(item)
        self._found.setCurrentRow(0)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None or not item.data(_ENABLED):
            return
        self._leave()
        self.chosen.emit(item.data(_COMMAND).id)

    def _leave(self) -> None:
        """Hide, and let the person go on where they were."""
        former, self._former = self._former, None
        self.hide()
        (former if former is not None and former.isVisible() else self._host).setFocus()


def match_rank(typed: str, title: str) -> int | None:
    """How well letters match a title: smaller is better, None not at all. Letters must occur in order; a run counts
    more, the begin of a word more still."""
    letters, words = typed.lower().replace(" ", ""), title.lower()
    if not letters:
        return 0
    if (place := words.replace(" ", "").find(letters)) >= 0:
        return place
    rank, place = 100, -1
    for letter in letters:
        found = words.find(letter, place + 1)
        if found < 0:
            return None
        rank += 0 if found == place + 1 else (1 if words[found - 1] == " " else 5)
        place = found
    return rank


class _Row(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent

    def sizeHint(self, option: QStyleOptionViewItem, index) -> QSize:  # type: ignore[no-untyped-def]
        return QSize(100, 32)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:  # type: ignore[no-untyped-def]
        theme = tokens(self._widget)
        area: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.accent_bg))
        command: Command = index.data(_COMMAND)
        colour = theme.text if index.data(_ENABLED) else theme.faint
        if command.icon:
            ratio = painter.device().devicePixelRatio()
            painter.drawPixmap(area.left() + 10, area.top() + 8, pixmap(command.icon, theme.dim, 16, ratio))
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(ui_font(13))
        painter.setPen(QColor(colour))
        painter.drawText(area.adjusted(38, 0, -140, 0), flags | Qt.AlignmentFlag.AlignLeft, command.title)
        painter.setFont(ui_font(12))
        painter.setPen(QColor(theme.faint))
        painter.drawText(area.adjusted(0, 0, -12, 0), flags | Qt.AlignmentFlag.AlignRight, index.data(_KEYS))
