"""What was given to be saved and is not known to be in the file yet, so that an older reading does not undo it."""

from __future__ import annotations


class Unconfirmed:
    """Values by token (what they are about), oldest first. Tokens are hashable."""

    def __init__(self) -> None:
        self._waiting: dict[object, list[object]] = {}
        self._saved = True

    def give(self, token: object, value: object) -> None:
        """A value is on its way to the file."""
        self._waiting.setdefault(token, []).append(value)
        self._saved = False

    def newest(self, token: object, otherwise: object) -> object:
        """The value that was given last and is still on its way, else `otherwise`."""
        waiting = self._waiting.get(token)
        return waiting[-1] if waiting else otherwise

    def holds(self, token: object, value: object, *, busy: bool) -> bool:
        """Whether `value`, as read from the file, is the one to show. An older one is not while a newer one is on
        its way; `busy` says that a person is at it, when only what was given itself counts as arrived."""
        waiting = self._waiting.get(token)
        if not waiting:
            return True
        if value in waiting:
            del waiting[: waiting.index(value) + 1]
        elif self._saved and not busy:
            waiting.clear()
        if not waiting:
            del self._waiting[token]
        return token not in self._waiting

    def saved(self, shown: object) -> None:
        """All that was given is in the file. What is about another than `shown` may be read again from now on."""
        self._saved = True
        self._waiting = {token: waiting for token, waiting in self._waiting.items() if token == shown}
