"""What a chart shows, chosen in its dialog: by words, by formula, by kind."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tailrace.metrics.catalogue import CATALOGUE
from tailrace.model.dashboard import ChartKind, Panel
from tailrace.ui.dialogs.edit_panel import EditPanel
from tailrace.ui.models.monitor_edits import new_panel


def dialog(qtbot: QtBot, panel: Panel) -> tuple[EditPanel, list[Panel]]:
    made = EditPanel(
        panel, "Edit the chart", tuple(CATALOGUE.values()), ["loop.iterations", "user.tier"], ["relevance"]
    )
    qtbot.addWidget(made)
    taken: list[Panel] = []
    made.accepted_panel.connect(taken.append)
    made.show()
    return made, taken


def type_in(qtbot: QtBot, made: EditPanel, text: str, *keys: Qt.Key) -> None:
    line = made.measures.line
    line.setFocus()
    qtbot.keyClicks(line, text)
    for key in keys:
        qtbot.keyClick(line, key)


def test_a_measure_is_found_by_words_and_taken_with_enter(qtbot: QtBot) -> None:
    made, taken = dialog(qtbot, new_panel())
    assert not made.ok.isEnabled()
    type_in(qtbot, made, "latency p95", Qt.Key.Key_Return)
    assert made.measures.texts == ("latency.p95",)
    assert made.measures.line.text() == ""
    made.title.setText("Slow ones")
    made.by.setCurrentIndex(made.by.findData("attr.user.tier"))
    made.top.setValue(5)
    made.filter.setText("kind:llm")
    qtbot.mouseClick(made.ok, Qt.MouseButton.LeftButton)
    [panel] = taken
    assert (panel.title, panel.measures, panel.by, panel.top, panel.filter) == (
        "Slow ones", ("latency.p95",), "attr.user.tier", 5, "kind:llm",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "taken"),
    [("output tokens", "tokens.output"), ("thumb", "quality.thumbs"), ("Requests", "traffic.requests"),
     ("cost", "cost.total"), ("tokens.output", "tokens.output")],
)  # fmt: skip
def test_enter_takes_what_is_called_so_before_what_is_only_told_about_with_these_words(
    qtbot: QtBot, words: str, taken: str
) -> None:
    made, _ = dialog(qtbot, new_panel())
    type_in(qtbot, made, words, Qt.Key.Key_Return)
    assert made.measures.texts == (taken,)


def test_enter_is_asked_for_only_where_it_takes_something(qtbot: QtBot) -> None:
    made, _ = dialog(qtbot, new_panel())
    type_in(qtbot, made, "latency p9")
    assert "Enter" in made.problem.text
    made.measures.line.clear()
    type_in(qtbot, made, "no such thing")
    assert "Enter" not in made.problem.text


def test_a_formula_is_checked_while_it_is_typed_completed_with_tab_and_taken_with_enter(qtbot: QtBot) -> None:
    made, _ = dialog(qtbot, new_panel())
    type_in(qtbot, made, "p95(attr.loop")
    assert "does not work" in made.measures.words.text
    assert "at character" in made.measures.words.text
    type_in(qtbot, made, "", Qt.Key.Key_Tab)
    assert made.measures.line.text().startswith("p95(attr.loop.iterations")
    type_in(qtbot, made, "" if made.measures.line.text().endswith(")") else ")")
    assert "Enter takes this formula" in made.measures.words.text
    type_in(qtbot, made, "", Qt.Key.Key_Return)
    assert made.measures.texts == ("p95(attr.loop.iterations)",)


def test_what_is_wrong_cannot_be_saved(qtbot: QtBot) -> None:
    made, taken = dialog(qtbot, Panel("p", "", ChartKind.LINE, ("latency.p95",), 0, 0, 4, 3))
    made.filter.setText("nonsense:4")
    assert not made.ok.isEnabled()
    assert "filter" in made.problem.text
    made.filter.setText("")
    assert made.ok.isEnabled()
    qtbot.mouseClick(made.ok, Qt.MouseButton.LeftButton)
    assert taken == [], "nothing was changed"


def test_measures_can_be_taken_away_and_put_in_another_order(qtbot: QtBot) -> None:
    made, _ = dialog(qtbot, Panel("p", "", ChartKind.LINE, ("latency.p50", "latency.p95"), 0, 0, 4, 3))
    made.measures.chosen.setCurrentRow(1)
    made.measures.up.click()
    assert made.measures.texts == ("latency.p95", "latency.p50")
    made.measures.chosen.setFocus()
    qtbot.keyClick(made.measures.chosen, Qt.Key.Key_Delete)
    assert made.measures.texts == ("latency.p50",)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (ChartKind.NUMBER, set()),
        (ChartKind.LINE, {"by", "top"}),
        (ChartKind.HEATMAP, {"column"}),
        (ChartKind.COMPARISON, {"by"}),
        (ChartKind.DIFFERENCES, set()),
    ],
)
def test_only_what_a_kind_needs_is_asked_for(qtbot: QtBot, kind: ChartKind, shown: set[str]) -> None:
    made, _ = dialog(qtbot, Panel("p", "", kind, (), 0, 0, 4, 3))
    found = {name for name in ("by", "top", "column") if getattr(made, name).isVisible()}
    assert found == shown


def test_a_heatmap_measures_a_column_or_a_score(qtbot: QtBot) -> None:
    made, taken = dialog(qtbot, Panel("p", "", ChartKind.LINE, ("latency.p95",), 0, 0, 4, 3))
    made.kind.setCurrentIndex(made.kind.findData(ChartKind.HEATMAP))
    made.column.setCurrentIndex(made.column.findData("score.value:relevance"))
    qtbot.mouseClick(made.ok, Qt.MouseButton.LeftButton)
    assert taken[0].measures == ("score.value:relevance",)


def test_a_chart_that_follows_the_page_or_else_a_field_says_so_and_stays_so(qtbot: QtBot) -> None:
    made, taken = dialog(qtbot, Panel("p", "", ChartKind.LINE, ("latency.p95",), 0, 0, 4, 3, "page:model"))
    assert made.by.currentText() == "What the page is grouped by, else model"
    made.title.setText("Slow ones")
    made.accept()
    assert taken[0].by == "page:model"


def test_what_the_panel_had_and_is_not_offered_stays_as_it_is(qtbot: QtBot) -> None:
    panel = Panel("p", "", ChartKind.LIST, ("cost.total",), 0, 0, 4, 3, by="attr.gone")
    made, _ = dialog(qtbot, panel)
    assert made.panel == panel
