"""Where things are, in pixels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tailrace.ui.views.waterfall import layout
from tailrace.ui.views.waterfall.axis import Window
from tailrace.ui.views.waterfall.columns import Column
from tailrace.ui.views.waterfall.layout import Part, arrange, hit, indent, place_label

EVERY = frozenset(Column)


@given(st.integers(280, 4000), st.integers(0, 3000), st.sets(st.sampled_from(Column)))
def test_bars_always_keep_room(width: int, name: int, columns: set[Column]) -> None:
    geometry = arrange(width, name, frozenset(columns))
    assert geometry.name >= layout.NAME_MIN
    assert width - geometry.bars >= 150
    assert geometry.span >= 1
    assert set(geometry.columns) <= columns


def test_a_usual_width_has_the_usual_columns() -> None:
    geometry = arrange(1000, layout.NAME, frozenset())
    assert (geometry.name, geometry.bars, geometry.left, geometry.right) == (330, 330, 336, 932)


def test_columns_keep_their_own_order() -> None:
    assert arrange(1400, 330, EVERY).columns == tuple(Column)
    assert arrange(420, 330, EVERY).columns == (Column.SELF, Column.SHARE)


@given(st.integers(0, 10**18), st.integers(1, 10**15), st.integers(300, 3000))
def test_the_window_fills_the_bars(low: int, span: int, width: int) -> None:
    geometry = arrange(width, 330, frozenset())
    window = Window(low, low + span)
    assert geometry.x(window, window.low) == geometry.left
    assert geometry.x(window, window.high) == geometry.right
    assert geometry.time(window, geometry.left) == window.low


def test_a_label_stands_after_the_bar_before_it_or_on_it() -> None:
    geometry = arrange(1000, 330, frozenset())
    assert place_label(400, 500, 40, geometry) == (506, False)
    assert place_label(800, 990, 40, geometry) == (754, False)
    assert place_label(300, 1200, 40, geometry) == (954, True)


def test_deep_rows_stop_moving_right() -> None:
    geometry = arrange(1000, 330, frozenset())
    assert indent(1, geometry) - indent(0, geometry) == 16
    assert indent(5000, geometry) == 165


def parts(x: int, y: int = 30, depths: tuple[int, ...] = (1,)) -> tuple[int, Part]:
    geometry = arrange(1000, 330, frozenset([Column.SELF]))
    found = hit(geometry, x, y, 24, 10, list(depths), (500.0, 600.0))
    return found.position, found.part


def test_what_lies_under_a_point() -> None:
    assert parts(28) == (2, Part.TRIANGLE)
    assert parts(28, depths=()) == (2, Part.NAME)
    assert parts(200) == (2, Part.NAME)
    assert parts(331) == (2, Part.SPLITTER)
    assert parts(360) == (2, Part.COLUMN)
    assert parts(550) == (2, Part.BAR)
    assert parts(700) == (2, Part.LANE)


def test_below_the_last_row_there_is_none() -> None:
    assert parts(200, y=24 * 10)[0] == -1
