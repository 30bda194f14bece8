"""Make the pictures of the README from the demo data, with the program itself: `make pictures`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PySide6.QtGui import QImage

from tailrace.model import SpanKind, TraceFilter
from tailrace.model.score import FAILURE_MODE
from tailrace.review.judgement import judgement_of
from tailrace.ui.screenshot import render
from tailrace.workspace import Workspace
from tailrace.workspace.demo import REVIEWER, write_demo

PICTURES = Path(__file__).parents[1] / "resources" / "pictures"
END_NS = 1_795_183_200_000_000_000  # fixed, so that the pictures change only when the program does
SIZE = (1600, 1000)
QUEUE = "Unreviewed prod errors"
SELECT = "category:validation"  # what is selected on the Monitor page
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
        item = telling_item(database)
        for page, theme in (("review", "light"), ("review", "dark"), ("modes", "dark"), ("agreement", "light")):
            out = PICTURES / f"{page}-{theme}.png"
            chosen = item if page == "review" else None
            render(database, page, out, chosen, theme=theme, size=SIZE, queue=QUEUE, reviewer=REVIEWER)
            print(out)
        for page, theme in (("monitor", "dark"), ("monitor", "light"), ("sql", "dark")):
            out = PICTURES / f"{page}-{theme}.png"
            render(database, page, out, theme=theme, size=SIZE, select=SELECT if page == "monitor" else None)
            print(out)
        for page, theme in (("settings", "dark"), ("shortcuts", "light")):
            out = PICTURES / f"{page}-{theme}.png"
            render(database, page, out, theme=theme)
            print(out)
    for out in sorted(PICTURES.glob("*.png")):
        shrink(out)


def telling_item(database: Path) -> str:
    """A trace of QUEUE that REVIEWER failed, with a note, a failure mode, and evidence both in the answer and in what
    was retrieved; the one with the most tool calls that failed on the way."""
    workspace = Workspace(database)
    best: tuple[int, str] | None = None
    try:
        reviews = workspace.reviews
        queue = next(one.queue for one in reviews.queues(REVIEWER) if one.queue.name == QUEUE)
        live = {mode.mode_id for mode, _ in reviews.modes()}
        listed = reviews.read_queue(queue.queue_id, REVIEWER)
        for key in [] if listed is None else listed.keys.tolist():
            item = reviews.read_item(key)
            if item is None:
                continue
            said = judgement_of(item.scores, REVIEWER)
            places = {one.anchor.place.partition("/")[0] for one in said.evidence}
            marks = sum(score.name == FAILURE_MODE for score in item.scores)
            marks += 10 * any("30 days" in one.anchor.quote or "refunds" in one.anchor.quote for one in said.evidence)
            if (
                said.note
                and said.modes
                and live.issuperset(said.modes)
                and places == {"outputs", "documents"}
                and (best is None or marks > best[0])
            ):
                best = marks, item.row.trace_id
    finally:
        workspace.close()
    if best is None:
        raise LookupError(f"the demo has no item in “{QUEUE}” with evidence on both sides")
    return best[1]


def shrink(path: Path) -> None:
    """Write a picture again with 256 of its colours, the others as the nearest of these: the most frequent one, then
    again and again the one that would be missed most, so that rare strong colours stay."""
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    width, height = image.width(), image.height()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(height, -1)[:, :width]
    colours, places, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    parts = colours.view(np.uint8).reshape(-1, 4)[:, :3].astype(np.int32)
    kept = [int(np.argmax(counts))]
    nearest = np.zeros(len(colours), np.int64)
    away = ((parts - parts[kept[0]]) ** 2).sum(axis=1)
    while len(kept) < 256 and away.any():
        kept.append(int(np.argmax(away * np.sqrt(counts))))
        closer = ((parts - parts[kept[-1]]) ** 2).sum(axis=1)
        nearest[closer < away] = len(kept) - 1
        away = np.minimum(away, closer)
    indexed = np.zeros((height, (width + 3) // 4 * 4), np.uint8)
    indexed[:, :width] = nearest[places.reshape(height, width)]
    small = QImage(indexed.tobytes(), width, height, indexed.shape[1], QImage.Format.Format_Indexed8)
    small.setColorTable(colours[kept].tolist())
    small.save(str(path), quality=0)


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
