"""What sets a selection apart: values that it has more often than the rest, the strongest first."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tailrace.model.charted import Difference, Differences
from tailrace.model.figures import format_share
from tailrace.model.words import count_of, format_count
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.charts.comparison import CHANCE
from tailrace.ui.views.charts.sheets import cell_of
from tailrace.ui.views.charts.table_body import Cell, Heading, TableBody
from tailrace.ui.views.charts.text import of_all, one_line
from tailrace.ui.views.charts.values import DifferencesChart, Pick, Sheet
from tailrace.ui.views.controls import PaintedButton, draw_elided

_REMARKABLE = 2.0  # times as often, or half as often
_SELECT = "Shift-drag over a chart, or drag over a heatmap, to select traces."


class DifferencesBody(TableBody):
    """Shows a DifferencesChart. A row opens the selected traces that have the value, the button all of them."""

    SORTS = True
    FOOT = 36

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chart: DifferencesChart | None = None
        self._rows: tuple[Difference, ...] = ()
        self.button = PaintedButton("", parent=self)
        self.button.clicked.connect(self._open_all)

    def show_content(self, content: object) -> None:
        """Show a DifferencesChart."""
        if not isinstance(content, DifferencesChart):
            raise TypeError(f"differences cannot show {type(content).__name__}")
        self._chart = content
        found = content.differences
        if found is not None:
            self.button.setText(f"Open {count_of(found.inside, 'trace')} →")
            self.button.setAccessibleName(f"Open {count_of(found.inside, 'trace')} of the selection")
            self.button.setFixedSize(self.button.sizeHint())
        self.button.setVisible(found is not None and found.inside > 0)
        self.sort()
        self.table_changed()

    @property
    def _found(self) -> Differences | None:
        return self._chart.differences if self._chart is not None else None

    def sort(self) -> None:
        """By the head that was pressed, else the strongest first."""
        found, column = self._found, self.sorted_by
        if found is None:
            self._rows = ()
            return
        rows = found.differences
        if column is not None:
            keys = (
                lambda one: (self._name(one).casefold(), one.value.casefold()[:200]),
                lambda one: _share(one.inside, one.inside_of),
                lambda one: _share(one.outside, one.outside_of),
                lambda one: one.lift,
            )
            rows = tuple(sorted(rows, key=keys[column], reverse=not self.ascending))
        self._rows = rows

    def row_count(self) -> int:
        """A row a value."""
        return len(self._rows)

    def headings(self) -> tuple[Heading, ...]:
        """As the picture has them."""
        return (
            Heading("attribute"),
            Heading("sel.", "Share of the selected traces that have it"),
            Heading("rest", "Share of the other traces that have it"),
            Heading("lift", "How many times as often the selected traces have it"),
        )

    def _name(self, one: Difference) -> str:
        names = self._chart.names if self._chart is not None else {}
        return one_line(names.get(one.field, one.field))

    def cell(self, row: int, column: int) -> Cell:
        """Shares, and the lift in red where it is remarkable and more than chance."""
        one = self._rows[row]
        if column == 0:
            return Cell(f"{self._name(one)} {one.sign} {one_line(one.value)}")
        if column == 1:
            return Cell(_percent(one.inside, one.inside_of))
        if column == 2:
            return Cell(_percent(one.outside, one.outside_of))
        remarkable = one.p < CHANCE and not 1 / _REMARKABLE < one.lift < _REMARKABLE
        return Cell(say_lift(one.lift), ("err" if one.lift > 1 else "accent") if remarkable else "text")

    def paint_name(self, painter: QPainter, row: int, box: QRect) -> None:
        """The field bold, its value not."""
        one, theme = self._rows[row], tokens(self)
        bold = ui_font(12, QFont.Weight.DemiBold)
        metrics = QFontMetrics(bold)
        name = metrics.elidedText(self._name(one), Qt.TextElideMode.ElideMiddle, box.width() * 2 // 3)
        painter.setFont(bold)
        draw_elided(painter, box, name, theme.text, Qt.AlignmentFlag.AlignLeft)
        painter.setFont(ui_font(12))
        room = box.adjusted(metrics.horizontalAdvance(name) + 4, 0, 0, 0)
        value = one_line(one.value) or "(empty)"
        draw_elided(painter, room, f"{one.sign} {value}", theme.text, Qt.AlignmentFlag.AlignLeft)

    def row_words(self, row: int) -> str:
        """A row as a sentence."""
        one = self._rows[row]
        chance = "p<0.001" if one.p < 0.001 else f"p={one.p:.3f}"
        also = f". The same traces: {'; '.join(map(one_line, one.also))}" if one.also else ""
        return (
            f"{self._name(one)} {one.sign} {one_line(one.value)}: "
            f"{format_count(one.inside)} of {format_count(one.inside_of)} selected traces "
            f"({_percent(one.inside, one.inside_of)}), {format_count(one.outside)} of {format_count(one.outside_of)} "
            f"others ({_percent(one.outside, one.outside_of)}), {say_lift(one.lift)}, {chance}{also}"
        )

    def row_pick(self, row: int, x: int | None) -> Pick | None:
        """The difference."""
        return Pick(difference=self._rows[row])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the button stays at the foot."""
        super().resizeEvent(event)
        self.button.move(0, self.height() - 29)

    def paint_fixed(self, painter: QPainter, pointed: bool) -> None:
        """The head; beside the button how many values were looked at; that nothing differs where nothing does."""
        super().paint_fixed(painter, pointed)
        found, theme = self._found, tokens(self)
        if found is None:
            return
        painter.setFont(ui_font(11))
        said = of_all(found.compared, found.of, "values") or count_of(found.compared, "value")
        left = self.button.width() + 10 if not self.button.isHidden() else 0
        box = QRect(left, self.height() - 29, self.width() - left, 28)
        draw_elided(painter, box, said, theme.faint, Qt.AlignmentFlag.AlignRight)
        if not found.differences:
            painter.setFont(ui_font(12))
            painter.drawText(self.room, int(Qt.AlignmentFlag.AlignCenter), "Nothing differs by more than chance.")

    def _open_all(self) -> None:
        self.opened.emit(Pick())

    # ---- what it says ----

    def remark(self) -> str:
        """How many traces are selected."""
        found = self._found
        if found is None:
            return ""
        return f"{format_count(found.inside)} of {count_of(found.inside + found.outside, 'trace')}"

    def empty_words(self) -> tuple[str, str] | None:
        """Where nothing is selected yet."""
        found = self._found
        if found is None:
            return "Nothing is selected yet", _SELECT
        return None if found.inside else ("No trace is in the selection", _SELECT)

    def describe(self) -> str:
        """How many traces, and what sets them apart most."""
        found = self._found
        if found is None:
            return ""
        if not self._rows:
            return f"{self.remark()}. Nothing differs by more than chance"
        return f"{self.remark()}. Most of all {self.row_words(0)}"

    def sheet(self) -> Sheet:
        """As shown, with counts."""
        header = ("attribute", "value", "selected", "selected of", "rest", "rest of", "lift", "p")
        rows = tuple(
            (one.field, one.value if one.sign == "=" else f"{one.sign} {one.value}", one.inside, one.inside_of,
             one.outside, one.outside_of, cell_of(one.lift), cell_of(one.p))
            for one in self._rows
        )  # fmt: skip
        return Sheet(header, rows)


def say_lift(lift: float) -> str:
    """×3.2; only there is where no other has it."""
    if math.isnan(lift):
        return "–"
    return "only here" if math.isinf(lift) else f"×{lift:.1f}" if lift < 99.95 else f"×{lift:,.0f}"


def _share(part: int, of: int) -> float:
    return part / of if of else 0.0


def _percent(part: int, of: int) -> str:
    share = _share(part, of)
    if 0.1 <= share < 0.995:
        return f"{share:.0%}"
    return format_share(share)
