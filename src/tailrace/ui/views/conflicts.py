"""Traces that raters judge differently: who said what, and whether it is settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from tailrace.model import ScoreSource
from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import draw_elided, tinted_ground
from tailrace.ui.views.row_table import paint_ground, row_ground, set_up_rows

CONFLICT_HEIGHT = 58
_ROW = Qt.ItemDataRole.UserRole + 1
_OWN_KEYS = frozenset(
    (
        Qt.Key.Key_J,
        Qt.Key.Key_K,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Backspace,
    )
)
SOURCE_ICONS = {
    ScoreSource.PERSON: "user",
    ScoreSource.USER: "message-square",
    ScoreSource.CODE: "terminal",
    ScoreSource.MODEL: "sparkles",
    ScoreSource.UNKNOWN: "circle-help",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One value in words. `tone` is "ok", "err" or "" (no judgement of its own)."""

    words: str
    value: float | None = None
    label: str | None = None
    tone: str = ""

    @property
    def icon(self) -> str:
        """A thumb for pass and fail."""
        return {"pass": "thumbs-up", "fail": "thumbs-down"}.get(self.words, "") if self.tone else ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one rater said of a trace, with their note on it."""

    rater: str
    source: ScoreSource
    said: Said
    note: str = ""


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One trace with different values under one score's name. `key` is -1 where the trace is not in this database.
    `settled` is the adjudicated value, `outdated` one that is older than some original. A `hidden` one shows nobody's
    values: the reader's own is still to come."""

    trace_id: str
    name: str
    key: int
    trace_name: str
    preview: str
    opinions: tuple[Opinion, ...]
    choices: tuple[Said, ...]
    settled: Said | None = None
    settled_by: str = ""
    outdated: Said | None = None
    hidden: bool = False

    @property
    def spoken(self) -> str:
        """All of it in one sentence for a screen reader."""
        if self.hidden:
            return f"{self.trace_name}, hidden until your own verdict is in"
        said = ", ".join(f"{opinion.rater} {opinion.said.words}" for opinion in self.opinions)
        state = f"settled as {self.settled.words} by {self.settled_by}" if self.settled is not None else "open"
        return f"{self.trace_name}, {said}, {state}"


class ConflictModel(QAbstractTableModel):
    """Rows that are all in memory."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ConflictRow, ...] = ()

    def show_rows(self, rows: Sequence[ConflictRow]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Qt: how many."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Qt: one."""
        return 0 if parent.isValid() else 1

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: the row, what is spoken of it, and the whole of what is cut."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip("\n".join(filter(None, (row.trace_name, f"trace {row.trace_id}", row.preview))))
        return None


