"""The area that files are dropped on: it says what would happen while they are in the air, and what goes on after."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from tailrace.ui.theme import icon, pixmap, tip, tokens, ui_font

_HEIGHT = 212
_LOW_HEIGHT = 172
_DASHES = [5.0, 4.0]


class DropLook(Enum):
    """What the area says: come, let go, no, or wait."""

    IDLE = "download"
    OFFER = "folder-open"
    REFUSED = "circle-x"
    BUSY = "hourglass"


class DropArea(QFrame):
    """It takes no drops itself: the whole window does, and tells it.

    Signals: `open_wanted()`, `cancelled()` of what is being opened.
    """

    open_wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DropLook.IDLE
        self._words = ("", "")
        self._picture = _centred("")
        self._title = _centred("", ui_font(14, QFont.Weight.DemiBold))
        self._hint = _centred("dim")
        self._hint.setWordWrap(True)
        self.open = QPushButton("Open a file…")
        self.open.setObjectName("primary")
        self.open.clicked.connect(self.open_wanted)
        self.open.setAutoDefault(True)  # Enter presses it, as in a dialog
        self._key = QLabel()
        self._key.setObjectName("key")
        self._bar: QProgressBar | None = None  # made when something is opened
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self.cancelled)
        self._row = row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch(1)
        for part in (self.open, self._key, self.cancel):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 12, 28, 12)
        column.setSpacing(6)
        column.addStretch(1)
        for label in (self._picture, self._title, self._hint):
            column.addWidget(label)
        column.addSpacing(10)
        column.addLayout(row)
        column.addStretch(1)
        self.set_low(False)
        self.show_idle()

    @property
    def look(self) -> DropLook:
        """What it says now."""
        return self._look

    @property
    def words(self) -> tuple[str, str]:
        """The title and the sentence below it."""
        return self._words

    def set_low(self, low: bool) -> None:
        """Take less height."""
        self.setFixedHeight(_LOW_HEIGHT if low else _HEIGHT)

    def show_key(self, key: str) -> None:
        """The key that opens a file; "" for none."""
        self._key.setText(key)
        self.open.setAccessibleDescription(f"Key: {key}" if key else "")
        self._arrange()

    def show_idle(self) -> None:
        """Nothing is in the air and nothing under way."""
        self._say(DropLook.IDLE, "Drop trace files here", "Recognised by their content, and only ever read.")

    def show_offer(self, title: str, sentence: str) -> None:
        """Files are in the air that may be let go."""
        self._say(DropLook.OFFER, title, sentence)

    def show_refused(self, title: str, sentence: str) -> None:
        """What is in the air cannot be opened."""
        self._say(DropLook.REFUSED, title, sentence)

    def show_busy(self, title: str, sentence: str = "", share: float | None = None) -> None:
        """Something is being opened; `share` of it is done (0 to 1), None where nobody knows."""
        if self._bar is None:
            self._bar = QProgressBar()
            self._bar.setTextVisible(False)
            self._bar.setFixedWidth(220)
            self._row.insertWidget(1, self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        self._bar.setRange(0, 0 if share is None else 1000)
        self._bar.setValue(round(1000 * min(1.0, max(0.0, share or 0.0))))
        self._say(DropLook.BUSY, title, sentence)

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the dashed edge."""
        theme = tokens(self)
        edge, ground = {
            DropLook.IDLE: (theme.faint, theme.panel),
            DropLook.OFFER: (theme.accent, theme.accent_bg),
            DropLook.REFUSED: (theme.err, theme.raised),
            DropLook.BUSY: (theme.line2, theme.panel),
        }[self._look]
        pen = QPen(QColor(edge), 2 if self._look in (DropLook.OFFER, DropLook.REFUSED) else 1.2)
        if self._look is not DropLook.BUSY:
            pen.setDashPattern(_DASHES)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 12, 12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: room for another part of the title."""
        super().resizeEvent(event)
        self._show_title()

    def _show_title(self) -> None:
        room = max(200, self.width() - 64)
        shown = self._title.fontMetrics().elidedText(self._words[0], Qt.TextElideMode.ElideMiddle, room)
        self._title.setText(shown)

    def _say(self, look: DropLook, title: str, sentence: str) -> None:
        self._look, self._words = look, (title, sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self._show_title()
        self._hint.setText(sentence)
        self._hint.setToolTip(tip(sentence))
        self._arrange()
        self._dress()

    def _arrange(self) -> None:
        busy = self._look is DropLook.BUSY
        self.open.setVisible(not busy)
        self._key.setVisible(not busy and bool(self._key.text()))
        if self._bar is not None:
            self._bar.setVisible(busy)
        self.cancel.setVisible(busy)

    def _dress(self) -> None:
        theme = tokens(self)
        colour = {DropLook.IDLE: theme.accent, DropLook.OFFER: theme.accent, DropLook.REFUSED: theme.err}
        picture = pixmap(self._look.value, colour.get(self._look, theme.dim), 30, self.devicePixelRatioF())
        self._picture.setPixmap(picture)
        self.open.setIcon(icon("folder-open", theme.on_accent))
        self.update()


def _centred(name: str, font: QFont | None = None) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if font is not None:
        label.setFont(font)
    return label
