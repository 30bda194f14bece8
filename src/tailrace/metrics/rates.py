"""What a call costs under one row of a price table: by kind of token, size of the input, and service tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, TypeAlias

from tailrace.model import Usage

HIGHEST: Final = 1.0  # US dollars per token: what asks for more is no price


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per token. None where the table has no price of its own for a kind of token: cached input, written
    cache and audio input then cost what input costs, reasoning and audio output what output costs."""

    input: float
    output: float | None = None
    cache_read: float | None = None
    cache_write: float | None = None
    reasoning: float | None = None
    audio_input: float | None = None
    audio_output: float | None = None

    def cost(self, usage: Usage) -> tuple[float, float] | None:
        """What the input and the output of a call cost. None where the input is not known, and where there is output
        without a price. Parts that contradict their whole (more cached than there is input) are cut to it; counts below
        nothing, which only a spoilt database has, are not known."""
        given = usage.input
        if given is None or given < 0:
            return None
        price = self.input
        left = given
        cost = 0.0
        if usage.cache_read and usage.cache_read > 0:
            part = min(usage.cache_read, left)
            left -= part
            cost += part * (price if self.cache_read is None else self.cache_read)
        if usage.cache_write and usage.cache_write > 0:
            part = min(usage.cache_write, left)
            left -= part
            cost += part * (price if self.cache_write is None else self.cache_write)
        if self.audio_input is not None and usage.audio_input and usage.audio_input > 0:
            part = min(usage.audio_input, left)
            left -= part
            cost += part * self.audio_input
        input_cost = cost + left * price
        left = usage.output or 0
        if not left:
            return input_cost, 0.0
        if self.output is None or left < 0:
            return None
        cost = 0.0
        if self.reasoning is not None and usage.reasoning and usage.reasoning > 0:
            part = min(usage.reasoning, left)
            left -= part
            cost += part * self.reasoning
        if self.audio_output is not None and usage.audio_output and usage.audio_output > 0:
            part = min(usage.audio_output, left)
            left -= part
            cost += part * self.audio_output
        return input_cost, cost + left * self.output


KINDS: Final = tuple(field.name for field in fields(Rates))

# The rates of a whole request where its input has more tokens than a limit, ascending by limit
Tiers: TypeAlias = tuple[tuple[int, Rates], ...]
Service: TypeAlias = tuple[str, Rates, Tiers]
# What a table says: None where it says nothing of a kind, in the order of KINDS
Said: TypeAlias = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One model of a price table.

    `tiers` hold where the input has more tokens than a limit: then the whole request costs those rates. `services` are
    the rates and tiers of service tiers (batch, flex, priority …). In force from `since_ns` (None: always) and for
    calls of one `provider` (None: of any).
    """

    name: str
    rates: Rates
    tiers: Tiers = ()
    services: tuple[Service, ...] = ()
    since_ns: int | None = None
    provider: str | None = None

    def service(self, name: str | None) -> Service | None:
        """What the row says of a service tier; None where it says nothing of it."""
        return next((one for one in self.services if one[0] == name), None) if name is not None else None

    def rates_for(self, input_tokens: int, service: str | None = None) -> Rates:
        """The rates of a request of this input. A service tier that the row does not know costs the usual rates."""
        _, rates, tiers = self.service(service) or ("", self.rates, self.tiers)
        for limit, tier in tiers:
            if input_tokens > limit:
                rates = tier
        return rates


def make_row(
    name: str,
    said: Mapping[tuple[str, int], Said],
    since_ns: int | None = None,
    provider: str | None = None,
) -> PriceRow:
    """A row out of what a table says by (service tier, limit): ("", 0) is the usual service below all limits.

    What is not said of a tier is as it is below; what is not said of a service tier is as in the usual service for an
    input of that size. Raises ValueError where there is no price per input token.
    """
    usual = _tiers_of(said, "")
    services = tuple(
        (service, tiers[0][1], tiers[1:])
        for service in dict.fromkeys(service for service, _ in said if service)
        for tiers in (_tiers_of(said, service),)
    )
    return PriceRow(name, usual[0][1], usual[1:], services, since_ns, provider)


def _tiers_of(said: Mapping[tuple[str, int], Said], service: str) -> Tiers:
    limits = sorted({limit for of, limit in said if of in ("", service)} | {0})
    found: list[tuple[int, Rates]] = []
    below: list[float | None] = [None] * len(KINDS)
    for limit in limits:
        own, usual = said.get((service, limit), ()), said.get(("", limit), ())
        for kind in range(len(KINDS)):
            for values in (own, usual):
                if kind < len(values) and values[kind] is not None:
                    below[kind] = values[kind]
                    break
        if below[0] is None:
            raise ValueError("a row without a price per input token")
        found.append((limit, Rates(below[0], *below[1:])))
    return tuple(found)
