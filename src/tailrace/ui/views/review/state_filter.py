"""How many of a queue's items are open, passed, failed and deferred; a click leaves only those."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from tailrace.model.review import DEFERRED, FAILED, OPEN, PASSED
from tailrace.model.words import format_count
from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.pressable import Pressable
from tailrace.ui.views.review.states import STATE_LOOKS
from tailrace.ui.views.spoken import Role

_ALL = 4  # the id of "All" in the group: Qt gives negative ones itself
_ORDER = (_ALL, OPEN, FAILED, DEFERRED, PASSED)
_SIDE = 13
_MARGIN = 7


class StateFilter(QWidget):
    """A quiet row of counts.

    Signals: `chosen(object)` carries a state, or None for all, when a person chose it.
    """

    SPOKEN_AS = Role.Grouping
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Which items are listed")
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 5, _MARGIN, 5)
        row.setSpacing(1)
        for which in _ORDER:
            button = _Count(which, self)
            button.setAutoExclusive(True)
            self._group.addButton(button, which)
            row.addWidget(button)
        row.addStretch(1)
        self._group.button(_ALL).setChecked(True)
        self._group.idClicked.connect(self._choose)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._counts = (0, 0, 0, 0)

    @property
    def state(self) -> int | None:
        """The state that is left, None for all."""
        which = self._group.checkedId()
        return None if which == _ALL else which

    @property
    def total(self) -> int:
        """How many items there are."""
        return sum(self._counts)

    def set_state(self, state: int | None) -> None:
        """Show another choice without a signal."""
        self._group.button(_ALL if state is None else state).setChecked(True)

    def button(self, state: int | None) -> QAbstractButton:
        """What is clicked for a state."""
        return self._group.button(_ALL if state is None else state)

    def show_counts(self, counts: tuple[int, int, int, int]) -> None:
        """How many items have each state."""
        self._counts = counts
        for which in _ORDER:
            button = self._group.button(which)
            assert isinstance(button, _Count)
            button.show_count(sum(counts) if which == _ALL else counts[which])
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: other room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room the counts stand closer, and thousands are short."""
        buttons = [button for button in self._group.buttons() if isinstance(button, _Count)]
        for narrow in (False, True):
            for button in buttons:
                button.set_narrow(narrow)
            if sum(button.sizeHint().width() + 1 for button in buttons) + 2 * _MARGIN <= self.width():
                break

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.panel))
            painter.setPen(QColor(theme.line))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _choose(self, which: int) -> None:
        self.chosen.emit(None if which == _ALL else which)


class _Count(Pressable):
    def __init__(self, which: int, parent: QWidget) -> None:
        super().__init__("", parent)
        self._which = which
        self._count = 0
        self._narrow = False
        self.setCheckable(True)
        self.setFont(ui_font(12))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        self._count = count
        short = _short(count, 1000 if self._narrow else 10_000)
        word = "items" if self._which == _ALL else STATE_LOOKS[self._which].word
        self.setText(short if self._which != _ALL else "All" if self._narrow else f"All {short}")
        self.setAccessibleName(f"{format_count(count)} {word}")
        self.setToolTip(f"{format_count(count)} {word}")
        self.updateGeometry()
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Take less room, or as much as is good."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.show_count(self._count)

    def sizeHint(self) -> QSize:
        glyph = 0 if self._which == _ALL else _SIDE + self._gap
        room = 2 * self._gap if self._narrow else 11
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + glyph + room, 24)

    @property
    def _gap(self) -> int:
        return 3 if self._narrow else 4

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            fill = theme.accent_bg if self.isChecked() else theme.raised if self.underMouse() else ""
            painter.setPen(QPen(QColor(theme.accent)) if self.focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 5, 5)
            left = self._gap if self._narrow else 5
            if self._which != _ALL:
                look = STATE_LOOKS[self._which]
                picture = pixmap(look.icon, getattr(theme, look.tone), _SIDE, self.devicePixelRatioF())
                painter.drawPixmap(QPointF(left, (self.height() - _SIDE) / 2), picture)
                left += _SIDE + self._gap
            painter.setPen(QColor(theme.accent if self.isChecked() else theme.dim))
            painter.setFont(self.font())
            middle = int(Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(left, 0, self.width() - left, self.height()), middle, self.text())


def _short(count: int, below: int = 10_000) -> str:
    """Whole `below` a number, never more than it is: 999,899 is 999k."""
    if count < below:
        return str(count)
    return f"{count // 1000}k" if count < 1_000_000 else f"{count // 100_000 / 10:g}M"
