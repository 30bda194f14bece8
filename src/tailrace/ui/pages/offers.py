"""What a right click on a trace or a span offers: values to filter for, and values to copy."""

from __future__ import annotations

from typing import NamedTuple

from tailrace.model import Trace, TraceRow
from tailrace.model.tree import KINDS


class Offers(NamedTuple):
    """`filters` are (field of the filter language, value), `copies` (label, text)."""

    filters: list[tuple[str, str]]
    copies: list[tuple[str, str]]


def offers_of_trace(row: TraceRow) -> Offers:
    """For a row of the list."""
    filters = [
        ("name", row.name),
        ("session", row.session_id),
        ("user", row.user_id),
        ("env", row.environment),
        ("version", row.version),
    ]
    copies = [("Copy trace id", row.trace_id), ("Copy session id", row.session_id), ("Copy input", row.input_preview)]
    return Offers(_known(filters), _known(copies))


def offers_of_span(trace: Trace, span_id: str) -> Offers:
    """For a row of the waterfall."""
    row = trace.tree.row_of(span_id)
    name, kind = trace.tree.names[row], KINDS[trace.tree.kind[row]].value
    copies = [("Copy span id", span_id), ("Copy name", name), ("Copy trace id", trace.row.trace_id)]
    return Offers(_known([("span", name), ("kind", kind)]), _known(copies))


def _known(pairs: list[tuple[str, str | None]] | list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, value) for label, value in pairs if value]
