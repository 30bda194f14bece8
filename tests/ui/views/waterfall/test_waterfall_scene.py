"""What is on screen and how it changes, without a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from tailrace.model import SpanTree
from tailrace.ui.views.waterfall.axis import Window
from tailrace.ui.views.waterfall.columns import Column, figure, format_share
from tailrace.ui.views.waterfall.critical import analyse
from tailrace.ui.views.waterfall.hints import duration_words, spoken, summary, tooltip_lines
from tailrace.ui.views.waterfall.rows import HEADING
from tailrace.ui.views.waterfall.scene import Scene

Grow = Callable[[Sequence[Sequence[object]]], SpanTree]
MS = 1_000_000


@pytest.fixture
def scene(agent: SpanTree) -> Scene:
    made = Scene(agent)
    made.analysis = analyse(agent)
    return made


def shown(scene: Scene) -> list[str]:
    return ["missing parent" if row == HEADING else scene.tree.span_ids[row] for row in scene.rows.tolist()]


def test_everything_is_expanded_at_first(scene: Scene) -> None:
    assert shown(scene) == ["run", "plan", "think", "loop", "call", "refund", "again", "answer"]
    assert scene.shows_all


def test_a_collapsed_span_hides_its_descendants_and_counts_them(scene: Scene) -> None:
    loop = scene.tree.row_of("loop")
    scene.toggle(loop)
    assert shown(scene) == ["run", "plan", "think", "loop", "answer"]
    assert scene.hidden_below(loop) == 3
    assert scene.errors_below[loop] == 2
    scene.toggle(loop)
    assert len(shown(scene)) == 8


def test_a_hidden_selection_moves_to_what_hides_it(scene: Scene) -> None:
    scene.selected = scene.tree.row_of("refund")
    scene.set_collapsed(scene.tree.row_of("loop"), True)
    assert scene.selected == scene.tree.row_of("loop")
    scene.collapse_all()
    assert shown(scene) == ["run"]
    assert scene.selected == 0


def test_revealing_expands_every_ancestor(scene: Scene) -> None:
    scene.collapse_all()
    scene.reveal(scene.tree.row_of("refund"))
    assert shown(scene) == ["run", "plan", "loop", "call", "refund", "again", "answer"]


def test_moving_stops_at_both_ends_and_steps_over_the_heading(grow: Grow) -> None:
    scene = Scene(grow([("a", None, 0, 9), ("b", "lost", 1, 9)]))
    assert shown(scene) == ["a", "missing parent", "b"]
    assert scene.move(1) == 0
    scene.selected = 0
    assert scene.tree.span_ids[scene.move(1)] == "b"
    scene.selected = scene.move(5)
    assert scene.tree.span_ids[scene.selected] == "b"
    assert scene.tree.span_ids[scene.move(-1)] == "a"


def test_fit_shows_the_span_and_then_the_trace(scene: Scene) -> None:
    scene.selected = scene.tree.row_of("loop")
    scene.fit_selected()
    assert scene.window == Window(180 * MS, 620 * MS)
    scene.fit_selected()
    assert scene.shows_all


def test_the_whole_trace_is_shown_again_after_fitting_nothing(scene: Scene) -> None:
    scene.zoom(8)
    scene.fit_selected()
    assert scene.shows_all


def test_finding_dims_and_hiding_keeps_ancestors(scene: Scene) -> None:
    scene.find(frozenset(["refund"]), hide=False)
    assert len(shown(scene)) == 8
    assert scene.keep is not None
    assert [scene.tree.span_ids[i] for i in np.flatnonzero(scene.keep)] == ["run", "loop", "refund"]
    scene.find(frozenset(["refund", "think"]), hide=True)
    assert shown(scene) == ["run", "plan", "think", "loop", "refund"]
    scene.find(None, hide=False)
    assert len(shown(scene)) == 8


def test_hiding_shows_matches_in_collapsed_spans_and_collapses_them_again_after(scene: Scene) -> None:
    scene.collapse_all()
    scene.find(frozenset(["refund"]), hide=True)
    assert shown(scene) == ["run", "loop", "refund"]
    scene.find(None, hide=True)
    assert shown(scene) == ["run"]


def test_matches_and_errors_go_round(scene: Scene) -> None:
    assert scene.next_found(1) == -1
    scene.find(frozenset(["think", "answer"]), hide=False)
    scene.selected = scene.next_found(1)
    assert scene.tree.span_ids[scene.selected] == "think"
    assert scene.tree.span_ids[scene.next_found(-1)] == "answer"
    assert scene.tree.span_ids[scene.next_error(1)] == "refund"
    scene.selected = scene.tree.row_of("again")
    assert scene.tree.span_ids[scene.next_error(1)] == "refund"


def test_errors_that_are_hidden_by_find_are_passed_over(scene: Scene) -> None:
    scene.find(frozenset(["again"]), hide=True)
    assert scene.tree.span_ids[scene.next_error(1)] == "again"


def test_compressing_gaps_keeps_the_times_in_view(grow: Grow) -> None:
    second = 1_000_000_000
    tree = grow(
        [
            ("r", None, 0, 1000 * second, "agent"),
            ("a", "r", 0, 5 * second, "llm"),
            ("b", "r", 990 * second, 1000 * second, "llm"),
        ]
    )
    scene = Scene(tree)
    scene.compress_gaps(True)
    assert not scene.compressed  # nothing is known of gaps yet
    scene.analysis = analyse(tree)
    scene.selected = 2
    scene.fit_selected()
    low, high = scene.axis.to_real(scene.window.low), scene.axis.to_real(scene.window.high)
    scene.compress_gaps(True)
    assert scene.compressed
    assert scene.limit < 20 * second
    assert abs(scene.axis.to_real(scene.window.low) - low) < second
    assert scene.axis.to_real(scene.window.high) == high
    assert int(scene.end[0]) == scene.limit
    scene.compress_gaps(False)
    assert scene.limit == 1000 * second


def test_the_summary_names_the_path_and_the_busiest_groups(scene: Scene) -> None:
    assert summary(scene) == ("Critical path 980 ms (98 %)", "LLM 680 ms · tools 300 ms")
    scene.zoom(8)
    assert summary(scene)[-1] == "Showing 500 ms from 250 ms"
    scene.analysis = None
    assert summary(scene)[0] == "8 spans in 1.00 s"


def test_a_tooltip_says_exact_values(scene: Scene) -> None:
    lines = tooltip_lines(scene, scene.tree.row_of("think"))
    assert lines == [
        "name think",
        "llm · status unset",
        "Starts at 10.0 ms (10,000,000 ns)",
        "Duration 180 ms (180,000,000 ns), 18 % of the trace",
        "Self time 180 ms (180,000,000 ns)",
        "Tokens 1,200",
        "Cost $0.010",
        "On the critical path",
    ]


def test_a_collapsed_span_says_what_it_hides(scene: Scene) -> None:
    scene.collapse_all()
    assert "Hides 7 spans, 2 with errors" in tooltip_lines(scene, 0)
    assert spoken(scene, 0) == "name run, agent, 1.00 s, level 1, collapsed, row 1 of 1"


def test_oddities_are_said_in_words(grow: Grow) -> None:
    scene = Scene(
        grow(
            [
                ("r", None, 20 * MS, 90 * MS),
                ("early", "r", 8 * MS, 30 * MS),
                ("open", "r", 30 * MS, None),
                ("back", "r", 50 * MS, 40 * MS),
                ("lost", "gone", 60 * MS, 70 * MS),
                ("far", "00f067aa0ba902b7", 60 * MS, 70 * MS),
                ("x", "y", 61 * MS, 62 * MS),
                ("y", "x", 63 * MS, 64 * MS),
            ]
        )
    )

    def said(span_id: str) -> str:
        return "\n".join(tooltip_lines(scene, scene.tree.row_of(span_id)))

    assert "Starts 12.0 ms before its parent (clock skew)" in said("early")
    assert "Duration unknown: has no end" in said("open")
    assert "Ends before it starts; drawn at its start" in said("back")
    assert "Duration" not in said("back")
    assert "Its parent gone is not in this trace" in said("lost")
    assert "Its parent 00f067aa… is not in this trace" in said("far")
    assert "Its parents lead back to itself; the circle is cut here" in said("x")
    words = {i: duration_words(scene, scene.tree.row_of(i)) for i in ("early", "open", "back")}
    assert words == {"early": "22.0 ms", "open": "no end", "back": "ends before start"}


def test_columns_say_unknown_for_unknown(grow: Grow) -> None:
    tree = grow([("r", None, 0, 1000), ("a", "r", 0, 4, "llm", False, 1500, 0.5), ("b", "r", 5, None)])
    analysis = analyse(tree)

    def said(row: int) -> list[str]:
        return [figure(column, tree, analysis, row) for column in Column]

    assert said(1) == ["4 ns", "0.4 %", "1.5k", "$0.500"]
    assert said(2) == ["–", "–", "–", "–"]
    assert figure(Column.SELF, tree, None, 0) == "–"


def test_shares_never_claim_zero_for_something() -> None:
    assert [format_share(part, 100_000) for part in (0, 1, 400, 27_000, 100_000)] == [
        "0 %",
        "< 0.1 %",
        "0.4 %",
        "27 %",
        "100 %",
    ]
