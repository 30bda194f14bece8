"""One conflict in full: who said what with their notes, and the values that it can be settled as."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from tailrace.ui.theme import give_tip, pixmap, tokens, ui_font
from tailrace.ui.views.conflicts import SOURCE_ICONS, ConflictRow, Opinion, Said, chip_width, draw_chip
from tailrace.ui.views.controls import OneLine, PaintedButton, Words, draw_elided
from tailrace.ui.views.spoken import Role

_NAME, _MOST = 150, 9


class SettleCard(QFrame):
    """Signals: `settled(object)` (row, Said or None); `opened(object)` the row."""

    settled = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: ConflictRow | None = None
        self._keys: dict[str, str] = {}
        self.buttons: list[PaintedButton] = []
        self._title = OneLine()
        self.open = PaintedButton("Open trace", "arrow-right", flat=True, small=True)
        self.open.setToolTip("Open this trace (Enter)")
        self.open.clicked.connect(self._open)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.open)
        self._opinions = QVBoxLayout()
        self._opinions.setContentsMargins(0, 0, 6, 0)
        self._opinions.setSpacing(4)
        inside = QWidget()
        inside.setLayout(self._opinions)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        self._area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._area, 1)
        column.addLayout(self._foot)
        self.setAccessibleName("The conflict in full")
        self.show_conflict(None)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys of "pass" and "fail" as people read them, empty for none."""
        self._keys = dict(keys)
        row, self.row = self.row, None
        if row is not None:
            self.show_conflict(row)

    def show_conflict(self, row: ConflictRow | None) -> None:
        """Show a conflict, or hide while there is none."""
        self.setVisible(row is not None)
        if row is None or row == self.row:
            self.row = row
            return
        focused = next((place for place, button in enumerate(self.buttons) if button.hasFocus()), None)
        self.row = row
        self._title.set_text(" · ".join(filter(None, (row.trace_name or "(no name)", row.preview))))
        give_tip(self._title, f"{row.trace_name}\ntrace {row.trace_id}\n{row.preview}")
        self.open.setEnabled(row.key >= 0 and not row.hidden)
        self.open.setToolTip("Open this trace (Enter)" if row.key >= 0 else "This trace is not in this database")
        _empty(self._opinions)
        _empty(self._foot)
        self.buttons = []
        if row.hidden:
            words = "Give your own verdict in the blind queue first; then you see what others said."
            self._opinions.addWidget(Words(words, "dim", ui_font(13)))
            self._opinions.addStretch(1)
            self._limit(40)
            return
        for opinion in row.opinions:
            self._opinions.addWidget(OpinionLine(opinion))
        self._opinions.addStretch(1)
        self._limit(sum(30 if not opinion.note else 52 for opinion in row.opinions) + 6)
        said = QLabel(self._state(row))
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setFont(ui_font(12))
        said.setObjectName("dim")
        self._foot.addWidget(said)
        for place, choice in enumerate(row.choices[:_MOST]):
            button = self._button(place, choice, choice == row.settled)
            self._foot.addWidget(button)
            self.buttons.append(button)
        if row.settled is not None or row.outdated is not None:
            back = PaintedButton("Take back", "undo-2", flat=True)
            back.setToolTip("Leave it unsettled again (Delete)")
            back.clicked.connect(self._take_back)
            self._foot.addWidget(back)
            self.buttons.append(back)
        self._foot.addStretch(1)
        if focused is not None and self.buttons:
            self.buttons[min(focused, len(self.buttons) - 1)].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: a panel under a line."""
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.panel))
            painter.fillRect(QRect(0, 0, self.width(), 1), QColor(theme.line))

    def _state(self, row: ConflictRow) -> str:
        if row.settled is not None:
            return f"settled by {row.settled_by} as"
        if row.outdated is not None:
            return f"was settled as {row.outdated.words}, judged again since; settle as"
        return "settle as"

    def _limit(self, height: int) -> None:
        self._area.setMinimumHeight(min(height, 84))
        self._area.setMaximumHeight(min(height, 230))

    def _button(self, place: int, choice: Said, checked: bool) -> PaintedButton:
        letter = self._keys.get(choice.words) if choice.icon else None
        words = choice.words if len(choice.words) <= 24 else f"{choice.words[:23]}…"
        button = ChoiceButton(words, letter or str(place + 1), choice, self)
        button.setChecked(checked)
        button.taken.connect(self._settle)
        return button

    def _settle(self, choice: Said) -> None:
        if self.row is not None:
            self.settled.emit((self.row, None if self.row.settled == choice else choice))

    def _take_back(self) -> None:
        if self.row is not None:
            self.settled.emit((self.row, None))

    def _open(self) -> None:
        if self.row is not None:
            self.opened.emit(self.row)


class ChoiceButton(PaintedButton):
    """A value to settle as, with its key drawn as one. Signal: `taken(object)` the Said."""

    taken = Signal(object)

    def __init__(self, words: str, key: str, choice: Said, parent: QWidget) -> None:
        # spaces keep the room that the key takes
        space, cap = (QFontMetrics(ui_font(size)).horizontalAdvance(text) for size, text in ((13, " "), (11, key)))
        self._cap = max(17, cap + 8)
        room = " " * -(-(self._cap + 10) // max(space, 1))
        super().__init__(f"{words}{room}", choice.icon, tone=choice.tone or "accent", parent=parent)
        self._choice = choice
        self._key = key
        self.setCheckable(True)
        give_tip(self, f"Settle as {choice.words} ({key}). What each rater gave stays.")
        self.setAccessibleName(f"Settle as {choice.words}")
        self.clicked.connect(self._take)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the button, and its key at the right."""
        super().paintEvent(event)
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.width() - 9 - self._cap, (self.height() - 16) / 2, self._cap, 16)
            painter.setPen(QPen(QColor(theme.line2), 1))
            painter.setBrush(QColor(theme.bg))
            painter.drawRoundedRect(box, 4, 4)
            painter.setFont(ui_font(11))
            painter.setPen(QColor(theme.dim))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self._key)

    def _take(self) -> None:
        self.taken.emit(self._choice)


