"""Rows of Phoenix's `spans` to spans, with their project, session and cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tailrace.formats.cells import count_of, integer_of, json_of, number_of, text_of, time_of
from tailrace.formats.foreign_sqlite import ForeignDatabase, Row
from tailrace.formats.records import Position, Record
from tailrace.model import Cost, CostSource, Event, Json, Span, SpanKind, SpanStatus, Usage
from tailrace.semconv import flatten_openinference, make_span

_COLUMNS = (
    "trace_rowid",
    "span_id",
    "parent_id",
    "name",
    "span_kind",
    "start_time",
    "end_time",
    "attributes",
    "events",
    "status_code",
    "status_message",
    "llm_token_count_prompt",
    "llm_token_count_completion",
)
_COST_COLUMNS = ("total_cost", "prompt_cost", "completion_cost")

# as Phoenix spells them; a kind that is not here is left to the attributes
_KINDS = {kind.value.upper(): kind for kind in SpanKind if kind is not SpanKind.UNKNOWN}
_STATUSES = {status.value.upper(): status for status in SpanStatus}


class SpanReader:
    """Reads spans from where `resume` says. A resume point names the last span row and its id: when that row is another
    span by now (the newest were deleted and their numbers used again), everything is read again."""

    def __init__(self, database: ForeignDatabase, resume: Json) -> None:
        self._database = database
        self.total = database.count("spans")
        self.done = 0
        self._row = 0
        self._span_id = ""
        self._cost_row = 0
        self._resources: dict[int | None, dict[str, Json]] = {}
        self._sessions: dict[int, str] = {}
        self._has_tokens = "llm_token_count_prompt" in database.columns("spans")
        if isinstance(resume, dict):
            self._continue_from(resume)

    def read(self) -> Iterator[Record]:
        """The spans, with a Position after every batch."""
        newest_cost = self._database.last_row("span_costs")
        yield from self._read_priced_since()
        self._cost_row = newest_cost
        for rows in self._database.batches("spans", _COLUMNS, self._row):
            yield from self._spans_of(rows)
            yield from self._database.take_skipped()
            self._row, self._span_id = rows[-1][0], text_of(rows[-1][2]) or ""
            self.done += len(rows)
            yield Position(self.done, self.total, self.resume())

    def resume(self) -> Json:
        """The point behind everything read so far."""
        return {"span_row": self._row, "span_id": self._span_id, "cost_row": self._cost_row, "done": self.done}

    def _continue_from(self, resume: dict[str, Json]) -> None:
        row, span_id = count_of(resume.get("span_row")), resume.get("span_id")
        if row and self._database.lookup("spans", ("span_id",), "id", (row,)) == [(row, span_id)]:
            self._row, self._span_id = row, str(span_id)
            self._cost_row = count_of(resume.get("cost_row")) or 0
            self.done = count_of(resume.get("done")) or 0

    def _read_priced_since(self) -> Iterator[Record]:
        if not self._row:
            return
        for costs in self._database.batches("span_costs", ("span_rowid",), self._cost_row):
            known = [row for row in _distinct(costs, 1) if row <= self._row]
            yield from self._spans_of(self._database.lookup("spans", _COLUMNS, "id", known))

    def _spans_of(self, rows: Sequence[Row]) -> Iterator[Span]:
        traces = {
            row: (text_of(trace_id), project, session)
            for row, trace_id, project, session in self._database.lookup(
                "traces", ("trace_id", "project_rowid", "project_session_rowid"), "id", _distinct(rows, 1)
            )
        }
        self._learn_projects([project for _, project, _ in traces.values()])
        self._learn_sessions([session for _, _, session in traces.values() if session is not None])
        costs = {
            row: cost
            for row, *amounts in self._database.lookup("span_costs", _COST_COLUMNS, "span_rowid", _distinct(rows, 0))
            if (cost := _cost(*amounts)) is not None
        }
        for row in rows:
            trace_id, project, session = traces.get(row[1], (None, None, None))
            if not trace_id:
                self._database.skip("a span of a trace that is not there", f"spans row {row[0]}")
                continue
            resource = self._resources.get(project) or self._resources.setdefault(None, {})
            span = self._span(row, trace_id, resource)
            if span is None:
                continue
            if span.session_id is None and session in self._sessions:
                span = replace(span, session_id=self._sessions[session])
            if (cost := costs.get(row[0])) is not None:
                span = replace(span, cost=cost)
            yield span

    def _span(self, row: Row, trace_id: str, resource: dict[str, Json]) -> Span | None:
        number, _, span_id, parent_id, name, kind, start, end, attributes, events, status, message, *tokens = row
        place = f"spans row {number}"
        span_id, start_ns, end_ns = text_of(span_id), time_of(start), time_of(end)
        if not span_id:
            self._database.skip("a span without an id", place)
            return None
        if start_ns is None:
            self._database.skip("a span without a readable start time", place)
            return None
        span = make_span(
            trace_id=trace_id.lower(),
            span_id=span_id.lower(),
            parent_id=(text_of(parent_id) or "").lower() or None,
            name=text_of(name) or "",
            start_ns=start_ns,
            end_ns=end_ns if end_ns is not None and end_ns > 0 else None,  # 1970 says: not ended
            status=_STATUSES.get(status, SpanStatus.UNSET),
            status_message=text_of(message) or "",
            attributes=flatten_openinference(self._object(attributes, "attributes", place)),
            resource=resource,
            events=self._events(events, place),
            kind=_KINDS.get(kind),
        )
        return self._with_counted_tokens(span, *tokens) if self._has_tokens else span

    def _with_counted_tokens(self, span: Span, prompt: Any, completion: Any) -> Span:
        """Phoenix counts the tokens that are in its columns: those of model calls, not of embeddings. It puts 0 where
        the attributes have none, which is not known to be zero."""
        usage, prompt, completion = span.usage, count_of(prompt), count_of(completion)
        if prompt is None and completion is None:
            return span if usage is None else replace(span, usage=None)
        if usage is None:
            return replace(span, usage=Usage(prompt, completion)) if prompt or completion else span
        if (usage.input, usage.output) == (prompt, completion):
            return span
        return replace(span, usage=replace(usage, input=prompt, output=completion, total=None))

    def _object(self, cell: object, what: str, place: str) -> dict[str, Json]:
        try:
            value = json_of(cell)
        except ValueError:
            value = cell
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._database.skip(f"{what} of a span that are not a JSON object", place)
            return {}
        return value

    def _events(self, cell: object, place: str) -> tuple[Event, ...]:
        try:
            values = json_of(cell)
        except ValueError:
            values = cell
        if not values:
            return ()
        events = []
        for value in values if isinstance(values, list) else [values]:
            time_ns = time_of(value.get("timestamp")) if isinstance(value, dict) else None
            if time_ns is None:
                self._database.skip("an event that cannot be read", place)
                continue
            attributes = value.get("attributes")
            events.append(
                Event(text_of(value.get("name")) or "", time_ns, attributes if isinstance(attributes, dict) else {})
            )
        return tuple(events)

    def _learn_projects(self, rows: Sequence[Any]) -> None:
        if wanted := list({row for row in rows if row is not None} - self._resources.keys()):
            for row, name in self._database.lookup("projects", ("name",), "id", wanted):
                self._resources[row] = {"openinference.project.name": text_of(name) or ""}

    def _learn_sessions(self, rows: Sequence[Any]) -> None:
        if wanted := list(set(rows) - self._sessions.keys()):
            for row, session_id in self._database.lookup("project_sessions", ("session_id",), "id", wanted):
                if name := text_of(session_id):
                    self._sessions[row] = name


def _cost(total: object, prompt: object, completion: object) -> Cost | None:
    amount = number_of(total)
    if amount is None:
        return None
    return Cost(amount, CostSource.FILE, number_of(prompt), number_of(completion), "Phoenix span_costs")


def _distinct(rows: Sequence[Row], column: int) -> list[int]:
    return list({value for row in rows if (value := integer_of(row[column])) is not None})
