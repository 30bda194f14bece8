"""From charts to the traces behind them: as many as the chart says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot
from tests.store.written import make
from tests.ui.driving import SECOND, START
from tests.ui.monitoring import SHIFT, Monitored, middle

from tailrace.jobs import Ticket
from tailrace.model import SpanKind, SpanStatus, TraceFilter
from tailrace.store.writer import Writer
from tailrace.ui.main_window import MainWindow
from tailrace.ui.views.charts.values import DifferencesChart, Figure, Grid, HeatChart, Pick, TimeChart
from tailrace.ui.views.value_menu import build_value_menu

MINUTE = 60 * SECOND


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """120 traces, one a minute; of version 2 (the last third) every one is slow and calls `refund` and fails there."""
    path = tmp_path / "shop.tailrace"
    with Writer(path) as writer:
        spans = []
        for i in range(120):
            trace_id, begin, late = f"{i + 1:032x}", START + i * MINUTE, i >= 80
            tool = "refund" if late else ("lookup", "search")[i % 2]
            length = (20 if late else 1 + i % 3) * SECOND
            spans += [
                make("a" * 16, None, trace_id, name="agent.run", kind=SpanKind.AGENT, start_ns=begin,
                     end_ns=begin + length, version="2" if late else "1"),
                make("c" * 16, "a" * 16, trace_id, name=tool, kind=SpanKind.TOOL, tool_name=tool, start_ns=begin,
                     end_ns=begin + SECOND, status=SpanStatus.ERROR if late else SpanStatus.OK),
            ]  # fmt: skip
        writer.write(spans)
        writer.settle()
        writer.index()
    return path


@pytest.fixture
def monitored(qtbot: QtBot, open_window: Callable[[Path], MainWindow], database: Path) -> Monitored:
    found = Monitored(qtbot, open_window(database))
    found.enter()
    return found


def listed(monitored: Monitored) -> int:
    monitored.settle()
    assert monitored.window.rail.current == "traces"
    return monitored.window.page.model.rowCount()


def test_the_figures_are_those_of_the_data(monitored: Monitored) -> None:
    requests, success = monitored.card("requests").content, monitored.card("success").content
    assert isinstance(requests, Figure)
    assert isinstance(success, Figure)
    assert requests.value == 120
    assert success.value == pytest.approx(80 / 120)
    assert success.health is not None
    assert success.health.tone == "err"
    tools = monitored.card("tools").content
    assert isinstance(tools, Grid)
    assert {row.name: row.values[:2] for row in tools.rows} == {"lookup": (40, 1), "search": (40, 1), "refund": (40, 0)}
    assert "240 spans aggregated" in monitored.window.status.text
    assert monitored.card("cost").state_words()[0].startswith("No costs in this data")


def test_every_bar_opens_as_many_traces_as_it_shows(monitored: Monitored) -> None:
    chart = monitored.card("traffic").content
    assert isinstance(chart, TimeChart)
    [series] = chart.series
    assert series.values.sum() == 120
    for place in (0, len(series.values) // 2, int(np.flatnonzero(series.values)[-1])):
        since, until = chart.buckets.edges[place : place + 2]
        monitored.card("traffic").opened.emit(Pick(since, until, series.group, series.measure))
        assert listed(monitored) == series.values[place]
        monitored.enter()
        monitored.window.run_command("filter.back")
        monitored.settle()


def test_a_row_of_tools_opens_the_traces_that_called_it(monitored: Monitored) -> None:
    tools = monitored.card("tools").content
    assert isinstance(tools, Grid)
    for row in tools.rows:
        monitored.card("tools").opened.emit(Pick(group=row.group))
        assert listed(monitored) == row.values[0]
        assert monitored.window.session.history.current.text == f"tool:{row.name}"
        monitored.enter()
        monitored.window.run_command("filter.back")
        monitored.settle()


def test_a_cell_of_the_heatmap_opens_as_many_traces_as_it_counts(monitored: Monitored) -> None:
    heat = monitored.card("heatmap").content
    assert isinstance(heat, HeatChart)
    assert heat.counts.sum() == 120
    row, column = (int(place) for place in np.argwhere(heat.counts > 0)[0])
    since, until = heat.buckets.edges[column : column + 2]
    pick = Pick(since, until, None, "", float(heat.levels[row]), float(heat.levels[row + 1]))
    monitored.card("heatmap").opened.emit(pick)
    assert listed(monitored) == heat.counts[row, column] > 0


def test_a_drag_over_the_slow_ones_in_the_heatmap_finds_what_they_have_in_common(monitored: Monitored) -> None:
    card = monitored.card("heatmap")
    body = card.body
    monitored.drag(card, QPoint(body.width() - 2, 2), QPoint(70, round(body.height() * 0.35)), SHIFT)
    monitored.settle()
    selected = monitored.page.selection.selected
    assert selected is not None
    assert "latency:>=" in selected.filter.text
    assert "40 of 120 traces" in monitored.page.selection.bar.text
    content = monitored.card("differences").content
    assert isinstance(content, DifferencesChart)
    assert content.differences is not None
    found = {(one.field, one.value) for one in content.differences.differences[:3]}
    found |= {also for one in content.differences.differences[:3] for also in one.also}  # type: ignore[misc]
    assert any("refund" in str(one) for one in found)
    assert not monitored.page.selection.side.isVisible(), "a chart of the dashboard shows it"
    monitored.card("differences").opened.emit(Pick())
    assert listed(monitored) == 40


def test_zooming_narrows_what_all_pages_show(monitored: Monitored) -> None:
    card = monitored.card("traffic")
    monitored.drag(card, middle(card, 0.7), middle(card, 0.99))
    monitored.settle()
    requests = monitored.card("requests").content
    assert isinstance(requests, Figure)
    assert 0 < requests.value < 60
    monitored.window.show_page("traces")
    assert listed(monitored) == requests.value


def test_a_failed_count_opens_the_failed_ones(monitored: Monitored) -> None:
    panel = monitored.page.dashboards.current
    assert panel is not None
    monitored.card("success").opened.emit(Pick(measure="reliability.failed"))
    assert listed(monitored) == 40
    assert monitored.window.session.history.current == TraceFilter("status:error")


def test_what_differs_in_a_filter_is_told_without_a_selection(monitored: Monitored) -> None:
    monitored.window.session.history.push(TraceFilter("tool:refund"))
    monitored.settle()
    monitored.window.run_command("monitor.differs")
    monitored.settle()
    assert "40 of 120 traces" in monitored.page.selection.bar.text


def test_a_list_out_of_sight_is_read_when_it_is_looked_at(monitored: Monitored) -> None:
    model = monitored.window.page.model
    before = model.trace_list
    monitored.window.session.history.push(TraceFilter("tool:refund"))
    monitored.settle()
    assert model.trace_list is before
    monitored.window.show_page("traces")
    assert listed(monitored) == 40


def test_a_chart_opens_as_sql_that_gives_its_figures(monitored: Monitored) -> None:
    monitored.page.grid.reveal("tools")
    monitored.window.run_command("monitor.open-sql")
    monitored.settle()
    assert monitored.window.rail.current == "sql"
    sql = monitored.window.sql
    assert "FROM spans" in sql.editor.toPlainText()
    monitored.qtbot.waitUntil(lambda: not sql.is_waiting, timeout=20_000)
    monitored.settle()
    assert monitored.window.session.workspace is not None
    result = monitored.window.session.workspace.monitor.select(sql.editor.toPlainText(), Ticket())
    assert {row[0]: row[1] for row in result.rows if row[0] is not None} == {"lookup": 40, "search": 40, "refund": 40}


def test_what_no_statement_says_is_told(monitored: Monitored) -> None:
    monitored.page.panels.open_as_sql("differences")
    monitored.settle()
    assert monitored.window.rail.current == "monitor"
    assert "more than one statement" in monitored.window.status.text


def test_a_value_of_a_trace_can_group_all_traces(monitored: Monitored) -> None:
    window = monitored.window
    window.show_page("traces")
    monitored.settle()
    values = window.page.values
    menu = build_value_menu(window, [("version", "2"), ("score.x", "1")], [], values.take, values.say_copied)
    grouping = [action for action in menu.actions() if action.text().startswith("Group by")]
    assert [action.text() for action in grouping] == ["Group by  version"], "scores have numbers, not groups"
    grouping[0].trigger()
    monitored.settle()
    assert window.rail.current == "monitor"
    assert monitored.page.groups.by == "version"


def test_the_crosshair_stands_on_all_charts_and_the_wheel_moves_them_together(
    monitored: Monitored, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, object]] = []
    for card in monitored.page.grid.cards:
        title = card.title
        monkeypatch.setattr(card, "show_crosshair", lambda time_ns, title=title: seen.append((title, time_ns)))
        monkeypatch.setattr(card, "show_range", lambda *times, title=title: seen.append((title, times)))
    monitored.card("traffic").hovered.emit(START)
    assert {time_ns for _, time_ns in seen} == {START}
    assert len(seen) == len(monitored.page.grid.cards)
    seen.clear()
    monitored.card("traffic").moved.emit((START, START + MINUTE))
    assert len(seen) == len(monitored.page.grid.cards) - 1, "the one that is moved moves itself"
    assert {times for _, times in seen} == {(START, START + MINUTE)}
