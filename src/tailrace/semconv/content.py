"""A span's input and output as GenAI message JSON, where no single text attribute holds them."""

from __future__ import annotations

from collections.abc import Sequence

from tailrace.model import Event, Json, LogRecord, Role, SpanKind
from tailrace.semconv import genai
from tailrace.semconv.flat import find_prefix, unflatten
from tailrace.semconv.messages import genai_text, read_messages
from tailrace.semconv.values import json_text

# kinds whose convention never flattens content: spared the search for it
_NEVER_FLAT = frozenset({SpanKind.TOOL, SpanKind.UNKNOWN, SpanKind.GUARDRAIL, SpanKind.EVALUATOR})
_FLAT_INPUTS = ("llm.input_messages.", "gen_ai.prompt.", "llm.prompts.")
_FLAT_OUTPUTS = ("llm.output_messages.", "gen_ai.completion.", "llm.choices.")
_EMBEDDINGS = "embedding.embeddings."
_DOCUMENTS = ("retrieval.documents.", "reranker.output_documents.")


def flat_inputs(attributes: dict[str, Json]) -> list[Json]:
    """The messages a model was told, as flattened by OpenInference or OpenLLMetry; [] where there are none."""
    prefix = find_prefix(attributes, _FLAT_INPUTS)
    return [] if prefix is None else _read_flat(attributes, prefix, "user")


def flat_outputs(attributes: dict[str, Json]) -> list[Json]:
    """The messages a model said, likewise."""
    prefix = find_prefix(attributes, _FLAT_OUTPUTS)
    return [] if prefix is None else _read_flat(attributes, prefix, "assistant")


def _read_flat(attributes: dict[str, Json], prefix: str, role: str) -> list[Json]:
    """The completions API has {"prompt": {"text"}} and {"completion": {"text"}} for messages."""
    messages: list[Json] = []
    for item in unflatten(attributes, prefix[:-1]):
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
    if kind in _NEVER_FLAT:
        return None
    prefix = find_prefix(attributes, (*_FLAT_INPUTS, _EMBEDDINGS))
    if prefix is None:
        return None
    if prefix != _EMBEDDINGS:
        return genai_text(read_messages(_read_flat(attributes, prefix, "user"), Role.USER))
    texts = [value for key, value in attributes.items() if key.startswith(prefix) and key.endswith(".embedding.text")]
    return "\n".join(text for text in texts if type(text) is str) or None


def render_output(attributes: dict[str, Json], kind: SpanKind) -> str | None:
    """The output of a span whose messages are flattened, as GenAI message JSON; documents as a JSON list."""
    if kind in _NEVER_FLAT:
        return None
    prefix = find_prefix(attributes, (*_FLAT_OUTPUTS, *_DOCUMENTS))
    if prefix is None:
        return None
    if prefix not in _DOCUMENTS:
        return genai_text(read_messages(_read_flat(attributes, prefix, "assistant"), Role.ASSISTANT))
    documents: dict[str, dict[str, Json]] = {}
    skip = len(prefix)
    for key, value in attributes.items():
        if key.startswith(prefix):
            index, _, field = key[skip:].partition(".")
            documents.setdefault(index, {})[field.removeprefix("document.")] = value
    return json_text([documents[index] for index in sorted(documents, key=_rank_of)])


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
