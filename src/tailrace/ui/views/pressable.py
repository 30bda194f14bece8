"""Buttons that leave the focus where it is when clicked; Tab brings it and shows it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import wrap_flags

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_PRESSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Pressable(QAbstractButton):
    """A button without looks. Space and Enter press it while it has the focus, whatever they do in the window."""

    _by_key = False

    def __init__(self, text: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setFont(ui_font(13))
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def focused(self) -> bool:
        """Whether a key brought the focus here."""
        return self._by_key and self.hasFocus()

    @property
    def hovered(self) -> bool:
        """Whether a press would do something and the pointer is over it."""
        return self.underMouse() and self.isEnabled()

    def event(self, event: QEvent) -> bool:
        """Qt: keys that would else be the window's."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _PRESSING
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _PRESSING[1:]:
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in _BY_KEY:
            self._by_key = True
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_key = False
        super().mousePressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class IconButton(Pressable):
    """A small picture to press."""

    def __init__(self, icon: str, title: str, parent: QWidget) -> None:
        super().__init__("", parent)
        self._icon = icon
        self.setAccessibleName(title)
        self.setToolTip(title)
        self.setFixedSize(22, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.hovered or self.focused:
                painter.setPen(QPen(QColor(theme.accent if self.focused else theme.line2), 1))
                painter.setBrush(QColor(theme.raised))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            picture = pixmap(self._icon, theme.text if self.hovered else theme.dim, 14, self.devicePixelRatioF())
            painter.drawPixmap(QPointF((self.width() - 14) / 2, (self.height() - 14) / 2), picture)


class LinkButton(Pressable):
    """Words that lead somewhere; they wrap, and are underlined under the pointer. Disabled ones are only words."""

    def __init__(self, parent: QWidget, colour: str = "accent") -> None:
        super().__init__("", parent)
        self._colour = colour
        self.setFont(ui_font(12))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_words(self, words: str) -> None:
        """Say something else."""
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(tip(words) if len(words) > 200 else "")
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        metrics, room = QFontMetrics(self.font()), QRect(0, 0, max(20, width - 4), 100_000)
        return metrics.boundingRect(room, wrap_flags(metrics, self.text(), room.width()), self.text()).height() + 4

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        font = self.font()
        font.setUnderline(self.hovered)
        with QPainter(self) as painter:
            painter.setFont(font)
            painter.setPen(QColor(getattr(theme, self._colour) if self.isEnabled() else theme.dim))
            room = self.rect().adjusted(0, 2, -4, -2)
            painter.drawText(room, wrap_flags(QFontMetrics(font), self.text(), room.width()), self.text())
            if self.focused:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(QColor(theme.accent), 1))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
