"""Errors of the world (a bad file, a locked database, a full disk). Bugs stay ordinary exceptions."""

from __future__ import annotations


class TailraceError(Exception):
    """Something outside the program is wrong. `message` is one sentence that names the file and the reason;
    `hint` says what the person can do; `detail` is for copying."""

    def __init__(self, message: str, hint: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class SourceError(TailraceError):
    """A file cannot be opened or recognised."""


class DatabaseError(TailraceError):
    """The trace database itself cannot be read or written."""


class QueryError(TailraceError):
    """A filter or a statement does not mean anything; `position` is the offset of the first character at fault, -1
    where it is no single one."""

    def __init__(self, message: str, position: int = 0, hint: str = "") -> None:
        super().__init__(message, hint)
        self.position = position


class StatementError(QueryError):
    """The same of a statement of several lines: `place` says where in words ("Line 2, column 5"), `sentence` what is
    wrong there."""

    def __init__(self, sentence: str, position: int = -1, hint: str = "", place: str = "") -> None:
        inside = sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() else sentence
        super().__init__(f"{place}: {inside}" if place else sentence, position, hint)
        self.place = place
        self.sentence = sentence


class LimitError(TailraceError):
    """Something was stopped because it took more time or memory than it may."""
