"""What the prices in force make of a database: models without one, and pricing again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from tailrace.errors import DatabaseError
from tailrace.jobs import Ticket
from tailrace.metrics.pricing import Prices
from tailrace.model.priced import ModelUse, PriceNews, Repricing, UnpricedModel
from tailrace.store import Reader, Writer, repricing
from tailrace.workspace.importing import Progress
from tailrace.workspace.prices import current_prices, used_of

UNKNOWN = "no price is known for it"
NO_MODEL = "these calls do not say their model"
NO_OUTPUT = "its row has no price of output"
NO_INPUT = "its calls do not say how many tokens went in"
NOT_YET = "it has a price now: price the database again"


def read_uses(reader: Reader, ticket: Ticket | None) -> list[ModelUse]:
    """Every model by provider whose calls' costs the file does not say, the most used first."""
    with reader.reading(ticket) as snapshot:
        return repricing.read_uses(snapshot.connection)


def unpriced(uses: Sequence[ModelUse], prices: Prices) -> list[UnpricedModel]:
    """The models among these that have calls without a price, the most used first, with the reason."""
    by_model: dict[str | None, list[ModelUse]] = {}
    for use in uses:
        if use.unpriced:
            by_model.setdefault(use.model, []).append(use)
    found = [
        UnpricedModel(
            model,
            tuple(sorted({use.provider for use in group if use.provider is not None})),
            sum(use.unpriced for use in group),
            sum(use.input_tokens for use in group),
            sum(use.output_tokens for use in group),
            sum(use.total_tokens for use in group),
            _reason(max(group, key=lambda use: use.input_tokens), prices),
        )
        for model, group in by_model.items()
    ]
    return sorted(found, key=lambda one: -one.spans)


def _reason(use: ModelUse, prices: Prices) -> str:
    if use.model is None:
        return NO_MODEL
    row = prices.find(use.model, use.provider, use.last_ns)
    if row is None:
        return UNKNOWN
    if not use.input_tokens:
        return NO_INPUT
    return NO_OUTPUT if row.row.rates.output is None and use.output_tokens else NOT_YET


def changed_by(uses: Sequence[ModelUse], before: Prices, after: Prices) -> list[ModelUse]:
    """Those of some models whose calls cost something else by other prices."""
    return [
        use
        for use in uses
        if use.model is not None and not after.agrees(before, use.model, use.provider, use.first_ns, use.last_ns)
    ]


def reprice(writer: Callable[[], Writer], name: str, ticket: Ticket) -> Repricing:
    """Price again what has an estimate or no cost, with ImportProgress as the ticket's news."""
    with writer() as one:
        return one.reprice(ticket, Progress(ticket, name).of("pricing", "spans"))


def survey(reader: Reader, prices: Prices, ticket: Ticket | None) -> Repricing:
    """What pricing again by some prices would change."""
    with reader.reading(ticket) as snapshot:
        return repricing.survey(snapshot.connection, prices.price, ticket, None)


def read_news(reader: Reader, writer: Callable[[], Writer], name: str, ticket: Ticket) -> PriceNews | None:
    """Whether the database was priced with other prices than those in force, and what these would change; None where
    that is nothing, which is noted, so that it is found out once."""
    prices = current_prices()
    now = used_of(prices)
    with reader.reading(ticket) as snapshot:
        known = repricing.read_used(snapshot.connection)
        if known is not None and known[0].fingerprint == now.fingerprint:
            return None
        found = repricing.survey(
            snapshot.connection, prices.price, ticket, Progress(ticket, name).of("comparing prices", "spans")
        )
    if found.changed:
        former = known[0] if known is not None and known[0].fingerprint else None
        return PriceNews(former, now, found, known is not None and known[1] == now.fingerprint)
    with suppress(DatabaseError), writer() as one:  # what nobody may write is looked through again next time
        one.note_prices()
    return None
