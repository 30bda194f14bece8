"""The fields that a filter can ask for."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from tailrace.model import SpanKind, SpanStatus
from tailrace.model.failure import CATEGORY_CHOICES


class FieldKind(StrEnum):
    """What the values of a field are, and so what can be written after it."""

    TEXT = "text"
    CHOICE = "choice"
    HAS = "has"
    DURATION = "duration"
    NUMBER = "number"
    MONEY = "money"
    SCORE = "score"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `key` is the score's name or the attribute's key and None elsewhere. `choices` are all values of a
    CHOICE or HAS field, each with what it means."""

    name: str
    kind: FieldKind
    title: str
    help: str
    key: str | None = None
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def ordered(self) -> bool:
        """Whether `>` and `<` mean something."""
        return self.kind in _ORDERED

    @property
    def choice_words(self) -> tuple[str, ...]:
        """The values of a CHOICE or HAS field."""
        return tuple(word for word, _ in self.choices)


_ORDERED = frozenset((FieldKind.DURATION, FieldKind.NUMBER, FieldKind.MONEY, FieldKind.SCORE, FieldKind.ATTRIBUTE))

_STATUS = (
    (SpanStatus.OK.value, "ended well"),
    (SpanStatus.ERROR.value, "ended with an error"),
    (SpanStatus.UNSET.value, "does not say how it ended"),
)
_KINDS = (
    (SpanKind.AGENT.value, "an agent's turn"),
    (SpanKind.CHAIN.value, "a step that calls others"),
    (SpanKind.LLM.value, "a call of a language model"),
    (SpanKind.TOOL.value, "a tool or function call"),
    (SpanKind.RETRIEVER.value, "a search for documents"),
    (SpanKind.EMBEDDING.value, "text made into vectors"),
    (SpanKind.RERANKER.value, "documents put in order"),
    (SpanKind.GUARDRAIL.value, "a check of input or output"),
    (SpanKind.EVALUATOR.value, "a judgement by code or a model"),
    (SpanKind.PROMPT.value, "a prompt being filled in"),
    (SpanKind.UNKNOWN.value, "none of these"),
)
_THUMBS = (
    ("up", "judged good"),
    ("down", "judged bad"),
    ("none", "not judged yet"),
)
_VERDICTS = (
    ("pass", "a person passed it"),
    ("fail", "a person failed it"),
    ("defer", "a person put it off"),
    ("none", "no person has said"),
)
_HAS = (
    ("error", "a span that ended with an error"),
    ("thumb", "a thumb up or down"),
    ("note", "a note"),
    ("score", "any score that is not a thumb, a note or words of a review"),
    ("mode", "a failure mode"),
    ("evidence", "words marked as evidence"),
    ("correction", "words it should have said"),
    ("dataset", "a place in a dataset"),
    ("session", "a session"),
    ("user", "a user"),
    ("env", "an environment"),
    ("version", "a version"),
    ("tag", "a tag"),
    ("prompt", "a named prompt"),
    ("model", "a model"),
    ("tokens", "a token count"),
    ("cost", "a known cost"),
    ("unpriced", "a model call of unknown cost"),
    ("ttft", "a time to first token"),
    ("input", "an input"),
    ("output", "an output"),
    ("tool", "a tool call"),
    ("retrieval", "a search for documents"),
    ("event", "a span event"),
    ("missing-root", "spans whose parent is not in the file"),
    ("open-span", "a span without an end"),
)

