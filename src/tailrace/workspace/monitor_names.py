"""What Monitor can be asked for by name in one database: measures and dashboards."""

from __future__ import annotations

from tailrace.jobs import Ticket
from tailrace.metrics.catalogue import CATALOGUE, score_measures
from tailrace.metrics.presets import presets
from tailrace.model.dashboard import Dashboard
from tailrace.model.measures import Measure
from tailrace.store import Reader
from tailrace.store.reviews import read_dashboards


def measures_in(reader: Reader, ticket: Ticket | None = None) -> tuple[Measure, ...]:
    """The catalogue, and with its measures of quality those of every score in a database. Raises DatabaseError, and
    Cancelled when the ticket is cancelled."""
    named = [measure for seen in reader.score_names(ticket) for measure in score_measures(seen.value)]
    groups = list(dict.fromkeys(measure.group for measure in CATALOGUE.values()))
    return tuple(sorted((*CATALOGUE.values(), *named), key=lambda measure: groups.index(measure.group)))


def dashboards_in(reader: Reader, ticket: Ticket | None = None) -> list[Dashboard]:
    """The presets, then those saved in a database by name. Raises DatabaseError, and Cancelled when the ticket is
    cancelled."""
    with reader.reading(ticket) as snapshot:
        return [*presets(), *read_dashboards(snapshot.connection)]
