"""All that the failure-mode page shows, read at once, so that its parts agree with each other."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tailrace.errors import QueryError
from tailrace.jobs import Ticket
from tailrace.model.review import FailureMode, ModeMark, Remark
from tailrace.query import find_field
from tailrace.review.modes import CrossTable, Share, cross_table
from tailrace.ui.models.mode_changes import live_modes
from tailrace.ui.models.note_groups import Proposals, propose

if TYPE_CHECKING:
    from tailrace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Workbench:
    """Failure modes, marks and notes. `traces` counts the traces with each mode, judged or not; `shares` is of the
    judged ones. `modes` are live, by number key."""

    modes: tuple[FailureMode, ...] = ()
    all_modes: tuple[FailureMode, ...] = ()
    marks: tuple[ModeMark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    judged: Mapping[str, int] = field(default_factory=dict)  # trace ids to keys
    traces: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, Share] = field(default_factory=dict)
    proposals: Proposals = field(default_factory=Proposals)

    def mode(self, mode_id: str) -> FailureMode | None:
        """A live mode by its id."""
        return next((mode for mode in self.modes if mode.mode_id == mode_id), None)


def read_workbench(workspace: Workspace, ticket: Ticket, hidden: Container[str] = (), reviewer: str = "") -> Workbench:
    """Read and count all but the proposals, without what others noted of the traces in `hidden`; belongs in a job."""
    reviews = workspace.reviews
    every = reviews.all_modes(ticket)
    modes = live_modes(every)
    marks = reviews.mode_marks(ticket)
    judged = {trace_id: key for trace_id, key, _ in reviews.judged(ticket)}
    remarks = [one for one in reviews.remarks(ticket) if one.author == reviewer or one.trace_id not in hidden]
    seen: dict[str, set[str]] = {mode.mode_id: set() for mode in modes}
    for mark in marks:
        seen.setdefault(mark.mode_id, set()).add(mark.trace_id)
    return Workbench(
        tuple(modes),
        tuple(every),
        tuple(marks),
        tuple(remarks),
        judged,
        {mode_id: len(traces) for mode_id, traces in seen.items()},
        {mode_id: Share(len(traces & judged.keys()), len(judged)) for mode_id, traces in seen.items()},
    )


def read_proposals(bench: Workbench, ticket: Ticket) -> Proposals:
    """What is proposed for its notes: a second for thousands, so that it comes behind the rest."""
    return propose(bench.remarks, bench.modes, ticket)


def read_matrix(workspace: Workspace, bench: Workbench, name: str, limit: int, ticket: Ticket) -> CrossTable:
    """Where each mode lives: by the values of a field. Raises QueryError when there is no such field."""
    kind, dot, key_of = name.partition(".")
    known = find_field(kind, key_of if dot else None)
    if known is None:
        raise QueryError("Choose model, version, tool or another field of the filter language, or attr.KEY.")
    keys = [key for key in bench.judged.values() if key >= 0]
    values = workspace.reviews.values_of(keys, known.name, ticket)
    return cross_table(bench.marks, {key: values.get(key, ()) for key in keys}, limit)
