"""Notes under their headings, with the failure modes that may fit each; every action has a key."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from tailrace.model.review import Remark
from tailrace.model.words import format_age, format_count
from tailrace.ui.theme import mono_font, tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided, mixed
from tailrace.ui.views.review.remark_rows import Chip, Heading, NoteRow, RemarkRow

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_LEFT = Qt.AlignmentFlag.AlignLeft
_HEADING, _NOTE, _LINE, _CHIPS, _MARGIN = 38, 48, 18, 26, 14
_NOTHING = QModelIndex()


class RemarkModel(QAbstractListModel):
    """The rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[RemarkRow] = []

    def show_rows(self, rows: Sequence[RemarkRow]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOTHING) -> int:
        """Qt: how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt: what a row is and says."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.words if isinstance(row, Heading) else row.remark.text
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, NoteRow):
            return tip(row.remark.text)
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Qt: headings are stepped over."""
        if index.isValid() and isinstance(self.rows[index.row()], NoteRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags


class RemarkList(QListView):
    """Signals: `number_pressed(object)` a place from 0; `mode_chosen(object)` (NoteRow, mode id) of a chip;
    `new_wanted(object)` (rows, proposed name); `removal_wanted()`; `opened(object)` a trace key;
    `menu_wanted(object)` a global point; `other_wanted()` any mode for the selected notes."""

    SHOWS_FOCUS = True  # in its current row
    number_pressed = Signal(object)
    mode_chosen = Signal(object)
    new_wanted = Signal(object)
    removal_wanted = Signal()
    opened = Signal(object)
    menu_wanted = Signal(object)
    other_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RemarkModel(self)
        self._proposed: set[tuple[str | None, str]] = set()
        self.setModel(self.rows)
        self.setItemDelegate(_RemarkDelegate(self))
        self.setAccessibleName("Notes")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.doubleClicked.connect(self._open_index)

    def show_rows(self, rows: Sequence[RemarkRow]) -> None:
        """Other rows. Selected notes stay selected; where they went elsewhere, the next one in their place is."""
        if rows == self.rows.rows:
            return
        chosen = {(row.mode_id, row.remark.score_id) for row in self.chosen_rows()}
        first = min((index.row() for index in self.selectedIndexes()), default=-1)
        if chosen == self._proposed and not self.hasFocus():
            chosen, first = set(), -1  # nobody chose it
        top = self.verticalScrollBar().value()
        self.rows.show_rows(rows)
        places = [
            place
            for place, row in enumerate(rows)
            if isinstance(row, NoteRow) and (row.mode_id, row.remark.score_id) in chosen
        ]
        if not places:
            places = self._next_note(max(first, 0))
        at = [row for place in places if isinstance(row := rows[place], NoteRow)] if first < 0 else []
        self._proposed = {(row.mode_id, row.remark.score_id) for row in at}
        selection = QItemSelection()
        for place in places:
            index = self.rows.index(place)
            selection.select(index, index)
        if places:
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(self.rows.index(places[0]), flag.NoUpdate)
            self.selectionModel().select(selection, flag.ClearAndSelect)
        self.verticalScrollBar().setValue(top)
        if places and chosen:
            self.scrollTo(self.rows.index(places[0]))

    def chosen_rows(self) -> list[NoteRow]:
        """The selected notes, from the top."""
        rows = [self.rows.rows[index.row()] for index in sorted(self.selectedIndexes())]
        return [row for row in rows if isinstance(row, NoteRow)]

    def notes_of(self, heading: Heading) -> list[NoteRow]:
        """The notes of a section."""
        return [row for row in self.rows.rows if isinstance(row, NoteRow) and row.section == heading.section]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: the keys of the list; other letters are commands of the window."""
        key = event.key()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.number_pressed.emit(key - Qt.Key.Key_1)
        elif plain and key == Qt.Key.Key_M:
            self.new_wanted.emit((self.chosen_rows(), ""))
        elif plain and key == Qt.Key.Key_0:
            self.other_wanted.emit()
        elif plain and key == Qt.Key.Key_G:
            self._offer_group()
        elif plain and key in (Qt.Key.Key_U, Qt.Key.Key_Delete):
            self.removal_wanted.emit()
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_index(self.currentIndex())
        elif event.text() and event.text().isprintable() and key != Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: chips and the offers of headings are pressed, not selected."""
        point = event.position().toPoint()
        index = self.indexAt(point)
        row = index.data(ROW_ROLE)
        if event.button() is Qt.MouseButton.LeftButton:
            area = self.visualRect(index)
            if isinstance(row, Heading) and row.offer and offer_box(area, row).contains(point):
                self.new_wanted.emit((self.notes_of(row), row.name))
                return
            if isinstance(row, NoteRow):
                for chip, box in chip_boxes(area, row):
                    if box.contains(point):
                        self.mode_chosen.emit((row, chip.mode_id))
                        return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: what can be pressed shows a hand."""
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        row, area = index.data(ROW_ROLE), self.visualRect(index)
        over = (isinstance(row, Heading) and bool(row.offer) and offer_box(area, row).contains(point)) or (
            isinstance(row, NoteRow) and any(box.contains(point) for _, box in chip_boxes(area, row))
        )
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def _offer_group(self) -> None:
        row = self.currentIndex().data(ROW_ROLE)
        for heading in self.rows.rows:
            if isinstance(row, NoteRow) and isinstance(heading, Heading) and heading.section == row.section:
                self.new_wanted.emit((self.notes_of(heading) if heading.offer else self.chosen_rows(), heading.name))

    def _next_note(self, place: int) -> list[int]:
        notes = [at for at, row in enumerate(self.rows.rows) if isinstance(row, NoteRow)]
        return [next((at for at in notes if at >= place), notes[-1])] if notes else []

    def _open_index(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, NoteRow):
            self.opened.emit(row.remark.key)

    def _ask_menu(self, point: QPoint) -> None:
        if self.chosen_rows():  # the menu key comes with a point that may be anywhere
            self.menu_wanted.emit(self.viewport().mapToGlobal(point))


def offer_box(area: QRect, heading: Heading) -> QRect:
    """Where a heading's offer is pressed."""
    width = QFontMetrics(ui_font(12)).horizontalAdvance(heading.button) + 18
    return QRect(area.right() - _MARGIN - width, area.top() + 8, width, 23)


def chip_boxes(area: QRect, row: NoteRow) -> list[tuple[Chip, QRect]]:
    """Where a note's chips are; those that do not fit beside the first are left out."""
    metrics = QFontMetrics(ui_font(12))
    x, limit = area.left() + _MARGIN + 42, area.right() - _MARGIN
    boxes: list[tuple[Chip, QRect]] = []
    for chip in row.chips:
        width = min(metrics.horizontalAdvance(chip.name), 220) + (14 if chip.key else 0) + 18
        if boxes and x + width > limit:
            break
        boxes.append((chip, QRect(x, area.bottom() - _CHIPS - 3, min(width, limit - x), 22)))
        x += width + 6
    return boxes


def meta_words(remark: Remark, now_ns: int) -> str:
    """Trace, author and age of a note."""
    age = "" if remark.said_ns is None else format_age(max(0, now_ns - remark.said_ns))
    age = f"{age} ago" if age not in ("", "now") else age
    name = remark.trace_name or ("trace not in this database" if remark.key < 0 else "(no name)")
    return " · ".join(filter(None, (name, remark.author or "", age)))


class _RemarkDelegate(QStyledItemDelegate):
    def __init__(self, view: RemarkList) -> None:
        super().__init__(view)
        self._view = view
        self._metrics = QFontMetrics(ui_font(13))
        self._widths: dict[str, int] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = self._view.rows.rows[index.row()]  # `data` would take as long again, for every note
        if isinstance(row, Heading):
            return QSize(120, _HEADING)
        long = self._width_of(row.remark.text) > self._view.viewport().width() - 2 * _MARGIN
        return QSize(120, _NOTE + (_LINE if long else 0) + (_CHIPS if row.chips else 0))

    def _width_of(self, text: str) -> int:
        # asked for every note whenever the list is laid out
        if (width := self._widths.get(text)) is None:
            width = self._widths[text] = self._metrics.horizontalAdvance(" ".join(text[:600].split()))
        return width

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, area = index.data(ROW_ROLE), QRect(option.rect)
        painter.save()
        if isinstance(row, Heading):
            self._paint_heading(painter, area, row)
        elif isinstance(row, NoteRow):
            current = index == self._view.currentIndex()
            self._paint_note(painter, area, row, option.state, current)
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRect, row: Heading) -> None:
        theme = tokens(self._view)
        painter.fillRect(area, QColor(theme.panel))
        painter.setPen(QPen(QColor(theme.line)))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        limit = area.right() - _MARGIN
        if row.offer:
            box = offer_box(area, row)
            limit = box.left() - 8
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.setBrush(QColor(theme.accent_bg))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.setFont(ui_font(12))
            painter.setPen(QColor(theme.accent))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), row.button)
        painter.setFont(ui_font(12))
        count = format_count(row.count)
        width = painter.fontMetrics().horizontalAdvance(count)
        painter.setFont(ui_font(13, QFont.Weight.DemiBold))
        room = QRect(area.left() + _MARGIN, area.top(), limit - area.left() - _MARGIN - width - 8, area.height())
        taken = min(room.width(), painter.fontMetrics().horizontalAdvance(row.title) + 2)
        draw_elided(painter, room, row.title, theme.text, _LEFT)
        painter.setFont(ui_font(12))
        spot = QRect(room.left() + taken + 7, area.top(), width + 2, area.height())
        draw_elided(painter, spot, count, theme.dim, _LEFT)

    def _paint_note(self, painter: QPainter, area: QRect, row: NoteRow, state: QStyle.StateFlag, current: bool) -> None:
        theme = tokens(self._view)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(area, QColor(theme.accent_bg))
            if self._view.hasFocus():
                painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), QColor(theme.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(theme.panel))
        painter.setPen(QPen(QColor(theme.line)))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if current and self._view.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRect(area.adjusted(0, 0, -1, -2))
        inner = area.adjusted(_MARGIN, 0, -_MARGIN, 0)
        painter.setFont(ui_font(12))
        meta = QRect(inner.left(), inner.top() + 6, inner.width(), 16)
        draw_elided(painter, meta, meta_words(row.remark, time.time_ns()), theme.dim, _LEFT)
        painter.setFont(ui_font(13))
        painter.setPen(QColor(theme.text))
        for number, line in enumerate(two_lines(row.remark.text, painter.fontMetrics(), inner.width())):
            painter.drawText(QRect(inner.left(), inner.top() + 23 + _LINE * number, inner.width(), _LINE), _LEFT, line)
        boxes = chip_boxes(area, row)
        if boxes:
            painter.setFont(ui_font(12))
            middle = QRect(inner.left(), boxes[0][1].top(), 40, 22)
            draw_elided(painter, middle, "fits?", theme.faint, _LEFT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for chip, box in boxes:
            painter.setPen(QPen(QColor(theme.line2), 1))
            painter.setBrush(mixed(theme.accent, theme.bg, 0.08))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 11, 11)
            left = 9
            if chip.key:
                painter.setFont(mono_font(11))
                draw_elided(painter, box.adjusted(9, 0, 0, 0), chip.key, theme.dim, _LEFT)
                left = 23
            painter.setFont(ui_font(12))
            draw_elided(painter, box.adjusted(left, 0, -7, 0), chip.name, theme.text, _LEFT)


def two_lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """The beginning of a text in at most two lines of a width."""
    words = text[:600].split()
    first = ""
    for place, word in enumerate(words):
        longer = f"{first} {word}".strip()
        if first and metrics.horizontalAdvance(longer) > width:
            rest = metrics.elidedText(" ".join(words[place:]), Qt.TextElideMode.ElideRight, width)
            return [first, rest]
        first = longer
    return [metrics.elidedText(first, Qt.TextElideMode.ElideRight, width)]
