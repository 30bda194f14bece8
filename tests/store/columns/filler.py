"""Programs to be killed or starved: `python -m tests.store.columns.filler DATABASE FOLDER [once | hold]`.

`once` fills the columns and says what they are, `hold` fills them and keeps them open until there is something to
read, and without either one that fills is forked for every line that is read.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import duckdb
import numpy as np

from tailrace.store import Reader
from tailrace.store.columns import Columns

# to import these takes longer than to fill, and whoever is forked has them
FORKED_WITH = (duckdb, np)


def summed(path: Path, folder: Path) -> str:
    """Some figures of all columns."""
    columns = Columns(path, folder)
    reader = Reader(path)
    try:
        columns.refresh(reader)
        return _summed(columns)
    finally:
        reader.close()
        columns.close()


def _summed(columns: Columns) -> str:
    with columns.reading() as cursor:
        spans = cursor.execute("SELECT count(*), sum(span), sum(self_ns), sum(total_tokens) FROM span_facts").fetchall()
        traces = cursor.execute("SELECT count(*), sum(trace), sum(turn), sum(other_ns) FROM trace_facts").fetchall()
    return f"{spans}{traces}"


def main(path: Path, folder: Path, how: str = "") -> None:
    """See the file's first lines."""
    if how == "once":
        os.write(1, summed(path, folder).encode())
    elif how == "hold":
        columns = Columns(path, folder)
        columns.refresh(Reader(path))
        os.write(1, b"open\n")
        sys.stdin.readline()
        columns.close()
    else:
        for _ in sys.stdin:
            if (child := os.fork()) == 0:
                summed(path, folder)
                os._exit(0)
            os.write(1, f"{child}\n".encode())
            os.write(1, f"{os.waitpid(child, 0)[1]}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
