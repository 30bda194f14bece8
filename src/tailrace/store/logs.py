"""Log records: kept by digest, and the content they carry given to their spans."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tailrace.jobs.runner import Ticket
from tailrace.model import LogRecord
from tailrace.semconv import content_of_logs
from tailrace.store import attribute_index, search_index
from tailrace.store.connections import explained, transaction
from tailrace.store.rows import AT, PAYLOAD_AT, PAYLOAD_COLUMNS, SPAN_COLUMNS
from tailrace.store.schema import ORDINAL_BITS
from tailrace.store.sound import digest, dump, load, run_many, sound_text
from tailrace.store.turns import turns_of

_SPANS_AT_ONCE = 500
_INSERT = (
    "INSERT OR IGNORE INTO log_record (trace_id, span_id, time_ns, name, body, attributes, digest) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def insert(connection: sqlite3.Connection, records: Iterable[LogRecord]) -> None:
    """Inside a transaction: keep log records; one that is known already changes nothing."""
    rows = [
        (
            r.trace_id,
            r.span_id,
            r.time_ns,
            r.name,
            dump(r.body),
            dump(r.attributes),
            digest([r.trace_id, r.span_id, r.time_ns, r.name, r.body, r.attributes]),
        )
        for r in records
    ]
    run_many(connection, _INSERT, rows)


def settle(connection: sqlite3.Connection, path: Path, ticket: Ticket | None) -> None:
    """Give every span that has new log records the content they carry, where it has none of its own."""
    turns = turns_of(path)
    after: tuple[str, str] = ("", "")
    while True:
        if ticket is not None:
            ticket.check()
        # by span, going forward, so that records of spans that never came are passed over once
        with turns.take(), explained(path), transaction(connection):
            waiting = connection.execute(
                "SELECT DISTINCT trace_id, span_id FROM log_record WHERE settled = 0 AND (trace_id, span_id) > (?, ?) "
                "ORDER BY trace_id, span_id LIMIT ?",
                (*after, _SPANS_AT_ONCE),
            ).fetchall()
            for trace_id, span_id in waiting:
                _fill_span(connection, trace_id, span_id)
        if not waiting:
            return
        after = waiting[-1]


def _fill_span(connection: sqlite3.Connection, trace_id: str, span_id: str) -> None:
    row = connection.execute(
        f"SELECT {', '.join('s.' + name for name in SPAN_COLUMNS)} FROM trace t "
        "JOIN span s ON s.trace = t.id AND s.span_id = ? WHERE t.trace_id = ?",
        (span_id, trace_id),
    ).fetchone()
    if row is None:
        return
    key = row[0]
    payload = connection.execute(
        f"SELECT {', '.join(PAYLOAD_COLUMNS)} FROM span_payload WHERE id = ?", (key,)
    ).fetchone()
    if payload is not None:
        given, said = content_of_logs(_records(connection, trace_id, span_id))
        new: dict[str, Any] = {}
        from_logs = payload[PAYLOAD_AT["from_logs"]]
        for bit, column, text in ((1, "input", given), (2, "output", said)):
            own = payload[PAYLOAD_AT[column]]
            if text is not None and (own is None or from_logs & bit):
                text = sound_text(text)
                if text != own:
                    new[column] = text
                    from_logs |= bit
        if new:
            search_index.withdraw(connection, [(row, payload)])
            attribute_index.withdraw(connection, [key])
            sets = ", ".join(f"{column} = ?" for column in new)
            connection.execute(
                f"UPDATE span_payload SET {sets}, from_logs = ? WHERE id = ?", (*new.values(), from_logs, key)
            )
            connection.execute(
                "UPDATE span SET has_input = ?, has_output = ? WHERE id = ?",
                (
                    int("input" in new or row[AT["has_input"]]),
                    int("output" in new or row[AT["has_output"]]),
                    key,
                ),
            )
            connection.execute("UPDATE trace SET stale = stale + 1 WHERE id = ?", (key >> ORDINAL_BITS,))
    connection.execute("UPDATE log_record SET settled = 1 WHERE trace_id = ? AND span_id = ?", (trace_id, span_id))


def _records(connection: sqlite3.Connection, trace_id: str, span_id: str) -> list[LogRecord]:
    rows = connection.execute(
        "SELECT trace_id, span_id, time_ns, name, body, attributes FROM log_record "
        "WHERE trace_id = ? AND span_id = ? ORDER BY time_ns, id",
        (trace_id, span_id),
    )
    return [LogRecord(t, s, when, name, load(body), load(attributes)) for t, s, when, name, body, attributes in rows]
