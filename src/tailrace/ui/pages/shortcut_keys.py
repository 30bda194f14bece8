"""The keys of the commands as the person has set them, and changing them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from tailrace.ui.commands import COMMANDS, Actions
from tailrace.ui.commands.actions import keys_of
from tailrace.ui.dialogs.shortcuts import ShortcutSheet
from tailrace.workspace import SettingsStore


class ShortcutKeys(QObject):
    """Binds the keys at once.

    Signals: `changed()` when a person has set another one.
    """

    changed = Signal()

    def __init__(self, actions: Actions, settings: SettingsStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._settings = settings
        self._over = parent
        actions.bind(settings.current.keys)

    def show(self) -> None:
        """Open the sheet of every shortcut."""
        own = self._settings.current.keys
        sheet = ShortcutSheet({command.id: keys_of(command.id, own) for command in COMMANDS}, self._over)
        sheet.rebound.connect(self._rebind)
        sheet.open()

    def _rebind(self, change: tuple[str, str | None]) -> None:
        command_id, key = change
        keys = dict(self._settings.current.keys)
        if key is None:
            keys.pop(command_id, None)
        else:
            keys[command_id] = key
        self._settings.update(keys=keys)
        self._actions.bind(keys)
        self.changed.emit()
