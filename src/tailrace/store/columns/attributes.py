"""The values of one attribute, for who asks to group by it or to add it up."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING

from tailrace.store.columns.came import register, taken
from tailrace.store.columns.source import ASKED, Document, Range, Shape, documents, ranges_between, ranges_of
from tailrace.store.conditions import json_text, storable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tailrace.jobs import Ticket

PREFIX = "attribute_"

_LONGEST = 500
# Characters of a list of twice the same value, of which all can be seen
_WHOLE = 2 * (_LONGEST + 100) + 3
# A path of SQLite's has no way to say these, or has had several
_UNPATHABLE = re.compile(r'["\\\x00-\x1f]')

# A list of two values is written as both stand in the JSON, a single real number with 15 digits.
_PATHED = "json_extract({0}.attributes, ?3, ?3)"
_LISTED = (
    "(SELECT CASE WHEN item.type IN ('true', 'false', 'null') THEN '[' || item.type || ',' || item.type || ']'"
    " WHEN item.type IN ('object', 'array') THEN '[' || item.value || ',' || item.value || ']'"
    " ELSE json_array(item.value, item.value) END FROM json_each({0}.attributes) AS item WHERE item.key = ?3)"
)
_HOLDS = "instr({0}.attributes, ?2) > 0 AND json_valid({0}.attributes)"
_VALUES = Shape("came_values", {"span": "span"}, {"pair": f"substr(pair, 1, {_WHOLE + 1})"})
_SHARED = Shape("came_shared", _VALUES.numbers, _VALUES.texts)


class Attribute:
    """An attribute of spans by its key: their own, else their resource's. `name` is its table: (span BIGINT, trace
    BIGINT, text VARCHAR, number DOUBLE), a row for each span that has a value. Texts are what `attr.KEY:text` is
    compared with, cut where they are long; `number` is known of numbers. Texts that became a span's input or output
    are not among them."""

    def __init__(self, key: str) -> None:
        key = storable(key)
        self.name = PREFIX + blake2b(key.encode(), digest_size=12).hexdigest()
        if _UNPATHABLE.search(key):
            value, self._path = _LISTED, key
        else:
            value, self._path = _PATHED, f'$."{key}"'
        self._quoted = f'"{json_text(key)}":'
        self._holds = f"SELECT 1 FROM resource WHERE {_HOLDS.format('resource').replace('?2', '?1')} LIMIT 1"
        self._own = (
            f"SELECT {_VALUES.written()} FROM (SELECT span_payload.id AS span, {value.format('span_payload')} AS pair"
            f" {ASKED.format(table='span_payload')} WHERE {_HOLDS.format('span_payload')})"
        )
        self._shared = (
            f"WITH holder AS MATERIALIZED (SELECT id, {value.format('resource')} AS pair FROM resource"
            f" WHERE {_HOLDS.format('resource')})"
            f" SELECT {_SHARED.written()} FROM (SELECT span_payload.id AS span, pair"
            " FROM json_each(?1) AS asked CROSS JOIN holder CROSS JOIN span_payload"
            " ON span_payload.resource = holder.id AND span_payload.id >= json_extract(asked.value, '$[0]')"
            " AND span_payload.id < json_extract(asked.value, '$[1]'))"
        )

    def forget(self, cursor: DuckDBPyConnection) -> None:
        """Take out the values of the traces in the table `changed`."""
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {self.name} (span BIGINT, trace BIGINT, text VARCHAR, number DOUBLE)"
        )
        cursor.execute(f"DELETE FROM {self.name} WHERE trace IN (SELECT trace FROM changed)")

    def fill(
        self, connection: sqlite3.Connection, cursor: DuckDBPyConnection, changed: Sequence[int], after: int, last: int,
        ticket: Ticket | None,
    ) -> None:  # fmt: skip
        """Take in the values of the changed traces and of those with keys in (after, last]."""
        shared = connection.execute(self._holds, (self._quoted,)).fetchone() is not None

        def tell(ranges: list[Range]) -> list[list[Document]]:
            return [
                [Document(*texts) for texts in documents(connection, sql, ranges, self._quoted, self._path)]
                for sql in (self._own, *[self._shared] * shared)
            ]

        def take(told: list[list[Document]]) -> None:
            for shape, found in zip((_VALUES, _SHARED), told, strict=False):
                register(cursor, shape, found)
            cursor.execute(_INSERTION.format(table=self.name, came=_BOTH if shared else _VALUES.rows()))

        ranges = chain(ranges_of(connection, changed), ranges_between(connection, after, last))
        for _ in taken(map(tell, ranges), take, ticket):
            pass


_BOTH = f"{_VALUES.rows()} UNION ALL SELECT * FROM ({_SHARED.rows()}) ANTI JOIN ({_VALUES.rows()}) USING (span)"
_INSERTION = f"""
INSERT INTO {{table}} WITH came AS ({{came}}),
cut AS (
    SELECT span, CASE WHEN length(pair) > {_WHOLE} THEN substr(pair, 2, {_LONGEST + 2}) || '"'
        ELSE substr(pair, 2, (length(pair) - 3) // 2) END AS value
    FROM came
),
told AS (
    SELECT span, value, CASE WHEN value[1] <> '"' THEN value
        WHEN contains(value, '\\') THEN coalesce(TRY(json_extract_string(value, '$')), value)
        ELSE substr(value, 2, length(value) - 2) END AS text
    FROM cut WHERE value <> 'null'
)
SELECT span, span >> 24, CASE WHEN length(text) > {_LONGEST} THEN substr(text, 1, {_LONGEST}) || '…' ELSE text END,
    CASE WHEN value[1] BETWEEN '0' AND '9' OR value[1] = '-' THEN TRY_CAST(value AS DOUBLE) END
FROM told
"""
