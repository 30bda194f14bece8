"""The rows of the settings dialog: a setting with its help, its control, and the way back to its default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tailrace.ui.dialogs.setting_controls import Presets, control_for
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.controls import PaintedButton, Words
from tailrace.workspace import Settings
from tailrace.workspace.setting_catalogue import SECTION_HELP, Kind, Section, Setting

_MARK = 3  # pixels


class CardRow(QFrame):
    """A row of a card: words at the left, controls at the right, a mark along the edge where something was changed."""

    def __init__(self, title: str, help: str, words: str = "") -> None:
        super().__init__()
        self.searched = f"{title} {help} {words}"
        self._marked = False
        self.is_first = False
        self.title = QLabel(title)
        self.title.setObjectName("title")
        self.help = Words(help, "dim", ui_font(12))
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.text = QVBoxLayout()
        self.text.setSpacing(4)
        self.text.addLayout(self.head)
        self.text.addWidget(self.help)
        self.beside = QHBoxLayout()
        self.beside.setSpacing(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 12, 16, 13)
        row.setSpacing(20)
        row.addLayout(self.text, 1)
        row.addLayout(self.beside)

    def set_marked(self, marked: bool) -> None:
        """Whether the mark is there."""
        self._marked = marked
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the mark, and a line to the row above."""
        super().paintEvent(event)
        theme = tokens(self)
        with QPainter(self) as painter:
            if not self.is_first:
                painter.fillRect(18, 0, self.width() - 34, 1, QColor(theme.line))
            if self._marked:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.accent))
                painter.drawRoundedRect(QRectF(5, 12, _MARK, self.height() - 24), 1.5, 1.5)


class SettingRow(CardRow):
    """One setting.

    Signals: `chosen(object)` (name, value); `reset(str)` its name; `restart_wanted()`.
    """

    chosen = Signal(object)
    reset = Signal(str)
    restart_wanted = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.title, setting.help)
        self.setting = setting
        self.back = PaintedButton("Reset", "undo-2", flat=True, small=True)
        self.back.setAccessibleName(f"Reset {setting.title} to {setting.say(setting.default)}")
        self.back.setToolTip(f"Back to {setting.say(setting.default)}")
        self.back.clicked.connect(self._reset)
        self.head.insertWidget(1, self.back)
        policy = self.back.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the row stays as high as it is
        self.back.setSizePolicy(policy)
        self.control = control_for(setting)
        self.control.chosen.connect(self._choose)
        self.control.wrong.connect(self._show_fault)
        if setting.kind is Kind.AMOUNT:
            unit = QLabel(setting.unit)
            unit.setObjectName("dim")
            self.beside.addWidget(unit)
        self.beside.addWidget(self.control)
        self.presets = Presets(setting) if setting.presets else None
        if self.presets is not None:
            self.presets.chosen.connect(self._choose)
            self.text.addWidget(self.presets)
        self.fault = Words("", "err", ui_font(12))
        self.fault.hide()
        self.text.addWidget(self.fault)
        self.later = _later(self) if setting.needs_restart else None

    def show_settings(self, settings: Settings, started: Settings) -> None:
        """What holds now, and what held when the program started."""
        value = self.setting.value(settings)
        changed = self.setting.is_changed(settings)
        self.control.show_value(value)
        if self.presets is not None:
            self.presets.show_value(value)
        if not changed and self.back.hasFocus():
            self.control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.back.setVisible(changed)
        self.set_marked(changed)
        self.title.setAccessibleDescription("changed" if changed else "")
        if self.later is not None:
            self.later.setVisible(value != self.setting.value(started))

    def _choose(self, value: Any) -> None:
        self.chosen.emit((self.setting.name, value))

    def _reset(self) -> None:
        self.reset.emit(self.setting.name)

    def _show_fault(self, words: str) -> None:
        self.fault.set_text(words)
        self.fault.setVisible(bool(words))


class KeysRow(CardRow):
    """Stands for the keys among the hits of a search.

    Signals: `wanted()` the page of keys.
    """

    wanted = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.title, setting.help)
        self.setting = setting
        self.show_button = QPushButton("Show the keys")
        self.show_button.setAutoDefault(False)
        self.show_button.clicked.connect(self.wanted)
        self.beside.addWidget(self.show_button)


class SectionCard(QWidget):
    """A section: its title, what it is about, and a card with its rows."""

    def __init__(self, section: Section, rows: Sequence[CardRow]) -> None:
        super().__init__()
        self.section = section
        self.rows = list(rows)
        title = QLabel(section.value)
        title.setFont(ui_font(18))
        title.setObjectName("title")
        self._help = Words(SECTION_HELP[section], "dim", ui_font(13))
        card = QFrame()
        card.setObjectName("card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(0, 2, 0, 2)
        inner.setSpacing(0)
        for row in rows:
            inner.addWidget(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 14)
        column.setSpacing(6)
        column.addWidget(title)
        column.addWidget(self._help)
        column.addSpacing(6)
        column.addWidget(card)

    def show_rows(self, wanted: Sequence[CardRow], searching: bool) -> None:
        """Show some of the rows; without any the section is not shown either."""
        shown = [row for row in self.rows if row in wanted]
        for row in self.rows:
            row.setVisible(row in shown)
            row.is_first = bool(shown) and row is shown[0]
        self._help.setVisible(not searching)
        self.setVisible(bool(shown))


def _later(row: SettingRow) -> QWidget:
    """That it is not in force yet, with a way to have it so."""
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 5, 0, 0)
    line.setSpacing(10)
    words = QLabel("In force from the next start.")
    words.setFont(ui_font(12))
    button = QPushButton("Restart now")
    button.setAutoDefault(False)
    button.setToolTip("Close Tailrace and start it again with what is open now")
    button.clicked.connect(row.restart_wanted)
    line.addWidget(words)
    line.addWidget(button)
    line.addStretch(1)
    made.hide()
    row.text.addWidget(made)
    return made
