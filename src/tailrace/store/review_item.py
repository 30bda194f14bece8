"""One trace as a reviewer reads it: the conversation that stands for it, what was retrieved and which tools ran."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tailrace.model import SpanDetail, SpanKind, SpanStatus, TextPart
from tailrace.model.review import ReviewItem, Step, Turn
from tailrace.semconv import preview, read_documents
from tailrace.store.one_trace import read_span, scores_of_trace
from tailrace.store.rebuild import SPAN_COLUMNS, TRACE_COLUMNS, decode, span_of, trace_row
from tailrace.store.schema import MOST_SPANS, ORDINAL_BITS

MOST_STEPS = 200
_MOST_CALLS = 64  # model calls looked at from the end
_MOST_READ = 8  # of which so many are read at most
_MOST_ABOVE = 200  # spans walked over on the way up to the root
_SHORT = 256_000  # characters: longer outputs are not compared

_RETRIEVALS = (SpanKind.RETRIEVER, SpanKind.RERANKER)
_STEP_KINDS = ", ".join(f"'{kind.value}'" for kind in (*_RETRIEVALS, SpanKind.TOOL))
_BESIDE = (SpanKind.GUARDRAIL, SpanKind.EVALUATOR)
# Names of work beside the answer, after it or about it. Whole words: "evaluate" is one, "retrieval" none.
_BESIDE_WORDS = re.compile(
    r"(?:^|[^a-z])(titles?|titler|judges?|judging|eval|evals|evaluat(?:e|es|or|ors|ion|ing)|grad(?:e|er|ing)"
    r"|scor(?:e|er|ers|ing)|critic|critique|guard|guards|guardrails?|moderat(?:e|es|or|ion)|safety|toxicity|sentiment"
    r"|follow[ _-]?ups?|memory|suggest(?:ions?|ed)?)(?:[^a-z]|$)"
)
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Call:
    """A model call that may have given the answer. `number` is span.id."""

    number: int
    span_id: str
    end_ns: int
    start_ns: int
    beside: bool  # a guardrail's, an evaluator's, a title's
    by_tool: bool  # an agent's that another one called as a tool
    depth: int


_TURNS_AROUND = 10


def read_item(connection: sqlite3.Connection, key: int) -> ReviewItem | None:
    """The item of a trace; None when there is no such key. Payloads are read only for what it shows."""
    found = connection.execute(
        f"SELECT {TRACE_COLUMNS}, models, prompts, root FROM trace WHERE id = ?", (key,)
    ).fetchone()
    if found is None:
        return None
    row = trace_row(found)
    models, prompts, root = found[-3:]
    answer = _answer(connection, key, root)
    steps, step_count = _steps(connection, key, row.trace_id)
    turn, turns = _turn(connection, key, row.session_id, row.start_ns)
    return ReviewItem(
        row=row,
        answer=answer,
        steps=steps,
        step_count=step_count,
        models=tuple(decode(models, [])),
        prompts=tuple(decode(prompts, [])),
        turn=turn,
        turns=turns,
        scores=tuple(scores_of_trace(connection, key)),
        datasets=_datasets(connection, row.trace_id),
        asked=_asked(connection, key, root, answer),
        neighbours=() if turn is None else _neighbours(connection, key, row.session_id, turn),
    )


def by_likeness(calls: Sequence[Call]) -> list[Call]:
    """Model calls, the most likely to have given the answer first: not beside it, not by a called agent, ending last,
    nearest the root."""
    return sorted(calls, key=lambda call: (call.beside, call.by_tool, -call.end_ns, call.depth, -call.start_ns))


def is_beside(kind: str, name: str) -> bool:
    """Whether a span works beside the answer: guards, judges, names the conversation."""
    return kind in _BESIDE or _BESIDE_WORDS.search(_HUMPS.sub(" ", name[:200]).lower()) is not None


def _answer(connection: sqlite3.Connection, key: int, root: int | None) -> SpanDetail | None:
    calls = by_likeness(list(_calls(connection, key, root)))
    said = _said_by(connection, root)
    if said:
        # what the trace gave back is who gave it: a title or a judge after it says something else
        for call in calls[:_MOST_READ]:
            if _same(said, _said_by(connection, call.number)):
                return read_span(connection, key, call.span_id)
    likeliest = None
    for call in calls[:_MOST_READ]:
        detail = read_span(connection, key, call.span_id)
        if detail is None:
            continue
        likeliest = likeliest or (detail if detail.conversation else None)
        silenced = detail.span.status is SpanStatus.ERROR and not detail.conversation.outputs
        if has_words(detail) or (silenced and detail.conversation.inputs):
            return detail
    if likeliest is not None and not said:
        return likeliest
    return _own_of(connection, key, root) or likeliest or _last_output(connection, key)


def has_words(detail: SpanDetail) -> bool:
    """Whether a model said something, rather than only asking for tools."""
    return any(
        isinstance(part, TextPart) and part.text.strip()
        for message in detail.conversation.outputs
        for part in message.parts
    )


def _calls(connection: sqlite3.Connection, key: int, root: int | None) -> Iterator[Call]:
    first = key << ORDINAL_BITS
    rows = connection.execute(
        "SELECT id, span_id, parent_id, kind, name, start_ns, end_ns, prompt_name, agent_name FROM span"
        " WHERE id BETWEEN ? AND ? AND kind = 'llm' AND (has_output OR has_input)"
        " ORDER BY coalesce(end_ns, start_ns) DESC, start_ns DESC, span_id LIMIT ?",
        (first, first + MOST_SPANS - 1, _MOST_CALLS),
    ).fetchall()
    known: dict[str, Any] = {}
    for number, span_id, parent_id, kind, name, start, end, prompt, agent in rows:
        beside = number != root and any(is_beside(kind, words) for words in (name, prompt or "", agent or ""))
        by_tool, depth = False, 0
        seen = {span_id}
        while parent_id is not None and parent_id not in seen and depth < _MOST_ABOVE:
            seen.add(parent_id)
            if parent_id not in known:
                known[parent_id] = connection.execute(
                    "SELECT id, parent_id, kind, name FROM span WHERE trace = ? AND span_id = ?", (key, parent_id)
                ).fetchone()
            above = known[parent_id]
            if above is None:
                break
            depth += 1
            parent_id = above[1]
            by_tool = by_tool or above[2] == SpanKind.TOOL
            beside = beside or (above[0] != root and is_beside(above[2], above[3]))
        yield Call(number, span_id, start if end is None else end, start, beside, by_tool, depth)


def _said_by(connection: sqlite3.Connection, number: int | None) -> str:
    """The words of a span's output, on one line."""
    found = connection.execute(
        "SELECT output FROM span_payload WHERE id = ? AND length(output) <= ?", (number, _SHORT)
    ).fetchone()
    return "" if found is None else preview(found[0], 400, output=True)


