"""What is told of a search is what its documents say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.store.columns.told import facts_of
from tests.store.written import make

from tailrace.model import Span, SpanKind, SpanStatus
from tailrace.store import Writer
from tailrace.store.columns import Columns

SCORES = [{"content": "x", "score": 0.5}, {"content": "y", "score": 0.25}, {"content": "z"}]


def search(number: int, **more: Any) -> Span:
    """A span that searches."""
    return make(f"s{number}", trace_id=f"t{number}", **{"kind": SpanKind.RETRIEVER, "tool_name": "kb", **more})


def figures(columns: Columns, path: Path) -> list[tuple[Any, ...]]:
    """Documents and scores, a search after the other."""
    names = ("documents", "scored", "best_score", "mean_score")
    facts = facts_of(columns, path)["retrieval"]
    return [tuple(facts[key][name] for name in names) for key in sorted(facts)]


def test_documents_and_their_scores_are_found_wherever_they_are_said(path: Path, tmp_path: Path) -> None:
    flat = {
        "retrieval.documents.0.document.content": "x",
        "retrieval.documents.0.document.score": 0.75,
        "retrieval.documents.1.document.content": "y",
    }
    with Writer(path) as writer:
        writer.write(
            [
                search(0, attributes=flat),
                search(1, attributes={"gen_ai.retrieval.documents": json.dumps(SCORES)}),
                search(2, output=" \n" + json.dumps({"results": SCORES})),
                search(3, output=json.dumps(SCORES), output_key="retrieval.documents"),
                search(4, output="nothing that is a document"),
                search(5, output="[]"),
                search(6),
                search(7, output=json.dumps(json.dumps(SCORES[:1]))),
                search(8, output=json.dumps(SCORES), kind=SpanKind.RERANKER),
            ]
        )
    columns = Columns(path, tmp_path)
    mean = (0.5 + 0.25) / 2
    assert figures(columns, path) == [
        (2, 1, 0.75, 0.75),
        (3, 2, 0.5, mean),
        (3, 2, 0.5, mean),
        (3, 2, 0.5, mean),
        (0, 0, None, None),
        (0, 0, None, None),
        (0, 0, None, None),
        (1, 1, 0.5, 0.5),
    ]
    columns.close()


def test_a_search_is_told_with_its_span(path: Path, tmp_path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("root", trace_id="t0", start_ns=900), search(0, name="look", status=SpanStatus.ERROR)])
    columns = Columns(path, tmp_path)
    (fact,) = facts_of(columns, path)["retrieval"].values()
    assert (fact["trace"], fact["start_ns"], fact["duration_ns"]) == (1, 900, 1_000)
    assert (fact["failed"], fact["step"], fact["tool"]) == (True, "look", "kb")
    columns.close()


def test_searches_grow_and_change_with_the_database(path: Path, tmp_path: Path) -> None:
    columns = Columns(path, tmp_path)
    with Writer(path) as writer:
        writer.write([search(i, output=json.dumps(SCORES[:1])) for i in range(5)])
        assert [row[0] for row in figures(columns, path)] == [1] * 5
        writer.write([search(3, output=json.dumps(SCORES)), search(9)])
        writer.settle()
        assert [row[0] for row in figures(columns, path)] == [1, 1, 1, 3, 1, 0]
        columns.close()
        writer.write([search(4, output="none"), search(10, output=json.dumps(SCORES))])
        writer.settle()
        assert [row[0] for row in figures(columns, path)] == [1, 1, 1, 3, 0, 0, 3]
    columns.close()
