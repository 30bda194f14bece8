"""All that the failure-mode page shows, read at once, so that its parts agree with each other."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tailrace.errors import QueryError
from tailrace.jobs import Ticket
from tailrace.model.review import FailureMode, ModeMark, Remark
from tailrace.model.score import THUMB
from tailrace.query import find_field
from tailrace.review.modes import CrossTable, Share, cross_table, failed_traces, judged_traces
from tailrace.ui.models.mode_changes import live_modes
from tailrace.ui.models.note_groups import Proposals, propose

if TYPE_CHECKING:
    from tailrace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Workbench:
    """Failure modes, marks and notes. `modes` are live, by number key; they, `marks`, `remarks` and `everywhere` (the
    traces with each mode, judged or not) are of the whole database, as changing a mode changes it there. `notes`,
    `judged`, `failed`, `traces` and `shares` (of the judged ones) are of the traces that are looked at. `unnoted` are
    name and first words of input of traces that have a mode and no note."""

    modes: tuple[FailureMode, ...] = ()
    all_modes: tuple[FailureMode, ...] = ()
    marks: tuple[ModeMark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    everywhere: Mapping[str, int] = field(default_factory=dict)
    unnoted: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notes: tuple[Remark, ...] = ()
    judged: Mapping[str, int] = field(default_factory=dict)  # trace ids to keys
    failed: int = 0
    traces: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, Share] = field(default_factory=dict)
    proposals: Proposals = field(default_factory=Proposals)

    def mode(self, mode_id: str) -> FailureMode | None:
        """A live mode by its id."""
        return next((mode for mode in self.modes if mode.mode_id == mode_id), None)


def read_workbench(
    workspace: Workspace,
    ticket: Ticket,
    hidden: Container[str] = (),
    reviewer: str = "",
    within: frozenset[str] | None = None,
) -> Workbench:
    """Read all but the proposals, without what others noted of the traces in `hidden`, and count it within some
    traces (None: all); belongs in a job."""
    reviews = workspace.reviews
    every = reviews.all_modes(ticket)
    modes = live_modes(every)
    marks = reviews.mode_marks(ticket)
    ratings = reviews.ratings(ticket, THUMB)
    rated = sorted(trace_id for trace_id in judged_traces(ratings) if within is None or trace_id in within)
    judged = dict.fromkeys(rated, -1) | reviews.keys_of(rated, ticket)
    remarks = [one for one in reviews.remarks(ticket) if one.author == reviewer or one.trace_id not in hidden]
    seen: dict[str, set[str]] = {mode.mode_id: set() for mode in modes}
    for mark in marks:
        seen.setdefault(mark.mode_id, set()).add(mark.trace_id)
    noted = {remark.trace_id for remark in remarks}
    bare = sorted({mark.key for mark in marks if mark.key >= 0 and mark.trace_id not in noted})
    rows = workspace.read_rows(bare, ticket) if bare else []
    return Workbench(
        modes=tuple(modes),
        all_modes=tuple(every),
        marks=tuple(marks),
        remarks=tuple(remarks),
        everywhere={mode_id: len(traces) for mode_id, traces in seen.items()},
        unnoted={row.trace_id: (row.name, row.input_preview) for row in rows},
        notes=tuple(remark for remark in remarks if within is None or remark.trace_id in within),
        judged=judged,
        failed=len(failed_traces(ratings) & judged.keys()),
        traces={mode_id: len(traces) if within is None else len(traces & within) for mode_id, traces in seen.items()},
        shares={mode_id: Share(len(traces & judged.keys()), len(judged)) for mode_id, traces in seen.items()},
    )


def read_proposals(bench: Workbench, ticket: Ticket) -> Proposals:
    """What is proposed for its notes: a second for thousands, so that it comes behind the rest."""
    return propose(bench.notes, bench.modes, ticket)


def read_matrix(workspace: Workspace, bench: Workbench, name: str, limit: int, ticket: Ticket) -> CrossTable:
    """Where each mode lives: by the values of a field. Raises QueryError when there is no such field."""
    kind, dot, key_of = name.partition(".")
    known = find_field(kind, key_of if dot else None)
    if known is None:
        raise QueryError("Choose model, version, tool or another field of the filter language, or attr.KEY.")
    keys = [key for key in bench.judged.values() if key >= 0]
    values = workspace.reviews.values_of(keys, known.name, ticket)
    return cross_table(bench.marks, {key: values.get(key, ()) for key in keys}, limit)
