"""What a model call cost, where its trace does not say: estimates from price tables.

Which price counts for a call:

1. Tables are asked in order: a person's own prices, what they imported, what comes with Tailrace. The first that has a
   price for the model in force at the moment the call began is the one that counts.
2. In a table a row that names the model goes before one whose pattern matches it; among those one for the call's
   provider before one for any; then the pattern that gives more of the name; then the one in force since later.
3. A row is in force from its `since` on (without one: always), until a row that goes before it is.
4. A table of public prices also finds a model by its name with the provider's prefix, without its own, and without a
   date or revision. A person's own prices are taken at their word.

A model without a row has no price: its cost is unknown, never 0.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from tailrace.metrics.model_names import LONGEST, names_of
from tailrace.metrics.name_patterns import Matcher, NamePattern
from tailrace.metrics.rates import PriceRow
from tailrace.model import Cost, CostSource, Usage
from tailrace.model.time import format_time

_CACHED_MODELS: Final = 10_000
_ALWAYS: Final = -(1 << 63)
LATEST: Final = (1 << 63) - 1


class PriceTable:
    """Prices by model name. `name` and `date` are shown beside what is estimated with it. `matching` are rows by a
    pattern; `guesses` looks for a model under other names than its own, too."""

    def __init__(
        self,
        name: str,
        date: str,
        rows: Iterable[PriceRow],
        matching: Sequence[tuple[NamePattern, PriceRow]] = (),
        *,
        guesses: bool = True,
        digest: str = "",
    ) -> None:
        self.name = name
        self.date = date
        self.rows = tuple(rows)
        self.matching = tuple(matching)
        self._guesses = guesses
        self._digest = digest
        self._by_name: dict[str, list[PriceRow]] = {}
        for row in self.rows:
            self._by_name.setdefault(row.name.strip().lower(), []).append(row)
        self._matcher = Matcher([pattern for pattern, _ in self.matching]) if self.matching else None
        self._alone: Prices | None = None

    def __len__(self) -> int:
        return len(self.rows) + len(self.matching)

    @property
    def digest(self) -> str:
        """The same for two tables that price everything alike, whatever they are called."""
        if not self._digest:
            said = repr((self.rows, self.matching, self._guesses)).encode("utf-8", "replace")
            self._digest = blake2b(said, digest_size=16).hexdigest()
        return self._digest

    @classmethod
    def load(cls, path: Path | None = None) -> PriceTable:
        """The table that comes with Tailrace, or another file of the same form (resources/prices/README.md).
        Raises SourceError where the file is not such a table."""
        from tailrace.metrics.price_files import load_table

        return load_table(path)

    def candidates(self, model: str, provider: str | None = None) -> list[PriceRow]:
        """The rows for a model, whenever they are in force, best first."""
        names = list(dict.fromkeys(names_of(model, provider))) if self._guesses else [model.strip().lower()]
        spoken = None if provider is None else provider.lower()
        found: list[PriceRow] = []
        for name in names:
            found += _in_order([(0, row) for row in self._by_name.get(name, ())], spoken)
        for name in names if self._matcher is not None else ():
            assert self._matcher is not None
            hits = [self.matching[place] for place in self._matcher.match(name)]
            found += _in_order([(pattern.literal, row) for pattern, row in hits], spoken)
        return found

    def find(self, model: str, provider: str | None = None, start_ns: int = LATEST) -> PriceRow | None:
        """The row of a model at a moment; the latest unless one is given. Case does not matter."""
        found = self._prices().find(model, provider, start_ns)
        return None if found is None else found.row

    def price(self, model: str | None, provider: str | None, usage: Usage | None, start_ns: int) -> Cost | None:
        """The estimated cost of one call by this table alone."""
        return self._prices().price(model, provider, usage, start_ns)

    def _prices(self) -> Prices:
        if self._alone is None:
            self._alone = Prices((self,))
        return self._alone


def _in_order(found: list[tuple[int, PriceRow]], provider: str | None) -> list[PriceRow]:
    meant = [(literal, row) for literal, row in found if row.provider is None or row.provider.lower() == provider]
    meant.sort(
        key=lambda one: (one[1].provider is None, -one[0], -(_ALWAYS if one[1].since_ns is None else one[1].since_ns))
    )
    return [row for _, row in meant]


@dataclass(frozen=True, slots=True)
class Found:
    """The row that counts, and the table that it is of."""

    row: PriceRow
    table: PriceTable

    @property
    def label(self) -> str:
        """What is shown beside a cost."""
        since = self.row.since_ns
        return f"{self.table.name}: {self.row.name}" + ("" if since is None else f" since {format_time(since)[:10]}")


@dataclass(frozen=True, slots=True)
class _History:
    """Which row counts from when on: `found[i]` from `since[i]` on, and `labels` of them."""

    since: tuple[int, ...]
    found: tuple[Found | None, ...]
    labels: tuple[str, ...]


class Prices:
    """Price tables in the order in which they are asked. Cheap to ask again: a model is looked up once."""

    def __init__(self, tables: Sequence[PriceTable]) -> None:
        self.tables = tuple(tables)
        self._histories: dict[tuple[str, str | None], _History] = {}

    @property
    def name(self) -> str:
        """What people call them."""
        return ", ".join(table.name for table in self.tables if len(table))

    @property
    def fingerprint(self) -> str:
        """The same for prices that price everything alike, prefixed with its algorithm."""
        digests = " ".join(table.digest for table in self.tables if len(table))
        return "b2:" + blake2b(digests.encode(), digest_size=16).hexdigest()

    def price(self, model: str | None, provider: str | None, usage: Usage | None, start_ns: int) -> Cost | None:
        """The estimated cost of one call that began at `start_ns`. None for an unknown model, for usage without input
        tokens, and where output tokens have no price."""
        if model is None or usage is None or usage.input is None:
            return None
        history = self._histories.get((model, provider)) or self._history(model, provider)
        place = 0 if len(history.since) == 1 else bisect_right(history.since, start_ns) - 1
        found = history.found[place]
        if found is None:
            return None
        row = found.row
        label = history.labels[place]
        if usage.service_tier is None and not row.tiers:
            rates = row.rates
        else:
            rates = row.rates_for(usage.input, usage.service_tier)
            label += _more_words(row, usage.input, usage.service_tier)
        amounts = rates.cost(usage)
        if amounts is None:
            return None
        return Cost(amounts[0] + amounts[1], CostSource.PRICE_TABLE, amounts[0], amounts[1], label)

    def find(self, model: str, provider: str | None = None, start_ns: int = LATEST) -> Found | None:
        """The row that counts for a model at a moment; the latest unless one is given."""
        history = self._histories.get((model, provider)) or self._history(model, provider)
        return history.found[bisect_right(history.since, start_ns) - 1]

    def history(
        self, model: str, provider: str | None, first_ns: int, last_ns: int
    ) -> tuple[tuple[int, Found | None], ...]:
        """What counted for the calls of a model that began between two moments, both included: since when, and which
        row; the earliest first."""
        whole = self._history(model, provider)
        moments = [first_ns, *(since for since in whole.since if first_ns < since <= last_ns)]
        return tuple((at, self.find(model, provider, at)) for at in moments)

    def agrees(self, other: Prices, model: str, provider: str | None, first_ns: int, last_ns: int) -> bool:
        """Whether both price calls of a model alike that began between two moments, both included."""
        mine, theirs = (each._history(model, provider) for each in (self, other))
        moments = [first_ns, *(since for since in (*mine.since, *theirs.since) if first_ns < since <= last_ns)]
        pairs = ((self.find(model, provider, at), other.find(model, provider, at)) for at in moments)
        return all((a and _said(a.row)) == (b and _said(b.row)) for a, b in pairs)

    def _history(self, model: str, provider: str | None) -> _History:
        # what is too long to be a name is not worth remembering either
        rows = [
            Found(row, table)
            for table in (self.tables if len(model) <= LONGEST else ())
            for row in table.candidates(model, provider)
        ]
        moments = sorted({_ALWAYS, *(one.row.since_ns for one in rows if one.row.since_ns is not None)})
        since: list[int] = []
        found: list[Found | None] = []
        for moment in moments:
            best = next((one for one in rows if one.row.since_ns is None or one.row.since_ns <= moment), None)
            if not since or best is not found[-1]:
                since.append(moment)
                found.append(best)
        history = _History(tuple(since), tuple(found), tuple("" if one is None else one.label for one in found))
        if len(model) <= LONGEST:
            if len(self._histories) >= _CACHED_MODELS:
                self._histories.clear()
            self._histories[model, provider] = history
        return history


def _said(row: PriceRow) -> object:
    return row.rates, row.tiers, row.services


def _more_words(row: PriceRow, input_tokens: int, service: str | None) -> str:
    """Which of a row's prices were taken, where they are not its usual ones."""
    known = row.service(service)
    tiers = row.tiers if known is None else known[2]
    limit = max((limit for limit, _ in tiers if input_tokens > limit), default=None)
    words = "" if limit is None else f", over {limit:,} tokens"
    if service is not None:
        words = f", {service}{words}" if known is not None else f"{words}, no price for {service}: the usual one"
    return words
