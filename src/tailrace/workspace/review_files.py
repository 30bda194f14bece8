"""One reviewer's work as a file to send to others: a header line, then one version of a record a line, as JSON.

    {"tailrace_review": 1, "reviewer": "Ann", "database": "support.tailrace", "exported": "2026-11-21T04:00:00Z"}
    {"kind": "failure_mode", "id": "…", "stamp_ns": 1795000000000000000, "values": {"name": "Wrong tool", …}}

`kind` and the keys of `values` are the names of the database's tables and columns; what is null is left out, and so is
`removed` unless it is true. A file whose name ends in .gz is compressed.
"""

from __future__ import annotations

import gzip
import io
import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from tailrace.errors import SourceError
from tailrace.formats import Skipped, unreadable
from tailrace.formats.compression import Source
from tailrace.model.time import format_time
from tailrace.model.versions import Version
from tailrace.store.versions import TABLES, fault_in, values_of, version_of
from tailrace.workspace.whole_files import whole_file

FORMAT = 1
_MARK = "tailrace_review"
_LONGEST_HEADER = 64 * 1024
LONGEST_LINE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReviewHeader:
    """The first line: whose work it is (None: everybody's), out of which database, and when it was written."""

    reviewer: str | None
    database: str
    exported: str


def write_review(out: Path, versions: Iterable[Version], reviewer: str | None, database: str) -> int:
    """Write versions to a file, which is there whole or not at all; how many. Raises SourceError."""
    count = 0
    header = {
        _MARK: FORMAT,
        "reviewer": reviewer,
        "database": database,
        "exported": format_time(time.time_ns() // 1_000_000_000 * 1_000_000_000),
    }
    with whole_file(out) as unfinished, _open_to_write(unfinished, packed=out.suffix == ".gz") as file:
        file.write(orjson.dumps(header, option=orjson.OPT_APPEND_NEWLINE))
        for version in versions:
            file.write(orjson.dumps(_line_of(version), option=orjson.OPT_APPEND_NEWLINE))
            count += 1
    return count


@contextmanager
def _open_to_write(path: Path, packed: bool) -> Iterator[IO[bytes]]:
    with path.open("wb") as file:
        if packed:
            # neither name nor time inside: the same work gives the same bytes
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packing, io.BufferedWriter(packing) as buffered:
                yield buffered
        else:
            yield file


def read_header(path: Path) -> ReviewHeader | None:
    """The header of a review file; None when the file is something else. Raises SourceError when it cannot be read, or
    was written by a newer Tailrace."""
    try:
        with Source(path) as source:
            line = source.stream.readline(_LONGEST_HEADER)
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        header = orjson.loads(line)
    except ValueError:
        return None
    if not isinstance(header, dict) or _MARK not in header:
        return None
    form = header[_MARK]
    if not isinstance(form, int) or isinstance(form, bool) or form < 1:
        raise SourceError(f"{path} names its format {str(form)[:40]!r}, which no Tailrace writes.")
    if form > FORMAT:
        raise SourceError(
            f"{path} was written by a newer Tailrace (its format is {form}, this program knows {FORMAT}).",
            "Update Tailrace to read it.",
        )
    reviewer = header.get("reviewer")
    return ReviewHeader(
        reviewer if isinstance(reviewer, str) else None, str(header.get("database")), str(header.get("exported"))
    )


def read_review(path: Path, longest_line: int = LONGEST_LINE) -> Iterator[Version | Skipped]:
    """The versions in a review file in their order, and what cannot be used, with the reason and the line. Raises
    SourceError when the file cannot be read."""
    try:
        with Source(path) as source:
            source.stream.readline(_LONGEST_HEADER)
            number = 1
            while line := source.stream.readline(longest_line + 1):
                number += 1
                if len(line) > longest_line:
                    yield Skipped(f"a line of more than {longest_line >> 20} MiB", f"line {number}")
                    while line and not line.endswith(b"\n"):
                        line = source.stream.readline(longest_line)
                elif line.strip():
                    yield _version_on(line, number)
            if source.fault is not None:
                yield Skipped(source.fault, f"behind line {number}")
    except OSError as error:
        raise unreadable(path, error) from error


def _version_on(line: bytes, number: int) -> Version | Skipped:
    place = f"line {number}"
    try:
        record = orjson.loads(line)
    except ValueError:
        return Skipped("a line that is not JSON", place)
    if not isinstance(record, dict):
        return Skipped("a line that is not an object", place)
    kind, record_id, stamp_ns = record.get("kind"), record.get("id"), record.get("stamp_ns")
    values, removed = record.get("values"), record.get("removed", False)
    if not isinstance(kind, str) or kind not in TABLES:
        return Skipped("a record of an unknown kind", place)
    if (
        not isinstance(record_id, str)
        or not isinstance(stamp_ns, int)
        or isinstance(stamp_ns, bool)
        or not isinstance(removed, bool)
        or not isinstance(values, dict)
    ):
        return Skipped("a line without a sound id, stamp_ns, removed or values", place)
    columns = TABLES[kind].columns
    if not values.keys() <= columns.keys():
        return Skipped(f"a {kind} with values that this program does not know", place)
    for name, value in values.items():
        if columns[name].json is not None and isinstance(value, list | dict):
            values[name] = orjson.dumps(value).decode()
    try:
        version = version_of(kind, record_id, stamp_ns, removed, values)
    except (TypeError, ValueError, OverflowError):
        return Skipped(f"a {kind} with values of a wrong type", place)
    fault = fault_in(version)
    return version if fault is None else Skipped(fault, place)


def _line_of(version: Version) -> dict[str, Any]:
    line: dict[str, Any] = {"kind": version.kind, "id": version.record_id, "stamp_ns": version.stamp_ns}
    if version.removed:
        line["removed"] = True
    columns = TABLES[version.kind].columns
    values = {name: value for name, value in values_of(version).items() if value is not None}
    for name, value in values.items():
        if columns[name].json is not None:
            values[name] = _opened(value)
        elif isinstance(value, float) and math.isinf(value):
            values[name] = str(value)  # JSON has no infinity
    return line | {"values": values}


def _opened(text: str) -> Any:
    """The value of JSON text, to be read by people; the text itself where writing it again would change it."""
    try:
        value = orjson.loads(text)
        return value if orjson.dumps(value).decode() == text else text
    except (TypeError, ValueError):
        return text
