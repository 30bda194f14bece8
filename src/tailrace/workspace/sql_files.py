"""The result of a person's statement as a file for other programs."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from tailrace.model.sql import Cell, SqlResult, is_nested
from tailrace.workspace.tables import Column, Form, write_rows


def write_result(out: Path | IO[bytes], result: SqlResult, form: Form = Form.CSV) -> int:
    """Write all rows of a result to a file, or as CSV or JSON lines to a stream; how many. Raises SourceError."""
    columns = [Column(name) for name in result.columns]
    if form is Form.JSONL:
        rows = (json_row(result, row) for row in result.rows)
    else:
        rows = (dict(zip(result.columns, map(plain_cell, row), strict=True)) for row in result.rows)
    return write_rows(out, columns, rows, form)


def json_row(result: SqlResult, row: tuple[Cell, ...]) -> dict[str, Any]:
    """A row for JSON; what holds lists or structs is JSON too, and no text of it."""
    return {
        name: nested_cell(cell) if is_nested(kind) else plain_cell(cell)
        for name, kind, cell in zip(result.columns, result.types, row, strict=True)
    }


def nested_cell(cell: Cell) -> Any:
    """A cell that is a list, a struct or a map. One that is no JSON after all stays the text that it is."""
    if not isinstance(cell, str):
        return cell
    try:
        return json.loads(cell, parse_int=lambda digits: plain_cell(int(digits)), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return cell


def plain_cell(cell: Cell) -> Any:
    """A cell for JSON and CSV: a decimal is a number where a double holds it, and a text where none does; so is an
    integer that is too large for 64 bits."""
    if isinstance(cell, Decimal):
        number = float(cell)
        return number if Decimal(repr(number)) == cell else str(cell)
    if isinstance(cell, int) and not isinstance(cell, bool) and not -(2**63) <= cell < 2**63:
        return str(cell)
    return cell
