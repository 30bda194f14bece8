"""Pricing again comes to what an import with the new prices would have come to, whatever happens in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.store.written import contents, make, rows, summary

from tailrace.jobs import Cancelled, Ticket
from tailrace.metrics.own_prices import OwnPrice, OwnTier, own_table
from tailrace.metrics.pricing import Prices
from tailrace.model import Cost, Span, SpanKind, Usage
from tailrace.model.priced import PricesUsed, Repricing
from tailrace.store import Reader, Writer, repricing

JUNE = 1_780_272_000 * 10**9
A = Prices((own_table([OwnPrice("known", 1.0, 2.0), OwnPrice("gone", 3.0, 4.0), OwnPrice("same*", 5.0, 6.0)]),))
B = Prices(
    (
        own_table(
            [
                OwnPrice("known", 1.5, 2.5, tiers=(OwnTier(500, 9.0, 9.0),), batch_discount=0.5),
                OwnPrice("known", 7.0, 8.0, since=date(2026, 6, 1)),
                OwnPrice("new", 1.0, 1.0, cached_input=0.1, audio_input=3.0),
                OwnPrice("same*", 5.0, 6.0),
                OwnPrice("input only", 1.0),
            ]
        ),
    )
)


def used(prices: Prices) -> PricesUsed:
    return PricesUsed(prices.fingerprint, prices.name)


def writer(path: Path, prices: Prices) -> Writer:
    return Writer(path, prices.price, used(prices))


def write(path: Path, prices: Prices, *batches: list[Span]) -> None:
    with writer(path, prices) as one:
        for batch in batches:
            one.write(batch)
        one.settle()


def reprice(path: Path, prices: Prices, ticket: Ticket | None = None) -> Repricing:
    with writer(path, prices) as one:
        return one.reprice(ticket)


def state(path: Path) -> tuple[object, ...] | None:
    found = rows(path, "SELECT fingerprint, name, wanted, done FROM price_state")
    return found[0] if found else None


def call(span_id: str, model: str | None, **more: object) -> Span:
    return make(span_id, **{"kind": SpanKind.LLM, "model": model, "usage": Usage(100, 10), **more})  # type: ignore[arg-type]


def test_estimates_and_missing_costs_are_made_anew_and_the_traces_with_them(path: Path) -> None:
    told = Cost(0.5, input=0.3, output=0.2, detail="llm.cost.total")
    write(
        path,
        A,
        [
            call("known", "known"),
            call("new", "new", trace_id="t2"),
            call("gone", "gone", trace_id="t3"),
            call("told", "known", trace_id="t4", cost=told),
            call("same", "same-1", trace_id="t5"),
        ],
    )
    before = {f"t{i}": summary(path, f"t{i}") for i in range(1, 6)}
    assert (before["t1"]["cost"], before["t2"]["cost"]) == (pytest.approx(120e-6), None)
    found = reprice(path, B)
    assert found == Repricing(4, 3, ("gone", "known", "new"), pytest.approx(460e-6), pytest.approx(285e-6))
    costs = dict(rows(path, "SELECT span_id, cost FROM span"))
    assert costs.pop("gone") is None
    assert costs == pytest.approx({"known": 175e-6, "new": 110e-6, "told": 0.5, "same": 560e-6})
    for trace, cost, estimated, without in (("t1", 175e-6, 1, 0), ("t2", 110e-6, 1, 0), ("t3", None, 0, 1)):
        after = summary(path, trace)
        assert after["cost"] == (None if cost is None else pytest.approx(cost))
        assert (after["estimated_cost"], after["unpriced_spans"]) == (estimated, without)
        assert after["stale"] == 0
    assert summary(path, "t4") == before["t4"]
    assert summary(path, "t5") == before["t5"]
    assert state(path) == (B.fingerprint, "own prices", None, 0)


def test_only_traces_that_changed_are_noted_as_changed(path: Path) -> None:
    write(path, A, [call("a", "known"), call("b", "same-1", trace_id="t2"), make("c", trace_id="t3")])
    changed = rows(path, "SELECT trace FROM trace_change")
    reprice(path, B)
    assert set(rows(path, "SELECT trace FROM trace_change")) - set(changed) == {(1,)}


def test_pricing_again_twice_changes_nothing_the_second_time(path: Path) -> None:
    write(path, A, [call("a", "known"), call("b", "gone", trace_id="t2")])
    assert reprice(path, B).changed == 2
    changes = rows(path, "SELECT * FROM trace_change")
    assert reprice(path, B) == Repricing(2)
    assert rows(path, "SELECT * FROM trace_change") == changes


def test_a_survey_says_what_pricing_again_would_change_and_changes_nothing(path: Path) -> None:
    write(path, A, [call("a", "known"), call("b", "gone", trace_id="t2"), call("c", "same-1")])
    before = contents(path)
    reader = Reader(path)
    with reader.reading(None) as snapshot:
        said = repricing.survey(snapshot.connection, B.price, None, None)
    reader.close()
    assert contents(path) == before
    assert said == reprice(path, B)
    assert (said.looked_at, said.changed) == (3, 2)


def test_usage_that_a_descendant_reports_too_counts_once_afterwards(path: Path) -> None:
    root = call("root", "known", usage=Usage(200, 20), kind=SpanKind.AGENT)
    write(path, A, [root, call("a", "known", parent_id="root"), call("b", "new", parent_id="root")])
    found = reprice(path, B)
    assert found.changed == 3
    assert (found.before, found.after) == (pytest.approx(120e-6), pytest.approx(175e-6 + 110e-6))
    assert summary(path)["cost"] == pytest.approx(285e-6)


# Which prices were used


def test_a_new_database_notes_its_prices_and_one_with_others_that_they_are_several(path: Path) -> None:
    write(path, A, [call("a", "known")])
    assert state(path) == (A.fingerprint, "own prices", None, 0)
    write(path, A, [call("b", "known")])
    assert state(path) == (A.fingerprint, "own prices", None, 0)
    write(path, B, [call("c", "known")])
    assert state(path) == ("", "own prices", None, 0)
    reprice(path, B)
    assert state(path) == (B.fingerprint, "own prices", None, 0)


def test_nobody_knows_the_prices_of_spans_that_were_there_before(path: Path) -> None:
    with Writer(path, A.price) as one:
        one.write([call("a", "known")])
    assert state(path) is None
    write(path, B, [call("b", "known")])
    assert state(path) is None
    reprice(path, B)
    assert state(path) == (B.fingerprint, "own prices", None, 0)


# Stopped on the way


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repricing, "_SPANS_AT_ONCE", 10)


def many(count: int) -> list[Span]:
    return [call(f"s{i}", ("known", "new", "gone")[i % 3], trace_id=f"t{i // 7}", start_ns=i) for i in range(count)]


class StoppedAfter(Ticket):
    """Cancelled at the n-th look."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._left = looks

    def check(self) -> None:
        self._left -= 1
        if self._left < 0:
            self.cancel()
        super().check()


