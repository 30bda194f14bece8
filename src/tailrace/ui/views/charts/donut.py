"""Parts of one whole as a ring, with their names beside it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from tailrace.model.figures import format_figure, format_share
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.charts.exact import exact_figure
from tailrace.ui.views.charts.ranking import ranking_sheet
from tailrace.ui.views.charts.rows_body import RowsBody
from tailrace.ui.views.charts.text import of_all, one_line
from tailrace.ui.views.charts.tones import colour_of
from tailrace.ui.views.charts.values import Part, Pick, Ranking, Sheet
from tailrace.ui.views.controls import draw_elided

_HOLE = 0.66  # of the ring's radius
_MOST = 200  # pixels across
_BESIDE = 22
_SHARE_FROM = 110  # pixels of the legend; where there are less the names are all of it
_GAP = 1.2  # degrees between parts


class DonutBody(RowsBody):
    """Shows a Ranking as PIE: only where its parts add up to a known whole."""

    ROW = 22

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ranking: Ranking | None = None
        self._parts: tuple[Part, ...] = ()
        self._on_ring = -1

    def show_content(self, content: object) -> None:
        """Show a Ranking."""
        if not isinstance(content, Ranking):
            raise TypeError(f"a ring cannot show {type(content).__name__}")
        self._ranking = content
        self._parts = tuple(part for part in content.parts if math.isfinite(part.value) and part.value > 0)
        self.rows_changed()

    def row_count(self) -> int:
        """A row of the legend a part."""
        return len(self._parts)

    # ---- where things are ----

    @property
    def ring(self) -> QRectF:
        """The square around the ring."""
        side = max(20, min(self.height() - 8, _MOST, int(self.width() * 0.46)))
        return QRectF(QPointF(4, (self.height() - side) / 2), QSizeF(side, side))

    @property
    def room(self) -> QRect:
        """The legend, beside the ring and in the middle of its height."""
        left = int(self.ring.right()) + _BESIDE
        high = min(self.height(), self.row_count() * self.ROW)
        side = 12 if self.bar.maximum() > 0 else 0
        return QRect(left, (self.height() - high) // 2, max(10, self.width() - left - side), high)

    def part_at(self, point: QPointF) -> int:
        """The part of the ring at a point, -1 elsewhere."""
        ring, total = self.ring, sum(part.value for part in self._parts)
        way = point - ring.center()
        distance = math.hypot(way.x(), way.y()) / (ring.width() / 2)
        if not _HOLE <= distance <= 1 or total <= 0:
            return -1
        turn = (math.atan2(way.x(), -way.y()) / (2 * math.pi)) % 1.0
        passed = 0.0
        for place, part in enumerate(self._parts):
            passed += part.value / total
            if turn < passed:
                return place
        return len(self._parts) - 1

    # ---- painting ----

    def paint_fixed(self, painter: QPainter, pointed: bool) -> None:
        """The ring, the whole in its middle."""
        theme, ring, total = tokens(self), self.ring, sum(part.value for part in self._parts)
        ranking = self._ranking
        if ranking is None or total <= 0:
            return
        strong = max(self.hovered_row, self._on_ring, self.cursor_row) if pointed else -1
        hole = ring.width() / 2 * (1 - _HOLE)
        begin = 90.0
        gap = _GAP if len(self._parts) > 1 else 0.0
        for place, part in enumerate(self._parts):
            sweep = part.value / total * 360
            drawn = max(sweep - gap, min(sweep, 0.4))
            colour = self._colour(place)
            if strong >= 0 and strong != place:
                colour.setAlphaF(0.4)
            path = QPainterPath()
            path.arcMoveTo(ring, begin - gap / 2)
            path.arcTo(ring, begin - gap / 2, -drawn)
            path.arcTo(ring.adjusted(hole, hole, -hole, -hole), begin - gap / 2 - drawn, drawn)
            path.closeSubpath()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.fillPath(path, colour)
            begin -= sweep
        self._paint_middle(painter, strong, theme.text, theme.dim)

    def _paint_middle(self, painter: QPainter, pointed: int, text: str, dim: str) -> None:
        ranking, ring = self._ranking, self.ring
        assert ranking is not None
        inside = ring.width() * _HOLE - 14
        if inside < 40:
            return
        value = ranking.whole if pointed < 0 else self._parts[pointed].value
        words = format_figure(value, ranking.unit)
        size = next((size for size in (20, 17, 14, 12) if self._fits(words, size, inside)), 11)
        painter.setFont(ui_font(size, QFont.Weight.DemiBold))
        middle = ring.center()
        box = QRect(int(middle.x() - inside / 2), int(middle.y() - 20), int(inside), 24)
        draw_elided(painter, box, words, text, Qt.AlignmentFlag.AlignHCenter)
        painter.setFont(ui_font(11))
        below = "in all" if pointed < 0 else one_line(self._parts[pointed].name)
        draw_elided(painter, box.translated(0, 20).adjusted(0, 2, 0, -4), below, dim, Qt.AlignmentFlag.AlignHCenter)

    @staticmethod
    def _fits(words: str, size: int, wide: float) -> bool:
        return QFontMetrics(ui_font(size, QFont.Weight.DemiBold)).horizontalAdvance(words) <= wide

    def _colour(self, place: int) -> QColor:
        part = self._parts[place]
        tone = part.tone or ("others" if part.group.others else "")
        return colour_of(tokens(self), tone, place)

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        """A chip, the name, the figure and its share."""
        ranking, part, theme = self._ranking, self._parts[row], tokens(self)
        assert ranking is not None
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour(row))
        painter.drawRoundedRect(QRectF(box.left(), box.center().y() - 3.5, 8, 8), 2, 2)
        right = box.right()
        if box.width() >= _SHARE_FROM:
            painter.setFont(ui_font(11))
            share = QRect(right - 46, box.top(), 46, box.height())
            draw_elided(painter, share, self._share(part), theme.dim, Qt.AlignmentFlag.AlignRight)
            right = share.left() - 6
        painter.setFont(ui_font(12))
        figure = format_figure(part.value, ranking.unit)
        wide = painter.fontMetrics().horizontalAdvance(figure) + 2
        if right - wide - box.left() > 80:
            value = QRect(right - wide, box.top(), wide, box.height())
            draw_elided(painter, value, figure, theme.text, Qt.AlignmentFlag.AlignRight)
            right -= wide + 8
        name = QRect(box.left() + 15, box.top(), max(0, right - box.left() - 15), box.height())
        draw_elided(painter, name, one_line(part.name), theme.text, Qt.AlignmentFlag.AlignLeft)

    def _share(self, part: Part) -> str:
        whole = self._ranking.whole if self._ranking is not None else 0
        return format_share(part.value / whole) if whole > 0 else ""

    # ---- mouse ----

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: the part under the pointer stands out."""
        super().mouseMoveEvent(event)
        place = self.part_at(event.position())
        if place != self._on_ring:
            self._on_ring = place
            self.update()
        over = place >= 0 or self.hovered_row >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: open the part."""
        place = self.part_at(event.position())
        if place >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(self.row_pick(place, None))
            return
        super().mouseReleaseEvent(event)

    def leaveEvent(self, event: object) -> None:
        """Qt: the pointer has gone."""
        super().leaveEvent(event)  # type: ignore[arg-type]
        self._on_ring = -1
        self.update()

    def pick_at(self, point: QPointF) -> Pick | None:
        """The part at a point."""
        place = self.part_at(point)
        return self.row_pick(place, None) if place >= 0 else super().pick_at(point)

    def row_pick(self, row: int, x: int | None) -> Pick | None:
        """The group."""
        return Pick(group=self._parts[row].group, measure=self._ranking.measure if self._ranking is not None else "")

    def row_words(self, row: int) -> str:
        """Name, exact figure, share."""
        ranking, part = self._ranking, self._parts[row]
        assert ranking is not None
        return f"{one_line(part.name)}: {exact_figure(part.value, ranking.unit)}, {self._share(part)}"

    # ---- what it says ----

    def remark(self) -> str:
        """How many groups of how many."""
        ranking = self._ranking
        if ranking is None:
            return ""
        return of_all(sum(not part.group.others for part in self._parts), ranking.of, "groups")

    def empty_words(self) -> tuple[str, str] | None:
        """Where the parts are none, or not of one whole."""
        ranking = self._ranking
        if ranking is None or not any(math.isfinite(part.value) for part in ranking.parts):
            return "No data in this range", "Choose a longer time range, or clear the filter."
        if not math.isfinite(ranking.whole):
            return "Not parts of one whole", "These figures do not add up. Show them as a list or a table."
        if any(part.value < 0 for part in ranking.parts if math.isfinite(part.value)):
            return "Not parts of one whole", "Some figures are less than 0. Show them as a list or a table."
        return None if self._parts else ("All figures are 0", "There are no parts to draw.")

    def describe(self) -> str:
        """The whole and its parts."""
        ranking = self._ranking
        if ranking is None or not self._parts:
            return ""
        said = ", ".join(self.row_words(row) for row in range(min(3, len(self._parts))))
        return f"{len(self._parts)} parts of {exact_figure(ranking.whole, ranking.unit)}: {said}"

    def sheet(self) -> Sheet:
        """A row a group."""
        return ranking_sheet(self._ranking)
