"""What merging promises: the same result in any order and however often, and no version lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.store.written import make, rows, summary

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.score import FAILURE_MODE, THUMB, own_id
from tailrace.model.versions import Version, winner
from tailrace.store import Writer
from tailrace.store.connections import open_to_read
from tailrace.store.merging import merge_versions, take_in
from tailrace.store.migrations import statements
from tailrace.store.schema import FIRST, MONITOR, REVIEW
from tailrace.store.scores import SCORE_COLUMNS, recount, score_row
from tailrace.store.versions import TABLES, fault_in, read_versions, version_of

Step = tuple[str, str, str, int, int]
AUTHORS = ("ann", "bo")
TRACES = ("t1", "t2")
MODES = ("m1", "m2", "m3")


def all_versions(connection: sqlite3.Connection) -> set[Version]:
    found: set[Version] = set()
    for kind in TABLES:
        for _, versions, _ in read_versions(connection, kind):
            assert versions is not None
            found |= versions
    return found


def view(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The live rows, and what is counted from them."""
    shown = {
        kind: connection.execute(f"SELECT * FROM {kind} ORDER BY {table.key}").fetchall()
        for kind, table in TABLES.items()
    }
    shown["trace"] = connection.execute("SELECT trace_id, thumb, score_count, note_count FROM trace").fetchall()
    return shown


def put_score(connection: sqlite3.Connection, score: Score) -> None:
    """As a ScoreBook puts it: the latest call wins here, whatever the clock said."""
    keep(connection, score.score_id, score.updated_ns or 0, removed=False)
    connection.execute(f"REPLACE INTO score VALUES ({', '.join('?' * len(SCORE_COLUMNS))})", score_row(score))


def keep(connection: sqlite3.Connection, score_id: str, now_ns: int, removed: bool) -> None:
    former = connection.execute("SELECT * FROM score WHERE score_id = ?", (score_id,)).fetchone()
    if former is not None:
        connection.execute(
            "INSERT INTO score_history (score_id, replaced_ns, removed, former) VALUES (?, ?, ?, ?)",
            (score_id, now_ns, removed, orjson.dumps(dict(zip(SCORE_COLUMNS, former, strict=True))).decode()),
        )
        if removed:
            connection.execute("DELETE FROM score WHERE score_id = ?", (score_id,))


def judge(connection: sqlite3.Connection, step: Step) -> None:
    """One thing that a person does: (what, author, trace, value, time)."""
    what, author, trace_id, value, now_ns = step
    given = {"trace_id": trace_id, "author": author, "source": ScoreSource.PERSON, "updated_ns": now_ns}
    mode_id = MODES[value]
    match what:
        case "thumb":
            score = Score(own_id(author, trace_id, THUMB), THUMB, ScoreKind.THUMB, value=float(value > 0), **given)
            put_score(connection, score)
        case "take back":
            keep(connection, own_id(author, trace_id, THUMB), now_ns, removed=True)
        case "mark":
            name = f"{FAILURE_MODE}:{mode_id}"
            score = Score(own_id(author, trace_id, name), FAILURE_MODE, ScoreKind.CATEGORY, **given)
            put_score(connection, replace(score, label="as it was", metadata={"mode": mode_id}))
        case "rename" | "drop" | "fold":
            into = MODES[(value + 1) % 3] if what == "fold" else None
            connection.execute(
                "REPLACE INTO failure_mode VALUES (?, ?, '', ?, 0, ?, 1, ?, ?)",
                (mode_id, f"{author}'s {mode_id}", into, author, now_ns, what == "drop"),
            )
        case "queue":
            connection.execute(
                "REPLACE INTO review_item VALUES (?, 'q', ?, ?, '', NULL, ?, 0)",
                (f"q/{trace_id}", trace_id, value, now_ns),
            )


def a_copy(template: sqlite3.Connection, versions: Iterable[Version] = ()) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    template.backup(connection)
    take_in(connection, versions)
    return connection


