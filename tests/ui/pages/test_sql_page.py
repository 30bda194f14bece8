"""The SQL page: running, stopping, mistakes, results, traces, history."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from tests.ui.driving import idle

from tailrace.errors import DatabaseError, LimitError, StatementError
from tailrace.jobs import Ticket
from tailrace.model import ImportProgress
from tailrace.model.sql import Cell, SqlResult
from tailrace.model.sql_examples import SQL_EXAMPLES
from tailrace.ui.commands import SQL, TRACES
from tailrace.ui.main_window import MainWindow
from tailrace.ui.pages.sql import SqlPage
from tailrace.ui.views.trace_list import ROW_ROLE
from tailrace.workspace.monitor import Monitor

Answer = SqlResult | Exception
OpenWindow = Callable[[Path], MainWindow]


class Answers:
    """Stands in for the database: gives what it is told to and notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Answer = result({"n": "BIGINT"}, (1,))
        self.hold: threading.Event | None = None
        self.cancelled = threading.Event()
        self.news: object = None

    def select(self, sql: str, ticket: Ticket, seconds: float, rows: int, memory: int) -> SqlResult:
        self.asked.append(sql)
        if self.news is not None:
            ticket.progress(self.news)
        with ticket.interruptible(self.cancelled.set):
            while self.hold is not None and not self.hold.wait(0.02):
                ticket.check()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def result(columns: dict[str, str], *rows: tuple[Cell, ...], more: str = "") -> SqlResult:
    return SqlResult(tuple(columns), tuple(columns.values()), rows, more, 21_500_000)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    made = Answers()
    monkeypatch.setattr(Monitor, "select", lambda self, sql, ticket, *limits: made.select(sql, ticket, *limits))
    return made


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, database: Path, answers: Answers) -> MainWindow:
    opened = open_window(database)
    opened.show_page(SQL)
    qtbot.waitUntil(lambda: idle(opened), timeout=20_000)
    return opened


@pytest.fixture
def page(window: MainWindow) -> SqlPage:
    return window.sql


def _run(qtbot: QtBot, page: SqlPage, sql: str) -> None:
    page.editor.write(sql)
    page.run()
    qtbot.waitUntil(lambda: not page.running.runs, timeout=20_000)


# ---- running


def test_the_page_begins_with_an_example_and_questions_to_begin_with(page: SqlPage, answers: Answers) -> None:
    assert page.editor.text == SQL_EXAMPLES[0].sql
    assert page.result.stack.currentWidget() is page.result.start
    assert [button.text() for button in page.result.start.buttons] == [one.title for one in SQL_EXAMPLES]
    assert "at most 10,000 rows, 30 s" in page.strip.limits.text()
    assert answers.asked == []
    assert page.editor.hasFocus()


def test_the_key_runs_what_is_written(qtbot: QtBot, window: MainWindow, page: SqlPage, answers: Answers) -> None:
    page.editor.write("SELECT 1")
    qtbot.keyClick(page.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not page.running.runs, timeout=20_000)
    assert answers.asked == ["SELECT 1"]
    assert page.editor.text == "SELECT 1"
    assert page.result.words.text() == "1 row · 21.5 ms"
    assert page.result.table.model().rowCount() == 1
    assert window.status.text == "1 row · 21.5 ms"


