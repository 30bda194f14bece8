"""Which time is looked at: a button with a menu of usual spans and a dialog for any other."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QDateTime, QEvent, QRectF, QSize, Qt, QTimeZone, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.theme.wall_clock import shows_utc, zone_mark

_HOUR = 3600 * 1_000_000_000
_DAY = 24 * _HOUR
_MS = 1_000_000
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class TimeRange:
    """All time; or the last `length_ns` before an end that the page knows (now, or the newest span of a file from the
    past); or [since_ns, until_ns)."""

    length_ns: int | None = None
    since_ns: int | None = None
    until_ns: int | None = None

    def resolve(self, end_ns: int) -> tuple[int | None, int | None]:
        """As [since, until) in nanoseconds, None being unbounded; `end_ns` is where a last hour ends."""
        if self.length_ns is not None:
            return end_ns - self.length_ns, None
        return self.since_ns, self.until_ns

    @property
    def title(self) -> str:
        """As the button says it."""
        for one, title in PRESETS:
            if one == self:
                return title
        if self.length_ns is not None:
            return f"Last {self.length_ns / _HOUR:g} hours"
        if self.since_ns is None:
            return f"Until {_show(self.until_ns)}{zone_mark()}"
        if self.until_ns is None:
            return f"Since {_show(self.since_ns)}{zone_mark()}"
        if self.until_ns - self.since_ns < 120_000 * _MS:
            until_words = f"{_show(self.until_ns, seconds=True, day=False)}{zone_mark()}"
            return f"{_show(self.since_ns, seconds=True)} – {until_words}"
        since, until = _local(self.since_ns).date(), _local(self.until_ns).date()
        other_year = since.year() != until.year()
        until_words = f"{_show(self.until_ns, day=since != until, year=other_year)}{zone_mark()}"
        return f"{_show(self.since_ns, year=other_year)} – {until_words}"


PRESETS: tuple[tuple[TimeRange, str], ...] = (
    (TimeRange(_HOUR), "Last hour"),
    (TimeRange(_DAY), "Last 24 hours"),
    (TimeRange(7 * _DAY), "Last 7 days"),
    (TimeRange(30 * _DAY), "Last 30 days"),
    (TimeRange(), "All time"),
)


class TimeRangeButton(QToolButton):
    """Shows and changes the time range.

    Signals:
        changed(object): the TimeRange the person chose.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._range = TimeRange()
        self._bounds: tuple[int, int] | None = None
        self.setFont(ui_font(13))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFixedHeight(30)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self._actions: list[tuple[QAction, TimeRange]] = []
        for one, title in PRESETS:
            action = self._menu.addAction(title)
            action.setCheckable(True)
            action.setData(len(self._actions))
            self._group.addAction(action)
            self._actions.append((action, one))
        self._menu.addSeparator()
        self._custom = self._menu.addAction("Custom…")
        self._custom.setCheckable(True)
        self._group.addAction(self._custom)
        self._group.triggered.connect(self._choose)
        self.setMenu(self._menu)
        self._show()

    def range(self) -> TimeRange:
        """What is shown."""
        return self._range

    def set_range(self, range_: TimeRange) -> None:
        """Show a range that came from elsewhere. Emits nothing."""
        self._range = range_
        self._show()

    def set_bounds(self, earliest_ns: int | None, latest_ns: int | None) -> None:
        """The first and the last time in the data, where a custom range begins to be chosen."""
        self._bounds = None if earliest_ns is None or latest_ns is None else (earliest_ns, latest_ns)

    def _choose(self, action: QAction) -> None:
        if action is self._custom:
            self._show()
            dialog = CustomRange(self._range, self._bounds, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.chosen.connect(self._take)
            dialog.open()
            return
        self._take(self._actions[action.data()][1])

    def _take(self, range_: TimeRange) -> None:
        self.set_range(range_)
        self.changed.emit(range_)

    def _show(self) -> None:
        self.setText(self._range.title)
        self.setAccessibleName(f"Time range: {self._range.title}")
        self.setToolTip("Which time is shown")
        chosen = next((action for action, one in self._actions if one == self._range), self._custom)
        chosen.setChecked(True)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Text, clock and chevron."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 62, 30)

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        """A button as the design has it."""
        theme = tokens(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        state: QStyle.StateFlag = option.state
        hovered = bool(state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Sunken))
        limited = self._range != TimeRange()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(QColor(theme.line if hovered else theme.raised))
            painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.line2)))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            ratio = self.devicePixelRatioF()
            middle = self.height() // 2
            painter.drawPixmap(10, middle - 7, pixmap("clock", theme.accent if limited else theme.dim, 14, ratio))
            painter.drawPixmap(self.width() - 22, middle - 6, pixmap("chevron-down", theme.dim, 13, ratio))
            painter.setPen(QColor(theme.text))
            painter.drawText(self.rect().adjusted(31, 0, -26, 0), Qt.AlignmentFlag.AlignVCenter, self.text())

    def changeEvent(self, event: QEvent) -> None:
        """Another theme has other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


class CustomRange(QDialog):
    """Two times by the clock in force: in the person's own time zone, or in UTC.

    Signals:
        chosen(object): the TimeRange, when accepted.
    """

    chosen = Signal(object)

    def __init__(self, range_: TimeRange, bounds: tuple[int, int] | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Time range")
        now = QDateTime.currentMSecsSinceEpoch() * _MS
        earliest, latest = bounds or (now - _DAY, now)
        since, until = range_.resolve(latest)
        # whole seconds that still hold the first and the last trace; the range does not hold its end
        self.since = self._edit(earliest if since is None else since, "From")
        self.until = self._edit((latest // _SECOND + 1) * _SECOND if until is None else until, "Until")
        self._reason = QLabel()
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        form = QFormLayout()
        form.addRow("&From", self.since)
        form.addRow("&Until", self.until)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText("Show")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self._reason)
        column.addWidget(buttons)
        self.since.dateTimeChanged.connect(self._check)
        self.until.dateTimeChanged.connect(self._check)
        self._check()

    def _edit(self, time_ns: int, name: str) -> QDateTimeEdit:
        made = QDateTimeEdit(_local(time_ns))
        made.setDisplayFormat("yyyy-MM-dd HH:mm:ss")
        made.setCalendarPopup(True)
        made.setAccessibleName(name)
        return made

    def _times(self) -> tuple[int, int]:
        return _ns(self.since.dateTime()), _ns(self.until.dateTime())

    def _check(self) -> None:
        since, until = self._times()
        wrong = since >= until
        self._ok.setEnabled(not wrong)
        zone = self.since.dateTime().timeZoneAbbreviation()
        clock = "UTC" if shows_utc() else f"your time zone ({zone})"
        self._reason.setText("“From” must be before “Until”." if wrong else f"Times are in {clock}.")

    def accept(self) -> None:
        """Take the range."""
        since, until = self._times()
        if since < until:
            self.chosen.emit(TimeRange(since_ns=since, until_ns=until))
            super().accept()


def _local(time_ns: int) -> QDateTime:
    zone = QTimeZone.utc() if shows_utc() else QTimeZone.systemTimeZone()
    return QDateTime.fromMSecsSinceEpoch(time_ns // _MS, zone)


def _ns(time: QDateTime) -> int:
    return time.toMSecsSinceEpoch() // 1000 * 1000 * _MS


def _show(time_ns: int | None, seconds: bool = False, day: bool = True, year: bool = False) -> str:
    if time_ns is None:
        return "…"
    clock = "HH:mm:ss" if seconds else "HH:mm"
    return _local(time_ns).toString(f"d MMM {'yyyy ' if year else ''}{clock}" if day else clock)
