"""Judgements that travel inside spans and log records."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from tailrace.model import Json, LogRecord, Score, ScoreKind, ScoreSource, Span
from tailrace.semconv.flat import find_prefix, unflatten
from tailrace.semconv.parts import own_text
from tailrace.semconv.values import decode, json_text, read_number

EVALUATION = "gen_ai.evaluation.result"
_LISTS = ("annotations", "evaluations")
_LEVELS = ("", "trace.", "session.")
_PREFIXES = tuple(f"{level}{name}." for level in _LEVELS for name in _LISTS)
_SOURCES = {
    "human": ScoreSource.PERSON,
    "llm": ScoreSource.MODEL,
    "code": ScoreSource.CODE,
}


def stable_score_id(*facts: object) -> str:
    """An id that the same facts of the same source always give, so that a second import changes nothing."""
    digest = blake2b(digest_size=16)
    for fact in facts:
        digest.update(str(fact).encode("utf-8", "surrogatepass"))
        digest.update(b"\x1f")
    return digest.hexdigest()


def scores_of(span: Span) -> Iterator[Score]:
    """The scores that a span carries: OpenTelemetry evaluation events and OpenInference annotation attributes (of the
    span, its trace and its session)."""
    for event in span.events:
        if event.name == EVALUATION:
            score = _evaluation(span.trace_id, span.span_id, event.time_ns, event.attributes)
            if score is not None:
                yield score
    if find_prefix(span.attributes, _PREFIXES) is not None:
        yield from _annotations(span)


def score_of_log(record: LogRecord) -> Score | None:
    """The score that an evaluation log record is; None for any other record. Without a span id it judges the trace."""
    name = record.name or record.attributes.get("event.name")
    if name != EVALUATION:
        return None
    body = decode(record.body)
    attributes = {**body, **record.attributes} if type(body) is dict else record.attributes
    return _evaluation(record.trace_id, record.span_id, record.time_ns, attributes)


def _evaluation(trace_id: str, span_id: str, time_ns: int, attributes: dict[str, Json]) -> Score | None:
    name = own_text(attributes.get("gen_ai.evaluation.name"))
    if name is None or not trace_id:
        return None
    response = own_text(attributes.get("gen_ai.response.id"))
    return _make_score(
        stable_score_id("gen_ai.evaluation", trace_id, span_id, name, time_ns, response),
        name,
        attributes.get("gen_ai.evaluation.score.value"),
        attributes.get("gen_ai.evaluation.score.label"),
        attributes.get("gen_ai.evaluation.explanation"),
        trace_id=trace_id,
        span_id=span_id or None,
        source=ScoreSource.UNKNOWN,
        created_ns=time_ns,
        metadata={"gen_ai.response.id": response} if response is not None else {},
    )


def _annotations(span: Span) -> Iterator[Score]:
    """Annotations judge what carries them; evaluations (of an evaluator span) what its link points at."""
    for level in _LEVELS:
        if level == "session." and span.session_id is None:
            continue
        for list_name in _LISTS:
            linked = span.links[0] if list_name == "evaluations" and span.links else None
            trace_id = linked.trace_id if linked is not None else span.trace_id
            span_id = linked.span_id if linked is not None else span.span_id
            for item in unflatten(span.attributes, f"{level}{list_name}"):
                body = (item.get("annotation") or item.get("evaluation")) if type(item) is dict else None
                if type(body) is not dict or (name := own_text(body.get("name"))) is None:
                    continue
                score, label, comment = body.get("score"), body.get("label"), body.get("explanation")
                identifier = own_text(body.get("identifier"))
                owner = {"": (trace_id, span_id), "trace.": trace_id, "session.": span.session_id}[level]
                # the convention's identity; places in the list are not stable
                identity = (identifier,) if identifier is not None else (span.span_id, score, label, comment)
                metadata = decode(body.get("metadata"))
                made = _make_score(
                    stable_score_id("openinference", level, owner, name, *identity),
                    name,
                    score,
                    label,
                    comment,
                    trace_id=None if level == "session." else trace_id,
                    span_id=None if level else span_id,
                    session_id=span.session_id if level == "session." else None,
                    author=identifier,
                    source=_SOURCES.get(str(body.get("annotator_kind")).lower()[:9], ScoreSource.UNKNOWN),
                    created_ns=span.end_ns if span.end_ns is not None else span.start_ns,
                    metadata=metadata if type(metadata) is dict else {},
                )
                if made is not None:
                    yield made


def _make_score(
    score_id: str,
    name: str,
    value: Json,
    label: Json,
    comment: Json,
    *,
    trace_id: str | None,
    span_id: str | None,
    source: ScoreSource,
    created_ns: int,
    metadata: dict[str, Json],
    session_id: str | None = None,
    author: str | None = None,
) -> Score | None:
    if type(value) is bool:
        value = float(value)
    number = read_number(value)
    word = own_text(label)
    text = None if comment is None else json_text(comment)
    if number is None and word is None and not text:
        return None
    kind = ScoreKind.NUMBER if number is not None else ScoreKind.CATEGORY if word is not None else ScoreKind.TEXT
    return Score(
        score_id,
        name,
        kind,
        trace_id=trace_id,
        span_id=span_id,
        session_id=session_id,
        value=number,
        label=word,
        comment=text or None,
        author=author,
        source=source,
        created_ns=created_ns,
        metadata=metadata,
    )
