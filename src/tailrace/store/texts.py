"""What semconv says about texts, under one import line."""

from __future__ import annotations

from collections.abc import Sequence

from tailrace.model import LogRecord


def preview(text: str, limit: int = 200) -> str:
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def searchable(text: str) -> str:
    return text[:1_000_000]


def content_of_logs(records: Sequence[LogRecord]) -> tuple[str | None, str | None]:
    given = [str(r.body) for r in records if r.body is not None and not r.name.endswith("choice")]
    said = [str(r.body) for r in records if r.body is not None and r.name.endswith("choice")]
    return "\n".join(given) or None, "\n".join(said) or None
