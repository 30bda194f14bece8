"""What the status bar says on the Monitor page: which times, how much was aggregated, how long it took."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from tailrace.model.words import format_count
from tailrace.ui.models.monitor_answers import Told

_HELD_MS = 8_000  # so long a sentence about something that was done stays


class MonitorStatus(QObject):
    """Signals: `told(object)` a sentence, while the page is in sight."""

    told = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_shown = False
        self._words = ""
        self._held = ""
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(_HELD_MS)
        self._hold.timeout.connect(self._let_go)

    def start(self) -> None:
        """The page is shown."""
        self._is_shown = True
        self.tell()

    def stop(self) -> None:
        """Another page is shown."""
        self._is_shown = False
        self._held = ""
        self._hold.stop()

    def say(self, words: object) -> None:
        """A sentence about something that was done, for a while."""
        self._held = str(words)
        self._hold.start()
        self.tell()

    def show(self, words: str) -> None:
        """What stays."""
        self._words = words
        self.tell()

    def tell(self) -> None:
        """Say it again."""
        if self._is_shown:
            self.told.emit(self._held or self._words)

    def _let_go(self) -> None:
        self._held = ""
        self.tell()


def told_words(told: Told | None, anchored: str) -> str:
    """Last 24 hours of this file, up to its newest trace · 1.94 M spans aggregated · 84 ms."""
    parts = [anchored]
    if told is not None:
        parts += [f"{many(told.facts)} {told.things} aggregated", f"{told.elapsed_ns / 1e6:,.0f} ms"]
    return " · ".join(part for part in parts if part)


def many(count: int) -> str:
    """59,193; 1.94 M."""
    return format_count(count) if count < 1_000_000 else f"{count / 1e6:.2f} M"
