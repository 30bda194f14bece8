"""A choice among a few words as chips, the best first: thumbs, yes and no, categories."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from tailrace.model.review import DefinitionKind, ScoreDefinition
from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided, tinted_ground
from tailrace.ui.views.review.score_control import CLEARING, ScoreControl
from tailrace.ui.views.review.score_values import Value, is_allowed, options_of, value_text
from tailrace.ui.views.spoken import Role

_MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
_HEIGHT, _GAP = 22, 5
_ICONS: dict[Value, tuple[str, str]] = {1.0: ("thumbs-up", "ok"), 0.0: ("thumbs-down", "err")}


class ChoiceControl(ScoreControl):
    """Chips that wrap. A value that is no option any more has a chip of its own."""

    SPOKEN_AS = Role.Grouping

    def __init__(self, definition: ScoreDefinition, parent: QWidget) -> None:
        super().__init__(definition, parent)
        self.setFont(ui_font(12))
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def chips(self) -> list[tuple[Value, str]]:
        """The values to choose from with their words, and the present one where it is not among them."""
        chips = list(options_of(self.definition))
        if not is_allowed(self.definition, self.value):
            chips.append((self.value, value_text(self.definition, self.value)))
        return chips

    def boxes(self, width: int) -> list[QRect]:
        """Where each chip is."""
        metrics = QFontMetrics(ui_font(12, QFont.Weight.DemiBold))
        boxes: list[QRect] = []
        x = y = 0
        for _, words in self.chips:
            thumb = self.definition.kind is DefinitionKind.THUMB and words in ("up", "down")
            wide = 40 if thumb else min(width, max(30, metrics.horizontalAdvance(words) + 18))
            if x and x + wide > width:
                x, y = 0, y + _HEIGHT + _GAP
            boxes.append(QRect(x, y, wide, _HEIGHT))
            x += wide + _GAP
        return boxes

    def heightForWidth(self, width: int) -> int:
        boxes = self.boxes(width)
        return boxes[-1].bottom() + 1 if boxes else _HEIGHT

    def sizeHint(self) -> QSize:
        return QSize(150, self.heightForWidth(150))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, _HEIGHT)

    def takes(self, key: int, text: str) -> bool:
        letters = "yYnN" if self.definition.kind is DefinitionKind.YES_NO else ""
        return (
            key == Qt.Key.Key_Space
            or key in _MOVES
            or key in CLEARING
            or (text != "" and text in "123456789" + letters)
        )

    def press(self, key: int, text: str) -> None:
        options = [value for value, _ in options_of(self.definition)]
        if key in CLEARING:
            self.give(None)
        elif key == Qt.Key.Key_Space:
            # round through the chips, as a button is pressed
            at = options.index(self.value) + 1 if self.value in options else 0
            if options:
                self.give(options[at % len(options)], soon=True)
        elif text and text in "yYnN":
            self.give("yes" if text in "yY" else "no")
        elif key in _MOVES:
            if options:
                at = options.index(self.value) if self.value in options else -1
                step = _MOVES[Qt.Key(key)]
                place = max(0, min(len(options) - 1, at + step)) if at >= 0 else 0 if step > 0 else len(options) - 1
                self.give(options[place], soon=True)
        elif int(text) <= len(options):
            self.give(options[int(text) - 1])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            for (value, _), box in zip(self.chips, self.boxes(self.width()), strict=True):
                if box.contains(event.position().toPoint()):
                    self.give(None if value == self.value else value)
                    return

    def event(self, event: QEvent) -> bool:
        """Qt: the words of a chip that is cut."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for (_, words), box in zip(self.chips, self.boxes(self.width()), strict=True):
                if box.contains(event.pos()):
                    QToolTip.showText(event.globalPos(), tip(words), self)
                    return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        thumb = self.definition.kind is DefinitionKind.THUMB
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for (value, words), box in zip(self.chips, self.boxes(self.width()), strict=True):
                chosen = value == self.value
                icon, tone = _ICONS[value] if thumb and value in _ICONS else ("", "accent")
                colour = getattr(theme, tone)
                border = theme.accent if self.hasFocus() else colour if chosen else theme.raised
                painter.setPen(QPen(QColor(border), 1))
                fill = tinted_ground(colour, theme)
                painter.setBrush(fill if chosen else QColor(theme.raised))
                painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 11, 11)
                if icon:
                    picture = pixmap(icon, colour if chosen else theme.dim, 14, self.devicePixelRatioF(), chosen)
                    painter.drawPixmap(QPointF(box.left() + 13, box.top() + 4), picture)
                    continue
                painter.setFont(ui_font(12, QFont.Weight.DemiBold if chosen else QFont.Weight.Normal))
                room = box.adjusted(8, 0, -7, 0)
                draw_elided(painter, room, words, colour if chosen else theme.dim, Qt.AlignmentFlag.AlignHCenter)
