"""Tables of groups, comparisons, and what differs."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from tests.ui.views.charts.made import NONE, Make

from tailrace.model.charted import Against, ComparedMeasure, Comparison, Difference, Differences, Group
from tailrace.model.charted import Test as Told
from tailrace.model.dashboard import ChartKind
from tailrace.model.measures import Better, Is, Measure, Number, Unit
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.comparison import ComparisonBody, say_difference, say_test
from tailrace.ui.views.charts.differences import DifferencesBody, say_lift
from tailrace.ui.views.charts.grid import GridBody
from tailrace.ui.views.charts.table_body import TableBody
from tailrace.ui.views.charts.values import Column, ComparisonChart, DifferencesChart, Grid, Pick, Row

NAN = float("nan")


def grid() -> Grid:
    columns = (Column("calls", Unit.COUNT, "calls"), Column("success", Unit.SHARE, "success"))
    rows = (
        Row("lookup", (88_114, 0.996), Group("lookup"), ("", "ok")),
        Row("refund", (9_771, 0.713), Group("refund"), ("", "err")),
        Row("escalate", (20_000, NAN), Group("escalate")),
        Row("7 others", (99_999, 0.5), Group(others=True)),
    )
    return Grid("Tool calls", "tool", columns, rows, of=10)


def shown(card: ChartCard, column: int = 0) -> list[str]:
    body = card.body
    assert isinstance(body, TableBody)
    return [body.cell(row, column).words for row in range(body.row_count())]


def press_head(qtbot: QtBot, card: ChartCard, column: int) -> None:
    body = card.body
    assert isinstance(body, TableBody)
    left, right = body.column_box(column)
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, NONE, QPoint((left + right) // 2, body.HEAD // 2))


def cell_point(card: ChartCard, row: int, column: int) -> QPoint:
    body = card.body
    assert isinstance(body, TableBody)
    left, right = body.column_box(column)
    return QPoint((left + right) // 2, body.row_box(row).center().y())


def test_a_head_sorts_largest_first_then_smallest_then_as_given(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.TABLE, grid())
    given = ["lookup", "refund", "escalate", "7 others"]
    assert shown(card) == given
    press_head(qtbot, card, 1)
    assert shown(card) == ["lookup", "escalate", "refund", "7 others"]  # the others are no group: they stay last
    press_head(qtbot, card, 1)
    assert shown(card) == ["refund", "escalate", "lookup", "7 others"]
    card.show_content(grid())
    assert shown(card) == ["refund", "escalate", "lookup", "7 others"]
    press_head(qtbot, card, 1)
    assert shown(card) == given
    press_head(qtbot, card, 2)
    assert shown(card) == ["lookup", "refund", "escalate", "7 others"]  # unknown is neither large nor small
    press_head(qtbot, card, 0)
    assert shown(card) == ["escalate", "lookup", "refund", "7 others"]


def test_figures_have_their_units_and_the_tones_they_came_with(make_card: Make) -> None:
    card = make_card(ChartKind.TABLE, grid())
    assert shown(card, 2) == ["99.6%", "71.3%", "–", "50%"]
    body = card.body
    assert isinstance(body, GridBody)
    assert [body.cell(row, 2).tone for row in range(4)] == ["ok", "err", "faint", "text"]
    assert body.remark() == "3 of 10 groups"
    assert body.row_tip(0, cell_point(card, 0, 1).x()) == "lookup\ncalls: 88,114"


def test_a_click_on_a_cell_opens_its_group_of_its_measure(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.TABLE, grid())
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(card.body, Qt.MouseButton.LeftButton, NONE, cell_point(card, 1, 2))
    assert opened.args == [Pick(group=Group("refund"), measure="success")]
    card.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card, Qt.Key.Key_Down)
    assert card.accessibleDescription() == "lookup, calls 88,114, success 99.6%, row 1 of 4"
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert opened.args == [Pick(group=Group("lookup"))]


def test_a_table_is_copied_as_sorted_with_exact_figures(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.TABLE, grid())
    press_head(qtbot, card, 1)
    assert card.copy_values() == (
        "tool\tcalls\tsuccess\nlookup\t88114\t0.996\nescalate\t20000\t\nrefund\t9771\t0.713\n7 others\t99999\t0.5\n"
    )


def measure(unit: Unit, better: Better) -> Measure:
    return Measure("m", "Success rate", "g", "Share of traces that did not fail.", unit, Number(1), better)


@pytest.mark.parametrize(
    ("unit", "better", "against", "said"),
    [
        (Unit.SHARE, Better.MORE, Against(-0.042, -0.04, 1e-9, Told.PROPORTIONS), ("−4.2 pt (p<0.001)", "err")),
        (Unit.SHARE, Better.MORE, Against(0.01, 0.01, 0.3, Told.PROPORTIONS), ("+1.0 pt (p=0.30)", "dim")),
        (Unit.DURATION, Better.LESS, Against(8e8, 0.41, 0.002, Told.QUANTILES), ("+41% (p=0.002)", "err")),
        (Unit.DURATION, Better.LESS, Against(-8e8, -0.41, None, Told.NONE), ("−41%", "ok")),
        (Unit.NUMBER, Better.MORE, Against(-0.14, -0.16, 0.01, Told.MEANS), ("−0.14 (p=0.01)", "err")),
        (Unit.COUNT, Better.NEITHER, Against(5, 1.34, None, Told.NONE), ("+134%", "dim")),
        (Unit.MONEY, Better.LESS, Against(0.5, None, None, Told.NONE), ("+$0.500", "err")),
        (Unit.COUNT, Better.LESS, Against(0, 0, 1.0, Told.MEANS), ("same", "dim")),
        (Unit.COUNT, Better.LESS, Against(NAN, None, None, Told.MEANS), ("–", "dim")),
    ],
)
def test_a_difference_is_coloured_only_where_it_is_more_than_chance(
    unit: Unit, better: Better, against: Against, said: tuple[str, str]
) -> None:
    assert say_difference(ComparedMeasure(measure(unit, better), (1, 2), 0, (against,)), 0) == said


def test_it_says_which_test_tells_a_difference_from_chance() -> None:
    assert say_test(Against(1, 1, 0.0001, Told.MEANS)) == "more than chance: p<0.001, Welch's t-test"
    assert say_test(Against(1, 1, 0.2, Told.PROPORTIONS)) == "may be chance: p=0.20, Fisher's exact test"
    assert "not known" in say_test(Against(1, 1, None, Told.NONE))


def comparison() -> ComparisonChart:
    row = ComparedMeasure(
        measure(Unit.SHARE, Better.MORE), (0.961, 0.982, NAN), 1,
        (Against(0.021, 0.02, 1e-7, Told.PROPORTIONS), Against(NAN, None, None, Told.PROPORTIONS)),
    )  # fmt: skip
    values = ("support@v12", "support@v13", "support@v14")
    return ComparisonChart("Prompts", Comparison("prompt", values, (row,), (41_220, 96_401, 0), ("Note.",)))


def test_a_comparison_shows_the_best_in_bold_and_the_differences(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.COMPARISON, comparison())
    body = card.body
    assert isinstance(body, ComparisonBody)
    heads = [head.words for head in body.headings()]
    assert heads == ["metric", "support@v12", "support@v13", "support@v14", "Δ v12→v13", "Δ v12→v14"]
    cells = [body.cell(0, column) for column in range(1, 6)]
    assert [cell.words for cell in cells] == ["96.1%", "98.2%", "–", "+2.1 pt (p<0.001)", "–"]
    assert [cell.bold for cell in cells] == [False, True, False, False, False]
    assert [cell.tone for cell in cells] == ["text", "text", "faint", "ok", "dim"]
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(body, Qt.MouseButton.LeftButton, NONE, cell_point(card, 0, 2))
    assert opened.args == [Pick(group=Group("support@v13"), measure="m")]
    assert body.row_tip(0, cell_point(card, 0, 4).x()) == "more than chance: p<0.001, Fisher's exact test"


def test_columns_without_room_are_left_out_and_counted(make_card: Make) -> None:
    card = make_card(ChartKind.TABLE, grid())
    card.resize(150, 240)
    assert card.body.remark() == "3 of 10 groups · 1 of 2 columns"
    assert not card.grab().isNull()
    card.resize(400, 240)
    assert card.body.remark() == "3 of 10 groups"


def test_with_nothing_chosen_a_comparison_says_what_to_do(make_card: Make) -> None:
    card = make_card(ChartKind.COMPARISON, ComparisonChart("Prompts", None))
    assert card.state_words() == ("Nothing to compare yet", "Choose up to three values to compare above.")


def difference(field: str, value: str, inside: int, outside: int, lift: float, p: float = 1e-9) -> Difference:
    return Difference(field, value, inside, 100, outside, 1_000, lift, 1.0, p)


def differing() -> DifferencesChart:
    rows = (
        difference("prompt.version", "v14", 100, 310, 3.2),
        difference("tool.name", "refund", 88, 170, 5.2),
        difference("env", "prod", 100, 970, 1.0, 0.4),
        difference("region", "x", 40, 0, math.inf),
    )
    return DifferencesChart("What differs", Differences(rows, 100, 1_000, 412, 530), names={"env": "environment"})


def test_what_differs_shows_shares_and_lift(make_card: Make, qtbot: QtBot) -> None:
    card = make_card(ChartKind.DIFFERENCES, differing())
    body = card.body
    assert isinstance(body, DifferencesBody)
    assert [[body.cell(row, column).words for column in range(4)] for row in range(4)] == [
        ["prompt.version = v14", "100%", "31%", "×3.2"],
        ["tool.name = refund", "88%", "17%", "×5.2"],
        ["environment = prod", "100%", "97%", "×1.0"],
        ["region = x", "40%", "0%", "only here"],
    ]
    assert [body.cell(row, 3).tone for row in range(4)] == ["err", "err", "text", "err"]
    assert body.remark() == "100 of 1,100 traces"
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(body, Qt.MouseButton.LeftButton, NONE, cell_point(card, 1, 0))
    assert opened.args[0].difference.value == "refund"
    assert body.button.text() == "Open 100 traces →"
    with qtbot.waitSignal(card.opened) as opened:
        qtbot.mouseClick(body.button, Qt.MouseButton.LeftButton)
    assert opened.args == [Pick()]
    press_head(qtbot, card, 3)
    assert shown(card)[0] == "region = x"


def test_what_differs_says_where_a_number_is_cut_and_what_the_same_traces_have(make_card: Make) -> None:
    cut = replace(difference("loop", "25", 100, 2, 500.0), compare=Is.GE, also=("tool_calls ≥ 25", "spans ≥ 52"))
    card = make_card(ChartKind.DIFFERENCES, DifferencesChart("What differs", Differences((cut,), 100, 1_000, 9, 9)))
    assert isinstance(card.body, DifferencesBody)
    assert card.body.cell(0, 0).words == "loop ≥ 25"
    assert card.body.row_words(0).startswith("loop ≥ 25: 100 of 100 selected traces")
    assert card.body.row_words(0).endswith("The same traces: tool_calls ≥ 25; spans ≥ 52")
    assert card.body.sheet().rows[0][:3] == ("loop", "≥ 25", 100)
    assert not card.grab().isNull()


def test_what_differs_says_how_to_select_and_when_nothing_differs(make_card: Make) -> None:
    card = make_card(ChartKind.DIFFERENCES, DifferencesChart("What differs"))
    title, hint = card.state_words()
    assert title == "Nothing is selected yet"
    assert "Shift-drag" in hint
    card.show_content(DifferencesChart("What differs", Differences((), 10, 90, 5, 5)))
    assert card.state_words() == ("", "")
    assert card.accessibleDescription() == "10 of 100 traces. Nothing differs by more than chance"
    card.show_content(DifferencesChart("What differs", Differences((), 0, 90, 0, 0)))
    assert card.state_words()[0] == "No trace is in the selection"


def test_a_lift_is_said_as_a_factor() -> None:
    assert [say_lift(lift) for lift in (3.24, 0.5, math.inf, NAN, 1234.0)] == [
        "×3.2",
        "×0.5",
        "only here",
        "–",
        "×1,234",
    ]
