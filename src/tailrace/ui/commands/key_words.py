"""Sentences that name keys name those that the person has set: `{filter.back}` in them becomes Alt+Left, or whatever
the command "Back" has; where it has none, its title.

The keys are the program's, as its theme is: one set for all windows, told by whoever binds them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tailrace.ui.commands.catalogue import BY_ID
from tailrace.ui.commands.keymap import written

_NAMED = re.compile(r"\{([a-z]+\.[a-z0-9-]+)\}")
_told: dict[str, str] = {}


def tell_keys(keys: Mapping[str, str]) -> None:
    """The first key of each command from now on, as people read it; empty for none."""
    _told.clear()
    _told.update(keys)


def key_of(command_id: str) -> str:
    """The first key of a command, as people read it; empty where it has none."""
    if command_id in _told:
        return _told[command_id]
    keys = BY_ID[command_id].keys
    return written(keys[0]) if keys else ""


def with_key_words(sentence: str) -> str:
    """A sentence with the keys of the commands that it names."""
    return _NAMED.sub(lambda found: key_of(found[1]) or f"“{BY_ID[found[1]].title.rstrip('…')}”", sentence)


def titled(words: str, command_id: str) -> str:
    """Words for a tooltip with the key of a command behind: Command palette (Ctrl+K)."""
    key = key_of(command_id)
    return f"{words} ({key})" if key else words
