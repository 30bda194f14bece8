"""A model of the open database that has no price: its calls, why, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from tailrace.model.priced import UnpricedModel
from tailrace.model.words import count_of, format_count
from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import Words

_LONGEST = 300


class UnpricedCard(QWidget):
    """Shows one model.

    Signals: `price_wanted()`.
    """

    price_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Words("", "text", ui_font(16))
        self.reason = Words("", "warn", ui_font(13))
        self.facts = QLabel()
        self.facts.setObjectName("dim")
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setWordWrap(True)
        self.set = QPushButton("Set a price")
        self.set.setToolTip("A row of your own for this model (Enter in the list)")
        self.set.setAutoDefault(False)
        self.set.clicked.connect(self.price_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 20)
        column.setSpacing(10)
        for part in (self.name, self.reason, self.facts):
            column.addWidget(part)
        column.addWidget(self.set, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def show_model(self, one: UnpricedModel) -> None:
        """Show another model."""
        self.name.set_text((one.model or "Model not recorded")[:_LONGEST])
        self.reason.set_text(f"The cost of {count_of(one.spans, 'call')} is unknown: {one.reason}.")
        lines = [
            f"Tokens in: {format_count(one.input_tokens)}",
            f"Tokens out: {format_count(one.output_tokens)}",
            f"Tokens in all: {format_count(one.total_tokens)}",
        ]
        if one.providers:
            lines.insert(0, f"Provider: {', '.join(one.providers)[:_LONGEST]}")
        self.facts.setText("\n".join(lines))
        self.set.setVisible(one.model is not None)
