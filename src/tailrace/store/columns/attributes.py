"""The values of one attribute, for who asks to group by it or to add it up."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING

from tailrace.store.columns.came import register, taken
from tailrace.store.columns.fill import PREFIX
from tailrace.store.columns.source import ASKED, Document, Range, Shape, documents, ranges_between, ranges_of
from tailrace.store.conditions import json_text, storable
from tailrace.store.schema import ORDINAL_BITS
from tailrace.store.sound import dump, load

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tailrace.jobs import Ticket

_LONGEST = 500
# Characters of a list of twice the same value, of which all can be seen
_WHOLE = 2 * (_LONGEST + 100) + 3
# A path of SQLite's has no way to say these, or has had several
_UNPATHABLE = re.compile(r'["\\\x00-\x1f]')

_SHARES = "SELECT 1 FROM resource WHERE instr(attributes, ?) > 0 LIMIT 1"
_VALUES = Shape("came_values", {"span": "span"}, {"pair": "pair"})
_SHARED = Shape("came_shared", _VALUES.numbers, _VALUES.texts)


class Attribute:
    """An attribute of spans by its key: their own, else their resource's. `name` is its table: (span BIGINT, trace
    BIGINT, text VARCHAR, number DOUBLE), a row for each span that has a value. Texts are what `attr.KEY:text` is
    compared with, cut where they are long; `number` is known of numbers. Texts that became a span's input or output
    are not among them."""

    def __init__(self, key: str) -> None:
        self._key = storable(key)
        self.name = PREFIX + blake2b(self._key.encode(), digest_size=12).hexdigest()
        self._quoted = f'"{json_text(self._key)}":'

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
        sides = {"span_payload": _VALUES}
        came = f"({_VALUES.rows()})"
        if connection.execute(_SHARES, (self._quoted,)).fetchone() is not None:
            sides["resource"] = _SHARED
            came = _BOTH
        insertion = _INSERTION.format(table=self.name, came=came)

        def take(told: list[list[Document]]) -> None:
            for shape, found in zip(sides.values(), told, strict=True):
                register(cursor, shape, found)
            cursor.execute(insertion)

        ranges = chain(ranges_of(connection, changed), ranges_between(connection, after, last))
        told = ([self._tell(connection, table, some) for table in sides] for some in ranges)
        for _ in taken(told, [take], ticket):
            pass

    def _tell(self, connection: sqlite3.Connection, table: str, ranges: list[Range]) -> list[Document]:
        """What the spans in some ranges have in the attributes of a table: their own, or those of their resource."""
        if _UNPATHABLE.search(self._key):
            return self._spell(connection, table, ranges)
        try:
            return self._extract(connection, table, ranges, "")
        except sqlite3.OperationalError as error:
            # another program has left what is no JSON; to look whether it is takes a quarter longer
            if "malformed" not in str(error):
                raise
        return self._extract(connection, table, ranges, f" AND json_valid({table}.attributes)")

    def _extract(self, connection: sqlite3.Connection, table: str, ranges: list[Range], where: str) -> list[Document]:
        # a list of two values is written as both stand in the JSON; a real number alone would be with 15 digits
        pair = f"substr(json_extract({table}.attributes, ?3, ?3), 1, {_WHOLE + 1})"
        sql = f"SELECT {_VALUES.written()} FROM ({_pairs(table, pair, where)})"
        told = documents(connection, sql, ranges, self._quoted, f'$."{self._key}"')
        return [Document(*texts) for texts in told]

    def _spell(self, connection: sqlite3.Connection, table: str, ranges: list[Range]) -> list[Document]:
        sql = _pairs(table, f"{table}.attributes", f" AND json_valid({table}.attributes)")
        numbers: list[tuple[int]] = []
        texts: list[tuple[str]] = []
        for span, text in connection.execute(sql, (dump(ranges), self._quoted)):
            decoded = load(text)
            value = decoded.get(self._key) if isinstance(decoded, dict) else None
            numbers.append((span,))
            texts.append((dump((value, value))[: _WHOLE + 1],))
        return [Document(dump(numbers).encode(), dump(texts).encode())]


def _pairs(table: str, pair: str, where: str) -> str:
    """SQL of SQLite: spans with `pair`, made of their attributes in a table that have the key somewhere."""
    holds = f"instr({table}.attributes, ?2) > 0{where}"
    if table == "span_payload":
        return f"SELECT span_payload.id AS span, {pair} AS pair {ASKED.format(table=table)} WHERE {holds}"
    return (
        f"WITH holder AS MATERIALIZED (SELECT id, {pair} AS pair FROM resource WHERE {holds})"
        " SELECT span_payload.id AS span, pair FROM json_each(?1) AS asked CROSS JOIN holder CROSS JOIN span_payload"
        " ON span_payload.resource = holder.id AND span_payload.id >= json_extract(asked.value, '$[0]')"
        " AND span_payload.id < json_extract(asked.value, '$[1]')"
    )


_KNOWN = f"SELECT * FROM ({_VALUES.rows()}) WHERE pair <> '[null,null]'"
_BOTH = f"({_KNOWN} UNION ALL SELECT * FROM ({_SHARED.rows()}) ANTI JOIN ({_KNOWN}) USING (span))"
_INSERTION = f"""
INSERT INTO {{table}} WITH cut AS (
    SELECT span, CASE WHEN length(pair) > {_WHOLE} THEN substr(pair, 2, {_LONGEST + 2}) || '"'
        ELSE substr(pair, 2, (length(pair) - 3) // 2) END AS value
    FROM {{came}} WHERE pair <> '[null,null]'
),
told AS (
    SELECT span, value, CASE WHEN value[1] <> '"' THEN value
        WHEN contains(value, '\\') THEN coalesce(TRY(json_extract_string(value, '$')), value)
        ELSE substr(value, 2, length(value) - 2) END AS text
    FROM cut
)
SELECT span, span >> {ORDINAL_BITS},
    CASE WHEN length(text) > {_LONGEST} THEN substr(text, 1, {_LONGEST}) || '…' ELSE nullif(text, '') END,
    CASE WHEN value[1] BETWEEN '0' AND '9' OR value[1] = '-' THEN TRY_CAST(value AS DOUBLE) END
FROM told
"""
