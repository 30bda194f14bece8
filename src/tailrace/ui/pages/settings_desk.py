"""Settings and keys of one window: the dialogs open here, and what they change is kept, told and carried out."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from tailrace.errors import TailraceError
from tailrace.model.words import format_bytes
from tailrace.ui.commands import Actions, Command, Menu
from tailrace.ui.models.session import Session
from tailrace.ui.models.settings_watch import SettingsWatch
from tailrace.ui.pages.key_files import KeyFiles
from tailrace.workspace import Settings, SettingsStore

if TYPE_CHECKING:
    from tailrace.ui.dialogs.keys_editor import KeysEditor
    from tailrace.ui.dialogs.settings import SettingsDialog
    from tailrace.workspace.own_files import OwnFiles

SETTING = "setting:"  # begins what the palette says for a single setting


class SettingsDesk(QObject):
    """Binds the keys at once, and again whenever they change, in whichever window.

    Signals: `keys_changed()` when they are bound anew; `restart_wanted()` asks for the program to start again.
    """

    keys_changed = Signal()
    restart_wanted = Signal()

    def __init__(self, actions: Actions, session: Session, store: SettingsStore, over: QWidget) -> None:
        super().__init__(over)
        self._actions = actions
        self._session = session
        self._store = store
        self._over = over
        self._dialog: SettingsDialog | None = None
        self._editors: list[KeysEditor] = []
        self._files = KeyFiles(session, store, over)
        self._files.taken.connect(self._take_keys)
        self._files.told.connect(self._tell_editors)
        self.watch = SettingsWatch(store, self)
        self.watch.changed.connect(self._follow)
        actions.bind(store.current.keys)

    @staticmethod
    def offers() -> list[tuple[Command, str, bool]]:
        """Each setting by its name, for the palette: (as if it were a command, no key, can be done)."""
        from tailrace.workspace.setting_catalogue import SETTINGS

        named = ((f"{SETTING}{one.name}", f"Settings: {one.title}", one.help) for one in SETTINGS)
        return [(Command(name, title, Menu.FILE, icon="settings", help=help), "", True) for name, title, help in named]

    def open(self, chosen: str) -> bool:
        """Go to what the palette offered; False where that is no setting."""
        if not chosen.startswith(SETTING):
            return False
        self.show_settings().show_setting(chosen.removeprefix(SETTING))
        return True

    def show_settings(self) -> SettingsDialog:
        """Open the settings."""
        from tailrace.ui.dialogs.settings import SettingsDialog  # not before the window has painted

        if self._dialog is not None and isValid(self._dialog) and self._dialog.isVisible():
            self._dialog.activateWindow()
            return self._dialog
        dialog = self._dialog = SettingsDialog(self._store.current, self._store.first, self._over)
        dialog.chosen.connect(self._choose)
        dialog.reset_wanted.connect(self._reset)
        dialog.restart_wanted.connect(self.restart_wanted)
        dialog.files.open_wanted.connect(_open_folder)
        dialog.files.delete_cache_wanted.connect(self._delete_cache)
        dialog.files.forget_wanted.connect(self._forget)
        self._serve(dialog.keys)
        dialog.open()
        self._read_files()
        return dialog

    def show_shortcuts(self) -> None:
        """Open the sheet of every shortcut."""
        from tailrace.ui.dialogs.shortcuts import ShortcutSheet

        sheet = ShortcutSheet(self._store.current.keys, self._over)
        self._serve(sheet.keys)
        sheet.open()

    # ---- changing ----

    def change(self, **changes: Any) -> None:
        """Change settings; where they cannot be written a sentence says so, and they hold until the program ends."""
        try:
            self._store.update(**changes)
        except TailraceError as error:
            words = f"{error.message} It holds until Tailrace is closed, and is not kept."
            self._tell(words, wrong=True)
            self._tell_editors(words, True)
        else:
            self._tell("")

    def _choose(self, choice: object) -> None:
        assert isinstance(choice, tuple)
        name, value = choice
        former = getattr(self._store.current, name)
        # a choice comes as the text that it is in the file
        self.change(**{name: type(former)(value) if isinstance(former, str) else value})

    def _reset(self, names: object) -> None:
        assert isinstance(names, tuple)
        default = Settings()
        self.change(**{item.name: getattr(default, item.name) for item in fields(Settings) if item.name in names})

    def _take_keys(self, keys: object) -> None:
        self.change(keys=keys)

    def _forget(self) -> None:
        self.change(recent_files=(), opened_ns={}, recent_filters=())

    def _follow(self, former: Settings, current: Settings) -> None:
        if current.keys != former.keys:
            self._actions.bind(current.keys)
            for editor in self._shown_editors():
                editor.show_keys(current.keys)
            self.keys_changed.emit()
        if (dialog := self._shown()) is not None:
            dialog.show_settings(current)

    # ---- keys ----

    def _serve(self, editor: KeysEditor) -> None:
        editor.changed.connect(self._take_keys)
        editor.export_wanted.connect(self._files.ask_export)
        editor.import_wanted.connect(self._files.ask_import)
        self._editors.append(editor)

    def _shown_editors(self) -> list[KeysEditor]:
        self._editors = [editor for editor in self._editors if isValid(editor)]
        return self._editors

    def _tell_editors(self, words: str, wrong: bool) -> None:
        for editor in self._shown_editors():
            editor.tell(words, wrong)

    # ---- files ----

    def _read_files(self) -> None:
        path = self._store.path

        def read(_: object) -> OwnFiles:
            from tailrace.workspace.own_files import read_own_files

            return read_own_files(path)

        self._session.jobs.submit(read, self._show_files, self._tell_failure, slot="own-files")

    def _show_files(self, files: OwnFiles) -> None:
        if (dialog := self._shown()) is not None:
            dialog.show_files(files)

    def _delete_cache(self) -> None:
        def delete(_: object) -> int:
            from tailrace.workspace.own_files import delete_column_cache

            return delete_column_cache()

        self._session.jobs.submit(delete, self._tell_freed, self._tell_failure, slot="own-files")

    def _tell_freed(self, size: int) -> None:
        self._tell(f"{format_bytes(size)} freed." if size else "Nothing was freed: what is there is in use.")
        self._read_files()

    def _tell_failure(self, error: Exception) -> None:
        self._tell(str(error), wrong=True)

    def _tell(self, words: str, wrong: bool = False) -> None:
        if (dialog := self._shown()) is not None:
            dialog.tell(words, wrong)

    def _shown(self) -> SettingsDialog | None:
        dialog = self._dialog
        return dialog if dialog is not None and isValid(dialog) and dialog.isVisible() else None


def _open_folder(place: object) -> None:
    assert isinstance(place, Path)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(place if place.is_dir() else place.parent)))
