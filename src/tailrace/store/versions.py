"""The records of reviewing as versions: between rows and values that travel.

Scores keep every version (the live row, the former values and the removals of score_history), other records their
latest. The label of a failure mode's mark is no part of its version: it is the mode's present name.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from tailrace.model import Json, ScoreKind
from tailrace.model.dashboard import MOST_PANELS, panel_of
from tailrace.model.review import DefinitionKind, QueueSource
from tailrace.model.score import FAILURE_MODE
from tailrace.model.versions import Version
from tailrace.store.scores import SCORE_COLUMNS
from tailrace.store.sound import LARGEST

# A change is stamped later than what it replaces, so a stamp must leave room behind it
LATEST_NS = LARGEST - 1_000_000_000_000_000
_AT_ONCE = 500


class Column(NamedTuple):
    """What a value may be: a Python type, whether None is allowed, and list or dict for JSON text of one; the items of
    a list are texts, or objects."""

    of: type
    optional: bool = False
    json: type | None = None
    items: type = str


class Table(NamedTuple):
    """A kind of record: the column of its id and those of its values."""

    key: str
    columns: Mapping[str, Column]


_TEXT, _SOME_TEXT = Column(str), Column(str, optional=True)
_NUMBER, _SOME_NUMBER = Column(int), Column(int, optional=True)
_LIST, _OBJECT = Column(str, json=list), Column(str, json=dict)
_OBJECTS = Column(str, json=list, items=dict)
_MADE = {"author": _SOME_TEXT, "created_ns": _SOME_NUMBER}
SCORE = "score"
TABLES: Mapping[str, Table] = MappingProxyType(
    {
        SCORE: Table(
            "score_id",
            {
                **dict.fromkeys(SCORE_COLUMNS[1:], _SOME_TEXT),
                **dict.fromkeys(("name", "kind", "source"), _TEXT),
                **dict.fromkeys(("document_position", "created_ns", "updated_ns"), _SOME_NUMBER),
                "value": Column(float, optional=True),
                "metadata": _OBJECT,
            },
        ),
        "review_queue": Table(
            "queue_id",
            {"name": _TEXT, "recipe": _OBJECT, "instructions": _TEXT, "blind": _NUMBER, "reviewers": _LIST,
             "overlap": Column(float), **_MADE},
        ),
        "review_item": Table(
            "item_id",
            {"queue_id": _TEXT, "trace_id": _TEXT, "position": _NUMBER, "stratum": _TEXT,
             "requeued_ns": _SOME_NUMBER},
        ),
        "review_visit": Table(
            "visit_id",
            {"queue_id": _TEXT, "trace_id": _TEXT, "author": _TEXT, "began_ns": _NUMBER, "spent_ms": _NUMBER},
        ),
        "score_definition": Table(
            "definition_id",
            {"name": _TEXT, "kind": _TEXT, "description": _TEXT, "required": _NUMBER, "low": Column(float),
             "high": Column(float), "step": Column(float), "options": _LIST, "position": _NUMBER, **_MADE},
        ),
        "failure_mode": Table(
            "mode_id",
            {"name": _TEXT, "description": _TEXT, "merged_into": _SOME_TEXT, "position": _NUMBER, **_MADE},
        ),
        "dataset": Table("dataset_id", {"name": _TEXT, "description": _TEXT, **_MADE}),
        "dataset_item": Table(
            "item_id",
            {"dataset_id": _TEXT, "trace_id": _TEXT, "span_id": _SOME_TEXT, "input": _SOME_TEXT,
             "output": _SOME_TEXT, "expected": _SOME_TEXT, "metadata": _OBJECT, **_MADE},
        ),
        "dashboard": Table("dashboard_id", {"name": _TEXT, "panels": _OBJECTS, **_MADE}),
    }
)  # fmt: skip
_ENDLESS = {"inf": math.inf, "-inf": -math.inf}  # as text: JSON has no infinity
_JOINED = {"review_item": "queue_id", "dataset_item": "dataset_id"}  # item_id is this column/trace_id


def version_of(kind: str, record_id: str, stamp_ns: int, removed: bool, values: Mapping[str, Any]) -> Version:
    """The version with some values by column, those of JSON columns as text. Columns that are missing are None."""
    body = {
        name: float(value) if column.of is float and type(value) is int else value
        for name, column in TABLES[kind].columns.items()
        for value in (values.get(name),)
    }
    if kind == SCORE:
        if mode_of(body) is not None:
            del body["label"]
        value = body["value"]
        if isinstance(value, float) and math.isinf(value):
            body["value"] = str(value)
    return Version(kind, record_id, stamp_ns, removed, orjson.dumps(body, option=orjson.OPT_SORT_KEYS))


def values_of(version: Version) -> dict[str, Any]:
    """The values of a version by column, without its id and times that the version itself has."""
    values: dict[str, Any] = dict.fromkeys(TABLES[version.kind].columns)
    values |= orjson.loads(version.body)
    if version.kind == SCORE and values["value"] in _ENDLESS:
        values["value"] = _ENDLESS[values["value"]]
    return values


def fault_in(version: Version) -> str | None:
    """Why a version from elsewhere cannot be taken in, None when it can."""
    table = TABLES.get(version.kind)
    if table is None:
        return "a record of an unknown kind"
    if not version.record_id or "\0" in version.record_id:
        return "a record without an id"
    # a database made by another program need not hold what its columns say
    if not isinstance(version.stamp_ns, int) or not -LARGEST <= version.stamp_ns <= LATEST_NS:
        return "a time that is out of range"
    try:
        values = values_of(version)
    except (TypeError, ValueError):
        return "values that are not JSON"
    for name, column in table.columns.items():
        if not _fits(values[name], column):
            return f"a {version.kind} whose {name} is of a wrong type"
    return _sense(version, values)


def _fits(value: Any, column: Column) -> bool:
    if value is None:
        return column.optional
    if isinstance(value, bool):
        return False
    if column.of is int:
        return isinstance(value, int) and -LARGEST <= value <= LARGEST
    if column.of is float:
        return isinstance(value, int | float) and value == value
    if not isinstance(value, str):
        return False
    if column.json is None:
        return True
    try:
        found: Json = orjson.loads(value)
    except ValueError:
        return False
    if column.json is list:
        return isinstance(found, list) and all(isinstance(item, column.items) for item in found)
    return isinstance(found, dict)


def _sense(version: Version, values: Mapping[str, Any]) -> str | None:
    match version.kind:
        case "score":
            said = said_ns(values)
            if version.stamp_ns < said or (version.stamp_ns != said and not version.removed):
                return "a score whose time is not that of its version"
            if values["kind"] not in _SCORE_KINDS:
                return "a score of an unknown kind"
        case "score_definition" if values["kind"] not in _DEFINITION_KINDS:
            return "a score_definition of an unknown kind"
        case "review_queue" if not _is_recipe(orjson.loads(values["recipe"])):
            return "a review_queue whose recipe cannot be followed"
        case "review_queue" if not 0.0 <= values["overlap"] <= 1.0:
            return "a review_queue whose overlap is no share"
        case "dashboard" if not _are_panels(orjson.loads(values["panels"])):
            return "a dashboard whose panels cannot be drawn"
        case "review_item" | "dataset_item":
            if version.record_id != f"{values[_JOINED[version.kind]]}/{values['trace_id']}":
                return f"a {version.kind} whose id is not that of its trace"
    return None


_SCORE_KINDS = frozenset(kind.value for kind in ScoreKind)
_DEFINITION_KINDS = frozenset(kind.value for kind in DefinitionKind)
_SOURCES = frozenset(source.value for source in QueueSource)
_RECIPE: Mapping[str, tuple[type, ...]] = {
    "source": (str,), "filter_text": (str,), "since_ns": (int,), "until_ns": (int,), "size": (int,), "seed": (int,),
    "by": (str,), "score": (str,), "below": (int, float),
}  # fmt: skip


def _is_recipe(recipe: Mapping[str, Json]) -> bool:
    return recipe.get("source", QueueSource.FILTER.value) in _SOURCES and all(
        name not in _RECIPE or value is None or (isinstance(value, _RECIPE[name]) and not isinstance(value, bool))
        for name, value in recipe.items()
    )


def _are_panels(found: Sequence[Json]) -> bool:
    try:
        ids = {panel_of(each).panel_id for each in found}
    except ValueError:
        return False
    return len(ids) == len(found) <= MOST_PANELS


def said_ns(values: Mapping[str, Any]) -> int:
    """When a score got its values; 0 when that is not known."""
    return values["updated_ns"] or values["created_ns"] or 0


def mode_of(values: Mapping[str, Any]) -> str | None:
    """The id of the failure mode that a score marks; None when it marks none."""
    if values["name"] != FAILURE_MODE:
        return None
    try:
        mode = orjson.loads(values["metadata"] or "{}").get("mode")
    except (ValueError, AttributeError, TypeError):
        return None
    return mode if isinstance(mode, str) else None


def read_versions(
    connection: sqlite3.Connection, kind: str, record_ids: Sequence[str] | None = None
) -> Iterator[tuple[str, set[Version] | None, Version | None]]:
    """The records of a kind (all, or those of some ids) one by one: id, versions and the live one, which need not be
    the winner. The versions are None when one of them is damaged. Nothing where the file is too old for the kind."""
    known = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
    if connection.execute(known, (kind,)).fetchone() is None:
        return
    if record_ids is None:
        yield from _read_all(connection, kind)
        return
    for at in range(0, len(record_ids), _AT_ONCE):
        yield from _read_some(connection, kind, record_ids[at : at + _AT_ONCE])


def _read_all(connection: sqlite3.Connection, kind: str) -> Iterator[tuple[str, set[Version] | None, Version | None]]:
    key = TABLES[kind].key
    sql = f"SELECT {key} FROM {kind} WHERE {key} > :last AND typeof({key}) = 'text' ORDER BY {key} LIMIT {_AT_ONCE}"
    if kind == SCORE:  # some are only history
        sql = (
            f"SELECT score_id FROM ({' UNION '.join(f'SELECT * FROM ({part})' for part in (sql, _GONE))})"
            f" ORDER BY score_id LIMIT {_AT_ONCE}"
        )
    last = ""
    while found := [record_id for (record_id,) in connection.execute(sql, {"last": last})]:
        if found[-1] <= last:  # text that is not UTF-8 is not found again as it was read
            return
        yield from _read_some(connection, kind, found)
        last = found[-1]


_GONE = (
    "SELECT DISTINCT score_id FROM score_history WHERE score_id > :last AND typeof(score_id) = 'text'"
    f" ORDER BY score_id LIMIT {_AT_ONCE}"
)


def _read_some(
    connection: sqlite3.Connection, kind: str, record_ids: Sequence[str]
) -> Iterator[tuple[str, set[Version] | None, Version | None]]:
    wanted = orjson.dumps(record_ids).decode()
    key, columns = TABLES[kind]
    names = list(columns)
    further = () if kind == SCORE else ("updated_ns", "removed")
    live: dict[str, Version] = {}
    sets: dict[str, set[Version] | None] = {}
    among = "IN (SELECT value FROM json_each(?))"
    for row in connection.execute(
        f"SELECT {', '.join((key, *names, *further))} FROM {kind} WHERE {key} {among}", (wanted,)
    ):
        record_id = row[0]
        try:
            values = dict(zip(names, row[1:], strict=False))
            stamp_ns, removed = row[-2:] if further else (said_ns(values), 0)
            live[record_id] = version_of(kind, record_id, stamp_ns, bool(removed), values)
            sets[record_id] = {live[record_id]}
        except (TypeError, ValueError):
            sets[record_id] = None
    if kind == SCORE:
        for score_id, replaced_ns, removed, former in connection.execute(
            f"SELECT score_id, replaced_ns, removed, former FROM score_history WHERE score_id {among}", (wanted,)
        ):
            known = sets.setdefault(score_id, set())
            if known is None:
                continue
            try:
                known |= _of_history(score_id, replaced_ns, bool(removed), orjson.loads(former))
            except (TypeError, ValueError, KeyError):
                sets[score_id] = None
    for record_id, versions in sets.items():
        yield record_id, versions, live.get(record_id)


def _of_history(score_id: str, replaced_ns: int, removed: bool, former: dict[str, Any]) -> set[Version]:
    said = said_ns(former)
    versions = {version_of(SCORE, score_id, said, False, former)}
    if removed:
        # on a clock that went back, what was removed later than it was said is removed all the same
        versions.add(version_of(SCORE, score_id, max(replaced_ns, said), True, former))
    return versions
