"""Where the charts of a dashboard stand, and moving and resizing them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tailrace.model.dashboard import COLUMNS, GAP, ChartKind, Panel
from tailrace.ui.models.monitor_layout import cell_at, free_place, laid_out, moved, resized, settled

WIDE, NARROW = 1_520, 1_020


def panel(panel_id: str, x: int, y: int, w: int = 4, h: int = 3, kind: ChartKind = ChartKind.LINE) -> Panel:
    return Panel(panel_id, "", kind, (), x, y, w, h)


def places(panels: tuple[Panel, ...]) -> dict[str, tuple[int, int, int, int]]:
    return {one.panel_id: (one.x, one.y, one.w, one.h) for one in panels}


def test_a_row_of_the_grid_fills_the_page_with_gaps_between() -> None:
    layout = laid_out([panel("a", 0, 0), panel("b", 4, 0), panel("c", 8, 0)], WIDE)
    a, b, c = (layout.boxes[one] for one in "abc")
    assert not layout.reflowed
    assert a.x == 0
    assert c.x + c.width == WIDE
    assert b.x - (a.x + a.width) == GAP
    assert c.x - (b.x + b.width) == GAP


def test_where_charts_would_be_too_narrow_they_stand_below_each_other_and_fill_the_page() -> None:
    panels = [panel("a", 0, 0, 3), panel("b", 3, 0, 3), panel("c", 6, 0, 3), panel("d", 9, 0, 3)]
    layout = laid_out(panels, 700)
    assert layout.reflowed
    assert [layout.boxes[one].y for one in "abcd"] == [0, 0, layout.boxes["c"].y, layout.boxes["c"].y]
    assert layout.boxes["c"].y > 0
    assert layout.boxes["b"].x + layout.boxes["b"].width == 700


def test_small_figures_are_spread_evenly_over_their_rows() -> None:
    panels = [panel(str(n), 2 * n, 0, 2, 1, ChartKind.NUMBER) for n in range(6)] + [panel("wide", 0, 1, 12)]
    layout = laid_out(panels, 720)
    rows: dict[int, int] = {}
    for n in range(6):
        rows[layout.boxes[str(n)].y] = rows.get(layout.boxes[str(n)].y, 0) + 1
    assert list(rows.values()) == [3, 3]
    assert layout.boxes["wide"].y > max(rows)


def test_a_moved_chart_pushes_down_what_is_in_its_way_and_leaves_no_hole() -> None:
    before = (panel("a", 0, 0), panel("b", 4, 0), panel("c", 0, 3))
    after = places(moved(before, "c", 4, 0))
    assert after == {"a": (0, 0, 4, 3), "c": (4, 0, 4, 3), "b": (4, 3, 4, 3)}


def test_a_chart_stays_within_the_grid_and_as_large_as_it_needs() -> None:
    before = (panel("a", 6, 0), panel("n", 0, 0, 2, 1, ChartKind.NUMBER))
    assert places(moved(before, "a", 40, -5))["a"] == (8, 0, 4, 3)
    assert places(resized(before, "a", 40, 0))["a"] == (6, 0, 6, 2)
    assert places(resized(before, "n", 0, 0))["n"] == (0, 0, 2, 1)


def test_the_nearest_cell_of_a_point_is_found() -> None:
    assert cell_at(0, 0, WIDE) == (0, 0)
    assert cell_at(WIDE, 88, WIDE)[0] == COLUMNS
    assert cell_at(round((WIDE + GAP) / 12 * 3) + 10, 88 * 2 - 9, WIDE) == (3, 2)


def test_another_chart_goes_to_the_first_gap_it_fits_into_else_to_the_bottom() -> None:
    panels = [panel("a", 0, 0, 4), panel("b", 8, 0, 4), panel("c", 0, 3, 12)]
    assert free_place(panels, 4, 3) == (4, 0)
    assert free_place(panels, 5, 3) == (0, 6)
    assert free_place([], 4, 3) == (0, 0)


_PANELS = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 20), st.integers(1, 12), st.integers(1, 5)), min_size=1, max_size=12
).map(lambda cells: tuple(panel(str(n), min(x, COLUMNS - w), y, w, h) for n, (x, y, w, h) in enumerate(cells)))


@given(_PANELS, st.integers(0, 11), st.integers(0, 30))
def test_whatever_is_moved_where_no_two_charts_overlap_and_none_is_lost(
    panels: tuple[Panel, ...], x: int, y: int
) -> None:
    after = moved(settled(panels), "0", x, y)
    assert [one.panel_id for one in after] == [one.panel_id for one in panels]
    cells = [(one.x + i, one.y + j) for one in after for i in range(one.w) for j in range(one.h)]
    assert len(cells) == len(set(cells))
    for one in after:
        assert one.x + one.w <= COLUMNS
        assert one.y == 0 or any((one.x + i, one.y - 1) in cells for i in range(one.w)), "none hangs in the air"


@given(_PANELS, st.integers(300, 2_000))
def test_in_any_width_no_two_charts_overlap_and_none_reaches_beyond_the_page(
    panels: tuple[Panel, ...], width: int
) -> None:
    layout = laid_out(settled(panels), width)
    boxes = list(layout.boxes.values())
    assert len(boxes) == len(panels)
    for n, one in enumerate(boxes):
        assert one.x >= 0
        assert one.x + one.width <= width
        assert one.y + one.height <= layout.height
        for other in boxes[n + 1 :]:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