def _same(given_back: str, said: str) -> bool:
    """Whether one is the other, or holds it: an answer is often dressed before it goes out."""
    if not said:
        return False
    short, long = sorted((given_back.rstrip("…").strip(), said.rstrip("…").strip()), key=len)
    return short == long or (len(short) >= 20 and short in long)


def _own_of(
    connection: sqlite3.Connection, key: int, number: int | None, having: str = "has_input OR has_output"
) -> SpanDetail | None:
    """A span's own detail under a condition."""
    found = connection.execute(f"SELECT span_id FROM span WHERE id = ? AND ({having})", (number,)).fetchone()
    return None if found is None else read_span(connection, key, found[0])


def _last_output(connection: sqlite3.Connection, key: int) -> SpanDetail | None:
    # what a tool gave back is no answer: it is shown among the steps
    talks = f"kind NOT IN ({_STEP_KINDS})"
    last = "coalesce(end_ns, start_ns) DESC, start_ns DESC, span_id"
    return _extreme(connection, key, f"has_output AND {talks}", last) or (
        _extreme(connection, key, f"has_input AND {talks}", "start_ns, span_id")
    )


def _asked(connection: sqlite3.Connection, key: int, root: int | None, answer: SpanDetail | None) -> SpanDetail | None:
    """The root where it says anything, or failed, and is not the answer; else the first input where the answer has
    none, or what failed first where there is nothing else to see."""
    found = _own_of(connection, key, root, "has_input OR has_output OR status = 'error'")
    if found is None and answer is None:
        found = _extreme(connection, key, "status = 'error'", "start_ns, span_id")
    elif found is None and answer is not None and answer.span.input is None and not answer.conversation.inputs:
        found = _extreme(connection, key, f"has_input AND kind NOT IN ({_STEP_KINDS})", "start_ns, span_id")
    return None if found is None or (answer and found.span.span_id == answer.span.span_id) else found


