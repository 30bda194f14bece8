"""The main window: it arranges, and binds commands to what carries them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from tailrace.model import Extent, ImportReport, TraceFilter
from tailrace.model.words import format_count
from tailrace.ui.commands import MONITOR, REVIEW, SQL, TRACES, Actions, Leader, Menu
from tailrace.ui.dialogs.about import show_about
from tailrace.ui.dialogs.palette import CommandPalette
from tailrace.ui.dialogs.query_help import QueryHelp
from tailrace.ui.dialogs.reviewer import ask_reviewer
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.places import place_of, with_place
from tailrace.ui.models.session import Session
from tailrace.ui.pages.filter_row import FilterRow
from tailrace.ui.pages.monitor_commands import monitor_handlers
from tailrace.ui.pages.notices import STOPPED, notice_of_failure, notice_of_skipped
from tailrace.ui.pages.opener import Opener, dropped_files
from tailrace.ui.pages.page_stack import PageStack
from tailrace.ui.pages.price_desk import PriceDesk
from tailrace.ui.pages.review_ahead import ReviewAhead
from tailrace.ui.pages.review_commands import review_handlers
from tailrace.ui.pages.shortcut_keys import ShortcutKeys
from tailrace.ui.pages.sql_commands import sql_handlers
from tailrace.ui.pages.theme_choice import ThemeSwitch
from tailrace.ui.pages.traces_commands import traces_handlers
from tailrace.ui.pages.welcome import WelcomePage
from tailrace.ui.pages.window_pages import HINTS, RAIL, WindowPages
from tailrace.ui.theme import tokens
from tailrace.ui.views.fitting import fit
from tailrace.ui.views.focus_ring import let_focus_show
from tailrace.ui.views.import_strip import ImportStrip
from tailrace.ui.views.message_bar import MessageBar
from tailrace.ui.views.rail import Rail
from tailrace.ui.views.spoken import let_widgets_speak
from tailrace.ui.views.status_bar import StatusBar
from tailrace.ui.views.top_bar import TopBar
from tailrace.workspace import SettingsStore, ThemeChoice

if TYPE_CHECKING:
    from tailrace.ui.pages.monitor import MonitorPage
    from tailrace.ui.pages.review import ReviewPage
    from tailrace.ui.pages.sql import SqlPage
    from tailrace.ui.pages.traces import TracesPage
    from tailrace.workspace import Opening


class MainWindow(QMainWindow):
    """One window on one database.

    Signals: `window_wanted(object)` carries paths that want a window of their own; `painted()` once, after the window
    has painted for the first time: what takes long begins then.
    """

    window_wanted = Signal(object)
    painted = Signal()

    def __init__(self, settings: SettingsStore) -> None:
        super().__init__()
        let_widgets_speak()
        let_focus_show()
        self._settings = settings
        self.session = Session(self)
        self.judging = Judging(self.session, settings.current.reviewer, self)
        self._has_painted = False
        self.opener = Opener(self.session, settings, self)
        ReviewAhead(self.session, self)
        self.theme = ThemeSwitch(settings, self)
        self.welcome = WelcomePage()
        self.filter_row = FilterRow(self.session, settings)
        self.messages = MessageBar()
        self.import_strip = ImportStrip()
        self.prices = PriceDesk(self.session, settings, self)
        self._arrange()
        self.palette_overlay = CommandPalette(self)
        self._bind()
        self._connect()
        self.setAcceptDrops(True)
        self.setWindowTitle("Tailrace")
        fit(self, 1600, 1000)
        if blob := settings.current.blobs.get("window"):
            self.restoreGeometry(QByteArray.fromBase64(blob.encode()))
        self._dress()
        self.filter_row.setEnabled(False)

    @property
    def page(self) -> TracesPage:
        """The Traces page. It is made when first asked for, at the latest right after the window has painted."""
        return self.pages.traces.page.widget

    @property
    def review(self) -> ReviewPage:
        """The Review page. It is made when first asked for."""
        return self.pages.review.page.widget

    @property
    def monitor(self) -> MonitorPage:
        """The Monitor page. It is made when first asked for."""
        return self.pages.monitor.page.widget

    @property
    def sql(self) -> SqlPage:
        """The SQL page. It is made when first asked for."""
        return self.pages.sql.page.widget

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: paint, and say so the first time."""
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        if self.session.closed:  # by a person who was quicker than the first paint
            return
        self.painted.emit()
        self.actions_of.dress(tokens(self))  # the icons of menus that nobody has opened yet
        _ = self.page

    # Arrangement

    def _arrange(self) -> None:
        self.top = TopBar(self.filter_row)
        self.rail = rail = Rail(RAIL)
        self.status = StatusBar(HINTS[TRACES])
        self._stack = PageStack(self.welcome, rail, self.top, self.status)
        self.pages = WindowPages(
            self.session,
            self.judging,
            self._settings,
            self._stack,
            self.filter_row,
            self.messages,
            self.status,
            self,
        )
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(rail)
        middle.addWidget(self._stack, 1)

        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.messages)
        column.addWidget(self.import_strip)
        column.addWidget(self.prices.bar)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
        self.setCentralWidget(body)

    # Pages

    def show_page(self, name: str) -> None:
        """Go to a page of the rail; nothing while nothing is open."""
        if self.session.workspace is None:
            self.rail.choose(TRACES)
            return
        self.pages.show(name)

    def _tell_leader(self, waiting: bool) -> None:
        self.review.line.hold("Review key: the next key acts on the item. Escape: never mind" if waiting else "")

    def _bind(self) -> None:
        history = self.session.history
        handlers: dict[str, Callable[[], object]] = {
            "file.open": self.opener.ask,
            "file.demo": self.opener.open_demo,
            "file.refresh": self.session.refresh,
            "file.close": self.close,
            "file.quit": QApplication.closeAllWindows,
            "edit.undo": self.judging.undo,
            "edit.redo": self.judging.redo,
            "edit.reviewer": self._ask_reviewer,
            "filter.focus": self.filter_row.focus,
            "filter.clear": self._clear_filter,
            "filter.back": history.back,
            "filter.forward": history.forward,
            "view.palette": self.show_palette,
            "view.traces": lambda: self.show_page(TRACES),
            "view.review": lambda: self.show_page(REVIEW),
            "view.monitor": lambda: self.show_page(MONITOR),
            "view.sql": lambda: self.show_page(SQL),
            "view.next-pane": lambda: self._stack.step_pane(1),
            "view.previous-pane": lambda: self._stack.step_pane(-1),
            "help.shortcuts": self.show_shortcuts,
            "help.query": lambda: QueryHelp(self).open(),
            "help.about": lambda: show_about(self),
            "review.leader": lambda: self.leader.arm(),
            **self.prices.handlers,
            **self.theme.handlers,
            **traces_handlers(lambda: self.page, lambda: self.actions_of),
            **monitor_handlers(lambda: self.monitor),
            **sql_handlers(lambda: self.sql),
            **review_handlers(lambda: self.review, lambda: self.show_page(REVIEW)),
        }
        self.actions_of = Actions(self.menuBar(), handlers, self)
        self.keys = ShortcutKeys(self.actions_of, self._settings, self)
        self.pages.actions = self.actions_of
        self.keys.changed.connect(self.pages.show_keys)
        self.pages.reviewer_wanted.connect(self._ask_reviewer)
        self.pages.command_wanted.connect(self.run_command)
        self.actions_of.menus[Menu.FILE].insertMenu(self.actions_of["file.demo"], self.opener.recent_menu)
        self.leader = Leader(self.actions_of, self)
        self.leader.waiting.connect(self._tell_leader)
        self.rail.chosen.connect(self.show_page)
        self.actions_of.show_page(TRACES)
        self.actions_of["view.inspector"].setChecked(True)
        for command_id in ("edit.undo", "edit.redo"):
            self.actions_of[command_id].setEnabled(False)
        self._show_steps()

    def _connect(self) -> None:
        session = self.session
        session.opening.connect(self._show_opening)
        session.opened.connect(self._show_opened)
        session.failed.connect(self.show_failure)
        session.importing.connect(self.import_strip.show_progress)
        session.imported.connect(self._show_report)
        session.import_stopped.connect(self._show_stopped)
        session.data_changed.connect(self._read_info)
        session.history.changed.connect(self._show_steps)
        self.import_strip.cancelled.connect(session.cancel_import)
        self.filter_row.message.connect(self.status.say)
        self.messages.action.connect(self._do_offered)
        self.opener.window_wanted.connect(self.window_wanted)
        self.welcome.open_wanted.connect(self.opener.ask)
        self.welcome.demo_wanted.connect(self.opener.open_demo)
        self.welcome.recent_wanted.connect(self.opener.open_one)
        self.welcome.show_recent([Path(path) for path in self._settings.current.recent_files])
        self.top.palette_wanted.connect(self.show_palette)
        self.palette_overlay.chosen.connect(self.run_command)
        self.judging.author_changed.connect(self._keep_reviewer)
        self.judging.told.connect(self.status.say)
        self.prices.status.connect(self.status.say)
        self.prices.failed.connect(self.show_failure)
        self.judging.stack.canUndoChanged.connect(self.actions_of["edit.undo"].setEnabled)
        self.judging.stack.canRedoChanged.connect(self.actions_of["edit.redo"].setEnabled)
        self.theme.dressed.connect(self._dress)

    # Opening

    def open(self, paths: list[Path]) -> None:
        """Open files in this window."""
        self.session.open(paths)

    def _show_opening(self, name: str) -> None:
        self.messages.hide()
        self.welcome.show_busy(name)
        self.status.say(f"Opening {name}…")

    def _show_opened(self, opening: Opening) -> None:
        shown = opening.sources or (opening.database,)
        name = ", ".join(path.name for path in shown)
        self.top.show_name(name, "\n".join(str(path) for path in shown))
        self.setWindowTitle(f"{name} – Tailrace")
        self._settings.remember_file(shown[0])
        self._settings.update(last_opened=tuple(map(str, shown)))
        self.welcome.show_busy("")
        self.filter_row.setEnabled(True)
        self.judging.stack.clear()
        self.pages.database = str(opening.database)
        former = place_of(self._settings.current.blobs, self.pages.database)
        self.page.begin_at(former)
        self.session.first_filter = former.filter
        self.filter_row.begin_with(former.last_ns)
        self.show_page(former.page)
        self._read_info()

    def _read_info(self) -> None:
        self.session.read("extent", lambda workspace, ticket: workspace.extent(ticket), self._show_extent)

    def _show_extent(self, extent: Extent) -> None:
        self.top.show_extent(extent)
        self.filter_row.show_extent(extent)

    def _show_report(self, report: ImportReport) -> None:
        if (notice := notice_of_skipped(report)) is not None:
            self.messages.show_error(*notice)
        elif not report.unchanged:
            self.status.say(
                f"Imported {format_count(report.spans)} spans in {report.elapsed_s:.1f} s from {report.source}"
            )

    def _show_stopped(self) -> None:
        self.messages.show_info(STOPPED, "Go on", "file.refresh")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: files may be dropped."""
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: open what was dropped."""
        if paths := dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self.opener.open(paths)

    # What is going on

    def show_failure(self, error: Exception) -> None:
        """Show an error of the world as a sentence, a bug with detail that can be copied."""
        self.welcome.show_busy("")
        self.status.say("")
        self._stack.tell()
        self.messages.show_error(*notice_of_failure(error))

    def _do_offered(self, key: object) -> None:
        if isinstance(key, str):
            self.run_command(key)

    # Commands

    def run_command(self, command_id: str) -> None:
        """Do what a command says, as if its menu entry had been chosen."""
        self.actions_of[command_id].trigger()

    def show_palette(self) -> None:
        """Open the command palette."""
        self.palette_overlay.offer(self.actions_of.offers())

    def show_shortcuts(self) -> None:
        """Open the sheet of every shortcut."""
        self.keys.show()

    def _show_steps(self, *_: object) -> None:
        self.actions_of["filter.back"].setEnabled(self.session.history.can_go_back)
        self.actions_of["filter.forward"].setEnabled(self.session.history.can_go_forward)

    def _clear_filter(self) -> None:
        self.session.history.push(TraceFilter())

    def _ask_reviewer(self) -> None:
        self.judging.author = ask_reviewer(self, self.judging.author)

    def _keep_reviewer(self, name: object) -> None:
        self._settings.update(reviewer=str(name))

    # Theme and what is remembered

    def _dress(self) -> None:
        theme = tokens(self)
        for choice in ThemeChoice:
            self.actions_of[f"view.theme-{choice.value}"].setChecked(self._settings.current.theme is choice)
        self.rail.dress(theme)
        self.top.dress(theme)
        if self._has_painted:
            self.actions_of.dress(theme)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: remember the arrangement, stop all work."""
        self._stack.leave()
        page = self.pages.traces.made
        parts = {"window": self.saveGeometry(), **self.pages.states()}
        taken = {name: bytes(part.toBase64().data()).decode() for name, part in parts.items()}
        blobs = {**self._settings.current.blobs, **taken}
        if page is not None and self.pages.database:
            place = replace(page.place(), last_ns=self.filter_row.last_ns, page=self.rail.current)
            blobs = with_place(blobs, self.pages.database, place)
        self._settings.update(blobs=blobs)
        self.session.close()
        super().closeEvent(event)
