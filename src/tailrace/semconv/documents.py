"""Documents that a span retrieved or ranked."""

from __future__ import annotations

from tailrace.model import Document, Json, Span, SpanKind
from tailrace.semconv.flat import unflatten
from tailrace.semconv.parts import first_of, own_text
from tailrace.semconv.values import decode, json_text, read_number

_FLAT = ("retrieval.documents", "reranker.output_documents", "reranker.input_documents")
_TEXTS = ("content", "text", "page_content", "pageContent", "document", "snippet", "body")


def read_documents(span: Span) -> tuple[Document, ...]:
    """The documents of a span in its own order: OpenInference's flattened lists, OpenTelemetry's
    gen_ai.retrieval.documents, or a retriever's output when that is a list of documents."""
    attributes = span.all_attributes()
    for prefix in _FLAT:
        found = unflatten(attributes, prefix)
        if found:
            return _read_list(found)
    listed = decode(attributes.get("gen_ai.retrieval.documents"))
    if type(listed) is list:
        return _read_list(listed)
    if span.kind in (SpanKind.RETRIEVER, SpanKind.RERANKER) and span.output is not None:
        value = decode(span.output)
        if type(value) is dict:
            value = first_of(value, "documents", "results", "matches", "output")
        if type(value) is list and all(type(item) is dict and _is_document(item) for item in value):
            return _read_list(value)
    return ()


def _is_document(item: dict[str, Json]) -> bool:
    return any(key in item for key in (*_TEXTS, "kwargs", "score"))


def _read_list(items: list[Json]) -> tuple[Document, ...]:
    return tuple(_read_document(rank, item) for rank, item in enumerate(items))


def _read_document(rank: int, item: Json) -> Document:
    if type(item) is not dict:
        return Document(rank, json_text(item))
    inner = first_of(item, "document", "kwargs")
    body = inner if type(inner) is dict else item
    text = first_of(body, *_TEXTS)
    metadata = decode(body.get("metadata"))
    if metadata is not None and type(metadata) is not dict:
        metadata = {"metadata": metadata}
    score = read_number(first_of(body, "score", "relevance_score", "similarity"))
    if score is None and body is not item:
        score = read_number(item.get("score"))
    return Document(
        rank,
        "" if text is None else json_text(text),
        score,
        own_text(first_of(body, "id", "document_id", "doc_id")),
        dict(metadata) if metadata is not None else {},
    )
