"""One reading thread's view of the database: its connection, and what it remembers while the file does not change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import orjson
from numpy.typing import NDArray

from tailrace.jobs import Ticket
from tailrace.model import Sorting, SortKey, SpanKind
from tailrace.query import Tree
from tailrace.semconv.errors import categorise
from tailrace.store.attribute_tokens import number_text
from tailrace.store.compile import key_of, matching_keys
from tailrace.store.conditions import Condition, Parameter
from tailrace.store.connections import drop_stand_ins, is_current

Keys: TypeAlias = NDArray[np.int64]

BLOCK_ROWS = 2000
_KEPT_FILTERS = 8
_STEPS_BETWEEN_CHECKS = 200_000  # of SQLite's machine: some milliseconds

_SORT_COLUMNS = {
    SortKey.DURATION: "duration_ns",
    SortKey.SPANS: "span_count",
    SortKey.ERRORS: "error_count",
    SortKey.TOKENS: "total_tokens",
    SortKey.COST: "max(min(cost, 1e300), -1e300)",  # JSON has no infinity
    SortKey.TTFT: "ttft_ns",
    SortKey.NAME: "name",
    SortKey.THUMB: "thumb",
}


class Snapshot:
    """Belongs to one thread. Use it inside `reading`, which holds one state of the file throughout."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        connection.create_function("text_fold", 1, _fold, deterministic=True)
        connection.create_function("text_begins", 2, _begins, deterministic=True)
        connection.create_function("text_has", 2, _has, deterministic=True)
        connection.create_function("number_text", 1, number_text, deterministic=True)
        connection.create_function("error_category", 3, _category, deterministic=True)
        self._version: int | None = None
        self._stands_in = not is_current(connection)
        self._orders: dict[Sorting, Keys] = {}
        self._matches: dict[tuple[object, ...], Keys | None] = {}
        self._times: tuple[Keys, Keys, NDArray[np.bool_]] | None = None

    @property
    def version(self) -> int | None:
        """Differs from what it was whenever somebody has written since."""
        return self._version

    @contextmanager
    def reading(self, ticket: Ticket | None) -> Iterator[sqlite3.Connection]:
        """A read transaction that a cancel of the ticket stops."""
        connection = self.connection
        with ticket.interruptible(connection.interrupt) if ticket is not None else nullcontext():
            if ticket is not None:
                # an interrupt while a statement is only being prepared goes unheard
                connection.set_progress_handler(lambda: ticket.cancelled, _STEPS_BETWEEN_CHECKS)
            connection.execute("BEGIN")
            try:
                # also starts the snapshot; it changes whenever another connection has committed
                version = connection.execute("PRAGMA data_version").fetchone()[0]
                if version != self._version:
                    if self._stands_in and is_current(connection):
                        drop_stand_ins(connection)
                        self._stands_in = False
                    self._orders.clear()
                    self._matches.clear()
                    self._times = None
                    self._version = version
                yield connection
            finally:
                connection.set_progress_handler(None, 0)
                if connection.in_transaction:
                    connection.execute("COMMIT")

    def matches(self, tree: Tree) -> Keys | None:
        """The sorted keys of the traces that a filter matches; None for all of them."""
        name = key_of(tree)
        if name not in self._matches:
            keys = matching_keys(tree, self._select, self.all_keys)
            while len(self._matches) >= _KEPT_FILTERS:
                del self._matches[next(iter(self._matches))]
            self._matches[name] = keys
        return self._matches[name]

    def order(self, sorting: Sorting) -> Keys:
        """The keys of all traces in order; unknown values last, equal ones newest first."""
        if sorting not in self._orders:
            keys = self._sorted_by_start() if sorting.key is SortKey.START else self._sorted_by(sorting.key)
            for descending, ordered in zip((False, True), keys, strict=True):
                ordered.flags.writeable = False
                self._orders[Sorting(sorting.key, descending)] = ordered
        return self._orders[sorting]

    def _sorted_by_start(self) -> tuple[Keys, Keys]:
        keys, starts, _ = self.times()
        upwards = keys[np.argsort(starts, kind="stable")]
        return upwards, upwards[::-1]

    def _sorted_by(self, key: SortKey) -> tuple[Keys, Keys]:
        """Both directions of an order: sorting an array costs less than SQLite's own sorting."""
        newest = self.order(Sorting())
        column = _SORT_COLUMNS[key]
        known, values = self.columns(f"SELECT id, {column} AS value FROM trace WHERE value IS NOT NULL ORDER BY id", 2)
        place = np.argsort(newest)
        row = place[np.searchsorted(self.all_keys(), known)]
        if key is SortKey.NAME:
            rank = {name: i for i, name in enumerate(sorted(set(values), key=lambda name: (name.casefold(), name)))}
            values = [rank[name] for name in values]
        by_age = np.argsort(row)
        ranked = np.asarray(known)[by_age]
        amounts = np.asarray(values)[by_age]
        unknown = newest[~np.isin(newest, ranked, assume_unique=True)]
        upwards = np.argsort(amounts, kind="stable")
        # backwards over the backwards, so that equal ones stay newest first
        downwards = (len(amounts) - 1 - np.argsort(amounts[::-1], kind="stable"))[::-1]
        return np.concatenate((ranked[upwards], unknown)), np.concatenate((ranked[downwards], unknown))

    def all_keys(self) -> Keys:
        """The sorted keys of all traces."""
        return self.times()[0]

    def times(self) -> tuple[Keys, Keys, NDArray[np.bool_]]:
        """Sorted keys, starts in nanoseconds and whether there is an error, of all traces."""
        if self._times is None:
            # in this order the index trace_by_start answers alone
            sql = "SELECT id, start_ns, error_count > 0 FROM trace ORDER BY start_ns"
            ids, starts, errors = self.columns(sql, 3)
            keys = np.array(ids, np.int64)
            row = np.argsort(keys)
            self._times = keys[row], np.array(starts, np.int64)[row], np.array(errors, np.bool_)[row]
        return self._times

    def columns(self, sql: str, count: int, parameters: tuple[Parameter, ...] = ()) -> list[list[Any]]:
        """The `count` columns of a query, each as a list."""
        # One row instead of many: SQLite makes it without Python's lock, which a row at a time would take from the
        # window for every single one, and it is three times as fast.
        names = [f"c{i}" for i in range(count)]
        arrays = ", ".join(f"json_group_array({name})" for name in names)
        texts = self.connection.execute(
            f"WITH found({', '.join(names)}) AS ({sql}) SELECT {arrays} FROM found", parameters
        )
        return [orjson.loads(text) for text in texts.fetchone()]

    def _select(self, condition: Condition) -> Keys:
        sql = condition.keys or f"SELECT id FROM trace WHERE {condition.sql}"
        [found] = self.columns(sql, 1, condition.parameters)
        return np.unique(np.array(found, np.int64))


def _fold(text: object) -> str | None:
    return text.casefold() if isinstance(text, str) else None


def _begins(text: object, start: str) -> bool:
    return isinstance(text, str) and text.casefold().startswith(start)


@lru_cache(maxsize=4096)
def _category(error_type: str | None, message: str, kind: str) -> str:
    """Most of what fails says the same."""
    return categorise(error_type, message, SpanKind(kind))


def _has(text: object, part: str) -> bool:
    return isinstance(text, str) and part in text.casefold()
