"""The statements that were run in a database, the latest first, and the one that is being written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

_PREFIX = "sql:"
_KEPT = 20  # databases
_MOST = 60  # statements of one
_LONGEST = 20_000  # characters of a statement that is kept


@dataclass(frozen=True, slots=True)
class Ran:
    """A statement and what came of it: rows, or None where it failed."""

    sql: str
    when_ns: int
    rows: int | None = None
    elapsed_ns: int = 0


@dataclass(frozen=True, slots=True)
class SqlPlace:
    """How the SQL page was left."""

    draft: str = ""
    ran: tuple[Ran, ...] = ()

    def with_run(self, ran: Ran) -> SqlPlace:
        """With a statement at the head; the same one is there once."""
        if len(ran.sql) > _LONGEST or not ran.sql.strip():
            return self
        return replace(self, ran=(ran, *(one for one in self.ran if one.sql != ran.sql))[:_MOST])


def sql_place(blobs: Mapping[str, str], database: str) -> SqlPlace:
    """The place kept for a database; the beginning where there is none or it makes no sense."""
    try:
        raw: dict[str, Any] = json.loads(blobs[_PREFIX + database])
        ran = tuple(
            Ran(
                str(one["sql"]),
                int(one["when_ns"]),
                None if one["rows"] is None else int(one["rows"]),
                int(one["elapsed_ns"]),
            )
            for one in raw["ran"]
        )
        return SqlPlace(str(raw["draft"]), ran[:_MOST])
    except (KeyError, ValueError, TypeError, AttributeError):
        return SqlPlace()


def with_sql_place(blobs: Mapping[str, str], database: str, place: SqlPlace) -> dict[str, str]:
    """The blobs with a place kept, the oldest places forgotten."""
    mine = _PREFIX + database
    others = {name: blob for name, blob in blobs.items() if name != mine}
    places = [name for name in others if name.startswith(_PREFIX)]
    for name in places[: max(0, len(places) - _KEPT + 1)]:
        del others[name]
    kept = replace(place, draft=place.draft if len(place.draft) <= _LONGEST else "")
    return {**others, mine: json.dumps(asdict(kept))}
