"""Documents on their way from SQLite into DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tailrace.store.columns.source import Document, Shape

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def register(cursor: DuckDBPyConnection, shape: Shape, documents: Sequence[Document]) -> None:
    """Let one cursor read the rows of documents, `shape.rows()`, until others are registered."""
    documents = documents or [_NOTHING]
    cursor.register(
        shape.name,
        {
            "numbers": np.array([document.numbers for document in documents], object),
            "texts": np.array([_sound(document.texts) for document in documents], object),
        },
    )


_NOTHING = Document(b"[]", b"[]")


def _sound(text: bytes) -> bytes:
    # another program may have left something that is no text
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode(errors="replace").encode()
    return text
