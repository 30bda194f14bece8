"""Which prices the costs of a database were estimated with, and what others would make of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PricesUsed:
    """Some prices: `fingerprint` is the same for prices that price everything alike and empty where costs come from
    several, `name` is what people call them."""

    fingerprint: str
    name: str


@dataclass(frozen=True, slots=True)
class ModelUse:
    """The calls of one model by one provider whose cost the file does not say: how many, how many of them have no
    price, the tokens of these, and when the first and the last of all began."""

    model: str | None
    provider: str | None
    spans: int
    unpriced: int
    input_tokens: int
    output_tokens: int
    total_tokens: int
    first_ns: int
    last_ns: int


@dataclass(frozen=True, slots=True)
class UnpricedModel:
    """A model without a price (None: calls that do not say their model), with its calls and their tokens, each counted
    once. `reason` is a sentence."""

    model: str | None
    providers: tuple[str, ...]
    spans: int
    input_tokens: int
    output_tokens: int
    total_tokens: int
    reason: str


@dataclass(frozen=True, slots=True)
class Repricing:
    """What pricing again comes to: of `looked_at` calls whose cost is an estimate or missing, `changed` get another
    cost. `before` and `after` are the known costs of those in US dollars, each counted once; None where none is."""

    looked_at: int = 0
    changed: int = 0
    models: tuple[str, ...] = ()
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class PriceNews:
    """That the costs of a database were estimated with other prices (`former`; None: nobody noted which) than those in
    force, and what pricing them again would change. `begun`: that was begun and not finished."""

    former: PricesUsed | None
    now: PricesUsed
    repricing: Repricing
    begun: bool = False
