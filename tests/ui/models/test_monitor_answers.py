"""What the charts of a dashboard ask, and what they are shown of the answers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from tests.ui.charted import HOUR, PRESET, MadeUp, panel

from tailrace.errors import QueryError
from tailrace.jobs import Ticket
from tailrace.metrics.formula import parse_formula
from tailrace.model import TraceFilter
from tailrace.model.charted import Answer, Buckets, Group, Mark, Question
from tailrace.model.dashboard import ChartKind, Dashboard, Panel
from tailrace.model.measures import Measure, Unit
from tailrace.ui.models.monitor_answers import Absent, Drawn, Told, Undrawn, answer_scene
from tailrace.ui.models.monitor_colours import GroupColours
from tailrace.ui.models.monitor_missing import missing_words
from tailrace.ui.models.monitor_scene import Scene, period_of
from tailrace.ui.models.monitor_values import (
    Surroundings,
    bucket_words,
    group_name,
    health_of,
    of_ranking,
    of_table,
    of_time,
    projection,
)
from tailrace.ui.views.charts.values import ComparisonChart, Figure, HeatChart, SpreadChart, TimeChart

START = 1_795_000_000_000_000_000
DAY = 24 * HOUR


def answered(scene: Scene, monitor: MadeUp) -> tuple[Told | None, dict[str, Any]]:
    """What was told, and by panel what is drawn or the sentence that stands in its place."""
    shown: dict[str, Any] = {}

    def take(news: object) -> None:
        if isinstance(news, Drawn):
            shown[news.panel_id] = news.content
        elif isinstance(news, Absent | Undrawn):
            shown[news.panel_id] = news.sentence

    return answer_scene(cast(Any, monitor), scene, Ticket(take)), shown


@pytest.fixture
def monitor() -> MadeUp:
    return MadeUp(START, START + 7 * DAY)


def one(kind: ChartKind, *measures: str, by: str = "", text: str = "") -> Dashboard:
    return Dashboard("d", "d", (replace(panel("p", kind, *measures, by=by), filter=text),))


# ---- what is asked ----


def test_every_chart_of_a_dashboard_is_answered(monitor: MadeUp) -> None:
    told, shown = answered(Scene(PRESET, TraceFilter()), monitor)
    assert set(shown) == {one.panel_id for one in PRESET.panels}
    assert told is not None
    assert (told.since_ns, told.until_ns) == (START, START + 7 * DAY + 1)
    assert isinstance(shown["requests"], Figure)
    assert isinstance(shown["latency"], TimeChart)
    assert isinstance(shown["heat"], HeatChart)
    assert shown["compared"].comparison is None


def test_all_charts_over_time_have_the_same_buckets_which_cover_the_range(monitor: MadeUp) -> None:
    asked = TraceFilter("", START + DAY, START + 3 * DAY)
    _, shown = answered(Scene(PRESET, asked), monitor)
    edges = shown["latency"].buckets.edges
    assert shown["heat"].buckets.edges == edges == shown["requests"].buckets.edges
    assert edges[0] <= START + DAY < START + 3 * DAY <= edges[-1]


def test_figures_are_compared_with_as_long_a_time_before(monitor: MadeUp) -> None:
    asked = TraceFilter("env:prod", START + 4 * DAY, START + 6 * DAY)
    answered(Scene(one(ChartKind.NUMBER, "traffic.requests"), asked), monitor)
    [now, before] = [question.filter for question in monitor.asked]
    assert now == asked
    assert before == TraceFilter("env:prod", START + 2 * DAY, START + 4 * DAY)


def test_of_all_the_data_the_second_half_is_compared_with_the_first(monitor: MadeUp) -> None:
    _, shown = answered(Scene(one(ChartKind.NUMBER, "traffic.requests"), TraceFilter()), monitor)
    [whole, now, before] = [question.filter for question in monitor.asked]
    assert whole == TraceFilter()
    assert before.since_ns == START
    assert before.until_ns == now.since_ns
    assert now.until_ns == START + 7 * DAY + 1
    assert "half" in shown["p"].former_words
    assert "half" in shown["p"].now_words


def test_an_open_range_ends_at_its_newest_trace_or_now() -> None:
    def buckets(since: int, until: int) -> Buckets:
        return Buckets((since, until))

    scene = Scene(PRESET, TraceFilter("", START), end_ns=None)
    found = (START, START + DAY)
    assert period_of(scene, found, buckets, str).until_ns == START + DAY + 1
    assert period_of(replace(scene, end_ns=START + 2 * DAY), found, buckets, str).until_ns == START + 2 * DAY


def test_charts_that_follow_the_page_are_grouped_by_its_field_and_show_what_is_compared(monitor: MadeUp) -> None:
    board = Dashboard("d", "d", (panel("a", ChartKind.LIST, "traffic.requests", by="page"),
                                 panel("b", ChartKind.LIST, "tools.calls", by="tool")))  # fmt: skip
    answered(Scene(board, TraceFilter(), None, "model", ("gpt-4o", "o3")), monitor)
    assert {(question.by, question.values) for question in monitor.asked} == {("model", ("gpt-4o", "o3")), ("tool", ())}
    monitor.asked.clear()
    answered(Scene(board, TraceFilter()), monitor)
    assert {question.by for question in monitor.asked} == {None, "tool"}


def test_a_chart_with_a_group_of_its_own_takes_the_page_s_when_there_is_one_and_is_titled_so(monitor: MadeUp) -> None:
    shown = Dashboard("d", "d", (replace(panel("p", ChartKind.LINE, "latency.p95", by="page:name"), title="Latency"),))
    for by, title in (("", "Latency by trace name"), ("model", "Latency by model")):
        _, drawn = answered(Scene(shown, TraceFilter(), by=by), monitor)
        assert monitor.asked[-1].by == (by or "name")
        assert drawn["p"].title == title


def test_a_group_has_one_colour_on_all_charts_and_keeps_it_when_the_times_change(monitor: MadeUp) -> None:
    panels = (
        panel("one", ChartKind.BARS, "traffic.requests", by="model"),
        panel("pie", ChartKind.PIE, "cost.total", by="model"),
    )
    colours = GroupColours()
    colours.tones("model", ["b"])  # b was the greatest before

    drawn: dict[str, Any] = {}
    news = Ticket(lambda said: drawn.update({said.panel_id: said.content}) if isinstance(said, Drawn) else None)
    answer_scene(cast(Any, monitor), Scene(Dashboard("d", "d", panels), TraceFilter()), news, colours=colours)
    assert {series.name: series.tone for series in drawn["one"].series} == {"a": "series:1", "b": "series:0"}
    assert {part.name: part.tone for part in drawn["pie"].parts} == {"a": "series:1", "b": "series:0"}


def test_the_filter_of_a_chart_narrows_that_of_the_page(monitor: MadeUp) -> None:
    answered(Scene(one(ChartKind.LIST, "traffic.requests", text="kind:llm"), TraceFilter("a OR b")), monitor)
    assert {question.filter.text for question in monitor.asked} == {"(a OR b) kind:llm"}


def test_a_filter_that_matches_nothing_is_told_as_nothing(monitor: MadeUp) -> None:
    monitor.found = None
    told, shown = answered(Scene(PRESET, TraceFilter("env:moon")), monitor)
    assert told is None
    assert shown == {}


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        (panel("p", ChartKind.LINE, "no.such"), "no.such"),
        (panel("p", ChartKind.LINE), "measures nothing yet"),
        (panel("p", ChartKind.HEATMAP, "trace.colour"), "no column of numbers"),
        (replace(panel("p", ChartKind.LINE, "latency.p95"), filter="nonsense:4"), "filter of this chart"),
    ],
)
def test_a_chart_that_asks_for_what_is_not_there_says_so_and_the_others_go_on(
    monitor: MadeUp, panel: Panel, words: str
) -> None:
    board = Dashboard("d", "d", (panel, replace(PRESET.panels[0], panel_id="sound")))
    _, shown = answered(Scene(board, TraceFilter()), monitor)
    assert words in shown["p"]
    assert isinstance(shown["sound"], Figure)


def test_when_one_question_cannot_be_answered_the_others_are(monitor: MadeUp) -> None:
    real = monitor.ask

    def ask(questions: list[Question], ticket: Ticket) -> list[Answer]:
        if any(question.measures[0].id == "latency.p50" for question in questions):
            raise QueryError("There are no numbers under this attribute.")
        return real(questions, ticket)

    monitor.ask = ask  # type: ignore[method-assign, assignment]
    _, shown = answered(Scene(PRESET, TraceFilter()), monitor)
    assert shown["latency"] == "There are no numbers under this attribute."
    assert isinstance(shown["requests"], Figure)


def test_what_is_missing_in_the_data_is_named(monitor: MadeUp) -> None:
    monitor.value = lambda measure: math.nan if measure.unit is Unit.MONEY else 1.0
    board = Dashboard("d", "d", (panel("cost", ChartKind.NUMBER, "cost.total"), PRESET.panels[0]))
    _, shown = answered(Scene(board, TraceFilter()), monitor)
    assert shown["cost"].startswith("No costs in this data")
    assert isinstance(shown["requests"], Figure)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("ttft.p95", "time to first token"),
        ("p95(attr.loop.iterations)", "loop.iterations"),
        ("mean(score.relevance)", "relevance"),
        ("retrieval.documents", "retriever"),
        ("retrieval.best_score", "document.score"),
        ("sessions.turns", "session.id"),
        ("quality.thumbs_up", "thumbs"),
        ("tokens.input", "gen_ai.usage.input_tokens"),
    ],
)
def test_every_kind_of_measure_says_which_part_of_the_data_it_would_need(formula: str, words: str) -> None:
    assert words in missing_words([parse_formula(formula)])


def test_a_comparison_without_chosen_values_takes_the_most_frequent_in_the_order_of_their_names(
    monitor: MadeUp,
) -> None:
    asked: list[tuple[str, ...]] = []
    real = monitor.compare

    def compare(by: str, values: Any, *rest: Any) -> Any:
        asked.append(tuple(values))
        return real(by, values, *rest)

    monitor.compare = compare  # type: ignore[method-assign]
    board = one(ChartKind.COMPARISON, "traffic.requests", by="prompt")
    _, shown = answered(Scene(board, TraceFilter()), monitor)
    assert asked == [("a", "b")]
    assert isinstance(shown["p"], ComparisonChart)
    assert "most frequent" in shown["p"].caption
    answered(Scene(board, TraceFilter(), None, "prompt", ("v9", "v10")), monitor)
    assert asked[-1] == ("v9", "v10")


def test_of_prompts_the_versions_of_one_are_compared(monitor: MadeUp) -> None:
    groups = tuple(Group(one) for one in ("plan@3", "reply@10", "reply@9", "ask@1", "reply@8"))
    real = monitor._answer

    def answered_with(question: Question) -> Answer:
        found = real(question)
        totals = {one.id: np.ones(len(groups)) for one in question.measures}
        return found if question.by is None else replace(found, groups=groups, totals=totals)

    monitor._answer = answered_with  # type: ignore[method-assign]
    _, shown = answered(Scene(one(ChartKind.COMPARISON, "traffic.requests", by="prompt"), TraceFilter()), monitor)
    assert shown["p"].comparison.values == ("reply@8", "reply@9", "reply@10")


def test_deployments_are_marked_on_charts_over_time(monitor: MadeUp) -> None:
    monitor.marks = lambda asked, ticket: [Mark(START + DAY, "prompt", "support@v14"), Mark(START, "version", "2.4")]  # type: ignore[method-assign]
    _, shown = answered(Scene(PRESET, TraceFilter()), monitor)
    assert [mark.label for mark in shown["latency"].marks] == ["2.4 deployed", "support@v14"]
    assert shown["heat"].marks == shown["latency"].marks


def test_a_histogram_marks_its_median(monitor: MadeUp) -> None:
    _, shown = answered(Scene(one(ChartKind.HISTOGRAM, "trace.duration_ns"), TraceFilter()), monitor)
    assert isinstance(shown["p"], SpreadChart)
    assert [level.label for level in shown["p"].levels] == ["p50", "p95"]
    assert shown["p"].unit is Unit.DURATION


# ---- what is shown ----


def measures(*texts: str) -> tuple[Measure, ...]:
    return tuple(parse_formula(text) for text in texts)


BUCKETS = Buckets((0, DAY, 2 * DAY))
AROUND = Surroundings(BUCKETS)


def answer(asked: tuple[Measure, ...], groups: tuple[Group, ...] = (Group(),), by: str | None = None,
           more: int = 0, value: float = 2.0) -> Answer:  # fmt: skip
    return Answer(
        Question(asked, by=by, buckets=BUCKETS),
        groups,
        {each.id: np.full((len(groups), 2), value) for each in asked},
        {each.id: np.full(len(groups), value) for each in asked},
        {each.id: value * len(groups) for each in asked},
        more,
        10,
    )


def test_bars_of_tokens_have_what_does_not_add_up_as_a_line_over_them() -> None:
    asked = measures("tokens.input", "tokens.output", "tokens.per_request")
    chart = of_time(
        panel("p", ChartKind.BARS, *(each.id for each in asked)), asked, answer(asked), Surroundings(BUCKETS)
    )
    assert [series.measure for series in chart.series] == ["tokens.input", "tokens.output"]
    assert chart.over is not None
    assert chart.over.measure == "tokens.per_request"


def tones(*texts: str) -> list[str]:
    asked = measures(*texts)
    return [series.tone for series in of_time(panel("p", ChartKind.LINE), asked, answer(asked), AROUND).series]


def test_no_two_lines_of_a_chart_are_of_one_colour() -> None:
    assert tones("latency.p50", "latency.p95", "latency.p99") == ["accent", "warn", "err"], "the farther the graver"
    assert tones("retrieval.best_score", "retrieval.mean_score", "retrieval.best_score_p10") == ["", "", ""]


def test_of_measures_in_other_units_that_have_no_place_it_is_said_how_many() -> None:
    asked = measures("latency.p95", "cost.total", "traffic.requests")
    chart = of_time(panel("p", ChartKind.LINE), asked, answer(asked), AROUND)
    assert len(chart.series) == 1
    assert chart.over is not None
    assert "1 more" in chart.caption


def test_groups_are_named_and_others_are_counted() -> None:
    asked = measures("traffic.requests")
    groups = (Group("gpt-4o"), Group(), Group(others=True))
    chart = of_time(
        panel("p", ChartKind.AREA, by="model"), asked, answer(asked, groups, "model", 9), Surroundings(BUCKETS)
    )
    assert [series.name for series in chart.series] == ["gpt-4o", "no model", "9 others"]
    assert chart.series[2].tone == "others"
    assert chart.caption == "count per day"
    assert chart.of == 11
    assert group_name(Group(others=True), "model", 1) == "1 other"


def test_a_table_has_no_row_for_what_nothing_is_without() -> None:
    asked = measures("traffic.requests", "latency.p95")
    groups = (Group("v13"), Group())
    some = answer(asked, groups, "prompt")
    none = replace(some, totals={"traffic.requests": np.array([2.0, 0.0]), "latency.p95": np.array([2.0, math.nan])})
    for found, names in ((some, ["v13", "no prompt and version"]), (none, ["v13"])):
        grid = of_table(panel("p", ChartKind.TABLE, by="prompt"), asked, found, AROUND)
        assert [row.name for row in grid.rows] == names


def test_shares_of_a_whole_are_said_only_where_groups_add_up_to_it() -> None:
    asked = measures("traffic.requests")
    groups = (Group("a"), Group("b"))
    assert of_ranking(panel("p", ChartKind.PIE), asked, answer(asked, groups, "env"), AROUND).whole == 4.0
    assert math.isnan(of_ranking(panel("p", ChartKind.PIE), asked, answer(asked, groups, "model"), AROUND).whole)
    means = measures("latency.mean")
    assert math.isnan(of_ranking(panel("p", ChartKind.PIE), means, answer(means, groups, "env"), AROUND).whole)


def test_rates_are_healthy_above_95_percent_and_poor_below_90() -> None:
    [success] = measures("reliability.success")
    tones = [health_of(success, value) for value in (0.951, 0.95, 0.90, 0.899)]
    assert [tone.tone for tone in tones if tone is not None] == ["ok", "warn", "warn", "err"]
    assert health_of(success, math.nan) is None
    assert health_of(measures("traffic.requests")[0], 0.5) is None
    asked = measures("tools.calls", "tools.success")
    table = of_table(panel("p", ChartKind.TABLE), asked, answer(asked, (Group("a"),), "tool", value=0.5), AROUND)
    assert table.rows[0].tones == ("", "err")


def test_costs_say_how_far_they_are_estimates_and_how_many_are_not_known(monitor: MadeUp) -> None:
    monitor.value = lambda measure: {"cost.estimated": 0.42, "cost.unpriced_spans": 7.0}.get(measure.id, 1.0)
    board = Dashboard("d", "d", (panel("cost", ChartKind.NUMBER, "cost.total"), PRESET.panels[0]))
    _, shown = answered(Scene(board, TraceFilter()), monitor)
    assert shown["cost"].estimated
    assert "42% of the known costs are estimates" in shown["cost"].definition
    assert "7 model calls of unknown cost are not in it" in shown["cost"].definition
    assert not shown["requests"].estimated
    assert "cost" not in shown["requests"].definition
    monitor.value = lambda measure: math.nan if measure.id == "cost.estimated" else 0.0
    _, shown = answered(Scene(board, TraceFilter()), monitor)
    assert not shown["cost"].estimated


def test_costs_are_projected_to_a_month_and_drawn_against_the_budget_of_a_bucket() -> None:
    [cost] = measures("cost.total")
    assert projection(cost, 70.0, Buckets((0, 7 * DAY))) == "proj. $304.38/mo"
    assert projection(cost, 1_400.0, Buckets((0, 7 * DAY))) == "proj. $6.1k/mo"
    assert projection(cost, math.nan, BUCKETS) == ""
    assert projection(measures("cost.per_request")[0], 1.0, BUCKETS) == ""
    chart = of_time(panel("p", ChartKind.BARS), (cost,), answer((cost,)), Surroundings(BUCKETS, budget=3_043.75))
    assert [round(level.value, 6) for level in chart.levels] == [100.0]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (DAY, "day"),
        (7 * DAY, "week"),
        (HOUR, "hour"),
        (3 * HOUR, "3 hours"),
        (60 * 10**9, "minute"),
        (5 * 10**6, "5 ms"),
    ],
)
def test_buckets_are_named_by_their_length(length: int, words: str) -> None:
    assert bucket_words(Buckets((0, length, 2 * length))) == words
