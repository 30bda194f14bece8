"""Calls that belong together to the spans of one trace, described by GenAI attributes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import zip_longest

import orjson

from tailrace.formats.cells import count_of
from tailrace.formats.llm_logs.calls import Call, ToolResult, ToolUse
from tailrace.model import Event, Json, Span, SpanKind, SpanStatus
from tailrace.semconv import make_span

_RESOURCE: dict[str, Json] = {"service.name": "llm"}
_SCOPE = "llm logs.db"
_REQUEST_OPTIONS = {
    name: f"gen_ai.request.{name}"
    for name in ("temperature", "top_p", "top_k", "max_tokens", "seed", "frequency_penalty", "presence_penalty")
} | {"stop": "gen_ai.request.stop_sequences", "stop_sequences": "gen_ai.request.stop_sequences"}
_ESTIMATED = "estimated from the calls before and after: llm logs no times of tools"
_UNANSWERED = "no result was logged: the tool may not have run, or still runs"


def spans_of_chain(calls: Sequence[Call]) -> Iterator[Span]:
    """A single call is one model span. Calls linked by tools, and a call that asked for tools, stand below a root with
    a span for every tool. Ids are hashes of llm's own, the same at every import."""
    if not calls:
        return
    trace_id = _hash("trace", calls[0].call_id, 32)
    if len(calls) == 1 and not (calls[0].uses or calls[0].results or calls[0].ran_by_server):
        yield _model_span(calls[0], trace_id, None)
        return
    root = _hash("chain", calls[0].call_id, 16)
    yield _root_span(calls, trace_id, root)
    if calls[0].results:
        yield from _tool_spans(None, calls[0].results, calls[0], calls[0], trace_id, root)
    for call, following in zip_longest(calls, calls[1:]):
        yield _model_span(call, trace_id, root)
        results = [*call.ran_by_server, *(following.results if following is not None else ())]
        yield from _tool_spans(call.uses, results, call, following, trace_id, root)


def _root_span(calls: Sequence[Call], trace_id: str, span_id: str) -> Span:
    first, last = calls[0], calls[-1]
    attributes: dict[str, Json] = {"llm.calls": len(calls)}
    _put(attributes, "gen_ai.conversation.id", first.session_id)
    _put(attributes, "llm.conversation.name", first.session_name)
    _put(attributes, "input.value", first.prompt)
    _put(attributes, "output.value", last.response)
    return make_span(
        trace_id=trace_id,
        span_id=span_id,
        parent_id=None,
        name="llm chain",
        start_ns=first.start_ns,
        end_ns=last.end_ns,
        status=SpanStatus.UNSET,
        status_message="",
        attributes=attributes,
        resource=_RESOURCE,
        scope_name=_SCOPE,
        kind=SpanKind.CHAIN,
    )


def _model_span(call: Call, trace_id: str, parent_id: str | None) -> Span:
    return make_span(
        trace_id=trace_id,
        span_id=_hash("call", call.call_id, 16),
        parent_id=parent_id,
        name=f"chat {call.model}" if call.model else "chat",
        start_ns=call.start_ns,
        end_ns=call.end_ns,
        status=SpanStatus.OK,  # llm logs no call that failed
        status_message="",
        attributes=_model_attributes(call),
        resource=_RESOURCE,
        scope_name=_SCOPE,
        kind=SpanKind.LLM,
    )


def _model_attributes(call: Call) -> dict[str, Json]:
    attributes: dict[str, Json] = {"gen_ai.operation.name": "chat", "llm.response.id": call.call_id}
    _put(attributes, "gen_ai.request.model", call.model)
    _put(attributes, "gen_ai.response.model", call.resolved_model)
    _put(attributes, "gen_ai.conversation.id", call.session_id)
    _put(attributes, "llm.conversation.name", call.session_name)
    if call.system:
        attributes["gen_ai.system_instructions"] = _dump([{"type": "text", "content": call.system}])
    if told := [*call.history, *call.fresh]:
        attributes["gen_ai.input.messages"] = _dump(told)
    finish = _finish_reason(call)
    if call.output:
        answer = {"role": "assistant", "parts": call.output} | ({"finish_reason": finish} if finish else {})
        attributes["gen_ai.output.messages"] = _dump([answer])
    if finish:
        attributes["gen_ai.response.finish_reasons"] = [finish]
    if call.tools:
        attributes["gen_ai.tool.definitions"] = _dump(call.tools)
    if "llm.schema" in call.extra:
        attributes["gen_ai.output.type"] = "json"
    for name, value in call.options.items():
        attributes[_REQUEST_OPTIONS.get(name, f"llm.option.{name}")] = value
    attributes |= _usage_attributes(call)
    if isinstance(call.response_json, dict) and isinstance(call.response_json.get("id"), str):
        attributes["gen_ai.response.id"] = call.response_json["id"]
    if call.response_json is not None:
        attributes["llm.response_json"] = _dump(call.response_json)
    return attributes | {
        key: value if isinstance(value, str | list) else _dump(value) for key, value in call.extra.items()
    }


