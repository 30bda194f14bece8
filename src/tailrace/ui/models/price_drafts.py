"""Prices while they are being edited: as typed, what is wrong with them, and the rows that they come to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from tailrace.metrics.model_names import LONGEST
from tailrace.metrics.name_patterns import is_glob
from tailrace.metrics.own_prices import (
    HIGHEST_PRICE,
    MOST_TIERS,
    PRICES,
    OwnPrice,
    OwnTier,
    make_own,
    own_table,
    since_of,
)
from tailrace.metrics.rates import KINDS, PriceRow, Rates
from tailrace.model import Json
from tailrace.model.priced import ModelUse

MILLION = 1_000_000
# the fields of a row and of a tier that are prices
PRICE_FIELDS = (
    "input", "output", "cached_input", "cache_write", "reasoning", "audio_input", "audio_output", "batch_input",
    "batch_output",
)  # fmt: skip
TIER_FIELDS = ("input", "output", "cached_input")


@dataclass(frozen=True, slots=True)
class TierDraft:
    """A tier as typed. `former` is what it was."""

    over: str = ""
    input: str = ""
    output: str = ""
    cached_input: str = ""
    former: OwnTier | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as typed: numbers are text, empty where there is none, the discount in per cent. `former`: what it was."""

    model: str = ""
    provider: str = ""
    since: str = ""
    input: str = ""
    output: str = ""
    cached_input: str = ""
    cache_write: str = ""
    reasoning: str = ""
    audio_input: str = ""
    audio_output: str = ""
    batch_input: str = ""
    batch_output: str = ""
    batch_discount: str = ""
    tiers: tuple[TierDraft, ...] = ()
    former: OwnPrice | None = None


def draft_of(row: OwnPrice) -> Draft:
    """A row as a person would type it."""
    tiers = tuple(_tier_draft(tier.over, {n: getattr(tier, n) for n in TIER_FIELDS}, tier) for tier in row.tiers)
    said: dict[str, Any] = {name: typed(getattr(row, name)) for name in PRICE_FIELDS}
    return Draft(
        row.model,
        row.provider or "",
        "" if row.since is None else row.since.isoformat(),
        **said,
        batch_discount=typed(None if row.batch_discount is None else row.batch_discount * 100),
        tiers=tiers,
        former=row,
    )


def draft_like(row: PriceRow) -> Draft:
    """A new row that begins with the prices of a table."""
    batch = row.service("batch")
    prices = _per_million(row.rates)
    if batch is not None:
        prices |= {
            f"batch_{name}": price for name, price in _per_million(batch[1]).items() if name in ("input", "output")
        }
    said: dict[str, Any] = {name: typed(price) for name, price in prices.items()}
    tiers = tuple(_tier_draft(limit, _per_million(tier), None) for limit, tier in row.tiers)
    return Draft(row.name, row.provider or "", **said, tiers=tiers)


def _per_million(rates: Rates) -> dict[str, float | None]:
    prices = zip(PRICES, (getattr(rates, kind) for kind in KINDS), strict=True)
    return {name: None if price is None else price * MILLION for name, price in prices}


def _tier_draft(over: int, prices: Mapping[str, float | None], former: OwnTier | None) -> TierDraft:
    said: dict[str, Any] = {name: typed(prices[name]) for name in TIER_FIELDS}
    return TierDraft(str(over), **said, former=former)


def typed(number: float | None) -> str:
    """A number as a person would type it."""
    return "" if number is None else f"{number:.10g}"


