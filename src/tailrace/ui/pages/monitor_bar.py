"""What the Monitor page puts beside the filter: which dashboard, group by, compare, live, another chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from tailrace.model.dashboard import Dashboard
from tailrace.ui.theme import icon, tip, tokens
from tailrace.ui.views.bar_button import HEIGHT, BarButton
from tailrace.ui.views.picker import Picker

# What can be done with dashboards: command, words, icon
DEEDS: tuple[tuple[str, str, str], ...] = (
    ("monitor.new-dashboard", "New dashboard…", "plus"),
    ("monitor.duplicate-dashboard", "Duplicate", "copy"),
    ("monitor.rename-dashboard", "Rename…", "pencil"),
    ("monitor.delete-dashboard", "Delete", "x"),
    ("monitor.import-dashboard", "Import JSON…", "folder-open"),
    ("monitor.export-dashboard", "Export JSON…", "download"),
)
OWN_ONLY = ("monitor.rename-dashboard", "monitor.delete-dashboard")
_GAP = 8
_WIDEST = 190  # of a button's text
_MOST_NAMED = 60  # characters of a name in a menu


class MonitorBar(QObject):
    """Three groups of buttons, put beside the filter by FilterRow. Where there is little room the words go first, from
    the right; the name of the dashboard stays.

    Signals: `dashboard_chosen(object)` an id; `command_wanted(str)` the id of a command; `live_toggled(bool)`;
    `group_wanted()` and `compare_wanted()` ask for what can be chosen: answer with the pickers' `offer`.
    """

    dashboard_chosen = Signal(object)
    command_wanted = Signal(str)
    live_toggled = Signal(bool)
    group_wanted = Signal()
    compare_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.before: QWidget = (before := _Group(self._dress))
        self.between: QWidget = (between := _Group(self._dress))
        self.after: QWidget = (after := _Group(self._dress))
        self._groups = (before, between, after)
        self.dashboard = BarButton(icon="layout-dashboard", parent=self.before)
        self.group = BarButton("Group by", icon="layers", parent=self.between)
        self.compare = BarButton("Compare", icon="git-compare", parent=self.between)
        self.live = BarButton(icon="radio", opens=False, parent=self.after)
        self.chart = BarButton(icon="plus", opens=False, parent=self.after)
        self.live.setCheckable(True)
        self.chart.set_text("Chart")
        self.chart.setAccessibleName("Add a chart")
        self.chart.setToolTip("Add a chart to this dashboard")
        self.menu = QMenu(self.before)
        self._names = QActionGroup(self.menu)
        self.groups = Picker("Group by", "Find a field or an attribute", self.between)
        self.values = Picker("Compare", "Find a value", self.between, most=3)
        for part in self._groups:
            part.take_buttons()
        self._keys: Mapping[str, str] = {}
        self.dashboard.clicked.connect(self.open_dashboards)
        self.group.clicked.connect(self.open_groups)
        self.compare.clicked.connect(self.open_values)
        self.live.toggled.connect(self.live_toggled)
        self.chart.clicked.connect(self._add_chart)
        self._names.triggered.connect(self._choose)
        self.show_dashboards((), "", None)
        self.show_group("", "")
        self.show_compared(())

    # ---- what it shows ----

    def show_dashboards(self, presets: Sequence[Dashboard], current: str, own: Sequence[Dashboard] | None) -> None:
        """Those that are always there, one's own (None: not read yet), and the id of the one on show."""
        name = next((one.name for one in (*presets, *(own or ())) if one.dashboard_id == current), "")
        self.dashboard.set_text(_named(name) if name else "Dashboards")
        self.dashboard.setAccessibleName(f"Dashboard: {name}")
        self.dashboard.setToolTip(tip(name))
        is_own = any(one.dashboard_id == current for one in own or ())
        self.menu.clear()
        for action in self._names.actions():
            self._names.removeAction(action)
        for section in (presets, own or ()):
            for one in section:
                action = self.menu.addAction(_named(one.name).replace("&", "&&"))
                action.setCheckable(True)
                action.setChecked(one.dashboard_id == current)
                action.setData(one.dashboard_id)
                self._names.addAction(action)
            self.menu.addSeparator()
        for command, words, _ in DEEDS:
            key = self._keys.get(command, "")
            action = self.menu.addAction(f"{words}\t{key}" if key else words)
            action.setData(command)
            action.setEnabled(is_own or command not in OWN_ONLY)
            action.triggered.connect(self._do)
        self._dress()

    def show_group(self, field: str, title: str) -> None:
        """What charts are grouped by; empty for nothing."""
        self.group.set_text(_named(title) if field else "none")
        self.group.setAccessibleName(f"Group by: {title or 'nothing'}")
        self.group.setToolTip(tip(f"Charts that follow the page are grouped by {title or 'nothing'}"))
        self.compare.setEnabled(bool(field))
        self._refit()

    def show_compared(self, values: Sequence[str]) -> None:
        """Which values of that field are compared."""
        self.compare.set_text(" · ".join(_named(value) for value in values) or "none")
        self.compare.setAccessibleName(f"Compare: {', '.join(values) or 'nothing'}")
        why = "" if self.compare.isEnabled() else "Choose what to group by first: its values can be compared"
        self.compare.setToolTip(tip(why or "Up to three values side by side in the comparison"))
        self._refit()

    def show_live(self, on: bool) -> None:
        """Whether it is read again by itself. Emits nothing."""
        self.live.blockSignals(True)
        self.live.setChecked(on)
        self.live.blockSignals(False)
        self.live.update()

    def show_interval(self, seconds: int) -> None:
        """How often a live page is read again."""
        self.live.set_text(f"Live {seconds} s")
        self.live.setAccessibleName(f"Live: read again every {seconds} seconds")
        self.live.setToolTip(f"Read again every {seconds} seconds while this page is in sight")

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys as they are set now, by command."""
        self._keys = keys
        for action in self.menu.actions():
            words = next((words for command, words, _ in DEEDS if command == action.data()), "")
            if words:
                key = keys.get(str(action.data()), "")
                action.setText(f"{words}\t{key}" if key else words)

    # ---- what opens ----

    def open_dashboards(self) -> None:
        """Open the list of dashboards."""
        self.menu.popup(self.dashboard.mapToGlobal(QPoint(0, self.dashboard.height() + 4)))

    def open_groups(self) -> None:
        """Open what can be grouped by."""
        self.group_wanted.emit()
        self.groups.open_under(self.group)

    def open_values(self) -> None:
        """Open what can be compared."""
        if self.compare.isEnabled():
            self.compare_wanted.emit()
            self.values.open_under(self.compare, 340)

    # ---- room ----

    def fit(self, room: int) -> None:
        """Take so many pixels at most."""
        for words, leads, widest in _SIZES:
            widths = self._widths(words, leads, widest)
            if sum(widths.values()) + 3 * _GAP <= room:
                break
        for button, width in widths.items():
            button.show_words(width > button.width_for(words=False) or button is self.dashboard)
            button.show_lead(leads)
        for part in self._groups:
            part.place(widths)

    def _widths(self, words: int, leads: bool, widest: int) -> dict[BarButton, int]:
        """The buttons and their widths; the first `words` of them with words."""
        found: dict[BarButton, int] = {}
        for place, button in enumerate((self.dashboard, self.group, self.compare, self.live, self.chart)):
            shown = place < words
            found[button] = min(widest, button.width_for(leads)) if shown else button.width_for(words=False)
        return found

    def _refit(self) -> None:
        row = self.before.parentWidget()
        if row is not None and hasattr(row, "fit"):
            row.fit()

    def _dress(self) -> None:
        theme = tokens(self.before)
        pictures = {command: picture for command, _, picture in DEEDS}
        for action in self.menu.actions():
            if action.data() in pictures:
                action.setIcon(icon(pictures[action.data()], theme.dim))

    # ---- what a person does ----

    def _choose(self, action: QAction) -> None:
        self.dashboard_chosen.emit(action.data())

    def _do(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.command_wanted.emit(str(action.data()))

    def _add_chart(self) -> None:
        self.command_wanted.emit("monitor.add-chart")


# how many buttons have words, whether with the word before, and how wide each is at most: the roomiest first
_SIZES = tuple((words, leads, widest) for words, leads, widest in (
    (5, True, 300), (5, True, _WIDEST), (4, True, _WIDEST), (3, True, _WIDEST), (3, False, 150), (3, False, 110),
    (2, False, 150), (2, False, 110), (1, False, 150), (1, False, 90),
))  # fmt: skip


class _Group(QWidget):
    """Buttons in a row, as wide as they are told to be; they may be asked to do with their icons alone."""

    def __init__(self, dress: Callable[[], None]) -> None:
        super().__init__()
        self._dress = dress
        self._buttons: list[BarButton] = []
        self._width = 0
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def take_buttons(self) -> None:
        """Arrange the buttons that were made in it, in that order."""
        self._buttons = self.findChildren(BarButton)

    def place(self, widths: Mapping[BarButton, int]) -> None:
        """Give each button its width."""
        left = 0
        for button in self._buttons:
            button.setGeometry(left, 0, widths[button], HEIGHT)
            left += widths[button] + _GAP
        if left - _GAP != self._width:
            self._width = left - _GAP
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Qt: as placed."""
        return QSize(self._width, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Qt: the icons."""
        icons = sum(button.width_for(words=False) + _GAP for button in self._buttons) - _GAP
        return QSize(min(icons, self._width), HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()


def _named(name: str) -> str:
    words = " ".join(name[:_MOST_NAMED].split())
    return f"{words}…" if len(name) > _MOST_NAMED else words
