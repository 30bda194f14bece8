"""What is told of sessions: the traces that belong together, and whether people had to ask again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson

from tailrace.store.columns.came import register, taken
from tailrace.store.columns.derive import clamped
from tailrace.store.columns.source import Document, Shape

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tailrace.jobs import Ticket

# Of all the different words of two turns so many are in both where they ask nearly the same
_SAME = 0.6
_AT_ONCE = 20_000
_PREVIEWS = Shape("came_previews", {"trace": "id"}, {"preview": "input_preview"})
_READ = f"SELECT {_PREVIEWS.written()} FROM trace WHERE id IN (SELECT value FROM json_each(?))"
_WORDS = r"list_distinct(regexp_extract_all(lower(preview), '[\p{L}\p{N}]+'))"

_INSERTION = f"""
INSERT INTO kept_session BY NAME WITH turns AS (
    SELECT session, turn, words, lag(words) OVER asked AS before, lag(turn) OVER asked AS last_turn
    FROM said JOIN kept_trace USING (trace) WINDOW asked AS (PARTITION BY session ORDER BY turn)
),
again AS (
    SELECT session, count(*) FILTER (shared >= {_SAME} * (len(words) + len(before) - shared)) AS rephrased
    FROM (SELECT *, len(list_intersect(words, before)) AS shared FROM turns WHERE last_turn = turn - 1)
    GROUP BY session
),
told AS (
    SELECT session, arg_min("user", turn) FILTER ("user" IS NOT NULL) AS "user", arg_min(trace, turn) AS trace,
        min(start_ns) AS start_ns, count(*) AS turns,
        {clamped("(max(ended_ns)::HUGEINT - min(start_ns))")} AS duration_ns,
        bool_or(failed) AS failed, arg_max(failed OR coalesce(thumb = 0, FALSE), turn) AS abandoned,
        {clamped("sum(total_tokens)")} AS total_tokens, sum(cost) AS cost
    FROM kept_trace WHERE session IN (SELECT session FROM concerned) GROUP BY session
)
SELECT told.*, coalesce(rephrased, 0) AS rephrased FROM told LEFT JOIN again USING (session)
"""


class Sessions:
    """Fills `kept_session`. The first time all of it, after that the sessions that a refresh touches."""

    name = "sessions"

    def __init__(self) -> None:
        self._filled = False

    def forget(self, cursor: DuckDBPyConnection) -> None:
        """Take out the sessions that come again."""
        touched = "touched_session" if self._filled else "kept_trace WHERE session IS NOT NULL"
        cursor.execute(f"CREATE TEMP TABLE concerned AS SELECT DISTINCT session FROM {touched}")
        concerned = " WHERE session IN (SELECT session FROM concerned)" if self._filled else ""
        cursor.execute(f"DELETE FROM kept_session{concerned}")

    def fill(
        self, connection: sqlite3.Connection, cursor: DuckDBPyConnection, changed: Sequence[int], after: int, last: int,
        ticket: Ticket | None,
    ) -> None:  # fmt: skip
        """Take in the sessions again, with what was said in those of several turns."""
        asked = cursor.execute(
            "SELECT trace FROM kept_trace WHERE session IN (SELECT session FROM concerned) AND session IN"
            " (SELECT session FROM kept_trace WHERE turn = 2) ORDER BY trace"
        ).fetchnumpy()["trace"]
        cursor.execute("CREATE TEMP TABLE said (trace BIGINT, words VARCHAR[])")
        told = (
            Document(*connection.execute(_READ, (orjson.dumps(asked[i : i + _AT_ONCE].tolist()).decode(),)).fetchone())
            for i in range(0, len(asked), _AT_ONCE)
        )

        def take(document: Document) -> None:
            register(cursor, _PREVIEWS, [document])
            cursor.execute(
                f"INSERT INTO said SELECT trace, {_WORDS} AS words FROM ({_PREVIEWS.rows()}) WHERE len(words) > 0"
            )

        for _ in taken(told, [take], ticket):
            pass
        cursor.execute(_INSERTION)
        cursor.execute("DROP TABLE said")
        cursor.execute("DROP TABLE concerned")
        self._filled = True
