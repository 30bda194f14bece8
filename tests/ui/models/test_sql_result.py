"""What cells of a result say, how they are copied, and which charts can be drawn of them."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from tailrace.model.dashboard import ChartKind
from tailrace.model.measures import Unit
from tailrace.model.sql import Cell, SqlResult
from tailrace.ui.models.sql_chart import chart_of, measured, unit_of
from tailrace.ui.models.sql_result import SqlResultModel, shown_cell, written_cell
from tailrace.ui.views.charts.values import Ranking, TimeChart
from tailrace.ui.views.sql.result_table import NULL_ROLE

DAY = 86_400 * 10**9


def _result(columns: dict[str, str], *rows: tuple[Cell, ...], more: str = "") -> SqlResult:
    return SqlResult(tuple(columns), tuple(columns.values()), rows, more)


@pytest.mark.parametrize(
    ("cell", "shown", "written"),
    [
        (None, "NULL", ""),
        ("", "", ""),
        ("NULL", "NULL", "NULL"),
        (True, "true", "true"),
        (1234567, "1234567", "1234567"),
        (2**100, str(2**100), str(2**100)),
        (0.1 + 0.2, "0.3", "0.30000000000000004"),
        (5.0, "5", "5"),
        (1e300, "1e+300", "1e+300"),
        (math.nan, "NaN", "nan"),
        (-math.inf, "-∞", "-inf"),
        (Decimal("1.10"), "1.10", "1.10"),
        ("a\n\tb", "a b", "a\n\tb"),
        ("\u202etxt.exe\x00\rb", "txt.exe b", "\u202etxt.exe\x00\rb"),
        ("👩\u200d👧", "👩\u200d👧", "👩\u200d👧"),
        ("x" * 1000, "x" * 200 + "… (1,000 characters)", "x" * 1000),
    ],
)
def test_a_cell_is_shown_on_one_line_and_written_exactly(cell: Cell, shown: str, written: str) -> None:
    assert shown_cell(cell) == shown
    assert written_cell(cell) == written


def test_a_model_says_names_values_and_which_are_null() -> None:
    model = SqlResultModel()
    model.show(_result({"name": "VARCHAR", "cost": "DOUBLE"}, ("a", None), ("<b>b</b>", 2.5)))
    assert (model.rowCount(), model.columnCount()) == (2, 2)
    assert model.index(0, 1).data() == "NULL"
    assert model.index(0, 1).data(NULL_ROLE) is True
    assert model.index(1, 0).data(NULL_ROLE) is False
    assert model.index(1, 1).data(Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignRight)
    assert model.index(1, 0).data(Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignLeft)
    assert model.headerData(1, Qt.Orientation.Horizontal) == "cost"
    assert "&lt;b&gt;" in str(model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole))


def test_copied_cells_keep_to_their_lines_and_tabs() -> None:
    model = SqlResultModel()
    model.show(_result({"a\tb": "VARCHAR", "n": "BIGINT"}, ("x\r\ny\tz", 1), (None, 2)))
    assert model.as_lines(range(2), range(2)) == "a b\tn\nx y z\t1\n\t2"
    assert model.as_lines([1], [1], header=False) == "2"


def test_a_row_knows_its_trace_by_the_name_of_a_column() -> None:
    model = SqlResultModel()
    model.show(_result({"n": "BIGINT", "Trace_ID": "VARCHAR"}, (1, "abc"), (2, None)))
    assert (model.trace_column, model.trace_of(0), model.trace_of(1)) == (1, "abc", None)
    model.show(_result({"n": "BIGINT"}, (1,)))
    assert (model.trace_column, model.trace_of(0)) == (-1, None)


# ---- charts


def test_figures_over_time_are_lines_by_unit() -> None:
    result = _result(
        {"day": "TIMESTAMP", "p50_ms": "DOUBLE", "p95_ms": "DOUBLE", "n": "BIGINT"},
        ("2025-01-02 00:00:00", 2.0, 4.0, 7),
        ("2025-01-01 00:00:00", 1.0, None, 5),
        ("2025-01-04 00:00:00", 3.0, 6.0, 9),
    )
    durations, counts = measured(result)
    assert (durations.title, durations.unit) == ("p50_ms, p95_ms", Unit.DURATION)
    assert (counts.title, counts.unit) == ("n", Unit.COUNT)
    charted = chart_of(result, durations)
    assert charted.kind is ChartKind.LINE
    chart = charted.content
    assert isinstance(chart, TimeChart)
    assert [later - earlier for earlier, later in zip(chart.buckets.edges, chart.buckets.edges[1:], strict=False)] == [
        DAY, 2 * DAY, DAY,
    ]  # fmt: skip
    first, second = chart.series
    assert first.values.tolist() == [1e6, 2e6, 3e6]
    assert math.isnan(second.values[0])
    assert second.values.tolist()[1:] == [4e6, 6e6]


def test_words_beside_times_are_lines_of_their_own() -> None:
    rows = [(f"2025-01-0{day}", f"p{name}", float(name * day)) for day in (1, 2) for name in range(12)]
    result = _result({"day": "DATE", "prompt": "VARCHAR", "cost": "DOUBLE"}, *rows)
    (money,) = measured(result)
    chart = chart_of(result, money).content
    assert isinstance(chart, TimeChart)
    assert money.unit is Unit.MONEY
    assert [series.name for series in chart.series] == [f"p{name}" for name in range(4, 12)]
    assert chart.of == 12


def test_what_has_no_time_and_what_meets_is_said() -> None:
    result = _result(
        {"t": "TIMESTAMP WITH TIME ZONE", "n": "BIGINT"},
        ("2025-01-01 00:00:00+00", 1), (None, 5), ("2025-01-01 00:00:00+00", 3),
    )  # fmt: skip
    chart = chart_of(result, measured(result)[0]).content
    assert isinstance(chart, TimeChart)
    assert chart.series[0].values.tolist() == [3.0]
    assert chart.caption == "1 row left out: no time · of rows with the same time the greatest"


def test_figures_of_words_are_bars_in_the_order_of_the_rows() -> None:
    result = _result(
        {"model": "VARCHAR", "kind": "VARCHAR", "calls": "HUGEINT", "error_rate": "DOUBLE"},
        ("b", None, 5, 0.5), ("a", "llm", 9, None),
    )  # fmt: skip
    calls, rate = measured(result)
    assert (calls.unit, rate.unit) == (Unit.COUNT, Unit.SHARE)
    charted = chart_of(result, calls)
    bars = charted.content
    assert charted.kind is ChartKind.LIST
    assert isinstance(bars, Ranking)
    assert [(part.name, part.value) for part in bars.parts] == [("b · NULL", 5.0), ("a · llm", 9.0)]
    assert math.isnan(chart_of(result, rate).content.parts[1].value)  # type: ignore[union-attr]


def test_more_bars_than_fit_are_counted() -> None:
    result = _result({"m": "VARCHAR", "n": "BIGINT"}, *((str(n), n) for n in range(100)))
    bars = chart_of(result, measured(result)[0]).content
    assert isinstance(bars, Ranking)
    assert (len(bars.parts), bars.of) == (60, 100)


@pytest.mark.parametrize(
    "result",
    [
        _result({"n": "BIGINT"}, (1,)),
        _result({"a": "VARCHAR"}, ("x",)),
        _result({"a": "VARCHAR", "n": "BIGINT"}),
        _result({"a": "VARCHAR", "id": "BIGINT"}, ("x", 1)),
    ],
)
def test_without_numbers_words_or_rows_there_is_no_chart(result: SqlResult) -> None:
    assert measured(result) == ()


@pytest.mark.parametrize(
    ("name", "kind", "unit"),
    [
        ("p95_ms", "DOUBLE", Unit.DURATION),
        ("sum(cost)", "DOUBLE", Unit.MONEY),
        ("total_tokens", "HUGEINT", Unit.TOKENS),
        ("tokens_per_second", "DOUBLE", Unit.NUMBER),
        ("error_rate", "DOUBLE", Unit.SHARE),
        ("n", "BIGINT", Unit.COUNT),
        ("items", "DOUBLE", Unit.NUMBER),
    ],
)
def test_the_unit_is_guessed_from_the_name(name: str, kind: str, unit: Unit) -> None:
    assert unit_of(name, kind) is unit
