"""What the Monitor page is grouped by, and which values are compared: chosen from what is in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tailrace.jobs import Ticket
from tailrace.model import ValueCount
from tailrace.model.charted import Question
from tailrace.model.facts import ATTRIBUTE, DIMENSIONS
from tailrace.model.words import format_count
from tailrace.ui.models.monitor_terms import field_title
from tailrace.ui.models.session import Session
from tailrace.ui.pages.monitor_bar import MonitorBar
from tailrace.ui.views.picker import Choice

if TYPE_CHECKING:
    from tailrace.workspace import Workspace

_MOST_VALUES = 300
_REQUESTS = "traffic.requests"
_NOTHING = Choice("", "Nothing", "", "")
_SCORED = {"score", "label", "source"}  # of scores and searches alone
_FIELDS = tuple(
    Choice(one.field, one.title, "of scores" if one.field in _SCORED else one.field, "Fields") for one in DIMENSIONS
)


class MonitorGroups(QObject):
    """Bound to the buttons of the bar.

    Signals: `changed()`.
    """

    changed = Signal()

    def __init__(self, session: Session, bar: MonitorBar, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._bar = bar
        self.by = ""
        self.compare: tuple[str, ...] = ()
        bar.group_wanted.connect(self._read_attributes)
        bar.compare_wanted.connect(self._read_values)
        bar.groups.chosen.connect(self.group_by)
        bar.values.chosen.connect(self._choose_values)

    def begin(self, by: str, compare: tuple[str, ...]) -> None:
        """Another database: as it was there."""
        self.by, self.compare = by, compare if by else ()
        self._show()

    def group_by(self, field: object) -> None:
        """Group the charts that follow the page by another field; empty for none."""
        if field != self.by:
            self.by, self.compare = str(field), ()
            self._show()
            self.changed.emit()

    def _choose_values(self, values: tuple[str, ...]) -> None:
        if values != self.compare:
            self.compare = tuple(values)
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        self._bar.show_group(self.by, field_title(self.by) if self.by else "")
        self._bar.show_compared(self.compare)

    # ---- what there is to choose from ----

    def _read_attributes(self) -> None:
        self._offer_groups([])
        self._session.read(
            "monitor-attributes", lambda workspace, ticket: workspace.attribute_keys("", ticket), self._offer_groups
        )

    def _offer_groups(self, keys: list[str]) -> None:
        attributes = [Choice(f"{ATTRIBUTE}{key}", key, "", "Attributes", key) for key in keys]
        self._bar.groups.offer([_NOTHING, *_FIELDS, *attributes], [self.by])

    def _read_values(self) -> None:
        by, asked = self.by, self._session.history.current

        def work(workspace: Workspace, ticket: Ticket) -> list[ValueCount]:
            monitor = workspace.monitor
            requests = monitor.measure(_REQUESTS)
            [answer] = monitor.ask([Question((requests,), asked, by=by, top=_MOST_VALUES)], ticket)
            pairs = zip(answer.groups, answer.totals[requests.id], strict=True)
            return [ValueCount(group.value, int(count)) for group, count in pairs if group.value is not None]

        self._bar.values.show_waiting("Reading the values…")
        self._session.read("monitor-values", work, self._offer_values, self._show_failure)

    def _offer_values(self, found: list[ValueCount]) -> None:
        choices = [Choice(one.value, one.value, format_count(one.count), "", one.value) for one in found]
        known = {one.value for one in found}
        # compared ones of which there is nothing in these times can be taken away all the same
        choices += [Choice(value, value, "0", "", value) for value in self.compare if value not in known]
        self._bar.values.offer(choices, self.compare)

    def _show_failure(self, error: Exception) -> None:
        self._bar.values.show_waiting(str(error))
