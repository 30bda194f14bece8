"""The inspector's head: kind, name, the judging buttons and what they judge."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tailrace.model import SpanKind, SpanStatus
from tailrace.ui.theme import give_tip, kind_icon, pixmap, tokens, ui_font
from tailrace.ui.views.controls import PaintedButton, Switch, draw_elided
from tailrace.ui.views.spoken import Role
from tailrace.ui.views.value_menu import show_value_menu

_TARGET_WORDS = {"span": "this span", "trace": "the whole trace"}


class _Line(QWidget):
    """One line of text that gives way, with an icon before it; a right click offers its values."""

    SPOKEN_AS = Role.StaticText
    filter_requested = Signal(object)
    copied = Signal(object)

    def __init__(self, pixels: int, bold: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self._icon: tuple[str, SpanKind] | None = None
        self._filters: tuple[tuple[str, str], ...] = ()
        self._failed = False
        font = ui_font(pixels)
        if bold:
            font.setWeight(font.Weight.DemiBold)
        self._bold = bold
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(60, 28 if self._bold else 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def show_line(
        self, text: str, filters: tuple[tuple[str, str], ...], kind: SpanKind | None = None, failed: bool = False
    ) -> None:
        self._text, self._filters, self._failed = text, filters, failed
        self._icon = None if kind is None else (kind_icon(kind), kind)
        give_tip(self, text)
        self.setAccessibleName(text[:500] if kind is None else f"{kind.value} span {text[:500]}")
        self.update()

    @property
    def text(self) -> str:
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setFont(self.font())
            left = 0
            if self._icon is not None:
                name, kind = self._icon
                picture = pixmap(name, theme.kind(kind), 16, self.devicePixelRatioF())
                painter.drawPixmap(QPointF(0, (self.height() - 16) / 2), picture)
                left = 23
            if self._failed:
                painter.drawPixmap(
                    QPointF(left, (self.height() - 14) / 2),
                    pixmap("circle-alert", theme.err, 14, self.devicePixelRatioF()),
                )
                left += 19
            colour = theme.text if self._bold else theme.dim
            box = QRect(left, 0, self.width() - left, self.height())
            draw_elided(painter, box, " ".join(self._text[:500].split()), colour, Qt.AlignmentFlag.AlignLeft)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._menu(event.globalPos())

    def _menu(self, place: QPoint) -> None:
        copies = (("Copy", self._text),)
        show_value_menu(self, place, self._filters, copies, self.filter_requested.emit, self.copied.emit)


class Header(QWidget):
    """Says what is selected and takes judgements. A thumb shows as given only when told so by `show_thumb`."""

    thumb_requested = Signal(object)  # 1, 0, or None to take back
    note_wanted = Signal()
    target_chosen = Signal(object)  # "span" or "trace"
    filter_requested = Signal(object)
    copied = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumb: int | None = None
        self._pending: int | None = None
        self._saving = False
        self.name = _Line(14, True, self)
        self.about = _Line(12, False, self)
        for line in (self.name, self.about):
            line.filter_requested.connect(self.filter_requested)
            line.copied.connect(self.copied)
        self.up = PaintedButton("", "thumbs-up", tone="ok", parent=self)
        self.up.setCheckable(True)
        self.up.clicked.connect(self._press_up)
        self.down = PaintedButton("", "thumbs-down", tone="err", parent=self)
        self.down.setCheckable(True)
        self.down.clicked.connect(self._press_down)
        self.note = PaintedButton("Note", "pencil", parent=self)
        self.note.setAccessibleName("Write a note")
        self.note.clicked.connect(self.note_wanted)
        self.target = Switch({"span": "this span", "trace": "whole trace"}, "Thumb and note go to", self)
        self.target.chosen.connect(self.target_chosen)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.name, 1)
        top.addWidget(self.up)
        top.addWidget(self.down)
        top.addWidget(self.note)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.about, 1)
        below.addWidget(self.target)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 8)
        column.setSpacing(6)
        column.addLayout(top)
        column.addLayout(below)

    def show_span(
        self, name: str, kind: SpanKind, about: str, status: SpanStatus, filters: tuple[tuple[str, str], ...]
    ) -> None:
        """Say what is selected. `filters` are (field, value) of the second line."""
        self.name.show_line(name or "(unnamed)", (("span", name),) if name else (), kind)
        self.about.show_line(about, filters, failed=status is SpanStatus.ERROR)

    def show_judging(self, possible: bool) -> None:
        """With nothing to judge the buttons are hidden."""
        for widget in (self.up, self.down, self.note, self.target, self.about):
            widget.setVisible(possible)

    def show_thumb(self, thumb: int | None, target: str) -> None:
        """What is saved for the target: 1, 0 or None."""
        self._thumb, self._saving = thumb, False
        self.target.set_value(target)
        self._say(target)

    def set_saving(self, saving: bool) -> None:
        """Between asking and being saved nothing shows as given."""
        self._saving = saving
        self._say(self.target.value)

    def _press_up(self) -> None:
        self._press(1)

    def _press_down(self) -> None:
        self._press(0)

    def _press(self, value: int) -> None:
        if self._saving:
            self._say(self.target.value)
            return
        self._pending = value
        self._saving = True
        self._say(self.target.value)
        self.thumb_requested.emit(None if self._thumb == value else value)

    def _say(self, target: str) -> None:
        words = _TARGET_WORDS[target]
        for button, value, icon, verb in (
            (self.up, 1, "thumbs-up", "Thumb up"),
            (self.down, 0, "thumbs-down", "Thumb down"),
        ):
            given = self._thumb == value
            waits = self._saving and self._pending == value
            button.setChecked(given and not waits)
            button.setEnabled(not self._saving)
            button.set_look("hourglass" if waits else icon, "ok" if value else "err")
            said = f"{verb} for {words}"
            button.setToolTip("Saving …" if waits else f"Take back: {said.lower()}" if given else said)
            button.setAccessibleName(f"{said}, saving" if waits else f"{said}, given" if given else said)
        self.note.setToolTip(f"Write a note on {words}")
        self.target.setToolTip(f"Thumb and note go to {words}")
