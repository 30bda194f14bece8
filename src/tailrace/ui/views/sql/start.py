"""What stands in the place of a result before there is one: questions to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from tailrace.ui.theme import give_tip, ui_font
from tailrace.ui.views.controls import PaintedButton


class SqlStart(QWidget):
    """Signals: `chosen(int)` the place of a question."""

    chosen = Signal(int)

    def __init__(self, questions: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel("Ask the data")
        title.setFont(ui_font(15, title.font().Weight.DemiBold))
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint = QLabel("Run the statement above, or begin with one of these questions.")
        hint.setObjectName("dim")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.buttons: list[PaintedButton] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        for place, (question, sql) in enumerate(questions):
            button = PaintedButton(question, "lightbulb")
            button.setAccessibleName(question)
            give_tip(button, sql)
            button.clicked.connect(partial(self.chosen.emit, place))
            grid.addWidget(button, place // 2, place % 2, Qt.AlignmentFlag.AlignLeft)
            self.buttons.append(button)
        middle = QVBoxLayout()
        middle.setSpacing(6)
        middle.addWidget(title)
        middle.addWidget(hint)
        middle.addSpacing(10)
        middle.addLayout(grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addStretch(2)
        column.addLayout(middle)
        column.addStretch(3)
        column.setAlignment(middle, Qt.AlignmentFlag.AlignHCenter)
