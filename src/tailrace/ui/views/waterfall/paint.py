"""Draws the rows that are visible: names, figures, bars. Colours, fonts and cut texts are kept between frames."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QLinearGradient, QPainter, QPen, QPixmap, QPolygonF

from tailrace.model.tree import KINDS, TreeMark
from tailrace.model.words import format_count
from tailrace.ui.theme import Tokens, kind_icon, pixmap, ui_font
from tailrace.ui.views.waterfall import layout
from tailrace.ui.views.waterfall.columns import figure
from tailrace.ui.views.waterfall.hints import MARKS, duration_words, marks_of
from tailrace.ui.views.waterfall.layout import BAR, BAR_TOP, GLYPH, MARGIN, MIN_BAR, ROW, TRIANGLE, Geometry
from tailrace.ui.views.waterfall.rows import HEADING
from tailrace.ui.views.waterfall.scene import Scene

_DIMMED = 0.38
_MOST_TEXTS = 20_000
_TEAR = 10


class Text:
    """A font with its cut texts and widths remembered."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self.baseline = (ROW + self.metrics.capHeight()) // 2
        self._cut: dict[tuple[str, int], tuple[str, int]] = {}
        self._widths: dict[str, int] = {}

    def width(self, text: str) -> int:
        """Pixels of a short text."""
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) > _MOST_TEXTS:
                self._widths.clear()
            found = self._widths[text] = self.metrics.horizontalAdvance(text)
        return found

    def cut(self, text: str, room: int) -> tuple[str, int]:
        """A text cut to `room` pixels with an ellipsis, on one line, and its width."""
        found = self._cut.get((text, room))
        if found is None:
            if len(self._cut) > _MOST_TEXTS:
                self._cut.clear()
            line = " ".join(text[:400].split()) or "(no name)"
            cut = self.metrics.elidedText(line, Qt.TextElideMode.ElideRight, room)
            found = self._cut[text, room] = (cut, self.metrics.horizontalAdvance(cut))
        return found


class Style:
    """Everything Qt that painting needs in one theme at one pixel ratio."""

    def __init__(self, theme: Tokens, ratio: float) -> None:
        self.theme = theme
        self.ratio = ratio
        self.name = Text(ui_font(13))
        self.small = Text(ui_font(11))
        self.bg, self.panel, self.raised = QColor(theme.bg), QColor(theme.panel), QColor(theme.raised)
        self.line, self.line2 = QColor(theme.line), QColor(theme.line2)
        self.text, self.dim, self.faint = QColor(theme.text), QColor(theme.dim), QColor(theme.faint)
        self.accent, self.accent_bg = QColor(theme.accent), QColor(theme.accent_bg)
        self.err, self.warn = QColor(theme.err), QColor(theme.warn)
        self.grid = QColor(theme.line)
        self.grid.setAlpha(150)
        self.hatch = QColor(theme.line2)
        self.hatch.setAlpha(150)
        self.guide = QColor(theme.line2)
        self.guide.setAlpha(130)
        self.hover = QColor(theme.raised)
        self.critical = QColor(theme.text)
        self.critical.setAlpha(190)
        self.kinds = [QColor(theme.kind(kind)) for kind in KINDS]
        self.on_kinds = [QColor("#0b0e13" if colour.lightnessF() > 0.55 else "#ffffff") for colour in self.kinds]
        if not theme.dark:
            self.on_kinds = [QColor("#ffffff")] * len(KINDS)
        self.error_pen = QPen(self.err, 1.5)
        self._glyphs: dict[int, QPixmap] = {}

        self.tear = self._draw_tear()

    def _draw_tear(self) -> QPixmap:
        """Two zig-zags in the background's colour, as high as a bar."""
        size = QSizeF(_TEAR, BAR + 2) * self.ratio
        picture = QPixmap(size.toSize())
        picture.setDevicePixelRatio(self.ratio)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.bg, 2))
            for x in (_TEAR / 2 - 2.5, _TEAR / 2 + 2.5):
                painter.drawPolyline(QPolygonF([QPointF(x + (2 if k % 2 else -2), k * 4) for k in range(5)]))
        return picture

    def glyph(self, kind: int) -> QPixmap:
        """The icon of a kind in its colour."""
        found = self._glyphs.get(kind)
        if found is None:
            which = KINDS[kind]
            found = self._glyphs[kind] = self.icon(kind_icon(which), self.theme.kind(which), GLYPH)
        return found

    def icon(self, name: str, colour: str, size: int = GLYPH) -> QPixmap:
        """Any icon, sharp at this pixel ratio."""
        return pixmap(name, colour, size, self.ratio)


