"""Simon Willison's `llm` logs.db: every logged call, from the tables of both generations.

Up to llm 0.31 everything is in `responses`; later calls are in `threads`, `turns`, `messages` and `parts` of the same
file. Each call is a model span. Calls that continue each other through tool results are one trace with the tools
between them; a conversation or thread is the session.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tailrace.formats.cells import count_of
from tailrace.formats.foreign_sqlite import MAGIC, ForeignDatabase
from tailrace.formats.llm_logs.calls import Call, Step, chains_of, ulid_floor
from tailrace.formats.llm_logs.legacy import LegacyCalls
from tailrace.formats.llm_logs.side_tables import SideTables
from tailrace.formats.llm_logs.spans import spans_of_chain
from tailrace.formats.llm_logs.threads import ThreadCalls
from tailrace.formats.records import Format, Position, Record
from tailrace.model import Json

SUPPORTED = "llm's logs.db"

TABLES = frozenset(
    {
        "_llm_migrations",
        "conversations",
        "responses",
        "tool_calls",
        "tool_results",
        "tool_responses",
        "tool_results_attachments",
        "prompt_attachments",
        "prompt_fragments",
        "system_fragments",
        "threads",
        "turns",
        "messages",
        "parts",
        "turn_tools",
        "turn_fragments",
        "tool_instantiations",
        "tools",
        "tool_instances",
        "attachments",
        "fragments",
        "schemas",
    }
)

_POSITION_EVERY = 500
_LATE_MS = 3_600_000
_RECENT = 20_000


def sniff(head: bytes, path: Path) -> Format | None:
    """llm's when the database has its migrations and either generation of its tables."""
    if not head.startswith(MAGIC):
        return None
    with ForeignDatabase(path, TABLES) as database:
        ours = "_llm_migrations" in database.tables and bool({"responses", "turns"} & database.tables)
    return Format("llm logs.db", "calls", read) if ours else None


def read(path: Path, resume: Json = None) -> Iterator[Record]:
    """The traces that have a call which was not there before, by the id of their last call.

    Ids are ULIDs, made when a call begins and logged when it has ended: calls may appear a little out of order. The
    resume point is therefore an hour before the newest call, with the ids seen since.
    """
    with ForeignDatabase(path, TABLES) as database:
        side = SideTables(database)
        threads = ThreadCalls(database, side)
        legacy = LegacyCalls(database, side, hidden=threads.ids)
        steps = {step.call_id: step for step in (*legacy.steps(), *threads.steps())}
        floor, recent, done = _resume_point(resume)
        waiting = [
            chain
            for chain in chains_of(steps.values())
            if any(step.call_id > floor and step.call_id not in recent for step in chain)
        ]
        waiting.sort(key=_last_id)
        yield from database.take_skipped()
        said = 0
        for chain in waiting:
            loaded = (legacy.load(step) if step.legacy else threads.load(step) for step in chain)
            calls: list[Call] = [call for call in loaded if call is not None]
            yield from spans_of_chain(calls)
            yield from database.take_skipped()
            done = min(done + sum(step.call_id > floor and step.call_id not in recent for step in chain), len(steps))
            said += len(chain)
            if said >= _POSITION_EVERY:
                said = 0
                yield Position(done, len(steps), {"floor": _last_id(chain), "recent": [], "done": done})
        newest = max(steps, default="")
        floor = max(floor, ulid_floor(newest, _LATE_MS))
        late = sorted((call_id for call_id in steps if call_id > floor), reverse=True)
        if len(late) > _RECENT:
            floor, late = late[_RECENT], late[:_RECENT]
        yield Position(len(steps), len(steps), {"floor": floor, "recent": late, "done": len(steps)})


def _last_id(chain: list[Step]) -> str:
    return max(step.call_id for step in chain)


def _resume_point(resume: Json) -> tuple[str, frozenset[str], int]:
    if not isinstance(resume, dict) or not isinstance(resume.get("floor"), str):
        return "", frozenset(), 0
    recent = resume.get("recent")
    ids = frozenset(text for text in recent if isinstance(text, str)) if isinstance(recent, list) else frozenset()
    return resume["floor"], ids, count_of(resume.get("done")) or 0
