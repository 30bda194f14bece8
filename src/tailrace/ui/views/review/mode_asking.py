"""What is asked about failure modes: a name, a description, another mode, or which traces move to a new one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from tailrace.model.review import FailureMode
from tailrace.model.words import format_count
from tailrace.ui.theme import mono_font, tip, tokens, ui_font

_ID = Qt.ItemDataRole.UserRole
_ID_LENGTH = 8
_SMALL = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class _Asking(QDialog):
    """A sentence, what is asked, and two buttons. Signal `answered(object)`."""

    answered = Signal(object)

    def __init__(self, title: str, words: str, button: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        head, told = QLabel(title, self), QLabel(words, self)
        head.setFont(ui_font(15, head.font().Weight.DemiBold))
        told.setObjectName("dim")
        for label in (head, told):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.confirm = QPushButton(button, self)
        self.confirm.setObjectName("primary")
        self.confirm.setDefault(True)
        self.buttons.addButton(self.confirm, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 16, 18, 14)
        self.column.setSpacing(10)
        self.column.addWidget(head)
        self.column.addWidget(told)

    def answer(self) -> object:
        """What was asked for, None while it cannot be given."""
        raise NotImplementedError

    def _close_layout(self) -> None:
        self.column.addWidget(self.buttons)
        self._check()

    def _check(self) -> None:
        self.confirm.setEnabled(self.answer() is not None)

    def _accept(self) -> None:
        found = self.answer()
        if found is not None:
            self.accept()
            self.answered.emit(found)


class _Ticks(QStyledItemDelegate):
    """Boxes to tick that can be seen in both themes."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)  # calls initStyleOption
        view = self.parent()
        assert isinstance(view, QListWidget)
        self.initStyleOption(option, index)
        theme = tokens(view)
        spot = view.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, view)
        box = QRectF(0, 0, 14, 14)
        box.moveCenter(QRectF(spot).center())
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.accent if ticked else theme.dim), 1))
        painter.setBrush(QColor(theme.accent if ticked else theme.bg))
        painter.drawRoundedRect(box, 3, 3)
        if ticked:
            painter.setPen(QPen(QColor(theme.on_accent), 2))
            painter.drawPolyline([box.topLeft() + QPointF(*at) for at in ((3.5, 7.5), (6, 10), (10.5, 4.5))])
        if trace_id := index.data(_ID):
            painter.setFont(mono_font(10))
            painter.setPen(QColor(theme.faint))
            painter.drawText(option.rect.adjusted(0, 0, -8, 0), _SMALL, str(trace_id)[:_ID_LENGTH])
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Qt: the words leave room for the id."""
        super().initStyleOption(option, index)
        room = option.rect.width() - 46 - QFontMetrics(mono_font(10)).horizontalAdvance("0" * _ID_LENGTH)
        option.text = option.fontMetrics.elidedText(option.text, Qt.TextElideMode.ElideRight, max(room, 60))


class NameMode(_Asking):
    """Answers with a name."""

    def __init__(self, title: str, words: str, name: str, parent: QWidget) -> None:
        super().__init__(title, words, "Make", parent)
        self.field = _field("Name of the failure mode", name, self)
        self.field.textChanged.connect(self._check)
        self.column.addWidget(self.field)
        self._close_layout()
        self.field.selectAll()
        self.field.setFocus()

    def answer(self) -> object:
        """The name."""
        return self.field.text().strip() or None


class DescribeMode(_Asking):
    """Answers with a description."""

    def __init__(self, mode: FailureMode, parent: QWidget) -> None:
        words = "When does a trace have it, when not? Whoever reviews after you reads this. Ctrl+Enter keeps it."
        super().__init__(f"Describe “{mode.name}”", words, "Keep", parent)
        self.field = QPlainTextEdit(mode.description, self)
        self.field.setAccessibleName("Description of the failure mode")
        self.field.setTabChangesFocus(True)
        self.field.setMinimumHeight(120)
        self.column.addWidget(self.field)
        self._close_layout()
        self.field.setFocus()

    def answer(self) -> object:
        """The description; it may be empty."""
        return self.field.toPlainText().strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Ctrl+Enter keeps it."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._accept()
        else:
            super().keyPressEvent(event)


class PickMode(_Asking):
    """Answers with the id of one of some modes, each with how many traces have it."""

    def __init__(
        self, title: str, words: str, button: str, modes: Sequence[tuple[FailureMode, int]], parent: QWidget
    ) -> None:
        super().__init__(title, words, button, parent)
        self.field = _field("Find a failure mode", "", self)
        self.field.setPlaceholderText("Find a failure mode")
        self.list = QListWidget(self)
        self.list.setAccessibleName("Failure modes to choose from")
        self.list.setMinimumHeight(180)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for mode, count in modes:
            item = QListWidgetItem(f"{mode.name}   {format_count(count)}")
            item.setData(_ID, mode.mode_id)
            self.list.addItem(item)
        self.field.textChanged.connect(self._narrow)
        self.list.currentItemChanged.connect(self._check)
        self.list.itemDoubleClicked.connect(self._accept)
        self.column.addWidget(self.field)
        self.column.addWidget(self.list)
        self.list.setCurrentRow(0)
        self._close_layout()
        self.field.setFocus()

    def answer(self) -> object:
        """The chosen mode's id."""
        item = self.list.currentItem()
        return None if item is None or item.isHidden() else item.data(_ID)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows move in the list from the field too."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            shown = [row for row in range(self.list.count()) if not self.list.item(row).isHidden()]
            at = shown.index(self.list.currentRow()) if self.list.currentRow() in shown else -1
            to = at + (1 if event.key() == Qt.Key.Key_Down else -1)
            if 0 <= to < len(shown):
                self.list.setCurrentRow(shown[to])
        else:
            super().keyPressEvent(event)

    def _narrow(self, text: str) -> None:
        first = -1
        for row in range(self.list.count()):
            hidden = text.casefold() not in self.list.item(row).text().casefold()
            self.list.item(row).setHidden(hidden)
            first = row if first < 0 and not hidden else first
        self.list.setCurrentRow(first)
        self._check()


