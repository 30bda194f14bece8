"""What a right click on a value of the Traces page does: filter for it, filter it out, group all traces by it, copy."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from tailrace.query import with_term
from tailrace.ui.models.session import Session
from tailrace.ui.pages.offers import Offers
from tailrace.ui.views.value_menu import build_value_menu


class TraceValues(QObject):
    """Signals: `status(object)` a sentence; `group_wanted(object)` a field to group all traces by."""

    status = Signal(object)
    group_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._over = parent

    def take(self, wanted: object) -> None:
        """(field, value, whether to filter it out); a value of None: group by the field."""
        assert isinstance(wanted, tuple)
        field, value, negate = wanted
        if value is None:
            self.group_wanted.emit(field)
            return
        history = self._session.history
        history.push(replace(history.current, text=with_term(history.current.text, field, value, negate)))

    def open_menu(self, point: QPoint, offers: Offers) -> None:
        """What can be done with some values, at a place of the screen."""
        menu = build_value_menu(self._over, offers.filters, offers.copies, self.take, self.say_copied)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    def say_copied(self, text: object) -> None:
        """Tell what is on the clipboard now."""
        self.status.emit(f"Copied {_short(str(text))}")


def _short(value: str) -> str:
    return f"“{value if len(value) <= 60 else value[:59] + '…'}”"
