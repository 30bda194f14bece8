"""Columns made by hand, as small as a test can read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tailrace.jobs import Ticket
from tailrace.store.columns.tables import STATEMENTS

START = 1_763_600_000_000_000_000  # 2025-11-20 00:53:20 UTC
SECOND = 1_000_000_000


class HandMade:
    """Twelve traces a minute apart of three spans each; every fourth has failed in its tool, every third was given a
    thumb. The even ones are of customers of tier gold."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked: list[str] = []

    @classmethod
    def make(cls, folder: Path) -> HandMade:
        path = folder / "columns.duckdb"
        with duckdb.connect(str(path)) as connection:
            for statement in STATEMENTS:
                connection.execute(statement)
            connection.execute(
                f"""
                INSERT INTO kept_trace BY NAME SELECT
                    range AS trace, printf('%032x', range) AS trace_id, {START} + range * 60 * {SECOND} AS start_ns,
                    (range + 1) * {SECOND} AS duration_ns, range % 4 = 0 AS failed, 3 AS span_count,
                    'support' AS name, if(range % 4 = 0, 'error', 'ok') AS status, 'prod' AS env,
                    'user ' || range % 2 AS "user", ['chat', 'beta'] AS tags, 0.25 AS cost, false AS estimated
                FROM range(1, 13);
                INSERT INTO kept_span BY NAME SELECT
                    t.trace * 16777216 + n.range AS span, t.trace, t.start_ns,
                    t.start_ns + n.range * {SECOND} AS began_ns,
                    t.duration_ns // (n.range + 1) AS duration_ns,
                    ['agent', 'llm', 'tool'][n.range + 1] AS kind, ['run', 'chat', 'lookup'][n.range + 1] AS step,
                    if(n.range = 1, 'gpt-4o', NULL) AS model, if(n.range = 2, 'lookup', NULL) AS tool,
                    n.range = 2 AND t.failed AS failed, if(n.range = 2 AND t.failed, 'error', 'ok') AS status,
                    if(n.range = 2 AND t.failed, 'TimeoutError', NULL) AS error, 10 * t.trace AS input_tokens
                FROM kept_trace t, range(3) n;
                INSERT INTO kept_score BY NAME SELECT
                    trace, start_ns, 'thumb' AS score, 'thumb' AS score_kind, trace % 2 AS value, 'person' AS source
                FROM kept_trace WHERE trace % 3 = 0;
                CREATE TABLE kept_attr_1 AS SELECT span, trace, 'gold' AS text, NULL::DOUBLE AS number
                FROM kept_span WHERE trace % 2 = 0 AND kind <> 'agent';
                CREATE TABLE kept_attr_2 AS SELECT * FROM kept_attr_1 LIMIT 0;
                """
            )
        return cls(path)

    def attribute(self, ticket: Ticket, key: str) -> str:
        self.asked.append(key)
        return "kept_attr_2" if key == "messages.9.role" else "kept_attr_1"

    def attribute_keys(self, ticket: Ticket) -> Sequence[str]:
        return ("customer.tier", "customer.Tier", "http.status-code", 'odd "one"; DROP TABLE kept_span; --')

    @contextmanager
    def reading(self, ticket: Ticket) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            yield connection

    @contextmanager
    def copied(self, ticket: Ticket) -> Iterator[Path]:
        yield self.path

    def content(self) -> bytes:
        """Every byte of the file, to see whether it was written."""
        return self.path.read_bytes()
