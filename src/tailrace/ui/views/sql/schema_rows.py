"""The rows of what can be asked, in sections: views with their columns, and attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tailrace.model.sql import SQL_VIEWS
from tailrace.model.sql_completion import spelled
from tailrace.model.sql_text import ATTRIBUTE
from tailrace.model.words import format_count
from tailrace.ui.theme import tip

ENTRY = Qt.ItemDataRole.UserRole
_SHOWN = 300  # attributes; more are found by typing
_COLUMNS = "Each is a column of spans and traces. For numbers write attr.name::DOUBLE."
_MEANING = "a span's own, else its resource's; of a trace its root's, else that of the first span that has it"
_LONGEST = 300  # characters of a name
_ROOT = QModelIndex()
_TOP = 0  # the id of headings; that of a column is one more than the place of its heading


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: what it is called, of which kind, what it means, and what of it goes into a statement."""

    name: str
    kind: str
    meaning: str
    insert: str
    heading: bool = False

    @property
    def shown(self) -> str:
        """Its name on one line."""
        return " ".join(self.name[:_LONGEST].split())


class SchemaRows(QAbstractItemModel):
    """Two levels: headings, and what stands below each. Says `ENTRY` besides the usual roles."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._attributes: Sequence[str] = ()
        self._known = 0
        self._sections: list[tuple[Entry, list[Entry]]] = []

    def show_attributes(self, names: Sequence[str], known: int) -> None:
        """Attributes of spans, of `known` in all; `filter` lists them."""
        self._attributes, self._known = names, known

    def filter(self, typed: str) -> None:
        """List what has a text in its name or meaning."""
        wanted = typed.strip().casefold()
        sections: list[tuple[Entry, list[Entry]]] = []
        for view in SQL_VIEWS:
            entries = [
                Entry(column.name, column.kind, column.description, column.name)
                for column in view.columns
                if wanted in column.name.casefold() or wanted in column.description.casefold()
            ]
            if entries or not wanted:
                meaning = f"{view.description[:1].upper()}{view.description[1:]}."
                sections.append((Entry(view.name, view.description, meaning, view.name, True), entries))
        found = [name for name in self._attributes if wanted in f"{ATTRIBUTE}{name}".casefold()]
        if found:
            shown = found[:_SHOWN]
            whole = len(found) if wanted else max(self._known, len(found))
            words = format_count(whole)
            if len(shown) < whole:
                words = f"{format_count(len(shown))} of {words}"
            entries = [Entry(f"{ATTRIBUTE}{name}", "text", _MEANING, spelled(name)) for name in shown]
            sections.append((Entry("attributes", words, _COLUMNS, "", True), entries))
        self.beginResetModel()
        self._sections = sections
        self.endResetModel()

    @property
    def names(self) -> list[str]:
        """What is listed below the headings, in order."""
        return [entry.name for _, entries in self._sections for entry in entries]

    def find(self, name: str) -> QModelIndex | None:
        """The first row of a name."""
        for place, (heading, entries) in enumerate(self._sections):
            if heading.name == name:
                return self.index(place, 0)
            for row, entry in enumerate(entries):
                if entry.name == name:
                    return self.index(row, 0, self.index(place, 0))
        return None

    def index(
        self, row: int, column: int, parent: QModelIndex | QPersistentModelIndex = _ROOT
    ) -> QModelIndex:  # fmt: skip
        """Qt: a heading, or what stands below one."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _TOP)

    def parent(self, child: QModelIndex | QPersistentModelIndex = _ROOT) -> QModelIndex:  # type: ignore[override]
        """Qt: the heading that something stands below."""
        if not child.isValid() or child.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(child.internalId() - 1, 0, _TOP)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Qt: how many headings, or how many below one."""
        if not parent.isValid():
            return len(self._sections)
        return len(self._sections[parent.row()][1]) if parent.internalId() == _TOP else 0

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Qt: one."""
        return 1

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: what there is to say of a row."""
        if not index.isValid():
            return None
        heading, entries = self._sections[(index.internalId() or index.row() + 1) - 1]
        entry = heading if index.internalId() == _TOP else entries[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.shown
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{entry.name[:_LONGEST]}\n{entry.meaning}")
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return f"{entry.kind}: {entry.meaning}"
        return None
