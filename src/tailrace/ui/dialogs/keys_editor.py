"""Every key of the program in one list, searched by name or by pressing a key, and changed in place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMessageBox, QStackedLayout, QVBoxLayout, QWidget

from tailrace.model.words import count_of
from tailrace.ui.commands import COMMANDS, Keys
from tailrace.ui.commands.keymap import canonical
from tailrace.ui.dialogs.entering import press_focused
from tailrace.ui.dialogs.fitted import in_the_middle
from tailrace.ui.dialogs.key_capture import KeyCapture
from tailrace.ui.dialogs.key_card import KeyCard
from tailrace.ui.dialogs.key_rows import KeyRows
from tailrace.ui.theme import ui_font
from tailrace.ui.views.controls import PaintedButton, Words, name_buttons


class KeysEditor(QWidget):
    """Changes nothing by itself: who owns the keys answers `changed` with `show_keys`.

    Signals: `changed(object)` the person's keys as they should be, command -> keys, the changed commands alone;
    `export_wanted()` and `import_wanted()`.
    """

    changed = Signal(object)
    export_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, own: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own: Keys = own
        self._pressed = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search by name or key")
        self.search.setAccessibleName("Search shortcuts")
        self.search.setClearButtonEnabled(True)
        name_buttons(self.search, "Clear")
        self.search.textChanged.connect(self._narrow)
        self.press = KeyCapture("Find what a key does")
        self.press.setPlaceholderText("Press a key, Escape to type again")
        self.press.pressed.connect(self._find_key)
        self.press.left.connect(self._type_again)
        self.record = PaintedButton("Find by key", "keyboard")
        self.record.setCheckable(True)
        self.record.setToolTip("Press a key to find what it does")
        self.record.toggled.connect(self._turn)
        self.only_changed = PaintedButton("Changed only", "circle-dot")
        self.only_changed.setCheckable(True)
        self.only_changed.toggled.connect(self._narrow)
        self.rows = KeyRows()
        self.rows.currentItemChanged.connect(self._show_current)
        self.card = KeyCard()
        self.card.changed.connect(self.changed)
        self.card.done.connect(self.rows.setFocus)
        self.rows.itemActivated.connect(self.card.record)
        self.words = Words("", "dim", ui_font(12))
        self.exported = PaintedButton("Export…", "", flat=True, small=True)
        self.exported.setToolTip("Write the changed keys into a file")
        self.exported.clicked.connect(self.export_wanted)
        self.imported = PaintedButton("Import…", "", flat=True, small=True)
        self.imported.setToolTip("Take keys from such a file")
        self.imported.clicked.connect(self.import_wanted)
        self.reset_all = PaintedButton("Reset keys…", "rotate-ccw", flat=True, small=True)
        self.reset_all.clicked.connect(self.ask_reset)
        self._arrange()
        self.show_keys(own)
        self.setFocusProxy(self.search)

    def _arrange(self) -> None:
        self._lines = QStackedLayout()
        self._lines.addWidget(self.search)
        self._lines.addWidget(self.press)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addLayout(self._lines, 1)
        top.addWidget(self.record)
        top.addWidget(self.only_changed)
        last = QHBoxLayout()
        last.setSpacing(4)
        last.addLayout(in_the_middle(self.words), 1)
        for button in (self.imported, self.exported, self.reset_all):
            last.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.rows, 1)
        column.addWidget(self.card)
        column.addLayout(last)
        self.rows.setMinimumHeight(120)

    def show_keys(self, own: Keys) -> None:
        """The keys as they are set now."""
        self._own = own
        self.rows.show_keys(own)
        self.reset_all.setEnabled(bool(own))
        self.exported.setEnabled(bool(own))
        self._narrow()
        self.card.show_command(self.rows.command, own)

    def tell(self, words: str, wrong: bool = False) -> None:
        """Say what came of an import or export, until something else is searched or changed."""
        self.words.set_colour("err" if wrong else "dim")
        self.words.set_text(words)

    def search_for(self, typed: str) -> None:
        """Search by name or key."""
        self.record.setChecked(False)
        self.search.setText(typed)

    def choose(self, command_id: str) -> None:
        """Show a command."""
        self.search_for("")
        self.only_changed.setChecked(False)
        self.rows.choose(command_id)

    def ask_reset(self) -> None:
        """Ask whether all keys should be the default ones again."""
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Reset all shortcuts")
        changed = sum(command.id in self._own for command in COMMANDS)
        box.setText(f"Reset the keys of {count_of(changed, 'command')} to what they were at first?")
        box.setInformativeText("Export them before if you may want them back.")
        box.setStandardButtons(QMessageBox.StandardButton.Reset | QMessageBox.StandardButton.Cancel)
        box.button(QMessageBox.StandardButton.Reset).setText("Reset all")
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.button(QMessageBox.StandardButton.Reset).clicked.connect(self._reset)
        box.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: from the search into what it has found; Escape first ends the search; Enter presses buttons."""
        if press_focused(self, event):
            return
        entering = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)
        if entering and self.search.hasFocus():
            self.rows.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            self.search.setFocus()
        else:
            super().keyPressEvent(event)

    def _reset(self) -> None:
        self.changed.emit({})

    def _turn(self, by_key: bool) -> None:
        self._pressed = ""
        self.press.clear()
        line = self.press if by_key else self.search
        self._lines.setCurrentWidget(line)
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._narrow()

    def _find_key(self, key: str) -> None:
        self._pressed = canonical(key)
        self._narrow()

    def _type_again(self) -> None:
        if self.press.hasFocus():
            self.record.setChecked(False)

    def _show_current(self, *_: object) -> None:
        self.card.show_command(self.rows.command, self._own)

    def _narrow(self, *_: object) -> None:
        words = self.search.text().casefold().split()
        by_key = self.record.isChecked()
        only = self.only_changed.isChecked()
        typed_key = canonical(self.search.text().strip())

        def wanted(title: str, shown: str, keys: frozenset[str], changed: bool) -> bool:
            if only and not changed:
                return False
            if by_key:
                return not self._pressed or self._pressed in keys
            named = f"{title} {shown}".casefold()
            return all(word in named for word in words) or (bool(typed_key) and typed_key in keys)

        found, total = self.rows.narrow(wanted)
        changed = sum(command.id in self._own for command in COMMANDS)
        if not found and by_key and self._pressed:
            words_of = f"No command has {self.press.text()}"
        elif not found:
            words_of = "No command matches" if words else "No command has changed keys"
        else:
            words_of = f"{found} of {total} commands" if found < total else f"{total} commands"
        self.tell(f"{words_of} · {changed} changed" if changed else words_of)
