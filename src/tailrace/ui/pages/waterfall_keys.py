"""Which of the waterfall's plain keys are those of commands: where a person has given such a command another key, the
old one is free for others, in the waterfall too."""

from __future__ import annotations

from tailrace.ui.commands import BY_ID, Keys, keys_of
from tailrace.ui.commands.keymap import canonical
from tailrace.ui.views.waterfall.keys import Step

_COMMANDS: dict[Step, tuple[str, str]] = {
    Step.FIT: ("span.fit", "F"),
    Step.NEXT_ERROR: ("span.next-error", "E"),
    Step.PREVIOUS_ERROR: ("span.previous-error", "Shift+E"),
    Step.COLLAPSE_ALL: ("span.collapse-all", "["),
    Step.EXPAND_ALL: ("span.expand-all", "]"),
}


def steps_given_up(own: Keys) -> frozenset[Step]:
    """The steps whose key is not that of their command any more."""
    assert all(key in BY_ID[name].keys for name, key in _COMMANDS.values())
    return frozenset(
        step for step, (name, key) in _COMMANDS.items() if canonical(key) not in map(canonical, keys_of(name, own))
    )
