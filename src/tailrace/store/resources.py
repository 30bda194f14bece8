"""Resources and attribute names: what many spans share is stored once."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from tailrace.model import Json
from tailrace.store.sound import digest, dump, sound_text

_MOST_REMEMBERED = 4_096
_MOST_KEYS = 5_000
# llm.input_messages.0.message.content and the like: one name a message helps nobody to complete
_NUMBERED = re.compile(r"\.\d+(\.|$)")


class Resources:
    """Finds the row of a resource and remembers which attribute names were seen."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._by_identity: dict[int, tuple[dict[str, Json], int]] = {}
        self._by_digest: dict[str, int] = {}
        self._keys: set[str] = set()
        self._stored: set[str] = set()

    def forget(self) -> None:
        """After a rollback: nothing remembered is certain to be stored."""
        self._by_identity.clear()
        self._by_digest.clear()
        self._keys.clear()
        self._stored.clear()

    def row_of(self, resource: dict[str, Json]) -> int | None:
        """The row of a resource, stored when it is new; None when it says nothing. Inside a transaction."""
        if not resource:
            return None
        known = self._by_identity.get(id(resource))
        if known is not None:
            return known[1]
        name = digest(resource)
        row = self._by_digest.get(name)
        if row is None:
            row = self._store(name, resource)
            if len(self._by_digest) >= _MOST_REMEMBERED:
                self._by_digest.clear()
            self._by_digest[name] = row
        if len(self._by_identity) >= _MOST_REMEMBERED:
            self._by_identity.clear()
        # holding the dictionary keeps its id from being given to another one
        self._by_identity[id(resource)] = (resource, row)
        return row

    def _store(self, name: str, resource: dict[str, Json]) -> int:
        found = self._connection.execute("SELECT id FROM resource WHERE digest = ?", (name,)).fetchone()
        if found is not None:
            return int(found[0])
        self.note_keys(resource)
        added = self._connection.execute(
            "INSERT INTO resource (digest, attributes) VALUES (?, ?)", (name, dump(resource))
        ).lastrowid
        assert added is not None
        return added

    def note_keys(self, attributes: Mapping[str, Any]) -> None:
        """Remember attribute names until `store_keys`."""
        self._keys.update(attributes)

    def store_keys(self) -> None:
        """Store the names that are new, up to a number that no honest source reaches. Inside a transaction."""
        new = self._keys - self._stored
        self._keys.clear()
        if not new:
            return
        if len(self._stored) < _MOST_KEYS * 4:
            self._stored |= new
            rows = [(sound_text(key),) for key in new if len(key) <= 200 and not _NUMBERED.search(key)]
            count = self._connection.execute("SELECT count(*) FROM attribute_key").fetchone()[0]
            self._connection.executemany(
                "INSERT OR IGNORE INTO attribute_key VALUES (?)", rows[: max(0, _MOST_KEYS - count)]
            )
