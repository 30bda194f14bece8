"""llm's first generation of tables: everything about a call in `responses` and what points to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from tailrace.formats.cells import count_of, json_of, text_of, time_of
from tailrace.formats.foreign_sqlite import ForeignDatabase
from tailrace.formats.llm_logs.calls import Call, Step, ToolResult, ToolUse, ulid_time_ms
from tailrace.formats.llm_logs.side_tables import SideTables, expand_condensed, object_of, order_of
from tailrace.model import Json

HISTORY_CALLS = 200
HISTORY_CHARACTERS = 1 << 20

_COLUMNS = (
    "model",
    "resolved_model",
    "prompt",
    "system",
    "prompt_json",
    "options_json",
    "response",
    "response_json",
    "duration_ms",
    "input_tokens",
    "output_tokens",
    "token_details",
    "schema_id",
    "reasoning",
)


class LegacyCalls:
    """Calls of `responses`, but for those that are in `turns` too (`hidden`): llm itself shows only the turn then."""

    def __init__(self, database: ForeignDatabase, side: SideTables, hidden: Collection[str]) -> None:
        self._database = database
        self._side = side
        self._hidden = hidden
        self._uses = _rows_by_response(database, "tool_calls")
        self._results = _rows_by_response(database, "tool_results")
        self._offered: dict[str, list[Any]] = defaultdict(list)
        for rows in database.batches("tool_responses", ("response_id", "tool_id")):
            for _, call_id, tool in rows:
                self._offered[call_id].append(tool)
        self._conversations: dict[str, list[Step]] = defaultdict(list)
        self._spoken: dict[str, list[dict[str, Json]]] = {}

    def steps(self) -> Iterator[Step]:
        """Every call; one with tool results follows the call before it in its conversation."""
        found: dict[str | None, list[Step]] = defaultdict(list)
        for rows in self._database.batches("responses", ("id", "conversation_id", "datetime_utc")):
            for row, call_cell, conversation, moment in rows:
                call_id = text_of(call_cell)
                start_ns = start_of(call_id, moment)
                if not call_id or start_ns is None:
                    self._database.skip("a call without an id or a readable time", f"responses row {row}")
                elif call_id not in self._hidden:
                    session_id = text_of(conversation)
                    found[session_id].append(Step(call_id, session_id, start_ns, legacy=True))
        yield from found.pop(None, ())
        for session_id, steps in found.items():
            steps.sort(key=lambda step: (step.start_ns, step.call_id))
            before: str | None = None
            for index, step in enumerate(steps):
                if step.call_id in self._results and before in self._uses:
                    steps[index] = Step(step.call_id, session_id, step.start_ns, legacy=True, after=before)
                before = step.call_id
            self._conversations[session_id or ""] = steps
            yield from steps

    def load(self, step: Step) -> Call | None:
        """The call with all that it was told and said; None when its row cannot be read."""
        found = self._database.lookup("responses", _COLUMNS, "id", (step.call_id,))
        if not found:
            return None
        cells = dict(zip(_COLUMNS, found[0][1:], strict=True))
        prompt_fragments = self._fragments("prompt_fragments", step.call_id)
        system_fragments = self._fragments("system_fragments", step.call_id)
        prompt, response = text_of(cells["prompt"]) or "", text_of(cells["response"]) or ""
        condensed = {f"r:{step.call_id}": response}
        for row, (text, _, _) in prompt_fragments + system_fragments:
            condensed |= {f"f:{row}": text, f"f{row}": text}
        call = Call(
            step.call_id,
            step.session_id,
            step.start_ns,
            None if (duration := count_of(cells["duration_ms"])) is None else step.start_ns + duration * 1_000_000,
            session_name=self._name(step.session_id),
            model=text_of(cells["model"]),
            resolved_model=text_of(cells["resolved_model"]),
            system="\n\n".join(_texts(system_fragments, text_of(cells["system"]))) or None,
            prompt="\n".join(_texts(prompt_fragments, prompt)),
            response=response,
            uses=self._tool_uses(step.call_id),
            results=self._tool_results(step.call_id),
            tools=[tool for row in self._offered.get(step.call_id, ()) if (tool := self._side.tool(row)) is not None],
            options=object_of(cells["options_json"]),
            input_tokens=count_of(cells["input_tokens"]),
            output_tokens=count_of(cells["output_tokens"]),
            token_details=object_of(cells["token_details"]),
            response_json=expand_condensed(_loose(cells["response_json"]), condensed),
        )
        call.fresh = self._told(call)
        call.output = _said(text_of(cells["reasoning"]), response, call.uses)
        call.history = self._history(step)
        _note(call, "llm.prompt_json", expand_condensed(_loose(cells["prompt_json"]), condensed))
        _note(call, "llm.schema", self._side.schema(cells["schema_id"]))
        _note(call, "llm.prompt_fragments", _named(prompt_fragments))
        _note(call, "llm.system_fragments", _named(system_fragments))
        return call

    def _told(self, call: Call, whole: bool = True) -> list[dict[str, Json]]:
        messages: list[dict[str, Json]] = []
        if call.results:
            parts = [result_part(result) for result in call.results]
            for row in self._results.get(call.call_id, ()):
                parts += self._attached("tool_results_attachments", "tool_result_id", row, whole)
            messages.append({"role": "tool", "parts": parts})
        parts = [{"type": "text", "content": call.prompt}] if call.prompt else []
        parts += self._attached("prompt_attachments", "response_id", call.call_id, whole)
        if parts:
            messages.append({"role": "user", "parts": parts})
        return messages

    def _history(self, step: Step) -> list[dict[str, Json]]:
        """What was said before in the conversation, oldest first. llm sends all of it; here the newest part is kept."""
        steps = self._conversations.get(step.session_id or "", [])
        before = [other.call_id for other in steps[: steps.index(step)]] if step in steps else []
        history: list[list[dict[str, Json]]] = []
        room = HISTORY_CHARACTERS
        for call_id in reversed(before[-HISTORY_CALLS:]):
            messages = self._exchange(call_id)
            room -= sum(len(str(part)) for message in messages for part in message["parts"])
            if room < 0:
                break
            history.append(messages)
        return [message for messages in reversed(history) for message in messages]

    def _exchange(self, call_id: str) -> list[dict[str, Json]]:
        if call_id in self._spoken:
            return self._spoken[call_id]
        messages: list[dict[str, Json]] = []
        for _, prompt, response, reasoning in self._database.lookup(
            "responses", ("prompt", "response", "reasoning"), "id", (call_id,)
        ):
            call = Call(call_id, None, 0, None, results=self._tool_results(call_id))
            call.prompt = "\n".join(_texts(self._fragments("prompt_fragments", call_id), text_of(prompt)))
            said = _said(text_of(reasoning), text_of(response) or "", self._tool_uses(call_id))
            messages = [*self._told(call, whole=False), *([{"role": "assistant", "parts": said}] if said else [])]
        if len(self._spoken) >= 4 * HISTORY_CALLS:
            self._spoken.clear()
        self._spoken[call_id] = messages
        return messages

    def _tool_uses(self, call_id: str) -> list[ToolUse]:
        rows = self._uses.get(call_id, ())
        return [
            ToolUse(text_of(name) or "", _loose(arguments), text_of(tool_call_id))
            for _, name, arguments, tool_call_id in self._database.lookup(
                "tool_calls", ("name", "arguments", "tool_call_id"), "id", rows
            )
        ]

    def _tool_results(self, call_id: str) -> list[ToolResult]:
        columns = ("name", "output", "tool_call_id", "exception", "instance_id")
        return [
            ToolResult(
                text_of(name) or "",
                text_of(output) or "",
                text_of(tool_call_id),
                text_of(exception),
                self._side.toolbox(instance),
            )
            for _, name, output, tool_call_id, exception, instance in self._database.lookup(
                "tool_results", columns, "id", self._results.get(call_id, ())
            )
        ]

    def _fragments(self, table: str, call_id: str) -> list[tuple[Any, tuple[str, str, str | None]]]:
        found = self._database.lookup(table, ("fragment_id", "order"), "response_id", (call_id,))
        rows = [row for _, row, _ in sorted(found, key=lambda cells: order_of(cells[2]))]
        return [(row, fragment) for row in rows for fragment in self._side.fragments((row,))]

    def _attached(self, table: str, key: str, row: Any, whole: bool) -> list[dict[str, Json]]:
        found = self._database.lookup(table, ("attachment_id", "order"), key, (row,))
        return [self._side.attachment(cells[1], whole) for cells in sorted(found, key=lambda cells: order_of(cells[2]))]

    def _name(self, session_id: str | None) -> str | None:
        found = self._database.lookup("conversations", ("name",), "id", (session_id,)) if session_id else ()
        return text_of(found[0][1]) if found else None


def start_of(call_id: str | None, moment: object) -> int | None:
    """When a call began: its time, else the one in its id."""
    start_ns = time_of(moment)
    if start_ns is None and call_id is not None and (time_ms := ulid_time_ms(call_id)) is not None:
        return time_ms * 1_000_000
    return start_ns


def result_part(result: ToolResult) -> dict[str, Json]:
    """A tool's answer as a GenAI part."""
    return {"type": "tool_call_response", "id": result.call_id, "name": result.name, "response": result.output}


