"""What sets the traces of one filter apart from those of another."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tailrace.jobs import Ticket
from tailrace.metrics.differing import rank_differences
from tailrace.metrics.restated import restated_by
from tailrace.model import TraceFilter
from tailrace.model.charted import Differences
from tailrace.store import Reader
from tailrace.workspace.filtering import tree_of

if TYPE_CHECKING:
    from tailrace.store.charting import Statement
    from tailrace.store.columns import Columns


def differences(
    columns: Columns, reader: Reader, selection: TraceFilter, against: TraceFilter, ticket: Ticket
) -> Differences:
    """The differences of the selection from the rest of `against`, out of columns that are up to date and keep the
    attributes."""
    from tailrace.store.charting.contrast import contrast
    from tailrace.store.charting.sides import sides, traces_of
    from tailrace.store.columns.attribute_values import left_out

    began = time.perf_counter_ns()
    chosen, others = tree_of(selection.text), tree_of(against.text)
    with reader.reading(ticket) as snapshot:
        inside, compared = traces_of(snapshot, chosen, selection), traces_of(snapshot, others, against)
    with columns.reading(ticket) as cursor:

        def run(statements: Sequence[Statement]) -> list[dict[str, Any]]:
            found = []
            for each in statements:
                ticket.check()
                found.append(cursor.execute(each.sql, each.parameters).fetchnumpy())
            return found

        with sides(cursor, inside, compared) as table:
            counted = contrast(table, run, left_out(cursor))
    found = rank_differences(counted, restated_by(chosen, others))
    return replace(found, elapsed_ns=time.perf_counter_ns() - began)