def _usage_attributes(call: Call) -> dict[str, Json]:
    """Token counts. Anthropic's input count, by the shape of its details, leaves out what was read from and written to
    the cache; OpenAI's and Gemini's hold it."""
    details = call.token_details
    read, written = (
        count_of(details.get("cache_read_input_tokens")),
        count_of(details.get("cache_creation_input_tokens")),
    )
    told = call.input_tokens
    if told is not None:
        told += (read or 0) + (written or 0)
    prompt, completion = details.get("prompt_tokens_details"), details.get("completion_tokens_details")
    if isinstance(prompt, dict) and read is None:
        read = count_of(prompt.get("cached_tokens"))
    if read is None:
        read = count_of(details.get("cachedContentTokenCount"))
    reasoning = count_of(completion.get("reasoning_tokens")) if isinstance(completion, dict) else None
    attributes: dict[str, Json] = {"llm.token_details": _dump(details)} if details else {}
    for name, count in (
        ("input_tokens", told),
        ("output_tokens", call.output_tokens),
        ("cache_read.input_tokens", read),
        ("cache_creation.input_tokens", written),
        ("reasoning.output_tokens", reasoning),
    ):
        _put(attributes, f"gen_ai.usage.{name}", count)
    return attributes


def _tool_spans(
    uses: Sequence[ToolUse] | None,
    results: Sequence[ToolResult],
    asked: Call,
    following: Call | None,
    trace_id: str,
    parent_id: str,
) -> Iterator[Span]:
    """A span for every request with its result, then one for every result that nobody asked for."""
    left = list(results)
    for index, use in enumerate(uses or ()):
        result = _take_result(left, use)
        yield _tool_span(use, result, asked, following, trace_id, parent_id, f"{asked.call_id}:{index}")
    for index, result in enumerate(left):
        use = ToolUse(result.name, None, result.call_id)
        owner = following or asked
        yield _tool_span(use, result, asked, following, trace_id, parent_id, f"{owner.call_id}:result:{index}")


def _tool_span(
    use: ToolUse,
    result: ToolResult | None,
    asked: Call,
    following: Call | None,
    trace_id: str,
    parent_id: str,
    identity: str,
) -> Span:
    start_ns = asked.start_ns if asked is following else (asked.end_ns or asked.start_ns)
    end_ns = None if result is None else max(start_ns, following.start_ns) if following is not None else start_ns
    attributes: dict[str, Json] = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": use.name}
    _put(attributes, "gen_ai.tool.call.id", use.call_id)
    _put(attributes, "gen_ai.conversation.id", asked.session_id)
    if use.arguments is not None:
        arguments = use.arguments if isinstance(use.arguments, str) else _dump(use.arguments)
        attributes["gen_ai.tool.call.arguments"] = arguments
    definition = next((tool for tool in asked.tools if tool.get("name") == use.name), {})
    _put(attributes, "gen_ai.tool.description", definition.get("description"))
    attributes["llm.times"] = _UNANSWERED if result is None else _ESTIMATED
    events: tuple[Event, ...] = ()
    exception = result.exception if result is not None else None
    if result is not None:
        attributes["gen_ai.tool.call.result"] = result.output
        _put(attributes, "llm.toolbox", result.toolbox)
    if exception:
        kind, _, message = exception.partition(": ")
        attributes["error.type"] = kind
        details = {"exception.type": kind, "exception.message": message or exception}
        events = (Event("exception", end_ns if end_ns is not None else start_ns, details),)
    return make_span(
        trace_id=trace_id,
        span_id=_hash("tool", identity, 16),
        parent_id=parent_id,
        name=f"execute_tool {use.name}".rstrip(),
        start_ns=start_ns,
        end_ns=end_ns,
        status=SpanStatus.ERROR if exception else SpanStatus.UNSET if result is None else SpanStatus.OK,
        status_message=exception or "",
        attributes=attributes,
        resource=_RESOURCE,
        scope_name=_SCOPE,
        events=events,
        kind=SpanKind.TOOL,
    )


def _take_result(results: list[ToolResult], use: ToolUse) -> ToolResult | None:
    """The result of a request, taken off the list: by id, else the first of that name without an id."""
    for index, result in enumerate(results):
        same = result.call_id == use.call_id if use.call_id and result.call_id else result.name == use.name
        if same:
            return results.pop(index)
    return None


def _finish_reason(call: Call) -> str | None:
    reply = call.response_json
    if isinstance(reply, dict):
        for key in ("finish_reason", "stop_reason", "finishReason"):
            if isinstance(reply.get(key), str):
                return str(reply[key])
    return "tool_call" if call.uses else None


def _put(attributes: dict[str, Json], key: str, value: Json) -> None:
    if value is not None and value != "":
        attributes[key] = value


def _hash(sort: str, identity: str, digits: int) -> str:
    return hashlib.sha256(f"llm:{sort}:{identity}".encode("utf-8", "replace")).hexdigest()[:digits]


def _dump(value: Json) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
