"""Keep the tables of all attributes up to date: which traces have which values."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tailrace.jobs import Ticket
from tailrace.semconv import FIELD_KEYS
from tailrace.store.columns.attribute_source import Held, Piece, pieces_of, read_held
from tailrace.store.columns.attribute_tables import ATTRIBUTE_TABLES
from tailrace.store.connections import explained, open_to_read

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Say: TypeAlias = Callable[[int, int], None]

_READERS: Final = 2
_AHEAD: Final = 2 * _READERS  # pieces that may wait to be taken in
_STEPS_BETWEEN_CHECKS: Final = 200_000

# Nearly every trace has another value: an id, a time, a text
_MANY: Final = 1_000
_OWN_TO_EACH: Final = 4  # traces a value, or fewer
_MANY_NUMBERS: Final = 20


@dataclass(slots=True)
class _Key:
    """What is known of an attribute; see `attribute_tables`."""

    number: int
    single: bool = True
    long: bool = False
    numbers: bool = True
    holders: int = 0


class AttributeValues:
    """The extra columns (see `fill.Extra`) of all attributes. `say`, if anything, hears how many spans are done, of how
    many."""

    name: Final = "attribute values"

    def __init__(self, database: Path, say: Say | None = None) -> None:
        self.say = say
        self._database = database

    def forget(self, cursor: DuckDBPyConnection) -> None:
        """Take out what is kept of the traces in the table `changed`."""
        for statement in ATTRIBUTE_TABLES:
            cursor.execute(statement)
        for table in ("attribute_holder", "attribute_number"):
            cursor.execute(f"DELETE FROM {table} WHERE trace IN (SELECT trace FROM changed)")

    def fill(
        self, connection: sqlite3.Connection, cursor: DuckDBPyConnection, changed: Sequence[int], after: int, last: int,
        ticket: Ticket | None,
    ) -> None:  # fmt: skip
        """Take in what there is of the changed traces and of those with keys in (after, last]. Some threads read it,
        each on a connection of its own: what is changed meanwhile is taken in anew next time."""
        names = [name for (name,) in connection.execute("SELECT name FROM attribute_key ORDER BY name")]
        sizes = connection.execute(
            "SELECT id, next_ordinal FROM trace WHERE id > ? AND id <= ? OR id IN (SELECT value FROM json_each(?))"
            " ORDER BY id",
            (after, last, str(list(changed))),
        ).fetchall()
        pieces = pieces_of(sizes)
        filling = _Filling(cursor, names)
        total = sum(piece.spans for piece in pieces)
        done = 0
        with _reading(self._database, filling.wanted, pieces, ticket or Ticket()) as read:
            for piece, held in zip(pieces, read, strict=True):
                filling.take(piece, held)
                if piece.ends:
                    filling.settle()
                done += piece.spans
                if self.say is not None:
                    self.say(done, total)


def left_out(cursor: DuckDBPyConnection) -> tuple[str, ...]:
    """The attributes whose values are not kept: nearly every trace has another one, or only long ones."""
    rows = cursor.execute(
        "SELECT name FROM attribute_name AS k WHERE NOT numbers AND (NOT single"
        " OR long AND NOT EXISTS (SELECT 1 FROM attribute_value AS v WHERE v.key = k.key)) ORDER BY name"
    ).fetchall()
    return tuple(name for (name,) in rows)


class _Filling:
    """The tables while they are filled."""

    def __init__(self, cursor: DuckDBPyConnection, names: Sequence[str]) -> None:
        self._cursor = cursor
        rows = cursor.execute("SELECT name, key, single, long, numbers FROM attribute_name").fetchall()
        self._keys = {name: _Key(*rest) for name, *rest in rows}
        for name in names:
            if name not in FIELD_KEYS and name not in self._keys:
                key = self._keys[name] = _Key(len(self._keys))
                cursor.execute("INSERT INTO attribute_name VALUES (?, ?, TRUE, FALSE, TRUE)", (key.number, name))
        self._by_number = sorted(self._keys.values(), key=lambda key: key.number)
        counted = cursor.execute(
            "SELECT v.key, count(*) FROM attribute_holder AS h JOIN attribute_value AS v ON v.value = h.value"
            " GROUP BY v.key"
        ).fetchall()
        for number, count in counted:
            self._by_number[number].holders = count

    @property
    def wanted(self) -> dict[str, int]:
        """The attributes to read, by their numbers."""
        return {name: key.number for name, key in self._keys.items()}

    def take(self, piece: Piece, held: Held) -> None:
        """Take in what a piece holds."""
        if held.numbers.any():
            self._take_numbers(held)
        long = np.array([text is None for text in held.texts], np.bool_)
        for number in np.unique(held.keys[long]):
            self._by_number[number].long = True
        for number in np.unique(held.keys[~held.numbers]):
            self._by_number[number].numbers = False
        single = np.array([key.single for key in self._by_number], np.bool_)
        kept = single[held.keys] & ~long if len(held.keys) else long
        if kept.any():
            self._take_values(held, kept)
        if piece.part and piece.ends:
            self._join_parts(piece.last)

    def _take_numbers(self, held: Held) -> None:
        at = np.flatnonzero(held.numbers)
        numbers = np.array([float(held.texts[place] or "nan") for place in at], np.float64)
        with _registered(self._cursor, "came_numbers", trace=held.traces[at], key=held.keys[at], number=numbers):
            self._cursor.execute(
                "INSERT INTO attribute_number SELECT trace, key, min(number), max(number) FROM came_numbers"
                " WHERE isfinite(number) GROUP BY trace, key"
            )

    def _take_values(self, held: Held, kept: NDArray[np.bool_]) -> None:
        cursor = self._cursor
        keys = held.keys[kept]
        places: dict[tuple[int, str | None], int] = {}
        texts = (text for text, keep in zip(held.texts, kept.tolist(), strict=True) if keep)
        place = [places.setdefault(pair, len(places)) for pair in zip(keys.tolist(), texts, strict=True)]
        different = {"key": np.array([key for key, _ in places], np.int32)}
        different["text"] = np.array([text for _, text in places], object)
        with _registered(cursor, "came_values", place=np.arange(len(places)), **different):
            cursor.execute(
                "INSERT INTO attribute_value"
                " SELECT (SELECT coalesce(max(value), -1) FROM attribute_value) + row_number() OVER (), key, text"
                " FROM came_values AS c ANTI JOIN attribute_value AS v ON v.key = c.key AND v.text = c.text"
            )
            found = cursor.execute(
                "SELECT v.value FROM came_values AS c JOIN attribute_value AS v ON v.key = c.key AND v.text = c.text"
                " ORDER BY c.place"
            ).fetchnumpy()["value"]
        # a number and a text that reads the same are one value, which a trace has once
        with _registered(cursor, "came_holders", trace=held.traces[kept], value=found[place]):
            cursor.execute("INSERT INTO attribute_holder SELECT DISTINCT trace, value FROM came_holders")
        for number, count in enumerate(np.bincount(keys).tolist()):
            self._by_number[number].holders += count

    def settle(self) -> None:
        """Drop the single values of attributes that have too many, and keep what is known of each attribute."""
        cursor = self._cursor
        for number, values in cursor.execute("SELECT key, count(*) FROM attribute_value GROUP BY key").fetchall():
            key = self._by_number[number]
            many = values > _MANY_NUMBERS if key.numbers else values > max(_MANY, key.holders // _OWN_TO_EACH)
            if key.single and many:
                key.single = False
                cursor.execute(
                    "DELETE FROM attribute_holder WHERE value IN (SELECT value FROM attribute_value WHERE key = ?)",
                    (number,),
                )
                cursor.execute("DELETE FROM attribute_value WHERE key = ?", (number,))
        for key in self._by_number:
            cursor.execute(
                "UPDATE attribute_name SET single = $single, long = $long, numbers = $numbers WHERE key = $key"
                " AND (single, long, numbers) IS DISTINCT FROM ($single, $long, $numbers)",
                {"single": key.single, "long": key.long, "numbers": key.numbers, "key": key.number},
            )

    def _join_parts(self, trace: int) -> None:
        """What several parts of a trace have is there once for each."""
        for table, once in (
            ("attribute_holder", "SELECT DISTINCT trace, value"),
            ("attribute_number", "SELECT trace, key, min(least), max(most)"),
        ):
            grouped = " GROUP BY trace, key" if table == "attribute_number" else ""
            self._cursor.execute(
                f"CREATE OR REPLACE TEMP TABLE joined AS {once} FROM {table} WHERE trace = ?{grouped}", (trace,)
            )
            self._cursor.execute(f"DELETE FROM {table} WHERE trace = ?", (trace,))
            self._cursor.execute(f"INSERT INTO {table} SELECT * FROM joined")
            self._cursor.execute("DROP TABLE joined")


@contextmanager
def _registered(cursor: DuckDBPyConnection, name: str, **columns: NDArray[Any]) -> Iterator[None]:
    cursor.register(name, columns)
    try:
        yield
    finally:
        cursor.unregister(name)


@contextmanager
def _reading(
    database: Path, names: dict[str, int], pieces: Sequence[Piece], ticket: Ticket
) -> Iterator[Iterator[Held]]:
    """What the pieces hold, in order, read ahead by some threads with a connection each."""
    free: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    def read(piece: Piece) -> Held:
        ticket.check()
        connection = free.get()
        try:
            with explained(database), ticket.interruptible(connection.interrupt):
                return read_held(connection, names, piece.ranges)
        finally:
            free.put(connection)

    def answers(pool: ThreadPoolExecutor) -> Iterator[Held]:
        waiting: deque[Future[Held]] = deque()
        for piece in pieces:
            waiting.append(pool.submit(read, piece))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    connections = [open_to_read(database) for _ in range(_READERS if pieces else 0)]
    try:
        for connection in connections:
            # an interrupt while a statement is only being prepared goes unheard
            connection.set_progress_handler(lambda: ticket.cancelled, _STEPS_BETWEEN_CHECKS)
            free.put(connection)
        with ThreadPoolExecutor(_READERS, thread_name_prefix="tailrace-attributes") as pool:
            try:
                yield answers(pool)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
    finally:
        for connection in connections:
            connection.close()
