"""Run one statement in a process of its own, and end the process when it takes more than it may.

Why not on a thread of ours: many of DuckDB's functions neither look whether they were interrupted nor count the memory
they take (levenshtein, list_sum(range(…)), md5, sliding windows; repeat and lpad take 5 GB where 1 GB is the limit),
and a fault in it would end the program. A process can be ended by the system whatever it does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tailrace.errors import DatabaseError, LimitError
from tailrace.jobs import Ticket
from tailrace.model.sql import Cell, is_nested
from tailrace.model.words import format_duration
from tailrace.store.sql.child import OUT_OF_MEMORY, OUT_OF_TIME, Order

CHILD = "tailrace.store.sql.child"
_KEPT_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Said:
    """What the process answered. One of `refused` and `failed` (DuckDB's words) is set where there is no result;
    `position` and `prefix` count bytes of UTF-8."""

    columns: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    more: str = ""
    elapsed_ns: int = 0
    refused: str = ""
    failed: str = ""
    position: int | None = None
    prefix: int = 0


def run(order: Order, ticket: Ticket) -> Said:
    """Run a statement to its end or its limit. Raises LimitError when it took too much time or memory, Cancelled, and
    DatabaseError when the process could not be started or failed by itself."""
    try:
        process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=order["spill"],
            env=environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise DatabaseError(f"A process to run SQL in cannot be started: {error}.", detail=repr(error)) from error
    with process, ticket.interruptible(process.kill):
        try:
            out, complaint = process.communicate(json.dumps(order).encode(), timeout=order["seconds"])
        except subprocess.TimeoutExpired:
            raise _too_long(order) from None
        finally:
            process.kill()
        ticket.check()
    if process.returncode == OUT_OF_TIME:
        raise _too_long(order)
    return _read(out, process.returncode, complaint, order)


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD]
    # no site of the person's own, no folder of the moment: nothing but what is named below can be imported
    return [sys.executable, "-s", "-P", "-X", "utf8", "-m", CHILD]


def environment() -> dict[str, str]:
    """What of the environment the process sees: where its libraries are, and nothing else."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONDONTWRITEBYTECODE": "1"}


def _read(out: bytes, code: int, complaint: bytes, order: Order) -> Said:
    lines = out.split(b"\n")
    try:
        first = json.loads(lines[0])
        if "refused" in first:
            return Said(refused=str(first["refused"]), position=first["position"])
        if "failed" in first:
            if first["kind"] == "OutOfMemoryException":
                raise _too_much(order)
            return Said(failed=str(first["failed"]), prefix=int(first["prefix"]))
        types = tuple(map(str, first["types"]))
        last = json.loads(lines[-2])
        readers = [_reader(kind) for kind in types]
        rows = tuple(
            tuple([cell if cell is None else read(cell) for read, cell in zip(readers, json.loads(line), strict=True)])
            for line in lines[1:-2]
        )
        return Said(tuple(map(str, first["columns"])), types, rows, str(last["more"]), int(last["elapsed_ns"]))
    except (ValueError, KeyError, IndexError, TypeError) as error:
        # no answer, or half of one
        if code == OUT_OF_MEMORY or b"MemoryError" in complaint or b"bad_alloc" in complaint:
            raise _too_much(order) from None
        told = complaint.decode("utf-8", "replace")
        raise DatabaseError(
            f"The statement made the process that ran it fail ({_manner(code)}). Nothing else was touched.",
            "Write it in another way.",
            f"{error!r}\n{told}",
        ) from error


def _reader(kind: str) -> Callable[[Any], Cell]:
    if is_nested(kind):
        return _as_it_is
    if kind.startswith("DECIMAL"):
        return Decimal
    if kind in ("FLOAT", "DOUBLE"):
        return float
    return _as_it_is


def _as_it_is(cell: Any) -> Cell:
    if isinstance(cell, bool | int | float | str):
        return cell
    raise TypeError(f"no cell: {type(cell).__name__}")


def _manner(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _too_long(order: Order) -> LimitError:
    return LimitError(
        f"The statement was stopped after {format_duration(round(order['seconds'] * 1e9))}, the most it may take.",
        "Ask for less at a time: fewer rows before a join, a shorter time range.",
    )


def _too_much(order: Order) -> LimitError:
    most = f"{order['memory'] / (1 << 30):.3g} GB"
    return LimitError(
        f"The statement was stopped: it needed more than the {most} of memory it may use.",
        "Ask for less at a time: fewer rows before a join or an ORDER BY, shorter lists and texts.",
    )
