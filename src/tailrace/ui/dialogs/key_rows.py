"""The list of commands and of what views do with keys: sections, key caps, marks of what was changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidgetItem, QWidget

from tailrace.ui.commands import COMMANDS, VIEW_KEYS, Command, Keys, keys_of, with_key_words
from tailrace.ui.commands.keymap import canonical, collisions, written
from tailrace.ui.dialogs.sheet_tree import SheetTree
from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.review.key_cap import draw_key_cap, key_cap_width

_COMMAND = Qt.ItemDataRole.UserRole + 1
_CAPS = Qt.ItemDataRole.UserRole + 2  # the keys as they are drawn, one after another
_CHANGED = Qt.ItemDataRole.UserRole + 3
_TWICE = Qt.ItemDataRole.UserRole + 4
_PORTABLE = Qt.ItemDataRole.UserRole + 5  # the keys as they are searched by
_ROW = 30
_LEFT = Qt.AlignmentFlag.AlignLeft

Wanted = Callable[[str, str, frozenset[str], bool], bool]  # title with help, keys in words, portable keys, changed


class KeyRows(SheetTree):
    """Commands by menu, then the keys of views, which are fixed."""

    def __init__(self) -> None:
        super().__init__(("Command", "Keys"), 400, "Keyboard shortcuts")
        self.setObjectName("framed")
        self.setMouseTracking(True)
        self.setItemDelegate(_RowPainter(self))
        self.setIndentation(0)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(False)
        self.setColumnWidth(1, 250)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._items: dict[str, QTreeWidgetItem] = {}
        self._list()

    def _list(self) -> None:
        sections: dict[str, QTreeWidgetItem] = {}
        for command in COMMANDS:
            section = command.menu.value.replace("&", "")
            if section not in sections:
                sections[section] = self.add_section(section)
            item = QTreeWidgetItem([command.title, ""])
            item.setData(0, _COMMAND, command)
            sections[section].addChild(item)
            self._items[command.id] = item
        for view in VIEW_KEYS:
            parent = self.add_section(f"{view.title}: while it has the focus, fixed")
            for keys, does in view.lines:
                item = QTreeWidgetItem([does, keys])
                item.setToolTip(0, "Fixed: it belongs to this view alone")
                item.setData(1, _PORTABLE, frozenset(filter(None, map(canonical, keys.split("  ")))))
                parent.addChild(item)

    def show_keys(self, own: Keys) -> None:
        """The keys as they are set now."""
        twice = {command.id for _, one, other in collisions(own) for command in (one, other)}
        for command in COMMANDS:
            item, keys = self._items[command.id], keys_of(command.id, own)
            changed = command.id in own
            caps = tuple(map(written, keys))
            item.setText(1, "   ".join(caps))
            item.setData(1, _CAPS, caps)
            item.setData(1, _PORTABLE, frozenset(map(canonical, keys)))
            item.setData(0, _CHANGED, changed)
            item.setData(0, _TWICE, command.id in twice)
            told = [with_key_words(command.help)] if command.help else []
            told += ["Changed"] if changed else []
            told += ["Has a key that another command has, too: neither fires"] if command.id in twice else []
            item.setToolTip(0, "\n".join(told))
            item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, ". ".join(told))

    @property
    def command(self) -> Command | None:
        """That of the current row; None on a key of a view."""
        item = self.currentItem()
        return None if item is None else item.data(0, _COMMAND)

    def choose(self, command_id: str) -> None:
        """Make a command's row the current one, in sight."""
        item = self._items[command_id]
        self.setCurrentItem(item)
        self.scrollToItem(item)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the current row stays in sight."""
        super().resizeEvent(event)
        if (item := self.currentItem()) is not None and not item.isHidden():
            self.scrollToItem(item)

    def narrow(self, wanted: Wanted) -> tuple[int, int]:
        """Show the rows that are wanted; how many commands of them, and of how many."""
        found = 0
        for s in range(self.topLevelItemCount()):
            section = self.topLevelItem(s)
            assert section is not None
            shown = 0
            for i in range(section.childCount()):
                item = section.child(i)
                assert item is not None
                command = item.data(0, _COMMAND)
                searched = f"{item.text(0)} {section.text(0)} {with_key_words(command.help) if command else ''}"
                keys = item.data(1, _PORTABLE) or frozenset()
                hit = wanted(searched, item.text(1), keys, bool(item.data(0, _CHANGED)))
                item.setHidden(not hit)
                shown += hit
                found += hit and command is not None
            section.setHidden(not shown)
        current = self.currentItem()
        if current is None or current.isHidden():
            first = next((item for item in self._items.values() if not item.isHidden()), None)
            self.setCurrentItem(first) if first is not None else self.clearSelection()
            self.scrollToTop()
        elif current is not None:
            self.scrollToItem(current)
        return found, len(self._items)


class _RowPainter(QStyledItemDelegate):
    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = tokens(self._view)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not index.parent().isValid():
            if not index.column():
                painter.setFont(ui_font(12))
                draw_elided(painter, area.adjusted(12, 6, -8, 0), str(index.data()), theme.faint, _LEFT)
            painter.restore()
            return
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(theme.accent_bg if selected else theme.raised))
        if selected and not index.column() and self._view.hasFocus():
            painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), QColor(theme.accent))
        row = index.sibling(index.row(), 0)
        ratio = painter.device().devicePixelRatioF()
        fixed = row.data(_COMMAND) is None
        if index.column():
            self._paint_keys(painter, area, index, fixed)
        else:
            left = area.left() + 24
            middle = area.center().y() + 0.5
            if row.data(_TWICE):
                sign = pixmap("triangle-alert", theme.warn, 14, ratio)
                painter.drawPixmap(QPointF(area.left() + 6, middle - 7), sign)
            elif row.data(_CHANGED):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.accent))
                painter.drawEllipse(QPointF(area.left() + 13, middle), 3.5, 3.5)
            painter.setFont(ui_font(13))
            colour = theme.dim if fixed else theme.text
            draw_elided(painter, QRect(left, area.top(), area.right() - left - 8, area.height()), str(index.data()),
                        colour, _LEFT)  # fmt: skip
        painter.restore()

    def _paint_keys(
        self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex, fixed: bool
    ) -> None:
        theme = tokens(self._view)
        middle = area.center().y() + 0.5
        left = float(area.left() + 4)
        caps = index.data(_CAPS) or ()
        if fixed:
            painter.setFont(ui_font(12))
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(QPointF(left, middle - 6), pixmap("lock", theme.faint, 12, ratio))
            draw_elided(painter, area.adjusted(22, 0, -8, 0), str(index.data()), theme.faint, _LEFT)
            return
        if not caps:
            painter.setFont(ui_font(12))
            draw_elided(painter, area.adjusted(4, 0, -8, 0), "no key", theme.faint, _LEFT)
        for place, cap in enumerate(caps):
            width = key_cap_width(cap)
            if left + width > area.right() - 24 and place:
                painter.setFont(ui_font(12))
                room = QRectF(left, area.top(), area.right() - left, area.height())
                painter.setPen(QColor(theme.dim))
                painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), f"+{len(caps) - place}")
                return
            draw_key_cap(painter, left, middle, cap, theme)
            left += width + 6
