"""What a setting is chosen with, by its kind: a switch of words, a toggle, a number, a line of text, an amount."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QWidget

from tailrace.ui.models.price_drafts import number_of, typed
from tailrace.ui.views.controls import PaintedButton, Switch
from tailrace.ui.views.toggle import Toggle
from tailrace.workspace.setting_catalogue import Kind, Setting

_PAUSE_MS = 600  # after the last letter
_MOST_AMOUNT = 1e12


class SettingControl(QWidget):
    """Signals: `chosen(object)` a value, when a person chose it; `wrong(str)` why what is typed is no value, empty when
    it is one again."""

    chosen = Signal(object)
    wrong = Signal(str)

    def show_value(self, value: Any) -> None:
        """What holds."""
        raise NotImplementedError

    def flush(self) -> None:
        """Take what is typed now."""

    def choose(self, value: Any) -> None:
        """A person chose a value."""
        self.chosen.emit(value)


class _ChoiceControl(SettingControl):
    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.switch = Switch(dict(setting.choices), setting.title)
        self.switch.chosen.connect(self.chosen)
        _fill(self, self.switch)
        self.setFocusProxy(self.switch.button(setting.choices[0][0]))

    def show_value(self, value: Any) -> None:
        self.switch.set_value(str(value))
        self.setFocusProxy(self.switch.button(str(value)))


class _FlagControl(SettingControl):
    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.toggle = Toggle(setting.title)
        self.toggle.setAccessibleDescription(setting.help)
        self.toggle.clicked.connect(self.choose)
        _fill(self, self.toggle)
        self.setFocusProxy(self.toggle)

    def show_value(self, value: Any) -> None:
        self.toggle.setChecked(bool(value))


class _NumberControl(SettingControl):
    def __init__(self, setting: Setting) -> None:
        super().__init__()
        least, most = setting.bounds
        self.field = _Spin()
        self.field.setRange(least, most)
        self.field.setSingleStep(setting.step)
        self.field.setGroupSeparatorShown(True)
        self.field.setKeyboardTracking(False)  # 3 on the way to 300 is not chosen
        self.field.setSuffix(f" {setting.unit}" if setting.unit else "")
        self.field.setObjectName("bare")  # Fusion's buttons are drawn for no theme of ours
        self.field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.field.setFixedWidth(112)
        for part in (self.field, self.field.lineEdit()):
            part.setAccessibleName(setting.title)
            part.setAccessibleDescription(f"{setting.help} From {least:,} to {most:,} {setting.unit}.")
        self.field.setToolTip(f"From {least:,} to {most:,} {setting.unit}".strip())
        self.field.valueChanged.connect(self.choose)
        self.less = PaintedButton("", "minus", small=True)
        self.more = PaintedButton("", "plus", small=True)
        for button, words, step in ((self.less, "Less", self.field.stepDown), (self.more, "More", self.field.stepUp)):
            button.setAccessibleName(f"{words}: {setting.title}")
            button.setToolTip(f"{words} (Up and Down in the field)")
            button.setAutoRepeat(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field has the same on its arrow keys
            button.clicked.connect(step)
        _fill(self, self.less, self.field, self.more)
        self.setFocusProxy(self.field)

    def show_value(self, value: Any) -> None:
        blocked = self.field.blockSignals(True)
        self.field.setValue(value)
        self.field.blockSignals(blocked)
        self.less.setEnabled(value > self.field.minimum())
        self.more.setEnabled(value < self.field.maximum())

    def flush(self) -> None:
        self.field.interpretText()


class _LineControl(SettingControl):
    """Text is taken after a pause, on Enter and when the focus leaves; nothing typed is the default."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._setting = setting
        self._value: Any = None
        self.field = QLineEdit()
        self.field.setFixedWidth(112 if setting.kind is Kind.AMOUNT else 220)
        if setting.kind is Kind.AMOUNT:
            self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setPlaceholderText(setting.empty)
        self.field.setAccessibleName(f"{setting.title}, {setting.unit}" if setting.unit else setting.title)
        self.field.setAccessibleDescription(setting.help)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self.field.textEdited.connect(self._look)
        self.field.editingFinished.connect(self.flush)
        _fill(self, self.field)
        self.setFocusProxy(self.field)

    def show_value(self, value: Any) -> None:
        if value != self._value or not self.field.hasFocus():
            self._value = value
            text = typed(value) if self._setting.kind is Kind.AMOUNT else str(value or "")
            if text != self.field.text():
                self.field.setText(text)
            self.wrong.emit("")

    def flush(self) -> None:
        self._pause.stop()
        text = self.field.text().strip()
        if self.fault(text):
            return
        value: Any = text
        if self._setting.kind is Kind.AMOUNT:
            value = number_of(text)
        elif not text:
            value = self._setting.default
        if value != self._value:
            self._value = value
            self.chosen.emit(value)

    def fault(self, text: str) -> str:
        """What is wrong with a text; empty where nothing is."""
        if self._setting.kind is not Kind.AMOUNT or not text:
            return ""
        number = number_of(text)
        return "" if number is not None and 0 < number <= _MOST_AMOUNT else "That is no amount above zero."

    def _look(self, text: str) -> None:
        self.wrong.emit(self.fault(text.strip()))
        self._pause.start()


class Presets(QWidget):
    """Numbers that are offered at a press.

    Signals: `chosen(object)` one of them.
    """

    chosen = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._buttons: dict[int, PaintedButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(6)
        for number in setting.presets:
            button = PaintedButton(f"{number} {setting.unit}".strip(), small=True)
            button.setCheckable(True)
            button.setAccessibleName(f"{setting.title}: {number} {setting.unit}")
            button.clicked.connect(self._choose)
            self._buttons[number] = button
            row.addWidget(button)
        row.addStretch(1)

    def show_value(self, value: Any) -> None:
        """Which of them holds, if one does."""
        for number, button in self._buttons.items():
            button.setChecked(number == value)

    def _choose(self) -> None:
        sender = self.sender()
        number = next(number for number, button in self._buttons.items() if button is sender)
        self._buttons[number].setChecked(True)  # again is not off
        self.chosen.emit(number)


class _Spin(QSpinBox):
    """The wheel scrolls the page over it, not the number, until it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: only where a person is in the field."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def control_for(setting: Setting) -> SettingControl:
    """The control of a setting; of keys there is none."""
    if setting.kind is Kind.CHOICE:
        return _ChoiceControl(setting)
    if setting.kind is Kind.FLAG:
        return _FlagControl(setting)
    if setting.kind is Kind.NUMBER:
        return _NumberControl(setting)
    return _LineControl(setting)


def _fill(control: QWidget, *parts: QWidget) -> None:
    row = QHBoxLayout(control)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for part in parts:
        row.addWidget(part)
