"""Values counted in a selection and in the rest, against the rows one by one."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.store.charting.facts import Facts, Row, some_facts

from tailrace.model.contrast import Contrast, CutCounts, ValueCounts
from tailrace.model.measures import Grain, Is, Unit
from tailrace.store.charting.contrast import FEWEST, contrast
from tailrace.store.charting.statement import Statement
from tailrace.store.columns.attribute_tables import ATTRIBUTE_TABLES

STARTS = (0, 10**18)
OF_SPANS = {"model": "model", "tool": "tool", "kind": "kind", "span": "step", "prompt": "prompt"}
OF_TRACES = {"name": "name", "status": "status", "env": "env", "version": "version", "user": "user", "week": "week"}


def compare(facts: Facts, inside: set[int], rest: set[int], attributes: Sequence[str] = ()) -> Contrast:
    """The contrast of two sets of traces, with tables of attributes filled by statements."""
    with facts.load() as connection:
        for statement in (*ATTRIBUTE_TABLES, *attributes):
            connection.execute(statement)
        connection.execute("CREATE TEMP TABLE sides (trace BIGINT, inside BOOLEAN)")
        rows = [(trace, True) for trace in inside] + [(trace, False) for trace in rest]
        if rows:
            connection.executemany("INSERT INTO sides VALUES (?, ?)", rows)
        return contrast("sides", runner(connection))


def runner(connection: duckdb.DuckDBPyConnection) -> Callable[[Sequence[Statement]], list[dict[str, Any]]]:
    def run(statements: Sequence[Statement]) -> list[dict[str, Any]]:
        return [connection.execute(each.sql, each.parameters).fetchnumpy() for each in statements]

    return run


def told(found: Contrast) -> dict[str, dict[str, tuple[int, int]]]:
    return {
        one.field: {value: (int(a), int(b)) for value, a, b in zip(one.values, one.inside, one.outside, strict=True)}
        for one in found.values
    }


def expected(
    pairs: Iterable[tuple[int | None, str | None]], inside: set[int], rest: set[int]
) -> dict[str, tuple[int, int]]:
    """How many traces on each side have each value that enough have, out of pairs of trace and value."""
    holders: dict[str, set[int]] = defaultdict(set)
    for trace, value in pairs:
        if value is not None and trace in inside | rest:
            holders[value].add(trace)
    counts = {value: (len(some & inside), len(some & rest)) for value, some in holders.items()}
    return {value: both for value, both in counts.items() if sum(both) >= FEWEST}


@pytest.mark.parametrize("seed", range(3))
def test_every_value_is_counted_as_the_rows_say(seed: int) -> None:
    rng = random.Random(seed)
    facts = some_facts(rng, STARTS, 150)
    keys = [row["trace"] for row in facts.rows[Grain.TRACE]]
    inside = set(rng.sample(keys, 40))
    rest = set(rng.sample(keys, 120)) - inside
    found = told(compare(facts, inside, rest))
    spans, traces, scores = (facts.rows[grain] for grain in (Grain.SPAN, Grain.TRACE, Grain.SCORE))
    for field, column in OF_SPANS.items():
        assert found.get(field, {}) == expected(((row["trace"], row[column]) for row in spans), inside, rest), field
    for field, column in OF_TRACES.items():
        assert found.get(field, {}) == expected(((row["trace"], row[column]) for row in traces), inside, rest), field
    tags = ((row["trace"], tag) for row in traces for tag in row["tags"] or ())
    assert found["tag"] == expected(tags, inside, rest)
    thumbs = ((row["trace"], {1: "up", 0: "down", None: None}[row["thumb"]]) for row in traces)
    assert found["thumb"] == expected(thumbs, inside, rest)
    assert found["score"] == expected(((row["trace"], row["score"]) for row in scores), inside, rest)
    for name in {row["score"] for row in scores}:
        labels = ((row["trace"], row["label"]) for row in scores if row["score"] == name)
        assert found.get(f"score.{name}", {}) == expected(labels, inside, rest), name
    assert "session" not in found


def test_an_error_that_hardly_ever_begins_where_it_is_seen_is_no_value() -> None:
    facts = some_facts(random.Random(8), STARTS, 40)
    facts.rows[Grain.SPAN] = [
        {
            "span": trace << 24 | place,
            "trace": trace,
            "start_ns": 0,
            "failed": True,
            "origin": origin,
            "error": error,
            "error_category": category,
        }
        for trace in range(1, 41)
        for place, (error, category, origin) in enumerate(
            (
                ("RateLimitError", "rate-limit", True),
                ("AgentError", "model", False),
                ("Rare", "model", trace % 20 == 0),
                ("Some", "server", trace % 8 == 0),
                ("Some", "server", False),
            )
        )
    ]
    found = told(compare(facts, set(range(1, 21)), set(range(21, 41))))
    assert found["error"] == {"RateLimitError": (20, 20), "Some": (20, 20)}
    assert found["category"] == {"rate-limit": (20, 20), "server": (20, 20)}


def cuts_of(found: Contrast, field: str, compare: Is) -> CutCounts:
    [one] = [one for one in found.cuts if one.field == field and one.compare is compare]
    return one


@pytest.mark.parametrize("seed", range(3))
def test_every_cut_is_counted_as_the_rows_say(seed: int) -> None:
    rng = random.Random(seed)
    facts = some_facts(rng, STARTS, 150)
    by_key: dict[int, Row] = {row["trace"]: row for row in facts.rows[Grain.TRACE]}
    for row in by_key.values():
        row["duration_ns"] = rng.choice((None, 0, int(rng.lognormvariate(22, 1)), 7))
        row["cost"] = rng.choice((None, 0.0, rng.lognormvariate(-5, 2), -0.25))
    inside = set(rng.sample(sorted(by_key), 40))
    rest = set(by_key) - inside
    found = compare(facts, inside, rest)
    for column, unit in (("duration_ns", Unit.DURATION), ("cost", Unit.MONEY), ("span_count", Unit.COUNT)):
        for one in (cuts_of(found, column, Is.GE), cuts_of(found, column, Is.LE)):
            assert one.unit is unit
            assert len(one.cuts) > 1
            assert list(one.cuts) == sorted(set(one.cuts))
            for at, line in enumerate(one.cuts):
                met = {
                    key
                    for key, row in by_key.items()
                    if row[column] is not None
                    and (row[column] >= line if one.compare is Is.GE else row[column] <= line)
                }
                assert (one.inside[at], one.outside[at]) == (len(met & inside), len(met & rest)), (column, line)


def test_cuts_have_two_digits_and_are_whole_where_the_numbers_are() -> None:
    rng = random.Random(3)
    facts = some_facts(rng, STARTS, 200)
    for row in facts.rows[Grain.TRACE]:
        row["span_count"] = rng.choice((1, 2, 3, 61, 127, 1234))
        row["duration_ns"] = rng.randrange(10**9, 10**11)
        row["cost"] = rng.random() / 100
    keys = {row["trace"] for row in facts.rows[Grain.TRACE]}
    found = compare(facts, set(list(keys)[:50]), set(list(keys)[50:]))
    for field in ("span_count", "duration_ns", "cost"):
        for line in cuts_of(found, field, Is.GE).cuts:
            assert float(f"{line:.1e}") == pytest.approx(line, rel=1e-12), "two significant digits"
            assert field == "cost" or line == math.floor(line)


def test_values_that_the_same_traces_have_get_the_same_mark_and_others_do_not() -> None:
    rng = random.Random(5)
    facts = some_facts(rng, STARTS, 100)
    for row in facts.rows[Grain.TRACE]:
        new = row["trace"] % 3 == 0
        row["version"], row["env"] = ("2", "new") if new else ("1", "old")
        row["span_count"] = 40 + row["trace"] % 5 if new else 2
        row["name"] = "a" if row["trace"] % 3 == 1 else "b"
    keys = {row["trace"] for row in facts.rows[Grain.TRACE]}
    inside = {key for key in keys if key % 2}
    found = compare(facts, inside, keys - inside)
    marks: dict[tuple[str, str], int] = {
        (one.field, value): int(mark) for one in found.values for value, mark in zip(one.values, one.marks, strict=True)
    }
    assert marks["version", "2"] == marks["env", "new"]
    assert len({marks["version", "2"], marks["version", "1"], marks["name", "a"], marks["name", "b"]}) == 4
    at_least = cuts_of(found, "span_count", Is.GE)
    forty = list(at_least.cuts).index(40.0)
    assert int(at_least.marks[forty]) == marks["version", "2"]
    at_most = cuts_of(found, "span_count", Is.LE)
    assert int(at_most.marks[list(at_most.cuts).index(2.0)]) == marks["version", "1"]


ATTRIBUTES = (
    "INSERT INTO attribute_name VALUES (0, 'app.channel', TRUE, FALSE, FALSE), (1, 'size', FALSE, FALSE, TRUE)",
    "INSERT INTO attribute_value VALUES (0, 0, 'ios'), (1, 0, 'web'), (2, 0, 'it''s \"odd\"')",
    "INSERT INTO attribute_holder SELECT t, t % 2 FROM range(1, 101) AS r(t)",
    "INSERT INTO attribute_holder SELECT t, 2 FROM range(1, 4) AS r(t)",
    "INSERT INTO attribute_number SELECT t, 1, t, 2 * t FROM range(1, 101) AS r(t)",
)


def test_attributes_are_counted_like_fields_and_their_numbers_by_both_ends() -> None:
    facts = some_facts(random.Random(1), STARTS, 100)
    inside, rest = set(range(1, 31)), set(range(31, 101))
    found = compare(facts, inside, rest, ATTRIBUTES)
    [channel] = [one for one in found.values if one.field == "attr.app.channel"]
    assert channel.values == ("ios", "web"), "the third has too few traces"
    assert channel.of == 3
    assert list(channel.inside) == [15, 15]
    at_least, at_most = (cuts_of(found, "attr.size", compare) for compare in (Is.GE, Is.LE))
    for at, line in enumerate(at_least.cuts):
        assert at_least.inside[at] == sum(2 * trace >= line for trace in inside)
    for at, line in enumerate(at_most.cuts):
        assert at_most.outside[at] == sum(trace <= line for trace in rest)


def test_scores_are_cut_but_thumbs_are_not() -> None:
    facts = some_facts(random.Random(2), STARTS, 60)
    facts.rows[Grain.SCORE] = [
        {"trace": trace, "start_ns": 0, "score": name, "score_kind": kind, "value": value, "source": "code"}
        for trace in range(1, 61)
        for name, kind, value in (
            ("Relevance", "number", trace / 60),
            ("Relevance", "number", 0.25),
            ("thumb", "thumb", 1.0),
        )
    ]
    inside, rest = set(range(1, 21)), set(range(21, 61))
    found = compare(facts, inside, rest)
    assert [one.field for one in found.cuts if one.field.startswith("score.")] == ["score.Relevance"] * 2
    at_least = cuts_of(found, "score.Relevance", Is.GE)
    for at, line in enumerate(at_least.cuts):
        assert at_least.outside[at] == sum(max(trace / 60, 0.25) >= line for trace in rest)


def test_traces_that_the_columns_do_not_hold_and_empty_sides_are_passed_over() -> None:
    facts = some_facts(random.Random(4), STARTS, 20)
    found = compare(facts, {1, 2, 777}, {3, 888})
    assert (found.inside, found.outside) == (2, 1)
    empty = compare(facts, set(), set())
    assert (empty.inside, empty.outside) == (0, 0)
    assert all(not len(one.values) for one in empty.values)
    assert empty.cuts == ()


def test_numbers_that_are_not_finite_are_not_cut() -> None:
    facts = some_facts(random.Random(4), STARTS, 30)
    for row in facts.rows[Grain.TRACE]:
        row["cost"] = math.inf if row["trace"] == 1 else float(row["trace"])
    found = compare(facts, set(range(1, 11)), set(range(11, 31)))
    at_least = cuts_of(found, "cost", Is.GE)
    assert np.isfinite(at_least.cuts).all()
    assert at_least.inside[0] == 9


def test_counts_are_frozen_values_of_plain_arrays() -> None:
    facts = some_facts(random.Random(4), STARTS, 30)
    found = compare(facts, set(range(1, 11)), set(range(11, 31)))
    for one in (*found.values, *found.cuts):
        assert one.inside.dtype == one.outside.dtype == np.int64
        assert one.marks.dtype == np.uint64
        assert isinstance(one, ValueCounts | CutCounts)
        assert not np.ma.isMaskedArray(one.inside)