class OpinionLine(QWidget):
    """A rater, their value, and their note as far as it needs room."""

    SPOKEN_AS = Role.StaticText

    def __init__(self, opinion: Opinion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opinion = opinion
        self._note = " ".join(opinion.note.split())
        self.setFont(ui_font(13))
        self.setAccessibleName(f"{opinion.rater}: {opinion.said.words}. {self._note}".strip())
        give_tip(self, opinion.note)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(self.width()))

    def heightForWidth(self, width: int) -> int:
        if not self._note:
            return 24
        room = QRect(0, 0, max(60, width - _NAME - self._chip_room()), 10_000)
        return max(24, QFontMetrics(self.font()).boundingRect(room, _WRAP, self._note).height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        opinion, said = self._opinion, self._opinion.said
        with QPainter(self) as painter:
            picture = pixmap(SOURCE_ICONS[opinion.source], theme.faint, 14, self.devicePixelRatioF())
            painter.drawPixmap(QPoint(0, 5), picture)
            painter.setFont(ui_font(13, QFont.Weight.Medium))
            name = QRect(22, 0, _NAME - 30, 24)
            draw_elided(painter, name, opinion.rater, theme.text, Qt.AlignmentFlag.AlignLeft)
            painter.setFont(ui_font(12))
            wide = min(chip_width(painter, said.words, 1 if said.icon else 0), 190)
            colour = getattr(theme, said.tone) if said.tone else theme.text
            chip = QRect(_NAME, 2, wide, 20)
            draw_chip(painter, chip, said.words, said.icon, colour, theme.raised, bool(said.tone))
            painter.setFont(self.font())
            painter.setPen(QColor(theme.text))
            left = _NAME + self._chip_room()
            painter.drawText(QRectF(left, 3, self.width() - left, self.height() - 3), _WRAP, self._note)

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another font is another height."""
        super().changeEvent(event)
        self.updateGeometry()

    def _chip_room(self) -> int:
        metrics = QFontMetrics(ui_font(12))
        return min(metrics.horizontalAdvance(self._opinion.said.words) + 34, 190) + 12


_WRAP = int(Qt.TextFlag.TextWordWrap)


def _empty(layout: QVBoxLayout | QHBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
