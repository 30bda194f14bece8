"""Price calls again whose cost is an estimate or missing. What the file says of a cost is never touched.

One short transaction after the other changes spans and marks their traces as stale; making the summaries again is left
to the same code that makes them for an import, so that both come to the same. How far it has come is part of each
transaction: who is killed or stopped goes on there.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tailrace.jobs.runner import Ticket
from tailrace.model import Usage
from tailrace.model.priced import ModelUse, PricesUsed, Repricing
from tailrace.store import settle
from tailrace.store.connections import explained, transaction
from tailrace.store.rows import Price, Row, cost_columns
from tailrace.store.schema import ORDINAL_BITS
from tailrace.store.sound import run_many
from tailrace.store.turns import turns_of

_SPANS_AT_ONCE = 2_000
_LONGEST_NAME = 200  # the file may come from anybody
_CHANGED_AT_ONCE = 10_000  # spans: then the summaries of their traces are made

_WHERE = "input_tokens IS NOT NULL AND model IS NOT NULL AND (cost IS NULL OR cost_source = 'price table')"
_PAGE = (
    "SELECT id, model, provider, start_ns, usage_counts, input_tokens, output_tokens, total_tokens, cache_read_tokens,"
    " cache_write_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, service_tier,"
    f" cost, cost_input, cost_output, cost_source, cost_detail FROM span WHERE id > ? AND {_WHERE} ORDER BY id LIMIT ?"
)
_UPDATE = "UPDATE span SET cost = ?, cost_input = ?, cost_output = ?, cost_source = ?, cost_detail = ? WHERE id = ?"


def read_used(connection: sqlite3.Connection) -> tuple[PricesUsed, str | None] | None:
    """Which prices the estimates come from, and the fingerprint of those that a re-pricing under way brings in; None
    where nobody noted it."""
    row = connection.execute("SELECT fingerprint, name, wanted FROM price_state WHERE id = 1").fetchone()
    return None if row is None else (PricesUsed(row[0], row[1][:_LONGEST_NAME]), row[2])


def note_used(connection: sqlite3.Connection, used: PricesUsed, has_spans: bool) -> None:
    """Inside a transaction that writes estimates: they come from `used` from now on, too. `has_spans` says whether
    there were spans before: where nobody noted their prices, nobody knows them now."""
    known = read_used(connection)
    if known is None:
        if not has_spans:
            _write_used(connection, used)
    elif used.fingerprint not in (known[0].fingerprint, known[1]):
        connection.execute("UPDATE price_state SET fingerprint = '', wanted = NULL, done = 0 WHERE id = 1")


def note_all(connection: sqlite3.Connection, path: Path, used: PricesUsed) -> None:
    """All estimates are what `used` make of them."""
    with turns_of(path).take(), explained(path), transaction(connection):
        _write_used(connection, used)


def _write_used(connection: sqlite3.Connection, used: PricesUsed) -> None:
    connection.execute(
        "REPLACE INTO price_state (id, fingerprint, name) VALUES (1, ?, ?)", (used.fingerprint, used.name)
    )


def read_uses(connection: sqlite3.Connection) -> list[ModelUse]:
    """Every model by provider whose calls' costs the file does not say, the most used first."""
    tokens = ", ".join(
        f"total({column}) FILTER (WHERE cost IS NULL)" for column in ("input_tokens", "output_tokens", "total_tokens")
    )
    rows = connection.execute(
        f"SELECT model, provider, count(*), sum(cost IS NULL), {tokens}, min(start_ns), max(start_ns) FROM span"
        " WHERE total_tokens > 0 AND (cost IS NULL OR cost_source = 'price table') AND usage_counts = 1"
        " GROUP BY model, provider ORDER BY 3 DESC, 1, 2"
    )
    return [ModelUse(*row[:4], *map(int, row[4:7]), *row[7:]) for row in rows]


