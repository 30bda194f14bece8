"""The pages of a window: each made when it is first gone to, one of them in sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from tailrace.ui.commands import key_of
from tailrace.ui.pages.panes import Pane, step_pane
from tailrace.ui.views.rail import Rail
from tailrace.ui.views.status_bar import StatusBar
from tailrace.ui.views.top_bar import TopBar

W = TypeVar("W", bound=QWidget)
Hint = tuple[str, str]  # (key, what it does); a key {command} is that of a command


@dataclass(frozen=True, slots=True)
class Twin:
    """Two hints in one: `together` says what both do, and each says it for itself where the other has no key."""

    first: Hint
    second: Hint
    together: str


Hints = Sequence[Hint | Twin]


def _nothing() -> None:
    """A page that need not be told."""


@dataclass(frozen=True, slots=True)
class Page(Generic[W]):
    """A page that was made. `middle` stands in the window's top row while it is in sight, `tell` says its sentence in
    the status bar, `commands` names the page whose commands can be done ("" for those of all pages alone)."""

    widget: W
    middle: QWidget
    panes: Callable[[], Sequence[Pane]]
    commands: Callable[[], str]
    enter: Callable[[], None] = _nothing
    leave: Callable[[], None] = _nothing
    tell: Callable[[], None] = _nothing


class Offer(Generic[W]):
    """A page that can be gone to."""

    def __init__(self, name: str, make: Callable[[], Page[W]], hints: Hints) -> None:
        self.name = name
        self.hints = hints
        self._make = make
        self._page: Page[W] | None = None

    @property
    def page(self) -> Page[W]:
        """The page; made when first asked for."""
        if self._page is None:
            self._page = self._make()
        return self._page

    @property
    def made(self) -> W | None:
        """Its widget, where it was made already."""
        return None if self._page is None else self._page.widget


class PageStack(QStackedWidget):
    """Shows `welcome` with its `hints` until a page is gone to. The rail, the top row and the key hints follow."""

    def __init__(self, welcome: QWidget, rail: Rail, top: TopBar, status: StatusBar, hints: Hints) -> None:
        super().__init__()
        self._hints = hints
        self._rail = rail
        self._top = top
        self._status = status
        self._offers: dict[str, Offer[QWidget]] = {}
        self._shown: Offer[QWidget] | None = None
        self.addWidget(welcome)

    def offer(self, name: str, make: Callable[[], Page[W]], hints: Hints) -> Offer[W]:
        """One more page under its name in the rail; `make` makes it when it is first gone to."""

        def add() -> Page[W]:
            page = make()
            self.addWidget(page.widget)
            self._top.add_middle(page.middle)
            return page

        offered = Offer(name, add, hints)
        self._offers[name] = offered  # type: ignore[assignment]  # a page is used as the widget that it is
        return offered

    def go_to(self, name: str) -> str:
        """Bring a page into sight; an unknown name is the first one's. Whose commands can be done there."""
        offered = self._offers.get(name) or next(iter(self._offers.values()))
        page = offered.page
        if offered is not self._shown:
            self.leave()
            self._shown = offered
            self.setCurrentWidget(page.widget)
            self._top.show_middle(page.middle)
            self._rail.choose(offered.name)
            self.show_keys()
            page.enter()
        return page.commands()

    def show_keys(self) -> None:
        """The key hints of the page in sight, with the keys as they are set now."""
        hints = self._hints if self._shown is None else self._shown.hints
        self._status.show_hints(hints_with_keys(hints))

    def leave(self) -> None:
        """The page in sight goes, or the window closes."""
        if self._shown is not None:
            self._shown.page.leave()
            self._shown = None

    def tell(self) -> None:
        """Say in the status bar what the page in sight has to say."""
        if self._shown is not None:
            self._shown.page.tell()

    def step_pane(self, by: int) -> None:
        """Give the focus to the next (+1) or previous (-1) pane of the page in sight."""
        if self._shown is not None:
            step_pane(self._shown.page.panes(), by)


def hints_with_keys(hints: Hints) -> list[Hint]:
    """Hints with the keys of the commands that they name; without those that have none."""
    shown: list[Hint] = []
    for hint in hints:
        parts = (hint.first, hint.second) if isinstance(hint, Twin) else (hint,)
        keyed = [(key_of(key[1:-1]) if key.startswith("{") else key, what) for key, what in parts]
        keyed = [(key, what) for key, what in keyed if key]
        if isinstance(hint, Twin) and len(keyed) == len(parts):
            keyed = [(keyed[0][0], ""), (keyed[1][0], hint.together)]
        shown += keyed
    return shown
