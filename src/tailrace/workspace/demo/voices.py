"""The same facts in the words of different conventions, as real applications would report them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson

from tailrace.model import Json

Message = tuple[str, list[dict[str, Json]]]  # role, parts in GenAI's form


@dataclass(slots=True)
class ModelCall:
    """What a model was told and said."""

    model: str
    provider: str
    messages: list[Message]
    reply: list[dict[str, Json]]
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    ttft_s: float | None = None
    prompt: tuple[str, str] | None = None
    tools: Sequence[dict[str, Json]] = ()
    extra: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Voice:
    """A convention: how it says kinds, model calls, tools, documents and input and output."""

    kind: Callable[[str], dict[str, Json]]
    model: Callable[[ModelCall], dict[str, Json]]
    told: Callable[[str], dict[str, Json]]
    said: Callable[[str], dict[str, Json]]
    tool: Callable[[str, str, str], dict[str, Json]]
    tool_said: Callable[[str], dict[str, Json]]


def text(role: str, content: str) -> Message:
    """A message that is only text."""
    return role, [{"type": "text", "content": content}]


def dump(value: Json) -> str:
    """JSON text."""
    return orjson.dumps(value).decode()


def _genai_model(call: ModelCall) -> dict[str, Json]:
    system = [part for role, parts in call.messages if role == "system" for part in parts]
    told = [{"role": role, "parts": parts} for role, parts in call.messages if role != "system"]
    finish = "tool_call" if any(part["type"] == "tool_call" for part in call.reply) else "stop"
    attributes: dict[str, Json] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": call.provider,
        "gen_ai.request.model": call.model,
        "gen_ai.response.model": call.model,
        "gen_ai.request.temperature": 0.2,
        "gen_ai.input.messages": dump(told),
        "gen_ai.response.finish_reasons": [finish],
    }
    if call.reply:
        attributes["gen_ai.output.messages"] = dump(
            [{"role": "assistant", "parts": call.reply, "finish_reason": finish}]
        )
        attributes["gen_ai.usage.input_tokens"] = call.input_tokens
        attributes["gen_ai.usage.output_tokens"] = call.output_tokens
    if system:
        attributes["gen_ai.system_instructions"] = dump(system)
    if call.cached_tokens:
        attributes["gen_ai.usage.cache_read.input_tokens"] = call.cached_tokens
    if call.reasoning_tokens:
        attributes["gen_ai.usage.reasoning.output_tokens"] = call.reasoning_tokens
    if call.ttft_s is not None:
        attributes["gen_ai.request.stream"] = True
        attributes["gen_ai.response.time_to_first_chunk"] = call.ttft_s
    if call.prompt is not None:
        attributes["gen_ai.prompt.name"], attributes["gen_ai.prompt.version"] = call.prompt
    if call.tools:
        attributes["gen_ai.tool.definitions"] = dump([{"type": "function"} | tool for tool in call.tools])
    return attributes | call.extra


def _openinference_model(call: ModelCall) -> dict[str, Json]:
    attributes: dict[str, Json] = {
        "openinference.span.kind": "LLM",
        "llm.model_name": call.model,
        "llm.provider": call.provider,
        "llm.invocation_parameters": '{"temperature": 0.2, "max_tokens": 1024}',
    }
    for index, (role, parts) in enumerate(call.messages):
        attributes |= _flat_message(f"llm.input_messages.{index}.message.", role, parts)
    if call.reply:
        attributes |= _flat_message("llm.output_messages.0.message.", "assistant", call.reply)
        attributes["llm.token_count.prompt"] = call.input_tokens
        attributes["llm.token_count.completion"] = call.output_tokens
        attributes["llm.token_count.total"] = call.input_tokens + call.output_tokens
    if call.cached_tokens:
        attributes["llm.token_count.prompt_details.cache_read"] = call.cached_tokens
    if call.reasoning_tokens:
        attributes["llm.token_count.completion_details.reasoning"] = call.reasoning_tokens
    if call.prompt is not None:
        attributes["prompt.id"], attributes["llm.prompt_template.version"] = call.prompt
    for index, tool in enumerate(call.tools):
        attributes[f"llm.tools.{index}.tool.json_schema"] = dump({"type": "function", "function": tool})
    return attributes | call.extra


def _flat_message(prefix: str, role: str, parts: list[dict[str, Json]]) -> dict[str, Json]:
    flat: dict[str, Json] = {f"{prefix}role": role}
    calls = 0
    for part in parts:
        if part["type"] == "text":
            flat[f"{prefix}content"] = part["content"]
        elif part["type"] == "tool_call":
            call = f"{prefix}tool_calls.{calls}.tool_call."
            flat[f"{call}id"] = part["id"]
            flat[f"{call}function.name"] = part["name"]
            flat[f"{call}function.arguments"] = part["arguments"]
            calls += 1
        elif part["type"] == "tool_call_response":
            flat[f"{prefix}content"] = part["response"]
            flat[f"{prefix}tool_call_id"] = part["id"]
    return flat


def _openllmetry_model(call: ModelCall) -> dict[str, Json]:
    attributes: dict[str, Json] = {
        "llm.request.type": "chat",
        "gen_ai.system": call.provider,
        "gen_ai.request.model": call.model,
        "gen_ai.response.model": call.model,
    }
    for index, (role, parts) in enumerate(call.messages):
        attributes[f"gen_ai.prompt.{index}.role"] = role
        attributes[f"gen_ai.prompt.{index}.content"] = "".join(part.get("content", "") for part in parts)
    if call.reply:
        attributes["gen_ai.completion.0.role"] = "assistant"
        attributes["gen_ai.completion.0.content"] = "".join(part.get("content", "") for part in call.reply)
        attributes["gen_ai.completion.0.finish_reason"] = "stop"
        attributes["gen_ai.usage.prompt_tokens"] = call.input_tokens
        attributes["gen_ai.usage.completion_tokens"] = call.output_tokens
        attributes["llm.usage.total_tokens"] = call.input_tokens + call.output_tokens
    if call.cached_tokens:
        attributes["gen_ai.usage.cache_read_input_tokens"] = call.cached_tokens
    if call.ttft_s is not None:
        attributes["gen_ai.response.time_to_first_chunk"] = call.ttft_s
    return attributes | call.extra


_GENAI_OPERATIONS = {
    "agent": "invoke_agent",
    "chain": "invoke_workflow",
    "tool": "execute_tool",
    "retriever": "retrieval",
    "embedding": "embeddings",
    "reranker": "rerank",
}


def _genai_kind(kind: str) -> dict[str, Json]:
    operation = _GENAI_OPERATIONS.get(kind)
    return {"gen_ai.operation.name": operation} if operation else {"openinference.span.kind": kind.upper()}


GENAI = Voice(
    kind=_genai_kind,
    model=_genai_model,
    told=lambda value: {"input.value": value},
    said=lambda value: {"output.value": value},
    tool=lambda name, call_id, arguments: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.call.id": call_id,
        "gen_ai.tool.call.arguments": arguments,
    },
    tool_said=lambda result: {"gen_ai.tool.call.result": result},
)

OPENINFERENCE = Voice(
    kind=lambda kind: {"openinference.span.kind": kind.upper()},
    model=_openinference_model,
    told=lambda value: {"input.value": value, "input.mime_type": "text/plain"},
    said=lambda value: {"output.value": value, "output.mime_type": "text/plain"},
    tool=lambda name, call_id, arguments: {
        "openinference.span.kind": "TOOL",
        "tool.name": name,
        "tool.id": call_id,
        "input.value": arguments,
        "input.mime_type": "application/json",
    },
    tool_said=lambda result: {"output.value": result, "output.mime_type": "application/json"},
)

OPENLLMETRY = Voice(
    kind=lambda kind: {"traceloop.span.kind": {"chain": "workflow"}.get(kind, kind)},
    model=_openllmetry_model,
    told=lambda value: {"traceloop.entity.input": value},
    said=lambda value: {"traceloop.entity.output": value},
    tool=lambda name, call_id, arguments: {
        "traceloop.span.kind": "tool",
        "traceloop.entity.name": name,
        "traceloop.entity.input": arguments,
    },
    tool_said=lambda result: {"traceloop.entity.output": result},
)
