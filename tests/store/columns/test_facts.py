"""Every column of every fact is what plain Python makes of the rows."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.store.columns.made import batches, scores
from tests.store.columns.told import Facts, built, expected

from tailrace.model import Score, Span
from tailrace.store import Writer


def same(found: Facts, wanted: Facts) -> None:
    """Fails where facts differ; sums of reals may differ in their last digits."""
    for grain, facts in wanted.items():
        assert found[grain].keys() == facts.keys(), grain
        for key, fact in facts.items():
            other = found[grain][key]
            assert other.keys() == fact.keys(), grain
            wrong = {name: (other[name], value) for name, value in fact.items() if not _equal(other[name], value)}
            assert not wrong, (grain, key)


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-12) or (math.isnan(a) and math.isnan(b))
    return type(a) is type(b) and bool(a == b)


def write(path: Path, batches: list[list[Span]], judged: list[Score]) -> None:
    """All of it, settled."""
    with Writer(path) as writer:
        for batch in batches:
            writer.write(batch)
        for score in judged:
            writer.put_score(score)
        writer.settle()


@settings(max_examples=examples(12), deadline=None)
@given(batches(), st.lists(scores(), max_size=4))
def test_columns_are_what_python_makes_of_the_rows(batches: list[list[Span]], judged: list[Score]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.tailrace"
        write(path, batches, judged)
        same(built(path, Path(folder)), expected(path))
