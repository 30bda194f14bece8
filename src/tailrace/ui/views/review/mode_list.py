"""Failure modes as rows: the number key, the name, how many traces have it, and which ones the notes suggest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QWidget

from tailrace.model.words import format_count
from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.controls import draw_elided, mixed
from tailrace.ui.views.review.key_cap import draw_key_cap, key_cap_width
from tailrace.ui.views.review.row_list import RowList

NUMBERED = 9


@dataclass(frozen=True, slots=True)
class ModeRow:
    """One failure mode as it is shown. `place` is its position from 0; `count` None is unknown; `marked`: this trace
    has it; `listed`: it is among the present modes."""

    mode_id: str
    name: str
    description: str
    place: int
    count: int | None
    marked: bool
    suggested: bool
    listed: bool = True


def shown_rows(rows: Sequence[ModeRow], whole: bool) -> list[ModeRow]:
    """Those in sight: all when `whole`, else the numbered ones in their places, then suggested and marked ones."""
    if whole:
        return list(rows)
    rest = [row for row in rows if row.place >= NUMBERED]
    return [
        *(row for row in rows if row.place < NUMBERED),
        *(row for row in rest if row.suggested and not row.marked),
        *(row for row in rest if row.marked),
    ]


def matching(rows: Sequence[ModeRow], typed: str) -> list[ModeRow]:
    """The modes whose name has all the typed words, suggested ones first, then those that begin with them."""
    words = typed.casefold().split()
    found = [row for row in rows if all(word in row.name.casefold() for word in words)] if words else []
    start = typed.casefold().strip()
    return sorted(found, key=lambda row: (not row.suggested, not row.name.casefold().startswith(start), row.place))


class ModeList(RowList):
    """Rows of failure modes. `chosen(mode_id)`: one was pressed."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self._rows: list[ModeRow] = []
        self._keys: Mapping[str, str] = {}

    @property
    def rows(self) -> list[ModeRow]:
        """What is shown, from the top."""
        return self._rows

    def show_rows(self, rows: Sequence[ModeRow], keys: Mapping[str, str]) -> None:
        """Show these; `keys` are the words on the key caps by command."""
        if (list(rows), keys) != (self._rows, self._keys):
            self._rows, self._keys = list(rows), keys
            self.rows_changed()

    def key_of(self, row: ModeRow) -> str:
        """The key that marks a mode; empty for none."""
        return self._keys.get(f"review.mode-{row.place + 1}", "") if row.place < NUMBERED else ""

    def row_count(self) -> int:
        return len(self._rows)

    def row_words(self, row: int) -> str:
        one = self._rows[row]
        says = [one.name, "marked" if one.marked else "not marked"]
        says += ["suggested"] if one.suggested else []
        says += ["no longer in use"] if not one.listed else []
        says += [f"{one.count} traces"] if one.count is not None else []
        return ", ".join(says)

    def row_tip(self, row: int) -> str:
        one = self._rows[row]
        lines = [one.name, one.description]
        lines += ["Suggested from your note"] if one.suggested else []
        lines += [f"Marked in {one.count:,} traces"] if one.count is not None else []
        return "\n".join(filter(None, lines))

    def press_row(self, row: int, x: int = 0) -> None:
        self.chosen.emit(self._rows[row].mode_id)

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        theme = tokens(self)
        one = self._rows[row]
        focused = self.hasFocus() and row == self.current
        hover = row == self.hovered
        border = theme.accent if one.marked or focused else theme.faint if hover else theme.line2
        painter.setPen(QPen(QColor(border), 2 if focused else 1))
        fill = QColor(theme.accent_bg) if one.marked else QColor(theme.raised if hover else theme.panel)
        painter.setBrush(mixed(theme.accent, theme.panel, 0.06) if focused and not one.marked else fill)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        middle = box.center().y() + 0.5
        left, right = box.left() + 10, box.right() - 10
        if key := self.key_of(one):
            draw_key_cap(painter, left, middle, key, theme)
            left += key_cap_width(key) + 8
        ratio = self.devicePixelRatioF()
        if one.marked:
            painter.drawPixmap(QPointF(left, middle - 7), pixmap("check", theme.accent, 14, ratio))
            left += 20
        painter.setFont(ui_font(13))
        if one.count is not None:
            words = format_count(one.count)
            wide = painter.fontMetrics().horizontalAdvance(words)
            spot = QRect(right - wide, box.top(), wide + 1, box.height())
            draw_elided(painter, spot, words, theme.faint, Qt.AlignmentFlag.AlignRight)
            right -= wide + 8
        if one.suggested and not one.marked:
            painter.setFont(ui_font(11))
            wide = painter.fontMetrics().horizontalAdvance("suggested") + 1
            painter.setFont(ui_font(13))
            if right - left - wide - 28 < painter.fontMetrics().horizontalAdvance(one.name):
                wide = 0  # the name is worth more than the word; the tooltip has it
            painter.setFont(ui_font(11))
            spot = QRect(right - wide, box.top(), wide, box.height())
            if wide:
                draw_elided(painter, spot, "suggested", theme.accent, Qt.AlignmentFlag.AlignRight)
            painter.drawPixmap(QPointF(right - wide - 17, middle - 6.5), pixmap("sparkles", theme.accent, 13, ratio))
            right -= wide + 24
        painter.setFont(ui_font(13, QFont.Weight.Medium if one.marked else QFont.Weight.Normal))
        spot = QRect(left, box.top(), right - left, box.height())
        draw_elided(painter, spot, one.name, theme.text if one.listed else theme.dim, Qt.AlignmentFlag.AlignLeft)
