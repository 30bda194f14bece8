"""What differs finds the cause that was planted, from the selections that a person makes in the charts."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from tests.workspace.anomalies import BURST, BURST_END, DEPLOY, HOUR, SPIKE, START, anomalies

from tailrace.errors import QueryError
from tailrace.jobs import Cancelled, Ticket
from tailrace.model import ImportProgress, TraceFilter
from tailrace.model.charted import Difference
from tailrace.model.measures import Is
from tailrace.store import Writer
from tailrace.workspace import Workspace

GENERATOR = Path(__file__).parents[3] / "shared" / "bench" / "make_traces.py"
WEEK = 7 * 24 * HOUR


def named(one: Difference) -> str:
    sign = {Is.EQ: "=", Is.GE: ">=", Is.LE: "<="}[one.compare]
    return f"{one.field} {sign} {one.value}"


def first(workspace: Workspace, selection: TraceFilter, against: TraceFilter | None = None) -> Difference:
    found = workspace.monitor.differs(selection, against)
    assert found.differences, "something differs"
    assert found.inside
    assert found.compared <= found.of
    return found.differences[0]


@pytest.fixture(scope="module", params=[1, 2])
def own(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A small database of `anomalies`."""
    folder = tmp_path_factory.mktemp("anomalies")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAILRACE_DATA", str(folder / "data"))
        with Writer(folder / "own.tailrace") as writer:
            writer.write(list(anomalies(request.param)))
            writer.settle()
            writer.index()
        with closing(Workspace(folder / "own.tailrace")) as workspace:
            workspace.prepare()
            yield workspace


@pytest.mark.parametrize(
    ("selection", "against"),
    [
        (TraceFilter("name:docs.answer latency:>4s latency:<15s", DEPLOY, DEPLOY + 3 * 24 * HOUR), "name:docs.answer"),
        (TraceFilter("name:docs.answer latency:>5s", DEPLOY), "name:docs.answer"),
        (TraceFilter("latency:>4s latency:<10s", DEPLOY), ""),
        (TraceFilter("", DEPLOY, DEPLOY + 5 * 24 * HOUR), ""),
    ],
)
def test_slow_answers_after_the_deploy_have_the_new_prompt(
    own: Workspace, selection: TraceFilter, against: str
) -> None:
    found = first(own, selection, TraceFilter(against))
    assert named(found) == "prompt = answer-with-context@8"
    assert found.also == ("version = 2.1",)
    assert found.term == "prompt:answer-with-context@8"


@pytest.mark.parametrize("text", ["", "name:support.turn", "cost:>$0.02"])
def test_the_costly_hours_have_another_model(own: Workspace, text: str) -> None:
    against = TraceFilter("name:support.turn") if text.startswith("name") else None
    found = first(own, TraceFilter(text, SPIKE, SPIKE + 6 * HOUR), against)
    assert named(found) == "model = gpt-4.1" or found.field in ("input_tokens", "tokens")


@pytest.mark.parametrize(
    "text", ["loop:>=10", "spans:>=50", "name:ops.handle latency:>60s", "name:ops.handle tokens:>50k"]
)
def test_loops_are_of_one_tool_and_end_in_their_own_error(own: Workspace, text: str) -> None:
    found = first(own, TraceFilter(text), TraceFilter("name:ops.handle"))
    assert named(found) in ("error = MaxIterationsExceeded", "tool = search_tickets") or found.field == "loop"


def test_the_error_of_loops_comes_with_the_tool_that_loops(own: Workspace) -> None:
    found = first(own, TraceFilter("error:MaxIterationsExceeded"), TraceFilter("name:ops.handle"))
    assert found.field == "loop" or "search_tickets" in found.value or "search_tickets" in " ".join(found.also)


@pytest.mark.parametrize("around", [0, 2])
@pytest.mark.parametrize("against", ["", "has:error"])
def test_the_burst_of_errors_is_of_rate_limits(own: Workspace, around: int, against: str) -> None:
    hours = TraceFilter("has:error", BURST - around * HOUR, BURST_END + around * HOUR)
    found = first(own, hours, TraceFilter(against))
    assert named(found) == "error = RateLimitError"
    assert "category = rate-limit" in found.also


def test_shares_and_counts_are_those_of_the_traces(own: Workspace) -> None:
    selection, against = TraceFilter("latency:>4s", DEPLOY), TraceFilter("name:docs.answer")
    found = own.monitor.differs(selection, against)
    inside = set(own.list_traces(selection).keys.tolist())
    rest = set(own.list_traces(against).keys.tolist()) - inside
    assert (found.inside, found.outside) == (len(inside), len(rest))
    looked_at = [one for one in found.differences if one.term]
    assert len(looked_at) > 5
    for one in looked_at:
        holders = set(own.list_traces(TraceFilter(one.term)).keys.tolist())
        assert (one.inside, one.outside) == (len(holders & inside), len(holders & rest)), one.term
        assert (one.inside_of, one.outside_of) == (len(inside), len(rest))


