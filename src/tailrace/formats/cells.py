"""Values out of a foreign database's cells, whatever type they turn out to have."""

from __future__ import annotations

import json
import math

import orjson

from tailrace.model import Json
from tailrace.model.time import parse_time

_INT64 = 2**63


def text_of(cell: object) -> str | None:
    """The cell as text; None for NULL and for bytes that are no text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bytes):
        try:
            return cell.decode()
        except UnicodeDecodeError:
            return None
    return None if cell is None else str(cell)


def integer_of(cell: object) -> int | None:
    """The cell as a 64-bit integer; None for anything else."""
    if isinstance(cell, str):
        try:
            cell = float(cell)
        except ValueError:
            return None
    if isinstance(cell, float):
        cell = int(cell) if math.isfinite(cell) else None
    return int(cell) if isinstance(cell, int) and -_INT64 <= cell < _INT64 else None


def count_of(cell: object) -> int | None:
    """The cell as a number of things: an integer that is not negative."""
    number = integer_of(cell)
    return number if number is not None and number >= 0 else None


def number_of(cell: object) -> float | None:
    """The cell as a finite number; None for anything else."""
    if isinstance(cell, str):
        try:
            cell = float(cell)
        except ValueError:
            return None
    return float(cell) if isinstance(cell, int | float) and math.isfinite(cell) else None


def time_of(cell: object) -> int | None:
    """The cell as nanoseconds since the epoch; None when it is no time or is outside 64 bits."""
    if not isinstance(cell, str):
        return None
    try:
        time_ns = parse_time(cell)
    except (ValueError, OverflowError):
        return None
    return time_ns if -_INT64 <= time_ns < _INT64 else None


def json_of(cell: object) -> Json:
    """The JSON value in a cell, NaN and Infinity as text, lone surrogates replaced. None for NULL and for empty text;
    raises ValueError for anything that is not JSON or is nested too deeply."""
    if not isinstance(cell, str | bytes):
        return cell
    if not cell:
        return None
    try:
        return orjson.loads(cell)
    except orjson.JSONDecodeError:
        pass
    try:
        loose = json.loads(cell, parse_constant=str)
        return orjson.loads(json.dumps(loose, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
