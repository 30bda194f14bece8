"""The public price tables in the dialog of prices: whose and of when they are, and every row, found by its name."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tailrace.metrics.pricing import PriceTable
from tailrace.metrics.rates import PriceRow
from tailrace.ui.models.price_list import PriceList
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.controls import PaintedButton, Words, draw_elided, name_buttons

_ROW_HEIGHT = 26
_PAD = 8  # as the style sheet has it for titles


class _Cells(QStyledItemDelegate):
    """Texts that line up with the titles above them."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The ground of the whole cell, the text within."""
        theme = tokens(self._view)
        area: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.accent_bg))
        painter.setFont(ui_font(13))
        flags = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
        draw_elided(painter, area.adjusted(_PAD, 0, -_PAD, 0), str(index.data() or ""), theme.text, flags)


class PriceBrowser(QWidget):
    """Shows the imported table, where there is one, and the one that comes along.

    Signals: `wanted(object)` a PriceRow to change the prices of; `import_wanted()`; `forget_wanted()`.
    """

    wanted = Signal(object)
    import_wanted = Signal()
    forget_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tables: list[PriceTable] = []
        self._place = 0
        self.list = PriceList(self)
        self._arrange()

    def _arrange(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a model")
        self.search.setAccessibleName("Find a model")
        self.search.setClearButtonEnabled(True)
        name_buttons(self.search, "Clear")
        self.search.textChanged.connect(self._find)
        self.other = PaintedButton("", flat=True, small=True)
        self.other.clicked.connect(self._turn)
        self.forget = PaintedButton("Forget", "x", flat=True, small=True)
        self.forget.setToolTip("Use the prices that come with Tailrace again")
        self.forget.clicked.connect(self.forget_wanted)
        self.bring = PaintedButton("Import…", "folder-open", small=True)
        self.bring.setToolTip(
            "LiteLLM's model_prices_and_context_window.json or Langfuse's default-model-prices.json, as they are"
        )
        self.bring.clicked.connect(self.import_wanted)
        self.name = Words("", "text", ui_font(13))
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        for part in (self.other, self.forget, self.bring):
            top.addWidget(part)
        self.change = PaintedButton("Set a price of your own", "pencil", small=True)
        self.change.setToolTip("Begin a row of your own with these prices (Enter)")
        self.change.clicked.connect(self._want)
        self.count = Words("", "dim", ui_font(12))
        below = QHBoxLayout()
        below.addWidget(self.search, 1)
        below.addWidget(self.change)
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 16, 10)
        head.setSpacing(8)
        head.addLayout(top)
        head.addLayout(below)
        header = QFrame()
        header.setObjectName("header")
        header.setLayout(head)
        self.view = QTableView()
        self.view.setModel(self.list)
        self.view.setAccessibleName("Prices, US dollars per million tokens")
        self.view.setItemDelegate(_Cells(self.view))
        self.view.setShowGrid(False)
        self.view.setTabKeyNavigation(False)
        self.view.setCornerButtonEnabled(False)
        self.view.setWordWrap(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        titles = self.view.horizontalHeader()
        titles.setHighlightSections(False)
        titles.setStretchLastSection(False)
        for place, width in enumerate((0, 82, 82, 82, 92, 86, 112, 150, 92)):
            if place:
                titles.resizeSection(place, width)
        titles.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        titles.setMinimumSectionSize(56)
        self.view.activated.connect(self._want)
        self.view.selectionModel().currentRowChanged.connect(self._show_state)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 16, 6)
        foot.addWidget(self.count, 1, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.view, 1)
        column.addLayout(foot)

    def show_tables(self, imported: PriceTable | None, shipped: PriceTable) -> None:
        """Show what is there; the imported one first."""
        self._tables = [*([] if imported is None else [imported]), shipped]
        self._place = 0
        self.forget.setVisible(imported is not None)
        self._show_table()

    def _turn(self) -> None:
        self._place = (self._place + 1) % len(self._tables)
        self._show_table()

    def _show_table(self) -> None:
        table = self._tables[self._place]
        other = self._tables[1 - self._place] if len(self._tables) > 1 else None
        comes_along = self._place == len(self._tables) - 1
        what = "comes with Tailrace" if comes_along else "asked before what comes with Tailrace"
        date = "" if table.date in table.name else f" · prices of {table.date}"
        self.name.set_text(f"{table.name}{date} · {what}")
        self.other.setVisible(other is not None)
        if other is not None:
            self.other.setText(f"Show {other.name}")
        self.list.show_table(table, self.search.text())
        self.view.setColumnHidden(8, not any(row.since_ns is not None for row in self.list.rows))
        self._show_state()

    def _find(self, text: str) -> None:
        self.list.find(text)
        self._show_state()

    def _show_state(self, *_: object) -> None:
        shown, total = len(self.list.rows), self.list.total
        self.count.set_text(f"{shown:,} of {total:,} models · US dollars per million tokens · batch: input / output")
        self.change.setEnabled(self._current() is not None)

    def _current(self) -> PriceRow | None:
        index: QModelIndex = self.view.currentIndex()
        return self.list.rows[index.row()] if index.isValid() and index.row() < len(self.list.rows) else None

    def _want(self, *_: object) -> None:
        if (row := self._current()) is not None:
            self.wanted.emit(row)
