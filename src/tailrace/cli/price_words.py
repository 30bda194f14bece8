"""Prices in words for the terminal, and as JSON for scripts."""

from __future__ import annotations

from tailrace.cli.terminal import one_line
from tailrace.metrics.own_prices import PRICES, OwnPrice, OwnTier
from tailrace.metrics.pricing import Found
from tailrace.metrics.rates import KINDS, PriceRow, Rates
from tailrace.model import Json
from tailrace.model.priced import ModelUse, UnpricedModel
from tailrace.model.words import count_of, format_tokens

_MILLION = 1_000_000


def use_name(use: ModelUse) -> str:
    """A model of a database with who ran it."""
    return (one_line(use.model or "") or "(no model)") + (f" ({one_line(use.provider)})" if use.provider else "")


def unpriced_name(one: UnpricedModel) -> str:
    """A model without a price."""
    return one_line(one.model or "") or "(no model)"


def use_in_words(use: ModelUse, found: Found | None, width: int) -> str:
    """A model of a database with its price; its name takes `width` characters."""
    price = "no price any more" if found is None else f"{row_in_words(found.row)}  [{found.label}]"
    return f"{use_name(use):{width}} {count_of(use.spans, 'call'):>14}  {price}"


def unpriced_in_words(one: UnpricedModel, width: int) -> str:
    """A model without a price, and why; its name takes `width` characters."""
    tokens = f"{format_tokens(one.input_tokens)} in, {format_tokens(one.output_tokens)} out"
    reason = one.reason if one.reason.startswith("no price") else f"no price: {one.reason}"
    return f"{unpriced_name(one):{width}} {count_of(one.spans, 'call'):>14}  {reason} ({tokens})"


def _dollars(price: float) -> str:
    return f"${price:,.10g}"


def own_in_words(row: OwnPrice) -> str:
    """A row of one's own prices."""
    parts = [f"{_dollars(row.input)} in"]
    words = ("output", "out"), ("cached_input", "cached"), ("cache_write", "cache write"), ("reasoning", "reasoning")
    more = ("audio_input", "audio in"), ("audio_output", "audio out"), ("batch_input", "batch in")
    for name, word in (*words, *more, ("batch_output", "batch out")):
        if (price := getattr(row, name)) is not None:
            parts.append(f"{_dollars(price)} {word}")
    if row.batch_discount is not None:
        parts.append(f"batch {row.batch_discount:.0%} less")
    parts += [f"over {tier.over:,}: {_tier_in_words(tier)}" for tier in row.tiers]
    name = row.model + (f" ({row.provider})" if row.provider else "")
    since = f" since {row.since.isoformat()}" if row.since is not None else ""
    return f"{name}{since}: {', '.join(parts)} per million tokens"


def _tier_in_words(tier: OwnTier) -> str:
    said = ((tier.input, "in"), (tier.output, "out"), (tier.cached_input, "cached"))
    return " ".join(f"{_dollars(price)} {word}" for price, word in said if price is not None) or "as below"


def row_in_words(row: PriceRow) -> str:
    """A row of a table, in US dollars per million tokens."""
    rates = row.rates
    parts = [f"{_dollars(rates.input * _MILLION)} in"]
    for price, word in ((rates.output, "out"), (rates.cache_read, "cached")):
        if price is not None:
            parts.append(f"{_dollars(price * _MILLION)} {word}")
    parts += [f"over {limit:,}: {_dollars(tier.input * _MILLION)} in" for limit, tier in row.tiers]
    parts += [f"{name}: {_dollars(tier.input * _MILLION)} in" for name, tier, _ in row.services]
    return ", ".join(parts)


def own_as_json(row: OwnPrice) -> dict[str, Json]:
    """The same for scripts."""
    return {
        "model": row.model,
        "provider": row.provider,
        "since": None if row.since is None else row.since.isoformat(),
        **{name: getattr(row, name) for name in (*PRICES, "batch_input", "batch_output", "batch_discount")},
        "tiers": [{"over": tier.over, **{name: getattr(tier, name) for name in PRICES}} for tier in row.tiers],
    }


def _rates_as_json(rates: Rates) -> dict[str, Json]:
    prices = ((name, getattr(rates, kind)) for name, kind in zip(PRICES, KINDS, strict=True))
    return {name: None if price is None else price * _MILLION for name, price in prices}


def row_as_json(row: PriceRow) -> dict[str, Json]:
    """The same for scripts."""
    return {
        "model": row.name,
        **_rates_as_json(row.rates),
        "tiers": [{"over": limit, **_rates_as_json(tier)} for limit, tier in row.tiers],
        "services": {
            name: {**_rates_as_json(usual), "tiers": [{"over": limit, **_rates_as_json(tier)} for limit, tier in tiers]}
            for name, usual, tiers in row.services
        },
    }


def use_as_json(use: ModelUse, found: Found | None) -> dict[str, Json]:
    """The same for scripts."""
    return {
        "model": use.model,
        "provider": use.provider,
        "calls": use.spans,
        "unpriced_calls": use.unpriced,
        "table": None if found is None else found.table.name,
        "price": None if found is None else row_as_json(found.row),
    }


def unpriced_as_json(one: UnpricedModel) -> dict[str, Json]:
    """The same for scripts."""
    return {
        "model": one.model,
        "providers": list(one.providers),
        "calls": one.spans,
        "input_tokens": one.input_tokens,
        "output_tokens": one.output_tokens,
        "total_tokens": one.total_tokens,
        "reason": one.reason,
    }
