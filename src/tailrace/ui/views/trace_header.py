"""The line above the waterfall: which trace, how it went, what it took."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from tailrace.model import TraceRow
from tailrace.model.words import format_cost, format_count, format_duration, format_tokens
from tailrace.ui.theme import give_tip, icon, tokens
from tailrace.ui.views.trace_list import explain, verdict_look


class TraceHeader(QFrame):
    """Name, error chip and figures of one trace.

    Signals: `find_wanted()`, `compress_toggled(bool)`.
    """

    find_wanted = Signal()
    compress_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setFixedHeight(42)
        self._row: TraceRow | None = None
        self._name = QLabel()
        self._name.setObjectName("title")
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._errors = QLabel()
        self._errors.setObjectName("error-chip")
        self._facts = QLabel()
        self._facts.setObjectName("dim")
        self._thumb = QLabel()
        self._compress = QToolButton()
        self._compress.setCheckable(True)
        self._compress.setToolTip("Compress idle gaps (G)")
        self._compress.setAccessibleName("Compress idle gaps")
        self._compress.toggled.connect(self.compress_toggled)
        self._find = QToolButton()
        self._find.setToolTip("Find in trace (/)")
        self._find.setAccessibleName("Find in trace")
        self._find.clicked.connect(self.find_wanted)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 4, 8, 4)
        line.setSpacing(8)
        line.addWidget(self._name)
        for part in (self._errors, self._facts, self._thumb):
            line.addWidget(part)
        line.addStretch(1)
        line.addWidget(self._compress)
        line.addWidget(self._find)
        self.show_row(None)

    def show_row(self, row: TraceRow | None) -> None:
        """Show a trace's figures; None clears."""
        self._row = row
        for part in (self._errors, self._facts, self._thumb, self._compress, self._find):
            part.setVisible(row is not None)
        give_tip(self, "" if row is None else explain(row))
        if row is None:
            self._name.clear()
            return
        self._errors.setVisible(row.error_count > 0)
        self._errors.setText(f"{format_count(row.error_count)} error{'' if row.error_count == 1 else 's'}")
        self._dress()
        self._fit()

    def set_compress(self, on: bool) -> None:
        """Show whether gaps are compressed, without announcing it."""
        blocked = self._compress.blockSignals(True)
        self._compress.setChecked(on)
        self._compress.blockSignals(blocked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _fit(self) -> None:
        """The name takes what it needs up to half the width; of the figures as many as then fit."""
        row = self._row
        if row is None:
            return
        fixed = [part for part in (self._errors, self._thumb, self._compress, self._find) if part.isVisibleTo(self)]
        room = self.width() - sum(part.sizeHint().width() + 8 for part in fixed) - 36
        metrics = self._name.fontMetrics()
        wanted = metrics.horizontalAdvance(row.name or "(no name)") + 4
        figures = figures_of(row)
        while figures and metrics.horizontalAdvance(" · ".join(figures)) + min(wanted, room // 2) > room:
            figures.pop()
        self._facts.setText(" · ".join(figures))
        left = max(60, room - metrics.horizontalAdvance(self._facts.text()))
        self._name.setText(metrics.elidedText(row.name or "(no name)", Qt.TextElideMode.ElideRight, left))
        self._name.setFixedWidth(min(left, wanted))

    def _dress(self) -> None:
        theme = tokens(self)
        self._compress.setIcon(icon("hourglass", theme.dim))
        self._find.setIcon(icon("search", theme.dim))
        if self._row is not None and (verdict := verdict_look(self._row)) is not None:
            name, tone, words = verdict
            self._thumb.setPixmap(icon(name, getattr(theme, tone)).pixmap(16, 16))
            self._thumb.setAccessibleName(words)
            self._thumb.setToolTip(words.capitalize())
        else:
            self._thumb.clear()


def figures_of(row: TraceRow) -> list[str]:
    """Duration, spans, tokens and cost in words; what is unknown is left out or said to be."""
    figures = [
        format_duration(row.duration_ns) if row.end_ns is not None else "running",
        f"{format_count(row.span_count)} span{'' if row.span_count == 1 else 's'}",
    ]
    if row.total_tokens is not None:
        figures.append(f"{format_tokens(row.total_tokens)} tok")
    if row.cost is not None:
        figures.append(format_cost(row.cost, row.estimated_cost) + ("+" if row.unpriced_spans else ""))
    elif row.unpriced_spans:
        figures.append("cost unknown")
    return figures
