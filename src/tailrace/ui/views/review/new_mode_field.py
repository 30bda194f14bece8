"""Naming a failure mode: while a name is typed the modes that match are offered first; Enter makes what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.controls import Words
from tailrace.ui.views.review.key_cap import draw_key_cap, key_cap_width
from tailrace.ui.views.review.mode_list import ModeList, ModeRow, matching

OFFERED = 6


class _Line(QLineEdit):
    """The line to type in."""

    focus_changed = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()


class _DashedBox(QWidget):
    """The line's box with the key that leads there."""

    def __init__(self, line: _Line, parent: QWidget) -> None:
        super().__init__(parent)
        self._line = line
        self.key = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 1, 9, 1)
        row.addWidget(line)
        self.setFixedHeight(30)

    def set_key(self, words: str) -> None:
        """The words on the cap."""
        self.key = words
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(9, 1, 9 + (key_cap_width(words) + 6 if words else 0), 1)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        focused = self._line.hasFocus()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            dashed = Qt.PenStyle.SolidLine if focused else Qt.PenStyle.DashLine
            painter.setPen(QPen(QColor(theme.accent if focused else theme.edge), 1 + focused, dashed))
            painter.setBrush(QColor(theme.panel))
            inset = (1 + focused) / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 6, 6)
            draw_key_cap(painter, self.width() - 9 - key_cap_width(self.key), self.height() / 2, self.key, theme)


class NewModeField(QWidget):
    """A dashed line; below it, while something is typed, what matches and what Enter does.

    Signals: `made(name)` for a new one, `chosen(mode_id)` for an existing one that is not marked yet; `left()` when a
    key was done with it; `grown()` when what is below it changed.
    """

    made = Signal(object)
    chosen = Signal(object)
    left = Signal()
    grown = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: Sequence[ModeRow] = ()
        self._keys: Mapping[str, str] = {}
        self._pick = -1
        self.line = _Line(self)
        self.line.setFont(ui_font(13))
        self.line.setPlaceholderText("+ new failure mode…")
        self.line.setAccessibleName("New failure mode, or find one")
        self.line.setMaxLength(300)
        # the box around it draws the border
        self.line.setStyleSheet("QLineEdit, QLineEdit:focus { background: transparent; border: none; padding: 0; }")
        self.line.textChanged.connect(self._follow)
        self.line.focus_changed.connect(self._focus_moved)
        self.line.installEventFilter(self)
        self._box = _DashedBox(self.line, self)
        self.offers = ModeList("Failure modes that match", self)
        self.offers.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.offers.chosen.connect(self._take)
        self.offers.hide()
        self.hint = Words("", "dim", ui_font(12), self)
        self.hint.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self._box)
        column.addWidget(self.offers)
        column.addWidget(self.hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_modes(self, rows: Sequence[ModeRow], keys: Mapping[str, str]) -> None:
        """The modes there are."""
        self._rows, self._keys = rows, keys
        self._box.set_key(keys.get("review.new-mode", ""))
        self._offer()

    def sizeHint(self) -> QSize:
        return QSize(200, super().sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the line that mean something here."""
        if isinstance(event, QKeyEvent) and event.key() in _KEYS:
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()  # else a window's shortcut gets them first
                return True
            if event.type() is QEvent.Type.KeyPress:
                self._press(event.key())
                return True
        return False

    def _press(self, key: int) -> None:
        shown = self.offers.rows
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._pick = max(-1, min(len(shown) - 1, self._pick + (1 if key == Qt.Key.Key_Down else -1)))
            self._point()
        elif key == Qt.Key.Key_Escape:
            self.line.clear()
            self.left.emit()
        elif self._pick >= 0:
            self._take(shown[self._pick].mode_id)
        else:
            self._finish()

    def _finish(self) -> None:
        name = " ".join(self.line.text().split())
        same = self._same(name)
        if same is not None:
            self._take(same.mode_id)
            return
        self.line.clear()
        if name:
            self.made.emit(name)
        self.left.emit()

    def _take(self, mode_id: object) -> None:
        marked = any(row.mode_id == mode_id and row.marked for row in self._rows)
        self.line.clear()
        if not marked:
            self.chosen.emit(mode_id)
        if self.line.hasFocus():
            self.left.emit()

    def _same(self, name: str) -> ModeRow | None:
        return next((row for row in self._rows if row.name.casefold() == name.casefold()), None)

    def _follow(self, _: str) -> None:
        self._pick = -1
        self._offer()

    def _focus_moved(self) -> None:
        self._box.update()
        self._offer()

    def _offer(self) -> None:
        typed = " ".join(self.line.text().split())
        found = matching(self._rows, typed)
        self._pick = min(self._pick, min(OFFERED, len(found)) - 1)
        self.offers.show_rows(found[:OFFERED], self._keys)
        same = self._same(typed)
        if not typed:
            words = ""
        elif same is not None:
            words = f"Enter marks “{same.name}”" if not same.marked else f"“{same.name}” is marked already"
        else:
            words = f"Enter makes the new mode “{typed}”"
            words += " · ↓ chooses one that matches" if found else ""
        if len(found) > OFFERED:
            words += f" · showing {OFFERED} of {len(found)} that match"
        self.hint.set_text(words)
        self.hint.setVisible(bool(words))
        self._point()
        self.updateGeometry()
        self.grown.emit()

    def _point(self) -> None:
        self.offers.point_at(self._pick)
        row = self.offers.row_words(self._pick) if self._pick >= 0 else self.hint.text
        self.line.setAccessibleDescription(row)


_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
