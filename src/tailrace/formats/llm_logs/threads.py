"""llm's second generation of tables: turns between messages that are stored once and linked by hash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tailrace.formats.cells import count_of, json_of, text_of
from tailrace.formats.foreign_sqlite import ForeignDatabase
from tailrace.formats.llm_logs.calls import Call, Step, ToolResult, ToolUse
from tailrace.formats.llm_logs.legacy import HISTORY_CHARACTERS, result_part, start_of
from tailrace.formats.llm_logs.side_tables import SideTables, expand_condensed, object_of, order_of
from tailrace.model import Json

CHAIN_MESSAGES = 1_000

_COLUMNS = (
    "parent_message_hash",
    "tip_message_hash",
    "model",
    "resolved_model",
    "options_json",
    "schema_id",
    "input_tokens",
    "output_tokens",
    "token_details",
    "duration_ms",
    "response_json",
)


@dataclass(frozen=True, slots=True)
class _Message:
    hash: str
    role: str
    parts: list[dict[str, Json]]


class ThreadCalls:
    """Calls of `turns`."""

    def __init__(self, database: ForeignDatabase, side: SideTables) -> None:
        self._database = database
        self._side = side
        self._parents: dict[str, tuple[str | None, str]] = {}
        for rows in database.batches("messages", ("hash", "parent_hash", "role")):
            for _, digest, parent, role in rows:
                self._parents[digest] = (parent, text_of(role) or "")
        self._answers = {
            digest
            for rows in database.batches("parts", ("message_hash", "type"))
            for _, digest, kind in rows
            if kind == "tool_result"
        }
        self._turns: list[tuple[str, str | None, int, Any, Any]] = []
        for rows in database.batches(
            "turns", ("id", "thread_id", "datetime_utc", "parent_message_hash", "tip_message_hash")
        ):
            for row, call_cell, thread, moment, parent, tip in rows:
                call_id = text_of(call_cell)
                start_ns = start_of(call_id, moment)
                if not call_id or start_ns is None:
                    database.skip("a call without an id or a readable time", f"turns row {row}")
                else:
                    self._turns.append((call_id, text_of(thread), start_ns, parent, tip))

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all turns."""
        return frozenset(turn[0] for turn in self._turns)

    def steps(self) -> Iterator[Step]:
        """Every call; one whose new messages hold tool results follows the turn of its thread that ended there."""
        ended: dict[tuple[str | None, Any], str] = {}
        for call_id, thread, start_ns, parent, tip in sorted(self._turns, key=lambda turn: (turn[2], turn[0])):
            fresh = self._fresh(parent)
            before = self._parents[fresh[-1]][0] if fresh else parent
            after = ended.get((thread, before)) if any(digest in self._answers for digest in fresh) else None
            yield Step(call_id, thread, start_ns, legacy=False, after=after)
            ended[(thread, tip)] = call_id

    def load(self, step: Step) -> Call | None:
        """The call with all that it was told and said; None when its row cannot be read."""
        found = self._database.lookup("turns", _COLUMNS, "id", (step.call_id,))
        if not found:
            return None
        cells = dict(zip(_COLUMNS, found[0][1:], strict=True))
        parent, tip = cells["parent_message_hash"], cells["tip_message_hash"]
        told, said = self._walk(parent, None), self._walk(tip, parent)
        if (tip is not None and tip not in self._parents) or (parent is not None and parent not in self._parents):
            self._database.skip("a call whose messages are not all there", f"turn {step.call_id}")
        fresh = set(self._fresh(parent))
        inputs = self._messages(told, whole=fresh)
        outputs = self._messages(said, whole=set(said))
        system = [message for message in inputs[:1] if message.role == "system"]
        own = [message for message in inputs if message.hash in fresh]
        output = [part for message in outputs for part in message.parts]
        call = Call(
            step.call_id,
            step.session_id,
            step.start_ns,
            None if (duration := count_of(cells["duration_ms"])) is None else step.start_ns + duration * 1_000_000,
            session_name=self._name(step.session_id),
            model=text_of(cells["model"]),
            resolved_model=text_of(cells["resolved_model"]),
            system=_text([part for message in system for part in message.parts]) or None,
            prompt=_text([part for message in own for part in message.parts]),
            response=_text(output),
            history=self._spoken([message for message in inputs if message not in system and message not in own]),
            fresh=_genai(own),
            output=[_public(part) for part in output],
            tools=self._tools(step.call_id),
            options=object_of(cells["options_json"]),
            input_tokens=count_of(cells["input_tokens"]),
            output_tokens=count_of(cells["output_tokens"]),
            token_details=object_of(cells["token_details"]),
        )
        toolboxes = self._toolboxes(step.call_id)
        call.uses = [use for part in output if (use := part.get("_use")) is not None]
        call.results = _results(own, toolboxes)
        call.ran_by_server = _results(outputs, toolboxes)
        self._add_extras(call, cells)
        return call

    def _add_extras(self, call: Call, cells: dict[str, Any]) -> None:
        given = self._database.lookup("turn_fragments", ("fragment_id", "order", "kind"), "turn_id", (call.call_id,))
        condensed = {f"r:{call.call_id}": call.response}
        for _, row, _, kind in sorted(given, key=lambda found: order_of(found[2])):
            for text, digest, source in self._side.fragments((row,)):
                condensed |= {f"f:{row}": text, f"f{row}": text}
                key = "llm.system_fragments" if kind == "system" else "llm.prompt_fragments"
                call.extra.setdefault(key, []).append(source or digest)
        try:
            call.response_json = expand_condensed(json_of(cells["response_json"]), condensed)
        except ValueError:
            call.response_json = text_of(cells["response_json"])
        if schema := self._side.schema(cells["schema_id"]):
            call.extra["llm.schema"] = schema

    def _fresh(self, parent: Any) -> list[str]:
        """The messages that a call added, newest first: the trailing run of user and tool messages of its input."""
        run: list[str] = []
        seen: set[str] = set()
        while parent in self._parents and parent not in seen and len(run) < CHAIN_MESSAGES:
            above, role = self._parents[parent]
            if role not in ("user", "tool"):
                break
            seen.add(parent)
            run.append(parent)
            parent = above
        return run

    def _walk(self, tip: Any, stop: Any) -> list[str]:
        """Message hashes from behind `stop` (None: the first) to `tip`, the newest when there are too many. Hostile
        chains may be cyclic."""
        walk: list[str] = []
        seen: set[str] = set()
        while tip in self._parents and tip != stop and tip not in seen and len(walk) < CHAIN_MESSAGES:
            seen.add(tip)
            walk.append(tip)
            tip = self._parents[tip][0]
        if stop is not None and tip != stop:
            return walk[:1]  # the answer never reaches its question: only its last message is sure to belong to it
        return walk[::-1]

    def _messages(self, hashes: list[str], whole: set[str]) -> list[_Message]:
        rows = self._database.lookup("parts", ("position", "type", "text", "payload"), "message_hash", hashes)
        parts: dict[str, list[dict[str, Json]]] = defaultdict(list)
        for digest, _, kind, text, payload in sorted(rows, key=lambda row: order_of(row[1])):
            parts[digest] += self._parts(text_of(kind) or "", text_of(text), payload, digest in whole)
        return [_Message(digest, self._parents[digest][1], parts.get(digest, [])) for digest in hashes]

    def _parts(self, kind: str, text: str | None, cell: object, whole: bool) -> list[dict[str, Json]]:
        payload = object_of(cell)
        if kind in ("text", "reasoning"):
            if text is None:
                text = self._joined(payload.get("text_ref")) or text_of(payload.get("text")) or ""
            return [{"type": kind, "content": text}]
        name, call_id = text_of(payload.get("name")) or "", text_of(payload.get("tool_call_id"))
        if kind == "tool_call":
            use = ToolUse(name, payload.get("arguments"), call_id)
            return [{"type": "tool_call", "id": call_id, "name": name, "arguments": use.arguments, "_use": use}]
        if kind == "tool_result":
            result = ToolResult(name, text_of(payload.get("output")) or "", call_id, text_of(payload.get("exception")))
            listed = payload.get("attachments")
            attached = listed if isinstance(listed, list) else []
            return [result_part(result) | {"_result": result}, *(self._attachment(item, whole) for item in attached)]
        if kind == "attachment":
            return [self._attachment(payload.get("attachment"), whole)]
        return [{"type": kind or "unknown", "content": text, **({"payload": payload} if payload else {})}]

    def _attachment(self, value: Json, whole: bool) -> dict[str, Json]:
        return self._side.attachment(value.get("id") if isinstance(value, dict) else None, whole)

    def _joined(self, pieces: Json) -> str:
        words: list[str] = []
        for piece in pieces if isinstance(pieces, list) else ():
            if not isinstance(piece, dict):
                continue
            if "literal" in piece:
                words.append(text_of(piece["literal"]) or "")
            elif (row := count_of(piece.get("fragment"))) is not None:
                words += [text for text, _, _ in self._side.fragments((row,))]
        return "".join(words)

    def _spoken(self, messages: list[_Message]) -> list[dict[str, Json]]:
        room = HISTORY_CHARACTERS
        for index in range(len(messages) - 1, -1, -1):
            room -= sum(len(str(part.get("content") or part)) for part in messages[index].parts)
            if room < 0:
                return _genai(messages[index + 1 :])
        return _genai(messages)

    def _tools(self, call_id: str) -> list[dict[str, Json]]:
        offered = self._database.lookup("turn_tools", ("tool_id",), "turn_id", (call_id,))
        return [tool for _, row in offered if (tool := self._side.tool(row)) is not None]

    def _toolboxes(self, call_id: str) -> dict[str, str]:
        served = self._database.lookup("tool_instantiations", ("tool_call_id", "instance_id"), "turn_id", (call_id,))
        return {
            tool_call: toolbox
            for _, cell, row in served
            if (tool_call := text_of(cell)) and (toolbox := self._side.toolbox(row))
        }

    def _name(self, thread: str | None) -> str | None:
        found = self._database.lookup("threads", ("name",), "id", (thread,)) if thread else ()
        return text_of(found[0][1]) if found else None


def _results(messages: list[_Message], toolboxes: dict[str, str]) -> list[ToolResult]:
    found: list[ToolResult] = [
        result for message in messages for part in message.parts if (result := part.get("_result")) is not None
    ]
    return [
        ToolResult(result.name, result.output, result.call_id, result.exception, toolboxes.get(result.call_id or ""))
        for result in found
    ]


def _text(parts: list[dict[str, Json]]) -> str:
    return "".join(part["content"] for part in parts if part["type"] == "text" and part["content"])


def _public(part: dict[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in part.items() if not key.startswith("_")}


def _genai(messages: list[_Message]) -> list[dict[str, Json]]:
    """GenAI messages: llm puts tool results into user messages, here they speak with the role of a tool."""
    spoken: list[dict[str, Json]] = []
    for message in messages:
        answers = [_public(part) for part in message.parts if part["type"] == "tool_call_response"]
        rest = [_public(part) for part in message.parts if part["type"] != "tool_call_response"]
        if answers:
            spoken.append({"role": "tool", "parts": answers})
        if rest or not answers:
            spoken.append({"role": message.role, "parts": rest})
    return spoken
