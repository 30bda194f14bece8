"""The lower half of the SQL page: the result as a table or a chart, copied and exported; or why there is none."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMenu, QStackedWidget, QVBoxLayout, QWidget

from tailrace.jobs import Ticket
from tailrace.model.sql import SqlResult
from tailrace.model.sql_examples import SQL_EXAMPLES
from tailrace.model.words import count_of, format_duration
from tailrace.ui.models.session import Session
from tailrace.ui.models.sql_chart import Measured, chart_of, measured
from tailrace.ui.models.sql_result import SqlResultModel
from tailrace.ui.theme import ui_font
from tailrace.ui.views.bar_button import BarButton
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.controls import OneLine, PaintedButton, Switch
from tailrace.ui.views.fitting import scrolling
from tailrace.ui.views.placeholder import Placeholder
from tailrace.ui.views.sql.result_table import ResultTable
from tailrace.ui.views.sql.start import SqlStart

if TYPE_CHECKING:
    from tailrace.workspace import Workspace

_NO_CHART = "A chart needs a column of numbers, and one of times or words to draw it against"


class SqlResultPane(QFrame):
    """Signals: `example_wanted(object)` a statement; `trace_wanted(object)` the id of a trace; `told(object)` a
    sentence.
    """

    example_wanted = Signal(object)
    trace_wanted = Signal(object)
    told = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._measured: tuple[Measured, ...] = ()
        self._drawn = 0
        self.model = SqlResultModel(self)
        self.table = ResultTable()
        self.table.setModel(self.model)
        self.card: ChartCard | None = None
        self.start = SqlStart([(one.title, one.sql) for one in SQL_EXAMPLES])
        self._arrange()
        self.start.chosen.connect(self._take_example)
        self.table.opened.connect(self._open)
        self.table.copied.connect(self.copy)
        self.shape.chosen.connect(self._show_shape)
        self.copy_all.clicked.connect(self.copy_table)
        self.export_csv.clicked.connect(self.export)

    def _arrange(self) -> None:
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setFont(ui_font(13))
        self.hint = OneLine("", ui_font(12))
        self.figures = BarButton("Figures", parent=self)
        self.figures.setMaximumWidth(320)
        self.figures.setToolTip("Which figures are drawn")
        self.figures.clicked.connect(self._choose_figures)
        self.shape = Switch({"table": "Table", "chart": "Chart"}, "How the result is shown")
        self.copy_all = PaintedButton("Copy", "copy", small=True)
        self.copy_all.setToolTip("Copy all rows, with tabs between; Ctrl+C in the table copies what is chosen")
        self.export_csv = PaintedButton("Export CSV…", "download", small=True)
        self.export_csv.setToolTip("Write the result to a file")
        row = QHBoxLayout()
        row.setContentsMargins(14, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addWidget(self.hint, 1)
        for part in (self.figures, self.shape, self.copy_all, self.export_csv):
            row.addWidget(part)
        self._head = QFrame()
        self._head.setObjectName("header")
        self._head.setLayout(row)
        self._head.setFixedHeight(42)
        self._nothing = Placeholder(self)
        self._chart = QFrame()
        self._chart_column = QVBoxLayout(self._chart)
        self._chart_column.setContentsMargins(12, 12, 12, 12)
        self.stack = QStackedWidget()
        self._start = scrolling(self.start)
        for page in (self._start, self.table, self._chart, self._nothing):
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.stack, 1)
        self.show_start()

    # ---- what it shows ----

    def show_start(self) -> None:
        """Nothing was run yet."""
        self._head.hide()
        self.stack.setCurrentWidget(self._start)

    def show_words(self, title: str, hint: str, icon: str) -> None:
        """There is no result, and why."""
        self._head.hide()
        self._nothing.show_words(title, hint, icon)
        self.stack.setCurrentWidget(self._nothing)

    def show_result(self, result: SqlResult) -> None:
        """The rows of a statement."""
        self.model.show(result)
        self.table.link_column = self.model.trace_column
        self.table.fit_columns()
        self.table.scrollToTop()
        self._measured = measured(result)
        self._drawn = 0
        self.shape.button("chart").setEnabled(bool(self._measured))
        self.shape.button("chart").setToolTip("" if self._measured else _NO_CHART)
        self.words.setText(words_of(result))
        linked = self.model.trace_column >= 0 and result.rows
        self.hint.set_text("Enter or a double click opens the trace" if linked else "")
        self._head.show()
        if not result.rows:
            self.show_words("No rows", "The statement ran, and nothing meets its conditions.", "inbox")
            return
        if not self._measured:
            self.shape.set_value("table")
        self._show_shape(self.shape.value)

    def show_former(self) -> None:
        """Another statement is under way: what is on show is the former one's, and why that had no result says nothing
        of this one."""
        if self.has_result:
            self.words.setText(f"Of the statement before: {words_of(self.model.result)}")
        elif self.stack.currentWidget() is self._nothing:
            self.show_words("Running…", "", "clock")

    @property
    def entrance(self) -> QWidget:
        """What of it takes the focus."""
        shown = self.stack.currentWidget()
        if shown is self._chart and self.card is not None:
            return self.card
        return self.start.buttons[0] if shown is self._start else self.table

    @property
    def has_result(self) -> bool:
        """Whether there are rows on show."""
        return self.stack.currentWidget() in (self.table, self._chart)

    def toggle_shape(self) -> None:
        """Table or chart."""
        if self.has_result and self._measured:
            other = "chart" if self.shape.value == "table" else "table"
            self.shape.set_value(other)
            self._show_shape(other)

    def _show_shape(self, shape: object) -> None:
        is_chart = shape == "chart" and bool(self._measured)
        self.figures.setVisible(is_chart and len(self._measured) > 1)
        self.stack.setCurrentWidget(self._chart if is_chart else self.table)
        if is_chart:
            self._draw()

    def _choose_figures(self) -> None:
        menu = QMenu(self)
        for place, one in enumerate(self._measured):
            action = menu.addAction(_named(one).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(place == self._drawn)
            action.triggered.connect(partial(self.draw, place))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.figures.mapToGlobal(QPoint(0, self.figures.height() + 4)))

    def draw(self, place: int, _: bool = False) -> None:
        """Draw other figures of the result: those at a place among what can be drawn."""
        self._drawn = place
        self._draw()

    def _draw(self) -> None:
        wanted = self._measured[self._drawn]
        self.figures.set_text(_named(wanted))
        self.figures.setAccessibleName(f"Figures: {_named(wanted)}")
        charted = chart_of(self.model.result, wanted)
        if self.card is None or self.card.kind is not charted.kind:
            if self.card is not None:
                self._chart_column.removeWidget(self.card)
                self.card.deleteLater()
            self.card = ChartCard(charted.kind, self._chart)
            self.card.menu_button.hide()
            self._chart_column.addWidget(self.card)
        self.card.show_content(charted.content)

    # ---- what a person does with it ----

    def _take_example(self, place: int) -> None:
        self.example_wanted.emit(SQL_EXAMPLES[place].sql)

    def _open(self, row: int) -> None:
        trace_id = self.model.trace_of(row)
        if trace_id is not None:
            self.trace_wanted.emit(trace_id)
        elif self.model.trace_column < 0:
            self.told.emit("Select trace_id too: then a row opens its trace")
        else:
            self.told.emit("This row has no trace_id")

    def copy(self) -> None:
        """Copy the chosen cells; with the names of their columns where they are more than one."""
        rows, columns = self.table.chosen_cells()
        if rows:
            is_one = len(rows) == len(columns) == 1
            QGuiApplication.clipboard().setText(self.model.as_lines(rows, columns, header=not is_one))
            self.told.emit("Copied the cell" if is_one else f"Copied {count_of(len(rows), 'row')}")

    def copy_table(self) -> None:
        """Copy all rows."""
        if self.has_result:
            rows = range(self.model.rowCount())
            QGuiApplication.clipboard().setText(self.model.as_lines(rows, range(self.model.columnCount())))
            self.told.emit(f"Copied {count_of(len(rows), 'row')}{_rest(self.model.result)}")

    def export(self) -> None:
        """Ask for a file and write the result to it."""
        if self.has_result:
            chosen, _ = QFileDialog.getSaveFileName(self, "Export the result", "result.csv", "CSV (*.csv)")
            if chosen:
                self.export_to(Path(chosen))

    def export_to(self, out: Path) -> None:
        """Write the result to a file."""
        result = self.model.result

        def work(_: Workspace, __: Ticket) -> str:
            from tailrace.workspace.sql_files import write_result

            return f"Wrote {count_of(write_result(out, result), 'row')}{_rest(result)} to {out}"

        self._session.read("sql-export", work, self.told.emit)


def words_of(result: SqlResult) -> str:
    """How many rows, and how long it took."""
    took = format_duration(result.elapsed_ns)
    if result.more:
        return f"{result.more[:1].upper()}{result.more[1:]} · {took}"
    return f"{count_of(len(result.rows), 'row')} · {took}"


def _named(one: Measured) -> str:
    """What is drawn, short enough for a button."""
    name = " ".join(one.title[:60].split())
    return name if len(one.title) <= 60 else f"{name}…"


def _rest(result: SqlResult) -> str:
    return f" ({result.more})" if result.more else ""
