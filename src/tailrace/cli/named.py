"""Names that people give on the command line: of reviewers, datasets, queues."""

from __future__ import annotations

from collections.abc import Sequence

import click

_MOST = 12


def choose(option: str, what: str, wanted: str, there: Sequence[tuple[str, str]]) -> str:
    """The id of what is meant by a name or an id, among (id, name); case does not matter where only one is meant.
    Wrong usage, in a sentence that says which there are, when it is none of them or more than one."""
    exact = [one for one in there if wanted in one]
    folded = [one for one in there if wanted.casefold() == one[1].casefold()]
    found = exact or folded
    if len(found) == 1:
        return found[0][0]
    listed = found or there
    names = [name if record_id == name or not found else f"{name} ({record_id})" for record_id, name in listed]
    more = f" and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    which = "There is more than one" if found else "There is no"
    rest = f"There are: {', '.join(names[:_MOST])}{more}." if names else "There is none at all."
    raise click.BadParameter(f"{which} {what} named “{wanted}”. {rest}", param_hint=option)
