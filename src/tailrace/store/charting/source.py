"""What questions are answered from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from tailrace.jobs import Ticket
from tailrace.model.charted import Buckets
from tailrace.model.listing import TraceFilter
from tailrace.store.charting.aggregates import Attributes
from tailrace.store.charting.cells import Scope
from tailrace.store.charting.counting import Found
from tailrace.store.charting.statement import Statement

if TYPE_CHECKING:
    import numpy as np
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

Run: TypeAlias = Callable[[Sequence[Statement]], Sequence[Found]]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """`run` answers statements, in any order and at the same time if it likes. `chosen` names the table of the traces
    that the text of a filter matches (None: all of them), `attributes` those of the attributes that are asked for."""

    run: Run
    chosen: Mapping[str, str | None] = field(default_factory=lambda: {"": None})
    attributes: Attributes = field(default_factory=lambda: Attributes({}))

    def scope(self, asked: TraceFilter, buckets: Buckets | None = None) -> Scope:
        """The traces of a filter, within the edges of the buckets."""
        since_ns, until_ns = asked.since_ns, asked.until_ns
        if buckets is not None:
            since_ns = buckets.edges[0] if since_ns is None else max(since_ns, buckets.edges[0])
            until_ns = buckets.edges[-1] if until_ns is None else min(until_ns, buckets.edges[-1])
        return Scope(self.chosen[asked.text], since_ns, until_ns)


def source_over(
    cursor: DuckDBPyConnection,
    chosen: Mapping[str, NDArray[np.int64] | None],
    attributes: Mapping[str, str],
    ticket: Ticket | None,
) -> Source:
    """A source that asks one cursor, as long as that lives; `chosen` are the keys of the traces that the text of a
    filter matches, None for all, and `attributes` the tables of attributes by key. A cancel of the ticket is heard
    between two statements; within one it is the cursor's to hear."""
    names: dict[str, str | None] = {}
    for i, (text, keys) in enumerate(chosen.items()):
        names[text] = None if keys is None else f"chosen_{i}"
        if keys is not None:
            cursor.register(f"chosen_{i}", {"trace": keys})

    def run(statements: Sequence[Statement]) -> list[Found]:
        found: list[Found] = []
        for each in statements:
            if ticket is not None:
                ticket.check()
            found.append(cursor.execute(each.sql, each.parameters).fetchnumpy())
        return found

    return Source(run, names, Attributes(dict(attributes)))
