"""What the window offers after the program did not end properly: to open again what was open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from tailrace.model.words import format_count
from tailrace.ui.views.message_bar import MessageBar

_NAMED = 3  # files that are named


class ReopenOffer(MessageBar):
    """Stays until the person has said yes or no, whatever else there is to say. `command` is the same in the menu, and
    can be chosen as long.

    Signals: `chosen()`, `dismissed()`.
    """

    chosen = Signal()

    def __init__(self, command: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._told: tuple[Path | None, bool] = (None, True)
        self.action.connect(self._choose_it)
        self.dismissed.connect(self._end)

    def offer(self, files: Sequence[Sequence[Path]], report: Path | None = None, is_last_time: bool = True) -> None:
        """Offer to open `files`, which were open in a window each; `report` is a file that tells of the crash."""
        self._told = (report, is_last_time)
        many = sum(map(len, files)) > 1
        yes = "" if not files else "Open them again" if many else "Open it again"
        self.show_info(words_of_lost(files, report, is_last_time), yes)
        self._command.setEnabled(bool(files))

    def focus_soon(self) -> None:
        """Put the focus on the offer, after the welcome page has taken it."""
        QTimer.singleShot(0, self, self.focus_offer)

    def narrow(self, files: Sequence[Sequence[Path]]) -> None:
        """Offer no more than these; nothing where nothing is offered."""
        if not self.isHidden():
            self.offer(files, *self._told)
            self.setVisible(bool(files))

    def take(self) -> None:
        """Yes."""
        self.hide()
        self._choose_it(None)

    def _choose_it(self, _: object) -> None:
        self._end()
        self.chosen.emit()

    def _end(self) -> None:
        self._command.setEnabled(False)


def words_of_lost(files: Sequence[Sequence[Path]], report: Path | None, is_last_time: bool = True) -> str:
    """What was open, and where what is known of the crash is written."""
    names = [path.name for paths in files for path in paths]
    text = f"Tailrace did not end properly {'the last time' if is_last_time else 'an earlier time'}."
    if names:
        listed = ", ".join(names[:_NAMED])
        more = f" and {format_count(len(names) - _NAMED)} more" if len(names) > _NAMED else ""
        text += f" {len(names):,} files were open: " if len(names) > 1 else " One file was open: "
        text += f"{listed}{more}."
    if report is not None:
        text += f" What is known of the crash is in {report}."
    return text
