"""What the columns of facts and the fields to group by are called in the views: the only names that get into SQL."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tailrace.model.facts import ATTRIBUTE, ColumnType, type_of
from tailrace.model.measures import Grain

VIEWS: Mapping[Grain, str] = MappingProxyType(
    {
        Grain.TRACE: "trace_facts",
        Grain.SPAN: "span_facts",
        Grain.SCORE: "score_facts",
        Grain.SESSION: "session_facts",
        Grain.RETRIEVAL: "retrieval_facts",
    }
)

_TRACE_FIELDS = {
    "name": "name",
    "status": "status",
    "env": "env",
    "version": "version",
    "user": '"user"',
    "session": "session",
    "users": "users",
    "week": "week",
}
_SPAN_FIELDS = {
    "model": "model",
    "prompt": "prompt",
    "tool": "tool",
    "kind": "kind",
    "span": "step",
    "error": "error",
    "category": "error_category",
    "provider": "provider",
    "agent": "agent",
}
_SCORE_FIELDS = {"score": "score", "label": "label", "source": "source"}
# Fields of which every fact of a grain has one value or none itself
_OWN: Mapping[Grain, Mapping[str, str]] = {
    Grain.TRACE: _TRACE_FIELDS,
    Grain.SPAN: _SPAN_FIELDS,
    Grain.SCORE: _SCORE_FIELDS,
    Grain.SESSION: {"session": "session", "user": '"user"'},
    Grain.RETRIEVAL: {"tool": "tool", "span": "step"},
}
_RESERVED = frozenset(("user",))


def own_field(grain: Grain, field: str, alias: str) -> str | None:
    """The text by which a fact is grouped where it has one itself; None where its trace has to be asked."""
    if grain is Grain.TRACE and field == "thumb":
        return f"CASE {alias}.thumb WHEN 1 THEN 'up' WHEN 0 THEN 'down' END"
    name = _OWN[grain].get(field)
    return None if name is None else f"{alias}.{name}"


def home_of(field: str) -> Grain | None:
    """The grain whose facts say the values of a field that a trace can have several of; None where it has one."""
    if field in _SPAN_FIELDS:
        return Grain.SPAN
    return Grain.SCORE if field in _SCORE_FIELDS else None


def column_type(grain: Grain, column: str) -> ColumnType:
    """What is in a column. Raises ValueError where a grain has no such column."""
    found = type_of(grain, column)
    if found is None:
        raise ValueError(f"{grain.value} has no column {column}")
    return found


def own_column(grain: Grain, column: str, alias: str) -> str:
    """A column that is no attribute, as SQL. Raises ValueError where a grain has no such column."""
    column_type(grain, column)
    return f'{alias}."{column}"' if column in _RESERVED else f"{alias}.{column}"


def attribute_key(name: str) -> str | None:
    """The key of a field or column `attr.KEY`."""
    return name[len(ATTRIBUTE) :] if name.startswith(ATTRIBUTE) else None
