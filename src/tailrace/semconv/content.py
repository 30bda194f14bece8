"""A span's input and output as GenAI message JSON, where no single text attribute holds them."""

from __future__ import annotations

from collections.abc import Sequence

from tailrace.model import Event, Json, LogRecord, Role, SpanKind
from tailrace.semconv import genai
from tailrace.semconv.flat import has_prefix, unflatten
from tailrace.semconv.messages import genai_text, read_messages
from tailrace.semconv.values import json_text

_FLAT_INPUTS = ("llm.input_messages", "gen_ai.prompt", "llm.prompts")
_FLAT_OUTPUTS = ("llm.output_messages", "gen_ai.completion", "llm.choices")
# kinds whose convention never flattens content: spared the search for it
_NEVER_FLAT = frozenset({SpanKind.TOOL, SpanKind.UNKNOWN, SpanKind.GUARDRAIL, SpanKind.EVALUATOR})
_INPUT_PREFIXES = tuple(f"{prefix}." for prefix in (*_FLAT_INPUTS, "embedding.embeddings"))
_OUTPUT_PREFIXES = tuple(
    f"{prefix}." for prefix in (*_FLAT_OUTPUTS, "retrieval.documents", "reranker.output_documents")
)


def flat_inputs(attributes: dict[str, Json]) -> list[Json]:
    """The messages a model was told, as flattened by OpenInference or OpenLLMetry; [] where there are none."""
    for prefix in _FLAT_INPUTS:
        found = unflatten(attributes, prefix)
        if found:
            return _texts_as_messages(found, "user")
    return []


def flat_outputs(attributes: dict[str, Json]) -> list[Json]:
    """The messages a model said, likewise."""
    for prefix in _FLAT_OUTPUTS:
        found = unflatten(attributes, prefix)
        if found:
            return _texts_as_messages(found, "assistant")
    return []


def _texts_as_messages(found: list[Json], role: str) -> list[Json]:
    """The completions API has {"prompt": {"text"}} and {"completion": {"text"}} for messages."""
    messages: list[Json] = []
    for item in found:
        inner = (item.get("prompt") or item.get("completion")) if type(item) is dict else None
        if type(inner) is dict:
            messages.append({"role": role, "content": inner.get("text")})
        elif type(item) is dict and "message" not in item and type(item.get("role")) is not str:
            messages.append({"role": role, **item})
        else:
            messages.append(item)
    return messages


def render_input(attributes: dict[str, Json], kind: SpanKind) -> str | None:
    """The input of a span whose messages are flattened, as GenAI message JSON; texts of embeddings as text."""
    if kind in _NEVER_FLAT or not has_prefix(attributes, _INPUT_PREFIXES):
        return None
    rendered = genai_text(read_messages(flat_inputs(attributes), Role.USER))
    if rendered is None and kind is SpanKind.EMBEDDING:
        texts = [
            inner["text"]
            for item in unflatten(attributes, "embedding.embeddings")
            if type(item) is dict and type(inner := item.get("embedding")) is dict and type(inner.get("text")) is str
        ]
        return "\n".join(texts) or None
    return rendered


def render_output(attributes: dict[str, Json], kind: SpanKind) -> str | None:
    """The output of a span whose messages are flattened, as GenAI message JSON; documents as a JSON list."""
    if kind in _NEVER_FLAT or not has_prefix(attributes, _OUTPUT_PREFIXES):
        return None
    if kind is SpanKind.RETRIEVER or kind is SpanKind.RERANKER:
        for prefix in ("retrieval.documents.", "reranker.output_documents."):
            documents: dict[str, dict[str, Json]] = {}
            for key, value in attributes.items():
                if key.startswith(prefix):
                    index, _, field = key[len(prefix) :].partition(".")
                    documents.setdefault(index, {})[field.removeprefix("document.")] = value
            if documents:
                return json_text([documents[index] for index in sorted(documents, key=_rank_of)])
    return genai_text(read_messages(flat_outputs(attributes), Role.ASSISTANT))


def _rank_of(index: str) -> tuple[int, str]:
    return (int(index), "") if index.isascii() and index.isdecimal() and len(index) < 10 else (1 << 40, index)


def content_of_events(events: Sequence[Event]) -> tuple[str | None, str | None]:
    """(input, output) as GenAI message JSON, where a span's content is in its events; None where it is not."""
    if not any(event.name in genai.CONTENT_EVENTS for event in events):
        return None, None
    conversation = genai.read_events(events)
    return genai_text(conversation.inputs), genai_text(conversation.outputs)


def log_event(record: LogRecord) -> Event:
    """The event form of a log record: its attributes, and its body (when it has one) under `log.body`."""
    name = record.name
    if not name:
        said = record.attributes.get("event.name")
        name = said if type(said) is str else ""
    attributes = record.attributes if record.body is None else {**record.attributes, genai.BODY: record.body}
    return Event(name, record.time_ns, attributes)


def content_of_logs(records: Sequence[LogRecord]) -> tuple[str | None, str | None]:
    """(input, output) as GenAI message JSON out of the log records of one span, in any order."""
    return content_of_events(sorted(map(log_event, records), key=_time_of))


def _time_of(event: Event) -> int:
    return event.time_ns
