"""Failure modes that were merged into others, and the labels of their marks."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from tailrace.model.score import FAILURE_MODE


def read_heads(connection: sqlite3.Connection) -> dict[str, str]:
    """For every live mode whose marks count somewhere, the live mode where they count: see `heads`."""
    rows = connection.execute("SELECT mode_id, merged_into FROM failure_mode WHERE removed = 0")
    return heads(dict(rows))


def heads(merged: Mapping[str, str | None]) -> dict[str, str]:
    """Where each mode's marks count, from what each live mode was merged into. A mode that was merged into one that is
    not there counts nowhere and is left out. Of modes merged in a circle, which two reviewers' work can make, the one
    with the smallest id stands for all."""
    found: dict[str, str | None] = {}
    for mode in merged:
        path: list[str] = []
        at: str | None = mode
        seen: set[str] = set()
        while at is not None and at not in found and at in merged and at not in seen:
            path.append(at)
            seen.add(at)
            into = merged[at]
            if into is None:
                found[at] = at
            else:
                at = into
        if at in found:
            head = found[at]
        elif at in seen:
            head = min(path[path.index(at) :])
        else:
            head = None
        for passed in path:
            found[passed] = head
    return {mode: head for mode, head in found.items() if head is not None}


def label_of(connection: sqlite3.Connection, mode_id: str, otherwise: str | None) -> str | None:
    """The name that a mark of a mode shows: None when the mode was removed, `otherwise` when it never was here."""
    if connection.execute("SELECT 1 FROM failure_mode WHERE mode_id = ?", (mode_id,)).fetchone() is None:
        return otherwise
    head = read_heads(connection).get(mode_id)
    row = connection.execute("SELECT name FROM failure_mode WHERE mode_id = ?", (head,)).fetchone()
    return None if row is None else str(row[0])


def relabel(connection: sqlite3.Connection) -> int:
    """Give every mark the present name of the mode where it counts, none where that was removed; how many changed.
    The label is derived: no stamp, no history. Marks of modes that were never here keep theirs."""
    names = dict(connection.execute("SELECT mode_id, name FROM failure_mode"))
    counted = read_heads(connection)
    labels = {mode: names[counted[mode]] if mode in counted else None for mode in names}
    marks = connection.execute(
        "SELECT score_id, label, metadata ->> 'mode' FROM score WHERE name = ?", (FAILURE_MODE,)
    ).fetchall()
    changes = [(labels[mode], score_id) for score_id, label, mode in marks if mode in labels and labels[mode] != label]
    connection.executemany("UPDATE score SET label = ? WHERE score_id = ?", changes)
    return len(changes)
