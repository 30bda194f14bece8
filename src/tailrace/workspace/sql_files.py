"""The result of a person's statement as a file for other programs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from tailrace.model.sql import Cell, SqlResult
from tailrace.workspace.tables import Column, Form, write_rows


def write_result(out: Path | IO[bytes], result: SqlResult, form: Form = Form.CSV) -> int:
    """Write all rows of a result to a file, or as CSV or JSON lines to a stream; how many. Raises SourceError."""
    columns = [Column(name) for name in result.columns]
    rows = (dict(zip(result.columns, map(plain_cell, row), strict=True)) for row in result.rows)
    return write_rows(out, columns, rows, form)


def plain_cell(cell: Cell) -> Any:
    """A cell for JSON and CSV: a decimal is a number where a double holds it, and a text where none does; so is an
    integer that is too large for 64 bits."""
    if isinstance(cell, Decimal):
        number = float(cell)
        return number if Decimal(repr(number)) == cell else str(cell)
    if isinstance(cell, int) and not isinstance(cell, bool) and not -(2**63) <= cell < 2**63:
        return str(cell)
    return cell
