"""From when to when the traces of a filter begin."""

from __future__ import annotations

from tailrace.model.listing import TraceFilter
from tailrace.store.charting.cells import Scope, scope_conditions, where_sql
from tailrace.store.charting.counting import Found
from tailrace.store.charting.source import Source
from tailrace.store.charting.statement import Bindings, Statement


def range_statement(scope: Scope) -> Statement:
    """The earliest and the latest start."""
    bindings = Bindings()
    where = where_sql(scope_conditions(scope, bindings))
    return bindings.statement(f"SELECT min(f.start_ns) AS c0, max(f.start_ns) AS c1\nFROM trace_facts AS f{where}")


def read_range(found: Found) -> tuple[int, int] | None:
    """The answer; None where there is no trace."""
    earliest, latest = found["c0"], found["c1"]
    # of no rows it is masked, or an array of objects
    if earliest.dtype == object or getattr(earliest, "mask", [False])[0]:
        return None
    return int(earliest[0]), int(latest[0])


def range_of(asked: TraceFilter, source: Source) -> tuple[int, int] | None:
    """The earliest and the latest start of the traces of a filter; None where there is none."""
    [found] = source.run([range_statement(source.scope(asked))])
    return read_range(found)
