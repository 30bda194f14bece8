"""The result of a statement as a table: what cells say, how they are copied, which trace a row is of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tailrace.model.sql import Cell, SqlResult, is_numeric
from tailrace.model.words import format_count
from tailrace.ui.theme import tip
from tailrace.ui.views.sql.result_table import NULL_ROLE

SHOWN = 200  # characters of a cell
TRACE_ID = "trace_id"
_ROOT = QModelIndex()
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_JOINERS = "\u200c\u200d"  # within words, and within one emoji
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class SqlResultModel(QAbstractTableModel):
    """Says `NULL_ROLE` (whether a cell is NULL) besides the usual roles."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.result = SqlResult((), (), ())
        self._numeric: tuple[bool, ...] = ()

    def show(self, result: SqlResult) -> None:
        """Another result."""
        self.beginResetModel()
        self.result = result
        self._numeric = tuple(map(is_numeric, result.types))
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Qt: how many rows."""
        return 0 if parent.isValid() else len(self.result.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """Qt: how many columns."""
        return 0 if parent.isValid() else len(self.result.columns)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: what there is to say of a cell."""
        if not index.isValid():
            return None
        cell = self.result.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_cell(cell)
        if role == NULL_ROLE:
            return cell is None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self._numeric[index.column()] else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(written_cell(cell) if cell is not None else "NULL: unknown")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.result.columns[index.column()]}: {shown_cell(cell)}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: names of columns, numbers of rows."""
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if section >= len(self.result.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(self.result.columns[section][:SHOWN].split()) or " "
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self._numeric[section] else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{self.result.columns[section]}\n{self.result.types[section]}")
        return None

    # ---- traces ----

    @property
    def trace_column(self) -> int:
        """Which column says the trace that a row is of; -1: none."""
        names = [name.lower() for name in self.result.columns]
        return names.index(TRACE_ID) if TRACE_ID in names else -1

    def trace_of(self, row: int) -> str | None:
        """The id of the trace that a row is of."""
        column = self.trace_column
        cell = self.result.rows[row][column] if column >= 0 else None
        return cell if isinstance(cell, str) and cell else None

    # ---- copying ----

    def as_lines(self, rows: Iterable[int], columns: Sequence[int], header: bool = True) -> str:
        """Some cells as lines with tabs between; what would break a line or a cell becomes a blank."""
        lines = ["\t".join(_flat(self.result.columns[column]) for column in columns)] if header else []
        for row in rows:
            cells = self.result.rows[row]
            lines.append("\t".join(_flat(written_cell(cells[column])) for column in columns))
        return "\n".join(lines)


def written_cell(cell: Cell) -> str:
    """All of a cell as text; nothing for NULL."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if math.isfinite(cell) and cell == int(cell) and abs(cell) < 1e15:
            return str(int(cell))
        case Decimal():
            return f"{cell:f}"
    return str(cell)


def shown_cell(cell: Cell) -> str:
    """A cell on one line: a number with twelve digits at most, a long text cut, with how long it is."""
    match cell:
        case None:
            return "NULL"
        case bool():
            return written_cell(cell)
        case float():
            return {math.inf: "∞", -math.inf: "-∞"}.get(cell) or ("NaN" if math.isnan(cell) else f"{cell:.12g}")
        case str() if len(cell) > SHOWN:
            return f"{_plain(cell[:SHOWN])}… ({format_count(len(cell))} characters)"
        case str():
            return cell if cell.isprintable() else _plain(cell)
    return written_cell(cell)


def _plain(text: str) -> str:
    """A text on one line, without signs that would turn the rest of it round."""
    return " ".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in text).split())


def _flat(text: str) -> str:
    return text.replace("\t", " ").replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