def _extreme(connection: sqlite3.Connection, key: int, having: str, order: str) -> SpanDetail | None:
    first = key << ORDINAL_BITS
    found = connection.execute(
        f"SELECT span_id FROM span WHERE id BETWEEN ? AND ? AND {having} ORDER BY {order} LIMIT 1",
        (first, first + MOST_SPANS - 1),
    ).fetchone()
    return None if found is None else read_span(connection, key, found[0])


def _steps(connection: sqlite3.Connection, key: int, trace_id: str) -> tuple[tuple[Step, ...], int]:
    first = key << ORDINAL_BITS
    among = f"FROM span WHERE id BETWEEN ? AND ? AND kind IN ({_STEP_KINDS})"
    places = (first, first + MOST_SPANS - 1)
    numbers = connection.execute(f"SELECT id {among} ORDER BY start_ns, id LIMIT {MOST_STEPS}", places).fetchall()
    count = len(numbers)
    if count == MOST_STEPS:
        (count,) = connection.execute(f"SELECT count(*) {among}", places).fetchone()
    steps = []
    for number in numbers:
        row = connection.execute(
            f"SELECT {SPAN_COLUMNS} FROM span LEFT JOIN span_payload AS payload ON payload.id = span.id"
            " WHERE span.id = ?",
            number,
        ).fetchone()
        span = span_of(row, trace_id, {})
        documents = read_documents(span) if span.kind in _RETRIEVALS else ()
        steps.append(
            Step(
                span_id=span.span_id,
                kind=span.kind,
                name=span.tool_name or span.name,
                status=span.status,
                duration_ns=span.duration_ns,
                documents=documents,
                input=span.input,
                output=None if documents else span.output or span.status_message or None,
            )
        )
    return tuple(steps), count


def _turn(
    connection: sqlite3.Connection, key: int, session_id: str | None, start_ns: int
) -> tuple[int | None, int | None]:
    if session_id is None:
        return None, None
    turns, before = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE start_ns < ? OR (start_ns = ? AND id < ?)) FROM trace"
        " WHERE session_id = ?",
        (start_ns, start_ns, key, session_id),
    ).fetchone()
    return before + 1, turns


def _neighbours(connection: sqlite3.Connection, key: int, session_id: str | None, turn: int) -> tuple[Turn, ...]:
    """The turns around one, in order, that one left out."""
    first = max(0, turn - 1 - _TURNS_AROUND)
    cursor = connection.execute(
        "SELECT id, start_ns, input_preview, output_preview, status = 'error' FROM trace WHERE session_id = ?"
        " ORDER BY start_ns, id LIMIT ? OFFSET ?",
        (session_id, turn + _TURNS_AROUND - first, first),
    )
    return tuple(
        Turn(other, number, start_ns, question, answer, bool(failed))
        for number, (other, start_ns, question, answer, failed) in enumerate(cursor, first + 1)
        if other != key
    )


def _datasets(connection: sqlite3.Connection, trace_id: str) -> tuple[str, ...]:
    cursor = connection.execute(
        "SELECT dataset.dataset_id FROM dataset_item AS item JOIN dataset ON dataset.dataset_id = item.dataset_id"
        " WHERE item.trace_id = ? AND NOT item.removed AND NOT dataset.removed ORDER BY dataset.name, 1",
        (trace_id,),
    )
    return tuple(dataset_id for (dataset_id,) in cursor)
