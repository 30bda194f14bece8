"""Small controls drawn from the theme: buttons with an icon, switches of few words, chips."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QScrollBar, QSizePolicy, QWidget

from tailrace.model import SpanKind
from tailrace.ui.theme import pixmap, tokens, ui_font


def mixed(over: str, under: str, share: float) -> QColor:
    """`share` of one colour on top of another."""
    above, below = QColor(over), QColor(under)
    return QColor(
        *(
            round(a * share + b * (1 - share))
            for a, b in zip(above.getRgb()[:3], below.getRgb()[:3], strict=True)  # type: ignore[index]
        )
    )


class _KeyFocus(QAbstractButton):
    """Shows that it has the focus where a key brought it, not after a click."""

    _by_key = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    @property
    def focused(self) -> bool:
        return self._by_key and self.hasFocus()


class PaintedButton(_KeyFocus):
    """A button with an icon, a text or both. `tone` names the token that colours it while checked; `flat` draws
    no border until the pointer is over it. `small` is for use inside text."""

    def __init__(
        self,
        text: str = "",
        icon: str = "",
        *,
        tone: str = "accent",
        flat: bool = False,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._tone = tone
        self._flat = flat
        self._small = small
        self.setText(text)
        self.setFont(ui_font(12 if small else 13))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_look(self, icon: str, tone: str) -> None:
        """Change the icon and the colour while checked."""
        self._icon, self._tone = icon, tone
        self.update()

    def set_flat(self, flat: bool) -> None:
        """Without a border until the pointer is over it, or with one."""
        self._flat = flat
        self.update()

    def sizeHint(self) -> QSize:
        height = 22 if self._small else 28
        pad = 6 if self._small else 10
        width = 2 * pad + QFontMetrics(self.font()).horizontalAdvance(self.text())
        if self._icon:
            width += (14 if self._small else 16) + (6 if self.text() else 0)
        return QSize(max(width, 36 if self._icon and not self.text() and not self._small else 0), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        tone = getattr(theme, self._tone)
        hover = self.underMouse() and self.isEnabled()
        text = theme.faint if not self.isEnabled() else tone if self.isChecked() else theme.text
        if self._flat and not self.isChecked() and not hover:
            text = theme.dim if self.isEnabled() else theme.faint
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            border = tone if self.isChecked() else theme.faint if hover else theme.line2
            if self.focused:
                border = theme.text if self.isChecked() else theme.accent
            if not self._flat or hover or self.focused or self.isChecked():
                painter.setPen(QPen(QColor(border), 1))
                fill = mixed(tone, theme.raised, 0.16) if self.isChecked() else QColor(theme.raised)
                if self.isDown():
                    fill = QColor(theme.accent_bg)
                painter.setBrush(fill)
                painter.drawRoundedRect(box, 6, 6)
            side = 14 if self._small else 16
            pad = (self.width() - self._content_width(side)) / 2
            if self._icon:
                picture = pixmap(self._icon, text, side, self.devicePixelRatioF(), self.isChecked())
                painter.drawPixmap(QPointF(pad, (self.height() - side) / 2), picture)
                pad += side + 6
            painter.setPen(QColor(text))
            painter.setFont(self.font())
            painter.drawText(
                QRectF(pad, 0, self.width() - pad, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self.text()
            )

    def _content_width(self, side: int) -> int:
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return width + (side + (6 if self.text() else 0) if self._icon else 0)


class Words(QWidget):
    """Text that wraps, in a colour of the theme by name (or `kind:NAME`). A QLabel would take its colour from a style
    sheet, and needs one each."""

    def __init__(
        self, text: str, colour: str = "dim", font: QFont | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._colour = colour
        self._above = 0
        self._marked = False
        self.setFont(font or ui_font(12))
        self.setAccessibleName(text)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_colour(self, colour: str) -> None:
        """Take another colour of the theme."""
        self._colour = colour
        self.update()

    def set_marked(self, marked: bool) -> None:
        """Stand out as the place that was looked for."""
        self._marked = marked
        self.update()

    def set_space_above(self, pixels: int) -> None:
        """Room above the text."""
        self._above = pixels

    def heightForWidth(self, width: int) -> int:
        metrics, room = QFontMetrics(self.font()), QRect(0, 0, max(20, width), 100_000)
        box = metrics.boundingRect(room, wrap_flags(metrics, self._text, room.width()), self._text)
        return box.height() + self._above

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._text[:200]) + 2, metrics.height() + self._above)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, QFontMetrics(self.font()).height() + self._above)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setFont(self.font())
            name, _, kind = self._colour.partition(":")
            painter.setPen(QColor(theme.kind(SpanKind(kind)) if name == "kind" else getattr(theme, name)))
            room = self.rect().adjusted(0, self._above, 0, 0)
            wrap = wrap_flags(QFontMetrics(self.font()), self._text, room.width())
            if self._marked:
                painter.fillRect(painter.boundingRect(room, wrap, self._text), QColor(theme.warn))
                painter.setPen(QColor(theme.bg))
            painter.drawText(room, wrap, self._text)


class OneLine(QWidget):
    """A line of lower rank that is shortened with … where it does not fit."""

    def __init__(self, text: str = "", font: QFont | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font or ui_font(12))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._text = " ".join(text[:1000].split())
        self.setAccessibleName(self._text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, QFontMetrics(self.font()).height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(self.font())
            draw_elided(painter, self.rect(), self._text, tokens(self).dim, Qt.AlignmentFlag.AlignLeft)


class QuietScrollBar(QScrollBar):
    """Keeps its room but shows nothing while there is nothing to scroll, so that contents keep their width."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)


def wrap_flags(metrics: QFontMetrics, text: str, width: int) -> int:
    """How to wrap a text: between words, and within them only where a word is wider than the room."""
    between = int(Qt.TextFlag.TextWordWrap)
    box = metrics.boundingRect(QRect(0, 0, width, 100_000), between, text)
    return between if box.width() <= width else between | int(Qt.TextFlag.TextWrapAnywhere)


class _Choice(_KeyFocus):
    """One word of a switch."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setFont(ui_font(12))
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 16, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
            if self.isChecked():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.accent_bg))
                painter.drawRoundedRect(box, 4, 4)
            if self.focused:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(theme.accent), 1))
                painter.drawRoundedRect(box, 4, 4)
            painter.setPen(QColor(theme.accent if self.isChecked() else theme.dim))
            painter.setFont(self.font())
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())


class Switch(QWidget):
    """A few words of which one holds. `options` maps values to words."""

    chosen = Signal(object)  # the value, when a person chose it

    def __init__(self, options: dict[str, str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._values = list(options)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for index, word in enumerate(options.values()):
            button = _Choice(word, self)
            self._group.addButton(button, index)
            row.addWidget(button)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self._choose)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> str:
        """The value that holds."""
        return self._values[self._group.checkedId()]

    def set_value(self, value: str) -> None:
        """Make a value hold without a signal."""
        self._group.button(self._values.index(value)).setChecked(True)

    def button(self, value: str) -> QAbstractButton:
        """The part of the switch that stands for a value."""
        return self._group.button(self._values.index(value))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line2), 1))
            painter.setBrush(QColor(theme.bg))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def _choose(self, index: int) -> None:
        self.chosen.emit(self._values[index])


def draw_elided(painter: QPainter, box: QRect, text: str, colour: str, flags: Qt.AlignmentFlag) -> None:
    """One line of text, shortened with … where it does not fit."""
    painter.setPen(QColor(colour))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(flags | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
