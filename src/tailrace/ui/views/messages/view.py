"""The Messages tab: a line about the conversation with the Markdown switch, the cards below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tailrace.model import Score, SpanDetail
from tailrace.model.words import format_count
from tailrace.ui.theme import ui_font
from tailrace.ui.views.background import Background
from tailrace.ui.views.controls import Switch
from tailrace.ui.views.messages.cards import build_cards
from tailrace.ui.views.messages.column import CardColumn, Item
from tailrace.ui.views.scores import ScoreItem


class MessagesView(QWidget):
    """Shows one span's conversation."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[Item] = []
        self.column = CardColumn(background, self)
        self.column.setAccessibleName("Messages")
        self.switch = Switch({"markdown": "Markdown", "plain": "Plain"}, "Text as", self)
        self.switch.chosen.connect(self._choose)
        self.summary = QLabel(self)
        self.summary.setObjectName("dim")
        self.summary.setFont(ui_font(12))
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 14, 0)
        head.addWidget(self.summary, 1)
        head.addWidget(self.switch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.column, 1)

    @property
    def empty(self) -> bool:
        """True when the span has nothing to say here."""
        return not self._cards

    def show_detail(self, detail: SpanDetail | None) -> None:
        """Show a span's conversation, else its input and output."""
        self._cards = [] if detail is None else list(build_cards(detail))
        talk = 0 if detail is None else len(detail.conversation.inputs) + len(detail.conversation.outputs)
        self.summary.setText(f"{format_count(talk)} message{'' if talk == 1 else 's'}" if talk else "")
        self.column.set_items(self._cards + ([] if detail is None else _chips((*detail.scores, *detail.trace_scores))))

    def update_scores(self, scores: Sequence[Score]) -> None:
        """Show other chips below the same cards."""
        self.column.set_tail(self._cards + _chips(scores), len(self._cards))

    def _choose(self, value: object) -> None:
        self.column.set_markdown(value == "markdown")


def _chips(scores: Sequence[Score]) -> list[Item]:
    return [ScoreItem(heading="Scores", chips=tuple(scores))] if scores else []
