"""The rows of a price table for a view, those with a text in their name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tailrace.metrics.pricing import PriceTable
from tailrace.metrics.rates import PriceRow
from tailrace.model.time import format_time

_MILLION = 1_000_000
COLUMNS = ("Model", "Input", "Output", "Cached", "Cache write", "Reasoning", "Batch", "Over a limit", "Since")


class PriceList(QAbstractTableModel):
    """Prices are US dollars per million tokens."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[PriceRow] = ()
        self._folded: list[str] = []
        self.rows: Sequence[PriceRow] = ()

    @property
    def total(self) -> int:
        """How many rows the table has."""
        return len(self._all)

    def show_table(self, table: PriceTable, text: str) -> None:
        """Show another table."""
        self._all = (*table.rows, *(row for _, row in table.matching))
        self._folded = [row.name.casefold() for row in self._all]
        self.find(text)

    def find(self, text: str) -> None:
        """Show the rows that have all words of a text in their name."""
        words = text.casefold().split()
        self.beginResetModel()
        self.rows = [
            row for row, name in zip(self._all, self._folded, strict=True) if all(word in name for word in words)
        ]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Qt: how many are shown."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Qt: always the same."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: the titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNED[section != 0]
        return None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: a cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return cells_of(self.rows[index.row()])[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNED[index.column() != 0]
        return None


_ALIGNED = (
    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
)


def cells_of(row: PriceRow) -> tuple[str, ...]:
    """A row's texts by column. What the table does not say is empty."""
    usual, batch = row.rates, row.service("batch")
    limit = row.tiers[0] if row.tiers else None
    more = f" +{len(row.tiers) - 1}" if len(row.tiers) > 1 else ""
    return (
        row.name,
        *map(_price, (usual.input, usual.output, usual.cache_read, usual.cache_write, usual.reasoning)),
        "" if batch is None else f"{_price(batch[1].input)} / {_price(batch[1].output)}",
        "" if limit is None else f"{limit[0] // 1_000:,}k: {_price(limit[1].input)} / {_price(limit[1].output)}{more}",
        "" if row.since_ns is None else format_time(row.since_ns)[:10],
    )


def _price(price: float | None) -> str:
    return "" if price is None else f"{price * _MILLION:,.6g}"
