"""All attributes of all traces kept, against a plain reading of the same spans."""

from __future__ import annotations

import math
import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.store.written import make, rows

from tailrace.jobs import Cancelled, Ticket
from tailrace.model import Span
from tailrace.semconv import FIELD_KEYS
from tailrace.store import Reader, Writer
from tailrace.store.columns import Columns, attribute_source
from tailrace.store.columns.attribute_source import LONGEST, pieces_of
from tailrace.store.columns.attribute_values import left_out
from tailrace.store.schema import ORDINAL_BITS

# without NUL, at which the JSON of some versions of SQLite ends a text
ODD = ("a", "A", "", "é", 'say "hi"\n', "1", "true", "null", "'; DROP TABLE attribute_name; --", "\ue020")
LONG = "w" * (LONGEST + 1)


@pytest.fixture
def cache(path: Path, tmp_path: Path) -> Iterator[Columns]:
    columns = Columns(path, tmp_path / "cache")
    yield columns
    columns.close()


def write(path: Path, spans: Iterable[Span]) -> None:
    with Writer(path) as writer:
        writer.write(list(spans))


def fill(cache: Columns, path: Path, ticket: Ticket | None = None) -> list[tuple[int, int]]:
    said: list[tuple[int, int]] = []
    with closing(Reader(path)) as reader:
        cache.refresh(reader, ticket)
    cache.keep_attributes(ticket, lambda done, total: said.append((done, total)))
    return said


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.17g}" if value != int(value) else repr(value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def ask(cache: Columns, sql: str) -> list[Any]:
    with cache.reading() as cursor:
        return cursor.execute(sql).fetchall()


def omitted(cache: Columns) -> tuple[str, ...]:
    with cache.reading() as cursor:
        return left_out(cursor)


def kept(cache: Columns) -> set[tuple[int, str, str]]:
    found = ask(
        cache,
        "SELECT h.trace, k.name, v.text FROM attribute_holder AS h JOIN attribute_value AS v ON v.value = h.value"
        " JOIN attribute_name AS k ON k.key = v.key",
    )
    assert len(found) == len(set(found)), "every trace has a value once"
    return set(found)


def ends(cache: Columns) -> dict[tuple[int, str], tuple[float, float]]:
    found = ask(
        cache,
        "SELECT n.trace, k.name, n.least, n.most FROM attribute_number AS n JOIN attribute_name AS k ON k.key = n.key",
    )
    assert len(found) == len({row[:2] for row in found}), "every trace has a number once"
    return {(trace, name): (least, most) for trace, name, least, most in found}


def written(path: Path) -> Iterator[tuple[int, str, Any]]:
    """Every value of every span and its resource, by trace."""
    for span, own, shared in rows(
        path,
        "SELECT p.id, p.attributes, r.attributes FROM span_payload AS p LEFT JOIN resource AS r ON r.id = p.resource",
    ):
        for text in (own, shared or "{}"):
            for name, value in orjson.loads(text).items():
                if name not in FIELD_KEYS and value is not None:
                    yield span >> ORDINAL_BITS, name, value


def expected(path: Path) -> tuple[set[tuple[int, str, str]], dict[tuple[int, str], tuple[float, float]]]:
    values: set[tuple[int, str, str]] = set()
    numbers: dict[tuple[int, str], list[float]] = defaultdict(list)
    for trace, name, value in written(path):
        text = text_of(value)
        if 0 < len(text) <= LONGEST:
            values.add((trace, name, text))
        if isinstance(value, int | float) and not isinstance(value, bool):
            numbers[trace, name].append(float(value))
    return values, {key: (min(some), max(some)) for key, some in numbers.items()}


def some_spans(rng: random.Random, traces: range, each: int = 4) -> list[Span]:
    found = []
    for trace in traces:
        shared = {"service.name": rng.choice(("a", "b")), "rack": rng.choice((1, 2, "three"))}
        for ordinal in range(rng.randint(1, each)):
            attributes = {
                "app.channel": rng.choice(("web", "ios", None)),
                "app.retry": rng.choice((True, False)),
                "tries": rng.choice((1, 2, 3, 2.5)),
                "stop": rng.choice((["length"], ["stop", "tool"], {"a": 1})),
                "odd": rng.choice(ODD),
                "text": LONG,
                "rack": rng.choice((1, "two")),
                "gen_ai.request.model": "gpt",
                'odd "key"\n': "x",
            }
            found.append(make(f"s{trace}-{ordinal}", None, f"t{trace}", attributes=attributes, resource=shared))
    return found


def test_every_short_value_of_spans_and_their_resources_is_kept_once_a_trace(path: Path, cache: Columns) -> None:
    write(path, some_spans(random.Random(1), range(60)))
    said = fill(cache, path)
    values, numbers = expected(path)
    assert kept(cache) == values
    assert ends(cache) == numbers
    assert {name for _, name, _ in values} >= {"app.channel", "service.name", "stop", 'odd "key"\n', "odd"}
    assert not {name for _, name, _ in kept(cache)} & FIELD_KEYS, "what fields say is asked of fields"
    assert said[-1][0] == said[-1][1] == sum(1 for _ in rows(path, "SELECT id FROM span"))
    assert omitted(cache) == ("text",)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_added_and_changed_later_gives_what_a_fresh_start_gives(
    path: Path, tmp_path: Path, cache: Columns, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attribute_source, "_PIECE", 40)
    rng = random.Random(seed)
    write(path, some_spans(rng, range(30)))
    fill(cache, path)
    write(path, some_spans(rng, range(20, 50), each=6))  # ten traces get spans anew and more of them
    write(path, [make("late", None, "t3", attributes={"new": "key", "tries": 99})])
    fill(cache, path)
    assert (kept(cache), ends(cache)) == expected(path)
    with closing(Columns(path, tmp_path / "another")) as fresh:
        fill(fresh, path)
        assert kept(fresh) == kept(cache)
        assert ends(fresh) == ends(cache)
    assert fill(cache, path) == [], "nothing has changed since"


