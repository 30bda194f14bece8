"""The heading of a part of the review panel: its name, a remark, and the key that leads there."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.pressable import IconButton
from tailrace.ui.views.review.key_cap import draw_key_cap, key_cap_width
from tailrace.ui.views.spoken import Role


class Heading(QWidget):
    """One line. `button` is what stands at its right end, None without."""

    SPOKEN_AS = Role.Heading

    def __init__(self, title: str, parent: QWidget, *, icon: str = "", does: str = "") -> None:
        super().__init__(parent)
        self._title = title
        self._remark = ""
        self._key = ""
        self.setFont(ui_font(12))
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        self.button = IconButton(icon, does, self) if icon else None
        if self.button is not None:
            row.addWidget(self.button)

    @property
    def remark(self) -> str:
        """What is said behind the title."""
        return self._remark

    def set_title(self, title: str) -> None:
        """Another name."""
        self._title = title
        self._named()

    def set_remark(self, remark: str) -> None:
        """Say something of it behind the title, in lower rank."""
        self._remark = remark
        self._named()

    def set_key(self, words: str) -> None:
        """The key that leads there; empty for none."""
        self._key = words
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        bold = ui_font(12, QFont.Weight.DemiBold)
        room = self.width() - (0 if self.button is None else self.button.width() + 4)
        with QPainter(self) as painter:
            if self._key:
                room -= key_cap_width(self._key)
                draw_key_cap(painter, room, self.height() / 2, self._key, theme)
                room -= 6
            painter.setFont(bold)
            wide = min(room, QFontMetrics(bold).horizontalAdvance(self._title) + 1)
            left = Qt.AlignmentFlag.AlignLeft
            draw_elided(painter, QRect(0, 0, wide, self.height()), self._title, theme.dim, left)
            if self._remark and room > wide + 20:
                painter.setFont(self.font())
                draw_elided(
                    painter, QRect(wide + 5, 0, room - wide - 5, self.height()), self._remark, theme.faint, left
                )

    def _named(self) -> None:
        self.setAccessibleName(f"{self._title} {self._remark}".strip())
        self.setToolTip(self._remark)
        self.update()
