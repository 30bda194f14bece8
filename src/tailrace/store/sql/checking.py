"""What a person's statement may be: one that reads the documented views and nothing else.

This is the first of two walls and the one that gives reasons. The second are the locks of the process that the
statement runs in: the data opened read-only, no files, no settings, no extensions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

VIEWS = ("spans", "traces", "scores")
READS = "Only a statement that reads can be run here: SELECT, WITH … SELECT, FROM, VALUES, DESCRIBE, SUMMARIZE, EXPLAIN"
_NAMES = "spans, traces and scores"

# What makes rows from nothing or from a value at hand. All others read files, networks, memory or the program's state.
_TABLE_FUNCTIONS = frozenset(
    ("range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree", "histogram_values")
)
# Functions on values that look out of the statement or change something.
_FUNCTIONS = frozenset(
    (
        *("current_setting", "getenv", "getvariable", "nextval", "currval", "setval", "write_log", "sleep_ms"),
        *("json_execute_serialized_sql", "json_serialize_plan", "json_deserialize_sql", "query", "query_table"),
        *("which_secret", "read_blob", "read_text", "parse_duckdb_log_message"),
    )
)
_READING_NODES = frozenset(("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE", "VALUES_NODE"))
_SHOWS = frozenset(("DESCRIBE", "SUMMARY"))
_EXPLAIN = re.compile(r"\s*explain(?:\s+(?:analyze|verbose))*\s*(?:\([^()]*\))?\s*", re.IGNORECASE)
_COMMENT = re.compile(r"\s*(?:--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/)")
_NOWHERE = 1 << 63  # DuckDB's places that are none are greater


class Refused(Exception):
    """A statement may not be run. `position` counts bytes of it as UTF-8; None where there is no single place."""

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


def check(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """Raise Refused unless `sql` is one statement that reads the views; True where it is explained rather than run.
    What is no SQL at all raises DuckDB's own error."""
    kind = _kind_of_only(connection, sql)
    if kind == "EXPLAIN":
        start = _inside_explain(sql)
        inside = sql[start:]
        shift = len(sql[:start].encode())
        try:
            if _kind_of_only(connection, inside) != "SELECT":
                raise Refused(f"{READS}; what is explained must be one of these too", 0)
            _check_tree(connection, inside)
        except Refused as refused:
            at = None if refused.position is None else refused.position + shift
            raise Refused(refused.reason, at) from None
        return True
    if kind == "MULTI":
        raise Refused("PIVOT needs to be told its values here, as in: PIVOT spans ON kind IN ('llm', 'tool') …", 0)
    if kind != "SELECT":
        raise Refused(f"{READS}; this is {kind.replace('_', ' ')}", 0)
    _check_tree(connection, sql)
    return False


def _kind_of_only(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    found = connection.extract_statements(sql)
    if not found:
        raise Refused("There is no statement yet", None)
    if len(found) > 1:
        raise Refused("Only one statement can be run at a time; the second begins here", len(found[0].query.encode()))
    try:
        return str(found[0].type.name)
    except ValueError:  # a kind that the Python package has no word for
        return "something else"


def _inside_explain(sql: str) -> int:
    at = 0
    while found := _COMMENT.match(sql, at):
        at = found.end()
    found = _EXPLAIN.match(sql, at)
    if found is None:
        raise Refused(f"{READS}; this EXPLAIN cannot be read", 0)
    return found.end()


def _check_tree(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    (text,) = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone() or ("{}",)
    try:
        tree: Any = json.loads(text)
    except RecursionError:
        raise Refused("It nests deeper than can be checked", None) from None
    if tree.get("error", True) or len(tree.get("statements", ())) != 1:
        raise Refused(READS, None)
    statement = tree["statements"][0]
    named = {name for node in _nodes(statement) for name in _named_queries(node)}
    for node in _nodes(statement):
        _check_node(node, named)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object in a tree of JSON, without recursion: a statement may nest as deep as it likes."""
    pending = [tree]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            yield one
            pending += one.values()
        elif isinstance(one, list):
            pending += one


def _named_queries(node: dict[str, Any]) -> Iterator[str]:
    """The names that WITH gives to queries."""
    named = node.get("cte_map")
    for one in named.get("map", ()) if isinstance(named, dict) else ():
        yield str(one.get("key", "")).casefold()
    if node.get("type") in ("RECURSIVE_CTE_NODE", "CTE_NODE"):
        yield str(node.get("cte_name", "")).casefold()


def _check_node(node: dict[str, Any], named: set[str]) -> None:
    kind = str(node.get("type", ""))
    if kind.endswith("_NODE") and kind not in _READING_NODES:
        raise Refused(f"{READS}; a part of this one is {kind.removesuffix('_NODE').removesuffix('_QUERY')}", None)
    if kind == "SHOW_REF" and node.get("show_type") not in _SHOWS:
        raise Refused(f"There is nothing to show here but {_NAMES}; DESCRIBE spans lists the columns of one", _at(node))
    if kind == "BASE_TABLE":
        _check_table(node, named)
    elif kind == "TABLE_FUNCTION":
        function = node.get("function")
        name = str(function.get("function_name", "")) if isinstance(function, dict) else ""
        if name.casefold() not in _TABLE_FUNCTIONS:
            raise Refused(
                f"The function “{name}” cannot be selected from here: only {_NAMES} can be read, no files and no "
                "settings",
                _at(node),
            )
    elif node.get("class") == "FUNCTION" and str(node.get("function_name", "")).casefold() in _FUNCTIONS:
        raise Refused(f"The function “{node['function_name']}” cannot be used here", _at(node))


def _check_table(node: dict[str, Any], named: set[str]) -> None:
    name = str(node.get("table_name", ""))
    path = [str(node[part]) for part in ("catalog_name", "schema_name") if node.get(part)]
    own = not path or path in (["main"], ["memory"], ["memory", "main"])
    if own and (name.casefold() in VIEWS or (not path and name.casefold() in named)):
        return
    full = ".".join((*path, name))
    if "/" in full or "\\" in full or re.search(r"\.(csv|json|jsonl|parquet|txt|db|duckdb|sqlite|tailrace)\b", full):
        raise Refused(f"No file can be read here, only {_NAMES}", _at(node))
    raise Refused(f"There is no “{full}” to select from", _at(node))


def _at(node: dict[str, Any]) -> int | None:
    place = node.get("query_location")
    return place if isinstance(place, int) and place < _NOWHERE else None
