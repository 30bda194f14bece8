"""What values there are to filter for: completion."""

from __future__ import annotations

import sqlite3

from tailrace.model import ValueCount
from tailrace.query import FIELDS, FieldKind
from tailrace.store.conditions import HAS, storable

_SCALARS = {
    "name": "name",
    "session": "session_id",
    "user": "user_id",
    "env": "environment",
    "version": "version",
    "trace": "trace_id",
    "status": "status",
}
_LISTS = {"model": "models", "tool": "tools", "tag": "tags", "prompt": "prompts", "kind": "kinds"}
_THUMB = "CASE thumb WHEN 1 THEN 'up' WHEN 0 THEN 'down' ELSE 'none' END"
# An attribute has a million values in a million spans; completion wants the usual ones of late, soon
_SAMPLED_SPANS = 5_000
_LONGEST_VALUE = 120


def field_values(connection: sqlite3.Connection, field: str, prefix: str, limit: int) -> list[ValueCount]:
    """The values of a field that begin with `prefix` in any case, the most frequent first, with the number of traces.

    Fields that are not text or a choice have none. Of `score.NAME` come the labels, of `attr.KEY` the values among
    the latest spans, with the number of their traces.
    """
    kind, _, key = field.partition(".")
    if kind == "score" and key:
        return _counted(
            connection,
            "SELECT label AS value, trace_id AS trace FROM score WHERE name = ?",
            (storable(key),),
            prefix,
            limit,
        )
    if kind == "attr" and key:
        return _attribute_values(connection, storable(key), prefix, limit)
    if field in _SCALARS:
        column = _SCALARS[field]
        return _counted(connection, f"SELECT {column} AS value, id AS trace FROM trace", (), prefix, limit)
    if field in _LISTS:
        # most traces share few different lists, so each is decoded once
        lists = f"(SELECT {_LISTS[field]} AS texts, count(*) AS traces FROM trace GROUP BY 1) AS lists"
        rows = connection.execute(
            f"SELECT item.value, sum(lists.traces) AS traces FROM {lists}, json_each(lists.texts) AS item"
            " WHERE substr(item.value, 1, ?) = ? COLLATE NOCASE"
            " GROUP BY item.value ORDER BY traces DESC, item.value LIMIT ?",
            (len(storable(prefix)), storable(prefix), limit),
        )
        return [ValueCount(str(value), count) for value, count in rows]
    if field == "thumb":
        return _counted(connection, f"SELECT {_THUMB} AS value, id AS trace FROM trace", (), prefix, limit)
    if field == "span":
        return _counted(connection, "SELECT name AS value, trace FROM span", (), prefix, limit)
    for known in FIELDS:
        if known.name == field and known.kind is FieldKind.HAS:
            words = [word for word in known.choice_words if word.startswith(prefix.lower())]
            return [ValueCount(word, _has(connection, word)) for word in words[:limit]]
    return []


def attribute_keys(connection: sqlite3.Connection, prefix: str) -> list[str]:
    """Attribute names that begin with `prefix` in any case, in order. Numbered ones (messages.0.…) are left out, and
    of a source with thousands of names the first five thousand are known."""
    text = storable(prefix)
    rows = connection.execute(
        "SELECT name FROM attribute_key WHERE substr(name, 1, ?) = ? COLLATE NOCASE ORDER BY name", (len(text), text)
    )
    return [name for (name,) in rows]


def score_names(connection: sqlite3.Connection) -> list[ValueCount]:
    """The names of all scores (thumbs and notes too) with the number of traces that have them, in order."""
    rows = connection.execute("SELECT name, count(DISTINCT trace_id) FROM score GROUP BY name ORDER BY name")
    return [ValueCount(name, count) for name, count in rows]


def _has(connection: sqlite3.Connection, word: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM trace WHERE {HAS[word]}").fetchone()[0])


def _counted(
    connection: sqlite3.Connection, values: str, parameters: tuple[str, ...], prefix: str, limit: int
) -> list[ValueCount]:
    text = storable(prefix)
    rows = connection.execute(
        f"SELECT value, count(DISTINCT trace) AS traces FROM ({values})"
        " WHERE value IS NOT NULL AND value <> '' AND substr(value, 1, ?) = ? COLLATE NOCASE"
        " GROUP BY value ORDER BY traces DESC, value LIMIT ?",
        (*parameters, len(text), text, limit),
    )
    return [ValueCount(str(value), count) for value, count in rows]


def _attribute_values(connection: sqlite3.Connection, key: str, prefix: str, limit: int) -> list[ValueCount]:
    sampled = (
        "SELECT id, resource, attributes, input_key, output_key, input, output FROM span_payload ORDER BY id DESC"
        f" LIMIT {_SAMPLED_SPANS}"
    )
    text = "CASE item.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE item.value END"
    short = f"item.type NOT IN ('object', 'array') AND length(item.value) <= {_LONGEST_VALUE}"
    values = (
        f"WITH sample AS MATERIALIZED ({sampled})"
        f" SELECT {text} AS value, sample.id >> 24 AS trace FROM sample, json_each(sample.attributes) AS item"
        f" WHERE item.key = :key AND {short}"
        f" UNION ALL SELECT {text}, sample.id >> 24 FROM sample JOIN resource ON resource.id = sample.resource,"
        f" json_each(resource.attributes) AS item WHERE item.key = :key AND {short}"
        " UNION ALL SELECT input, id >> 24 FROM sample WHERE input_key = :key"
        f" AND length(input) <= {_LONGEST_VALUE}"
        " UNION ALL SELECT output, id >> 24 FROM sample WHERE output_key = :key"
        f" AND length(output) <= {_LONGEST_VALUE}"
    )
    start = storable(prefix)
    rows = connection.execute(
        f"SELECT CAST(value AS TEXT), count(DISTINCT trace) AS traces FROM ({values})"
        " WHERE value IS NOT NULL AND substr(value, 1, :length) = :start COLLATE NOCASE"
        " GROUP BY 1 ORDER BY traces DESC, 1 LIMIT :limit",
        {"key": key, "length": len(start), "start": start, "limit": limit},
    )
    return [ValueCount(value, count) for value, count in rows]
