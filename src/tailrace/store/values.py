"""What values there are to filter for: completion."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import orjson

from tailrace.model import ValueCount
from tailrace.query import FIELDS, FieldKind
from tailrace.store.conditions import CATEGORY, FAILED, HAS, REVIEW_TEXTS, VERDICT, json_text, storable
from tailrace.store.schema import MOST_SPANS, ORDINAL_BITS
from tailrace.store.snapshot import Snapshot

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
_FAILURES = {"error": "error_type", "category": CATEGORY}
_VERDICT = "CASE WHEN value IS NULL THEN 'defer' WHEN value >= 0.5 THEN 'pass' ELSE 'fail' END"
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
    if field in ("queue", "dataset"):
        rows = connection.execute(
            f"SELECT name, count(*) AS traces {REVIEW_TEXTS[field][1]} AND substr(name, 1, ?) = ? COLLATE NOCASE"
            " GROUP BY name ORDER BY traces DESC, name LIMIT ?",
            (len(storable(prefix)), storable(prefix), limit),
        )
        return [ValueCount(value, count) for value, count in rows]
    if field in REVIEW_TEXTS:
        return _counted(connection, _reviewed(field), (), prefix, limit)
    if field == "verdict":
        found = _counted(connection, _reviewed(field), (), prefix, limit)
        none = f"SELECT count(*) FROM trace WHERE trace_id NOT IN (SELECT trace_id {VERDICT} AND trace_id IS NOT NULL)"
        rest = [ValueCount("none", connection.execute(none).fetchone()[0])] if "none".startswith(prefix) else []
        return sorted(found + rest, key=lambda seen: (-seen.count, seen.value))[:limit]
    if field == "thumb":
        return _counted(connection, f"SELECT {_THUMB} AS value, id AS trace FROM trace", (), prefix, limit)
    if field == "span":
        return _counted(connection, "SELECT name AS value, trace FROM span", (), prefix, limit)
    if field in _FAILURES:
        return _counted(connection, f"SELECT {_FAILURES[field]} AS value, trace {FAILED}", (), prefix, limit)
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


def values_of(snapshot: Snapshot, field: str, keys: Sequence[int] | None = None) -> dict[int, tuple[str, ...]]:
    """The different values of a text or choice field, of `score.NAME` or of `attr.KEY`, in order, of some traces (None:
    of all) by key. Traces without one are left out, and so is every trace where the field has no values to name.

    Of `model` they are the models that answer: those of model calls (spans of kind llm) where the database has any,
    else all. Models of embedding and reranking stand beside nearly every answer, and would tell nothing apart."""
    asked = "SELECT id FROM trace" if keys is None else "SELECT value FROM json_each(?)"
    bound = () if keys is None else (orjson.dumps([int(key) for key in keys]).decode(),)
    source = _pairs(field)
    if source is None:
        return {}
    answering = _answering(snapshot.connection) if field == "model" else frozenset()
    sql, parameters = source
    traces, values = snapshot.columns(
        f"WITH asked(id) AS MATERIALIZED ({asked}), pair(trace, value) AS ({sql})"
        " SELECT DISTINCT trace, CAST(value AS TEXT) FROM pair WHERE value IS NOT NULL AND value <> ''",
        2,
        (*bound, *parameters),
    )
    found: dict[int, list[str]] = {}
    for trace, value in zip(traces, values, strict=True):
        if not answering or value in answering:
            found.setdefault(trace, []).append(value)
    return {trace: tuple(sorted(texts)) for trace, texts in found.items()}


def _answering(connection: sqlite3.Connection) -> frozenset[str]:
    """The models of the model calls of a database."""
    rows = connection.execute("SELECT DISTINCT model FROM span WHERE kind = 'llm' AND ifnull(model, '') <> ''")
    return frozenset(str(model) for (model,) in rows)


def _pairs(field: str) -> tuple[str, tuple[str, ...]] | None:
    """A query for trace keys with the values of a field, over the traces `asked`."""
    kind, _, key = field.partition(".")
    of_asked = "FROM asked JOIN trace ON trace.id = asked.id"
    if field in _SCALARS:
        return f"SELECT trace.id, trace.{_SCALARS[field]} {of_asked}", ()
    if field in _LISTS:
        return f"SELECT trace.id, item.value {of_asked}, json_each(trace.{_LISTS[field]}) AS item", ()
    if field == "thumb":
        return f"SELECT trace.id, {_THUMB} {of_asked}", ()
    if field == "span" or field in _FAILURES or field == "failed":
        column, where = ("name", "1") if field == "span" else (_FAILURES.get(field, "kind"), "span.status = 'error'")
        return f"SELECT trace, {column} FROM span WHERE trace IN (SELECT id FROM asked) AND {where}", ()
    if field in REVIEW_TEXTS or field == "verdict":
        # the join decides which side is gone through
        said = (
            f"SELECT trace.id, said.value FROM ({_reviewed(field)}) AS said JOIN trace ON trace.trace_id = said.trace"
        )
        return f"{said} WHERE trace.id IN (SELECT id FROM asked)", ()
    if kind == "score" and key:
        value = "coalesce(score.label, number_text(score.value))"
        scored = f"SELECT trace.id, {value} {of_asked} JOIN score ON score.trace_id = trace.trace_id"
        return f"{scored} WHERE score.name = ?", (storable(key),)
    if kind == "attr" and key:
        return _attribute_pairs(storable(key))
    return None


def _attribute_pairs(key: str) -> tuple[str, tuple[str, ...]]:
    text = "CASE item.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE item.value END"
    short = f"item.type NOT IN ('object', 'array') AND length(item.value) <= {_LONGEST_VALUE}"
    spans = (
        f"FROM asked CROSS JOIN span_payload AS p"
        f" ON p.id BETWEEN asked.id << {ORDINAL_BITS} AND (asked.id << {ORDINAL_BITS}) + {MOST_SPANS - 1}"
    )
    moved = " UNION ALL ".join(
        f"SELECT asked.id, p.{side} {spans} WHERE p.{side}_key = ? AND length(p.{side}) <= {_LONGEST_VALUE}"
        for side in ("input", "output")
    )
    return (
        f"SELECT asked.id, {text} {spans}, json_each(p.attributes) AS item"
        f" WHERE instr(p.attributes, ?) > 0 AND item.key = ? AND {short}"
        f" UNION ALL SELECT asked.id, {text} {spans} JOIN resource ON resource.id = p.resource,"
        f" json_each(resource.attributes) AS item WHERE item.key = ? AND {short} UNION ALL {moved}",
        (f'"{json_text(key)}":', *(key,) * 4),
    )


def _reviewed(field: str) -> str:
    """What reviewers said, as `value` and the trace id `trace`, of traces that are here."""
    value, rows = (_VERDICT, f"{VERDICT} AND trace_id IS NOT NULL") if field == "verdict" else REVIEW_TEXTS[field]
    return f"SELECT {value} AS value, trace_id AS trace {rows} AND trace_id IN (SELECT trace_id FROM trace)"


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