@dataclass(frozen=True, slots=True)
class Frame:
    """What one frame shows: the size of the area, how far it is scrolled, and where pointer and focus are.
    `hovered` is a position (not a tree row), -1 for none. `grid` holds the x of the ruler's ticks."""

    height: int
    scroll: int
    hovered: int
    focused: bool
    grid: tuple[int, ...]


def paint_rows(painter: QPainter, scene: Scene, geometry: Geometry, style: Style, frame: Frame) -> None:
    """Draw the visible rows onto a cleared background."""
    first = max(frame.scroll // ROW, 0)
    last = min((frame.scroll + frame.height) // ROW + 1, len(scene.rows))
    rows: list[int] = scene.rows[first:last].tolist()
    top = first * ROW - frame.scroll
    for at in frame.grid:
        painter.fillRect(at, 0, 1, frame.height, style.grid)
    _paint_gaps(painter, scene, geometry, QBrush(style.panel), frame.height)
    _paint_backgrounds(painter, scene, geometry, style, frame, rows, top, first)
    _paint_gaps(painter, scene, geometry, QBrush(style.hatch, Qt.BrushStyle.BDiagPattern), frame.height)

    painter.setClipRect(geometry.bars, 0, geometry.width - geometry.bars, frame.height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    labels = _paint_bars(painter, scene, geometry, style, rows, top)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setFont(style.small.font)
    for x, y, text, colour, opacity in labels:
        painter.setOpacity(opacity)
        painter.setPen(colour)
        painter.drawText(QPointF(x, y), text)
    painter.setOpacity(1.0)

    painter.setClipRect(0, 0, geometry.name, frame.height)
    painter.setFont(style.name.font)
    for i, row in enumerate(rows):
        if row == HEADING:
            _paint_heading(painter, scene, style, top + i * ROW)
        else:
            _paint_name(painter, scene, geometry, style, row, top + i * ROW)
    painter.setOpacity(1.0)
    painter.setClipping(False)
    if geometry.columns:
        _paint_columns(painter, scene, geometry, style, rows, top)
    painter.fillRect(geometry.bars - 1, 0, 1, frame.height, style.line)
    if geometry.columns:
        painter.fillRect(geometry.name - 1, 0, 1, frame.height, style.line)


def _paint_backgrounds(
    painter: QPainter,
    scene: Scene,
    geometry: Geometry,
    style: Style,
    frame: Frame,
    rows: list[int],
    top: int,
    first: int,
) -> None:
    if 0 <= frame.hovered - first < len(rows) and rows[frame.hovered - first] >= 0:
        painter.fillRect(0, top + (frame.hovered - first) * ROW, geometry.width, ROW, style.hover)
    if scene.selected >= 0 and scene.selected in rows:
        y = top + rows.index(scene.selected) * ROW
        painter.fillRect(0, y, geometry.width, ROW, style.accent_bg)
        if frame.focused:
            painter.setPen(style.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(0, y, geometry.width - 1, ROW - 1)


def _paint_gaps(painter: QPainter, scene: Scene, geometry: Geometry, brush: QBrush, height: int) -> None:
    """Squeezed idle time as stripes behind the bars."""
    for gap in scene.axis.gaps:
        begin, end = geometry.x(scene.window, gap.shown_begin), geometry.x(scene.window, gap.shown_end)
        begin, end = max(begin, geometry.bars), min(end, geometry.width)
        if end <= begin:
            continue
        painter.fillRect(QRectF(begin, 0, end - begin, height), brush)


def _paint_bars(
    painter: QPainter, scene: Scene, geometry: Geometry, style: Style, rows: list[int], top: int
) -> list[tuple[float, float, str, QColor, float]]:
    """Draw bars and critical path; the labels come back, so that text is drawn without smoothing of shapes."""
    tree, window, analysis = scene.tree, scene.window, scene.analysis
    labels: list[tuple[float, float, str, QColor, float]] = []
    left, right = float(geometry.bars), float(geometry.width)
    tears = _place_tears(scene, geometry)
    begin: float
    end: float
    scale = geometry.span / window.span
    low, zero = window.low, geometry.left
    for i, row in enumerate(rows):
        if row == HEADING:
            continue
        y = top + i * ROW
        opacity = _DIMMED if scene.keep is not None and not scene.keep[row] else 1.0
        painter.setOpacity(opacity)
        kind = int(tree.kind[row])
        colour = style.kinds[kind]
        begin = zero + (int(scene.begin[row]) - low) * scale
        end = zero + (int(scene.end[row]) - low) * scale
        is_open = int(tree.duration[row]) < 0
        error = bool(scene.errors[row])
        text = duration_words(scene, row)
        if end < left or begin > right:
            _paint_pointer(painter, colour, left if end < left else right, y, end < left)
            continue
        drawn = QRectF(max(begin, left - 8), y + BAR_TOP, 0, BAR)
        drawn.setRight(max(min(end, right + 8), drawn.left() + MIN_BAR))
        painter.setPen(style.error_pen if error else Qt.PenStyle.NoPen)
        if is_open:
            _paint_open(painter, drawn, colour, right)
        else:
            painter.setBrush(colour)
            painter.drawRoundedRect(drawn, *((3.0, 3.0) if drawn.width() > 5 else (1.0, 1.0)))
        for tear in tears:
            if begin <= tear and tear + _TEAR <= end:
                painter.drawPixmap(QPointF(tear, y + BAR_TOP - 1), style.tear)
        if analysis is not None and analysis.critical[row]:
            a = zero + (scene.axis.to_shown(int(analysis.critical_begin[row])) - low) * scale
            b = zero + (scene.axis.to_shown(int(analysis.critical_end[row])) - low) * scale
            a, b = max(a, left), min(max(b, a + MIN_BAR), right)
            painter.fillRect(QRectF(a, y + BAR_TOP + BAR + 2, b - a, 2), style.critical)
        x, inside = layout.place_label(begin, drawn.right(), style.small.width(text), geometry)
        tint = style.on_kinds[kind] if inside and not is_open else style.text if inside else style.dim
        labels.append((x, y + style.small.baseline, text, tint, opacity))
    return labels


def _paint_open(painter: QPainter, bar: QRectF, colour: QColor, edge: float) -> None:
    """A bar that fades out and ends in an arrow: nobody knows where it ends."""
    end = min(bar.right(), edge)
    fade = QLinearGradient(bar.left(), 0, end, 0)
    fade.setColorAt(0, colour)
    clear = QColor(colour)
    clear.setAlpha(40)
    fade.setColorAt(1, clear)
    painter.setBrush(fade)
    painter.drawRoundedRect(bar, 3, 3)
    if bar.right() <= edge and bar.width() > 14:
        middle = bar.center().y()
        painter.setPen(QPen(colour, 1.6))
        painter.drawPolyline(
            QPolygonF([QPointF(end - 7, middle - 4), QPointF(end - 2.5, middle), QPointF(end - 7, middle + 4)])
        )


def _paint_pointer(painter: QPainter, colour: QColor, edge: float, y: int, to_left: bool) -> None:
    """A small triangle at the edge behind which a bar lies."""
    way = 1 if to_left else -1
    middle = y + ROW / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    tip = edge + 3 * way
    painter.drawPolygon(
        QPolygonF([QPointF(tip, middle), QPointF(tip + 5 * way, middle - 4), QPointF(tip + 5 * way, middle + 4)])
    )


def _place_tears(scene: Scene, geometry: Geometry) -> list[float]:
    """Where bars are torn: the left edge of a tear in each visible gap that has room for one."""
    places = []
    for gap in scene.axis.gaps:
        begin, end = geometry.x(scene.window, gap.shown_begin), geometry.x(scene.window, gap.shown_end)
        middle = (begin + end) / 2
        if end - begin >= _TEAR and geometry.bars <= middle <= geometry.width:
            places.append(middle - _TEAR / 2)
    return places


def _paint_heading(painter: QPainter, scene: Scene, style: Style, y: int) -> None:
    painter.drawPixmap(MARGIN, y + (ROW - GLYPH) // 2, style.icon("unlink", style.theme.warn))
    painter.setPen(style.dim)
    painter.drawText(MARGIN + GLYPH + 6, y + style.name.baseline, f"missing parent · {format_count(scene.orphans)}")


def _paint_name(painter: QPainter, scene: Scene, geometry: Geometry, style: Style, row: int, y: int) -> None:
    tree = scene.tree
    dimmed = scene.keep is not None and not scene.keep[row]
    painter.setOpacity(_DIMMED if dimmed else 1.0)
    depth = depth_shown(scene, row)
    x = layout.indent(depth, geometry)
    middle = y + (ROW - GLYPH) // 2
    for level in range(min(depth, (x - MARGIN) // layout.INDENT)):
        painter.fillRect(MARGIN + level * layout.INDENT + TRIANGLE // 2, y, 1, ROW, style.guide)
    if depth * layout.INDENT > x - MARGIN:
        text = format_count(depth)
        painter.setFont(style.small.font)
        painter.setPen(style.faint)
        painter.drawText(x - 4 - style.small.width(text), y + style.small.baseline, text)
        painter.setFont(style.name.font)
    if scene.has_children[row]:
        shape = "chevron-right" if scene.collapsed[row] else "chevron-down"
        painter.drawPixmap(x, y + (ROW - TRIANGLE) // 2, style.icon(shape, style.theme.dim, TRIANGLE))
    x += TRIANGLE + 4
    painter.drawPixmap(x, middle, style.glyph(int(tree.kind[row])))
    x += GLYPH + 6

    after: list[QPixmap | str] = []
    hidden = scene.hidden_below(row)
    if scene.errors[row]:
        after.append(style.icon("circle-alert", style.theme.err))
    after.extend(style.icon(MARKS[mark], style.theme.warn) for mark in marks_of(scene, row))
    if int(tree.marks[row]) & TreeMark.OPEN:
        after.append(style.icon("hourglass", style.theme.dim))
    if (up := scene.thumbs.get(row)) is not None:
        theme = style.theme
        after.append(style.icon("thumbs-up" if up else "thumbs-down", theme.ok if up else theme.err))
    if hidden:
        after.append(f"+{format_count(hidden)}")
        if below := int(scene.errors_below[row]):
            after.append(style.icon("circle-x", style.theme.err))
            after.append(f"!{format_count(below)}")
    taken = sum(style.small.width(item) + 16 if isinstance(item, str) else GLYPH + 5 for item in after)
    room = max(geometry.name - x - taken - 6, 24)
    text, width = style.name.cut(tree.names[row], room)
    is_match = scene.found is not None and bool(scene.found[row])
    if is_match:
        painter.fillRect(x - 3, y + 3, width + 6, ROW - 6, style.accent_bg if row != scene.selected else style.panel)
        painter.fillRect(x - 3, y + ROW - 4, width + 6, 1, style.accent)
    painter.setPen(style.dim if scene.found is not None and not is_match else style.text)
    painter.drawText(x, y + style.name.baseline, text)
    x += width + 6
    for item in after:
        if isinstance(item, QPixmap):
            painter.drawPixmap(x, middle, item)
            x += GLYPH + 5
        elif item.startswith("!"):
            x = _paint_figure(painter, style, x - 2, y, item[1:])
        else:
            x = _paint_chip(painter, style, x, y, item)


def _paint_figure(painter: QPainter, style: Style, x: int, y: int, text: str) -> int:
    painter.setFont(style.small.font)
    painter.setPen(style.err)
    painter.drawText(x, y + style.small.baseline, text)
    painter.setFont(style.name.font)
    return x + style.small.width(text) + 6


def _paint_chip(painter: QPainter, style: Style, x: int, y: int, text: str) -> int:
    width = style.small.width(text) + 10
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.line)
    painter.drawRoundedRect(x, y + 4, width, ROW - 8, 8, 8)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setFont(style.small.font)
    painter.setPen(style.text)
    painter.drawText(x + 5, y + style.small.baseline, text)
    painter.setFont(style.name.font)
    return x + width + 6


def _paint_columns(
    painter: QPainter, scene: Scene, geometry: Geometry, style: Style, rows: list[int], top: int
) -> None:
    painter.setFont(style.small.font)
    painter.setPen(style.dim)
    for column, _, right in geometry.column_edges():
        for i, row in enumerate(rows):
            if row == HEADING:
                continue
            text = figure(column, scene.tree, scene.analysis, row)
            painter.setOpacity(_DIMMED if scene.keep is not None and not scene.keep[row] else 1.0)
            painter.drawText(right - 8 - style.small.width(text), top + i * ROW + style.small.baseline, text)
    painter.setOpacity(1.0)


def depth_shown(scene: Scene, row: int) -> int:
    """How far a row is indented: a subtree whose parent is missing stands one step below its heading."""
    return int(scene.tree.depth[row]) + int(scene.orphaned[row])