@pytest.fixture(scope="module")
def empty() -> Iterable[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in statements(FIRST + REVIEW + MONITOR):
        connection.execute(statement)
    for i, trace_id in enumerate(TRACES, 1):
        connection.execute("INSERT INTO trace (id, trace_id, root) VALUES (?, ?, ?)", (i, trace_id, i << 24))
    yield connection
    connection.close()


steps = st.lists(
    st.tuples(
        st.sampled_from(["thumb", "thumb", "take back", "mark", "rename", "drop", "fold", "queue"]),
        st.sampled_from(AUTHORS),
        st.sampled_from(TRACES),
        st.integers(0, 2),
        st.integers(1, 6),  # few moments: clocks tie and go back
    ),
    max_size=12,
)
known = settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def build(empty: sqlite3.Connection, lives: Sequence[list[Step]]) -> list[sqlite3.Connection]:
    built = []
    for life in lives:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        empty.backup(connection)
        for step in life:
            judge(connection, step)
        recount(connection, TRACES)
        built.append(connection)
    return built


@known
@given(lives=st.tuples(steps, steps, steps))
def test_databases_merge_the_same_in_any_order_and_lose_no_version(
    empty: sqlite3.Connection, lives: tuple[list[Step], ...]
) -> None:
    connections = build(empty, lives)
    try:
        sets = [all_versions(connection) for connection in connections]
        whole = set().union(*sets)
        results = []
        for order in permutations(range(3)):
            connection = a_copy(connections[order[0]])
            connections.append(connection)
            for other in order[1:]:
                take_in(connection, sets[other])
            results.append((all_versions(connection), view(connection)))
        for versions, shown in results:
            assert versions == results[0][0]
            assert shown == results[0][1]
        scores = {version for version in whole if version.kind == "score"}
        assert {version for version in results[0][0] if version.kind == "score"} == scores
        by_id: dict[tuple[str, str], set[Version]] = {}
        for version in whole:
            by_id.setdefault((version.kind, version.record_id), set()).add(version)
        latest = {winner(versions) for versions in by_id.values()}
        assert latest <= results[0][0]
        assert results[0][0] - scores <= latest
    finally:
        for connection in connections:
            connection.close()


@known
@given(lives=st.tuples(steps, steps))
def test_merging_twice_is_merging_once(empty: sqlite3.Connection, lives: tuple[list[Step], ...]) -> None:
    first, second = connections = build(empty, lives)
    try:
        coming = all_versions(second)
        take_in(first, coming)
        once = all_versions(first), view(first), first.execute("SELECT * FROM score_history").fetchall()
        again = take_in(first, coming)
        assert (again.added, again.changed, again.traces) == (0, 0, set())
        assert again.unchanged == len({(version.kind, version.record_id) for version in coming})
        assert (all_versions(first), view(first), first.execute("SELECT * FROM score_history").fetchall()) == once
    finally:
        for connection in connections:
            connection.close()


@known
@given(lives=st.tuples(steps, steps))
def test_the_parts_of_all_authors_are_the_whole(empty: sqlite3.Connection, lives: tuple[list[Step], ...]) -> None:
    """Versions come in pieces, in any order of arrival: one at a time is as good as all at once."""
    first, second = connections = build(empty, lives)
    try:
        coming = sorted(all_versions(first) | all_versions(second), key=lambda version: version.body[::-1])
        whole = a_copy(empty, coming)
        one_by_one = a_copy(empty)
        connections += [whole, one_by_one]
        for version in coming:
            take_in(one_by_one, [version])
        assert (all_versions(one_by_one), view(one_by_one)) == (all_versions(whole), view(whole))
    finally:
        for connection in connections:
            connection.close()


def score_version(value: float, stamp_ns: int, removed: bool = False, **more: Any) -> Version:
    score = Score("x", THUMB, ScoreKind.THUMB, "t1", value=value, updated_ns=stamp_ns, author="ann", **more)
    return version_of("score", "x", stamp_ns, removed, dict(zip(SCORE_COLUMNS[1:], score_row(score)[1:], strict=True)))


def test_the_later_value_holds_and_the_former_is_history_until_the_later_began(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a")])
        writer.put_score(Score("x", THUMB, ScoreKind.THUMB, "t1", value=1.0, updated_ns=10, author="ann"))
    taken = merge_versions(path, [score_version(0.0, 20)])
    assert (taken.added, taken.changed, taken.unchanged, taken.traces) == (0, 1, 0, {"t1"})
    assert rows(path, "SELECT value, updated_ns FROM score") == [(0.0, 20)]
    assert rows(path, "SELECT replaced_ns, removed, former ->> 'value' FROM score_history") == [(20, 0, 1.0)]
    assert summary(path)["thumb"] == 0
    taken = merge_versions(path, [score_version(1.0, 5)])
    assert taken.changed == 1
    assert rows(path, "SELECT value, updated_ns FROM score") == [(0.0, 20)]
    assert summary(path)["thumb"] == 0


def test_a_removal_of_another_person_removes_here_and_an_import_does_not_bring_it_back(path: Path) -> None:
    score = Score("x", THUMB, ScoreKind.THUMB, "t1", value=1.0, updated_ns=10, author="ann")
    with Writer(path) as writer:
        writer.write([make("a"), score])
    removal = replace(score_version(1.0, 10), stamp_ns=30, removed=True)
    merge_versions(path, [removal])
    assert rows(path, "SELECT 1 FROM score") == []
    assert (summary(path)["thumb"], summary(path)["score_count"]) == (None, 0)
    with Writer(path) as writer:
        writer.write([score])
    assert rows(path, "SELECT 1 FROM score") == []


def test_a_mark_shows_the_name_that_its_mode_has_after_merging(path: Path) -> None:
    def mode(mode_id: str, name: str, stamp_ns: int, into: str | None = None) -> Version:
        values = {"name": name, "description": "", "merged_into": into, "position": 0, "author": None}
        return version_of("failure_mode", mode_id, stamp_ns, False, values)

    mark = Score("k", FAILURE_MODE, ScoreKind.CATEGORY, "t1", label="Slow", updated_ns=9, metadata={"mode": "m"})
    values = dict(zip(SCORE_COLUMNS[1:], score_row(mark)[1:], strict=True))
    merge_versions(path, [version_of("score", "k", 9, False, values)])
    assert rows(path, "SELECT label FROM score") == [("m",)]  # nobody has said what it is called
    merge_versions(path, [mode("m", "Slow", 10)])
    assert rows(path, "SELECT label FROM score") == [("Slow",)]
    merge_versions(path, [mode("m", "Slow", 11, into="n"), mode("n", "Late", 11)])
    assert rows(path, "SELECT label FROM score") == [("Late",)]
    merge_versions(path, [mode("n", "Late", 12, into="m")])
    assert rows(path, "SELECT label FROM score") == [("Slow",)]  # a circle: the lesser id stands for both
    assert rows(path, "SELECT count(*) FROM score_history") == [(0,)]


def test_a_failing_source_of_versions_leaves_everything_as_it_was(path: Path) -> None:
    def failing() -> Iterable[Version]:
        yield score_version(1.0, 5)
        raise RuntimeError("the disk went away")

    with Writer(path):
        pass
    with pytest.raises(RuntimeError):
        merge_versions(path, failing())
    assert rows(path, "SELECT 1 FROM score") == []


def test_what_json_cannot_say_survives(path: Path) -> None:
    endless = score_version(float("inf"), 5)
    merge_versions(path, [endless])
    assert rows(path, "SELECT value FROM score") == [(float("inf"),)]
    merge_versions(path, [score_version(1.0, 7)])
    connection = open_to_read(path)
    try:
        assert endless in all_versions(connection)
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda v: replace(v, kind="sqlite_schema"), "unknown kind"),
        (lambda v: replace(v, record_id=""), "without an id"),
        (lambda v: replace(v, stamp_ns=2**63 - 1), "out of range"),
        (lambda v: replace(v, stamp_ns=4), "not that of its version"),
        (lambda v: replace(v, body=v.body.replace(b"thumb", b"fist")), "unknown kind"),
        (lambda v: replace(v, body=v.body.replace(b'"t1"', b"[1]")), "trace_id is of a wrong type"),
        (lambda v: replace(v, body=v.body.replace(b'"{}"', b'"[]"')), "metadata is of a wrong type"),
        (lambda v: replace(v, body=b"{"), "not JSON"),
    ],
)
def test_versions_that_make_no_sense_are_refused(spoil: Callable[[Version], Version], words: str) -> None:
    good = score_version(1.0, 5)
    assert fault_in(good) is None
    assert words in (fault_in(spoil(good)) or "")


@pytest.mark.parametrize(
    "panels",
    [
        "{}",
        "[1]",
        "[{}]",
        '[{"panel_id":"1","title":"","kind":"hologram","measures":[],"x":0,"y":0,"w":6,"h":3}]',
        '[{"panel_id":"1","title":"","kind":"line","measures":[],"x":9,"y":0,"w":6,"h":3}]',
        '[{"panel_id":"1","title":"","kind":"line","measures":[],"x":0,"y":0,"w":6,"h":1e9}]',
        '[{"panel_id":"1","title":"","kind":"line","measures":[[]],"x":0,"y":0,"w":6,"h":3}]',
    ],
)
def test_a_dashboard_that_cannot_be_drawn_is_refused(panels: str) -> None:
    def made(text: str) -> Version:
        return version_of("dashboard", "b", 5, False, {"name": "Mine", "panels": text})

    sound = '{"panel_id":"1","title":"","kind":"line","measures":[],"x":0,"y":0,"w":6,"h":3}'
    assert fault_in(made(f"[{sound}]")) is None
    assert "dashboard" in (fault_in(made(panels)) or "")
    assert "dashboard" in (fault_in(made(f"[{sound},{sound}]")) or "")
