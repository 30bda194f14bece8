"""What is told of searches: which documents they found, and how well these fit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from tailrace.model import Span, SpanKind
from tailrace.semconv import read_documents
from tailrace.store.columns.came import taken
from tailrace.store.columns.source import ASKED, Range, ranges_between, ranges_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tailrace.jobs import Ticket

_AT_ONCE = 500
# Most searches say nothing of their documents, and those need no look: a document is named in an attribute, or the
# output is JSON.
_WHITE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_TELLING = (
    "(instr(attributes, 'documents') > 0 OR instr(ifnull(input_key, '') || ifnull(output_key, ''), 'documents') > 0"
    """ OR substr(ltrim(output, ?2), 1, 1) IN ('{', '[', '"'))"""
)
_READ = (
    "SELECT span.id, attributes, input_key, iif(input_key IS NULL, NULL, input), output_key, output"
    f" {ASKED.format(table='span')} JOIN span_payload ON span_payload.id = span.id WHERE span.kind = 'retriever'"
    f" AND {_TELLING}"
)


class Retrievals:
    """Fills `kept_retrieval`: a row for each span that searches. What a reranker does with the documents afterwards is
    no search of its own."""

    name = "retrievals"

    def forget(self, cursor: DuckDBPyConnection) -> None:
        """Take out the searches of the traces in the table `changed`."""
        cursor.execute("DELETE FROM kept_retrieval WHERE trace IN (SELECT trace FROM changed)")

    def fill(
        self, connection: sqlite3.Connection, cursor: DuckDBPyConnection, changed: Sequence[int], after: int, last: int,
        ticket: Ticket | None,
    ) -> None:  # fmt: skip
        """Take in the searches of the changed traces and of those with keys in (after, last]."""

        def take(rows: list[tuple[Any, ...]]) -> None:
            columns = zip(*[(row[0], *_told(row)) for row in rows], strict=True)
            names = ("span", "documents", "scored", "best_score", "mean_score")
            types = (np.int64, np.int64, np.int64, np.float64, np.float64)
            cursor.register("searches", dict(zip(names, map(np.array, columns, types), strict=True)))
            cursor.execute(_INSERTION)

        ranges = chain(ranges_of(connection, changed), ranges_between(connection, after, last))
        for _ in taken(chain.from_iterable(_rows(connection, some) for some in ranges), [take], ticket):
            pass
        cursor.execute(_REST, [after, last])


_INSERTION = """
INSERT INTO kept_retrieval BY NAME
SELECT span, trace, start_ns, duration_ns, failed, step, tool, documents, scored,
    CASE WHEN scored > 0 THEN best_score END AS best_score, CASE WHEN scored > 0 THEN mean_score END AS mean_score
FROM searches JOIN kept_span USING (span)
"""
_REST = """
INSERT INTO kept_retrieval BY NAME
SELECT span, trace, start_ns, duration_ns, failed, step, tool, 0 AS documents, 0 AS scored FROM kept_span
WHERE kind = 'retriever' AND (trace IN (SELECT trace FROM changed) OR trace > ? AND trace <= ?)
    AND span NOT IN (SELECT span FROM kept_retrieval)
"""


def _rows(connection: sqlite3.Connection, ranges: list[Range]) -> Iterator[list[tuple[Any, ...]]]:
    cursor = connection.execute(_READ, (orjson.dumps(ranges).decode(), _WHITE))
    while rows := cursor.fetchmany(_AT_ONCE):
        yield rows


def _told(row: tuple[Any, ...]) -> tuple[int, int, float, float]:
    """Documents, those with a score, the best score and their mean (0 where there is none)."""
    _, attributes, input_key, given, output_key, said = row
    try:
        decoded = orjson.loads(attributes)
    except orjson.JSONDecodeError:  # spoilt by another program
        decoded = {}
    span = Span(
        *("", "", None, "", 0, None),
        kind=SpanKind.RETRIEVER,
        input=given,
        input_key=input_key,
        output=said,
        output_key=output_key,
        attributes=decoded if isinstance(decoded, dict) else {},
    )
    found = read_documents(span)
    scores = [document.score for document in found if document.score is not None]
    if not scores:
        return len(found), 0, 0.0, 0.0
    return len(found), len(scores), max(scores), sum(scores) / len(scores)
