"""The SQL page: a statement, what it can ask, and its result."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tailrace.errors import LimitError, QueryError, StatementError, TailraceError
from tailrace.jobs import Ticket
from tailrace.model import ImportProgress
from tailrace.model.sql import SqlLimits, SqlResult
from tailrace.model.sql_examples import SQL_EXAMPLES
from tailrace.model.words import format_count, format_duration
from tailrace.ui.commands import with_key_words
from tailrace.ui.models.session import Session
from tailrace.ui.models.sql_history import Ran, SqlPlace, sql_place, with_sql_place
from tailrace.ui.models.sql_running import SqlRunning
from tailrace.ui.pages.panes import Pane
from tailrace.ui.pages.sql_bar import SqlBar
from tailrace.ui.pages.sql_result import SqlResultPane, words_of
from tailrace.ui.views.kept_splitter import KeptSplitter
from tailrace.ui.views.sql.editor import SqlEditor
from tailrace.ui.views.sql.run_strip import RunStrip
from tailrace.ui.views.sql.schema import SchemaList
from tailrace.workspace import SettingsStore

if TYPE_CHECKING:
    from tailrace.workspace import Opening, Workspace

_SOON_S = 0.3  # what is there sooner is not announced
_MOST_ATTRIBUTES = 5_000


class SqlPage(QWidget):
    """`bar` stands in the top row while the page is shown.

    Signals: `status(object)` a sentence; `trace_wanted(object)` the key of a trace to open; `failed(object)` an
    exception that is no mistake in the statement.
    """

    status = Signal(object)
    trace_wanted = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, settings: SettingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._database = ""
        self._place = SqlPlace()
        self._told = ""
        self.bar = SqlBar()
        self.running = SqlRunning(session, self)
        self.schema = SchemaList()
        self.editor = SqlEditor()
        self.strip = RunStrip()
        self.result = SqlResultPane(session)
        self._arrange()
        self._connect()
        self.show_limits()

    def _arrange(self) -> None:
        top = QFrame()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.editor, 1)
        column.addWidget(self.strip)
        self.result_splitter = KeptSplitter("sql-result-splitter", Qt.Orientation.Vertical)
        self.splitter = KeptSplitter("sql-splitter", Qt.Orientation.Horizontal)
        for splitter, parts in (
            (self.result_splitter, (top, self.result)),
            (self.splitter, (self.schema, self.result_splitter)),
        ):
            for part in parts:
                splitter.addWidget(part)
            splitter.setStretchFactor(1, 1)
        top.setMinimumHeight(140)
        self.result.setMinimumHeight(140)
        self.schema.setMinimumWidth(200)
        self.result_splitter.setSizes([270, 560])
        self.splitter.setSizes([290, 1200])
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.splitter)
        self.setFocusProxy(self.editor)

    def _connect(self) -> None:
        self._session.opened.connect(self._begin_with)
        self._session.data_changed.connect(self._read_attributes)
        self.bar.chosen.connect(self.show_sql)
        self.result.example_wanted.connect(self.show_sql)
        self.result.trace_wanted.connect(self._find_trace)
        self.result.told.connect(self.status)
        self.schema.chosen.connect(self.editor.insert)
        self.strip.run_wanted.connect(self.run)
        self.strip.stop_wanted.connect(self.running.stop)
        self.editor.stop_wanted.connect(self.running.stop)
        self.editor.changed.connect(self._forget_mistake)
        self.running.began.connect(self._show_begun)
        self.running.ticked.connect(self._show_time)
        self.running.building.connect(self._show_building)
        self.running.done.connect(self._show_result)
        self.running.failed.connect(self._show_failure)
        self.running.stopped.connect(self._show_stopped)

    # ---- coming and going ----

    def begin(self, database: str) -> None:
        """The page was made after its database was opened."""
        self._database = database
        self._begin_with(None)

    def _begin_with(self, opening: Opening | None) -> None:
        if opening is not None:
            self.remember()
            self._database = str(opening.database)
        self.running.forget()
        self._place = sql_place(self._settings.current.blobs, self._database)
        self.bar.show_history(self._place.ran)
        self.editor.write(self._place.draft or SQL_EXAMPLES[0].sql)
        self.result.show_start()
        self.strip.show_words("")
        self._told = ""
        self._read_attributes()

    def enter(self) -> None:
        """The page is shown."""
        self.tell()
        self.editor.setFocus()

    def leave(self) -> None:
        """Another page is shown, or the window closes."""
        self.editor.close_proposals()
        self.remember()

    def remember(self) -> None:
        """Keep what is written, for the next time."""
        if not self._database:
            return
        kept = SqlPlace(self.editor.text, self._place.ran)
        if kept != self._place:
            self._place = kept
            self._settings.update(blobs=with_sql_place(self._settings.current.blobs, self._database, kept))

    def kept(self) -> dict[str, str]:
        """What is written and what was run, by the name it is remembered under."""
        kept = SqlPlace(self.editor.text, self._place.ran)
        return with_sql_place({}, self._database, kept) if self._database else {}

    def tell(self) -> None:
        """Say again what came of the latest statement."""
        self.status.emit(self._told)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys of the commands as people read them."""
        self.strip.show_key(keys.get("sql.run", ""))
        self.editor.setAccessibleDescription(with_key_words("Tab indents; {view.next-pane} goes to the next pane"))

    def show_limits(self) -> None:
        """What a statement may take has changed."""
        current = self._settings.current
        self.running.limits = SqlLimits(current.sql_seconds, current.sql_rows, current.sql_gigabytes << 30)
        self.strip.show_limits(self.running.limits)

    @property
    def panes(self) -> tuple[Pane, ...]:
        """What F6 goes round."""
        return (
            (self.bar, self.bar.examples),
            (self.schema, self.schema.tree),
            (self.editor, self.editor),
            (self.result, self.result.entrance),
        )

    @property
    def is_waiting(self) -> bool:
        """Whether a statement is under way."""
        return self.running.runs

    # ---- running ----

    def show_sql(self, text: object) -> None:
        """Put a statement into the editor and run it; what was written comes back with undo."""
        self.editor.write(str(text))
        self.run()

    def run(self) -> None:
        """Run what is written, or of it what is selected."""
        self.editor.close_proposals()
        self.running.run(self.editor.text)

    def complete(self) -> None:
        """Open what can stand at the cursor."""
        self.editor.setFocus()
        self.editor.propose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Escape stops what runs, wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape and self.running.runs:
            self.running.stop()
        else:
            super().keyPressEvent(event)

    def _show_begun(self) -> None:
        self.editor.show_mistake(-1)
        self.strip.show_running("")

    def _show_time(self, seconds: float) -> None:
        most = self.running.limits.seconds
        if seconds >= _SOON_S:
            self.result.show_former()
            self._say("Running…")
            self.strip.show_running(f"Running… {seconds:.1f} s of at most {most:g} s", seconds / most)

    def _show_building(self, news: ImportProgress) -> None:
        of = f" of {format_count(news.total)}" if news.total is not None else ""
        share = news.done / news.total if news.total else None
        self.strip.show_running(f"Reading the columns first: {format_count(news.done)}{of} {news.unit}", share)

    def _show_result(self, result: SqlResult) -> None:
        self._note(len(result.rows), result.elapsed_ns)
        self.result.show_result(result)
        self._say(words_of(result))
        if result.more:
            self.strip.show_words(f"{result.more[:1].upper()}{result.more[1:]}", "triangle-alert")
        else:
            self.strip.show_words("")

    def _show_failure(self, error: Exception) -> None:
        self._note(None, 0)
        if not isinstance(error, TailraceError):
            self.strip.show_words("")
            self.result.show_start()
            self.failed.emit(error)
            return
        place = error.place if isinstance(error, StatementError) else ""
        sentence = error.sentence if isinstance(error, StatementError) else error.message
        self.strip.show_words(place or "No result", "circle-alert")
        self.result.show_words(sentence, error.hint, "clock" if isinstance(error, LimitError) else "circle-alert")
        self._say(str(error))
        if isinstance(error, QueryError) and error.position >= 0 and self.editor.text == self.running.sql:
            self.editor.show_mistake(error.position)
            if self.isVisible():
                self.editor.setFocus()

    def _show_stopped(self) -> None:
        words = f"Stopped after {format_duration(round(self.running.seconds * 1e9))}"
        self.strip.show_words(words)
        self.result.show_words("Stopped", "The statement was stopped before it had a result.", "square")
        self._say(words)

    def _forget_mistake(self) -> None:
        if not self.running.runs:
            self.strip.show_words("")

    def _note(self, rows: int | None, elapsed_ns: int) -> None:
        ran = Ran(self.running.sql, time.time_ns(), rows, elapsed_ns)
        self._place = self._place.with_run(ran)
        self.bar.show_history(self._place.ran)
        if self._database:
            self._settings.update(blobs=with_sql_place(self._settings.current.blobs, self._database, self._place))

    def _say(self, words: str) -> None:
        self._told = words
        if self.isVisible():
            self.status.emit(words)

    # ---- what can be asked, and what is opened ----

    def _read_attributes(self) -> None:
        def work(workspace: Workspace, ticket: Ticket) -> list[str]:
            return workspace.attribute_keys("", ticket)

        if self.isVisible():
            self._session.read("sql-attributes", work, self._show_attributes)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: come into sight."""
        super().showEvent(event)
        self._read_attributes()

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt: nobody completes any more."""
        super().hideEvent(event)
        self.editor.close_proposals()

    def _show_attributes(self, names: list[str]) -> None:
        self.editor.offer_attributes(names[:_MOST_ATTRIBUTES])
        self.schema.show_attributes(names[:_MOST_ATTRIBUTES], len(names))

    def _find_trace(self, trace_id: object) -> None:
        def work(workspace: Workspace, ticket: Ticket) -> int | None:
            return workspace.find_trace(str(trace_id), ticket)

        self._session.read("sql-trace", work, self._open_trace)

    def _open_trace(self, key: int | None) -> None:
        if key is None:
            self.status.emit("This trace is not in this database")
        else:
            self.trace_wanted.emit(key)
