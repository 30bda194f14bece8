"""The main window: it arranges, and binds commands to what carries them out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from tailrace.errors import TailraceError
from tailrace.model import Extent, ImportProgress, ImportReport, TraceFilter
from tailrace.model.words import count_of
from tailrace.ui.commands import MONITOR, REVIEW, SQL, TRACES, Actions, Leader, Menu, key_of
from tailrace.ui.dialogs.reviewer import ask_reviewer
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.session import Session
from tailrace.ui.pages.filter_row import FilterRow
from tailrace.ui.pages.monitor_commands import monitor_handlers
from tailrace.ui.pages.notices import STOPPED, notice_of_failure, notice_of_skipped
from tailrace.ui.pages.opener import Opener
from tailrace.ui.pages.page_stack import PageStack
from tailrace.ui.pages.price_desk import PriceDesk
from tailrace.ui.pages.review_ahead import ReviewAhead
from tailrace.ui.pages.review_commands import review_handlers
from tailrace.ui.pages.settings_desk import SettingsDesk
from tailrace.ui.pages.settings_effects import SettingsEffects
from tailrace.ui.pages.sql_commands import sql_handlers
from tailrace.ui.pages.theme_choice import ThemeSwitch
from tailrace.ui.pages.traces_commands import traces_handlers
from tailrace.ui.pages.welcome import WelcomePage
from tailrace.ui.pages.window_pages import HINTS, RAIL, WELCOME, WindowPages
from tailrace.ui.pages.window_state import WindowState
from tailrace.ui.theme import tokens
from tailrace.ui.views.fitting import fit
from tailrace.ui.views.focus_ring import let_focus_show
from tailrace.ui.views.import_strip import ImportStrip
from tailrace.ui.views.message_bar import MessageBar
from tailrace.ui.views.rail import Rail
from tailrace.ui.views.status_bar import StatusBar
from tailrace.ui.views.top_bar import TopBar
from tailrace.workspace import SettingsStore, ThemeChoice

if TYPE_CHECKING:
    from tailrace.ui.dialogs.palette import CommandPalette
    from tailrace.ui.pages.dropping import Dropping
    from tailrace.ui.pages.monitor import MonitorPage
    from tailrace.ui.pages.reopen_offer import ReopenOffer
    from tailrace.ui.pages.review import ReviewPage
    from tailrace.ui.pages.sql import SqlPage
    from tailrace.ui.pages.traces import TracesPage
    from tailrace.workspace import Opening


log = logging.getLogger("tailrace.ui")


class MainWindow(QMainWindow):
    """One window on one database.

    `former` is the state (`WindowState.blobs`) of the window that this one takes the place of.

    Signals: `window_wanted(object)` carries paths that want a window of their own; `painted()` once, after the window
    has painted for the first time: what takes long begins then; `closing(object)` this window, before it
    closes; `restart_wanted()` asks for the program to start again with what is open now.
    """

    window_wanted = Signal(object)
    painted = Signal()
    closing = Signal(object)
    restart_wanted = Signal()

    def __init__(self, settings: SettingsStore, former: Mapping[str, str] | None = None) -> None:
        super().__init__()
        let_focus_show()
        self._settings = settings
        self.session = Session(self)
        self.judging = Judging(self.session, settings.current.reviewer, self)
        self._has_painted = False
        self.opener = Opener(self.session, settings, self)
        ReviewAhead(self.session, self)
        self.theme = ThemeSwitch(settings, self)
        self.welcome = WelcomePage(self.session, settings)
        self.filter_row = FilterRow(self.session, settings)
        self.messages = MessageBar()
        self.import_strip = ImportStrip()
        self.prices = PriceDesk(self.session, settings, self)
        self._arrange()
        self._bind()
        self._connect()
        self.setAcceptDrops(True)
        self.setWindowTitle("Tailrace")
        fit(self, 1600, 1000)
        self.state = WindowState(self, self.pages, self.filter_row, self.rail, settings)
        self.state.take(former or {})
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

    @cached_property
    def reopening(self) -> ReopenOffer:
        """The offer to open again what was open. It is made when first asked for."""
        from tailrace.ui.pages.reopen_offer import ReopenOffer

        offer = ReopenOffer(self.actions_of["file.reopen"])
        self._column.insertWidget(1, offer)  # under the top row
        return offer

    @cached_property
    def palette_overlay(self) -> CommandPalette:
        """The command palette. It is made when first asked for."""
        from tailrace.ui.dialogs.palette import CommandPalette

        overlay = CommandPalette(self)
        overlay.chosen.connect(self._run_offered)
        return overlay

    @cached_property
    def drops(self) -> Dropping:
        """What is dropped on the window. It is made when first something is in the air."""
        from tailrace.ui.pages.dropping import Dropping

        return Dropping(self.session, self.opener, self.welcome, self)

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
        self.welcome.begin()
        self.actions_of.dress(tokens(self))  # the icons of menus that nobody has opened yet
        _ = self.page

    # Arrangement

    def _arrange(self) -> None:
        self.top = TopBar(self.filter_row)
        self.rail = rail = Rail(RAIL)
        self.status = StatusBar(())
        self._stack = PageStack(self.welcome, rail, self.top, self.status, HINTS[WELCOME])
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
        self._column = column = QVBoxLayout(body)
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

    actions_of: Actions
    desk: SettingsDesk
    leader: Leader

    def _bind(self) -> None:
        history = self.session.history
        handlers: dict[str, Callable[[], object]] = {
            "file.open": self.opener.ask,
            "file.demo": self.opener.open_demo,
            "file.reopen": lambda: self.reopening.take(),
            "file.refresh": self.session.refresh,
            "file.close": self.close,
            "file.quit": QApplication.quit,
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
            "help.query": self._show_query_help,
            "help.about": self._show_about,
            "review.leader": lambda: self.leader.arm(),
            **self.prices.handlers,
            **self.theme.handlers,
            **traces_handlers(lambda: self.page, lambda: self.actions_of),
            **monitor_handlers(lambda: self.monitor),
            **sql_handlers(lambda: self.sql),
            **review_handlers(lambda: self.review, lambda: self.show_page(REVIEW)),
        }
        handlers |= {
            "file.settings": lambda: self.desk.show_settings(),
            "help.shortcuts": lambda: self.desk.show_shortcuts(),
        }
        self.actions_of = Actions(self.menuBar(), handlers, self)
        self.desk = SettingsDesk(self.actions_of, self.session, self._settings, self)
        self.pages.actions = self.actions_of
        self.desk.keys_changed.connect(self._show_keys)
        self.desk.restart_wanted.connect(self.restart_wanted)
        self.effects = SettingsEffects(
            self._settings,
            self.desk.watch,
            self.session,
            self.judging,
            self.theme,
            self.welcome,
            self.pages,
            self.actions_of,
            self,
        )
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
        self.actions_of["file.reopen"].setEnabled(False)
        self._show_steps()
        self._show_keys()

    def _connect(self) -> None:
        session = self.session
        session.opening.connect(self._show_opening)
        session.opened.connect(self._show_opened)
        session.failed.connect(self.show_failure)
        session.importing.connect(self._show_progress)
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
        self.welcome.file_wanted.connect(self.opener.open_one)
        self.welcome.shortcuts_wanted.connect(self.show_shortcuts)
        self.welcome.told.connect(self.status.say)
        self.top.palette_wanted.connect(self.show_palette)
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
        self.status.say(f"Opening {name}…" if name else "")

    def _show_progress(self, news: ImportProgress | None) -> None:
        nothing_open = self.session.workspace is None
        self.welcome.show_progress(news if nothing_open else None)
        self.import_strip.show_progress(None if nothing_open else news)

    def _show_opened(self, opening: Opening) -> None:
        shown = opening.sources or (opening.database,)
        name = ", ".join(path.name for path in shown)
        self.top.show_name(name, "\n".join(str(path) for path in shown))
        self.setWindowTitle(f"{name} – Tailrace")
        from tailrace.workspace.recent import opened_now

        settings = self._settings.remember_file(shown[0])
        times = opened_now(settings, shown[0], time.time_ns())
        self._settings.update(last_opened=tuple(map(str, shown)), opened_ns=times)
        self.welcome.show_busy("")
        self.filter_row.setEnabled(True)
        self.judging.stack.clear()
        self.pages.database = str(opening.database)
        former = self.state.begin()
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
                f"Imported {count_of(report.spans, 'span')} in {report.elapsed_s:.1f} s from {report.source}"
            )

    def _show_stopped(self) -> None:
        self.messages.show_info(STOPPED, "Go on", "file.refresh")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: something comes in that may be dropped."""
        self.drops.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Qt: it is still in the air."""
        self.drops.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Qt: it went away."""
        self.drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: it was let go."""
        self.drops.drop(event)

    # What is going on

    def show_failure(self, error: Exception) -> None:
        """Show an error of the world as a sentence, a bug with detail that can be copied; a bug is logged too."""
        if not isinstance(error, TailraceError):
            log.error("unexpected error", exc_info=error)
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
        self.palette_overlay.offer([*self.actions_of.offers(), *self.desk.offers()])

    def show_shortcuts(self) -> None:
        """Open the sheet of every shortcut."""
        self.desk.show_shortcuts()

    def _run_offered(self, chosen: str) -> None:
        if not self.desk.open(chosen):
            self.run_command(chosen)

    def _show_keys(self) -> None:
        self.top.show_key(key_of("view.palette"))
        self.pages.show_keys()
        self.welcome.show_keys(self.actions_of.keys_in_words())

    def _show_query_help(self) -> None:
        from tailrace.ui.dialogs.query_help import QueryHelp

        QueryHelp(self).open()

    def _show_about(self) -> None:
        from tailrace.ui.dialogs.about import show_about

        show_about(self, self.session.jobs)

    def _show_steps(self, *_: object) -> None:
        self.actions_of["filter.back"].setEnabled(self.session.history.can_go_back)
        self.actions_of["filter.forward"].setEnabled(self.session.history.can_go_forward)

    def _clear_filter(self) -> None:
        self.session.history.push(TraceFilter())

    def _ask_reviewer(self) -> None:
        self.judging.author = ask_reviewer(self, self.judging.author)

    def _keep_reviewer(self, name: object) -> None:
        if self._settings.current.reviewer != name:
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
        self.closing.emit(self)
        self._stack.leave()
        self.state.keep()
        self.session.close()
        super().closeEvent(event)
