"""Pictures inside messages as thumbnails; everything else that is not text as a line that says what it is."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QImageReader, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from tailrace.jobs import Ticket
from tailrace.model import MediaPart
from tailrace.model.words import format_bytes
from tailrace.ui.theme import give_tip, mono_font, pixmap, tokens, ui_font
from tailrace.ui.views.background import Background
from tailrace.ui.views.spoken import Role

MAX_PIXELS = 64_000_000
MAX_BYTES = 128_000_000
_THUMB = QSize(220, 150)
# Never svg: it may name files and addresses of its own.
_DRAWN = {b"png", b"jpeg", b"gif", b"bmp", b"webp"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """`image` is None where nothing could or should be drawn; `words` says what it is or why not."""

    image: QImage | None
    words: str


def describe(part: MediaPart) -> str:
    """One line: what it is, its type, its size or where it is."""
    name = part.mime_type or part.modality or "media"
    if part.data is None:
        return f"{name} · {part.uri or 'no data'} · not fetched" if part.uri else f"{name} · no data recorded"
    return f"{name} · {format_bytes(_size(part.data))}"


def decode(part: MediaPart, bound: QSize = _THUMB, ratio: float = 1.0) -> Decoded:
    """A picture no larger than `bound` logical pixels; runs on any thread. The size is read from the header first, so
    that a few bytes cannot ask for gigabytes."""
    words = describe(part)
    if part.data is None:
        return Decoded(None, words)
    if _size(part.data) > MAX_BYTES:
        return Decoded(None, f"{words} · too large to draw")
    text = part.data
    if text[:5] == "data:":
        text = text.partition(",")[2]
    try:
        raw = base64.b64decode(text, altchars=b"-_" if "-" in text or "_" in text else None)
    except (binascii.Error, ValueError):
        return Decoded(None, f"{words} · not sound base64")
    buffer = QBuffer()
    buffer.setData(QByteArray(raw))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    if reader.format().data() not in _DRAWN:
        return Decoded(None, words)
    size = reader.size()
    if not size.isValid():
        return Decoded(None, f"{words} · cannot be read")
    words = f"{part.mime_type or part.modality} · {size.width()} × {size.height()} · {format_bytes(len(raw))}"
    if size.width() * size.height() > MAX_PIXELS:
        return Decoded(None, f"{words} · more than 64 megapixels, not drawn")
    room = bound * ratio
    if size.width() > room.width() or size.height() > room.height():
        reader.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        return Decoded(None, f"{words} · cannot be read")
    image.setDevicePixelRatio(ratio)
    return Decoded(image, words)


def _size(data: str) -> int:
    return max(0, len(data) * 3 // 4 - data[-2:].count("="))


class MediaThumb(QWidget):
    """The thumbnail of one part, decoded behind the window; until then and without a picture an icon."""

    SPOKEN_AS = Role.Graphic

    def __init__(self, part: MediaPart, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = part
        self._words = describe(part)
        self._picture: QPixmap | None = None
        self.setFont(ui_font(12))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._name_it()
        if part.data is not None:
            ratio = self.devicePixelRatioF()

            def work(ticket: Ticket) -> Decoded:
                return decode(part, _THUMB, ratio)

            background.run(self, work, self._show)

    @property
    def words(self) -> str:
        """What is written below or beside the picture."""
        return self._words

    @property
    def has_picture(self) -> bool:
        """True once the picture is drawn."""
        return self._picture is not None

    def heightForWidth(self, width: int) -> int:
        if self._picture is None:
            metrics = QFontMetrics(self.font())
            wrap = int(Qt.TextFlag.TextWrapAnywhere)
            return max(30, metrics.boundingRect(QRect(0, 0, width - 44, 10_000), wrap, self._words).height() + 14)
        return round(self._picture_size(width).height()) + 24

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(200))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setFont(self.font())
            if self._picture is None:
                painter.setPen(QPen(QColor(theme.line), 1))
                painter.setBrush(QColor(theme.raised))
                painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
                name = "image" if self._part.modality == "image" else "file"
                painter.drawPixmap(10, (self.height() - 16) // 2, pixmap(name, theme.dim, 16, self.devicePixelRatioF()))
                painter.setPen(QColor(theme.dim))
                flags = Qt.TextFlag.TextWrapAnywhere.value | Qt.AlignmentFlag.AlignVCenter.value
                painter.drawText(self.rect().adjusted(34, 0, -8, 0), flags, self._words)
                return
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = self._picture_size(self.width())
            painter.drawPixmap(QRect(0, 0, size.width(), size.height()), self._picture)
            painter.setFont(mono_font(11))
            painter.setPen(QColor(theme.dim))
            painter.drawText(0, size.height() + 17, self._words)

    def _picture_size(self, width: int) -> QSize:
        assert self._picture is not None
        size = self._picture.deviceIndependentSize().toSize()
        return size if size.width() <= width else size.scaled(width, size.height(), Qt.AspectRatioMode.KeepAspectRatio)

    def _show(self, decoded: Decoded) -> None:
        self._words = decoded.words
        if decoded.image is not None:
            self._picture = QPixmap.fromImage(decoded.image)
        self._name_it()
        self.updateGeometry()
        self.update()

    def _name_it(self) -> None:
        self.setAccessibleName(self._words)
        give_tip(self, self._words[:300])
