"""Rows out, for other programs: as CSV, JSON lines or Parquet. Nothing is cut."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import orjson

from tailrace.errors import SourceError
from tailrace.model.time import format_time
from tailrace.workspace.whole_files import whole_file


class Form(StrEnum):
    """How rows are written; the value is the file name's end."""

    CSV = ".csv"
    JSONL = ".jsonl"
    PARQUET = ".parquet"


def form_of(out: Path | IO[bytes]) -> Form:
    """The form of a file by its name; a stream gets JSON lines. Raises SourceError for any other name."""
    if not isinstance(out, Path):
        return Form.JSONL
    try:
        return Form(out.suffix.lower())
    except ValueError:
        raise SourceError(
            f"{out} does not say what kind of file it is.", "Let its name end in .csv, .jsonl or .parquet."
        ) from None


class Kind(StrEnum):
    """What a column holds; the value is DuckDB's name of it. A row's value is None where there is none."""

    TEXT = "VARCHAR"
    NUMBER = "DOUBLE"
    FLAG = "BOOLEAN"
    TIME = "TIMESTAMP_NS"  # integer nanoseconds, UTC
    LIST = "VARCHAR[]"
    JSON = "JSON"  # JSON text


@dataclass(frozen=True, slots=True)
class Column:
    """A column; without a kind it takes that of its values, which are texts where they differ."""

    name: str
    kind: Kind | None = None


# What spreadsheets take for a formula, and what they drop in front of one
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LEAST_OBJECT = 16 << 20


def write_rows(
    out: Path | IO[bytes], columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], form: Form, guard: bool = True
) -> int:
    """Write rows to a file, which is there whole or not at all, or to a stream (no Parquet); how many. `guard` puts an
    apostrophe before text in CSV that a spreadsheet would take for a formula. Raises SourceError."""
    if not isinstance(out, Path):
        return _write_text(out, columns, rows, form, guard)
    with whole_file(out) as unfinished:
        if form is Form.PARQUET:
            return _write_parquet(unfinished, columns, rows)
        with unfinished.open("wb") as file:
            return _write_text(file, columns, rows, form, guard)


def _write_text(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], form: Form, guard: bool
) -> int:
    count = 0
    if form is Form.JSONL:
        for row in rows:
            file.write(_line(columns, row))
            count += 1
        return count
    with _text_on(file) as text:
        writer = csv.writer(text)
        writer.writerow([_cell(column.name, guard) for column in columns])
        for row in rows:
            writer.writerow([_cell(_plain(column, row.get(column.name)), guard) for column in columns])
            count += 1
    return count


@contextmanager
def _text_on(file: IO[bytes]) -> Iterator[io.TextIOWrapper]:
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=False)
    try:
        yield text
    finally:
        text.flush()
        text.detach()


def _cell(value: Any, guard: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    if not isinstance(value, str):
        return repr(value)
    return "'" + value if guard and value.startswith(_FORMULA) else value


def _plain(column: Column, value: Any) -> Any:
    return format_time(value) if column.kind is Kind.TIME and value is not None else value


def _line(columns: Sequence[Column], row: Mapping[str, Any]) -> bytes:
    values: dict[str, Any] = {}
    for column in columns:
        value = _plain(column, row.get(column.name))
        if column.kind is Kind.JSON and value is not None:
            # a line break in JSON only stands between its words; its numbers stay as they are written
            value = orjson.Fragment(value.replace("\r", " ").replace("\n", " "))
        values[column.name] = value
    return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def _write_parquet(path: Path, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> int:
    """By way of JSON lines beside it: only when all rows were seen is it known what some columns hold."""
    import duckdb

    lines = path.with_name(path.name + ".lines")
    seen: dict[str, set[type]] = {column.name: set() for column in columns if column.kind is None}
    as_text = [Column(c.name, Kind.TEXT if c.kind is Kind.JSON else c.kind) for c in columns]
    count = longest = 0
    try:
        with lines.open("wb") as file:
            for row in rows:
                count += 1
                for name, types in seen.items():
                    types.add(type(row.get(name)))
                longest = max(longest, file.write(_line(as_text, row)))
        kinds = {column.name: (column.kind or _kind_of(seen[column.name])).value for column in as_text}
        with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
            read = connection.read_json(
                str(lines),
                columns=kinds,
                format="newline_delimited",
                maximum_object_size=max(longest + 1, _LEAST_OBJECT),
            )
            read.write_parquet(str(path), compression="zstd")
    finally:
        lines.unlink(missing_ok=True)
    return count


def _kind_of(types: set[type]) -> Kind:
    known = types - {type(None)}
    if known == {float}:
        return Kind.NUMBER
    return Kind.FLAG if known == {bool} else Kind.TEXT
