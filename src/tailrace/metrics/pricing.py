"""What a model call cost, where its trace does not say: estimates from a price table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from tailrace.assets import asset
from tailrace.errors import SourceError
from tailrace.model import Cost, CostSource, Usage

_CACHED_MODELS: Final = 10_000

# the date or revision of a model: claude-haiku-4-5-20251001, gpt-4o-2024-08-06, …@20250929, …-v1:0, …-latest
_REVISION: Final = re.compile(r"(?:[-@](?:20\d{6}|20\d\d-\d\d-\d\d|latest)|-v\d+(?::\d+)?|:\d+)$")
_REGION: Final = re.compile(r"^(?:us|eu|apac|au|jp|ca|sa|global|us-gov)\.(?=[a-z0-9]+\.)")

# OpenTelemetry's and the SDKs' words for a provider -> how LiteLLM's names begin
_PREFIXES: Final = {
    "anthropic": ("anthropic/",),
    "aws.bedrock": ("bedrock/", "anthropic.", "amazon.", "meta.", "mistral."),
    "azure": ("azure/", "azure_ai/"),
    "azure.ai.openai": ("azure/",),
    "azure.ai.inference": ("azure_ai/",),
    "az.ai.openai": ("azure/",),
    "az.ai.inference": ("azure_ai/",),
    "cohere": ("cohere/",),
    "deepseek": ("deepseek/",),
    "fireworks": ("fireworks_ai/accounts/fireworks/models/", "fireworks_ai/"),
    "gcp.gemini": ("gemini/",),
    "gcp.gen_ai": ("gemini/", "vertex_ai/"),
    "gcp.vertex_ai": ("vertex_ai/",),
    "google": ("gemini/", "vertex_ai/"),
    "groq": ("groq/", "groq/openai/"),
    "ibm.watsonx.ai": ("watsonx/",),
    "mistral": ("mistral/",),
    "mistral_ai": ("mistral/",),
    "mistralai": ("mistral/",),
    "moonshot_ai": ("moonshot/",),
    "ollama": ("ollama/",),
    "openai": ("openai/",),
    "openrouter": ("openrouter/",),
    "perplexity": ("perplexity/",),
    "together": ("together_ai/",),
    "vertexai": ("vertex_ai/",),
    "vertex_ai": ("vertex_ai/",),
    "x_ai": ("xai/",),
    "xai": ("xai/",),
}


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per token. None where the table has no price of its own for a kind of token."""

    input: float
    output: float | None = None
    cache_read: float | None = None
    cache_write: float | None = None
    reasoning: float | None = None


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One model of a price table: its rates, and the rates of the whole request where the input is over a limit (in
    tokens, ascending)."""

    name: str
    rates: Rates
    tiers: tuple[tuple[int, Rates], ...] = ()

    def rates_for(self, input_tokens: int) -> Rates:
        """The rates in force for a request of this input."""
        rates = self.rates
        for limit, tier in self.tiers:
            if input_tokens > limit:
                rates = tier
        return rates


class PriceTable:
    """Prices by model name. Cheap to ask again: a model's row is looked up once."""

    def __init__(self, name: str, date: str, rows: dict[str, PriceRow]) -> None:
        self.name = name
        self.date = date
        self._rows = rows
        self._lowered = {key.lower(): row for key, row in rows.items()}
        self._found: dict[tuple[str, str | None], PriceRow | None] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @classmethod
    def load(cls, path: Path | None = None) -> PriceTable:
        """The table that comes with Tailrace, or another file of the same form (resources/prices/README.md).
        Raises SourceError where the file is not such a table."""
        path = path if path is not None else asset("prices", "litellm.json")
        try:
            whole = orjson.loads(path.read_bytes())
            rows = {name: _read_row(name, row) for name, row in whole["rows"].items()}
            return cls(str(whole["name"]), str(whole["date"]), rows)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise SourceError(f"{path} is not a price table: {error}") from error

    def find(self, model: str, provider: str | None = None) -> PriceRow | None:
        """The row of a model: by its exact name, then with the provider's prefix, then without a prefix of its own
        (openai/…, models/…, us.anthropic.…), then the same without a date or revision. Case does not matter."""
        key = (model, provider)
        try:
            return self._found[key]
        except KeyError:
            pass
        row = next((self._lowered[name] for name in _names(model, provider) if name in self._lowered), None)
        if len(self._found) >= _CACHED_MODELS:
            self._found.clear()
        self._found[key] = row
        return row

    def price(self, model: str | None, provider: str | None, usage: Usage | None, start_ns: int) -> Cost | None:
        """The estimated cost of one call. None for an unknown model, for usage without input tokens, and where output
        tokens have no price. This table has one date, so `start_ns` does not choose between prices."""
        if model is None or usage is None or usage.input is None:
            return None
        row = self.find(model, provider)
        if row is None:
            return None
        rates = row.rates_for(usage.input)
        read = min(usage.cache_read or 0, usage.input)
        written = min(usage.cache_write or 0, usage.input - read)
        input_cost = (
            (usage.input - read - written) * rates.input
            + read * (rates.cache_read if rates.cache_read is not None else rates.input)
            + written * (rates.cache_write if rates.cache_write is not None else rates.input)
        )
        output = usage.output or 0
        output_cost = 0.0
        if output:
            if rates.output is None:
                return None
            reasoning = min(usage.reasoning or 0, output) if rates.reasoning is not None else 0
            output_cost = (output - reasoning) * rates.output + reasoning * (rates.reasoning or 0.0)
        return Cost(
            input_cost + output_cost,
            CostSource.PRICE_TABLE,
            input=input_cost,
            output=output_cost,
            detail=f"{self.name}: {row.name}",
        )


def _read_row(name: str, values: Sequence[object]) -> PriceRow:
    plain = [value for value in values if not isinstance(value, dict)]
    rates = _read_rates(plain, None)
    tiers = next((value for value in values if isinstance(value, dict)), {})
    return PriceRow(
        name,
        rates,
        tuple(sorted(((int(limit), _read_rates(tier, rates)) for limit, tier in tiers.items()), key=lambda t: t[0])),
    )


def _read_rates(values: Sequence[object], below: Rates | None) -> Rates:
    """Rates out of a row; a tier's missing prices are those below it."""
    known = [float(value) if isinstance(value, int | float) else None for value in values]
    known += [None] * (5 - len(known))
    if below is not None:
        former = (below.input, below.output, below.cache_read, below.cache_write, below.reasoning)
        known = [new if new is not None else old for new, old in zip(known, former, strict=False)]
    if known[0] is None:
        raise ValueError("a row without a price per input token")
    return Rates(known[0], *known[1:5])


def _names(model: str, provider: str | None) -> Iterator[str]:
    """The names to try for a model, best first."""
    whole = model.strip().lower()[:300]
    stems = [whole]
    for _ in range(4):
        shorter = _REVISION.sub("", stems[-1])
        if shorter == stems[-1] or not shorter:
            break
        stems.append(shorter)
    prefixes = _PREFIXES.get(provider, ()) if provider is not None else ()
    for stem in stems:
        yield stem
        for prefix in prefixes:
            yield prefix + stem
        bare = _REGION.sub("", stem)
        if bare != stem:
            yield bare
        while "/" in bare:
            bare = bare.partition("/")[2]
            yield bare