class SplitMode(_Asking):
    """Answers with (name, trace ids) of what moves to a new mode. `traces` are (trace id, words)."""

    def __init__(
        self, mode: FailureMode, traces: Sequence[tuple[str, str]], chosen: frozenset[str], parent: QWidget
    ) -> None:
        words = "Tick what moves to the new mode. Marks stay with those who made them."
        super().__init__(f"Split “{mode.name}”", words, "Split", parent)
        self._former = mode.name.casefold()
        self.field = _field("Name of the new failure mode", "", self)
        self.field.setPlaceholderText("Name of the new failure mode")
        self.list = QListWidget(self)
        self.list.setAccessibleName("Traces with this failure mode")
        self.list.setMinimumHeight(240)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Ticks(self.list))
        for trace_id, told in traces:
            item = QListWidgetItem(told)
            item.setData(_ID, trace_id)
            item.setToolTip(tip(f"{told}\ntrace {trace_id}"))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if trace_id in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.field.textChanged.connect(self._check)
        self.list.itemChanged.connect(self._check)
        self.column.addWidget(self.field)
        self.column.addWidget(self.list)
        self._close_layout()
        self.field.setFocus()

    def answer(self) -> object:
        """Name and trace ids; None without either."""
        name = self.field.text().strip()
        items = (self.list.item(row) for row in range(self.list.count()))
        ids = frozenset(item.data(_ID) for item in items if item.checkState() is Qt.CheckState.Checked)
        self.confirm.setText(f"Split off {format_count(len(ids))}" if ids else "Split")
        return (name, ids) if name and ids and name.casefold() != self._former else None


def _field(name: str, text: str, parent: QWidget) -> QLineEdit:
    made = QLineEdit(text, parent)
    made.setAccessibleName(name)
    made.setMaxLength(200)
    return made
