"""The process that runs one statement: `python -m tailrace.store.sql.child`, an order on stdin, an answer on stdout.

The order is one JSON object (see `Order`). The answer is JSON lines: `{"columns": …, "types": …}`, a list a row, and
`{"more": …, "elapsed_ns": …}`; or one line `{"refused": …}` or `{"failed": …}`. Whoever reads it takes a missing last
line for a process that was stopped.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    import duckdb

OUT_OF_MEMORY = 71  # exit codes
OUT_OF_TIME = 72
_BATCH = 256
_LOOK_S = 0.02
_NUMBERS = frozenset(
    (
        *("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER"),
        *("UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "VARCHAR"),
    )
)
_NESTED = ("STRUCT(", "MAP(", "UNION(")


class Order(TypedDict):
    """What to run. `database` is a DuckDB file that is attached read-only as `kept`, `views` make what can be selected
    from, `spill` is an empty folder. Limits: `seconds`; `rows` of the result, `size` bytes of it; `memory` and `disk`
    bytes."""

    database: str
    kept: str
    views: list[str]
    sql: str
    spill: str
    seconds: float
    rows: int
    size: int
    memory: int
    disk: int


def main() -> None:
    """Run what stdin orders and leave. Nothing is cleaned up: the process is the cleaning."""
    order: Order = json.load(sys.stdin)
    out = sys.stdout
    _limit(order)
    try:
        answer(order, out)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    out.flush()
    os._exit(0)


def answer(order: Order, out: IO[str]) -> None:
    """Run an order and write the answer."""
    import duckdb

    from tailrace.store.sql.checking import Refused, check

    connection = open_locked(order)
    began = time.perf_counter_ns()
    prefix = 0
    try:
        explained = check(connection, order["sql"])
        if explained:
            cursor = connection.execute(order["sql"])
            described = cursor.description or []
        else:
            # in brackets on a line of its own: what was checked is one statement, whatever follows it is a comment
            head = "SELECT * FROM (\n"
            prefix = len(head)
            described = connection.execute(f"{head}{order['sql']}\n) LIMIT 0").description or []
            shown = ", ".join(_column(place, str(kind)) for place, (_, kind, *_rest) in enumerate(described, 1))
            head = f"SELECT {shown} FROM (\n"
            prefix = len(head)
            cursor = connection.execute(f"{head}{order['sql']}\n) LIMIT {order['rows'] + 1}")
        _write(cursor, described, order, began, out)
    except Refused as refused:
        _say(out, {"refused": refused.reason, "position": refused.position})
    except duckdb.Error as error:
        _say(out, {"failed": str(error), "kind": type(error).__name__, "prefix": prefix})


def _column(place: int, kind: str) -> str:
    """A column of the result by its place, as what JSON can carry."""
    if kind.endswith("]") or kind.startswith(_NESTED):
        # DuckDB's own text of a list does not tell ['a, b'] from ['a', 'b']
        return f"to_json(#{place})::VARCHAR"
    return f"#{place}" if kind in _NUMBERS or kind.startswith("DECIMAL") else f"#{place}::VARCHAR"


def open_locked(order: Order) -> duckdb.DuckDBPyConnection:
    """A connection that sees the views of an order and nothing else of the computer."""
    import duckdb

    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_persistent_secrets": "false",
            "python_enable_replacements": "false",
            "errors_as_json": "true",
            "memory_limit": f"{order['memory']}B",
            "temp_directory": order["spill"],
            "max_temp_directory_size": f"{order['disk']}B",
        },
    )
    place = order["database"].replace("'", "''")
    connection.execute(f"ATTACH '{place}' AS {order['kept']} (READ_ONLY)")
    for view in order["views"]:
        connection.execute(view)
    with suppress(duckdb.Error):  # a build without time zones knows no other than UTC
        connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _write(cursor: Any, described: list[Any], order: Order, began: int, out: IO[str]) -> None:
    lines: list[str] = []
    size = 0
    more = ""
    while not more and (batch := cursor.fetchmany(_BATCH)):
        for row in batch:
            line = json.dumps(row, ensure_ascii=False, default=str, separators=(",", ":"))
            size += len(line)
            if len(lines) == order["rows"]:
                more = "rows"
                break
            if size > order["size"]:
                more = "size"
                break
            lines.append(line)
    elapsed = time.perf_counter_ns() - began
    _say(out, {"columns": [str(name) for name, *_ in described], "types": [str(kind) for _, kind, *_ in described]})
    for line in lines:
        out.write(line + "\n")
    _say(out, {"more": more, "elapsed_ns": elapsed})


def _say(out: IO[str], line: dict[str, Any]) -> None:
    out.write(json.dumps(line, ensure_ascii=False) + "\n")


def _limit(order: Order) -> None:
    """Some of DuckDB's functions neither count their memory nor look whether they were interrupted: the process itself
    ends when it has taken too much of either, also when nobody is left to stop it."""
    threading.Thread(target=_watch, args=(order,), daemon=True).start()
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError):
        os.nice(5)  # the window comes first
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    processor_seconds = int((order["seconds"] + 1) * ((os.cpu_count() or 1) + 1)) + 1
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
    if sys.platform == "linux":
        # what may be asked for, of which not all is used: the watch below is nearer to what is meant
        most = 3 * order["memory"]
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _watch(order: Order) -> None:
    deadline = time.monotonic() + order["seconds"] + 1
    held = _memory_meter()
    pause = threading.Event()
    while not pause.wait(_LOOK_S):
        if time.monotonic() > deadline:
            os._exit(OUT_OF_TIME)
        if held() > order["memory"] * 1.25:
            os._exit(OUT_OF_MEMORY)


def _memory_meter() -> Callable[[], int]:
    """What tells how many bytes of memory this process holds; 0 where the system does not say."""
    system: str = sys.platform
    if system == "linux":
        page = os.sysconf("SC_PAGE_SIZE")
        place = os.open("/proc/self/statm", os.O_RDONLY)
        return lambda: int(os.pread(place, 128, 0).split()[1]) * page
    if system == "darwin":
        import resource

        def most() -> int:
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        first = most()  # what the process that started this one held counts at first
        return lambda: 0 if most() == first else most()
    return lambda: 0


if __name__ == "__main__":
    main()
