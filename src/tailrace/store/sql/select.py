"""Run a person's statement over the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from tailrace.errors import DatabaseError, StatementError
from tailrace.jobs import Ticket
from tailrace.model.sql import MEMORY, ROWS, SECONDS, SIZE, SqlResult
from tailrace.model.sql_text import ATTRIBUTE, Prepared, prepare
from tailrace.model.words import count_of
from tailrace.store.sql.child import Order
from tailrace.store.sql.faults import explain_failure, explain_refusal, statement_error
from tailrace.store.sql.process import Said, run
from tailrace.store.sql.views import KEPT, quoted, view_statements

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DISK = 4 << 30  # bytes that a statement may put aside while it runs
_MOST_ATTRIBUTES = 20
_MOST_KNOWN = 5_000
_NUMBERED = re.compile(r"(?:^|\.)\d+(?:\.|$)")


class Kept(Protocol):
    """What a statement needs of the columns."""

    def attribute(self, ticket: Ticket, key: str) -> str:
        """The name of the table (span, trace, text) of an attribute, made when it is not there yet."""

    def attribute_keys(self, ticket: Ticket) -> Sequence[str]:
        """The names of attributes; numbered ones are left out."""

    def reading(self, ticket: Ticket) -> AbstractContextManager[DuckDBPyConnection]:
        """A cursor over the columns."""

    def copied(self, ticket: Ticket) -> AbstractContextManager[Path]:
        """A DuckDB file with the columns as they are now, for another process to read."""


def select(
    columns: Kept, sql: str, ticket: Ticket, seconds: float = SECONDS, rows: int = ROWS, memory: int = MEMORY
) -> SqlResult:
    """Run one statement that reads the views of `model/sql.py`, for `seconds` and with `memory` bytes at most; the
    first `rows` rows.

    Raises StatementError with the place when the statement cannot be run, LimitError when it took too much time or
    memory, DatabaseError and Cancelled.
    """
    sql = sql.encode("utf-8", "replace").decode()  # half a sign, which nothing can be compared with
    asked = prepare(sql)
    attributes = _attributes(columns, asked, sql, ticket)
    with columns.copied(ticket) as database, _spill_folder(database) as spill:
        order = Order(
            database=str(database),
            kept=KEPT,
            views=view_statements(attributes),
            sql=asked.text,
            spill=spill,
            seconds=seconds,
            rows=rows,
            size=SIZE,
            memory=memory,
            disk=_DISK,
        )
        said = run(order, ticket)
    if said.refused:
        raise explain_refusal(said, asked, sql)
    if said.failed:
        raise explain_failure(said, asked, sql)
    return SqlResult(said.columns, said.types, said.rows, _more(said, rows), said.elapsed_ns)


def _spill_folder(database: Path) -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory(prefix=f"{database.name}-", dir=database.parent, ignore_cleanup_errors=True)
    except OSError as error:
        raise DatabaseError(
            f"{database.parent} cannot be written: {error.strerror or error}.", "Free some space there.", repr(error)
        ) from error


def _attributes(columns: Kept, asked: Prepared, sql: str, ticket: Ticket) -> dict[str, str]:
    """The attributes that a statement names, with their tables."""
    found: dict[str, str] = {}
    folded: dict[str, str] = {}
    if not asked.keys:
        return found
    if len(asked.keys) > _MOST_ATTRIBUTES:
        raise StatementError(f"A statement may name {_MOST_ATTRIBUTES} attributes; this one names {len(asked.keys)}.")
    known = columns.attribute_keys(ticket)
    for key, place in asked.keys.items():
        name = f"{ATTRIBUTE}{key}"
        if (other := folded.setdefault(name.casefold(), name)) != name:
            raise statement_error(
                f"“{other}” and “{name}” differ in case alone; a statement can name one of them.", place, "", sql
            )
        # what is asked for is kept from then on: not so a name that was mistyped
        if _may_be(key, known):
            found[key] = columns.attribute(ticket, key)
        if key not in known and (key not in found or _is_empty(columns, found[key], ticket)):
            same = [one for one in known if one.casefold() == key.casefold()]
            near = same or get_close_matches(key[:200], known, 3, 0.6)
            hint = f"Did you mean {' or '.join(f'{ATTRIBUTE}{one}' for one in near)}?" if near else ""
            raise statement_error(f"No span has an attribute “{key[:200]}”.", place, hint, sql)
    return found


def _may_be(key: str, known: Sequence[str]) -> bool:
    """Whether spans may have an attribute; numbered ones are not among the known, nor those behind the first thousands
    of a source."""
    return key in known or _NUMBERED.search(key) is not None or len(known) >= _MOST_KNOWN


def _is_empty(columns: Kept, table: str, ticket: Ticket) -> bool:
    with columns.reading(ticket) as cursor:
        return not cursor.execute(f"SELECT 1 FROM {quoted(table)} LIMIT 1").fetchall()


def _more(said: Said, rows: int) -> str:
    shown = count_of(len(said.rows), "row")
    if said.more == "rows":
        return f"the first {shown} of more than {rows:,}"
    if said.more == "size" and not said.rows:
        return f"no row: the first one alone would take over {SIZE >> 20} MB"
    if said.more == "size":
        return f"the first {shown}: more of them would take over {SIZE >> 20} MB"
    return ""
