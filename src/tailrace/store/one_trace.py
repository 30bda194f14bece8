"""One trace: its tree, its spans, what is found in it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

import orjson

from tailrace.jobs import Ticket
from tailrace.model import Event, Score, Span, SpanDetail, SpanTree, Trace, build_tree
from tailrace.model.tree import KINDS, STATUSES
from tailrace.semconv import log_event, read_conversation, read_documents, remembering
from tailrace.store.conditions import storable
from tailrace.store.rebuild import (
    LOG_COLUMNS,
    SPAN_COLUMNS,
    TRACE_COLUMNS,
    decode,
    log_record_of,
    span_of,
    trace_row,
)
from tailrace.store.schema import MOST_SPANS, ORDINAL_BITS
from tailrace.store.scores import SCORE_COLUMNS, score_of_row

_TREE_BLOCK = 20_000
_KIND_CODES = {kind.value: i for i, kind in enumerate(KINDS)}
_STATUS_CODES = {status.value: i for i, status in enumerate(STATUSES)}
_UNKNOWN_KIND = _KIND_CODES["unknown"]
_UNSET = _STATUS_CODES["unset"]

# Codes instead of words, and whole columns as one JSON text: SQLite makes these without Python's lock, and decoding
# them is faster than taking over row by row.
_TREE = "SELECT {} FROM span WHERE id BETWEEN ? AND ?".format(
    ", ".join(
        f"json_group_array({column})"
        for column in (
            "span_id",
            "parent_id",
            "name",
            "start_ns",
            "end_ns",
            "CASE kind "
            + " ".join(f"WHEN '{word}' THEN {i}" for word, i in _KIND_CODES.items())
            + f" ELSE {_UNKNOWN_KIND} END",
            "CASE status "
            + " ".join(f"WHEN '{word}' THEN {i}" for word, i in _STATUS_CODES.items())
            + f" ELSE {_UNSET} END",
            "total_tokens",
            "CASE WHEN abs(cost) < 1e300 THEN cost END",
        )
    )
)
_FROM = "FROM span LEFT JOIN span_payload AS payload ON payload.id = span.id"
_INPUT_FROM_LOGS, _OUTPUT_FROM_LOGS = 1, 2


def read_trace(connection: sqlite3.Connection, key: int, ticket: Ticket | None) -> Trace | None:
    """The row and the tree of a trace; None when there is no such key."""
    row = connection.execute(f"SELECT {TRACE_COLUMNS} FROM trace WHERE id = ?", (key,)).fetchone()
    return None if row is None else Trace(trace_row(row), _read_tree(connection, key, ticket))


def _read_tree(connection: sqlite3.Connection, key: int, ticket: Ticket | None) -> SpanTree:
    columns: list[list[Any]] = [[] for _ in range(9)]
    first = key << ORDINAL_BITS
    end = connection.execute(
        "SELECT max(id) FROM span WHERE id BETWEEN ? AND ?", (first, first + MOST_SPANS - 1)
    ).fetchone()[0]
    while end is not None and first <= end:
        if ticket is not None:
            ticket.check()
        texts = connection.execute(_TREE, (first, min(first + _TREE_BLOCK - 1, end))).fetchone()
        for column, text in zip(columns, texts, strict=True):
            column += orjson.loads(text)
        first += _TREE_BLOCK
    if ticket is not None:
        ticket.check()
    return build_tree(*columns)


def find_trace(connection: sqlite3.Connection, trace_id: str) -> int | None:
    """The key of a trace id, in any case."""
    for candidate in dict.fromkeys((storable(trace_id), storable(trace_id).lower())):
        found = connection.execute("SELECT id FROM trace WHERE trace_id = ?", (candidate,)).fetchone()
        if found is not None:
            return int(found[0])
    return None


def read_span(connection: sqlite3.Connection, key: int, span_id: str) -> SpanDetail | None:
    """All about one span; None when it is not in the trace."""
    found = connection.execute(
        f"SELECT {SPAN_COLUMNS}, span.usage_counts, payload.from_logs, trace.trace_id, trace.session_id {_FROM}"
        " JOIN trace ON trace.id = span.trace WHERE span.trace = ? AND span.span_id = ?",
        (key, storable(span_id)),
    ).fetchone()
    if found is None:
        return None
    usage_counts, from_logs, trace_id, session_id = found[-4:]
    span = span_of(found, trace_id, _Resources(connection).of(found))
    logs = [
        log_record_of(row)
        for row in connection.execute(
            f"SELECT {LOG_COLUMNS} FROM log_record WHERE trace_id = ? AND span_id = ? ORDER BY time_ns, id",
            (trace_id, span.span_id),
        )
    ]
    events: tuple[Event, ...] = span.events
    if logs:
        events = tuple(sorted((*span.events, *map(log_event, logs)), key=lambda event: event.time_ns))
    scores = _scores(connection, trace_id, session_id)
    with remembering():
        conversation = read_conversation(_as_sent(span, from_logs or 0), events)
        documents = read_documents(span)
    return SpanDetail(
        span=span,
        events=events,
        conversation=conversation,
        documents=documents,
        scores=tuple(score for score in scores if score.span_id == span.span_id),
        trace_scores=tuple(score for score in scores if score.span_id is None),
        usage_counts=bool(usage_counts),
    )


def read_spans(connection: sqlite3.Connection, key: int, after: int, most: int) -> tuple[list[Span], int]:
    """Up to `most` spans of a trace, as the source had them, in order of arrival behind the one numbered `after` (-1:
    from the first); and the number of the last one."""
    row = connection.execute("SELECT trace_id FROM trace WHERE id = ?", (key,)).fetchone()
    resources = _Resources(connection)
    first = key << ORDINAL_BITS
    rows = connection.execute(
        f"SELECT {SPAN_COLUMNS}, payload.from_logs, span.id {_FROM} WHERE span.id BETWEEN ? AND ?"
        " ORDER BY span.id LIMIT ?",
        (first + after + 1, first + MOST_SPANS - 1, most),
    ).fetchall()
    spans = [_as_sent(span_of(found, row[0], resources.of(found)), found[-2] or 0) for found in rows]
    return spans, rows[-1][-1] - first if rows else after


def find_spans(connection: sqlite3.Connection, key: int, text: str) -> set[str]:
    """The ids of the trace's spans that have a text in their name, input, output or attributes (keys and values),
    without regard to case."""
    if not text:
        return set()
    first = key << ORDINAL_BITS
    words = storable(text)
    # the text as it is, and as JSON writes it
    wanted = dict.fromkeys((words, orjson.dumps(words).decode()[1:-1]))
    if words.isascii() and "\0" not in words:
        patterns = [f"%{word.replace('^', '^^').replace('%', '^%').replace('_', '^_')}%" for word in wanted]
        holds = "{} LIKE ? ESCAPE '^'"
    else:
        patterns = [word.casefold() for word in wanted]
        holds = "text_has({}, ?)"
    columns = ("span.name", "payload.input", "payload.output", "payload.attributes")
    conditions = [holds.format(column) for column in columns for _ in patterns]
    cursor = connection.execute(
        f"SELECT span.span_id {_FROM} WHERE span.id BETWEEN ? AND ? AND ({' OR '.join(conditions)})",
        (first, first + MOST_SPANS - 1, *patterns * len(columns)),
    )
    return {span_id for (span_id,) in cursor}


def scores_of_trace(connection: sqlite3.Connection, key: int) -> list[Score]:
    """Every judgement of a trace, its spans, their documents and its session, oldest first."""
    row = connection.execute("SELECT trace_id, session_id FROM trace WHERE id = ?", (key,)).fetchone()
    return [] if row is None else _scores(connection, *row)


def _scores(connection: sqlite3.Connection, trace_id: str, session_id: str | None) -> list[Score]:
    cursor = connection.execute(
        f"SELECT {', '.join(SCORE_COLUMNS)} FROM (SELECT * FROM score WHERE trace_id = ? UNION ALL"
        " SELECT * FROM score WHERE session_id = ? AND trace_id IS NULL) ORDER BY created_ns, score_id",
        (trace_id, session_id),
    )
    return [score_of_row(row) for row in cursor]


def _as_sent(span: Span, from_logs: int) -> Span:
    """The span without the content that came in log records."""
    if from_logs & _INPUT_FROM_LOGS:
        span = replace(span, input=None, input_key=None)
    if from_logs & _OUTPUT_FROM_LOGS:
        span = replace(span, output=None, output_key=None)
    return span


class _Resources:
    """Each resource once, so that spans share it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[int, dict[str, Any]] = {}

    def of(self, row: Any) -> dict[str, Any]:
        """The resource of a row of SPAN_COLUMNS."""
        number = row[37]
        if number is None:
            return {}
        if number not in self._known:
            found = self._connection.execute("SELECT attributes FROM resource WHERE id = ?", (number,)).fetchone()
            self._known[number] = {} if found is None else decode(found[0], {})
        return self._known[number]