def test_a_question_is_put_into_the_editor_and_answered(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    page.result.start.buttons[3].click()
    qtbot.waitUntil(lambda: not page.running.runs, timeout=20_000)
    assert page.editor.text == SQL_EXAMPLES[3].sql
    assert answers.asked == [SQL_EXAMPLES[3].sql]
    page.editor.undo()
    assert page.editor.text == SQL_EXAMPLES[0].sql


def test_while_it_runs_there_is_a_way_to_stop_it(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    answers.hold = threading.Event()
    page.editor.write("SELECT slow")
    page.run()
    qtbot.waitUntil(lambda: "Running… " in page.strip.words.accessibleName(), timeout=20_000)
    assert page.strip.cancel.isVisible()
    assert not page.strip.run.isVisible()
    qtbot.keyClick(page.editor, Qt.Key.Key_Escape)
    assert not page.running.runs
    qtbot.waitUntil(answers.cancelled.is_set, timeout=20_000)
    assert page.strip.run.isVisible()
    assert page.strip.words.accessibleName().startswith("Stopped after ")
    assert page.result._nothing.title.text() == "Stopped"


def test_another_statement_takes_the_place_of_the_one_that_runs(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    answers.hold = threading.Event()
    page.editor.write("SELECT slow")
    page.run()
    qtbot.waitUntil(lambda: answers.asked == ["SELECT slow"], timeout=20_000)
    answers.hold = None
    _run(qtbot, page, "SELECT quick")
    assert answers.asked == ["SELECT slow", "SELECT quick"]
    assert page.result.has_result


def test_what_is_on_show_is_said_to_be_of_the_statement_before(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    _run(qtbot, page, "SELECT 1")
    answers.hold = threading.Event()
    page.run()
    qtbot.waitUntil(lambda: page.result.words.text().startswith("Of the statement before: 1 row"), timeout=20_000)
    page.running.stop()


def test_what_was_wrong_with_the_statement_before_is_not_said_of_the_one_that_runs(
    qtbot: QtBot, page: SqlPage, answers: Answers
) -> None:
    answers.answer = StatementError("There is no column “x”.", 7, "", "Line 1, column 8")
    _run(qtbot, page, "SELECT x FROM spans")
    answers.hold = threading.Event()
    page.editor.write("SELECT slow")
    page.run()
    qtbot.waitUntil(lambda: page.result._nothing.title.text() == "Running…", timeout=20_000)
    page.running.stop()
    assert page.result._nothing.title.text() == "Stopped"


def test_escape_stops_it_from_the_result_too(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    _run(qtbot, page, "SELECT 1")
    answers.hold = threading.Event()
    page.run()
    page.result.table.setFocus()
    qtbot.keyClick(page.result.table, Qt.Key.Key_Escape)
    assert not page.running.runs


def test_columns_that_are_read_first_are_counted(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    answers.news = ImportProgress("x", "charting", 1_200, 4_000, "spans", 0, 0.0)
    answers.hold = threading.Event()
    page.running.building.connect(page.running._clock.stop)  # nothing is said over it in this test
    page.run()
    qtbot.waitUntil(lambda: "columns" in page.strip.words.accessibleName(), timeout=20_000)
    assert page.strip.words.accessibleName() == "Reading the columns first: 1,200 of 4,000 spans"
    page.running.stop()


# ---- what goes wrong


def test_a_mistake_is_underlined_and_said(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    answers.answer = StatementError("There is no column “x”.", 7, "Did you mean y?", "Line 1, column 8")
    _run(qtbot, page, "SELECT x FROM spans")
    assert page.editor.mistake == 7
    assert page.strip.words.accessibleName() == "Line 1, column 8"
    assert page.result._nothing.title.text() == "There is no column “x”."
    assert page.result._nothing.hint.text() == "Did you mean y?"
    qtbot.keyClicks(page.editor, "y")
    assert page.editor.mistake == -1
    assert page.strip.words.accessibleName() == ""


def test_a_mistake_in_what_is_no_longer_written_is_not_underlined(
    qtbot: QtBot, page: SqlPage, answers: Answers
) -> None:
    answers.answer = StatementError("There is no column “x”.", 7, "", "Line 1, column 8")
    answers.hold = threading.Event()
    page.editor.write("SELECT x")
    page.run()
    page.editor.write("SELECT something else")
    answers.hold.set()
    qtbot.waitUntil(lambda: not page.running.runs, timeout=20_000)
    assert page.editor.mistake == -1


@pytest.mark.parametrize(
    "error", [LimitError("It was stopped after 30 s.", "Ask for less."), DatabaseError("The disk is full.", "Free it.")]
)
def test_a_limit_is_said_with_what_to_do(
    qtbot: QtBot, page: SqlPage, answers: Answers, error: LimitError | DatabaseError
) -> None:
    answers.answer = error
    _run(qtbot, page, "SELECT 1")
    assert page.result._nothing.title.text() == error.message
    assert page.result._nothing.hint.text() == error.hint
    assert page.editor.mistake == -1


def test_a_bug_is_told_to_the_window(qtbot: QtBot, window: MainWindow, page: SqlPage, answers: Answers) -> None:
    answers.answer = ZeroDivisionError("ours")
    _run(qtbot, page, "SELECT 1")
    assert "Something went wrong inside Tailrace: ours" in window.messages.text


def test_no_rows_are_said_so(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    answers.answer = result({"n": "BIGINT"})
    _run(qtbot, page, "SELECT 1 WHERE false")
    assert page.result._nothing.title.text() == "No rows"


def test_what_was_cut_is_said_where_the_eye_is(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    answers.answer = result({"n": "BIGINT"}, (1,), more="the first 10,000 rows of more than 10,000")
    _run(qtbot, page, "SELECT * FROM spans")
    assert page.result.words.text() == "The first 10,000 rows of more than 10,000 · 21.5 ms"
    assert page.strip.words.accessibleName() == "The first 10,000 rows of more than 10,000"


# ---- the result


def test_a_row_with_a_trace_id_opens_its_trace(
    qtbot: QtBot, window: MainWindow, page: SqlPage, answers: Answers
) -> None:
    answers.answer = result({"n": "BIGINT", "trace_id": "VARCHAR"}, (1, f"{3:032x}"), (2, f"{7:032x}"))
    _run(qtbot, page, "SELECT n, trace_id FROM traces")
    page.result.table.selectRow(1)
    qtbot.keyClick(page.result.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.rail.current == TRACES, timeout=20_000)
    qtbot.waitUntil(lambda: idle(window), timeout=20_000)
    row = window.page.list.currentIndex().data(ROW_ROLE)
    assert row.trace_id == f"{7:032x}"


def test_a_row_that_cannot_be_opened_says_why(
    qtbot: QtBot, window: MainWindow, page: SqlPage, answers: Answers
) -> None:
    answers.answer = result({"trace_id": "VARCHAR"}, ("f" * 32,), (None,))
    _run(qtbot, page, "SELECT trace_id FROM traces")
    page.result.table.opened.emit(0)
    qtbot.waitUntil(lambda: window.status.text == "This trace is not in this database", timeout=20_000)
    page.result.table.opened.emit(1)
    assert window.status.text == "This row has no trace_id"
    answers.answer = result({"n": "BIGINT"}, (1,))
    _run(qtbot, page, "SELECT 1")
    page.result.table.opened.emit(0)
    assert window.status.text == "Select trace_id too: then a row opens its trace"
    assert window.rail.current == SQL


def test_cells_are_copied_as_they_are(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    answers.answer = result({"a": "VARCHAR", "b": "DOUBLE"}, ("x\ty", 0.1 + 0.2), (None, 2.0))
    _run(qtbot, page, "SELECT a, b")
    table = page.result.table
    table.setCurrentIndex(table.model().index(0, 1))
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "0.30000000000000004"
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "a\tb\nx y\t0.30000000000000004\n\t2"
    page.result.copy_all.click()
    assert QGuiApplication.clipboard().text() == "a\tb\nx y\t0.30000000000000004\n\t2"


def test_a_result_is_exported_as_csv(
    qtbot: QtBot, window: MainWindow, page: SqlPage, answers: Answers, tmp_path: Path
) -> None:
    answers.answer = result(
        {"a": "VARCHAR", "n": "HUGEINT"}, ("=1+1", 2**100), (None, None), more="the first 2 rows of more than 2"
    )
    _run(qtbot, page, "SELECT a, n")
    page.result.export_to(tmp_path / "out.csv")
    qtbot.waitUntil(lambda: window.status.text.startswith("Wrote 2 rows"), timeout=20_000)
    assert "(the first 2 rows of more than 2)" in window.status.text
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines() == ["a,n", f"'=1+1,{2**100}", ","]


def test_a_chart_is_drawn_where_one_can_be(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    answers.answer = result({"model": "VARCHAR", "n": "BIGINT", "cost": "DOUBLE"}, ("a", 5, 0.5), ("b", 3, None))
    _run(qtbot, page, "SELECT model, n, cost")
    page.result.toggle_shape()
    card = page.result.card
    assert card is not None
    qtbot.waitUntil(card.isVisible)
    assert card.title == "n"
    page.result.draw(1)
    assert page.result.card is not None
    assert page.result.card.title == "cost"
    page.result.toggle_shape()
    assert page.result.table.isVisible()
    answers.answer = result({"n": "BIGINT"}, (1,))
    _run(qtbot, page, "SELECT 1")
    assert not page.result.shape.button("chart").isEnabled()
    assert page.result.table.isVisible()


def test_hostile_values_and_names_are_painted_as_text(qtbot: QtBot, page: SqlPage, answers: Answers) -> None:
    names = {"<b>x</b>\n\x00": "VARCHAR", "x" * 5_000: "BIGINT", "": "VARCHAR"}
    answers.answer = result(names, ("<img src=x>\u2028" + "y" * 1_000_000, 2**127, "\x00"), (None, None, None))
    _run(qtbot, page, "SELECT 1")
    page.result.table.grab()
    page.result.toggle_shape()
    page.grab()
    assert page.result.table.model().index(0, 0).data().endswith("… (1,000,012 characters)")


# ---- where it is left


def test_what_was_run_and_written_is_there_the_next_time(
    qtbot: QtBot, open_window: OpenWindow, window: MainWindow, page: SqlPage, answers: Answers, database: Path
) -> None:
    _run(qtbot, page, "SELECT 1")
    answers.answer = StatementError("No.")
    _run(qtbot, page, "SELECT wrong")
    page.editor.write("SELECT half")
    window.close()
    again = open_window(database)
    qtbot.waitUntil(lambda: again.rail.current == SQL, timeout=20_000)
    assert again.sql.editor.text == "SELECT half"
    again.sql.bar.open_history()
    rows = again.sql.bar._history_picker.rows
    assert [rows.item(row).text() for row in range(rows.count())] == ["SELECT wrong", "SELECT 1"]
    rows.setCurrentRow(1)
    qtbot.keyClick(again.sql.bar._history_picker.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: again.sql.editor.text == "SELECT 1", timeout=20_000)
    qtbot.waitUntil(lambda: idle(again), timeout=20_000)


def test_a_statement_from_elsewhere_is_shown_and_run(
    qtbot: QtBot, window: MainWindow, page: SqlPage, answers: Answers
) -> None:
    window.show_page(TRACES)
    window.pages.show_sql("SELECT 7")
    qtbot.waitUntil(lambda: not page.running.runs, timeout=20_000)
    assert window.rail.current == SQL
    assert page.editor.text == "SELECT 7"
    assert answers.asked == ["SELECT 7"]


def test_a_double_click_on_a_column_puts_it_into_the_statement(page: SqlPage) -> None:
    page.editor.write("SELECT")
    cursor = page.editor.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    page.editor.setTextCursor(cursor)
    page.schema.chosen.emit("duration_ms")
    assert page.editor.text == "SELECT duration_ms"


def test_letters_are_text_here_and_no_commands(qtbot: QtBot, window: MainWindow, page: SqlPage) -> None:
    page.editor.write("")
    qtbot.keyClicks(page.editor, "jkeud?/1")
    assert page.editor.text == "jkeud?/1"
    assert window.rail.current == SQL


def test_it_works_over_a_real_database(qtbot: QtBot, open_window: OpenWindow, database: Path) -> None:
    window = open_window(database)
    window.show_page(SQL)
    page = window.sql
    _run(qtbot, page, "SELECT kind, count(*) AS n FROM spans GROUP BY kind ORDER BY n, kind")
    assert page.result.model.result.rows == (("agent", 40), ("llm", 40), ("tool", 40))
    _run(qtbot, page, "SELECT\n  kinds FROM spans")
    assert page.editor.mistake == len("SELECT\n  ")
    qtbot.waitUntil(lambda: idle(window), timeout=20_000)