@dataclass(slots=True)
class _Course:
    """What was found so far."""

    looked_at: int = 0
    changed: int = 0
    models: set[str] = field(default_factory=set)
    before: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)

    def look_at(self, rows: list[Row], price: Price) -> list[Row]:
        """Price rows of a page; those whose cost columns change, as _UPDATE takes them."""
        changes: list[Row] = []
        for row in rows:
            cost = cost_columns(price(row[1], row[2], Usage(*row[5:14]), row[3]))
            former = row[14:]
            if cost != former:
                changes.append((*cost, row[0]))
                if cost[:3] != former[:3]:
                    self._count(row, former[0], cost[0])
        self.looked_at += len(rows)
        return changes

    def _count(self, row: Row, before: float | None, after: float | None) -> None:
        self.changed += 1
        self.models.add(row[1])
        for costs, cost in ((self.before, before), (self.after, after)):
            if row[4] and cost is not None:
                costs.append(cost)

    def report(self) -> Repricing:
        """All of it."""
        sums = (math.fsum(costs) if costs else None for costs in (self.before, self.after))
        return Repricing(self.looked_at, self.changed, tuple(sorted(self.models)), *sums)


def survey(
    connection: sqlite3.Connection, price: Price, ticket: Ticket | None, progress: Callable[[int, int], None] | None
) -> Repricing:
    """What pricing again would change. `progress(done, total)` counts spans."""
    course = _Course()
    total = _count(connection)
    last = -1
    while rows := connection.execute(_PAGE, (last, _SPANS_AT_ONCE)).fetchall():
        _check(ticket)
        course.look_at(rows, price)
        last = rows[-1][0]
        if progress is not None:
            progress(min(course.looked_at, total), total)
    return course.report()


def reprice(
    connection: sqlite3.Connection,
    path: Path,
    price: Price,
    used: PricesUsed,
    ticket: Ticket | None,
    progress: Callable[[int, int], None] | None,
) -> Repricing:
    """Give every call whose cost is an estimate or missing the cost that `price` makes of it, and the summaries of
    their traces. Goes on where one with the same prices was stopped; Cancelled between two transactions. Done twice it
    changes nothing. `progress(done, total)` counts spans."""
    turns = turns_of(path)
    with turns.take(), explained(path), transaction(connection):
        last = _begin(connection, used)
    with explained(path):
        total = _count(connection, last)
    course = _Course()
    unsettled = 0
    try:
        while True:
            _check(ticket)
            with turns.take(), explained(path), transaction(connection):
                rows = connection.execute(_PAGE, (last, _SPANS_AT_ONCE)).fetchall()
                if not rows:
                    break
                changes = course.look_at(rows, price)
                last = rows[-1][0]
                _store(connection, changes, last, used)
            unsettled += len(changes)
            if unsettled >= _CHANGED_AT_ONCE:
                settle.settle_stale(connection, path, None, None)
                unsettled = 0
            if progress is not None:
                progress(min(course.looked_at, total), total)
    finally:
        # also when it is stopped: what the list shows are the costs that the spans have
        if unsettled:
            settle.settle_stale(connection, path, None, None)
    with turns.take(), explained(path), transaction(connection):
        connection.execute(
            "UPDATE price_state SET fingerprint = ?, name = ?, wanted = NULL, done = 0 WHERE id = 1 AND wanted = ?",
            (used.fingerprint, used.name, used.fingerprint),
        )
    return course.report()


def _begin(connection: sqlite3.Connection, used: PricesUsed) -> int:
    """Say that it is under way; the number of the span behind which it goes on."""
    row = connection.execute("SELECT wanted, done FROM price_state WHERE id = 1").fetchone()
    if row is not None and row[0] == used.fingerprint:
        return int(row[1])
    connection.execute("INSERT OR IGNORE INTO price_state (id, fingerprint, name) VALUES (1, '', '')")
    connection.execute(
        "UPDATE price_state SET fingerprint = '', wanted = ?, done = 0 WHERE id = 1", (used.fingerprint,)
    )
    return 0


def _store(connection: sqlite3.Connection, changes: list[Row], last: int, used: PricesUsed) -> None:
    run_many(connection, _UPDATE, changes)
    stale = [(trace,) for trace in sorted({change[-1] >> ORDINAL_BITS for change in changes})]
    connection.executemany("UPDATE trace SET stale = stale + 1 WHERE id = ?", stale)
    # where somebody wrote with other prices meanwhile, that stays noted
    connection.execute("UPDATE price_state SET done = ? WHERE id = 1 AND wanted = ?", (last, used.fingerprint))


def _count(connection: sqlite3.Connection, after: int = -1) -> int:
    return int(connection.execute(f"SELECT count(*) FROM span WHERE id > ? AND {_WHERE}", (after,)).fetchone()[0])


def _check(ticket: Ticket | None) -> None:
    if ticket is not None:
        ticket.check()
