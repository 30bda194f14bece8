"""The reasons for which spans fail, each in one word."""

from __future__ import annotations

from typing import Final

TIMEOUT: Final = "timeout"
RATE_LIMIT: Final = "rate-limit"
MODEL: Final = "model"
VALIDATION: Final = "validation"
SERVER: Final = "server"
TOOL: Final = "tool"
CONTENT_FILTER: Final = "content-filter"
UNKNOWN: Final = "unknown"

CATEGORY_CHOICES: Final[tuple[tuple[str, str], ...]] = (
    (TIMEOUT, "no answer came in time"),
    (RATE_LIMIT, "too many requests or tokens, or a quota is used up (HTTP 429)"),
    (MODEL, "the model could not: context too long, no such model, an answer of the wrong form, no end of steps"),
    (VALIDATION, "the request was wrong, not allowed, or for what is not there (HTTP 4xx)"),
    (SERVER, "the other side failed or could not be reached (HTTP 5xx)"),
    (TOOL, "a tool failed for none of the other reasons"),
    (CONTENT_FILTER, "a content filter or a guardrail stepped in"),
    (UNKNOWN, "nothing says why"),
)
CATEGORIES: Final[tuple[str, ...]] = tuple(word for word, _ in CATEGORY_CHOICES)