def test_a_trace_that_is_larger_than_a_piece_counts_once(
    path: Path, cache: Columns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attribute_source, "_PIECE", 10)
    rng = random.Random(2)
    write(path, some_spans(rng, range(3)))
    write(path, [make(f"g{i}", None, "giant", attributes={"n": i % 7, "x": "same"}) for i in range(95)])
    write(path, some_spans(rng, range(3, 6)))
    fill(cache, path)
    assert (kept(cache), ends(cache)) == expected(path)
    write(path, [make("g95", None, "giant", attributes={"n": 99})])
    fill(cache, path)
    assert (kept(cache), ends(cache)) == expected(path)


def test_ids_texts_and_many_numbers_are_no_single_values(path: Path, cache: Columns) -> None:
    spans = [
        make(
            f"s{i}",
            None,
            f"t{i}",
            attributes={"request.id": f"id-{i}", "size": i % 30, "port": 8000 + i % 3, "user.tier": f"tier-{i % 400}"},
        )
        for i in range(2_000)
    ]
    write(path, spans)
    fill(cache, path)
    assert {name for _, name, _ in kept(cache)} == {"port", "user.tier"}
    assert {name for _, name in ends(cache)} == {"size", "port"}
    assert omitted(cache) == ("request.id",)
    write(path, [make("x", None, "tx", attributes={"request.id": "id-1", "size": 3})])
    fill(cache, path)
    assert {name for _, name, _ in kept(cache)} == {"port", "user.tier"}, "what was dropped stays dropped"


def test_a_cancel_leaves_what_was_there_and_asking_again_ends_it(
    path: Path, cache: Columns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attribute_source, "_PIECE", 20)
    write(path, some_spans(random.Random(4), range(100)))
    with closing(Reader(path)) as reader:
        cache.refresh(reader)
    ticket = Ticket()
    with pytest.raises(Cancelled):
        cache.keep_attributes(ticket, lambda done, total: ticket.cancel() if done > total / 3 else None)
    assert ask(cache, "SELECT count(*) FROM trace_facts") == [(100,)]
    fill(cache, path)
    assert (kept(cache), ends(cache)) == expected(path)


def test_another_program_that_opens_the_cache_later_finds_them_there(path: Path, tmp_path: Path) -> None:
    write(path, some_spans(random.Random(6), range(30)))
    with closing(Columns(path, tmp_path / "cache")) as first:
        assert fill(first, path)
    with closing(Columns(path, tmp_path / "cache")) as second:
        assert fill(second, path) == []
        assert (kept(second), ends(second)) == expected(path)


def test_attributes_that_another_program_has_spoilt_are_passed_over(path: Path, cache: Columns) -> None:
    write(path, some_spans(random.Random(5), range(10)))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE span_payload SET attributes = '{\"broken' WHERE id = (SELECT min(id) FROM span)")
        connection.execute(
            "UPDATE span_payload SET attributes = CAST(X'7B2261FF223A2262FF227D' AS TEXT)"
            " WHERE id = (SELECT max(id) FROM span)"
        )
        connection.commit()
    fill(cache, path)
    assert {trace for trace, name, _ in kept(cache) if name == "app.retry"} >= {3, 4, 5}


def test_numbers_keep_all_their_digits(path: Path, cache: Columns) -> None:
    values = (0.1 + 0.2, 1e300, 5e-324, -0.0, 2**53 + 1, 1 / 3)
    write(path, [make(f"s{i}", None, f"t{i}", attributes={"x": value}) for i, value in enumerate(values)])
    fill(cache, path)
    assert sorted(least for least, _ in ends(cache).values()) == sorted(map(float, values))
    assert all(math.isfinite(least) for least, _ in ends(cache).values())


def test_pieces_hold_every_trace_once_and_say_where_one_ends() -> None:
    sizes = [(1, 9_000), (2, 20_000), (4, 60_000), (5, 1), (6, 30_000), (7, 0)]
    pieces = pieces_of(sizes)
    covered = [(low, high) for piece in pieces for low, high in piece.ranges]
    assert covered == sorted(covered)
    for trace, size in sizes:
        low = trace << ORDINAL_BITS
        held = sum(max(0, min(high, low + max(size, 1)) - max(start, low)) for start, high in covered)
        assert held == max(size, 1)
    assert [piece.last for piece in pieces] == [2, 4, 4, 4, 5, 6, 6, 7]
    assert [piece.ends for piece in pieces] == [True, False, False, True, True, False, True, True]
    assert [piece.part for piece in pieces] == [False, True, True, True, False, True, True, False]
