"""One reading thread's view of the database: its connection, and what it remembers while the file does not change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeAlias

import numpy as np
import orjson
from numpy.typing import NDArray

from tailrace.jobs import Ticket
from tailrace.model import Sorting, SortKey
from tailrace.query import Tree
from tailrace.store.compile import matching_keys
from tailrace.store.conditions import Condition, Parameter

Keys: TypeAlias = NDArray[np.int64]

BLOCK_ROWS = 2000
_KEPT_FILTERS = 8

_SORT_COLUMNS = {
    SortKey.START: "start_ns",
    SortKey.DURATION: "duration_ns",
    SortKey.SPANS: "span_count",
    SortKey.ERRORS: "error_count",
    SortKey.TOKENS: "total_tokens",
    SortKey.COST: "cost",
    SortKey.TTFT: "ttft_ns",
    SortKey.NAME: "name COLLATE NOCASE",
    SortKey.THUMB: "thumb",
}


class Snapshot:
    """Belongs to one thread. Use it inside `reading`, which holds one state of the file throughout."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        connection.create_function("text_fold", 1, _fold, deterministic=True)
        connection.create_function("text_begins", 2, _begins, deterministic=True)
        connection.create_function("text_has", 2, _has, deterministic=True)
        self._version: int | None = None
        self._orders: dict[Sorting, Keys] = {}
        self._matches: dict[Tree, Keys | None] = {}
        self._times: tuple[Keys, Keys, NDArray[np.bool_]] | None = None

    @contextmanager
    def reading(self, ticket: Ticket | None) -> Iterator[sqlite3.Connection]:
        """A read transaction that a cancel of the ticket stops."""
        connection = self.connection
        with ticket.interruptible(connection.interrupt) if ticket is not None else nullcontext():
            connection.execute("BEGIN")
            try:
                # also starts the snapshot; it changes whenever another connection has committed
                version = connection.execute("PRAGMA data_version").fetchone()[0]
                if version != self._version:
                    self._orders.clear()
                    self._matches.clear()
                    self._times = None
                    self._version = version
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")

    def matches(self, tree: Tree) -> Keys | None:
        """The sorted keys of the traces that a filter matches; None for all of them."""
        if tree not in self._matches:
            keys = matching_keys(tree, self._select, self.all_keys)
            while len(self._matches) >= _KEPT_FILTERS:
                del self._matches[next(iter(self._matches))]
            self._matches[tree] = keys
        return self._matches[tree]

    def order(self, sorting: Sorting) -> Keys:
        """The keys of all traces in order; unknown values last, equal ones newest first."""
        if sorting not in self._orders:
            column = _SORT_COLUMNS[sorting.key]
            direction = "DESC" if sorting.descending else "ASC"
            ordering = f"{column} IS NULL, {column} {direction}, start_ns DESC, id DESC"
            if sorting.key is SortKey.START:
                ordering = f"start_ns {direction}, id {direction}"
            self._orders[sorting] = self.integers(f"SELECT id AS value FROM trace ORDER BY {ordering}")
        return self._orders[sorting]

    def all_keys(self) -> Keys:
        """The sorted keys of all traces."""
        return self.times()[0]

    def times(self) -> tuple[Keys, Keys, NDArray[np.bool_]]:
        """Sorted keys, starts in nanoseconds and whether there is an error, of all traces."""
        if self._times is None:
            sql = "SELECT json_group_array(id), json_group_array(start_ns), json_group_array(error_count > 0) FROM"
            row = self.connection.execute(f"{sql} (SELECT id, start_ns, error_count FROM trace ORDER BY id)").fetchone()
            keys, starts, errors = (orjson.loads(column) for column in row)
            self._times = np.array(keys, np.int64), np.array(starts, np.int64), np.array(errors, np.bool_)
        return self._times

    def integers(self, sql: str, parameters: tuple[Parameter, ...] = ()) -> Keys:
        """The column `value` of a query as an array."""
        # One row instead of many: SQLite makes it without Python's lock, which a row at a time would take from the
        # window for every single one, and it is three times as fast.
        text = self.connection.execute(f"SELECT json_group_array(value) FROM ({sql})", parameters).fetchone()[0]
        return np.array(orjson.loads(text), np.int64)

    def _select(self, condition: Condition) -> Keys:
        keys = self.integers(f"SELECT id AS value FROM trace WHERE {condition.sql}", condition.parameters)
        keys.sort()
        return keys


def _fold(text: object) -> str | None:
    return text.casefold() if isinstance(text, str) else None


def _begins(text: object, start: str) -> bool:
    return isinstance(text, str) and text.casefold().startswith(start)


def _has(text: object, part: str) -> bool:
    return isinstance(text, str) and part in text.casefold()
