"""How far a queue is: a line of what passed, failed and was deferred, and the same in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.model.words import format_count
from tailrace.ui.theme import Tokens, give_tip, tokens, ui_font
from tailrace.ui.views.spoken import Role

SEPARATOR = " · "


def paint_progress(painter: QPainter, box: QRectF, theme: Tokens, size: int, parts: tuple[int, int, int]) -> None:
    """Passed, failed and deferred of `size` as one rounded line; a part that is there is at least a pixel wide."""
    clip = QPainterPath()
    clip.addRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(clip)
    painter.fillRect(box, QColor(theme.line))
    left = box.left()
    for count, colour in zip(parts, (theme.ok, theme.err, theme.warn), strict=True):
        width = max(1.0, box.width() * count / max(1, size)) if count else 0.0
        painter.fillRect(QRectF(left, box.top(), max(0.0, width - 1), box.height()), QColor(colour))
        left += width
    painter.restore()


def spoken_progress(size: int, passed: int, failed: int, deferred: int) -> str:
    """The same as the line says, for people who listen, and for its tooltip."""
    left = max(0, size - passed - failed - deferred)
    return (
        f"{format_count(passed)} passed, {format_count(failed)} failed, {format_count(deferred)} deferred, "
        f"{format_count(left)} open of {format_count(size)}"
    )


class ProgressLine(QWidget):
    """The line."""

    SPOKEN_AS = Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = 0
        self._parts = (0, 0, 0)
        self.setAccessibleName("Progress")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_progress(self, size: int, passed: int, failed: int, deferred: int, words: str = "") -> None:
        """How many items, and how many of each state; `words` say it where they are not verdicts."""
        self._size, self._parts = size, (passed, failed, deferred)
        words = words or spoken_progress(size, passed, failed, deferred)
        self.setAccessibleName(f"Progress: {words}")
        give_tip(self, words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            box = QRectF(0, (self.height() - 6) / 2, self.width(), 6)
            paint_progress(painter, box, tokens(self), self._size, self._parts)


class ProgressWords(QWidget):
    """Words in parts, of which the last go first where there is little room."""

    SPOKEN_AS = Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[str] = []
        self._shown = 0
        self.setFont(ui_font(13))
        self.setAccessibleName("Progress in words")

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return len(self._parts)

    @property
    def shown(self) -> str:
        """The parts that are shown."""
        return SEPARATOR.join(self._parts[: self._shown])

    def set_words(self, words: str) -> None:
        """Parts between middle dots."""
        self._parts = words.split(SEPARATOR) if words else []
        self.setAccessibleName(words)
        give_tip(self, words)
        self.update()

    def width_for(self, parts: int) -> int:
        """Pixels that the first `parts` take."""
        return QFontMetrics(self.font()).horizontalAdvance(SEPARATOR.join(self._parts[:parts])) + 2 if parts else 0

    def show_parts(self, parts: int) -> None:
        """Show the first `parts`."""
        self._shown = parts
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(self.font())
            painter.setPen(QColor(tokens(self).dim))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), self.shown)
