"""The sheet of every shortcut, where keys can also be changed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tailrace.ui.commands import COMMANDS, VIEW_KEYS, Command
from tailrace.ui.dialogs.sheet_tree import SheetTree

_COMMAND = Qt.ItemDataRole.UserRole + 1


class ShortcutSheet(QDialog):
    """All commands and view keys, searchable; a command's key is changed in place.

    Signals: `rebound(object)` carries (command id, portable key text, "" for none, or None for the default).
    """

    rebound = Signal(object)

    def __init__(self, keys: Mapping[str, tuple[str, ...]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(700, 680)
        self._keys = dict(keys)
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search by name or key")
        self._search.setAccessibleName("Search shortcuts")
        self._search.textChanged.connect(self._narrow)
        self._tree = SheetTree(("Command", "Keys"), 370, "Shortcuts")
        self._tree.currentItemChanged.connect(self._show_change)
        self._edit = QKeySequenceEdit()
        self._edit.setMaximumSequenceLength(1)
        self._edit.setMinimumWidth(130)
        self._edit.setAccessibleName("New key")
        self._apply = QPushButton("Use this key")
        self._apply.clicked.connect(self._rebind)
        self._none = QPushButton("No key")
        self._none.clicked.connect(self._unbind)
        self._default = QPushButton("Default")
        self._default.clicked.connect(self._reset)
        self._say = QLabel("Choose a command to change its key.")
        self._say.setObjectName("dim")
        row = QHBoxLayout()
        row.addWidget(self._say, 1)
        for part in (self._edit, self._apply, self._none, self._default):
            row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.addWidget(self._search)
        column.addWidget(self._tree, 1)
        column.addLayout(row)
        self._fill()
        self._show_change(None)
        self._search.setFocus()

    def _fill(self) -> None:
        self._tree.clear()
        sections: dict[str, QTreeWidgetItem] = {}
        for command in COMMANDS:
            section = command.menu.value.replace("&", "")
            if section not in sections:
                sections[section] = self._tree.add_section(section)
            shown = "   ".join(
                QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in self._keys[command.id]
            )
            item = QTreeWidgetItem([command.title, shown])
            item.setToolTip(0, command.help)
            item.setData(0, _COMMAND, command)
            sections[section].addChild(item)
        for section, keys in VIEW_KEYS:
            parent = self._tree.add_section(f"{section} (while it has the focus)")
            for key, title in keys:
                item = QTreeWidgetItem([title, key])
                item.setForeground(1, self.palette().placeholderText())
                parent.addChild(item)

    def _narrow(self, typed: str) -> None:
        wanted = typed.strip().lower()
        for s in range(self._tree.topLevelItemCount()):
            section = self._tree.topLevelItem(s)
            assert section is not None
            shown = 0
            for i in range(section.childCount()):
                item = section.child(i)
                assert item is not None
                hit = wanted in item.text(0).lower() or wanted in item.text(1).lower()
                item.setHidden(not hit)
                shown += hit
            section.setHidden(not shown)

    def _current(self) -> Command | None:
        item = self._tree.currentItem()
        return None if item is None else item.data(0, _COMMAND)

    def _show_change(self, *_: object) -> None:
        command = self._current()
        for part in (self._edit, self._apply, self._none, self._default):
            part.setEnabled(command is not None)
        self._edit.clear()
        self._say.setText("Choose a command to change its key." if command is None else command.title)

    def _rebind(self) -> None:
        command, wanted = self._current(), self._edit.keySequence()
        if command is None or wanted.isEmpty():
            return
        for other in COMMANDS:
            taken = any(QKeySequence(key) == wanted for key in self._keys[other.id])
            if taken and other.id != command.id and other.meets(command):
                self._say.setText(f"{wanted.toString()} already does “{other.title}”.")
                return
        self._change(command, wanted.toString(QKeySequence.SequenceFormat.PortableText))

    def _unbind(self) -> None:
        if (command := self._current()) is not None:
            self._change(command, "")

    def _reset(self) -> None:
        if (command := self._current()) is not None:
            self._change(command, None)

    def _change(self, command: Command, key: str | None) -> None:
        self._keys[command.id] = command.keys if key is None else ((key,) if key else ())
        self.rebound.emit((command.id, key))
        item = self._tree.currentItem()
        assert item is not None
        native = QKeySequence.SequenceFormat.NativeText
        item.setText(1, "   ".join(QKeySequence(text).toString(native) for text in self._keys[command.id]))
        self._show_change()
