"""Groups as rows, measures as columns."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QWidget

from tailrace.model.figures import format_figure
from tailrace.model.words import UNKNOWN, count_of
from tailrace.ui.views.charts.exact import exact_figure
from tailrace.ui.views.charts.sheets import cell_of, titled
from tailrace.ui.views.charts.table_body import Cell, Heading, TableBody
from tailrace.ui.views.charts.text import of_all, one_line
from tailrace.ui.views.charts.values import Grid, Pick, Row, Sheet


class GridBody(TableBody):
    """Shows a Grid."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid: Grid | None = None
        self._rows: tuple[Row, ...] = ()

    def show_content(self, content: object) -> None:
        """Show a Grid, in the order that was chosen."""
        if not isinstance(content, Grid):
            raise TypeError(f"a table cannot show {type(content).__name__}")
        self._grid = content
        self.sort()
        self.table_changed()

    def sort(self) -> None:
        """Unknown figures and the others stay last."""
        grid, column = self._grid, self.sorted_by
        if grid is None:
            return
        if column is None or column > len(grid.columns):
            self._rows = grid.rows
            return
        sign = 1 if self.ascending else -1

        def figure(row: Row) -> tuple[bool, bool, float]:
            value = row.values[column - 1]
            return row.group.others, not math.isfinite(value), sign * value if math.isfinite(value) else 0.0

        if column == 0:
            named = sorted(grid.rows, key=lambda row: one_line(row.name).casefold(), reverse=not self.ascending)
            self._rows = tuple(sorted(named, key=lambda row: row.group.others))
        else:
            self._rows = tuple(sorted(grid.rows, key=figure))

    def row_count(self) -> int:
        """A row a group."""
        return len(self._rows)

    def headings(self) -> tuple[Heading, ...]:
        """The field, the measures."""
        grid = self._grid
        if grid is None:
            return ()
        return Heading(one_line(grid.by)), *(Heading(one_line(each.name), each.definition) for each in grid.columns)

    def cell(self, row: int, column: int) -> Cell:
        """Unknown figures are faint."""
        grid, shown = self._grid, self._rows[row]
        assert grid is not None
        if column == 0:
            return Cell(one_line(shown.name), "dim" if shown.group.others or shown.group.value is None else "text")
        value = shown.values[column - 1]
        words = format_figure(value, grid.columns[column - 1].unit)
        tone = shown.tones[column - 1] if column <= len(shown.tones) else ""
        return Cell(words, "faint" if words == UNKNOWN else tone or "text")

    def row_tip(self, row: int, x: int) -> str:
        """The exact figure."""
        grid, shown, column = self._grid, self._rows[row], self.column_at(x)
        assert grid is not None
        if column == 0:
            return one_line(shown.name)
        what = grid.columns[column - 1]
        return f"{one_line(shown.name)}\n{what.name}: {exact_figure(shown.values[column - 1], what.unit)}"

    def row_pick(self, row: int, x: int | None) -> Pick | None:
        """The group, of the measure that was pressed."""
        grid = self._grid
        assert grid is not None
        column = 0 if x is None else self.column_at(x)
        return Pick(group=self._rows[row].group, measure=grid.columns[column - 1].measure if column else "")

    # ---- what it says ----

    def remark(self) -> str:
        """How many groups of how many."""
        grid = self._grid
        if grid is None:
            return ""
        groups = of_all(sum(not row.group.others for row in grid.rows), grid.of, "groups")
        return " · ".join(part for part in (groups, super().remark()) if part)

    def empty_words(self) -> tuple[str, str] | None:
        """Where there is no group."""
        if self._rows:
            return None
        return "No data in this range", "Choose a longer time range, or clear the filter."

    def describe(self) -> str:
        """How many groups and measures."""
        grid = self._grid
        if grid is None:
            return ""
        names = ", ".join(one_line(column.name) for column in grid.columns)
        return f"Table of {count_of(len(grid.rows), 'group')} of {one_line(grid.by)}: {names}"

    def sheet(self) -> Sheet:
        """As shown, with exact figures."""
        grid = self._grid
        if grid is None:
            return Sheet((), ())
        header = (one_line(grid.by), *(titled(column.name, column.unit) for column in grid.columns))
        return Sheet(header, tuple((one_line(row.name), *map(cell_of, row.values)) for row in self._rows))
