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

# Of texts a beginning: more of them is not looked at
_SELECT = (
    "SELECT resource, attributes, input_key, iif(input_key IS NULL, NULL, substr(input, 1, 100)),"
    " output_key, iif(output_key IS NULL, NULL, substr(output, 1, 100))"
    " FROM span_payload WHERE id BETWEEN ? AND ?"
)
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
        rows = _rows(connection, block)
        if rows:
            connection.execute(
                "INSERT INTO attribute_fts (attribute_fts, rowid, tokens) VALUES ('delete', ?, ?)",
                (block, _tokens(connection, rows, {})),
            )
        connection.execute("INSERT INTO attribute_pending VALUES (?)", (block,))


def fill_chunk(connection: sqlite3.Connection, resources: Resources) -> int:
    """Inside a transaction: index the next blocks that wait; how many. `resources` remembers what was read from one
    call to the next."""
    waiting = connection.execute("SELECT id FROM attribute_pending ORDER BY id LIMIT ?", (_SPANS,)).fetchall()
    found: list[tuple[int, str]] = []
    count = spans = characters = 0
    for (block,) in waiting:
        rows = _rows(connection, block)
        if rows:
            found.append((block, _tokens(connection, rows, resources)))
        count += 1
        spans += len(rows)
        characters += sum(len(row[1]) for row in rows)
        if spans >= _SPANS or characters >= _CHARACTERS:
            break
    if count:
        connection.executemany("INSERT INTO attribute_fts (rowid, tokens) VALUES (?, ?)", found)
        connection.execute("DELETE FROM attribute_pending WHERE id <= ?", waiting[count - 1])
    return count


def _rows(connection: sqlite3.Connection, block: int) -> list[Any]:
    first = block << BLOCK_BITS
    return connection.execute(_SELECT, (first, first + (1 << BLOCK_BITS) - 1)).fetchall()


def _tokens(connection: sqlite3.Connection, rows: list[Any], resources: Resources) -> str:
    """The tokens of a block out of its rows."""
    tokens = Tokens()
    seen: set[int] = set()
    for resource, attributes, input_key, given, output_key, said in rows:
        tokens.add(_decoded(attributes))
        if input_key is not None:
            tokens.add_text(input_key, given)
        if output_key is not None:
            tokens.add_text(output_key, said)
        if resource is not None and resource not in seen:
            seen.add(resource)
            tokens.add(_resource(connection, resource, resources))
    return tokens.joined()


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