class ConflictList(QTableView):
    """Signals: `moved(object)` the current ConflictRow or None; `settled(object)` (row, Said to settle it as, or None
    to take that back); `opened(object)` a row whose trace is wanted."""

    SHOWS_FOCUS = True  # in its current row
    moved = Signal(object)
    settled = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ConflictModel(self)
        self.setModel(self._model)
        set_up_rows(self, CONFLICT_HEIGHT)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName("Conflicts")
        self._verdict_keys: dict[str, QKeySequence] = {}
        self.doubleClicked.connect(self._open)

    @property
    def current(self) -> ConflictRow | None:
        """The current row."""
        row = self.currentIndex().data(_ROW)
        return row if isinstance(row, ConflictRow) else None

    @property
    def rows(self) -> tuple[ConflictRow, ...]:
        """What is listed."""
        return self._model.rows

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys of "pass" and "fail" as people read them, empty for none."""
        native = QKeySequence.SequenceFormat.NativeText
        self._verdict_keys = {word: QKeySequence.fromString(key, native) for word, key in keys.items() if key}

    def show_rows(self, rows: Sequence[ConflictRow]) -> None:
        """Show rows; the current one stays so where it is still there, else the one at its place is."""
        former, place, top = self.current, max(0, self.currentIndex().row()), self.verticalScrollBar().value()
        blocked = self.blockSignals(True)
        self._model.show_rows(rows)
        if former is not None:
            same = (i for i, row in enumerate(rows) if (row.trace_id, row.name) == (former.trace_id, former.name))
            place = next(same, place)
        if rows:
            self.verticalScrollBar().setValue(top)
            self.choose(min(place, len(rows) - 1))
        self.blockSignals(blocked)
        self.moved.emit(self.current)

    def choose(self, place: int) -> None:
        """Make a place the current row and bring it into view."""
        index = self._model.index(place, 0)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def step(self, by: int) -> None:
        """Go to the next or previous row."""
        self.choose(max(0, min(len(self.rows) - 1, self.currentIndex().row() + by)))

    def step_to_open(self) -> None:
        """Go to the next conflict that is not settled, else the next one."""
        here = self.currentIndex().row()
        rest = range(here + 1, len(self.rows))
        still_open = (place for place in rest if self.rows[place].settled is None and not self.rows[place].hidden)
        self.choose(next(still_open, min(here + 1, len(self.rows) - 1)))

    def answer_key(self, event: QKeyEvent) -> bool:
        """Do what a key means for conflicts; False when it means nothing here."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        row = self.current
        if row is None:
            return False
        if (said := self._said_by_key(row, event)) is not None:
            self.settled.emit((row, None if row.settled == said else said))
            return True
        if not plain:
            return False
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_J, Qt.Key.Key_K):
            self.step(1 if key is Qt.Key.Key_J else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row)
        elif (said := _meant(row, event)) is not None:
            self.settled.emit((row, None if row.settled == said else said))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and (row.settled or row.outdated) and not row.hidden:
            self.settled.emit((row, None))
        else:
            return False
        return True

    def event(self, event: QEvent) -> bool:
        """Qt: while the list has the focus its letters are its own, not commands of the window."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: letters and digits settle."""
        if self.answer_key(event):
            return
        place = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self.rows) - 1}.get(Qt.Key(event.key()))
        if place is not None:
            self.choose(place)
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt: the current row has moved."""
        super().currentChanged(current, previous)
        self.moved.emit(self.current)

    def _wants(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self._word_of(event):
            return True
        return plain and (event.key() in _OWN_KEYS or Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9)

    def _word_of(self, event: QKeyEvent) -> str:
        """Pass or fail, where a key says so; empty where none does."""
        pressed = QKeySequence(event.keyCombination())
        return next((word for word, keys in self._verdict_keys.items() if keys == pressed), "")

    def _said_by_key(self, row: ConflictRow, event: QKeyEvent) -> Said | None:
        word = self._word_of(event)
        choices = () if row.hidden or not word else row.choices
        return next((said for said in choices if said.icon and said.words == word), None)

    def _open(self, index: QModelIndex) -> None:
        if self.current is not None:
            self.opened.emit(self.current)


def _meant(row: ConflictRow, event: QKeyEvent) -> Said | None:
    """The value that a key chooses by its number."""
    if row.hidden:
        return None
    place = event.key() - Qt.Key.Key_1
    if 0 <= place < min(9, len(row.choices)):
        return row.choices[place]
    return None


def chip_width(painter: QPainter, words: str, icons: int) -> int:
    """How wide a chip gets."""
    return painter.fontMetrics().horizontalAdvance(words) + 16 + 17 * icons


def draw_chip(painter: QPainter, box: QRect, words: str, icon: str, colour: str, under: str, tinted: bool) -> None:
    """Words on a round ground, after an icon."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted_ground(colour, tokens(QGuiApplication.palette())) if tinted else QColor(under))
    painter.drawRoundedRect(box, 9, 9)
    left = box.left() + 8
    if icon:
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(left, box.top() + (box.height() - 13) // 2, pixmap(icon, colour, 13, ratio))
        left += 17
    room = QRect(left, box.top(), box.right() - left - 4, box.height())
    draw_elided(painter, room, words, colour, Qt.AlignmentFlag.AlignLeft)
    painter.restore()


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, CONFLICT_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """State, name and preview; below them who said what, and what it was settled as."""
        theme = tokens(self._view)
        row: ConflictRow = index.data(_ROW)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        ratio = painter.device().devicePixelRatio()
        ground = row_ground(self._view, state)
        paint_ground(painter, self._view, area, state)
        picture = ("eye-off", theme.faint) if row.hidden else ("circle-dot", theme.warn)
        if row.settled is not None:
            picture = ("circle-check", theme.ok)
        painter.drawPixmap(area.left() + 12, area.top() + 10, pixmap(picture[0], picture[1], 14, ratio))

        left, right = QRect(area.left() + 34, area.top() + 7, area.width() - 46, 20), Qt.AlignmentFlag.AlignRight
        room = left.width()
        if row.settled is not None and not row.hidden:
            painter.setFont(ui_font(12))
            words = f"settled: {row.settled.words} · {row.settled_by}"
            wide = min(painter.fontMetrics().horizontalAdvance(words), left.width() // 2)
            draw_elided(painter, QRect(left.right() - wide, left.top(), wide + 1, 20), words, theme.ok, right)
            room -= wide + 12
        painter.setFont(ui_font(13, QFont.Weight.Medium))
        name = row.trace_name or "(no name)"
        taken = min(room, painter.fontMetrics().horizontalAdvance(name) + 8)
        draw_elided(painter, QRect(left.left(), left.top(), taken, 20), name, theme.text, Qt.AlignmentFlag.AlignLeft)
        if row.preview and room - taken > 40:
            painter.setFont(ui_font(13))
            rest = QRect(left.left() + taken, left.top(), room - taken, 20)
            draw_elided(painter, rest, f"“{row.preview}”", theme.faint, Qt.AlignmentFlag.AlignLeft)
        painter.setFont(ui_font(12))
        low = QRect(left.left(), area.top() + 31, left.width(), 19)
        if row.hidden:
            words = "hidden until your own verdict is in: this trace is in a blind queue"
            draw_elided(painter, low, words, theme.dim, Qt.AlignmentFlag.AlignLeft)
        else:
            self._draw_opinions(painter, row, low, theme.raised if ground != theme.raised else theme.panel)

    def _draw_opinions(self, painter: QPainter, row: ConflictRow, low: QRect, under: str) -> None:
        theme = tokens(self._view)
        x = low.left()
        for place, opinion in enumerate(row.opinions):
            said = opinion.said
            # of a long name the middle goes: the value must stay to be read
            rater = painter.fontMetrics().elidedText(opinion.rater, Qt.TextElideMode.ElideMiddle, 110)
            words = f"{rater}  {said.words}"
            icon = said.icon or ("" if opinion.source is ScoreSource.PERSON else SOURCE_ICONS[opinion.source])
            wide = min(chip_width(painter, words, 1 if icon else 0), 260)
            rest = len(row.opinions) - place
            if x + wide + (60 if rest > 1 else 0) > low.right():
                box = QRect(x, low.top(), low.right() - x, low.height())
                draw_elided(painter, box, f"and {rest} more", theme.dim, Qt.AlignmentFlag.AlignLeft)
                return
            colour = getattr(theme, said.tone) if said.tone else theme.dim
            chip = QRect(x, low.top(), wide, low.height())
            draw_chip(painter, chip, words, icon, colour, under, bool(said.tone))
            x += wide + 6
        notes = [f"{opinion.rater}: {' '.join(opinion.note[:200].split())}" for opinion in row.opinions if opinion.note]
        if notes and low.right() - x > 80:
            ratio = painter.device().devicePixelRatio()
            painter.drawPixmap(x + 2, low.top() + 3, pixmap("sticky-note", theme.faint, 13, ratio))
            rest_box = QRect(x + 20, low.top(), low.right() - x - 20, low.height())
            draw_elided(painter, rest_box, "   ".join(notes), theme.faint, Qt.AlignmentFlag.AlignLeft)
