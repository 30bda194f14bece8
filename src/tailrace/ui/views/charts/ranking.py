"""A bar a group, the largest first, with its figure and its share of the whole."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from tailrace.model.figures import format_figure, format_share
from tailrace.model.words import count_of
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.charts.exact import exact_figure
from tailrace.ui.views.charts.rows_body import RowsBody
from tailrace.ui.views.charts.sheets import cell_of, titled
from tailrace.ui.views.charts.text import of_all, one_line
from tailrace.ui.views.charts.tones import colour_of
from tailrace.ui.views.charts.values import Part, Pick, Ranking, Sheet
from tailrace.ui.views.controls import draw_elided

_SHARE = 52  # pixels
_FAINT = 0.24  # of a bar's colour over the ground: text stands on it


class RankingBody(RowsBody):
    """Shows a Ranking as LIST."""

    ROW = 28

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ranking: Ranking | None = None
        self._most = 1.0

    def show_content(self, content: object) -> None:
        """Show a Ranking."""
        if not isinstance(content, Ranking):
            raise TypeError(f"a list cannot show {type(content).__name__}")
        self._ranking = content
        self._most = max((abs(part.value) for part in content.parts if math.isfinite(part.value)), default=0.0) or 1.0
        self.rows_changed()

    def row_count(self) -> int:
        """A row a group."""
        return len(self._ranking.parts) if self._ranking is not None else 0

    def _part(self, row: int) -> tuple[Ranking, Part]:
        ranking = self._ranking
        assert ranking is not None
        return ranking, ranking.parts[row]

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        """The bar below, name and figure on it."""
        ranking, part = self._part(row)
        theme = tokens(self)
        inner = box.adjusted(0, 2, 0, -2)
        if math.isfinite(part.value):
            colour = colour_of(theme, "others" if part.group.others else part.tone or "series:0")
            colour.setAlphaF(_FAINT)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            wide = max(2.0, abs(part.value) / self._most * inner.width())
            painter.drawRoundedRect(QRectF(inner.left(), inner.top(), wide, inner.height()), 4, 4)
        right = inner.right() - 6
        shares = math.isfinite(ranking.whole) and ranking.whole != 0
        if shares:
            painter.setFont(ui_font(11))
            room = QRect(right - _SHARE, inner.top(), _SHARE, inner.height())
            draw_elided(painter, room, self._share(ranking, part), theme.faint, Qt.AlignmentFlag.AlignRight)
            right -= _SHARE
        bold = ui_font(12, QFont.Weight.Medium)
        figure = format_figure(part.value, ranking.unit)
        wide_figure = QFontMetrics(bold).horizontalAdvance(figure) + 2
        painter.setFont(bold)
        room = QRect(right - wide_figure, inner.top(), wide_figure, inner.height())
        draw_elided(painter, room, figure, theme.text, Qt.AlignmentFlag.AlignRight)
        painter.setFont(ui_font(12))
        room = QRect(inner.left() + 8, inner.top(), right - wide_figure - inner.left() - 20, inner.height())
        colour_name = theme.dim if part.group.others or part.group.value is None else theme.text
        draw_elided(painter, room, one_line(part.name), colour_name, Qt.AlignmentFlag.AlignLeft)

    @staticmethod
    def _share(ranking: Ranking, part: Part) -> str:
        return format_share(part.value / ranking.whole) if math.isfinite(part.value) else ""

    def row_words(self, row: int) -> str:
        """Name, exact figure, share."""
        ranking, part = self._part(row)
        words = f"{one_line(part.name)}: {exact_figure(part.value, ranking.unit)}"
        if math.isfinite(ranking.whole) and ranking.whole and math.isfinite(part.value):
            words += f", {self._share(ranking, part)} of {exact_figure(ranking.whole, ranking.unit)}"
        return words

    def row_pick(self, row: int, x: int | None) -> Pick | None:
        """The group."""
        ranking, part = self._part(row)
        return Pick(group=part.group, measure=ranking.measure)

    # ---- what it says ----

    def remark(self) -> str:
        """How many groups of how many."""
        ranking = self._ranking
        if ranking is None:
            return ""
        return of_all(sum(not part.group.others for part in ranking.parts), ranking.of, "groups")

    def empty_words(self) -> tuple[str, str] | None:
        """Where there is no group."""
        if self._ranking is not None and any(math.isfinite(part.value) for part in self._ranking.parts):
            return None
        return "No data in this range", "Choose a longer time range, or clear the filter."

    def describe(self) -> str:
        """How many groups, and the largest."""
        count = self.row_count()
        return f"{count_of(count, 'group')}, the largest {self.row_words(0)}" if count else ""

    def sheet(self) -> Sheet:
        """A row a group."""
        return ranking_sheet(self._ranking)


def ranking_sheet(ranking: Ranking | None) -> Sheet:
    """A row a group, with its share where there is a whole."""
    if ranking is None:
        return Sheet((), ())
    shares = math.isfinite(ranking.whole) and ranking.whole != 0
    rows = tuple(
        (one_line(part.name), cell_of(part.value), *((cell_of(part.value / ranking.whole),) if shares else ()))
        for part in ranking.parts
    )
    return Sheet(("group", titled(ranking.title, ranking.unit), *(("share",) if shares else ())), rows)
