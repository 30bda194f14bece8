"""Make the pictures of the README from the demo data, with the program itself: `make pictures`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from tailrace.model import SpanKind, TraceFilter
from tailrace.ui.screenshot import render
from tailrace.workspace import Workspace
from tailrace.workspace.demo import write_demo

PICTURES = Path(__file__).parents[1] / "resources" / "pictures"
END_NS = 1_795_183_200_000_000_000  # fixed, so that the pictures change only when the program does
SIZE = (1600, 1000)
QUERY = "status:error name:support_agent.run latency:>5s"


def main() -> None:
    """Write every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "demo.tailrace"
        write_demo(database, END_NS)
        trace, span = telling_span(database)
        for theme in ("dark", "light"):
            out = PICTURES / f"traces-{theme}.png"
            render(database, "traces", out, trace=trace, span=span, query=QUERY, theme=theme, size=SIZE)
            print(out)


def telling_span(database: Path) -> tuple[str, str]:
    """A trace that QUERY finds, and the last model call in it that was given a tool's result."""
    workspace = Workspace(database)
    try:
        for key in workspace.list_traces(TraceFilter(QUERY)).keys.tolist():
            for span in reversed(list(workspace.spans_of(key))):
                if span.kind is SpanKind.LLM and "tool_call_response" in (span.input or ""):
                    return span.trace_id, span.span_id
    finally:
        workspace.close()
    raise LookupError(f"the demo has no trace with a tool's result that {QUERY} finds")


if __name__ == "__main__":
    main()
