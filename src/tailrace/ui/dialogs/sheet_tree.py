"""What sheets that are read are made of: sections of lines in two columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from tailrace.ui.theme import ui_font


class SheetTree(QTreeWidget):
    """Two columns, the first `width` pixels wide; sections cannot be selected."""

    def __init__(self, titles: Sequence[str], width: int, name: str) -> None:
        super().__init__()
        self.setHeaderLabels(list(titles))
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(12)
        self.setUniformRowHeights(True)
        self.setColumnWidth(0, width)
        self.setAccessibleName(name)
        self.ensurePolished()  # rows are measured when they come in, and the style sheet says how high they are

    def add_section(self, title: str) -> QTreeWidgetItem:
        """One more section, open."""
        section = QTreeWidgetItem([title])
        section.setFont(0, ui_font(13, QFont.Weight.DemiBold))
        section.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.addTopLevelItem(section)
        section.setExpanded(True)
        return section
