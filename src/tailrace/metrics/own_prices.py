"""A person's own prices: rows by model or pattern, from a day on, in US dollars per million tokens.

The file is theirs to edit: what this version does not know stays in it, and what makes no sense is told, not used, and
stays as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson

from tailrace.errors import SourceError
from tailrace.metrics.model_names import LONGEST
from tailrace.metrics.name_patterns import is_glob, read_glob
from tailrace.metrics.pricing import PriceTable
from tailrace.metrics.rates import HIGHEST, KINDS, PriceRow, Said, make_row
from tailrace.model import Json

NAME: Final = "own prices"
MILLION: Final = 1_000_000
HIGHEST_PRICE: Final = HIGHEST * MILLION
MOST_ROWS: Final = 2_000
MOST_TIERS: Final = 20
LARGEST_FILE: Final = 16_000_000  # bytes
_MOST_LIMIT: Final = 10**12
_EPOCH: Final = date(1970, 1, 1)
_LAST: Final = date(2200, 1, 1)

# What a row says of each kind of token, in the order of KINDS
_LEFT_OUT = " It is left out."
_THEY_ARE = " They are left out."
PRICES: Final = ("input", "output", "cached_input", "cache_write", "reasoning", "audio_input", "audio_output")


@dataclass(frozen=True, slots=True)
class OwnTier:
    """Prices of the whole request where its input has more than `over` tokens; what is None is as below."""

    over: int
    input: float | None = None
    output: float | None = None
    cached_input: float | None = None
    cache_write: float | None = None
    reasoning: float | None = None
    audio_input: float | None = None
    audio_output: float | None = None
    batch_input: float | None = None
    batch_output: float | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """What a model costs from a day on (UTC; None: always). `model` may hold * and ?. In a batch, `batch_input` and
    `batch_output` count where they are said, else all prices less `batch_discount` (0 to 1), else the usual ones.
    `extra` is what else the file says of the row."""

    model: str
    input: float
    output: float | None = None
    provider: str | None = None
    since: date | None = None
    cached_input: float | None = None
    cache_write: float | None = None
    reasoning: float | None = None
    audio_input: float | None = None
    audio_output: float | None = None
    batch_input: float | None = None
    batch_output: float | None = None
    batch_discount: float | None = None
    tiers: tuple[OwnTier, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, date | None]:
        """Two rows with the same say of the same calls what they cost."""
        return self.model.strip().lower(), (self.provider or "").strip().lower(), self.since


@dataclass(frozen=True, slots=True)
class OwnPrices:
    """All that a file holds. `problems` are sentences about what is left out; `unread` the rows that make no sense and
    `extra` what else the file holds, both kept in it."""

    rows: tuple[OwnPrice, ...] = ()
    problems: tuple[str, ...] = ()
    unread: tuple[Json, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)


def read_own(content: bytes, where: str) -> OwnPrices:
    """The prices in a file's content; `where` is the file's name. Raises SourceError where it is not a JSON object with
    rows."""
    if len(content) > LARGEST_FILE:
        raise SourceError(f"{where} has more than {LARGEST_FILE // MILLION} MB, which no price table has.")
    try:
        whole = orjson.loads(content)
    except ValueError as error:
        raise SourceError(f"{where} is not JSON: {error}.", "Mend it, or move it away.") from error
    if not isinstance(whole, dict) or not isinstance(whole.get("rows", []), list):
        raise SourceError(f"{where} is not a price table: it has no rows.", "Mend it, or move it away.")
    rows: list[OwnPrice] = []
    unread: list[Json] = []
    problems: list[str] = []
    seen: set[object] = set()
    for number, raw in enumerate(whole.pop("rows", []), 1):
        row = _read_row(raw, f"Row {number}", problems) if len(rows) < MOST_ROWS else None
        if row is not None and row.key in seen:
            problems.append(f"Row {number}: another row says what {_brief(row.model)} costs from that day on.")
            row = None
        if row is None:
            unread.append(raw)
        else:
            seen.add(row.key)
            rows.append(row)
    if len(rows) >= MOST_ROWS and unread:
        problems.append(f"Only the first {MOST_ROWS:,} rows are used.")
    return OwnPrices(tuple(rows), tuple(problems), tuple(unread), whole)


def write_own(prices: OwnPrices) -> bytes:
    """The content of the file that holds them."""
    rows = [*map(_write_row, prices.rows), *prices.unread]
    return orjson.dumps({**prices.extra, "rows": rows}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def own_table(rows: Sequence[OwnPrice]) -> PriceTable:
    """The rows as a table to ask."""
    made = [(row, _row_of(row)) for row in rows]
    exact = [row for own, row in made if not is_glob(own.model)]
    matching = [(read_glob(own.model.strip()), row) for own, row in made if is_glob(own.model)]
    return PriceTable(NAME, "", exact, matching, guesses=False)


def make_own(raw: Mapping[str, Json], former: OwnPrice | None = None) -> OwnPrice:
    """A row as the file would say it. What it does not say is left out, but for what this version does not know of the
    `former` row in its place. Raises ValueError with a sentence where it makes no sense."""
    problems: list[str] = []
    kept = {} if former is None else {key: value for key, value in former.extra.items() if key not in _KNOWN}
    row = _read_row(kept | dict(raw), "", problems)
    if row is None or problems:
        # nothing of it is left out here: the row is not taken
        raise ValueError(problems[0].removesuffix(_LEFT_OUT).removesuffix(_THEY_ARE))
    return row


def with_row(rows: Sequence[OwnPrice], row: OwnPrice) -> tuple[OwnPrice, ...]:
    """The rows with one more, in the place of one that spoke of the same calls."""
    if any(one.key == row.key for one in rows):
        return tuple(row if one.key == row.key else one for one in rows)
    return (*rows, row)


def _price_problem(name: str, value: object) -> str | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
        return f"{name} is no number."
    if not 0 <= value <= HIGHEST_PRICE:
        return f"{name} must be from 0 to {HIGHEST_PRICE:,.0f} US dollars per million tokens."
    return None


def since_of(text: str) -> date:
    """A day out of its text, 2026-01-31. Raises ValueError."""
    found = date.fromisoformat(text.strip())
    if len(text.strip()) != 10 or not _EPOCH <= found < _LAST:
        raise ValueError("not a day")
    return found


def since_ns(day: date | None) -> int | None:
    """When a day begins in UTC, in nanoseconds."""
    return None if day is None else int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 10**9


_KNOWN: Final = frozenset(one.name for one in fields(OwnPrice))


def _row_of(row: OwnPrice) -> PriceRow:
    said: dict[tuple[str, int], Said] = {}
    levels: list[tuple[int, OwnPrice | OwnTier]] = [(0, row), *((tier.over, tier) for tier in row.tiers)]
    batch = row.batch_discount is not None or any(
        price is not None for _, level in levels for price in (level.batch_input, level.batch_output)
    )
    for limit, level in levels:
        usual = [_per_token(getattr(level, name)) for name in PRICES]
        said["", limit] = usual
        if batch:
            share = 1 - (row.batch_discount or 0.0)
            less = [None if price is None or row.batch_discount is None else price * share for price in usual]
            for name in ("input", "output"):
                if (price := getattr(level, f"batch_{name}")) is not None:
                    less[KINDS.index(name)] = _per_token(price)
            said["batch", limit] = less
    return make_row(row.model.strip(), said, since_ns(row.since), (row.provider or "").strip() or None)


def _per_token(price: float | None) -> float | None:
    return None if price is None else price / MILLION


def _read_row(raw: Json, place: str, problems: list[str]) -> OwnPrice | None:
    if not isinstance(raw, dict):
        problems.append(f"{place} is not an object.")
        return None
    model = raw.get("model")
    if not isinstance(model, str) or not model.strip() or len(model) > LONGEST or not model.isprintable():
        problems.append(f"{place or 'A row'} does not say which model it is for.")
        return None
    place = f"{place}, {_brief(model)}" if place else _brief(model)
    said, extra = _read_prices(raw, place, problems)
    since: date | None = None
    if raw.get("since") is not None:
        try:
            since = since_of(raw["since"]) if isinstance(raw["since"], str) else since_of("")
        except ValueError:
            # without its day it would be in force when it is not
            problems.append(f"{place}: “{_brief(str(raw['since']))}” is no day; write 2026-01-31.")
            return None
    provider = raw.get("provider")
    if provider is not None and not (
        isinstance(provider, str) and 0 < len(provider.strip()) <= LONGEST and provider.isprintable()
    ):
        problems.append(f"{place}: the provider is no name.")
        return None
    if "input" not in said:
        if raw.get("input") is None:
            problems.append(f"{place} has no price of input.")
        return None
    discount = raw.get("batch_discount")
    if discount is not None and not (type(discount) in (int, float) and 0 <= discount <= 1):
        problems.append(f"{place}: the batch discount must be from 0 to 1.{_LEFT_OUT}")
        extra["batch_discount"], discount = discount, None
    tiers = _read_tiers(raw, place, problems, extra)
    extra |= {key: value for key, value in raw.items() if key not in _KNOWN}
    return OwnPrice(
        model,
        provider=provider,
        since=since,
        batch_discount=None if discount is None else float(discount),
        tiers=tiers,
        extra=extra,
        **said,
    )


def _read_tiers(raw: dict[str, Any], place: str, problems: list[str], extra: dict[str, Json]) -> tuple[OwnTier, ...]:
    tiers: dict[int, OwnTier] = {}
    given = raw.get("tiers")
    listed = given if isinstance(given, list) else []
    unread = [] if given is None or isinstance(given, list) else [given]
    known = {one.name for one in fields(OwnTier)}
    for tier in listed:
        over = tier.get("over") if isinstance(tier, dict) else None
        if type(over) is not int or not 0 < over <= _MOST_LIMIT or over in tiers or len(tiers) >= MOST_TIERS:
            unread.append(tier)
            continue
        said, more = _read_prices(tier, f"{place} over {over:,}", problems)
        more |= {key: value for key, value in tier.items() if key not in known}
        tiers[over] = OwnTier(over, extra=more, **said)
    if unread:
        problems.append(f"{place}: {len(unread)} of its tiers make no sense.{_THEY_ARE}")
        extra["tiers"] = unread
    return tuple(tiers[over] for over in sorted(tiers))


def _read_prices(raw: dict[str, Any], place: str, problems: list[str]) -> tuple[dict[str, float], dict[str, Json]]:
    said: dict[str, float] = {}
    unread: dict[str, Json] = {}
    for name in (*PRICES, "batch_input", "batch_output"):
        value = raw.get(name)
        if value is None:
            continue
        fault = _price_problem(name.replace("_", " "), value)
        if fault is None:
            said[name] = float(value)
        else:
            problems.append(f"{place}: {fault}" + ("" if name == "input" else _LEFT_OUT))
            unread[name] = value
    return said, unread


def _write_row(row: OwnPrice) -> Json:
    written: dict[str, Json] = {"model": row.model} | _written(row, ("provider",))
    if row.since is not None:
        written["since"] = row.since.isoformat()
    written |= _written(row, (*PRICES, "batch_input", "batch_output", "batch_discount"))
    tiers = [{"over": t.over} | _written(t, (*PRICES, "batch_input", "batch_output")) | _left(t) for t in row.tiers]
    unread = row.extra.get("tiers")
    if tiers or unread:
        written["tiers"] = [*tiers, *(unread if isinstance(unread, list) else [])]
    return written | {key: value for key, value in row.extra.items() if key not in written}


def _left(tier: OwnTier) -> dict[str, Json]:
    """What a tier holds besides, where nothing took its place."""
    return {key: value for key, value in tier.extra.items() if getattr(tier, key, None) is None}


def _written(source: OwnPrice | OwnTier, names: Sequence[str]) -> dict[str, Json]:
    return {name: value for name in names if (value := getattr(source, name)) is not None}


def _brief(text: str) -> str:
    return text.strip() if len(text) <= 60 else text[:60] + "…"
