"""Attributes of the semantic conventions to typed fields: OpenTelemetry GenAI (all generations), OpenInference,
OpenLLMetry and Traceloop, the Vercel AI SDK, Logfire and pydantic-ai, the Langfuse SDK. They all land in the same
fields of a Span and in the same Conversation. Imports model only."""

from tailrace.semconv.content import content_of_logs, log_event
from tailrace.semconv.conversation import read_conversation
from tailrace.semconv.documents import read_documents
from tailrace.semconv.fields import make_span
from tailrace.semconv.flat import flatten_openinference
from tailrace.semconv.messages import read_messages
from tailrace.semconv.scores import score_of_log, scores_of, stable_score_id
from tailrace.semconv.table import FIELD_KEYS
from tailrace.semconv.text import preview, searchable
from tailrace.semconv.values import remembering

__all__ = [
    "FIELD_KEYS",
    "content_of_logs",
    "flatten_openinference",
    "log_event",
    "make_span",
    "preview",
    "read_conversation",
    "read_documents",
    "read_messages",
    "remembering",
    "score_of_log",
    "scores_of",
    "searchable",
    "stable_score_id",
]
