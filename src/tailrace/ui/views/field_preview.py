"""How a score's field will look to a reviewer."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.model.review import DefinitionKind, ScoreDefinition
from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.spoken import Role

_LEFT = Qt.AlignmentFlag.AlignLeft


class FieldPreview(QWidget):
    """A picture; nothing in it can be pressed."""

    SPOKEN_AS = Role.Grouping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._definition: ScoreDefinition | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("How reviewers will see it")

    def show_definition(self, definition: ScoreDefinition | None) -> None:
        """Show a definition; None says that it is not complete."""
        self._definition = definition
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(380, 104)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        shown = self._definition
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(theme.panel))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            box = self.rect().adjusted(14, 10, -14, -10)
            painter.setFont(ui_font(12))
            if shown is None:
                draw_elided(painter, box, "Complete the form to see the field.", theme.faint, _LEFT)
                return
            painter.setFont(ui_font(13, QFont.Weight.DemiBold))
            head = QRect(box.left(), box.top(), box.width(), 20)
            draw_elided(painter, head.adjusted(0, 0, -70, 0), shown.name, theme.text, _LEFT)
            painter.setFont(ui_font(12))
            if shown.required:
                draw_elided(painter, head, "required", theme.warn, Qt.AlignmentFlag.AlignRight)
            low = QRect(box.left(), box.top() + 20, box.width(), 18)
            draw_elided(painter, low, shown.description, theme.dim, _LEFT)
            self._draw_field(painter, shown, QRect(box.left(), box.top() + 46, box.width(), 28))

    def _draw_field(self, painter: QPainter, shown: ScoreDefinition, box: QRect) -> None:
        theme = tokens(self)
        match shown.kind:
            case DefinitionKind.NUMBER:
                self._draw_scale(painter, shown, box)
            case DefinitionKind.CATEGORY:
                self._draw_chips(painter, shown.options, box)
            case DefinitionKind.YES_NO:
                self._draw_chips(painter, ("yes", "no"), box)
            case DefinitionKind.THUMB:
                for place, name in enumerate(("thumbs-up", "thumbs-down")):
                    button = QRectF(box.left() + place * 48, box.top(), 42, 27)
                    painter.setPen(QPen(QColor(theme.line2), 1))
                    painter.setBrush(QColor(theme.raised))
                    painter.drawRoundedRect(button, 6, 6)
                    picture = pixmap(name, theme.text, 16, self.devicePixelRatioF())
                    painter.drawPixmap(int(button.left()) + 13, int(button.top()) + 6, picture)
            case DefinitionKind.TEXT:
                painter.setPen(QPen(QColor(theme.line2), 1))
                painter.setBrush(QColor(theme.bg))
                painter.drawRoundedRect(QRectF(box), 6, 6)
                draw_elided(painter, box.adjusted(9, 0, -9, 0), "text", theme.faint, _LEFT)

    def _draw_scale(self, painter: QPainter, shown: ScoreDefinition, box: QRect) -> None:
        theme = tokens(self)
        metrics = painter.fontMetrics()
        low, high = f"{shown.low:.6g}", f"{shown.high:.6g}"
        left = box.left() + metrics.horizontalAdvance(low) + 10
        right = box.right() - metrics.horizontalAdvance(high) - 10
        draw_elided(painter, box, low, theme.dim, _LEFT)
        draw_elided(painter, box, high, theme.dim, Qt.AlignmentFlag.AlignRight)
        line = QRectF(left, box.center().y() - 2, max(20, right - left), 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(line, 2.5, 2.5)
        steps = round((shown.high - shown.low) / shown.step)
        share = round(steps * 0.7) / max(1, steps)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(QRectF(line.left(), line.top(), line.width() * share, 5), 2.5, 2.5)
        painter.drawEllipse(QRectF(line.left() + line.width() * share - 6, line.center().y() - 6, 12, 12))
        painter.setPen(QColor(theme.line2))
        if steps <= 40:
            for step in range(steps + 1):
                x = int(line.left() + line.width() * step / steps)
                painter.drawLine(x, int(line.bottom()) + 6, x, int(line.bottom()) + 8)

    def _draw_chips(self, painter: QPainter, options: tuple[str, ...], box: QRect) -> None:
        theme = tokens(self)
        x = box.left()
        for place, option in enumerate(options):
            wide = min(painter.fontMetrics().horizontalAdvance(option) + 20, 180)
            if x + wide > box.right() - 60 and place < len(options) - 1:
                rest = f"and {len(options) - place} more"
                draw_elided(painter, QRect(x, box.top(), box.right() - x, 24), rest, theme.dim, _LEFT)
                return
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_bg if place == 0 else theme.raised))
            painter.drawRoundedRect(QRectF(x, box.top(), wide, 24), 12, 12)
            colour = theme.accent if place == 0 else theme.dim
            draw_elided(painter, QRect(x + 9, box.top(), wide - 14, 24), option, colour, Qt.AlignmentFlag.AlignHCenter)
            x += wide + 6