def test_ids_are_left_out_and_said(own: Workspace) -> None:
    found = own.monitor.differs(TraceFilter("has:error"))
    assert found.left_out == ("request.id",)
    assert not [one for one in found.differences if one.field in ("session", "attr.request.id")]


def test_a_selection_of_nothing_or_of_all_has_no_differences(own: Workspace) -> None:
    for selection in (TraceFilter("name:nobody"), TraceFilter(), TraceFilter("", None, START - 1)):
        assert own.monitor.differs(selection).differences == ()


def test_a_wrong_filter_is_said(own: Workspace) -> None:
    with pytest.raises(QueryError):
        own.monitor.differs(TraceFilter("latency:>"))
    with pytest.raises(QueryError):
        own.monitor.differs(TraceFilter("has:error"), TraceFilter("nonsense:("))


def test_reading_attributes_the_first_time_is_said_and_can_be_cancelled(own: Workspace, tmp_path: Path) -> None:
    news: list[ImportProgress] = []

    def hear(said: object) -> None:
        assert isinstance(said, ImportProgress)
        news.append(said)
        if said.phase == "reading attributes":
            ticket.cancel()

    ticket = Ticket(hear)
    copy = tmp_path / "copy.tailrace"
    copy.write_bytes(own.database.read_bytes())
    with closing(Workspace(copy)) as workspace:
        with pytest.raises(Cancelled):
            workspace.monitor.differs(TraceFilter("has:error"), ticket=ticket)
        assert news[-1].unit == "spans"
        assert workspace.monitor.differs(TraceFilter("has:error")).differences


# With the data of the project's bench, where that is beside the checkout


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, dict[str, dict[str, str]]]]:
    """6,000 traces of make_traces.py, and what its truth file says of the anomalies."""
    if not GENERATOR.exists():
        pytest.skip("the generator of bench data is not beside this checkout (shared/bench/make_traces.py)")
    spec = importlib.util.spec_from_file_location("make_traces", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    folder = tmp_path_factory.mktemp("bench")
    out, truth = folder / "traces.jsonl", folder / "truth.json"
    generator.main(
        ["--traces", "6000", "--seed", "11", "--content", "none", "--out", os.fspath(out), "--truth", os.fspath(truth)]
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAILRACE_DATA", str(folder / "data"))
        with closing(Workspace.open_file([out])) as workspace:
            yield workspace, json.loads(truth.read_text())["anomalies"]


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()) * 10**9


@pytest.mark.parametrize(
    ("text", "hours", "against"),
    [
        ("name:docs.answer latency:>5s latency:<12s", 24 * 30, "name:docs.answer"),
        ("name:docs.answer latency:>4s", 24 * 7, "name:docs.answer"),
        ("latency:>4s latency:<12s", 24 * 30, ""),
        ("latency:>5s latency:<9s", 24 * 7, ""),
        ("", 24 * 7, ""),
    ],
)
def test_bench_a1_slow_answers_have_prompt_version_8(
    bench: tuple[Workspace, dict[str, dict[str, str]]], text: str, hours: int, against: str
) -> None:
    workspace, truth = bench
    at = moment(truth["A1_latency_regression"]["at"])
    found = first(workspace, TraceFilter(text, at, at + hours * HOUR), TraceFilter(against))
    assert named(found) == "prompt = answer-with-context@8"


@pytest.mark.parametrize("text", ["", "cost:>$0.05", "tokens:>20k"])
def test_bench_a2_the_costly_hours_have_gpt_4_1(bench: tuple[Workspace, dict[str, dict[str, str]]], text: str) -> None:
    workspace, truth = bench
    spike = truth["A2_cost_spike"]
    found = first(workspace, TraceFilter(text, moment(spike["from"]), moment(spike["to"])))
    assert named(found) == "model = gpt-4.1" or found.field in ("input_tokens", "tokens")


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("loop:>=10", ""),
        ("loop:>=20", "kind:agent"),
        ('span:"invoke_agent OpsAgent" spans:>=50', "kind:agent"),
        ('name:"invoke_workflow ops.handle" cost:>$0.15', 'name:"invoke_workflow ops.handle"'),
        ('name:"invoke_workflow ops.handle" tokens:>60k', 'name:"invoke_workflow ops.handle"'),
    ],
)
def test_bench_a3_loops_are_of_search_tickets_and_exceed_their_iterations(
    bench: tuple[Workspace, dict[str, dict[str, str]]], text: str, against: str
) -> None:
    workspace, _ = bench
    found = first(workspace, TraceFilter(text), TraceFilter(against))
    assert found.field == "loop" or "MaxIterationsExceeded" in found.value or "search_tickets" in found.value


@pytest.mark.parametrize("text", ["has:error", "", "status:error kind:llm"])
def test_bench_a4_the_burst_is_of_rate_limits(bench: tuple[Workspace, dict[str, dict[str, str]]], text: str) -> None:
    workspace, truth = bench
    storm = truth["A4_rate_limit_storm"]
    found = first(workspace, TraceFilter(text, moment(storm["from"]), moment(storm["to"])))
    assert named(found) == "error = RateLimitError"
