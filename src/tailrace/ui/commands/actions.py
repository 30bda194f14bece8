"""Menus and actions of one window, made from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from tailrace.ui.commands.catalogue import COMMANDS, Command, Menu
from tailrace.ui.commands.key_words import tell_keys, with_key_words
from tailrace.ui.commands.keymap import Keys, keys_of
from tailrace.ui.theme import Tokens, icon

_ROLES = {
    "file.settings": QAction.MenuRole.PreferencesRole,
    "file.quit": QAction.MenuRole.QuitRole,
    "help.about": QAction.MenuRole.AboutRole,
}


class Actions(QObject):
    """One QAction a command, in the menus of `bar`. `handlers` carries each command out; every command needs one."""

    def __init__(self, bar: QMenuBar, handlers: Mapping[str, Callable[[], object]], parent: QObject) -> None:
        super().__init__(parent)
        self.menus: dict[Menu, QMenu] = {menu: bar.addMenu(menu.value) for menu in Menu}
        self._handlers = handlers
        self._actions: dict[str, QAction] = {}
        group: dict[Menu, int] = {}
        for command in COMMANDS:
            menu = self.menus[command.menu]
            if group.setdefault(command.menu, command.group) != command.group:
                menu.addSeparator()
                group[command.menu] = command.group
            action = menu.addAction(command.title)
            action.setObjectName(command.id)
            action.setCheckable(command.checkable)
            action.setAutoRepeat(command.repeats)
            # macOS guesses roles from titles: "Settings…" and "About" are meant, what begins with such a word is not
            action.setMenuRole(_ROLES.get(command.id, QAction.MenuRole.NoRole))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(self._run)
            self._actions[command.id] = action

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def bind(self, own: Keys) -> None:
        """Set the keys: the catalogue's, but for the commands that `own` names."""
        for command_id, action in self._actions.items():
            action.setShortcuts([QKeySequence(key) for key in keys_of(command_id, own)])
        tell_keys(self.keys_in_words())
        for command in COMMANDS:
            self._actions[command.id].setToolTip(with_key_words(command.help) or command.title)

    def show_page(self, page: str) -> None:
        """Only what belongs to a page, or to all, can be done from now on."""
        for command in COMMANDS:
            if command.page:
                self._actions[command.id].setEnabled(command.page == page)

    def keys_in_words(self) -> dict[str, str]:
        """Each command's first key as people read it, empty where it has none."""
        native = QKeySequence.SequenceFormat.NativeText
        return {command_id: action.shortcut().toString(native) for command_id, action in self._actions.items()}

    def doing(self, keys: QKeySequence) -> QAction | None:
        """The action that some keys would trigger now."""
        for action in self._actions.values():
            if action.isEnabled() and keys in action.shortcuts():
                return action
        return None

    def dress(self, theme: Tokens) -> None:
        """Icons in the theme's colour."""
        for command in COMMANDS:
            if command.icon:
                self._actions[command.id].setIcon(icon(command.icon, theme.dim))

    def offers(self) -> list[tuple[Command, str, bool]]:
        """What the palette lists: (command, its first key as people read it, whether it can be done now)."""
        native = QKeySequence.SequenceFormat.NativeText
        return [
            (command, action.shortcut().toString(native), action.isEnabled())
            for command in COMMANDS
            for action in (self._actions[command.id],)
        ]

    def _run(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._handlers[sender.objectName()]()
