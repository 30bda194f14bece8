"""Ways to open a file: asking, recent ones, the demo; here or in a window of its own."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from tailrace.ui.models.session import Session
from tailrace.workspace import SettingsStore, demo_database


class Opener(QObject):
    """Opens in this window while nothing is open in it.

    Signals: `window_wanted(object)` carries paths that want a window of their own.
    """

    window_wanted = Signal(object)

    def __init__(self, session: Session, settings: SettingsStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._over = parent
        self.recent_menu = QMenu("Open recent", parent)
        self.recent_menu.aboutToShow.connect(self._fill_recent)

    def open(self, paths: list[Path]) -> None:
        """Open files here, or beside what is open."""
        if self._session.workspace is None:
            self._session.open(paths)
        else:
            self.window_wanted.emit(paths)

    def open_one(self, path: Path) -> None:
        """The same with one file."""
        self.open([path])

    def ask(self) -> None:
        """Ask for files and open them."""
        names, _ = QFileDialog.getOpenFileNames(self._over, "Open traces", self._settings.current.last_folder)
        if names:
            self._settings.update(last_folder=str(Path(names[0]).parent))
            self.open([Path(name) for name in names])

    def open_demo(self) -> None:
        """Make the demo database when it is not there, and open it."""
        from tailrace.workspace.demo import make_demo  # its ingredients are read by those who want it only

        self._session.open_made(make_demo, "the demo", demo_database())

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        recent = [Path(path) for path in self._settings.current.recent_files]
        for path in recent:
            action = self.recent_menu.addAction(f"{path.name}  ({path.parent})".replace("&", "&&"))
            action.triggered.connect(partial(self._open_recent, path))
        if not recent:
            self.recent_menu.addAction("Nothing opened yet").setEnabled(False)

    def _open_recent(self, path: Path, _: bool = False) -> None:
        self.open_one(path)
