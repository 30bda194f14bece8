"""A queue's instructions above its items: dismissed for this queue, shown again on request."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QWidget

from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.controls import PaintedButton
from tailrace.ui.views.spoken import Role

_LEAST, _TALLEST = 44, 132


class Instructions(QWidget):
    """The strip; `again` is the button that brings it back, to be placed by whoever shows it."""

    SPOKEN_AS = Role.Note

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._queue = ""
        self._tallest = _TALLEST
        self._dismissed: set[str] = set()
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setFont(ui_font(13))
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._area.setAccessibleName("Instructions of this queue")
        self._area.viewport().setAutoFillBackground(False)
        self._area.setWidget(self.text)
        self.text.setAutoFillBackground(False)
        self.close_button = PaintedButton("", "x", flat=True, small=True, parent=self)
        self.close_button.setAccessibleName("Hide the instructions of this queue")
        self.close_button.setToolTip("Hide the instructions of this queue")
        self.close_button.clicked.connect(self._dismiss)
        self.again = PaintedButton("Instructions", flat=True, small=True, parent=parent)
        self.again.setAccessibleName("Show the instructions of this queue")
        self.again.clicked.connect(self._show_again)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.addWidget(self._area, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()
        self.again.hide()

    def show_text(self, queue_id: str, text: str) -> None:
        """The instructions of a queue; nothing is shown when they are empty."""
        self._queue = queue_id
        self.text.setText(text.strip())
        self.setAccessibleName(f"Instructions: {text.strip()[:500]}")
        self._show()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line2), 1))
            painter.setBrush(QColor(theme.accent_bg))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _show(self) -> None:
        known = bool(self.text.text())
        self.setVisible(known and self._queue not in self._dismissed)
        self.again.setVisible(known and self._queue in self._dismissed)
        self._fit()

    def set_tallest(self, height: int) -> None:
        """Take no more room than so many pixels, and in no case a lot; what is longer scrolls."""
        self._tallest = max(_LEAST, min(_TALLEST, height))
        self._fit()

    def _fit(self) -> None:
        room = max(60, self._area.viewport().width())
        self._area.setFixedHeight(max(20, min(self._tallest, self.text.heightForWidth(room) + 2)))

    def _dismiss(self) -> None:
        self._dismissed.add(self._queue)
        self._show()

    def _show_again(self) -> None:
        self._dismissed.discard(self._queue)
        self._show()
