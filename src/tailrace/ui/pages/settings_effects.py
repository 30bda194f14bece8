"""What a window does when a setting changes, whether here, in another window or in the dialog."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tailrace.ui.commands import Actions
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.session import Session
from tailrace.ui.models.settings_watch import SettingsWatch
from tailrace.ui.pages.theme_choice import ThemeSwitch
from tailrace.ui.pages.welcome import WelcomePage
from tailrace.ui.pages.window_pages import WindowPages
from tailrace.ui.theme import wall_clock
from tailrace.workspace import Clock, Settings, SettingsStore


class SettingsEffects(QObject):
    """Carries changes out in one window. What is read when it is needed (first page, recent filters) needs none."""

    def __init__(
        self,
        store: SettingsStore,
        watch: SettingsWatch,
        session: Session,
        judging: Judging,
        theme: ThemeSwitch,
        welcome: WelcomePage,
        pages: WindowPages,
        actions: Actions,
        over: QWidget,
    ) -> None:
        super().__init__(over)
        self._session = session
        self._judging = judging
        self._theme = theme
        self._welcome = welcome
        self._pages = pages
        self._actions = actions
        self._over = over
        wall_clock.show_utc(store.current.clock is Clock.UTC)
        watch.changed.connect(self._follow)

    def _follow(self, former: Settings, current: Settings) -> None:
        if self._session.closed:
            return
        if current.theme != former.theme:
            self._theme.follow()
        # a window that judges under another name goes on so
        if current.reviewer != former.reviewer and self._judging.author == former.reviewer:
            self._judging.author = current.reviewer
        if current.recent_files != former.recent_files:
            self._welcome.show_recent()
        if current.review_stay != former.review_stay:
            self._actions["review.stay"].setChecked(current.review_stay)
            if (review := self._pages.review.made) is not None:
                review.set_stay(current.review_stay)
        self._follow_charts(former, current)
        if (sql := self._pages.sql.made) is not None:
            sql.show_limits()
        if current.clock != former.clock:
            self._show_clock(current.clock)

    def _follow_charts(self, former: Settings, current: Settings) -> None:
        monitor = self._pages.monitor.made
        if monitor is None:
            return
        if current.live_seconds != former.live_seconds:
            monitor.show_interval()
        if (current.monthly_budget, current.clock) != (former.monthly_budget, former.clock):
            monitor.ask_again()

    def _show_clock(self, clock: Clock) -> None:
        """What paints times paints them again; what keeps them as words is told."""
        wall_clock.show_utc(clock is Clock.UTC)
        for widget in self._over.findChildren(QWidget):
            widget.update()
        self._pages.show_clock()
