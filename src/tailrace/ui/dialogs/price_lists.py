"""The left of the dialog of prices: models of the open database without a price, and the rows of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from tailrace.model.priced import UnpricedModel
from tailrace.model.words import count_of, format_tokens
from tailrace.ui.models.price_drafts import Draft, summary_of
from tailrace.ui.views.controls import PaintedButton
from tailrace.ui.views.two_lines import TwoLines

_WIDTH = 300
_ROW_HEIGHT = 48
_MOST_SEEN = 5  # models without a price; the others are scrolled to


class PriceLists(QFrame):
    """One of both lists has a current row, or neither.

    Signals: `shown()` when another row is current; `price_wanted()` for the model without a price that is current.
    """

    shown = Signal()
    price_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(_WIDTH)
        self.unknown, self.own = QListWidget(), QListWidget()
        for rows, name in ((self.unknown, "Models without a price"), (self.own, "Your prices")):
            rows.setItemDelegate(TwoLines(rows))
            rows.setUniformItemSizes(True)
            rows.setAccessibleName(name)
            rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title = _heading("")
        self.add = PaintedButton("Add", "plus", small=True)
        self.add.setToolTip("One more row (Ctrl+N)")
        self.remove = PaintedButton("Remove", "x", flat=True, small=True)
        self.remove.setToolTip("Remove this row (Delete)")
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 7, 10, 7)
        tools.addWidget(self.add)
        tools.addWidget(self.remove)
        tools.addStretch(1)
        foot = QFrame()
        foot.setObjectName("status")
        foot.setLayout(tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.unknown)
        column.addWidget(_heading("Your prices"))
        column.addWidget(self.own, 1)
        column.addWidget(foot)
        self.unknown.currentRowChanged.connect(self._take_unknown)
        self.unknown.itemActivated.connect(self.price_wanted)
        self.own.currentRowChanged.connect(self._take_own)

    @property
    def place(self) -> int:
        """Which row of one's own is current; -1: none."""
        return self.own.currentRow()

    @property
    def unknown_place(self) -> int:
        """Which model without a price is current; -1: none."""
        return self.unknown.currentRow()

    def show_missing(self, missing: Sequence[UnpricedModel], total: int) -> None:
        """List the models without a price, if any; `total` is how many there are."""
        for one in missing:
            item = QListWidgetItem()
            self.unknown.addItem(item)
            _name(item, one, priced=False)
        for part in (self.title, self.unknown):
            part.setVisible(bool(missing))
        self.unknown.setFixedHeight(_ROW_HEIGHT * min(len(missing), _MOST_SEEN))
        models = count_of(total, "model")
        self.title.setText(f"No price: {f'{len(missing):,} of ' if len(missing) < total else ''}{models}")

    def mark_missing(self, missing: Sequence[UnpricedModel], priced: Sequence[bool]) -> None:
        """Say of which of them the rows as typed have a price."""
        for place, (one, has) in enumerate(zip(missing, priced, strict=True)):
            if (item := self.unknown.item(place)) is not None:
                _name(item, one, has)

    def show_rows(self, count: int, place: int) -> None:
        """As many rows of one's own, to be named by `name_rows`, with one current."""
        blocked = self.own.blockSignals(True)
        self.own.clear()
        for _ in range(count):
            self.own.addItem(QListWidgetItem())
        self.own.setCurrentRow(place)
        self.own.blockSignals(blocked)
        self._take_own(place)

    def name_rows(self, drafts: Sequence[Draft], faults: Mapping[int, Mapping[str, str]]) -> None:
        """Say what each row is."""
        for place, draft in enumerate(drafts):
            if (item := self.own.item(place)) is not None:
                title = draft.model.strip() or "(no model yet)"
                wrong = bool(faults[place])
                TwoLines.fill(
                    item, title, "not complete" if wrong else summary_of(draft), "circle-alert" if wrong else ""
                )
        self.remove.setEnabled(self.place >= 0)

    def _take_unknown(self, place: int) -> None:
        if place >= 0:
            self.own.setCurrentRow(-1)
        self.shown.emit()

    def _take_own(self, place: int) -> None:
        if place >= 0:
            self.unknown.setCurrentRow(-1)
        self.shown.emit()


def _name(item: QListWidgetItem, one: UnpricedModel, priced: bool) -> None:
    calls = f"{count_of(one.spans, 'call')} · {format_tokens(one.total_tokens)} tokens"
    title = one.model or "(model not recorded)"
    TwoLines.fill(
        item, title, f"{calls} · priced now" if priced else calls, "circle-check" if priced else "circle-alert"
    )


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("title")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setContentsMargins(14, 10, 14, 6)
    return label
