"""Values of a database compared, against SQL and SciPy on the same rows."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.workspace.anomalies import DEPLOY, anomalies

from tailrace.metrics.proportions import holm
from tailrace.model import TraceFilter
from tailrace.model.charted import Against, Comparison
from tailrace.store import Writer
from tailrace.workspace import Workspace

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scipy.stats import fisher_exact, ttest_ind

OLD, NEW = "answer-with-context@7", "answer-with-context@8"
PROMPT = "prompt_name || '@' || prompt_version"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAILRACE_DATA", str(folder / "data"))
        with Writer(folder / "compared.tailrace") as writer:
            writer.write(list(anomalies(4, traces=1_500)))
            writer.settle()
        with closing(Workspace(folder / "compared.tailrace")) as opened:
            opened.prepare()
            yield opened


def compare(workspace: Workspace, by: str, values: tuple[str, ...], *measures: str, text: str = "") -> Comparison:
    monitor = workspace.monitor
    return monitor.compare(by, values, [monitor.measure(one) for one in measures], TraceFilter(text))


def numbers(workspace: Workspace, sql: str, *values: object) -> NDArray[np.float64]:
    with closing(sqlite3.connect(workspace.database)) as connection:
        return np.array([value for (value,) in connection.execute(sql, values)], np.float64)


def against(found: Comparison, row: int = 0, place: int = 0) -> Against:
    return found.rows[row].against[place]


def test_cost_per_request_of_two_prompts_is_tested_trace_by_trace(workspace: Workspace) -> None:
    found = compare(workspace, "prompt", (OLD, NEW), "cost.per_request")
    # a trace whose only call failed is one of the prompt's, at no cost
    sql = f"SELECT coalesce(sum(cost), 0) FROM span WHERE {PROMPT} = ? GROUP BY trace"
    old, new = (numbers(workspace, sql, prompt) for prompt in (OLD, NEW))
    assert found.traces == (len(old), len(new))
    assert found.rows[0].figures == pytest.approx((old.mean(), new.mean()), rel=1e-12)
    assert against(found).p == pytest.approx(ttest_ind(old, new, equal_var=False).pvalue, rel=1e-6)
    assert found.rows[0].best == 0


def test_latency_and_success_are_tested_by_fishers_test(workspace: Workspace) -> None:
    found = compare(workspace, "version", ("2.0", "2.1"), "latency.p95", "reliability.success", text="name:docs.answer")
    sql = "SELECT {} FROM trace WHERE version = ? AND name = 'docs.answer'"
    durations = [numbers(workspace, sql.format("duration_ns"), version) for version in ("2.0", "2.1")]
    failed = [numbers(workspace, sql.format("error_count > 0"), version) for version in ("2.0", "2.1")]
    line = float(np.quantile(np.concatenate(durations), 0.95))
    above = [[int((side > line).sum()), int((side <= line).sum())] for side in durations]
    fails = [[int(side.sum()), int(len(side) - side.sum())] for side in failed]
    raw = [fisher_exact(above).pvalue, fisher_exact(fails).pvalue]
    assert [against(found, 0).p, against(found, 1).p] == pytest.approx(holm(raw), rel=1e-6)
    assert found.rows[0].figures == pytest.approx([np.quantile(side, 0.95) for side in durations], rel=1e-12)
    assert found.rows[1].figures == pytest.approx([1 - side.mean() for side in failed], rel=1e-12)


def test_three_models_by_their_spans_and_traces_that_have_several(workspace: Workspace) -> None:
    models = ("gpt-4.1", "claude-sonnet", "gpt-4o-mini")
    found = compare(workspace, "model", models, "traffic.requests", "span_latency.mean", "tokens.total")
    for place, model in enumerate(models):
        [traces] = numbers(workspace, "SELECT count(DISTINCT trace) FROM span WHERE model = ?", model)
        durations = numbers(workspace, "SELECT end_ns - start_ns FROM span WHERE model = ?", model)
        [tokens] = numbers(workspace, "SELECT sum(total_tokens) FROM span WHERE model = ?", model)
        assert found.rows[0].figures[place] == found.traces[place] == traces
        assert found.rows[1].figures[place] == pytest.approx(durations.mean(), rel=1e-9)
        assert found.rows[2].figures[place] == tokens
    assert [one.p is None for one in found.rows[0].against] == [True, True]
    assert [one.p is None for one in found.rows[1].against] == [False, False]
    assert found.rows[2].best is None, "less of a total may only be less traffic"
    said = " ".join(found.notes)
    assert "adjusted for 2 tests" in said
    assert "several of the values" in said
    assert "independent" in said


def test_values_of_an_attribute_can_be_compared(workspace: Workspace) -> None:
    found = compare(workspace, "attr.app.channel", ("ios", "web"), "traffic.requests", "tokens.per_request")
    for place, channel in enumerate(("ios", "web")):
        [count] = numbers(
            workspace,
            "SELECT count(DISTINCT id >> 24) FROM span_payload WHERE json_extract(attributes, '$.\"app.channel\"') = ?",
            channel,
        )
        assert found.traces[place] == found.rows[0].figures[place] == count
    assert against(found, 1).p is not None


def test_a_time_narrows_what_is_compared(workspace: Workspace) -> None:
    monitor = workspace.monitor
    before = monitor.compare("prompt", (OLD, NEW), [monitor.measure("traffic.requests")], TraceFilter("", None, DEPLOY))
    assert before.traces[0] > 0
    assert before.traces[1] == 0
    assert f"No trace has “{NEW}”." in before.notes