def _said(reasoning: str | None, response: str, uses: list[ToolUse]) -> list[dict[str, Json]]:
    parts: list[dict[str, Json]] = [{"type": "reasoning", "content": reasoning}] if reasoning else []
    if response:
        parts.append({"type": "text", "content": response})
    for use in uses:
        parts.append({"type": "tool_call", "id": use.call_id, "name": use.name, "arguments": use.arguments})
    return parts


def _rows_by_response(database: ForeignDatabase, table: str) -> dict[Any, list[Any]]:
    """The ids of a table's rows by the call they belong to: llm has no index for that."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for rows in database.batches(table, ("id", "response_id")):
        for _, row, call_id in rows:
            found[call_id].append(row)
    return dict(found)


def _texts(fragments: list[tuple[Any, tuple[str, str, str | None]]], own: str | None) -> list[str]:
    return [text for text in (*(fragment[0] for _, fragment in fragments), own) if text]


def _named(fragments: list[tuple[Any, tuple[str, str, str | None]]]) -> list[str]:
    return [source or digest for _, (_, digest, source) in fragments]


def _loose(cell: object) -> Json:
    try:
        return json_of(cell)
    except ValueError:
        return text_of(cell)


def _note(call: Call, key: str, value: Json) -> None:
    if value not in (None, [], ""):
        call.extra[key] = value
