"""The button at the bottom that adds the trace to a dataset, and the small one beside it that chooses which."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tailrace.ui.theme import give_tip, pixmap, tokens
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.pressable import Pressable
from tailrace.ui.views.review.key_cap import draw_key_cap, key_cap_width


class _Half(Pressable):
    """One of the two."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.icon_name = ""
        self.key = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def nextCheckState(self) -> None:
        """Qt: a press does not change it; what holds of the trace does."""

    def sizeHint(self) -> QSize:
        return QSize(120, 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(30, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            chosen = self.isChecked()
            edge = theme.accent if chosen or self.focused else theme.faint if self.hovered else theme.line2
            painter.setPen(QPen(QColor(edge), 2 if self.focused else 1))
            painter.setBrush(QColor(theme.accent_bg if chosen or self.isDown() else theme.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setFont(self.font())
            colour = theme.text if self.isEnabled() else theme.faint
            cap = key_cap_width(self.key)
            side = 20 if self.icon_name and self.text() else 14 if self.icon_name else 0
            room = self.width() - 20 - side - (cap + 7 if cap else 0)
            wide = min(room, painter.fontMetrics().horizontalAdvance(self.text()) + 1) if self.text() else 0
            left = (self.width() - side - wide - (cap + 7 if cap else 0)) / 2
            if self.icon_name:
                picture = pixmap(self.icon_name, theme.accent if chosen else colour, 14, self.devicePixelRatioF())
                painter.drawPixmap(QPointF(left, (self.height() - 14) / 2), picture)
            spot = QRect(round(left) + side, 0, wide, self.height())
            if wide:
                draw_elided(painter, spot, self.text(), colour, Qt.AlignmentFlag.AlignLeft)
            draw_key_cap(painter, left + side + wide + 7, self.height() / 2, self.key, theme)


class DatasetButton(QWidget):
    """Signals: `toggled()`: add, or take out again; `menu_wanted(QPoint)`: choose a dataset at this place of the
    screen."""

    toggled = Signal()
    menu_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name: str | None = None
        self._key = ""
        self.main = _Half("", self)
        self.main.setCheckable(True)
        self.main.clicked.connect(self.press)
        self.menu = _Half("", self)
        self.menu.icon_name = "chevron-down"
        self.menu.setFixedWidth(30)
        self.menu.setAccessibleName("Choose a dataset")
        self.menu.setToolTip("Choose a dataset, or make one")
        self.menu.clicked.connect(self._open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.main, 1)
        row.addWidget(self.menu)
        self.show_dataset(None, False)

    def show_dataset(self, name: str | None, contained: bool) -> None:
        """The dataset that is in use, and whether the trace is in it."""
        self._name = name
        words = "Add to a dataset…" if name is None else f"In dataset “{name}”" if contained else None
        self.main.setText(words or f"Add to dataset “{name}”")
        self.main.setAccessibleName(self.main.text())
        self.main.icon_name = "check" if contained and name is not None else ""
        self.main.setChecked(contained and name is not None)
        self.menu.setVisible(name is not None)
        again = "\nAgain to take it out" if contained else ""
        key = f" ({self._key})" if self._key else ""
        give_tip(self.main, f"{self.main.text()}{key}{again}")
        self.main.update()

    def set_key(self, words: str) -> None:
        """The key that presses it."""
        self._key = self.main.key = words
        self.main.update()

    def press(self) -> None:
        """As a click on the large button."""
        if self._name is None:
            self._open()
        else:
            self.toggled.emit()

    def _open(self) -> None:
        self.menu_wanted.emit(self.mapToGlobal(QPoint(0, 0)))
