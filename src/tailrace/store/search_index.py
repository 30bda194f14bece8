"""Fill the full-text and the attribute index behind an import, in chunks short enough for a judgement to slip in
between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from tailrace.jobs.runner import Ticket
from tailrace.semconv import searchable
from tailrace.store import attribute_index
from tailrace.store.attribute_tokens import TOKEN_VERSION
from tailrace.store.connections import explained, transaction
from tailrace.store.rows import AT, PAYLOAD_AT, Row
from tailrace.store.sound import sound_text
from tailrace.store.turns import turns_of

# Raise it when `searchable` gives other text for the same value: taking a row out of a contentless index needs the
# very text that was put in, so the index is then filled anew.
TEXT_VERSION = 1

_SPANS = 1_000
_CHARACTERS = 2_000_000


def keep_version(connection: sqlite3.Connection) -> None:
    """Inside a transaction: empty an index that other rules filled, and queue every span again."""
    found = connection.execute("SELECT version, tokens FROM search_state WHERE id = 1").fetchone()
    if found == (TEXT_VERSION, TOKEN_VERSION):
        return
    if found is not None and found[0] != TEXT_VERSION:
        connection.execute("INSERT INTO span_fts (span_fts) VALUES ('delete-all')")
        connection.execute("INSERT OR IGNORE INTO search_pending SELECT id FROM span")
    if found is not None and found[1] != TOKEN_VERSION:
        attribute_index.empty(connection)
    connection.execute("REPLACE INTO search_state VALUES (1, ?, ?)", (TEXT_VERSION, TOKEN_VERSION))


def withdraw(connection: sqlite3.Connection, spans: Iterable[tuple[Row, Row]]) -> None:
    """Inside the transaction that changes them: take spans (as they were stored) out of the index and queue them."""
    for row, payload in spans:
        span = row[AT["id"]]
        if connection.execute("SELECT 1 FROM search_pending WHERE id = ?", (span,)).fetchone() is not None:
            continue
        texts = _texts(row[AT["name"]], payload[PAYLOAD_AT["input"]], payload[PAYLOAD_AT["output"]])
        connection.execute(
            "INSERT INTO span_fts (span_fts, rowid, name, input, output) VALUES ('delete', ?, ?, ?, ?)", (span, *texts)
        )
        connection.execute("INSERT INTO search_pending VALUES (?)", (span,))


def fill(
    connection: sqlite3.Connection,
    path: Path,
    ticket: Ticket | None,
    progress: Callable[[int, int], None] | None,
) -> int:
    """Index every span that waits, a chunk a transaction; how many there were. Stops between chunks when cancelled
    and goes on from there next time. `progress(done, total)` counts spans."""
    total = int(connection.execute("SELECT count(*) FROM search_pending").fetchone()[0])
    turns = turns_of(path)
    done = 0
    resources: attribute_index.Resources = {}
    while True:
        if ticket is not None:
            ticket.check()
        with turns.take(), explained(path), transaction(connection):
            count = _fill_chunk(connection)
        # side by side, as both read the same rows
        with turns.take(), explained(path), transaction(connection):
            blocks = attribute_index.fill_chunk(connection, resources)
        if count == blocks == 0:
            return done
        done += count
        if progress is not None and count:
            progress(done, max(done, total))


def _fill_chunk(connection: sqlite3.Connection) -> int:
    waiting = connection.execute(
        "SELECT q.id, s.name, p.input, p.output FROM search_pending q LEFT JOIN span s ON s.id = q.id "
        "LEFT JOIN span_payload p ON p.id = q.id ORDER BY q.id LIMIT ?",
        (_SPANS,),
    )
    rows: list[tuple[int, str, str, str]] = []
    count = characters = last = 0
    for span, name, given, said in waiting:
        count += 1
        last = span
        if name is not None:
            texts = _texts(name, given, said)
            rows.append((span, *texts))
            characters += len(texts[1]) + len(texts[2])
            if characters > _CHARACTERS:
                break
    if count:
        connection.executemany("INSERT INTO span_fts (rowid, name, input, output) VALUES (?, ?, ?, ?)", rows)
        connection.execute("DELETE FROM search_pending WHERE id <= ?", (last,))
    return count


def _texts(name: str, given: str | None, said: str | None) -> tuple[str, str, str]:
    return (
        name,
        sound_text(searchable(given)) if given else "",
        sound_text(searchable(said)) if said else "",
    )
