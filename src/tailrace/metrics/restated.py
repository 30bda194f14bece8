"""What the filter of a selection says itself, and what need not be found to differ about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tailrace.query import FieldKind, Prefix, Term, Tree, children_of

# Columns of traces, and fields, that follow from what a filter asks for
_PARTS_OF_LATENCY: Final = ("duration_ns", "model_ns", "retrieval_ns", "tool_ns", "queue_ns", "other_ns")
_FAILURE: Final = ("status", "error_count")
_FOLLOWS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "latency": _PARTS_OF_LATENCY,
        "ttft": ("ttft_ns",),
        "cost": ("cost",),
        "tokens": ("total_tokens", "input_tokens", "output_tokens"),
        "spans": ("span_count",),
        "loop": ("loop_depth", "tool_calls", "agent_steps", "span_count"),
        "status": _FAILURE,
        "errors": _FAILURE,
        "failed": (*_FAILURE, "tool_errors"),
        "error": (*_FAILURE, "category"),
        "category": (*_FAILURE, "error"),
        "verdict": ("thumb",),
        "model": ("provider",),
        "user": ("users", "week"),
    }
)
_HAS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "error": _FAILURE,
        "thumb": ("thumb", "score.thumb"),
        "score": ("score",),
        "session": ("turn",),
        "tokens": ("total_tokens", "input_tokens", "output_tokens"),
        "cost": ("cost",),
        "unpriced": ("unpriced_spans",),
        "ttft": ("ttft_ns",),
        "tool": ("kind", "tool_calls"),
        "retrieval": ("kind", "retrievals"),
        "model": ("kind", "llm_calls"),
    }
)
_NAMING: Final = frozenset((FieldKind.TEXT, FieldKind.ATTRIBUTE))
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class Restated:
    """`fields` are those (columns of traces, fields, `score.NAME`, `attr.KEY`) that the filter asks for. `texts` are
    the values that it asks for, in lower case: a field that repeats one of them in another form says nothing new."""

    fields: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()

    def repeats(self, value: str) -> bool:
        """Whether a value has one of the texts in it."""
        lowered = value.lower()
        return any(text in lowered for text in self.texts)


def restated_by(selection: Tree, against: Tree) -> Restated:
    """What a selection asks for beyond what it is compared with."""
    fields: set[str] = set()
    texts: list[str] = []
    for term in sorted(_terms(selection) - _terms(against), key=lambda term: term.span):
        name = term.field.name
        fields.add(name)
        if name == "has":
            fields.update(_HAS.get(str(term.value), ()))
        fields.update(_FOLLOWS.get(name, ()))
        value = term.value.text if isinstance(term.value, Prefix) else term.value
        if isinstance(value, str) and term.field.kind in _NAMING and len(value) >= _SHORTEST:
            texts.append(value.lower())
    return Restated(frozenset(fields), tuple(dict.fromkeys(texts)))


def _terms(tree: Tree) -> set[Term]:
    found: set[Term] = set()
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, Term):
            found.add(node)
        pending.extend(children_of(node))
    return found
