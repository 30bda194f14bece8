"""How far raters agree, score by score and pair by pair: a figure, its interval on a scale, and what it is in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.row_table import paint_ground

_ROW = Qt.ItemDataRole.UserRole + 1
_SCORE_HEIGHT, _PAIR_HEIGHT = 76, 52


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A score over all its raters, or with `pair` two of them. `value`, `low` and `high` are the statistic and its
    95 % interval, None where there is none; `figure` and `detail` say them in words, `meaning` explains them."""

    name: str
    raters: tuple[str, ...]
    title: str
    figure: str
    band: str
    detail: str
    meaning: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    pair: bool = False
    automatic: bool = False
    who: str = ""

    @property
    def spoken(self) -> str:
        """All of it in one sentence for a screen reader."""
        return ", ".join(filter(None, (self.title, self.who, self.figure, self.band, self.detail)))


class AgreementList(QListView):
    """Rows to choose from. Signals: `chosen(object)` the current AgreementRow; `pointed(object)` the row whose meaning
    is asked for: the one under the pointer, else the current one."""

    SHOWS_FOCUS = True  # in its current row
    chosen = Signal(object)
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName("Agreement by score")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.entered.connect(self._point)
        self.viewportEntered.connect(self._point_current)

    @property
    def current(self) -> AgreementRow | None:
        """The current row."""
        row = self.currentIndex().data(_ROW)
        return row if isinstance(row, AgreementRow) else None

    def show_rows(self, rows: Sequence[AgreementRow]) -> None:
        """Show rows; the one that was current stays so where it is still there, else the first is."""
        former = self.current
        blocked = self.blockSignals(True)
        self._model.clear()
        at = 0
        for place, row in enumerate(rows):
            item = QStandardItem()
            item.setData(row, _ROW)
            item.setData(row.spoken, Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(tip(row.meaning))
            self._model.appendRow(item)
            if former is not None and (row.name, row.raters, row.pair) == (former.name, former.raters, former.pair):
                at = place
        self.blockSignals(blocked)
        if rows:
            self.choose(at)

    def choose(self, place: int) -> None:
        """Make a place the current row."""
        index = self._model.index(place, 0)
        if index == self.currentIndex():
            self._tell(index)
        else:
            self.setCurrentIndex(index)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt: the current row has moved."""
        super().currentChanged(current, previous)
        self._tell(current)

    def leaveEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        """Qt: the pointer has gone."""
        super().leaveEvent(event)
        self._point_current()

    def _tell(self, index: QModelIndex | QPersistentModelIndex) -> None:
        if isinstance(row := index.data(_ROW), AgreementRow):
            self.chosen.emit(row)
            self.pointed.emit(row)

    def _point(self, index: QModelIndex) -> None:
        self.pointed.emit(index.data(_ROW))

    def _point_current(self) -> None:
        if self.current is not None:
            self.pointed.emit(self.current)


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(_ROW)
        return QSize(120, _PAIR_HEIGHT if isinstance(row, AgreementRow) and row.pair else _SCORE_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = tokens(self._view)
        row: AgreementRow = index.data(_ROW)
        area: QRect = option.rect
        paint_ground(painter, self._view, area, option.state)
        left = QRect(
            area.left() + (34 if row.pair else 14), area.top() + 7, area.width() - (46 if row.pair else 26), 20
        )
        figure = ui_font(13 if row.pair else 14, QFont.Weight.DemiBold)
        painter.setFont(figure)
        painter.setPen(QColor(theme.text if row.value is not None else theme.faint))
        wide = painter.fontMetrics().horizontalAdvance(row.figure) + 10
        painter.drawText(left, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), row.figure)
        painter.setFont(ui_font(13, QFont.Weight.Normal if row.pair else QFont.Weight.DemiBold))
        draw_elided(painter, left.adjusted(0, 0, -wide, 0), row.title, theme.text, Qt.AlignmentFlag.AlignLeft)
        taken = painter.fontMetrics().horizontalAdvance(row.title) + 10
        if row.who and left.width() - wide - taken > 30:
            painter.setFont(ui_font(12))
            beside = left.adjusted(taken, 0, -wide, 0)
            draw_elided(painter, beside, row.who, theme.dim, Qt.AlignmentFlag.AlignLeft)
        if row.pair:
            name = "sparkles" if row.automatic else "user"
            ratio = painter.device().devicePixelRatio()
            painter.drawPixmap(QPoint(area.left() + 14, area.top() + 10), pixmap(name, theme.faint, 14, ratio))
        painter.setFont(ui_font(12))
        words = QRect(left.left(), area.bottom() - 24, left.width(), 17)
        said = " · ".join(filter(None, (row.band, row.detail)))
        draw_elided(painter, words, said, theme.dim, Qt.AlignmentFlag.AlignLeft)
        if not row.pair:
            self._draw_scale(painter, row, QRectF(left.left(), area.top() + 36, left.width(), 8))

    def _draw_scale(self, painter: QPainter, row: AgreementRow, box: QRectF) -> None:
        """From no better than chance at the left to full agreement at the right, the interval thick upon it."""
        theme = tokens(self._view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = box.center().y()

        def at(value: float) -> float:
            return box.left() + 3 + max(0.0, min(1.0, value)) * (box.width() - 6)

        painter.setPen(QPen(QColor(theme.line2), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(int(at(0)), int(middle), int(at(1)), int(middle))
        if row.low is not None and row.high is not None:
            painter.setPen(QPen(QColor(theme.accent), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(int(at(row.low)), int(middle), int(at(row.high)), int(middle))
        if row.value is not None:
            painter.setPen(QPen(QColor(theme.bg), 2))
            painter.setBrush(QColor(theme.text))
            painter.drawEllipse(QRectF(at(row.value) - 5, middle - 5, 10, 10))
        painter.restore()
