"""A short list of files to open: name and place, when and how large; from the keyboard as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from tailrace.ui.theme import brand_pixmap, pixmap, tip, tokens, ui_font

ROW_HEIGHT = 46
FILE_ROLE = Qt.ItemDataRole.UserRole + 1
_TEXT_LEFT = 46
_REMOVE = 30  # pixels at the right end that remove
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


@dataclass(frozen=True, slots=True)
class FileLine:
    """A row: `facts` stand at the right (when, how large), `missing` says that nothing lies there any more."""

    path: Path
    title: str
    facts: tuple[str, str] = ("", "")
    missing: bool = False

    @property
    def below(self) -> str:
        """The second line."""
        return f"Not there any more: {self.path.parent}" if self.missing else str(self.path.parent)

    @property
    def spoken(self) -> str:
        """The row in words."""
        return ", ".join(part for part in (self.title, *self.facts, self.below) if part)


class FileModel(QAbstractListModel):
    """FileLine values under FILE_ROLE."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: tuple[FileLine, ...] = ()

    def show(self, lines: Sequence[FileLine]) -> None:
        """Other lines; where they are the same files, the current row stays."""
        same = [line.path for line in lines] == [line.path for line in self.lines]
        if not same:
            self.beginResetModel()
        self.lines = tuple(lines)
        if same and lines:
            self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
        elif not same:
            self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """As many as there are lines."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The line, or its words."""
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == FILE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken
        return None


class FileList(QListView):
    """Rows are opened by a click or Enter; with `removable` taken off the list by Delete or the cross at their end.

    Signals: `chosen(object)`, `removed(object)` a Path.
    """

    chosen = Signal(object)
    removed = Signal(object)

    def __init__(self, name: str, *, removable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.removable = removable
        self.files = FileModel(self)
        self.setModel(self.files)
        self.setItemDelegate(_FileDelegate(self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._offer)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_files(self, lines: Sequence[FileLine]) -> None:
        """Other files."""
        self.files.show(lines)
        self.setMaximumHeight(self.sizeHint().height())
        self.updateGeometry()

    def row_of(self, index: QModelIndex | QPersistentModelIndex) -> FileLine | None:
        """The line at an index."""
        line = index.data(FILE_ROLE)
        return line if isinstance(line, FileLine) else None

    def sizeHint(self) -> QSize:
        """Qt: as high as all rows."""
        return QSize(320, len(self.files.lines) * ROW_HEIGHT + 2)

    def minimumSizeHint(self) -> QSize:
        """Qt: some rows; the others are scrolled to."""
        return QSize(200, min(3, len(self.files.lines)) * ROW_HEIGHT + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: letters are commands of the window, not a search in the list."""
        line = self.row_of(self.currentIndex())
        if line is not None and event.key() in _ENTER:
            self.chosen.emit(line.path)
        elif line is not None and self.removable and event.key() in _REMOVING:
            self._remove(line)
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Qt: Enter and Delete are the list's while it has the keys, whatever they do in the window."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and event.key() in (*_ENTER, *(_REMOVING if self.removable else ()))
        ):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt: the keys are here: they need a row to act on."""
        super().focusInEvent(event)
        if self.files.lines and not self.selectionModel().hasSelection():
            row = max(0, self.currentIndex().row())
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self.files.index(row), flag)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: a click opens or removes."""
        super().mouseReleaseEvent(event)
        line = self.row_of(self.indexAt(event.position().toPoint()))
        if line is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if self.removable and event.position().x() > self.viewport().width() - _REMOVE:
            self._remove(line)
        else:
            self.chosen.emit(line.path)

    def leaveEvent(self, event: QEvent) -> None:
        """Qt: nothing is under the pointer."""
        super().leaveEvent(event)
        self.viewport().update()

    def _remove(self, line: FileLine) -> None:
        # by path: while its menu was open, the line may have come to say another age
        row = [other.path for other in self.files.lines].index(line.path)
        self.show_files([other for other in self.files.lines if other.path != line.path])
        if self.files.lines:
            self.setCurrentIndex(self.files.index(min(row, len(self.files.lines) - 1)))
        self.removed.emit(line.path)

    def _offer(self, point: QPoint) -> None:
        line = self.row_of(self.indexAt(point))
        if line is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open").triggered.connect(lambda: self.chosen.emit(line.path))
        menu.addAction("Copy the path").triggered.connect(lambda: QApplication.clipboard().setText(str(line.path)))
        if self.removable:
            menu.addSeparator()
            menu.addAction("Remove from the list").triggered.connect(lambda: self._remove(line))
        menu.popup(self.viewport().mapToGlobal(point))


class _FileDelegate(QStyledItemDelegate):
    """Paints one FileLine."""

    def __init__(self, view: FileList) -> None:
        super().__init__(view)
        self._view = view
        self._title = ui_font(13, QFont.Weight.Medium)
        self._small = ui_font(12)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Every row is as high."""
        return QSize(200, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The mark of its kind, name over place, when over size, and the cross that removes."""
        line = self._view.row_of(index)
        if line is None:
            return
        theme, view = tokens(self._view), self._view
        area: QRect = option.rect
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        current = bool(option.state & QStyle.StateFlag.State_Selected) and view.hasFocus()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if hovered or current:
            painter.setPen(QColor(theme.accent) if current else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_bg if current else theme.raised))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)
        ratio = painter.device().devicePixelRatio()
        if line.missing:
            picture = pixmap("file-question", theme.faint, 22, ratio)
        elif line.path.suffix == ".tailrace":
            picture = brand_pixmap("document", 24, ratio)
        else:
            picture = pixmap("database" if line.path.suffix == ".db" else "file-text", theme.dim, 22, ratio)
        painter.drawPixmap(area.left() + 11, area.top() + 11, picture)
        right = area.right() - (_REMOVE if view.removable else 12)
        if view.removable and (hovered or current):
            painter.drawPixmap(right + 8, area.top() + 16, pixmap("x", theme.dim, 14, ratio))
        self._two_lines(painter, QRect(area.left() + _TEXT_LEFT, area.top(), right - area.left() - _TEXT_LEFT, 0), line)
        painter.restore()

    def _two_lines(self, painter: QPainter, room: QRect, line: FileLine) -> None:
        theme = tokens(self._view)
        lines = (
            (5, self._title, line.title, line.facts[0], theme.dim if line.missing else theme.text),
            (23, self._small, line.below, line.facts[1], theme.warn if line.missing else theme.dim),
        )
        for top, font, words, fact, colour in lines:
            box = QRect(room.left(), room.top() + top, room.width(), 18)
            painter.setFont(self._small)
            painter.setPen(QColor(theme.dim))
            painter.drawText(box, _RIGHT, fact)
            taken = QFontMetrics(self._small).horizontalAdvance(fact) + 14 if fact else 0
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideMiddle, box.width() - taken)
            painter.drawText(box, _LEFT, shown)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Qt: the whole of what the row cuts."""
        line = self._view.row_of(index)
        if event.type() is not QEvent.Type.ToolTip or line is None:
            return False
        facts = " · ".join(fact for fact in line.facts if fact)
        QToolTip.showText(event.globalPos(), tip("\n".join(filter(None, (str(line.path), facts)))), view)
        return True
