"""How far an import is: count, rate, time left, Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from tailrace.model import ImportProgress
from tailrace.model.words import count_of, format_bytes, format_count
from tailrace.ui.views.spoken import Role

_WORDS = {
    "reading": "Importing",
    "summarising": "Summarising",
    "pricing": "Pricing again",
}
_OWN = {"charting": "Preparing the charts"}
_INDEXED = "Making the text searchable"
_STAYS = "What is in stays in; opening the file again goes on where it was"
_CHARTED = "All other pages work without; the charts offer to go on"
_PRICED = "What is priced stays; pricing again goes on there"


class ImportStrip(QFrame):
    """Hidden while nothing is under way.

    Signals: `cancelled()`.
    """

    SPOKEN_AS = Role.ProgressBar
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-info")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(180)
        self._cancel = QPushButton("Cancel")
        self._cancel.setToolTip(_STAYS)
        self._cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 8, 5)
        row.setSpacing(12)
        row.addWidget(self._text, 1)
        row.addWidget(self._bar)
        row.addWidget(self._cancel)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_progress(self, news: ImportProgress | None) -> None:
        """Show how far it is; None hides."""
        self.setVisible(news is not None)
        if news is None:
            return
        self._text.setText(describe_progress(news))
        self._cancel.setToolTip({"pricing": _PRICED, "charting": _CHARTED}.get(news.phase, _STAYS))
        self.setAccessibleName(self._text.text())
        if news.total:
            self._bar.setRange(0, 1000)
            self._bar.setValue(min(1000, round(1000 * news.done / news.total)))
        else:
            self._bar.setRange(0, 0)


def describe_progress(news: ImportProgress) -> str:
    """One line: what, how many of how many, how fast, how long yet."""
    # of the database behind the window the name may be ours
    parts = [f"{_WORDS[news.phase]} {news.source}" if news.phase in _WORDS else _OWN.get(news.phase, _INDEXED)]
    if news.unit == "bytes":
        of = f" of {format_bytes(news.total)}" if news.total is not None else ""
        parts.append(f"{format_bytes(news.done)}{of}")
    else:
        of = f" of {format_count(news.total)}" if news.total is not None else ""
        parts.append(f"{format_count(news.done)}{of} {news.unit}")
    if news.phase == "reading":
        parts.append(f"{count_of(news.spans, 'span')}")
    if news.elapsed_s > 0.5:
        rate = (news.spans if news.phase == "reading" else news.done) / news.elapsed_s
        parts.append(f"{rate:,.0f} spans/s")
    if news.seconds_left is not None and news.elapsed_s > 1:
        parts.append(f"{max(news.seconds_left, 0):,.0f} s left")
    return " · ".join(parts)