@pytest.mark.usefixtures("small_steps")
def test_stopped_it_leaves_sound_sums_and_goes_on_where_it_was(path: Path, tmp_path: Path) -> None:
    write(path, A, many(100))
    with pytest.raises(Cancelled):
        reprice(path, B, StoppedAfter(4))
    fingerprint, _, wanted, done = state(path) or ()
    assert (fingerprint, wanted) == ("", B.fingerprint)
    assert rows(path, "SELECT count(*) FROM span WHERE id <= ?", done) == [(40,)]
    assert rows(path, "SELECT 1 FROM trace WHERE stale <> 0") == []
    sums = "SELECT t.id, t.cost, sum(s.cost) FROM trace t JOIN span s ON s.trace = t.id GROUP BY t.id"
    assert all(cost == pytest.approx(of_spans) for _, cost, of_spans in rows(path, sums))
    assert reprice(path, B).looked_at == 60
    fresh = tmp_path / "fresh.tailrace"
    write(fresh, B, many(100))
    assert contents(path) == contents(fresh)


@pytest.mark.usefixtures("small_steps")
def test_with_other_prices_again_it_begins_anew(path: Path) -> None:
    write(path, A, many(50))
    with pytest.raises(Cancelled):
        reprice(path, B, StoppedAfter(2))
    assert reprice(path, A).looked_at == 50
    assert state(path) == (A.fingerprint, "own prices", None, 0)
    ((cost,),) = rows(path, "SELECT DISTINCT cost FROM span WHERE model = 'known'")
    assert cost == pytest.approx(120e-6)