def number_of(text: str) -> float | None:
    """The number that a text is, with a point or a comma; None when it is none."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def limit_of(text: str) -> int | None:
    """The count of tokens that a text is: 200000, 200,000 or 200k."""
    plain = text.strip().lower().replace(",", "").replace(" ", "").replace("_", "")
    factor = 1_000 if plain.endswith("k") else 1
    plain = plain.removesuffix("k")
    return int(plain) * factor if plain.isascii() and plain.isdecimal() and len(plain) < 12 else None


def problems(drafts: Sequence[Draft], at: int) -> dict[str, str]:
    """What is wrong with a draft, in words by field: model, provider, since, a price, batch_discount or tiers."""
    draft = drafts[at]
    if draft.former is not None and draft == draft_of(draft.former):
        return {}
    found: dict[str, str] = {}
    if not draft.model.strip():
        found["model"] = "Name a model, or a pattern: * is any text, ? any character."
    elif len(draft.model) > LONGEST or not draft.model.isprintable():
        found["model"] = f"A name has at most {LONGEST} characters, all of which can be read."
    for name in PRICE_FIELDS:
        text = getattr(draft, name)
        if text.strip() and not _is_price(text):
            found[name] = f"A number from 0 to {HIGHEST_PRICE:,.0f}."
    if not draft.input.strip():
        found["input"] = "What do a million tokens cost?"
    if draft.since.strip():
        try:
            since_of(draft.since)
        except ValueError:
            found["since"] = "A day such as 2026-01-31."
    if draft.batch_discount.strip():
        discount = number_of(draft.batch_discount.replace("%", ""))
        if discount is None or not 0 <= discount <= 100:
            found["batch_discount"] = "A number from 0 to 100."
    if fault := _tier_problem(draft.tiers):
        found["tiers"] = fault
    if not found:
        try:
            row = price_of(draft)
        except ValueError as error:
            return {"model": str(error)}
        if any(i != at and _key_of(other) == row.key for i, other in enumerate(drafts)):
            found["since"] = "Another row says what this model costs from that day on."
    return found


def _is_price(text: str) -> bool:
    number = number_of(text)
    return number is not None and 0 <= number <= HIGHEST_PRICE


def _tier_problem(tiers: Sequence[TierDraft]) -> str:
    limits = [limit_of(tier.over) for tier in tiers]
    if len(tiers) > MOST_TIERS:
        return f"At most {MOST_TIERS} tiers."
    if any(not limit for limit in limits):
        return "Each tier needs a count of tokens that it begins above: 200000."
    if len(set(limits)) < len(limits):
        return "Two tiers begin at the same count of tokens."
    for tier in tiers:
        texts = [getattr(tier, name) for name in TIER_FIELDS]
        if not any(text.strip() for text in texts):
            return "Each tier needs a price."
        if any(text.strip() and not _is_price(text) for text in texts):
            return f"Prices of tiers are numbers from 0 to {HIGHEST_PRICE:,.0f}."
    return ""


def _key_of(draft: Draft) -> tuple[object, ...] | None:
    try:
        since = since_of(draft.since) if draft.since.strip() else None
    except ValueError:
        return None
    return draft.model.strip().lower(), draft.provider.strip().lower(), since


def price_of(draft: Draft) -> OwnPrice:
    """The row that a sound draft means; ValueError for one with faults. What was not touched stays as it was."""
    former = draft.former
    if former is not None and draft == draft_of(former):
        return former
    raw: dict[str, Json] = {"model": draft.model.strip()}
    if draft.provider.strip():
        raw["provider"] = draft.provider.strip()
    if draft.since.strip():
        raw["since"] = draft.since.strip()
    raw |= _numbers(draft, PRICE_FIELDS)
    if fault := _tier_problem(draft.tiers):
        raise ValueError(fault)
    if draft.batch_discount.strip():
        discount = number_of(draft.batch_discount.replace("%", ""))
        raw["batch_discount"] = math.nan if discount is None else discount / 100
    if draft.tiers:
        raw["tiers"] = [_tier_of(tier) for tier in draft.tiers]
    return make_own(raw, former)


def _tier_of(tier: TierDraft) -> dict[str, Json]:
    kept: dict[str, Json] = {}
    if tier.former is not None:
        kept = dict(tier.former.extra)
        for each in fields(OwnTier):
            if each.name not in ("extra", "over", *TIER_FIELDS):
                kept[each.name] = getattr(tier.former, each.name)
    return kept | {"over": limit_of(tier.over)} | _numbers(tier, TIER_FIELDS)


def _numbers(draft: Draft | TierDraft, names: Sequence[str]) -> dict[str, Json]:
    typed_in = {name: text for name in names if (text := getattr(draft, name)).strip()}
    return {name: math.nan if (number := number_of(text)) is None else number for name, text in typed_in.items()}


# What is said of them


def summary_of(draft: Draft) -> str:
    """One line below a row's name."""
    parts = [f"${draft.input or '?'} in"]
    if draft.output.strip():
        parts.append(f"${draft.output} out")
    if draft.provider.strip():
        parts.append(draft.provider.strip())
    parts.append(f"since {draft.since.strip()}" if draft.since.strip() else "always")
    return " · ".join(parts)


def example_of(draft: Draft) -> str:
    """What a call would cost by it."""
    given, said = number_of(draft.input), number_of(draft.output)
    if given is None or (draft.output.strip() and said is None):
        return ""
    cost = (10_000 * given + 1_000 * (said or 0.0)) / MILLION
    out = " and 1,000 out" if said is not None else ""
    return f"10,000 tokens in{out} cost ${cost:,.6g}."


def reach_words(draft: Draft, uses: Sequence[ModelUse], left_out: int = 0) -> str:
    """Which models of the open database a row is about, whatever its day; empty for one with faults. `left_out` is how
    many less used ones are not among `uses`."""
    try:
        table = own_table([price_of(draft)])
    except ValueError:
        return ""
    found = [use for use in uses if use.model is not None and table.candidates(use.model, use.provider)]
    among = f" (among its {len(uses):,} most used models)" if left_out else ""
    if not found:
        what = "pattern" if is_glob(draft.model) else "name"
        return f"No model of this database has this {what}{among}." if uses else ""
    names = list(dict.fromkeys(use.model or "" for use in found))
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    calls = sum(use.spans for use in found)
    return f"{', '.join(names[:3])}{more}: {calls:,} call{'' if calls == 1 else 's'} in this database{among}."
