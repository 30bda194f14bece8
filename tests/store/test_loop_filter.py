"""`loop:` asks for what the columns of charts call loop depth."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest
from tests.store.written import make

from tailrace.model import Sorting, Span, SpanKind, TraceFilter
from tailrace.query import parse
from tailrace.store import Reader, Writer
from tailrace.store.columns import Columns


def some_spans(rng: random.Random) -> list[Span]:
    found: list[Span] = []
    for trace in range(60):
        ids = [f"s{i}" for i in range(rng.randint(1, 12))]
        for i, span_id in enumerate(ids):
            parent = None if i == 0 else rng.choice((ids[0], ids[i // 2], "missing", "lost"))
            kind = rng.choice((SpanKind.TOOL, SpanKind.TOOL, SpanKind.LLM))
            tool = rng.choice(("search", "Search", None, ""))
            found.append(
                make(span_id, parent, f"t{trace}", kind=kind, tool_name=tool, name=rng.choice(("search", "x")))
            )
    return found


@pytest.mark.parametrize("text", ["loop:>=2", "loop:3", "loop:<2", "loop:>1 loop:<4", "-loop:>=1"])
def test_the_filter_and_the_columns_count_loops_alike(path: Path, tmp_path: Path, text: str) -> None:
    with Writer(path) as writer:
        writer.write(some_spans(random.Random(text)))
    tree = parse(text).tree
    assert tree is not None
    conditions = {
        "loop:>=2": "loop_depth >= 2",
        "loop:3": "loop_depth = 3",
        "loop:<2": "loop_depth < 2",
        "loop:>1 loop:<4": "loop_depth IN (2, 3)",
        "-loop:>=1": "loop_depth IS NULL",
    }
    with closing(Reader(path)) as reader, closing(Columns(path, tmp_path / "cache")) as columns:
        columns.refresh(reader)
        with columns.reading() as cursor:
            expected = {
                key for (key,) in cursor.execute(f"SELECT trace FROM trace_facts WHERE {conditions[text]}").fetchall()
            }
        found = reader.list_traces(tree, TraceFilter(text), Sorting()).keys.tolist()
    assert expected
    assert set(found) == expected
    assert len(found) == len(expected)