@pytest.mark.usefixtures("small_steps")
def test_what_others_write_with_other_prices_meanwhile_stays_noted(path: Path) -> None:
    write(path, A, many(50))

    class Meddled(Ticket):
        looks = 0

        def check(self) -> None:
            self.looks += 1
            if self.looks == 3:
                write(path, A, [call("late", "known", trace_id="t0")])
            super().check()

    reprice(path, B, Meddled())
    assert state(path) == ("", "own prices", None, 0)
    late = "SELECT cost FROM span WHERE span_id = 'late'"
    assert rows(path, late) == [(pytest.approx(120e-6),)]
    assert reprice(path, B).changed == 1
    assert rows(path, late) == [(pytest.approx(175e-6),)]
    assert (state(path) or ())[0] == B.fingerprint


_KILLED = """
import sys
from pathlib import Path
from tests.store.test_repricing import B, writer
from tailrace.store import repricing
repricing._SPANS_AT_ONCE = 10
with writer(Path(sys.argv[1]), B) as one:
    one.reprice(None, lambda done, total: print(done, flush=True))
print("done", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9")
def test_killed_it_leaves_a_sound_database_that_goes_on(path: Path, tmp_path: Path) -> None:
    write(path, A, many(2_000))
    fresh = tmp_path / "fresh.tailrace"
    write(fresh, B, many(2_000))
    reached = 0
    for lines in (3, 11, 29):
        program = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            text=True,
        )
        with program:
            assert program.stdout is not None
            said = [program.stdout.readline() for _ in range(lines)]
            program.send_signal(signal.SIGKILL)
        assert program.returncode == -signal.SIGKILL
        assert "done\n" not in said
        assert rows(path, "PRAGMA integrity_check") == [("ok",)]
        fingerprint, _, wanted, done = state(path) or ()
        assert (fingerprint, wanted) == ("", B.fingerprint)
        (priced,) = rows(path, "SELECT count(*) FROM span WHERE id <= ?", done)[0]
        assert priced >= reached + 10 * lines
        reached = priced
    assert reprice(path, B).looked_at == 2_000 - reached
    assert contents(path) == contents(fresh)


# The same as an import


usages = st.none() | st.builds(
    Usage,
    *[st.none() | st.integers(0, 1_000)] * 8,
    st.none() | st.sampled_from(("batch", "flex")),
)
models = st.none() | st.sampled_from(("known", "new", "gone", "same-1", "input only", "unheard of"))
told = st.none() | st.builds(Cost, st.floats(0, 1), detail=st.just("told"))


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    count = draw(st.integers(1, 8))
    found = []
    for i in range(count):
        parent = draw(st.none() | st.integers(0, count - 1))
        found.append(
            call(
                f"s{i}",
                draw(models),
                parent_id=None if parent in (None, i) else f"s{parent}",
                trace_id=draw(st.sampled_from(("t1", "t2"))),
                start_ns=draw(st.sampled_from((1_000, JUNE - 1, JUNE, JUNE + 10**15))),
                provider=draw(st.none() | st.just("openai")),
                usage=draw(usages),
                cost=draw(told),
            )
        )
    return found


def pieces(batch: list[Span], cut: int) -> list[list[Span]]:
    """Some batches: the first spans come a second time, without what they said of their model before."""
    return [[replace(span, model=None, provider=None) for span in batch[:cut]], batch]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    return tmp_path_factory.mktemp("repriced")


@settings(max_examples=examples(40), deadline=None)
@given(spans(), st.integers(0, 8))
def test_priced_again_it_is_what_an_import_with_these_prices_gives(folder: Path, batch: list[Span], cut: int) -> None:
    for file in folder.iterdir():
        file.unlink()
    again, fresh = folder / "again.tailrace", folder / "fresh.tailrace"
    write(again, A, *pieces(batch, cut))
    reprice(again, B)
    write(fresh, B, *pieces(batch, cut))
    assert contents(again) == contents(fresh)
    assert state(again) == state(fresh)
