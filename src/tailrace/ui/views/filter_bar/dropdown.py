"""What opens under the filter bar: proposals, recent and saved filters, and the reason why a filter is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from tailrace.model.words import count_of, format_count
from tailrace.ui.theme import Tokens, pixmap, tokens, ui_font
from tailrace.ui.views.filter_bar.colouring import code_font

ROW_HEIGHT = 28
SHOWN_ROWS = 12
_SHADOW = 14  # pixels around the panel
_EDGE = 5  # pixels between the panel's border and its rows
_ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Row:
    """One line. Choosing it puts `insert` in place of [start, end) of the text, or of all of it when `whole`.
    `icon` is a name of the icon set. A row without `insert` is a heading and cannot be chosen."""

    label: str
    detail: str = ""
    count: int | None = None
    icon: str = ""
    insert: str | None = None
    start: int = 0
    end: int = 0
    whole: bool = False
    again: bool = False  # what is chosen asks for more, so proposals stay open


class _Rows(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def show(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.label
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            seen = f", in {count_of(row.count, 'trace')}" if row.count is not None else ""
            return f"{row.detail}{seen}"
        return row if role == _ROW else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        chooseable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return chooseable if self.rows[index.row()].insert is not None else Qt.ItemFlag.NoItemFlags


class _RowPainter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row = index.data(_ROW)
        theme = tokens(option.palette)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.insert is None:
            painter.setFont(ui_font(11))
            painter.setPen(QColor(theme.faint))
            painter.drawText(box.adjusted(10, 4, -10, 0), Qt.AlignmentFlag.AlignVCenter, row.label)
            painter.restore()
            return
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_bg if chosen else theme.raised))
            painter.drawRoundedRect(QRectF(box).adjusted(0, 1, 0, -1), 5, 5)
        self._paint_pieces(painter, row, box, theme, chosen)
        painter.restore()

    def _paint_pieces(self, painter: QPainter, row: Row, box: QRect, theme: Tokens, chosen: bool) -> None:
        left, right = box.left() + 10, box.right() - 9
        middle = Qt.AlignmentFlag.AlignVCenter
        if row.icon:
            ratio = painter.device().devicePixelRatioF()
            mark = pixmap(row.icon, theme.accent if chosen else theme.faint, 14, ratio)
            painter.drawPixmap(left, box.center().y() - 6, mark)
            left += 24
        if row.count is not None:
            written = format_count(row.count)
            painter.setFont(ui_font(12))
            painter.setPen(QColor(theme.dim))
            painter.drawText(
                QRect(left, box.top(), right - left, box.height()), middle | Qt.AlignmentFlag.AlignRight, written
            )
            right -= max(QFontMetrics(painter.font()).horizontalAdvance(written), 34) + 14
        painter.setFont(code_font())
        painter.setPen(QColor(theme.text))
        metrics = QFontMetrics(painter.font())
        label = metrics.elidedText(row.label, Qt.TextElideMode.ElideMiddle, right - left)
        painter.drawText(QRect(left, box.top(), right - left, box.height()), middle, label)
        left += max(metrics.horizontalAdvance(label), LABEL_COLUMN if row.detail and not row.whole else 0) + 16
        if row.detail and right - left > 24:
            painter.setFont(ui_font(12))
            painter.setPen(QColor(theme.dim))
            detail = QFontMetrics(painter.font()).elidedText(row.detail, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QRect(left, box.top(), right - left, box.height()), middle, detail)


LABEL_COLUMN = 74  # pixels, so that details of short labels line up


class Dropdown(QWidget):
    """A panel laid over the window under the bar. It never takes the focus: the editor stays in charge of the keys.

    Signals:
        chosen(object): the Row that was clicked.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Proposals")
        self._rows = _Rows(self)
        self._list = QListView(self)
        self._list.setModel(self._rows)
        self._list.setItemDelegate(_RowPainter(self._list))
        self._list.setAccessibleName("Proposals")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setMouseTracking(True)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.viewport().setAutoFillBackground(False)
        self._list.clicked.connect(self._click)
        self._mark = QLabel(self)
        self._reason = QLabel(self)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setFont(ui_font(12))
        self._reason.setWordWrap(True)
        self._strip = QWidget(self)
        strip = self._strip_layout = QHBoxLayout(self._strip)
        strip.setContentsMargins(8, 5, 8, 5)
        strip.setSpacing(8)
        strip.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        strip.addWidget(self._reason, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SHADOW + _EDGE, _SHADOW + _EDGE, _SHADOW + _EDGE, _SHADOW + _EDGE)
        column.setSpacing(2)
        column.addWidget(self._list)
        column.addWidget(self._strip)
        self._clicked: Row | None = None
        self._message, self._icon, self._wrong = "", "", False
        self.hide()

    # ---- what is shown ----

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is proposed."""
        return self._rows.rows

    @property
    def reason(self) -> str:
        """The sentence that is shown."""
        return self._message

    def propose(self, rows: Sequence[Row]) -> None:
        """Show these rows, none chosen; the one that was chosen stays so if it is still there."""
        before = self.current()
        self._rows.show(rows)
        self._list.setVisible(bool(rows))
        again = next((at for at, row in enumerate(rows) if before is not None and row.label == before.label), None)
        if again is not None and rows[again].insert is not None:
            self._choose(again)

    def explain(self, message: str, icon: str, wrong: bool) -> None:
        """Show a sentence under the rows; an empty one hides it."""
        self._message, self._icon, self._wrong = message, icon, wrong
        self._reason.setText(message)
        self._strip.setVisible(bool(message))
        self._colour()

    def place(self, anchor: QWidget, x: int) -> None:
        """Lay the panel under `anchor`, its left side `x` pixels from the anchor's; hidden when there is nothing."""
        if not self.rows and not self._message:
            self.hide()
            return
        window = anchor.window()
        below = anchor.mapTo(window, anchor.rect().bottomLeft())
        room = max(window.width() - 24, 200)
        wide = min(self._wanted_width(), room)
        if self._message:
            text = QFontMetrics(self._reason.font()).horizontalAdvance(self._message) + 64
            wide = min(max(wide, text), room, 900)
        left = min(below.x() + x, window.width() - wide - 12)
        rows = min(len(self.rows), SHOWN_ROWS)
        height = rows * ROW_HEIGHT
        spare = window.height() - below.y() - 60
        if rows and height > spare:
            height = max(spare // ROW_HEIGHT, 1) * ROW_HEIGHT
        self._list.setFixedHeight(height)
        inside = wide - 2 * _EDGE
        strip = 0
        if self._message:
            strip = self._strip_layout.heightForWidth(inside) + (2 if rows else 0)
        tall = height + strip + 2 * _EDGE
        self.setGeometry(left - _SHADOW, below.y() + 5 - _SHADOW, wide + 2 * _SHADOW, tall + 2 * _SHADOW)
        self.show()
        self.raise_()

    def _wanted_width(self) -> int:
        if not self.rows:
            return 0
        mono, plain = QFontMetrics(code_font()), QFontMetrics(ui_font(12))
        widest = 0
        for row in self.rows:
            label = mono.horizontalAdvance(row.label)
            if row.detail:
                label = max(label, LABEL_COLUMN) + 16 + plain.horizontalAdvance(row.detail)
            counted = 62 if row.count is not None else 0
            widest = max(widest, label + counted + (24 if row.icon else 0))
        return min(max(widest + 48, 280), 760)

    # ---- choosing ----

    def current(self) -> Row | None:
        """The row that Enter takes; None at first."""
        index = self._list.currentIndex()
        return self.rows[index.row()] if index.isValid() and self._list.isVisibleTo(self) else None

    def step(self, step: int) -> None:
        """Choose the next (1) or the previous (-1) row, around the ends."""
        places = [at for at, row in enumerate(self.rows) if row.insert is not None]
        if not places:
            return
        index = self._list.currentIndex()
        if not index.isValid():
            self._choose(places[0 if step > 0 else -1])
            return
        self._choose(places[(places.index(index.row()) + step) % len(places)])

    def _choose(self, at: int) -> None:
        index = self._rows.index(at)
        self._list.setCurrentIndex(index)
        self._list.scrollTo(index)

    def _click(self, index: QModelIndex) -> None:
        # the list is still handling the click and does not survive other rows before it is done
        self._clicked = self.rows[index.row()]
        QTimer.singleShot(0, self._deliver)

    def _deliver(self) -> None:
        row, self._clicked = self._clicked, None
        if row is not None and row.insert is not None:
            self.chosen.emit(row)

    # ---- looks ----

    def _colour(self) -> None:
        theme = tokens(self)
        self._list.verticalScrollBar().setStyleSheet(
            "QScrollBar{background:transparent;width:8px;margin:0}"
            f"QScrollBar::handle{{background:{theme.line2};border-radius:4px;min-height:24px}}"
            "QScrollBar::add-line,QScrollBar::sub-line{height:0}QScrollBar::add-page,QScrollBar::sub-page{background:none}"
        )
        colour = theme.err if self._wrong else theme.warn
        if self._icon:
            self._mark.setPixmap(pixmap(self._icon, colour, 16, self.devicePixelRatioF()))
        look = QPalette(self.palette())
        plain = theme.text if self._wrong or not self.rows else theme.dim
        look.setColor(QPalette.ColorRole.WindowText, QColor(plain))
        self._reason.setPalette(look)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme has other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_icon"):
            self._colour()
            self._list.viewport().setAutoFillBackground(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The panel with its shadow."""
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            panel = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
            painter.setPen(Qt.PenStyle.NoPen)
            for step in range(_SHADOW, 0, -2):
                painter.setBrush(QColor(0, 0, 0, 9 if theme.dark else 4))
                painter.drawRoundedRect(panel.adjusted(-step, 3 - step, step, step), 8 + step, 8 + step)
            wrong = self._wrong and self._message and not self.rows
            painter.setBrush(QColor(theme.panel))
            painter.setPen(QPen(QColor(theme.err if wrong else theme.line2)))
            painter.drawRoundedRect(panel.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            if self._message and self.rows:
                y = self._strip.y() - 1.5
                painter.setPen(QPen(QColor(theme.line)))
                painter.drawLine(panel.left() + 1, y, panel.right() - 1, y)  # type: ignore[call-overload]
