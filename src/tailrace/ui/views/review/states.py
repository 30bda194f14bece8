"""How the state of a queue's item looks, the same wherever it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from tailrace.model.review import DEFERRED, FAILED, OPEN, PASSED


@dataclass(frozen=True, slots=True)
class StateLook:
    """A glyph, the token that colours it, and the word for people who listen."""

    icon: str
    tone: str
    word: str


STATE_LOOKS: dict[int, StateLook] = {
    OPEN: StateLook("circle", "faint", "open"),
    PASSED: StateLook("circle-check", "ok", "passed"),
    FAILED: StateLook("circle-x", "err", "failed"),
    DEFERRED: StateLook("clock", "warn", "deferred"),
}
