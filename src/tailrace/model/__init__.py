"""What a trace is. Frozen values and pure functions; imports nothing of ours.

Times are integer nanoseconds since the Unix epoch (UTC), durations integer nanoseconds, money US dollars.
`None` means unknown everywhere and is never a stand-in for zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tailrace.model.listing import (
    Extent,
    Histogram,
    ImportProgress,
    ImportReport,
    Sorting,
    SortKey,
    TraceFilter,
    TraceList,
    ValueCount,
)
from tailrace.model.message import (
    Conversation,
    Document,
    MediaPart,
    Message,
    OtherPart,
    Part,
    ReasoningPart,
    Role,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
)
from tailrace.model.score import Score, ScoreKind, ScoreSource
from tailrace.model.span import Cost, CostSource, Event, Json, Link, LogRecord, Span, SpanKind, SpanStatus, Usage
from tailrace.model.trace import Info, SpanDetail, Trace, TraceRow

if TYPE_CHECKING:
    from tailrace.model.tree import SpanTree, TreeMark, build_tree

__all__ = [
    "Conversation",
    "Cost",
    "CostSource",
    "Document",
    "Event",
    "Extent",
    "Histogram",
    "ImportProgress",
    "ImportReport",
    "Info",
    "Json",
    "Link",
    "LogRecord",
    "MediaPart",
    "Message",
    "OtherPart",
    "Part",
    "ReasoningPart",
    "Role",
    "Score",
    "ScoreKind",
    "ScoreSource",
    "SortKey",
    "Sorting",
    "Span",
    "SpanDetail",
    "SpanKind",
    "SpanStatus",
    "SpanTree",
    "TextPart",
    "ToolCallPart",
    "ToolDefinition",
    "ToolResultPart",
    "Trace",
    "TraceFilter",
    "TraceList",
    "TraceRow",
    "TreeMark",
    "Usage",
    "ValueCount",
    "build_tree",
]


def __getattr__(name: str) -> object:
    # arrays come with numpy, which takes longer to import than a window to paint
    if name in ("SpanTree", "TreeMark", "build_tree"):
        from tailrace.model import tree

        return getattr(tree, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
