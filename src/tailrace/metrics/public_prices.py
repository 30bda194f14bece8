"""The price files that others publish: LiteLLM's model_prices_and_context_window.json and Langfuse's
default-model-prices.json, as they are.

They come from anywhere, so that whatever in them makes no sense is left out and counted, and their patterns are read by
`name_patterns` alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeGuard

import orjson

from tailrace.errors import SourceError
from tailrace.metrics.model_names import LONGEST
from tailrace.metrics.name_patterns import read_expression
from tailrace.metrics.price_files import Entry, is_price
from tailrace.metrics.rates import KINDS, Said, make_row
from tailrace.model.time import format_time, parse_time

LARGEST_FILE: Final = 64_000_000  # bytes; LiteLLM's has three million
_MOST_ENTRIES: Final = 50_000
_MOST_PATTERNS: Final = 2_000
_MOST_LIMIT: Final = 10**12
_MOST_PARTS: Final = 100  # service tiers and limits of one model
_HINT: Final = (
    "Import LiteLLM's model_prices_and_context_window.json or Langfuse's default-model-prices.json as they are."
)

NO_PRICE: Final = "no price per token"
_BAD_NAME: Final = "a name that is no name of a model"
_BAD_PRICE: Final = "a price that is no number from 0 to 1 dollar a token"
_OTHER_PRICE: Final = "priced by something else than tokens"
_BAD_ENTRY: Final = "an entry that is not an object"
_TOO_MANY: Final = f"more than {_MOST_ENTRIES:,} entries"


@dataclass(frozen=True, slots=True)
class PublicPrices:
    """What a price file says. `name` is whose it is, `date` the day of its latest change where it says one, `left_out`
    counts what was left out by reason, with the first of each in `examples`."""

    name: str
    date: str
    entries: tuple[Entry, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)


def read_public(content: bytes, where: str) -> PublicPrices:
    """The prices in a file's content; `where` is the file's name. Raises SourceError where it is no such file or says
    no price at all."""
    if len(content) > LARGEST_FILE:
        raise SourceError(f"{where} has more than {LARGEST_FILE // 1_000_000} MB, which no price file has.", _HINT)
    try:
        whole = orjson.loads(content)
    except ValueError as error:
        raise SourceError(f"{where} is not JSON: {error}.", _HINT) from error
    if isinstance(whole, dict):
        reader: _Reader = _LiteLLM()
        reader.read(whole.items())
    elif isinstance(whole, list):
        reader = _Langfuse()
        reader.read((None, one) for one in whole)
    else:
        raise SourceError(f"{where} is not a price file.", _HINT)
    if not reader.entries:
        raise SourceError(f"{where} has no price of any model.", _HINT, _listed(reader.left_out))
    return PublicPrices(reader.name, reader.date, tuple(reader.entries), dict(reader.left_out), reader.examples)


def _listed(counts: Mapping[str, int]) -> str:
    return "\n".join(f"{count:,} × {reason}" for reason, count in counts.items())


class _Reader:
    """Reads entry by entry, counting what is left out."""

    name = ""
    date = ""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.left_out: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def read(self, items: Any) -> None:
        """Read (name or None, entry) one after the other."""
        for name, entry in items:
            if len(self.entries) >= _MOST_ENTRIES:
                self.leave(_TOO_MANY, name)
            elif not isinstance(entry, dict):
                self.leave(_BAD_ENTRY, name)
            else:
                self.take(name, entry)

    def take(self, name: str | None, entry: dict[str, Any]) -> None:
        """Read one entry."""
        raise TypeError("a reader of one kind of file says how")

    def leave(self, reason: str, example: object) -> None:
        """Count something that is left out."""
        self.left_out[reason] += 1
        self.examples.setdefault(reason, str(example)[:80])

    def keep(self, entry: Entry) -> None:
        """Take an entry in where it says the price of input."""
        if len(entry.said) > _MOST_PARTS:
            self.leave(f"more than {_MOST_PARTS} tiers", entry.name)
            return
        try:
            make_row(entry.name, entry.said)
        except ValueError:
            self.leave(NO_PRICE, entry.name)
        else:
            self.entries.append(entry)

    def named(self, name: object) -> str | None:
        """A name that can be one of a model; None, and counted, where it is none."""
        if isinstance(name, str) and len(name.strip()) > 0 and len(name) <= LONGEST and name.isprintable():
            return name.strip()
        self.leave(_BAD_NAME, name)
        return None


class _LiteLLM(_Reader):
    name = "LiteLLM"

    _FIELDS: Final = {
        "input_cost_per_token": "input",
        "output_cost_per_token": "output",
        "cache_read_input_token_cost": "cache_read",
        "cache_creation_input_token_cost": "cache_write",
        "output_cost_per_reasoning_token": "reasoning",
        "input_cost_per_audio_token": "audio_input",
        "output_cost_per_audio_token": "audio_output",
    }
    _FIELD: Final = re.compile(rf"({'|'.join(_FIELDS)})(?:_above_(\d{{1,7}})k_tokens)?(?:_([a-z]{{1,20}}))?")
    _SERVICES: Final = {"batches": "batch"}

    def take(self, name: str | None, entry: dict[str, Any]) -> None:
        model = self.named(name)
        if model is None or model == "sample_spec":
            return
        said: dict[tuple[str, int], list[float | None]] = {}
        self._fill(said, model, entry, 0)
        tiers = entry.get("tiered_pricing")
        for tier in tiers if isinstance(tiers, list) else ():
            if not isinstance(tier, dict) or not any(key in self._FIELDS for key in tier):
                continue  # of searches, of seconds …
            bounds = tier.get("range")
            low = bounds[0] if isinstance(bounds, list) and bounds else None
            if _is_number(low) and 0 <= low <= _MOST_LIMIT:
                self._fill(said, model, tier, int(low))
            else:
                self.leave("a tier without a range", model)
        usual = said.get(("", 0))
        if usual is None or usual[0] is None:
            self.leave(NO_PRICE, model)
        elif not any(price for prices in said.values() for price in prices) and _costs_otherwise(entry):
            self.leave(_OTHER_PRICE, model)
        else:
            self.keep(Entry(model, said))

    def _fill(
        self, said: dict[tuple[str, int], list[float | None]], model: str, entry: dict[str, Any], low: int
    ) -> None:
        for key, value in entry.items():
            found = self._FIELD.fullmatch(key)
            if found is None or value is None:
                continue
            if not is_price(value):
                self.leave(_BAD_PRICE, f"{model}: {key}")
                continue
            service = found[3] or ""
            limit = int(found[2]) * 1_000 if found[2] else low
            prices = said.setdefault((self._SERVICES.get(service, service), limit), [None] * len(KINDS))
            place = KINDS.index(self._FIELDS[found[1]])
            if prices[place] is None:
                prices[place] = float(value)


def _costs_otherwise(entry: Mapping[str, Any]) -> bool:
    return any("cost" in key and _is_number(value) and value > 0 for key, value in entry.items())


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


class _Langfuse(_Reader):
    name = "Langfuse"

    # its users' words for one kind of token, the most usual first
    _WORDS: Final = {
        "input": (
            "input", "input_tokens", "input_text", "input_text_tokens", "prompt_tokens", "prompt_token_count", "total",
        ),
        "output": (
            "output", "output_tokens", "output_text", "output_text_tokens", "completion_tokens",
            "candidates_token_count", "total",
        ),
        "cache_read": (
            "input_cached_tokens", "input_cache_read", "cache_read_input_tokens", "input_cached_text_tokens",
            "cached_content_token_count",
        ),
        "cache_write": (
            "input_cache_creation", "cache_creation_input_tokens", "input_cache_creation_5m", "input_cache_write",
            "cache_write_tokens",
        ),
        "reasoning": ("output_reasoning_tokens", "output_reasoning", "reasoning_tokens", "thoughts_token_count"),
        "audio_input": ("input_audio_tokens", "input_audio"),
        "audio_output": ("output_audio_tokens", "output_audio"),
    }  # fmt: skip
    _OF_INPUT: Final = frozenset(("input", "prompt", "cached", "cache_read", "cache_write", "cache_creation"))

    def take(self, name: str | None, entry: dict[str, Any]) -> None:
        model = self.named(entry.get("modelName"))
        if model is None:
            return
        pattern = entry.get("matchPattern")
        if not self._is_understood(pattern) or not isinstance(pattern, str):
            self.leave("a pattern that is not understood", model)
            return
        if sum(one.pattern is not None for one in self.entries) >= _MOST_PATTERNS:
            self.leave(f"more than {_MOST_PATTERNS:,} patterns", model)
            return
        said: dict[tuple[str, int], Said] = {}
        tiers = entry.get("pricingTiers")
        if not isinstance(tiers, list):
            tiers = [{"conditions": [], "prices": entry.get("prices")}]
        for tier in tiers:
            services_at = self._condition(tier)
            if services_at is None:
                self.leave("a price under a condition that is not understood", model)
                continue
            prices = self._prices(model, tier["prices"])
            said |= {place: prices for place in services_at if place not in said}
        updated = entry.get("updatedAt")
        if (moment := _moment(updated)) is not None:
            self.date = max(self.date, format_time(moment)[:10])
        start = entry.get("startDate") or entry.get("start_date")
        since = _moment(start)
        if start is not None and since is None:
            self.leave("a start that is no date", model)
            return
        self.keep(Entry(model, said, pattern, since))

    def _is_understood(self, pattern: object) -> bool:
        try:
            return isinstance(pattern, str) and bool(read_expression(pattern).parts)
        except ValueError:
            return False

    def _prices(self, model: str, prices: dict[str, Any]) -> Said:
        found: list[float | None] = []
        for kind in KINDS:
            values = [prices[word] for word in self._WORDS[kind] if prices.get(word) is not None]
            if values and not is_price(values[0]):
                self.leave(_BAD_PRICE, f"{model}: {kind}")
            found.append(float(values[0]) if values and is_price(values[0]) else None)
        return found

    def _condition(self, tier: Any) -> list[tuple[str, int]] | None:
        """Under which service tiers and over which limit a tier's prices hold; None where that is not understood."""
        if not isinstance(tier, dict) or not isinstance(tier.get("prices"), dict):
            return None
        conditions = tier.get("conditions", [])
        services, limit = [""], 0
        for condition in conditions if isinstance(conditions, list) else [None]:
            if not isinstance(condition, dict):
                return None
            operator, value, values = (condition.get(key) for key in ("operator", "value", "values"))
            words = condition.get("usageDetailPattern")
            if condition.get("key") == "service_tier" and operator == "in" and isinstance(values, list):
                named = ["priority" if one == "fast" else one for one in values if isinstance(one, str)]
                services = list(dict.fromkeys(one for one in named if re.fullmatch("[a-z_]{1,20}", one)))
            elif isinstance(words, str) and operator in ("gt", "gte") and _is_number(value):
                if not set(words.strip("()").split("|")) <= self._OF_INPUT or not 0 < value <= _MOST_LIMIT:
                    return None
                limit = int(value) - (operator == "gte")
            else:
                return None
        return [(service, limit) for service in services] or None


def _moment(text: object) -> int | None:
    try:
        return parse_time(text) if isinstance(text, str) and len(text) <= 40 else None
    except (ValueError, OverflowError):
        return None
