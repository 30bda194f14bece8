"""What the status bar says on the Review page: which queue, the place in it, since when all of it is saved."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from tailrace.model.words import format_age, format_count
from tailrace.ui.models.reviewing import Reviewing
from tailrace.ui.views.review.saved_mark import SAVED

HERE = "everything stays on this computer"
_HELD_S = 6.0  # so long a sentence about something that was done stays
_LONGEST = 48  # characters of a queue's name
_VIEWS = {
    "modes": "Failure modes",
    "agreement": "Agreement",
}


class ReviewStatus(QObject):
    """Tells while it is started, and when it changes; what was done, for a while.

    Signals: `told(object)` a sentence.
    """

    told = Signal(object)

    def __init__(self, reviewing: Reviewing, parent: QObject) -> None:
        super().__init__(parent)
        self._reviewing = reviewing
        self._view = "items"
        self._saved = ""
        self._saved_at = 0.0
        self._shown: str | None = None
        self._held = ""
        self._held_until = 0.0
        self._last = ""
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._tell_if_changed)
        reviewing.queue_changed.connect(self._turn)
        reviewing.place_changed.connect(self._turn)
        reviewing.saved.connect(self._note_saved)

    def start(self) -> None:
        """The page is shown."""
        self._tick.start()
        self.tell()

    def stop(self) -> None:
        """Another page is shown."""
        self._tick.stop()
        self._held = ""

    def forget(self) -> None:
        """Another database: nothing of it was saved yet."""
        self._saved = ""

    def show_view(self, view: str) -> None:
        """Items, modes or agreement."""
        self._view = view
        self._held = ""
        self._tell_if_changed()

    def say(self, words: object) -> None:
        """A sentence about something that was done: for a while, or until the next item."""
        self.hold(words, _HELD_S)

    def hold(self, words: object, seconds: float = 3600.0) -> None:
        """A sentence that stays; none lets go of it."""
        self._held, self._held_until = str(words), time.monotonic() + seconds
        self.tell()

    def release(self, _: object = None) -> None:
        """What was under way has failed."""
        self._held = ""
        self.tell()

    def tell(self) -> None:
        """Say it again."""
        if self._tick.isActive():
            self._last = self.words()
            self.told.emit(self._last)

    def words(self) -> str:
        """Unreviewed errors · item 12 of 60 · saved 3 s ago · everything stays on this computer."""
        now = time.monotonic()
        if self._held and now < self._held_until:
            return self._held
        if self._view in _VIEWS:
            return f"{_VIEWS[self._view]} · {HERE}"
        queue = self._reviewing.queue
        if queue is None:
            return f"No queue is open · {HERE}"
        name = " ".join(queue.queue.name.split())
        size = len(queue.trace_ids)
        parts = [name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"]
        if self._reviewing.place >= 0:
            parts.append(f"item {format_count(self._reviewing.place + 1)} of {format_count(size)}")
        return " · ".join(filter(None, (*parts, saved_words(self._saved, now - self._saved_at), HERE)))

    def _tell_if_changed(self) -> None:
        if self.words() != self._last:
            self.tell()

    def _turn(self, _: object) -> None:
        queue, place = self._reviewing.queue, self._reviewing.place
        shown = queue.trace_ids[place] if queue is not None and place >= 0 else self._shown
        if shown != self._shown:  # the same one read again is no other item
            self._shown, self._held = shown, ""
        self._tell_if_changed()

    def _note_saved(self, state: str) -> None:
        self._saved, self._saved_at = state, time.monotonic()
        self._tell_if_changed()


def saved_words(state: str, seconds: float) -> str:
    """What `state` (as `Reviewing.saved` has it) comes to after some seconds."""
    if state != SAVED:
        return state
    if seconds < 2:
        return "saved just now"
    return f"saved {seconds:.0f} s ago" if seconds < 59.5 else f"saved {format_age(int(seconds * 1e9))} ago"