FIELDS: tuple[Field, ...] = (
    Field("status", FieldKind.CHOICE, "Status", "error when any of its spans failed: status:error", choices=_STATUS),
    Field("name", FieldKind.TEXT, "Name", "name of the trace (its root span): name:support_agent.run, name:rag*"),
    Field("latency", FieldKind.DURATION, "Latency", "how long the trace took: latency:>2s"),
    Field("model", FieldKind.TEXT, "Model", "model of any span: model:gpt-4o*"),
    Field("kind", FieldKind.CHOICE, "Kind", "kind of any span: kind:retriever", choices=_KINDS),
    Field("failed", FieldKind.CHOICE, "Failed", "kind of a span that ended with an error: failed:tool", choices=_KINDS),
    Field("error", FieldKind.TEXT, "Error type", "error type of any span that failed: error:RateLimit*"),
    Field(
        "category",
        FieldKind.CHOICE,
        "Error category",
        "why any span of it failed: category:timeout",
        choices=CATEGORY_CHOICES,
    ),
    Field("cost", FieldKind.MONEY, "Cost", "US dollars of the trace: cost:>$0.05"),
    Field("tokens", FieldKind.NUMBER, "Tokens", "tokens of the trace, in and out: tokens:>12k"),
    Field("ttft", FieldKind.DURATION, "Time to first token", "from the trace's start to its first token: ttft:>800ms"),
    Field("errors", FieldKind.NUMBER, "Errors", "how many spans ended with an error: errors:>=2"),
    Field("spans", FieldKind.NUMBER, "Spans", "how many spans the trace has: spans:>100"),
    Field("loop", FieldKind.NUMBER, "Loop depth", "the most calls of one tool under one parent: loop:>=10"),
    Field("span", FieldKind.TEXT, "Span name", "name of any span: span:search_policies"),
    Field("tool", FieldKind.TEXT, "Tool", "name of any tool called: tool:lookup_order"),
    Field("thumb", FieldKind.CHOICE, "Thumb", "the latest thumb on the trace: thumb:down", choices=_THUMBS),
    Field("verdict", FieldKind.CHOICE, "Verdict", "what any person said of it: verdict:fail", choices=_VERDICTS),
    Field("mode", FieldKind.TEXT, "Failure mode", 'a failure mode seen in it: mode:"acts before confirming"'),
    Field("reviewer", FieldKind.TEXT, "Reviewer", "a person who gave a verdict or a note: reviewer:Jo"),
    Field("queue", FieldKind.TEXT, "Queue", "name of a review queue it is in: queue:refunds"),
    Field("dataset", FieldKind.TEXT, "Dataset", "name of a dataset it is in: dataset:golden"),
    Field("has", FieldKind.HAS, "Has", "what a trace has at all: has:note", choices=_HAS),
    Field("session", FieldKind.TEXT, "Session", "id of the session: session:s-4711"),
    Field("user", FieldKind.TEXT, "User", "id of the user: user:u-23"),
    Field("env", FieldKind.TEXT, "Environment", "deployment environment: env:prod"),
    Field("version", FieldKind.TEXT, "Version", "version of the application: version:2.4*"),
    Field("prompt", FieldKind.TEXT, "Prompt", "name of a prompt, with or without version: prompt:support@v14"),
    Field("tag", FieldKind.TEXT, "Tag", "any tag: tag:refund"),
    Field("trace", FieldKind.TEXT, "Trace id", "id of the trace: trace:4bf92f*"),
    Field("text", FieldKind.TEXT, "Text", "words in names, inputs and outputs, as without a field: text:refund"),
)

_BY_NAME = {field.name: field for field in FIELDS}
SCORE = "score"
ATTRIBUTE = "attr"


def find_field(name: str, key: str | None = None) -> Field | None:
    """The field of a name in any case; with `key` the one of a score (`score`) or attribute (`attr`)."""
    lowered = name.lower()
    if key is None:
        return _BY_NAME.get(lowered)
    if lowered == SCORE:
        return score_field(key)
    if lowered == ATTRIBUTE:
        return attribute_field(key)
    return None


def score_field(name: str) -> Field:
    """The field `score.NAME`."""
    return Field(f"score.{name}", FieldKind.SCORE, f"Score {name}", "value or label of a score", key=name)


def attribute_field(key: str) -> Field:
    """The field `attr.KEY`: an attribute of any span or of its resource."""
    return Field(f"attr.{key}", FieldKind.ATTRIBUTE, f"Attribute {key}", "an attribute of any span", key=key)


def nearest_field(name: str) -> str | None:
    """The field that was probably meant by an unknown name."""
    lowered = name.lower()
    if lowered in _OTHER_NAMES:
        return _OTHER_NAMES[lowered]
    near = get_close_matches(lowered, (*_BY_NAME, "score", "attr"), n=1, cutoff=0.66)
    return near[0] if near else None


# What other tools and their data call the same thing.
_OTHER_NAMES = {
    "duration": "latency",
    "time": "latency",
    "took": "latency",
    "elapsed": "latency",
    "environment": "env",
    "stage": "env",
    "price": "cost",
    "usd": "cost",
    "money": "cost",
    "token": "tokens",
    "usage": "tokens",
    "error_type": "error",
    "exception": "error",
    "reason": "category",
    "error_category": "category",
    "type": "kind",
    "state": "status",
    "level": "status",
    "is": "has",
    "feedback": "thumb",
    "rating": "thumb",
    "failure_mode": "mode",
    "failure": "mode",
    "author": "reviewer",
    "annotator": "reviewer",
    "release": "version",
    "user_id": "user",
    "session_id": "session",
    "trace_id": "trace",
    "traceid": "trace",
    "conversation": "session",
    "thread": "session",
    "function": "tool",
    "label": "tag",
    "tags": "tag",
    "scores": "score",
    "eval": "score",
    "attribute": "attr",
    "attributes": "attr",
    "input": "text",
    "output": "text",
    "service": "attr",
    "first_token": "ttft",
}
