"""Rows of a short list: a title, what there is to say of it, and at the right a mark."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem

from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.row_table import paint_ground

_SECOND = Qt.ItemDataRole.UserRole + 1
_MARK = Qt.ItemDataRole.UserRole + 2


class TwoLines(QStyledItemDelegate):
    """Paints items that `fill` has filled."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    @staticmethod
    def fill(item: QListWidgetItem, title: str, second: str, mark: str = "") -> None:
        """Say what an item shows. `mark` is an icon's name."""
        item.setText(title)
        item.setData(_SECOND, second)
        item.setData(_MARK, mark)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, {second}")
        item.setToolTip(tip(f"{title}\n{second}"))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Every row is as high."""
        return QSize(120, 48)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Title over second line, the mark at the right."""
        theme = tokens(self._view)
        area: QRect = option.rect
        paint_ground(painter, self._view, area, option.state)
        left, align = area.adjusted(14, 6, -14, 0), Qt.AlignmentFlag.AlignLeft
        if mark := index.data(_MARK):
            ratio = painter.device().devicePixelRatio()
            colour = theme.ok if mark == "circle-check" else theme.warn
            painter.drawPixmap(area.right() - 28, area.center().y() - 7, pixmap(mark, colour, 14, ratio))
            left.adjust(0, 0, -22, 0)
        painter.setFont(ui_font(13, QFont.Weight.Medium))
        title = index.data(Qt.ItemDataRole.DisplayRole) or ""
        draw_elided(painter, QRect(left.left(), left.top(), left.width(), 19), title, theme.text, align)
        painter.setFont(ui_font(12))
        second = index.data(_SECOND) or ""
        draw_elided(painter, QRect(left.left(), left.top() + 19, left.width(), 17), second, theme.dim, align)
