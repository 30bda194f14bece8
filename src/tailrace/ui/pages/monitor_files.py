"""What a chart draws, as a file for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tailrace.ui.views.charts.values import Sheet


def write_sheet(out: Path, sheet: Sheet) -> int:
    """Write a sheet as CSV; how many rows. Raises SourceError."""
    from tailrace.workspace.tables import Column, Form, write_rows  # wanted by few

    names = told_apart(sheet.header)
    rows = (dict(zip(names, row, strict=True)) for row in sheet.rows)
    return write_rows(out, [Column(name) for name in names], rows, Form.CSV)


def file_name(title: str, usual: str) -> str:
    """A title as the name of a file; `usual` where nothing of it can be one."""
    return "".join(char if char.isalnum() or char in " -_." else "-" for char in title[:60]).strip(" .-") or usual


def told_apart(names: Sequence[str]) -> list[str]:
    """Names of columns of which no two are the same: cost, cost (2)."""
    found: list[str] = []
    for name in names:
        words, number = name, 1
        while words in found:
            number += 1
            words = f"{name} ({number})"
        found.append(words)
    return found
