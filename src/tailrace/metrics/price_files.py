"""Price tables as Tailrace keeps them: the one that comes along, and what was imported (resources/prices/README.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, TypeGuard

import orjson

from tailrace.assets import asset
from tailrace.errors import SourceError
from tailrace.metrics.name_patterns import read_expression
from tailrace.metrics.pricing import PriceTable
from tailrace.metrics.rates import HIGHEST, KINDS, Said, make_row


@dataclass(frozen=True, slots=True)
class Entry:
    """What a table says of one model: `said` as `rates.make_row` takes it. `pattern` is a regular expression of the
    names that it is for; without one it is for `name` alone."""

    name: str
    said: Mapping[tuple[str, int], Said]
    pattern: str | None = None
    since_ns: int | None = None


def load_table(path: Path | None = None) -> PriceTable:
    """The table that comes with Tailrace, or another file of the same form. Raises SourceError where the file is not
    such a table."""
    path = path if path is not None else asset("prices", "litellm.json")
    try:
        return read_table(path.read_bytes())
    except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise SourceError(f"{path} is not a price table: {error}", detail=repr(error)) from error


def read_table(content: bytes) -> PriceTable:
    """The table in a file's content. Raises ValueError, TypeError, KeyError, AttributeError or IndexError where it is
    none."""
    whole = orjson.loads(content)
    rows = [make_row(name, _said(values)) for name, values in whole["rows"].items()]
    matching = [
        (
            read_expression(_text(one["pattern"])),
            make_row(_text(one["name"]), _said(one["row"]), None if one["since_ns"] is None else int(one["since_ns"])),
        )
        for one in whole.get("matching", ())
    ]
    digest = blake2b(orjson.dumps([whole["rows"], whole.get("matching")]), digest_size=16).hexdigest()
    return PriceTable(_text(whole["name"]), _text(whole["date"]), rows, matching, digest=digest)


def write_table(name: str, date: str, entries: Sequence[Entry]) -> bytes:
    """The content of a file that holds a table, one row a line."""
    rows = [b",\n".join(_member(one.name, _values(one.said)) for one in entries if one.pattern is None)]
    matching = [
        {"name": one.name, "pattern": one.pattern, "since_ns": one.since_ns, "row": _values(one.said)}
        for one in entries
        if one.pattern is not None
    ]
    head = orjson.dumps({"name": name, "date": date, "columns": KINDS})[:-1]
    tail = b"" if not matching else b',"matching":[\n' + b",\n".join(map(orjson.dumps, matching)) + b"\n]"
    return head + b',"rows":{\n' + b"".join(rows) + b"\n}" + tail + b"}\n"


def is_price(value: object) -> TypeGuard[float]:
    """Whether a number can be US dollars for a token."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= HIGHEST


def _member(name: str, values: list[Any]) -> bytes:
    return orjson.dumps(name) + b":" + orjson.dumps(values)


def _values(said: Mapping[tuple[str, int], Said]) -> list[Any]:
    """A row as it is written: the usual prices, and the others by service tier and limit ("batch 272000")."""
    values: list[Any] = _trimmed(said[("", 0)])
    others = {
        " ".join(filter(None, (service, str(limit) if limit else ""))): _trimmed(prices)
        for (service, limit), prices in said.items()
        if service or limit
    }
    return [*values, others] if others else values


def _trimmed(prices: Said) -> list[float | None]:
    values = list(prices)
    while values and values[-1] is None:
        values.pop()
    return values


def _said(values: Sequence[Any]) -> dict[tuple[str, int], Said]:
    said: dict[tuple[str, int], Said] = {("", 0): [_price(value) for value in values if not isinstance(value, dict)]}
    for key, prices in next((value for value in values if isinstance(value, dict)), _NONE).items():
        service, _, limit = key.rpartition(" ") if key[-1].isdecimal() else (key, "", "0")
        said[service, int(limit)] = [_price(price) for price in prices]
    return said


_NONE: Final[dict[str, Any]] = {}


def _price(value: Any) -> float | None:
    if value is not None and not is_price(value):
        raise ValueError(f"{str(value)[:40]} is no price")
    return None if value is None else float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:40]} is no text")
    return value
