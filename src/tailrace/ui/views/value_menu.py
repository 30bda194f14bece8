"""The menu of a right click on any value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from tailrace.model.facts import find_dimension


def build_value_menu(
    parent: QWidget,
    filters: Sequence[tuple[str, str]],
    copies: Sequence[tuple[str, str]],
    filter_for: Callable[[object], None],
    copied: Callable[[object], None],
) -> QMenu:
    """Filter for / Filter out / Group by for every (field, value), then what can be copied as (label, text).
    `filter_for` gets (field, value, whether to filter it out); a value of None asks to group all traces by the field.
    """
    menu = QMenu(parent)
    for field, value in filters:
        shown = value if len(value) <= 40 else f"{value[:40]}…"
        for label, negate in (("Filter for", False), ("Filter out", True)):
            action = QAction(f"{label}  {field}:{shown}".replace("&", "&&"), menu)
            action.triggered.connect(_Call(filter_for, (field, value, negate)))
            menu.addAction(action)
        if (dimension := find_dimension(field)) is not None:
            action = QAction(f"Group by  {_named(dimension.title)}", menu)
            action.triggered.connect(_Call(filter_for, (field, None, False)))
            menu.addAction(action)
    if filters:
        menu.addSeparator()
    for label, text in copies:
        action = QAction(label, menu)
        action.triggered.connect(_Call(_Copy(copied), text))
        menu.addAction(action)
    return menu


def show_value_menu(
    parent: QWidget,
    place: QPoint,
    filters: Sequence[tuple[str, str]],
    copies: Sequence[tuple[str, str]],
    filter_for: Callable[[object], None],
    copied: Callable[[object], None],
) -> None:
    """Show that menu at a place of the screen."""
    menu = build_value_menu(parent, filters, copies, filter_for, copied)
    menu.exec(place)
    menu.deleteLater()


def copy_text(text: str, copied: Callable[[object], None]) -> None:
    """Put a text on the clipboard and tell."""
    QGuiApplication.clipboard().setText(text)
    copied(text)


def _named(title: str) -> str:
    words = " ".join(title[:60].split())
    return f"{words[:40]}…".replace("&", "&&") if len(words) > 40 else words.lower().replace("&", "&&")


class _Call:
    """A call with its argument; the menu owns it, so nothing outlives the menu."""

    def __init__(self, call: Callable[[object], None], argument: object) -> None:
        self._call, self._argument = call, argument

    def __call__(self, checked: bool = False) -> None:
        self._call(self._argument)


class _Copy:
    def __init__(self, copied: Callable[[object], None]) -> None:
        self._copied = copied

    def __call__(self, text: object) -> None:
        copy_text(str(text), self._copied)
