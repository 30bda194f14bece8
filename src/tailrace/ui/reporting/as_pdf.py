"""A report as a PDF: each dashboard on pages of its own, drawn as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPageLayout, QPageSize, QPainter, QPdfWriter

from tailrace.errors import SourceError
from tailrace.ui.reporting.sections import WIDTH, Section
from tailrace.ui.theme import Tokens, ui_font
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.text import one_line

_MARGIN_MM = 9
_HEAD = 64  # pixels of a dashboard above its name and what was looked at
_GAP = 12
_DOTS = 300  # an inch


def write_pdf(path: Path, title: str, sections: Sequence[tuple[Section, str]], theme: Tokens) -> int:
    """Write the pages, and how many there are. Raises SourceError where the file cannot be written."""
    writer = QPdfWriter(str(path))
    writer.setTitle(one_line(title))
    writer.setCreator("Tailrace")
    writer.setResolution(_DOTS)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins,
                    QPageLayout.Unit.Millimeter)
    )  # fmt: skip
    scale = writer.width() / WIDTH
    room = int(writer.height() / scale)
    pages = 0
    painter = QPainter()
    if not painter.begin(writer):
        raise SourceError(f"{path} cannot be written.", "Choose another place.")
    try:
        painter.scale(scale, scale)
        for section, words in sections:
            for number, page in enumerate(_pages(section, room)):
                if pages:
                    writer.newPage()
                pages += 1
                if theme.dark:
                    _paint_paper(painter, writer, scale, theme)
                top = 0
                if number == 0:
                    _paint_head(painter, section.dashboard.name, words, theme)
                    top = _HEAD
                for card, x, y, shrunk in page:
                    painter.save()
                    painter.translate(QPointF(x, top + y))
                    painter.scale(shrunk, shrunk)
                    card.paint_on(painter)
                    painter.restore()
    finally:
        painter.end()
    return pages


def _paint_paper(painter: QPainter, writer: QPdfWriter, scale: float, theme: Tokens) -> None:
    """The theme's ground on the whole page, its margins too: light words on white paper could not be read."""
    page, within = (writer.pageLayout().fullRectPixels(_DOTS), writer.pageLayout().paintRectPixels(_DOTS))
    left, top = -within.left() / scale, -within.top() / scale
    painter.fillRect(QRectF(left, top, page.width() / scale + 1, page.height() / scale + 1), QColor(theme.bg))


def _paint_head(painter: QPainter, name: str, words: str, theme: Tokens) -> None:
    painter.setPen(QColor(theme.text))
    painter.setFont(ui_font(22))
    painter.drawText(QRectF(0, 0, WIDTH, 30), int(Qt.AlignmentFlag.AlignVCenter), one_line(name))
    painter.setPen(QColor(theme.dim))
    painter.setFont(ui_font(12))
    shown = painter.fontMetrics().elidedText(one_line(words), Qt.TextElideMode.ElideRight, WIDTH)
    painter.drawText(QRectF(0, 32, WIDTH, 18), int(Qt.AlignmentFlag.AlignVCenter), shown)


_Placed = tuple[ChartCard, int, float, float]


def _pages(section: Section, room: int) -> list[list[_Placed]]:
    """The cards of each page: (card, x, y, how much smaller). Rows of cards stay together."""
    pages: list[list[_Placed]] = [[]]
    left, used = room - _HEAD, 0
    for first, last, cards in _bands(section):
        height = last - first
        if used and used + height > left:
            pages.append([])
            left, used = room, 0
        shrunk = min(1.0, (left - used) / height)
        pages[-1] += [(card, round(x * shrunk), used + (y - first) * shrunk, shrunk) for card, x, y in cards]
        used += round(height * shrunk) + _GAP
    return pages


def _bands(section: Section) -> list[tuple[int, int, list[tuple[ChartCard, int, int]]]]:
    """Rows of cards that no card reaches out of: (top, bottom, [(card, x, y)])."""
    bands: list[tuple[int, int, list[tuple[ChartCard, int, int]]]] = []
    for card, box in section.cards:
        placed = (card, box.x, box.y)
        if bands and box.y < bands[-1][1]:
            top, bottom, cards = bands[-1]
            bands[-1] = (top, max(bottom, box.y + box.height), [*cards, placed])
        else:
            bands.append((box.y, box.y + box.height, [placed]))
    return bands
