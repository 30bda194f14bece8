"""What the message bar says of imports and failures."""

from __future__ import annotations

import traceback
from typing import NamedTuple

from tailrace.errors import TailraceError
from tailrace.model import ImportReport, TraceList
from tailrace.model.words import count_of
from tailrace.workspace.folders import log_file


class Notice(NamedTuple):
    """A sentence, what to do about it, and what can be copied."""

    message: str
    hint: str = ""
    detail: str = ""


STOPPED = "The import was stopped: only a part of the file is here, and all counts are of that part."


def notice_of_failure(error: Exception) -> Notice:
    """An error of the world as its own sentence, a bug with detail that can be copied."""
    if isinstance(error, TailraceError):
        return Notice(error.message, error.hint, error.detail)
    return Notice(
        f"Something went wrong inside Tailrace: {error or type(error).__name__}.",
        f"Your data is safe; you can go on. Please report it with the details. The log is {log_file()}.",
        "".join(traceback.format_exception(error)),
    )


def notice_of_skipped(report: ImportReport) -> Notice | None:
    """What an import could not take in; None when that was nothing."""
    skipped = sum(report.skipped.values())
    if not skipped:
        return None
    things = f"{report.source}: {count_of(skipped, 'thing')} "
    if report.unchanged:
        message = f"{things}in it could not be taken in when it was read; what you see is the rest."
    else:
        spans = count_of(report.spans, "span")
        message = f"{things}could not be taken in, {spans} {'was' if report.spans == 1 else 'were'}."
    return Notice(
        message,
        f"First: {next(iter(report.skipped))}.",
        "\n".join(f"{count:,} × {reason}" for reason, count in report.skipped.items()),
    )


def words_of_list(listed: TraceList) -> str:
    """How many of how many traces, how long it took, and what is not known yet."""
    text = f"{len(listed.keys):,} of {listed.total:,} traces · {listed.elapsed_ns / 1e6:,.0f} ms"
    if listed.unsearched:
        text += f" · text of {listed.unsearched:,} spans is not searchable yet"
    return text
