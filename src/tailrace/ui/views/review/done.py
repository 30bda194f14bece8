"""The end of a queue: what was done, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from tailrace.model.review import DEFERRED, FAILED, PASSED, QueueSummary
from tailrace.model.words import format_count
from tailrace.ui.theme import pixmap, tokens, ui_font
from tailrace.ui.views.controls import draw_elided
from tailrace.ui.views.review.card_button import CardButton
from tailrace.ui.views.review.progress import paint_progress, spoken_progress
from tailrace.ui.views.review.start import centred
from tailrace.ui.views.review.states import STATE_LOOKS
from tailrace.ui.views.spoken import Role

_WIDEST = 720


class QueueDone(QWidget):
    """Figures and cards.

    Signals: `open_wanted()` to go on with what was left out; `deferred_wanted()`; `queue_chosen(object)` the id of
    the next queue; `view_chosen(str)` modes or agreement; `export_wanted(str)` report or labels; `list_wanted()` to
    look at the items once more.
    """

    open_wanted = Signal()
    deferred_wanted = Signal()
    queue_chosen = Signal(object)
    view_chosen = Signal(str)
    export_wanted = Signal(str)
    list_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._next: str | None = None
        self._whole = True
        self._picture = QLabel()
        self.title = QLabel()
        self.title.setFont(ui_font(20, QFont.Weight.DemiBold))
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.time = QLabel()
        self.time.setObjectName("dim")
        self.time.setTextFormat(Qt.TextFormat.PlainText)
        self.time.setWordWrap(True)
        self.figures = _Figures()
        self.open = CardButton("circle", "", "They were passed over and have no verdict yet.", primary=True, lines=1)
        self.deferred = CardButton("clock", "", "You put them off; now there is time.", primary=True, lines=1)
        self.next = CardButton("arrow-right", "", "", lines=1)
        self.modes = CardButton("shapes", "Sort the failures", "", lines=1)
        self.agreement = CardButton("scale", "Compare with others", "Agreement, and the conflicts to settle.", lines=1)
        self.report = CardButton(
            "file-text", "Write the report…", "Counts, modes, agreement and examples in one file.", lines=1
        )
        self.again = CardButton("list", "Look at the items again", "Verdicts can be changed at any time.", lines=1)
        self.open.clicked.connect(self.open_wanted)
        self.deferred.clicked.connect(self.deferred_wanted)
        self.next.clicked.connect(self._go_on)
        self.modes.clicked.connect(self._show_modes)
        self.agreement.clicked.connect(self._show_agreement)
        self.report.clicked.connect(self._write_report)
        self.again.clicked.connect(self.list_wanted)
        self._cards = QGridLayout()
        self._cards.setSpacing(10)
        self._cards.setColumnStretch(0, 1)
        self._cards.setColumnStretch(1, 1)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._picture)
        head.addWidget(self.title, 1)
        body = QWidget()
        body.setMaximumWidth(_WIDEST)
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(head)
        inner.addSpacing(6)
        inner.addWidget(self.time)
        inner.addSpacing(18)
        inner.addWidget(self.figures)
        inner.addSpacing(26)
        inner.addLayout(self._cards)
        centred(self, body)
        self._dress()

    def show_done(self, summary: QueueSummary, spent: str = "", following: QueueSummary | None = None) -> None:
        """What was done in a queue, `spent` being the time in words ("30 min, about 9 s each"), and the queue that has
        open items, if any."""
        size, done = summary.size, summary.passed + summary.failed + summary.deferred
        name = " ".join(summary.queue.name[:120].split())
        rest = size - done
        if size == 0:
            self.title.setText(f"“{name}” has no traces for you")
        elif rest > 0:
            self.title.setText(f"“{name}”: {format_count(done)} of {format_count(size)} done")
        else:
            whole = "the one trace is" if size == 1 else f"all {format_count(size)} are"
            self.title.setText(f"“{name}”: {whole} done")
        self.time.setText(f"It took {spent}. Everything is saved." if spent else "Everything is saved.")
        self._whole = rest <= 0
        self._dress()
        self.figures.show_summary(summary)
        self.open.set_words(
            "Go on with the open one" if rest == 1 else f"Go on with the {format_count(rest)} open ones",
            self.open.sentence,
        )
        self.deferred.set_words(
            "Look at the deferred one" if summary.deferred == 1
            else f"Look at the {format_count(summary.deferred)} deferred",
            self.deferred.sentence,
        )  # fmt: skip
        failures = f"{format_count(summary.failed)} failure{'' if summary.failed == 1 else 's'}"
        self.modes.set_words("Sort the failures", f"What do the {failures} have in common?")
        self._next = None if following is None else following.queue.queue_id
        if following is not None:
            left = following.size - following.passed - following.failed - following.deferred
            self.next.set_words(
                f"Next: {following.queue.name}", f"{format_count(left)} of {format_count(following.size)} are open."
            )
        self._place(summary)

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()

    def _place(self, summary: QueueSummary) -> None:
        shown = {
            self.open: not self._whole,
            self.deferred: summary.deferred > 0,
            self.next: self._next is not None,
            self.modes: summary.failed > 0,
            self.agreement: summary.size > 0,
            self.report: summary.size > 0,
            self.again: summary.size > 0,
        }
        place = 0
        for card, wanted in shown.items():
            self._cards.removeWidget(card)
            if wanted:
                self._cards.addWidget(card, place // 2, place % 2)
                place += 1
            card.setVisible(wanted and card.parentWidget() is not None)  # one without would be a window of its own
        first = [card for card, wanted in shown.items() if wanted]
        self.setFocusProxy(first[0] if first else self.again)

    def _go_on(self) -> None:
        self.queue_chosen.emit(self._next)

    def _show_modes(self) -> None:
        self.view_chosen.emit("modes")

    def _show_agreement(self) -> None:
        self.view_chosen.emit("agreement")

    def _write_report(self) -> None:
        self.export_wanted.emit("report")

    def _dress(self) -> None:
        name, tone = ("circle-check", "ok") if self._whole else ("circle", "dim")
        self._picture.setPixmap(pixmap(name, getattr(tokens(self), tone), 28, self.devicePixelRatioF()))
        self._picture.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)


class _Figures(QWidget):
    """Three large figures over one line."""

    SPOKEN_AS = Role.StaticText

    def __init__(self) -> None:
        super().__init__()
        self._size = 0
        self._parts = (0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_summary(self, summary: QueueSummary) -> None:
        self._size, self._parts = summary.size, (summary.passed, summary.failed, summary.deferred)
        self.setAccessibleName(spoken_progress(self._size, *self._parts))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, 74)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            width = self.width() // 3
            for place, (state, count) in enumerate(zip((PASSED, FAILED, DEFERRED), self._parts, strict=True)):
                look = STATE_LOOKS[state]
                left = place * width
                painter.drawPixmap(left, 9, pixmap(look.icon, getattr(theme, look.tone), 18, self.devicePixelRatioF()))
                painter.setFont(ui_font(24, QFont.Weight.DemiBold))
                painter.setPen(QColor(theme.text))
                figure = format_count(count)
                painter.drawText(QRect(left + 27, 0, width - 27, 36), _LEFT, figure)
                beside = left + 27 + painter.fontMetrics().horizontalAdvance(figure) + 8
                share = f" · {count / self._size:.0%}" if self._size else ""
                painter.setFont(ui_font(13))
                room = QRect(beside, 4, max(0, left + width - beside), 34)
                draw_elided(painter, room, f"{look.word}{share}", theme.dim, Qt.AlignmentFlag.AlignLeft)
            paint_progress(painter, QRectF(0, 54, self.width(), 8), theme, self._size, self._parts)


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
