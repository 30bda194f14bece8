"""Who may write next, within this process: a judgement goes before the next batch of an import.

SQLite's own waiting is a poll, and an import that takes the lock again at once can starve it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Lock


class Turns:
    """One holder at a time; whoever is urgent goes first."""

    def __init__(self) -> None:
        self._condition = Condition(Lock())
        self._held = False
        self._urgent = 0

    @contextmanager
    def take(self, urgent: bool = False) -> Iterator[None]:
        """Wait for the turn and keep it for the block. Not re-entrant."""
        with self._condition:
            self._urgent += urgent
            try:
                self._condition.wait_for(lambda: not self._held and (urgent or not self._urgent))
            finally:
                self._urgent -= urgent
            self._held = True
        try:
            yield
        finally:
            with self._condition:
                self._held = False
                self._condition.notify_all()


_turns: dict[Path, Turns] = {}
_lock = Lock()


def turns_of(path: Path) -> Turns:
    """The turns at one database file."""
    with _lock:
        return _turns.setdefault(path.resolve(), Turns())
