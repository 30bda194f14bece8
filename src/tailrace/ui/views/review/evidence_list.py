"""The passages that a reviewer highlighted: press to go there, × or Delete to take one away."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from tailrace.model.review import Evidence
from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.review.row_list import RowList

_CROSS = 26


class EvidenceList(RowList):
    """Signals: `chosen(score_id)`, `removed(score_id)`."""

    chosen = Signal(object)
    removed = Signal(object)
    HEIGHT = 28
    GAP = 5

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Evidence", parent)
        self._rows: tuple[Evidence, ...] = ()
        self._lost: frozenset[str] = frozenset()

    def show_evidence(self, rows: Sequence[Evidence], lost: Collection[str]) -> None:
        """Show these; `lost` are the ids of those whose place is not found any more."""
        if (tuple(rows), frozenset(lost)) != (self._rows, self._lost):
            self._rows, self._lost = tuple(rows), frozenset(lost)
            self.rows_changed()

    def row_count(self) -> int:
        return len(self._rows)

    def row_words(self, row: int) -> str:
        lost = ", its place is not found" if self._is_lost(row) else ""
        return f"“{_line(self._rows[row])}”{lost}"

    def row_tip(self, row: int) -> str:
        lost = "\n\nThis text is not found in the trace any more." if self._is_lost(row) else ""
        return f"“{self._rows[row].anchor.quote}”{lost}"

    def press_row(self, row: int, x: int = 0) -> None:
        score_id = self._rows[row].score_id
        (self.removed if x >= self.width() - _CROSS else self.chosen).emit(score_id)

    def remove_row(self, row: int) -> bool:
        self.removed.emit(self._rows[row].score_id)
        return True

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        theme = tokens(self)
        focused = self.hasFocus() and row == self.current
        hover = row == self.hovered
        lost = self._is_lost(row)
        border = theme.accent if focused else theme.faint if hover else theme.line
        painter.setPen(QPen(QColor(border), 1))
        painter.setBrush(QColor(theme.raised if hover else theme.panel))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        middle = box.center().y() + 0.5
        ratio = self.devicePixelRatioF()
        name, colour = ("triangle-alert", theme.warn) if lost else ("highlighter", theme.err)
        painter.drawPixmap(QPointF(box.left() + 9, middle - 7), pixmap(name, colour, 14, ratio))
        right = box.right() - _CROSS
        painter.drawPixmap(
            QPointF(right + 6, middle - 6.5), pixmap("x", theme.text if hover else theme.faint, 13, ratio)
        )
        painter.setFont(ui_font(12))
        if lost:
            wide = painter.fontMetrics().horizontalAdvance("not found") + 2
            spot = QRect(right - wide, box.top(), wide, box.height())
            draw_elided(painter, spot, "not found", theme.warn, Qt.AlignmentFlag.AlignRight)
            right -= wide + 8
        spot = QRect(box.left() + 30, box.top(), right - box.left() - 30, box.height())
        words = f"“{_line(self._rows[row])}”"
        draw_elided(painter, spot, words, theme.dim if lost else theme.text, Qt.AlignmentFlag.AlignLeft)

    def _is_lost(self, row: int) -> bool:
        return self._rows[row].score_id in self._lost


def _line(evidence: Evidence) -> str:
    # long enough for any width of the panel; the tooltip has all of it
    return " ".join(evidence.anchor.quote[:300].split())
