"""Writing the person's keys into a file, and taking those of one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from tailrace.model.words import count_of
from tailrace.ui.commands import BY_ID
from tailrace.ui.commands.keymap import collisions, refusal, with_keys, written
from tailrace.ui.models.session import Session
from tailrace.workspace import SettingsStore

_KINDS = "Keys (*.json);;All (*)"


class KeyFiles(QObject):
    """Signals: `taken(object)` keys, command -> keys, of those that differ from the default; `told(str, bool)` a
    sentence, and whether something went wrong."""

    taken = Signal(object)
    told = Signal(str, bool)

    def __init__(self, session: Session, store: SettingsStore, over: QWidget) -> None:
        super().__init__(over)
        self._session = session
        self._store = store
        self._over = over

    def ask_export(self) -> None:
        """Ask where to, and write."""
        place = Path(self._store.current.last_folder or ".") / "tailrace-keys.json"
        name, _ = QFileDialog.getSaveFileName(self._over, "Export keys", str(place), _KINDS)
        if name:
            self.export(Path(name))

    def ask_import(self) -> None:
        """Ask for a file, and take its keys."""
        folder = self._store.current.last_folder
        name, _ = QFileDialog.getOpenFileName(self._over, "Import keys", folder, _KINDS)
        if name:
            self.take(Path(name))

    def export(self, path: Path) -> None:
        """Write the keys that differ from the default."""
        keys = self._store.current.keys

        def write(_: object) -> str:
            from tailrace.workspace.key_files import write_key_file

            write_key_file(path, keys)
            return f"The keys of {count_of(len(keys), 'command')} are in {path.name}."

        self._session.jobs.submit(write, self._tell, self._fail, write=True)

    def take(self, path: Path) -> None:
        """Take the keys of a file in the place of one's own."""

        def read(_: object) -> dict[str, tuple[str, ...]]:
            from tailrace.workspace.key_files import read_key_file

            return read_key_file(path)

        self._session.jobs.submit(read, self._take, self._fail)

    def _take(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        own, left_out = sound_keys(keys)
        self.taken.emit(own)
        words = f"Took the keys of {count_of(len(own), 'command')}."
        if left_out:
            words += (
                f" Left out: {'; '.join(left_out[:3])}{f' and {len(left_out) - 3} more' if len(left_out) > 3 else ''}."
            )
        if twice := collisions(own):
            key, one, other = twice[0]
            words += f" {written(key)} is a key of both “{one.title}” and “{other.title}”: neither fires."
        self.told.emit(words, bool(left_out or twice))

    def _tell(self, words: str) -> None:
        self.told.emit(words, False)

    def _fail(self, error: Exception) -> None:
        self.told.emit(str(error), True)


def sound_keys(keys: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The keys of a file that can be taken, those at their default left away; and what cannot, in words."""
    own: dict[str, tuple[str, ...]] = {}
    left_out: list[str] = []
    for name, wanted in keys.items():
        command = BY_ID.get(name)
        if command is None:
            left_out.append(f"no command is called {name[:60]}")
            continue
        refused = [key for key in wanted if refusal(key, command)]
        left_out += [f"{key[:20]} for “{command.title}”" for key in refused]
        own = with_keys(own, command, [key for key in wanted if key not in refused])
    return own, left_out
