"""The line between a statement and its result: run or cancel, how it goes, and the limits."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from tailrace.model.sql import SqlLimits
from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.bar_button import BarButton
from tailrace.ui.views.controls import OneLine


class RunStrip(QFrame):
    """Signals: `run_wanted()`, `stop_wanted()`."""

    run_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setFixedHeight(44)
        self._share: float | None = None
        self.run = BarButton(primary=True, icon="play", opens=False)
        self.run.set_text("Run")
        self.run.setAccessibleName("Run the statement")
        self.run.clicked.connect(self.run_wanted)
        self.cancel = BarButton(icon="square", opens=False)
        self.cancel.set_text("Cancel")
        self.cancel.setAccessibleName("Stop the statement")
        self.cancel.setToolTip("Stop the statement (Escape)")
        self.cancel.clicked.connect(self.stop_wanted)
        self.cancel.hide()
        self._picture = QLabel()
        self._picture.hide()
        self.words = OneLine("", ui_font(13))
        self.limits = QLabel()
        self.limits.setObjectName("dim")
        self.limits.setFont(ui_font(12))
        self.show_limits(SqlLimits())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 14, 6)
        row.setSpacing(10)
        for part in (self.run, self.cancel, self._picture):
            row.addWidget(part)
        row.addWidget(self.words, 1)
        row.addWidget(self.limits)

    def show_limits(self, limits: SqlLimits) -> None:
        """What a statement may take."""
        self.limits.setText(
            f"read-only · at most {limits.rows:,} rows, {limits.seconds:g} s, {limits.memory >> 30} GB of memory"
        )

    def show_key(self, key: str) -> None:
        """The key that runs, as people read it."""
        self.run.setToolTip(f"Run the statement ({key})" if key else "Run the statement")

    def show_running(self, words: str, share: float | None = None) -> None:
        """It is under way: what there is to say, and which share of its limit (0 to 1) is gone."""
        self.run.hide()
        self.cancel.show()
        self._say(words, "")
        self._share = share
        self.update()

    def show_words(self, words: str, icon: str = "") -> None:
        """It is over, or has not begun; "circle-alert" says that it failed."""
        self.cancel.hide()
        self.run.show()
        self._say(words, icon)
        self._share = None
        self.update()

    def _say(self, words: str, icon: str) -> None:
        self.words.set_text(words)
        self.words.setToolTip(tip(words))
        self._picture.setVisible(bool(icon))
        if icon:
            theme = tokens(self)
            tone = {"circle-alert": theme.err, "circle-check": theme.ok}.get(icon, theme.warn)
            self._picture.setPixmap(pixmap(icon, tone, 16, self.devicePixelRatioF()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: how much of the time is gone, as a line along the bottom."""
        super().paintEvent(event)
        if self._share is None:
            return
        with QPainter(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens(self).accent))
            painter.drawRect(QRectF(0, self.height() - 2, self.width() * min(self._share, 1.0), 2))
