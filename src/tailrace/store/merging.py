"""Take versions of review records into a database: the union of what is here and what comes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from tailrace.jobs import Ticket
from tailrace.model.score import FAILURE_MODE
from tailrace.model.versions import Version, rank, winner
from tailrace.store.connections import explained, open_to_write, transaction
from tailrace.store.modes import relabel
from tailrace.store.scores import SCORE_COLUMNS, recount
from tailrace.store.sound import dump, load
from tailrace.store.turns import turns_of
from tailrace.store.versions import SCORE, TABLES, read_versions, said_ns, values_of

_AT_ONCE = 2_000


@dataclass(slots=True)
class Taken:
    """What became of the records that came: not known before, with a version that was not known before, and those
    that brought nothing. `damaged` counts records of this database that were left alone as they cannot be read."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    damaged: int = 0
    traces: set[str] = field(default_factory=set)


def merge_versions(path: Path, versions: Iterable[Version], ticket: Ticket | None = None) -> Taken:
    """Take versions into the database at a path, all or none, on the disk on return. Raises DatabaseError, and what
    `versions` raises."""
    connection = open_to_write(path, durable=True)
    try:
        # the errors of reading what comes belong to another file, and are explained there
        with turns_of(path).take(urgent=True), explained(path), transaction(connection):
            return take_in(connection, versions, ticket)
    finally:
        connection.close()


def take_in(connection: sqlite3.Connection, versions: Iterable[Version], ticket: Ticket | None = None) -> Taken:
    """The same inside the caller's transaction. Afterwards every record of the database shows the winner among its
    versions, also one that nothing came for: else the view would depend on the order of merging."""
    taken = Taken()
    coming = iter(versions)
    while batch := list(islice(coming, _AT_ONCE)):
        if ticket is not None:
            ticket.check()
        records: dict[tuple[str, str], set[Version]] = {}
        for version in batch:
            records.setdefault((version.kind, version.record_id), set()).update(_closed(version))
        for kind in TABLES:
            ids = {record_id: versions for (found, record_id), versions in records.items() if found == kind}
            if ids:
                _take_kind(connection, kind, ids, taken)
    former = [row[0] for row in connection.execute("SELECT DISTINCT score_id FROM score_history")]
    for at in range(0, len(former), _AT_ONCE):
        _take_kind(connection, SCORE, dict.fromkeys(former[at : at + _AT_ONCE], frozenset()), taken)
    relabel(connection)
    # a label that a mark had here for a mode that is not here would depend on where it was given
    connection.execute(
        "UPDATE score SET label = metadata ->> 'mode' WHERE name = ? AND json_type(metadata, '$.mode') = 'text'"
        " AND metadata ->> 'mode' NOT IN (SELECT mode_id FROM failure_mode) AND label IS NOT metadata ->> 'mode'",
        (FAILURE_MODE,),
    )
    recount(connection, taken.traces)
    return taken


def _closed(version: Version) -> tuple[Version, ...]:
    """A version and what it implies: a removed score was there before, and the history keeps both in one row."""
    if version.kind != SCORE or not version.removed:
        return (version,)
    return version, replace(version, stamp_ns=said_ns(values_of(version)), removed=False)


def _take_kind(connection: sqlite3.Connection, kind: str, coming: Mapping[str, Set[Version]], taken: Taken) -> None:
    here = {found[0]: found[1:] for found in read_versions(connection, kind, list(coming))}
    for record_id, versions in coming.items():
        known, live = here.get(record_id, (set(), None))
        if known is None:
            taken.damaged += bool(versions)
            continue
        union = known | versions
        if kind != SCORE:
            union = {winner(union)}
        if versions:
            # sets of one record are small; a record comes once a file, but for a score with more versions than a batch
            taken.added += not known
            taken.changed += bool(known) and union != known
            taken.unchanged += union == known
        last = winner(union)
        if union == known and live == (None if kind == SCORE and last.removed else last):
            continue
        if kind == SCORE:
            _write_score(connection, record_id, union)
            taken.traces |= {str(trace) for version in union if (trace := values_of(version)["trace_id"]) is not None}
        else:
            _write_row(connection, last)


def _write_row(connection: sqlite3.Connection, version: Version) -> None:
    row = {
        TABLES[version.kind].key: version.record_id,
        **values_of(version),
        "updated_ns": version.stamp_ns,
        "removed": int(version.removed),
    }
    _replace(connection, version.kind, row)


def _write_score(connection: sqlite3.Connection, score_id: str, union: set[Version]) -> None:
    """Put the winner in place and the others into the history, each replaced when the next one began."""
    ordered = sorted(union, key=rank)
    removed = {version.body for version in ordered if version.removed}
    connection.execute("DELETE FROM score_history WHERE score_id = ?", (score_id,))
    for version, following in zip(ordered, (*ordered[1:], None), strict=True):
        if version.removed:
            replaced_ns = version.stamp_ns
        elif following is None:
            _replace(connection, SCORE, {"score_id": score_id, **values_of(version)})
            return
        elif version.body in removed:
            continue  # the row of its removal holds it
        else:
            replaced_ns = following.stamp_ns
        former = dump({**dict.fromkeys(SCORE_COLUMNS), "score_id": score_id, **load(version.body.decode())})
        connection.execute(
            "INSERT INTO score_history (score_id, replaced_ns, removed, former) VALUES (?, ?, ?, ?)",
            (score_id, replaced_ns, int(version.removed), former),
        )
    connection.execute("DELETE FROM score WHERE score_id = ?", (score_id,))


def _replace(connection: sqlite3.Connection, kind: str, row: dict[str, object]) -> None:
    connection.execute(
        f"REPLACE INTO {kind} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
    )
