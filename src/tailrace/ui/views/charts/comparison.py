"""Up to three values of a field side by side: measures as rows, the best in bold, each difference with its chance."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from tailrace.model.charted import Against, ComparedMeasure, Group, Test
from tailrace.model.figures import format_figure, format_number
from tailrace.model.measures import Better, Unit
from tailrace.model.words import UNKNOWN, count_of
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.charts.exact import exact_figure
from tailrace.ui.views.charts.sheets import cell_of, titled
from tailrace.ui.views.charts.table_body import Cell, Heading, TableBody
from tailrace.ui.views.charts.text import one_line
from tailrace.ui.views.charts.values import ComparisonChart, Pick, Sheet
from tailrace.ui.views.controls import draw_elided

CHANCE = 0.05  # a difference that comes about by chance this often, or more, is not coloured
_MINUS = "−"


class ComparisonBody(TableBody):
    """Shows a ComparisonChart."""

    SORTS = False

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chart: ComparisonChart | None = None

    def show_content(self, content: object) -> None:
        """Show a ComparisonChart."""
        if not isinstance(content, ComparisonChart):
            raise TypeError(f"a comparison cannot show {type(content).__name__}")
        self._chart = content
        notes = content.comparison.notes if content.comparison is not None else ()
        self.FOOT = 18 * min(2, len(notes)) + (4 if notes else 0)
        self.table_changed()

    @property
    def _rows(self) -> tuple[ComparedMeasure, ...]:
        compared = self._chart.comparison if self._chart is not None else None
        return compared.rows if compared is not None else ()

    @property
    def _values(self) -> tuple[str, ...]:
        compared = self._chart.comparison if self._chart is not None else None
        return compared.values if compared is not None else ()

    def row_count(self) -> int:
        """A row a measure."""
        return len(self._rows)

    def headings(self) -> tuple[Heading, ...]:
        """The values, then each later one against the first."""
        chart = self._chart
        if chart is None or chart.comparison is None:
            return ()
        names = [one_line(value) for value in self._values]
        traces = chart.comparison.traces
        heads = [Heading("metric")]
        heads += [
            Heading(name, f"{name}: {count_of(count, 'trace')}") for name, count in zip(names, traces, strict=False)
        ]
        short = _without_common_start(names)
        heads += [Heading(f"Δ {short[0]}→{other}", f"{other} against {names[0]}") for other in short[1:]]
        return tuple(heads)

    def cell(self, row: int, column: int) -> Cell:
        """Figures, the best in bold; differences in the colour of what they mean."""
        shown, count = self._rows[row], len(self._values)
        if column == 0:
            return Cell(one_line(shown.measure.title))
        if column <= count:
            words = format_figure(shown.figures[column - 1], shown.measure.unit)
            return Cell(words, "faint" if words == UNKNOWN else "text", shown.best == column - 1)
        place = column - count
        words, tone = say_difference(shown, place - 1)
        return Cell(words, tone, short=words.partition(" (p")[0])

    def row_tip(self, row: int, x: int) -> str:
        """What is measured, the exact figure, or how it is told from chance."""
        shown, column, count = self._rows[row], self.column_at(x), len(self._values)
        if column == 0:
            return f"{shown.measure.title}\n{shown.measure.definition}"
        if column <= count:
            figure = exact_figure(shown.figures[column - 1], shown.measure.unit)
            return f"{one_line(self._values[column - 1])}: {figure}" + (
                ", the best" if shown.best == column - 1 else ""
            )
        against = shown.against[column - count - 1] if column - count - 1 < len(shown.against) else None
        return "" if against is None else say_test(against)

    def row_pick(self, row: int, x: int | None) -> Pick | None:
        """The traces of the value that was pressed."""
        column = 0 if x is None else self.column_at(x)
        if not 0 < column <= len(self._values):
            return None
        return Pick(group=Group(self._values[column - 1]), measure=self._rows[row].measure.id)

    def _hover(self, row: int) -> None:
        super()._hover(row)
        if row >= 0:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paint_fixed(self, painter: QPainter, pointed: bool) -> None:
        """The head, and below the rows what there is to note."""
        super().paint_fixed(painter, pointed)
        notes = self._chart.comparison.notes if self._chart is not None and self._chart.comparison is not None else ()
        painter.setFont(ui_font(11))
        for place, note in enumerate(notes[:2]):
            words = one_line(note)
            if place == 1 and len(notes) > 2:
                words += f" (and {len(notes) - 2} more)"
            box = QRect(6, self.height() - self.FOOT + 4 + 18 * place, self.width() - 12, 16)
            draw_elided(painter, box, words, tokens(self).faint, Qt.AlignmentFlag.AlignLeft)

    def fixed_tip(self, point) -> str:  # type: ignore[no-untyped-def]
        """All notes, or what a column is."""
        chart = self._chart
        if point.y() > self.height() - self.FOOT and chart is not None and chart.comparison is not None:
            return "\n".join(chart.comparison.notes)
        return super().fixed_tip(point)

    # ---- what it says ----

    def empty_words(self) -> tuple[str, str] | None:
        """Where nothing is chosen, or nothing is measured."""
        chart = self._chart
        if chart is None or chart.comparison is None:
            return "Nothing to compare yet", chart.hint if chart is not None else ""
        return None if self._rows else ("No data in this range", "Choose a longer time range, or clear the filter.")

    def describe(self) -> str:
        """Which values, how many measures."""
        chart = self._chart
        if chart is None or chart.comparison is None:
            return ""
        names = ", ".join(one_line(value) for value in self._values)
        return f"Comparison of {names} by {one_line(chart.comparison.by)}, {count_of(len(self._rows), 'measure')}"

    def sheet(self) -> Sheet:
        """As shown, with exact figures; difference, relative difference and p a later value."""
        names = [one_line(value) for value in self._values]
        header = ["metric", *names]
        for name in names[1:]:
            header += [f"{name} - {names[0]}", f"{name} relative to {names[0]}", f"{name} p"]
        rows = []
        for shown in self._rows:
            cells: list[str | float | int | None] = [titled(shown.measure.title, shown.measure.unit)]
            cells += [cell_of(figure) for figure in shown.figures]
            for against in shown.against:
                cells += [cell_of(against.difference), against.relative, against.p]
            rows.append(tuple(cells))
        return Sheet(tuple(header), tuple(rows))


def say_difference(row: ComparedMeasure, place: int) -> tuple[str, str]:
    """−4.2 pt (p<0.001), +41%, −0.14: words and tone of a later value against the first one."""
    if place >= len(row.against) or not math.isfinite(row.against[place].difference):
        return UNKNOWN, "dim"
    against, measure = row.against[place], row.measure
    size = abs(against.difference)
    sign = "+" if against.difference > 0 else _MINUS
    if measure.unit is Unit.SHARE:
        words = f"{sign}{size * 100:.1f} pt"
    elif measure.unit is Unit.NUMBER or against.relative is None:
        words = f"{sign}{format_number(size) if measure.unit is Unit.NUMBER else format_figure(size, measure.unit)}"
    else:
        share = abs(against.relative)
        words = f"{sign}{share:.1%}" if share < 0.1 else f"{sign}{share:.0%}" if share < 10 else f"×{share + 1:,.0f}"
    if size == 0:
        words = "same"
    if against.p is not None and size:
        words += f" (p{_chance(against.p)})"
    if size == 0 or measure.better is Better.NEITHER or (against.p is not None and against.p >= CHANCE):
        return words, "dim"
    good = (against.difference > 0) == (measure.better is Better.MORE)
    return words, "ok" if good else "err"


def say_test(against: Against) -> str:
    """How it was told whether a difference is more than chance."""
    if against.p is None:
        return (
            "Too little is known to tell whether this is more than chance."
            if against.test is not Test.NONE
            else ("No test fits this measure: whether this is more than chance is not known.")
        )
    verdict = "more than chance" if against.p < CHANCE else "may be chance"
    return f"{verdict}: p{_chance(against.p)}, {against.test.value}"


def _chance(p: float) -> str:
    return "<0.001" if p < 0.001 else f"={p:.3f}" if p < 0.01 else f"={p:.2f}"


def _without_common_start(names: list[str]) -> list[str]:
    """support@v13 and support@v14 are v13 and v14 where there is little room."""
    if len(names) < 2:
        return names
    common = next((i for i, letters in enumerate(zip(*names, strict=False)) if len(set(letters)) > 1), 0)
    cut = max((names[0][:common].rfind(mark) + 1 for mark in "@:/ -"), default=0)
    return [name[cut:] or name for name in names]
