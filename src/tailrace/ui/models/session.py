"""One window's session: the opened database, its jobs, and the state that pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from tailrace.errors import TailraceError
from tailrace.jobs import JobRunner, Ticket
from tailrace.model import ImportProgress, ImportReport, TraceFilter
from tailrace.ui.models.state import FilterHistory, Selection

if TYPE_CHECKING:
    from tailrace.model.priced import Repricing
    from tailrace.workspace import Opening, Workspace

T = TypeVar("T")

# What an import has brought is listed after a second, then ever more rarely: a tenth of its time, at most this often
_SOONEST_S = 1.0


class Relay(QObject):
    """Brings calls from job threads to the Qt thread, in order."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.closed = False
        self._posted.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], None]) -> None:
        """Run `call` on the Qt thread soon; from any thread."""
        self._posted.emit(call)

    def close(self) -> None:
        """Drop what is still on its way: nobody is there to take it."""
        self.closed = True

    @Slot(object)
    def _call(self, call: Callable[[], None]) -> None:
        if not self.closed:
            call()


class Session(QObject):
    """What one window works on.

    Signals: `opening(object)` a name while a file is being opened, "" once the person has stopped that;
    `opened(object)` the Opening once its database can be read; `failed(object)` an exception that a person must see;
    `importing(object)` an ImportProgress, or None when no import runs; `imported(object)` an ImportReport;
    `import_stopped()` when the person stopped one; `repriced(object)` a Repricing once it is done; `data_changed()`
    after anything but a score was written.
    """

    opening = Signal(object)
    opened = Signal(object)
    failed = Signal(object)
    importing = Signal(object)
    imported = Signal(object)
    data_changed = Signal()
    import_stopped = Signal()
    repriced = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._relay = Relay(self)
        # two for what is looked at, one for an import, one for the text index behind it
        self.jobs = JobRunner(self._relay.deliver, readers=4)
        self.history = FilterHistory(self)
        self.selection = Selection(self)
        self.workspace: Workspace | None = None
        self.first_filter = TraceFilter()  # what a database that is being opened begins with
        self.sources: tuple[Path, ...] = ()
        self._shown: tuple[Path, ...] = ()
        self._wanted: tuple[Path, ...] = ()
        self._database: Path | None = None
        self._waiting: list[Path] = []
        self._import_began = self._listed_at = 0.0

    def read(
        self,
        slot: str,
        work: Callable[[Workspace, Ticket], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a query off the Qt thread; a newer one in the same slot wins. Does nothing while nothing is open."""
        workspace = self.workspace
        if workspace is not None:
            self.jobs.submit(lambda ticket: work(workspace, ticket), done, failed or self.failed.emit, slot=slot)

    def write(
        self, work: Callable[[Workspace], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Run a small write on the writer thread, in order."""
        workspace = self.workspace
        if workspace is not None:
            self.jobs.submit(lambda ticket: work(workspace), done, failed, write=True)

    def expect(self, paths: Sequence[Path]) -> None:
        """Files will be opened here, once the window has painted."""
        self._wanted = tuple(path.absolute() for path in paths)

    def open(self, paths: Sequence[Path]) -> None:
        """Open files: our own database, or foreign ones, which are imported while what is there can be read."""
        self.expect(paths)
        names = ", ".join(path.name for path in paths)
        self.opening.emit(names)

        def work(ticket: Ticket) -> tuple[Opening, Workspace]:
            return _open(paths, ticket)

        self._submit_opening(work)

    def open_made(self, make: Callable[[Ticket], Path], name: str, path: Path) -> None:
        """Open a database that has to be made first (the demo), at `path`."""
        self.expect([path])
        self.opening.emit(name)

        def work(ticket: Ticket) -> tuple[Opening, Workspace]:
            return _open([make(ticket)], ticket)

        self._submit_opening(work)

    def _submit_opening(self, work: Callable[[Ticket], tuple[Opening, Workspace]]) -> None:
        self.jobs.submit(work, self._take_opening, self._opening_failed, self._tell_progress, slot="open")

    def cancel_opening(self) -> None:
        """Give up what is being opened; what is open stays."""
        if self.jobs.runs("open"):
            self.jobs.cancel("open")
            self._wanted = ()
            self.importing.emit(None)
            self.opening.emit("")

    def refresh(self) -> None:
        """Bring in what the sources have gained, and list again: others may have written to the database."""
        self.data_changed.emit()
        self._bring_in()

    def _bring_in(self) -> None:
        self._waiting = list(self.sources)
        self._import_next()

    def cancel_import(self) -> None:
        """Stop an import; what is in stays in."""
        self._waiting.clear()
        if self.jobs.runs("import"):
            self.jobs.cancel("import")
            self.import_stopped.emit()
        for slot in ("index", "reprice"):
            self.jobs.cancel(slot)

    def reprice(self) -> None:
        """Price again, by the prices in force, what was estimated; `cancel_import` stops it."""
        workspace = self.workspace
        if workspace is not None:
            self.jobs.submit(
                workspace.reprice,
                self._take_repricing,
                self._index_failed,
                self._tell_progress,
                slot="reprice",
                cancelled=self._import_cancelled,
            )

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are open here, or are being opened; none while there are none."""
        return self._wanted or self._shown

    def shows(self, paths: Iterable[Path]) -> bool:
        """Whether just these files are open here, or about to be."""
        return set(paths) in (set(self.files), {self._database})

    @property
    def closed(self) -> bool:
        """True once `close` was called; nothing can be asked any more."""
        return self._relay.closed

    def close(self) -> None:
        """Stop all work and close the database."""
        self._relay.close()
        self.jobs.close()
        if self.workspace is not None:
            self.workspace.close()
            self.workspace = None

    def _take_opening(self, found: tuple[Opening, Workspace]) -> None:
        opening, workspace = found
        self.selection.select_trace(None)  # what was being written about it still goes to the former database
        self.jobs.cancel_slots()
        former, self.workspace = self.workspace, workspace
        if former is not None:
            self.jobs.submit(lambda ticket: former.close(), write=True)
        self.sources = opening.sources
        self._database = opening.database
        self._shown, self._wanted = opening.sources or (opening.database,), ()
        self.importing.emit(None)
        self.first_filter = TraceFilter()
        self.opened.emit(opening)
        self.history.restart(self.first_filter)
        self._bring_in()

    def _opening_failed(self, error: Exception) -> None:
        self._wanted = ()
        self.failed.emit(error)

    def _import_next(self) -> None:
        workspace = self.workspace
        if workspace is None:
            return
        if not self._waiting:
            self._index()
            return
        path = self._waiting.pop(0)
        self._import_began = self._listed_at = monotonic()
        self.jobs.submit(
            lambda ticket: workspace.import_source(path, ticket),
            self._take_report,
            self._import_failed,
            self._tell_progress,
            slot="import",
            cancelled=self._import_cancelled,
        )

    def _index(self) -> None:
        """Summaries and text index behind an import; also what an interrupted one left behind."""
        workspace = self.workspace
        if workspace is not None:
            self.jobs.submit(
                workspace.index_search,
                self._finish_index,
                self._index_failed,
                self._tell_progress,
                slot="index",
                cancelled=self._finish_index,
            )

    def _tell_progress(self, news: Any) -> None:
        if isinstance(news, ImportProgress):
            self.importing.emit(news)
            if news.phase == "reading" and news.spans:
                self._show_arrived()

    def _show_arrived(self) -> None:
        now = monotonic()
        pause = max(_SOONEST_S, (now - self._import_began) / 10)
        # a listing that is still under way would be thrown away by the next one
        if now - self._listed_at >= pause and not (self.jobs.runs("trace-list") or self.jobs.runs("histogram")):
            self._listed_at = now
            self.data_changed.emit()

    def _take_report(self, report: ImportReport) -> None:
        self.imported.emit(report)
        if not report.unchanged:
            self.data_changed.emit()
        self._import_next()

    def _finish_index(self, indexed: int = 0) -> None:
        self.importing.emit(None)
        if indexed:
            self.data_changed.emit()

    def _take_repricing(self, found: Repricing) -> None:
        self.importing.emit(None)
        if found.changed:
            self.data_changed.emit()
        self.repriced.emit(found)

    def _index_failed(self, error: Exception) -> None:
        """Not tried again at once: what could not be written will not be the next time either."""
        self.importing.emit(None)
        self.failed.emit(error)

    def _import_cancelled(self) -> None:
        self.importing.emit(None)
        self.data_changed.emit()

    def _import_failed(self, error: Exception) -> None:
        self.importing.emit(None)
        self.failed.emit(error)
        if isinstance(error, TailraceError):
            self._import_next()


def _open(paths: Sequence[Path], ticket: Ticket) -> tuple[Opening, Workspace]:
    from tailrace.workspace import Workspace, locate  # on this thread: the window paints meanwhile

    opening = locate(paths)
    workspace = Workspace(opening.database)
    workspace.prepare(ticket)
    return opening, workspace
