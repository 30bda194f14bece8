"""The settings dialog: every setting a person chooses, by section, found by typing, in force at once."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tailrace.model.words import count_of
from tailrace.ui.commands import COMMANDS
from tailrace.ui.dialogs.entering import press_focused
from tailrace.ui.dialogs.file_rows import FileRows
from tailrace.ui.dialogs.fitted import fit_dialog, in_the_middle
from tailrace.ui.dialogs.keys_editor import KeysEditor
from tailrace.ui.dialogs.setting_rows import CardRow, KeysRow, SectionCard, SettingRow
from tailrace.ui.theme import icon, tokens, ui_font
from tailrace.ui.views.controls import PaintedButton, QuietScrollBar, Words, name_buttons
from tailrace.ui.views.placeholder import Placeholder
from tailrace.workspace import Settings
from tailrace.workspace.own_files import OwnFiles
from tailrace.workspace.setting_catalogue import SECTION_HELP, SETTINGS, Section, has_words, matching

_ICONS: dict[Section, str] = {
    Section.APPEARANCE: "palette",
    Section.START: "play",
    Section.REVIEW: "clipboard-check",
    Section.MONITOR: "chart-line",
    Section.SQL: "square-terminal",
    Section.FILES: "hard-drive",
    Section.KEYBOARD: "keyboard",
}
_SECTION = Qt.ItemDataRole.UserRole + 1
_SAVED = "Every change is saved at once."


class SettingsDialog(QDialog):
    """Changes nothing by itself: who owns the settings answers with `show_settings`.

    Signals: `chosen(object)` (name, value); `reset_wanted(object)` names; `restart_wanted()`; `files` and `keys` have
    signals of their own.
    """

    chosen = Signal(object)
    reset_wanted = Signal(object)
    restart_wanted = Signal()

    def __init__(self, settings: Settings, started: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self._started = started
        self._section = Section.APPEARANCE
        self.rows: dict[str, SettingRow] = {}
        self.files = FileRows(self)
        self.keys = KeysEditor(settings.keys)
        self._arrange()
        self._connect()
        self.show_settings(settings)
        self._dress()
        self.show_section(Section.APPEARANCE)
        fit_dialog(self, 980, 700)
        self.search.setFocus()

    # ---- arrangement ----

    def _arrange(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search settings")
        self.search.setAccessibleName("Search settings")
        self.search.setClearButtonEnabled(True)
        name_buttons(self.search, "Clear")
        self.search.setMinimumHeight(32)
        self.search.setFont(ui_font(14))
        self._glass = self.search.addAction(
            icon("search", tokens(self).faint), QLineEdit.ActionPosition.LeadingPosition
        )
        name_buttons(self.search, "Search")
        self.count = QLabel()
        self.count.setObjectName("dim")
        self.only_changed = PaintedButton("Changed only", "circle-dot")
        self.only_changed.setCheckable(True)
        top = QHBoxLayout()
        top.setContentsMargins(18, 12, 18, 12)
        top.setSpacing(12)
        top.addWidget(self.search, 1)
        top.addWidget(self.count)
        top.addWidget(self.only_changed)
        header = QFrame()
        header.setObjectName("header")
        header.setLayout(top)

        self.sections = QListWidget()
        self.sections.setObjectName("sections")
        self.sections.setAccessibleName("Sections")
        self.sections.setIconSize(QSize(16, 16))
        self.sections.setFixedWidth(200)
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for section in Section:
            item = QListWidgetItem(section.value)
            item.setData(_SECTION, section)
            item.setToolTip(SECTION_HELP[section])
            self.sections.addItem(item)
        self._cards = [SectionCard(section, self._rows_of(section)) for section in Section]
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(26, 20, 26, 10)
        column.setSpacing(6)
        for card in self._cards:
            column.addWidget(card)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidget(page)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setVerticalScrollBar(QuietScrollBar())  # the cards are as wide whether it is needed or not
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nothing = Placeholder(self)
        keyboard = QWidget()
        column = QVBoxLayout(keyboard)
        column.setContentsMargins(26, 20, 26, 10)
        title = QLabel(Section.KEYBOARD.value)
        title.setFont(ui_font(18))
        title.setObjectName("title")
        column.addWidget(title)
        column.addWidget(self.keys, 1)
        self._keyboard = keyboard
        self.pages = QStackedWidget()
        for part in (self.area, keyboard, self.nothing):
            self.pages.addWidget(part)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        side = QFrame()
        side.setObjectName("rail")
        beside = QVBoxLayout(side)
        beside.setContentsMargins(0, 8, 0, 8)
        beside.addWidget(self.sections)
        middle.addWidget(side)
        middle.addWidget(self.pages, 1)

        self.say = Words(_SAVED, "dim", ui_font(12))
        self.reset_all = PaintedButton("Reset all settings…", "rotate-ccw", flat=True)
        self.close_button = QPushButton("Close")
        self.close_button.setAutoDefault(False)
        last = QHBoxLayout()
        last.setContentsMargins(18, 9, 18, 9)
        last.setSpacing(10)
        last.addLayout(in_the_middle(self.say), 1)
        last.addWidget(self.reset_all)
        last.addWidget(self.close_button)
        foot = QFrame()
        foot.setObjectName("status")
        foot.setLayout(last)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(header)
        whole.addLayout(middle, 1)
        whole.addWidget(foot)

    def _rows_of(self, section: Section) -> list[CardRow]:
        rows: list[CardRow] = []
        for setting in SETTINGS:
            if setting.section is not section:
                continue
            if section is Section.KEYBOARD:
                self._keys_row = KeysRow(setting)
                rows.append(self._keys_row)
            else:
                row = self.rows[setting.name] = SettingRow(setting)
                rows.append(row)
        return [*rows, *(self.files.rows if section is Section.FILES else ())]

    def _connect(self) -> None:
        self.search.textChanged.connect(self._narrow)
        self.only_changed.toggled.connect(self._narrow)
        self.sections.currentRowChanged.connect(self._go_to)
        self.sections.itemClicked.connect(self._leave_search)
        self.close_button.clicked.connect(self.accept)
        self.reset_all.clicked.connect(self.ask_reset)
        self._keys_row.wanted.connect(self._show_found_keys)
        for row in self.rows.values():
            row.chosen.connect(self.chosen)
            row.reset.connect(self._reset_one)
            row.restart_wanted.connect(self.restart_wanted)
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self._find)

    # ---- what is shown ----

    def show_settings(self, settings: Settings) -> None:
        """What holds now."""
        self._settings = settings
        for row in self.rows.values():
            row.show_settings(settings, self._started)
        self.files.show_settings(settings)
        self.keys.show_keys(settings.keys)
        changed = self._changed()
        self.reset_all.setEnabled(bool(changed))
        self.only_changed.setEnabled(bool(changed) or self.only_changed.isChecked())
        if self.only_changed.isChecked():
            self._narrow()

    def show_files(self, files: OwnFiles) -> None:
        """What is on the disk."""
        self.files.show_files(files)

    def tell(self, words: str, wrong: bool = False) -> None:
        """Say what came of a change; without words that all is well."""
        self.say.set_colour("err" if wrong else "dim")
        self.say.set_text(words or _SAVED)

    def show_section(self, section: Section) -> None:
        """Go to a section; a search is over."""
        self._section = section
        blocked = self.sections.blockSignals(True)
        self.sections.setCurrentRow(list(Section).index(section))
        self.sections.blockSignals(blocked)
        self.only_changed.setChecked(False)
        self.search.clear()
        self._narrow()

    def show_setting(self, name: str) -> None:
        """Go to a setting, with the focus in its control."""
        if name not in self.rows:
            self.show_section(Section.KEYBOARD)
            self.keys.setFocus()
            return
        row = self.rows[name]
        self.show_section(row.setting.section)
        row.control.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.area.ensureWidgetVisible(row)

    def ask_reset(self) -> None:
        """Ask whether all settings should be the default ones again."""
        changed = self._changed()
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Reset all settings")
        box.setText(f"Reset {count_of(len(changed), 'setting')} to what they were at first?")
        box.setInformativeText(f"{', '.join(changed)}. Files, saved filters and judgements stay as they are.")
        box.setStandardButtons(QMessageBox.StandardButton.Reset | QMessageBox.StandardButton.Cancel)
        box.button(QMessageBox.StandardButton.Reset).setText("Reset all")
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.button(QMessageBox.StandardButton.Reset).clicked.connect(self._reset_all)
        box.open()

    # ---- keys and closing ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Escape first ends a search; Enter or Down in it goes to the first hit; Enter alone closes nothing.

        On a button Enter presses it."""
        if press_focused(self, event):
            return
        key, searching = Qt.Key(event.key()), self.search.hasFocus()
        if key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            self.search.setFocus()
        elif searching and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._enter_hits()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Qt: what is typed is taken before it closes."""
        for row in self.rows.values():
            row.control.flush()
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Qt: another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "close_button"):
            self._dress()

    # ---- inside ----

    def _dress(self) -> None:
        theme = tokens(self)
        self._glass.setIcon(icon("search", theme.faint))
        for place, section in enumerate(Section):
            if (item := self.sections.item(place)) is not None:
                item.setIcon(icon(_ICONS[section], theme.dim))

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _changed(self) -> list[str]:
        return [setting.title for setting in SETTINGS if setting.is_changed(self._settings)]

    def _reset_one(self, name: str) -> None:
        self.reset_wanted.emit((name,))

    def _reset_all(self) -> None:
        self.reset_wanted.emit(tuple(setting.name for setting in SETTINGS))

    def _go_to(self, place: int) -> None:
        if place >= 0:
            self.show_section(list(Section)[place])

    def _leave_search(self, item: QListWidgetItem) -> None:
        self.show_section(item.data(_SECTION))

    def _enter_hits(self) -> None:
        if self.pages.currentWidget() is self._keyboard:
            self.keys.setFocus()
            return
        for card in self._cards:
            for row in card.rows if card.isVisibleTo(self) else ():
                if not row.isVisibleTo(self):
                    continue
                entrance = _entrance(row)
                if entrance is not None:
                    entrance.setFocus(Qt.FocusReason.TabFocusReason)
                    return

    def _show_found_keys(self) -> None:
        typed = self.search.text()
        self.show_section(Section.KEYBOARD)
        self.keys.search_for(typed if _commands_with(typed) else "")
        self.keys.setFocus()

    def _narrow(self, *_: object) -> None:
        typed, only = self.search.text().strip(), self.only_changed.isChecked()
        searching = bool(typed) or only
        if not searching:
            self._show_cards((), self._section)
            self._tell_count(len(SETTINGS))
            return
        hits = [one for one in matching(typed) if not only or one.is_changed(self._settings)]
        names = {one.name for one in hits}
        found: list[CardRow] = [row for name, row in self.rows.items() if name in names]
        if not only:
            found += [row for row in self.files.rows if has_words(typed, row.searched)]
        commands = _commands_with(typed) if typed and not only else []
        if commands:
            named = f"{', '.join(commands[:3])}{'…' if len(commands) > 3 else '.'}"
            self._keys_row.help.set_text(f"“{typed}” is in the name of {count_of(len(commands), 'command')}: {named}")
            names.add("keys")
        else:
            self._keys_row.help.set_text(self._keys_row.setting.help)
        if "keys" in names:
            found.append(self._keys_row)
        self._show_cards(found, None)
        self._tell_count(len(names))
        if not found:
            self.nothing.show_words(
                "No setting is changed" if only and not typed else f"No setting matches “{typed[:60]}”",
                "All have their defaults." if only and not typed
                else "Titles, explanations, sections and names of commands were searched.",
                "search",
            )  # fmt: skip
            self.pages.setCurrentWidget(self.nothing)

    def _show_cards(self, found: Iterable[CardRow], section: Section | None) -> None:
        """The hits of a search by section, or one section."""
        hits = list(found)
        for place, card in enumerate(self._cards):
            if section is None:
                card.show_rows(hits, True)
            else:
                card.show_rows(card.rows if card.section is section else (), False)
            if (item := self.sections.item(place)) is not None:
                count = sum(row in hits for row in card.rows)
                item.setText(f"{card.section.value}  {count}" if section is None and count else card.section.value)
        self.pages.setCurrentWidget(self._keyboard if section is Section.KEYBOARD else self.area)
        self.only_changed.setVisible(section is not Section.KEYBOARD)  # the keys have one of their own
        self.area.verticalScrollBar().setValue(0)
        if section is None:
            self.sections.clearSelection()

    def _tell_count(self, found: int) -> None:
        total = len(SETTINGS)
        self.count.setText(f"{found} of {total} settings" if found < total else f"{total} settings")


def _commands_with(typed: str) -> list[str]:
    """The titles of commands with all typed words."""
    titles = (command.title.removesuffix("…") for command in COMMANDS)
    return [title for title in titles if has_words(typed, title)] if typed.strip() else []


def _entrance(row: CardRow) -> QWidget | None:
    if isinstance(row, SettingRow):
        return row.control.focusProxy()
    if isinstance(row, KeysRow):
        return row.show_button
    return next((part for part in row.findChildren(QPushButton) if part.isEnabled()), None)
