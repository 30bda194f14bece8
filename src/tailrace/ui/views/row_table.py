"""What lists of painted rows have in common: how they are set up, and the ground that a row is painted on."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QTableView

from tailrace.ui.theme import tokens


def set_up_rows(table: QTableView, height: int) -> None:
    """A table of one column: its rows of one height cost nothing, where a QListView lays out 100,000 in 0.2 s."""
    table.horizontalHeader().hide()
    table.horizontalHeader().setStretchLastSection(True)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(height)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setCornerButtonEnabled(False)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setMouseTracking(True)


def row_ground(view: QAbstractItemView, state: QStyle.StateFlag) -> str:
    """The colour behind a row."""
    theme = tokens(view)
    if state & QStyle.StateFlag.State_Selected:
        return theme.accent_bg
    return theme.raised if state & QStyle.StateFlag.State_MouseOver else theme.bg


def paint_ground(painter: QPainter, view: QAbstractItemView, area: QRect, state: QStyle.StateFlag) -> None:
    """Selected, under the pointer or neither, with a bar at the left while the keys are here, and a line below."""
    theme = tokens(view)
    if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
        painter.fillRect(area, QColor(row_ground(view, state)))
    if state & QStyle.StateFlag.State_Selected and view.hasFocus():
        painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), QColor(theme.accent))
    painter.setPen(QColor(theme.line))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
