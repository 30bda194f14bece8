"""The keys of one command: each can be removed, one more pressed, and what stands against it is said before."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from tailrace.ui.commands import Command, Keys, keys_of, with_key_words
from tailrace.ui.commands.keymap import Judged, canonical, having, judge, taken_over, with_keys, written
from tailrace.ui.dialogs.fitted import in_the_middle
from tailrace.ui.dialogs.key_capture import KeyCapture
from tailrace.ui.theme import mono_font, pixmap, tokens, ui_font
from tailrace.ui.views.controls import OneLine, PaintedButton, Words
from tailrace.ui.views.pressable import Pressable

_MOST_CHIPS = 6


class KeyCard(QFrame):
    """Shows a command, or that none is chosen.

    Signals: `changed(object)` the person's keys as they should be; `done()` when the list may have the focus again.
    """

    changed = Signal(object)
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._own: Keys = {}
        self._command: Command | None = None
        self._pending = ""  # a key that waits for an answer; empty with defaults that do
        self._title = QLabel()
        self._title.setObjectName("title")
        self._help = OneLine()
        self.reset = PaintedButton("Reset", "undo-2", flat=True, small=True)
        self.reset.clicked.connect(self.restore_default)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        self.chips: list[KeyChip] = []
        self.add = PaintedButton("Add a key", "plus", small=True)
        self.add.clicked.connect(self.record)
        self.capture = KeyCapture("New key")
        self.capture.setFixedWidth(self.capture.wide_enough())
        self.capture.pressed.connect(self._look_at)
        self.capture.left.connect(self._leave)
        self.say = Words("", "dim", ui_font(12))
        self.take = QPushButton()
        self.take.setAutoDefault(False)
        self.take.clicked.connect(self._take)
        self.leave = QPushButton("Leave it")
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self._leave)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._title)
        top.addWidget(self._help, 1)
        top.addWidget(self.reset)
        keys = QHBoxLayout()
        keys.setSpacing(6)
        keys.addLayout(self._chips)
        keys.addWidget(self.add)
        keys.addWidget(self.capture)
        keys.addStretch(1)
        self._last = QWidget()
        last = QHBoxLayout(self._last)
        last.setContentsMargins(0, 0, 0, 0)
        last.setSpacing(8)
        last.addLayout(in_the_middle(self.say), 1)
        last.addWidget(self.leave)
        last.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(7)
        column.addLayout(top)
        column.addLayout(keys)
        column.addWidget(self._last)
        self.setMinimumHeight(76)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.show_command(None, {})

    @property
    def is_asking(self) -> bool:
        """Whether a key waits for an answer, or to be pressed."""
        return self.take.isVisibleTo(self) or self.capture.isVisibleTo(self)

    def show_command(self, command: Command | None, own: Keys) -> None:
        """The keys of a command; a question about another one is left."""
        other = command is not self._command
        self._command, self._own = command, own
        self._title.setText("" if command is None else command.title)
        self._help.set_text("" if command is None else with_key_words(command.help))
        keys = () if command is None else keys_of(command.id, own)
        self._show_chips(keys)
        self.reset.setVisible(command is not None and command.id in own)
        if command is not None:
            default = " or ".join(map(written, command.keys)) or "no key"
            self.reset.setToolTip(f"Back to {default}")
            self.reset.setAccessibleName(f"Reset {command.title} to {default}")
        if other or not self.is_asking:
            self._ask("" if command is not None else "A key of one view: it cannot be changed.")
            if command is not None and (twice := self._twice(command)):
                self._tell(twice, "warn")

    def record(self) -> None:
        """Wait for a key to be pressed."""
        if self._command is not None:
            self._ask("")
            self.add.hide()
            self.capture.clear()
            self.capture.show()
            self.capture.setFocus(Qt.FocusReason.OtherFocusReason)

    def restore_default(self) -> None:
        """The keys that the command has by default; those that others have now are asked about."""
        command = self._command
        if command is None:
            return
        bare = with_keys(self._own, command, ())
        others = [other for key in command.keys for other in having(canonical(key), command, bare)]
        if others:
            names = " and ".join(dict.fromkeys(f"“{other.title}”" for other in others))
            keys = " and ".join(map(written, command.keys))
            self._pending = ""
            have = "has it" if len(others) == 1 else "have them"
            self._ask(f"{keys}: {names} {have} now.", f"Take back from {names}", "warn")
        else:
            self._change(with_keys(self._own, command, command.keys))

    def remove(self, key: str) -> None:
        """Take a key away from the command."""
        if (command := self._command) is not None:
            left = [one for one in keys_of(command.id, self._own) if one != key]
            self._change(with_keys(self._own, command, left))

    # inside

    def _look_at(self, key: str) -> None:
        command = self._command
        if command is None:
            return
        said = judge(key, command, self._own)
        if said.is_free:
            self._pending = key
            self._take()
            return
        self._pending = key
        if said.refused:
            self._tell(f"{written(key)}: {said.refused}", "err")
            self.capture.selectAll()
            return
        self._ask(_words_of(key, said, command), _offer_of(said), "warn")

    def _take(self) -> None:
        command = self._command
        if command is None:
            return
        if self._pending:
            changed = taken_over(self._own, command, self._pending)
        else:
            changed = with_keys(self._own, command, ())
            for key in command.keys:
                changed = taken_over(changed, command, key)
        self._change(changed)

    def _change(self, own: Keys) -> None:
        self._ask("")
        self.changed.emit(own)
        self.done.emit()

    def _leave(self) -> None:
        asked = self.sender() is self.leave
        if self.sender() is self.capture and self.take.isVisibleTo(self):
            return  # the focus has gone on to the answer
        had = self.capture.hasFocus() or asked
        self._ask("")
        if had:
            self.done.emit()

    def _ask(self, words: str, offer: str = "", tone: str = "dim") -> None:
        """Say something, with an offer to take or leave; without one nothing is recorded any more."""
        self._tell(words, tone)
        self.take.setText(offer.replace("&", "&&"))
        for part in (self.take, self.leave):
            part.setVisible(bool(offer))
        if offer:
            self.take.setFocus(Qt.FocusReason.OtherFocusReason)
        blocked = self.capture.blockSignals(True)
        self.capture.hide()
        self.capture.blockSignals(blocked)
        self.add.setVisible(self._command is not None and not offer)

    def _tell(self, words: str, tone: str) -> None:
        self.say.set_colour(tone)
        self.say.set_text(words)
        for part in (self.take, self.leave, self.capture):  # what is read out beside them
            part.setAccessibleDescription(words)
        self._last.setVisible(bool(words))

    def _twice(self, command: Command) -> str:
        for key in keys_of(command.id, self._own):
            if others := list(having(canonical(key), command, self._own)):
                return f"{written(key)} is also a key of “{others[0].title}”: as it stands, neither fires."
        return ""

    def _show_chips(self, keys: tuple[str, ...]) -> None:
        for chip in self.chips:
            self._chips.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [KeyChip(key, self) for key in keys[:_MOST_CHIPS]]
        for chip in self.chips:
            chip.removed.connect(self.remove)
            self._chips.addWidget(chip)
            chip.show()
        former: QWidget = self.reset
        for part in (*self.chips, self.add, self.capture, self.leave, self.take):
            QWidget.setTabOrder(former, part)
            former = part


class KeyChip(Pressable):
    """A key with a cross: pressing it takes the key away.

    Signals: `removed(str)` the portable key.
    """

    removed = Signal(str)

    def __init__(self, key: str, parent: QWidget) -> None:
        super().__init__(written(key), parent)
        self._key = key
        self.setFont(mono_font(12))
        self.setAccessibleName(f"Remove {written(key)}")
        self.setToolTip("Remove this key")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._remove)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 38, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            lit = self.hovered or self.focused
            painter.setPen(QPen(QColor(theme.accent if self.focused else theme.faint if lit else theme.line2), 1))
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(box, 5, 5)
            painter.setFont(self.font())
            painter.setPen(QColor(theme.text))
            painter.drawText(box.adjusted(10, 0, -24, 0), int(Qt.AlignmentFlag.AlignVCenter), self.text())
            cross = pixmap("x", theme.text if lit else theme.faint, 12, self.devicePixelRatioF())
            painter.drawPixmap(int(box.right()) - 18, int(box.center().y()) - 5, cross)

    def _remove(self) -> None:
        self.removed.emit(self._key)


def _words_of(key: str, said: Judged, command: Command) -> str:
    if not said.taken:
        return f"{written(key)}: {' '.join(said.told)}"
    does = " and ".join(
        f"“{other.title}”{'' if other.page or not command.page else ' on every page'}" for other in said.taken
    )
    return " ".join((f"{written(key)} does {does} now.", *said.told))


def _offer_of(said: Judged) -> str:
    if not said.taken:
        return "Use it all the same"
    return f"Take it from {' and '.join(f'“{other.title}”' for other in said.taken)}"
