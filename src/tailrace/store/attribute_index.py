"""Keep the attribute index: which blocks of spans have which attributes.

A block is up to 64 spans of one trace that arrived one after the other. Its spans mostly share their attributes, so it
has hardly more tokens than one of them. It is in the index as a whole, as its rows are now, or it waits as a whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, TypeAlias

import orjson

from tailrace.store.attribute_tokens import Tokens
from tailrace.store.rows import PAYLOAD_AT, Row
from tailrace.store.schema import BLOCK_BITS

# A judgement waits for no more than this: some 20 ms
_SPANS = 1_000
_CHARACTERS = 2_000_000

_COLUMNS = "p.id, p.resource, p.attributes, p.input_key, p.input, p.output_key, p.output"
# What a text beyond its beginning is does not matter, only that it goes on
_INDEXED = tuple(PAYLOAD_AT[name] for name in ("resource", "attributes", "input_key", "input", "output_key", "output"))
_MOST_RESOURCES = 4_096

Resources: TypeAlias = dict[int, dict[str, Any]]


def empty(connection: sqlite3.Connection) -> None:
    """Inside a transaction: take everything out of the index and queue it again."""
    connection.execute("INSERT INTO attribute_fts (attribute_fts) VALUES ('delete-all')")
    connection.execute(f"INSERT OR IGNORE INTO attribute_pending SELECT DISTINCT id >> {BLOCK_BITS} FROM span_payload")


def is_changed(old: Row, new: Row) -> bool:
    """Whether two states of a payload row may have different attributes."""
    return any(old[i] != new[i] for i in _INDEXED)


def queue(connection: sqlite3.Connection, spans: Iterable[int]) -> None:
    """Inside a transaction: new traces have these spans."""
    connection.executemany(
        "INSERT OR IGNORE INTO attribute_pending VALUES (?)", [(block,) for block in {s >> BLOCK_BITS for s in spans}]
    )


def withdraw(connection: sqlite3.Connection, spans: Iterable[int]) -> None:
    """Inside a transaction, before it changes or adds spans of known traces: take their blocks out of the index and
    queue them."""
    for block in sorted({span >> BLOCK_BITS for span in spans}):
        if connection.execute("SELECT 1 FROM attribute_pending WHERE id = ?", (block,)).fetchone() is not None:
            continue
        first = block << BLOCK_BITS
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM span_payload p WHERE p.id BETWEEN ? AND ? ORDER BY p.id",
            (first, first + (1 << BLOCK_BITS) - 1),
        ).fetchall()
        if rows:
            [(_, tokens)] = _blocks(connection, rows, {})
            connection.execute(
                "INSERT INTO attribute_fts (attribute_fts, rowid, tokens) VALUES ('delete', ?, ?)", (block, tokens)
            )
        connection.execute("INSERT INTO attribute_pending VALUES (?)", (block,))


def fill_chunk(connection: sqlite3.Connection, resources: Resources) -> int:
    """Inside a transaction: index the next blocks that wait; how many. `resources` remembers what was read from one
    call to the next."""
    waiting = connection.execute(
        f"SELECT {_COLUMNS}, q.id FROM (SELECT id FROM attribute_pending ORDER BY id LIMIT {_SPANS}) AS q"
        f" LEFT JOIN span_payload p ON p.id BETWEEN q.id << {BLOCK_BITS} AND (q.id << {BLOCK_BITS})"
        f" + {(1 << BLOCK_BITS) - 1} ORDER BY q.id, p.id"
    )
    rows: list[Any] = []
    blocks: set[int] = set()
    last = -1
    characters = 0
    for row in waiting:
        if row[7] != last and (len(rows) >= _SPANS or characters >= _CHARACTERS):
            break
        last = row[7]
        blocks.add(last)
        if row[0] is not None:
            rows.append(row)
            characters += len(row[2]) + 100
    if blocks:
        connection.executemany(
            "INSERT INTO attribute_fts (rowid, tokens) VALUES (?, ?)", _blocks(connection, rows, resources)
        )
        connection.execute("DELETE FROM attribute_pending WHERE id <= ?", (last,))
    return len(blocks)


def _blocks(connection: sqlite3.Connection, rows: list[Any], resources: Resources) -> list[tuple[int, str]]:
    """The blocks of some payload rows in order of their ids, each with its tokens."""
    found: list[tuple[int, str]] = []
    tokens = Tokens()
    seen: set[int] = set()
    last: int | None = None
    for span, resource, attributes, input_key, given, output_key, said, *_ in rows:
        block = span >> BLOCK_BITS
        if block != last:
            if last is not None:
                found.append((last, tokens.joined()))
            last, tokens = block, Tokens()
            seen.clear()
        tokens.add(_decoded(attributes))
        if input_key is not None:
            tokens.add_text(input_key, given)
        if output_key is not None:
            tokens.add_text(output_key, said)
        if resource is not None and resource not in seen:
            seen.add(resource)
            tokens.add(_resource(connection, resource, resources))
    if last is not None:
        found.append((last, tokens.joined()))
    return found


def _resource(connection: sqlite3.Connection, row: int, known: Resources) -> dict[str, Any]:
    attributes = known.get(row)
    if attributes is None:
        found = connection.execute("SELECT attributes FROM resource WHERE id = ?", (row,)).fetchone()
        attributes = _decoded(found[0]) if found else {}
        if len(known) >= _MOST_RESOURCES:
            known.clear()
        known[row] = attributes
    return attributes


def _decoded(text: str) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:  # spoilt by another program
        return {}
    return value if isinstance(value, dict) else {}
