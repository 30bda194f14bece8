"""Places in the order of Tab for what is made later than what stands after it: Qt puts new widgets last."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_after(before: QWidget, widgets: Iterable[QWidget]) -> None:
    """Tab goes from `before` to all in the widgets that takes the focus, in the order that it has among itself."""
    last = before
    for widget in widgets:
        for stop in stops_of(widget):
            QWidget.setTabOrder(last, stop)
            last = stop


def stops_of(widget: QWidget) -> list[QWidget]:
    """What of a widget takes the focus from Tab, itself included, in the order that it was made in."""
    parts = (widget, *widget.findChildren(QWidget))
    return [part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None]


def stop_before(widget: QWidget) -> QWidget | None:
    """The stop of Tab before a widget, in sight or not."""
    at: QWidget | None = widget.previousInFocusChain()
    while at is not None and at is not widget:
        if at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.focusProxy() is None:
            return at
        at = at.previousInFocusChain()
    return None
