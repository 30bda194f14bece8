"""The waterfall as a widget: keys, pointer, signals, what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tailrace.model import SpanTree, Trace
from tailrace.ui.theme import DARK, LIGHT
from tailrace.ui.theme.tokens import palette
from tailrace.ui.views.waterfall import Column, WaterfallView, analyse, overview
from tailrace.ui.views.waterfall.axis import Window
from tailrace.ui.views.waterfall.keys import Step, step_of
from tailrace.ui.views.waterfall.layout import ROW
from tailrace.ui.views.waterfall.scene import Scene

Grow = Callable[[Sequence[Sequence[object]]], SpanTree]
TraceOf = Callable[[SpanTree], Trace]
NO = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(qtbot: QtBot, agent: SpanTree, trace_of: TraceOf) -> WaterfallView:
    made = WaterfallView()
    qtbot.addWidget(made)
    made.resize(1000, 500)
    made.grab()  # lays out without a window
    made.show_trace(trace_of(agent))
    made.set_analysis(analyse(agent))
    return made


def scene_of(view: WaterfallView) -> Scene:
    assert view.scene is not None
    return view.scene


def press(view: WaterfallView, key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = NO) -> bool:
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)
    QApplication.sendEvent(view.area, event)
    return event.isAccepted()


def mouse(
    view: WaterfallView,
    kind: QEvent.Type,
    x: float,
    y: float,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    port = view.area.viewport()
    place = QPointF(x, y)
    held = button if kind != QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
    sent = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
    QApplication.sendEvent(port, QMouseEvent(kind, place, QPointF(port.mapToGlobal(place)), sent, held, NO))


def click(view: WaterfallView, x: float, y: float) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, x, y)
    mouse(view, QEvent.Type.MouseButtonRelease, x, y)


def turn(view: WaterfallView, x: float, y: float, by: int, modifiers: Qt.KeyboardModifier) -> None:
    port = view.area.viewport()
    event = QWheelEvent(
        QPointF(x, y),
        QPointF(port.mapToGlobal(QPointF(x, y))),
        QPoint(),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(port, event)


def middle_of(view: WaterfallView, span_id: str) -> float:
    scene = scene_of(view)
    return (scene.position(scene.tree.row_of(span_id)) + 0.5) * ROW


def test_arrows_move_the_selection_and_say_so(view: WaterfallView) -> None:
    heard: list[str] = []
    view.selected.connect(heard.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_Up):
        assert press(view, key)
    assert heard == ["run", "plan", "answer", "again", "run"]


def test_left_collapses_then_goes_to_the_parent_and_right_goes_back(view: WaterfallView) -> None:
    view.select("refund")
    press(view, Qt.Key.Key_Left)
    assert view.selected_id() == "loop"
    press(view, Qt.Key.Key_Left)
    assert bool(scene_of(view).collapsed[scene_of(view).selected])
    press(view, Qt.Key.Key_Left)
    assert view.selected_id() == "run"
    view.select("loop")
    press(view, Qt.Key.Key_Right)
    assert not scene_of(view).collapsed.any()
    press(view, Qt.Key.Key_Right)
    assert view.selected_id() == "call"


def test_brackets_collapse_and_expand_all_even_with_altgr(view: WaterfallView) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    press(view, Qt.Key.Key_BracketLeft, "[", both)
    assert len(scene_of(view).rows) == 1
    press(view, Qt.Key.Key_BracketRight, "]")
    assert len(scene_of(view).rows) == 8


def test_zoom_and_pan_keys_frame_time_and_f_fits(view: WaterfallView) -> None:
    press(view, Qt.Key.Key_W)
    zoomed = scene_of(view).window
    assert zoomed.span < scene_of(view).limit
    press(view, Qt.Key.Key_D)
    assert scene_of(view).window.low > zoomed.low
    press(view, Qt.Key.Key_A)
    assert scene_of(view).window == zoomed
    press(view, Qt.Key.Key_S)
    assert scene_of(view).shows_all
    view.select("loop")
    press(view, Qt.Key.Key_F)
    assert scene_of(view).window == Window(180_000_000, 620_000_000)
    press(view, Qt.Key.Key_F)
    assert scene_of(view).shows_all


def test_e_goes_to_the_next_error_and_shift_e_back(view: WaterfallView) -> None:
    press(view, Qt.Key.Key_E)
    assert view.selected_id() == "refund"
    press(view, Qt.Key.Key_E)
    assert view.selected_id() == "again"
    press(view, Qt.Key.Key_E, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_id() == "refund"


def test_an_error_in_a_collapsed_span_is_revealed(view: WaterfallView) -> None:
    view.collapse_all()
    assert view.next_error()
    assert view.selected_id() == "refund"
    assert scene_of(view).position(scene_of(view).selected) >= 0


def test_other_keys_are_left_to_the_window(view: WaterfallView) -> None:
    assert not press(view, Qt.Key.Key_C)
    assert not press(view, Qt.Key.Key_W, modifiers=Qt.KeyboardModifier.ControlModifier)


def test_plain_keys_win_over_the_windows_shortcuts_only_here(view: WaterfallView) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_D, NO, "d")
    event.ignore()
    QApplication.sendEvent(view.area, event)
    assert event.isAccepted()
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_U, NO, "u")
    event.ignore()
    QApplication.sendEvent(view.area, event)
    assert not event.isAccepted()


@pytest.mark.parametrize(("platform", "scan_code"), [("xcb", 25), ("wayland", 25), ("windows", 0x11)])
def test_w_is_a_place_where_the_scan_code_is_known(
    platform: str, scan_code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: platform))
    french = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Z, NO, scan_code, 0, 0, "z")
    assert step_of(french) is Step.ZOOM_IN
    elsewhere = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_W, NO, 52, 0, 0, "w")
    assert step_of(elsewhere) is None


def test_keys_work_on_a_keyboard_of_another_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: "xcb"))

    def typed(text: str, scan_code: int, modifiers: Qt.KeyboardModifier = NO) -> Step | None:
        return step_of(QKeyEvent(QEvent.Type.KeyPress, ord(text.upper()), modifiers, scan_code, 0, 0, text))

    assert typed("ц", 25) is Step.ZOOM_IN
    assert typed("у", 26) is Step.NEXT_ERROR
    assert typed("У", 26, Qt.KeyboardModifier.ShiftModifier) is Step.PREVIOUS_ERROR
    assert typed("а", 41) is Step.FIT
    assert typed("я", 52) is None


def test_selecting_from_outside_reveals_without_a_signal(view: WaterfallView) -> None:
    heard: list[str] = []
    view.selected.connect(heard.append)
    view.collapse_all()
    view.select("refund")
    assert view.selected_id() == "refund"
    assert heard == []
    view.select("not there")
    assert view.selected_id() is None


def test_a_click_selects_and_a_click_on_the_triangle_toggles(view: WaterfallView) -> None:
    heard: list[str] = []
    view.selected.connect(heard.append)
    click(view, 200, middle_of(view, "plan"))
    click(view, 700, middle_of(view, "refund"))
    assert heard == ["plan", "refund"]
    click(view, 30, middle_of(view, "loop"))
    assert bool(scene_of(view).collapsed[scene_of(view).tree.row_of("loop")])
    assert view.selected_id() == "loop"


def test_dragging_the_bars_pans_and_does_not_select(view: WaterfallView) -> None:
    view.select("loop")
    scene_of(view).show_window(200_000_000, 600_000_000)
    before = scene_of(view).window
    y = middle_of(view, "refund")
    mouse(view, QEvent.Type.MouseButtonPress, 700, y)
    mouse(view, QEvent.Type.MouseMove, 650, y)
    mouse(view, QEvent.Type.MouseMove, 600, y)
    mouse(view, QEvent.Type.MouseButtonRelease, 600, y)
    assert abs(scene_of(view).window.low - before.low - before.span * 100 // (932 - 336)) <= 2  # as far as the pointer
    assert scene_of(view).window.span == before.span
    assert view.selected_id() == "loop"


def test_keys_resize_the_name_column(view: WaterfallView) -> None:
    shift, before = Qt.KeyboardModifier.ShiftModifier, view.name_width()
    assert press(view, Qt.Key.Key_Right, "", shift)
    assert view.name_width() > before
    for _ in range(40):
        press(view, Qt.Key.Key_Left, "", shift)
    assert 50 < view.name_width() < before


def test_dragging_the_splitter_resizes_the_name_column(view: WaterfallView) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, 330, 20)
    mouse(view, QEvent.Type.MouseMove, 250, 20)
    mouse(view, QEvent.Type.MouseButtonRelease, 250, 20)
    assert view.name_width() == 250
    mouse(view, QEvent.Type.MouseButtonDblClick, 250, 20)
    assert view.name_width() == 330


def test_a_double_click_fits_a_bar_and_opens_a_name(view: WaterfallView) -> None:
    opened: list[str] = []
    view.activated.connect(opened.append)
    mouse(view, QEvent.Type.MouseButtonDblClick, 500, middle_of(view, "loop"))
    assert scene_of(view).window == Window(180_000_000, 620_000_000)
    mouse(view, QEvent.Type.MouseButtonDblClick, 200, middle_of(view, "loop"))
    assert opened == ["loop"]


def test_ctrl_wheel_zooms_at_the_pointer_and_shift_wheel_pans(view: WaterfallView) -> None:
    scene = scene_of(view)
    turn(view, 336, 100, 120, Qt.KeyboardModifier.ControlModifier)
    assert scene.window.low == 0
    assert scene.window.span < scene.limit
    before = scene.window
    turn(view, 500, 100, -120, Qt.KeyboardModifier.ShiftModifier)
    assert scene.window.low > before.low
    assert scene.window.span == before.span


def test_a_wheel_in_small_turns_adds_up(view: WaterfallView) -> None:
    scene = scene_of(view)
    for _ in range(12):
        turn(view, 600, 100, 10, Qt.KeyboardModifier.ControlModifier)
    small = scene.window
    view.fit_all()
    turn(view, 600, 100, 120, Qt.KeyboardModifier.ControlModifier)
    assert small.span == scene.window.span


def test_the_wheel_scrolls_rows(view: WaterfallView, grow: Grow, trace_of: TraceOf) -> None:
    view.show_trace(trace_of(grow([("r", None, 0, 99), *((f"c{i}", "r", i, i + 1) for i in range(90))])))
    turn(view, 600, 100, -120, NO)
    assert view.area.verticalScrollBar().value() == 3 * ROW
    assert scene_of(view).shows_all


def test_selecting_far_away_scrolls_there(view: WaterfallView, grow: Grow, trace_of: TraceOf) -> None:
    view.show_trace(trace_of(grow([("r", None, 0, 999), *((f"c{i}", "r", i, i + 1) for i in range(900))])))
    view.select("c800")
    top = scene_of(view).position(scene_of(view).selected) * ROW
    bar = view.area.verticalScrollBar()
    assert bar.value() <= top <= bar.value() + view.area.viewport().height() - ROW


def test_the_overview_reframes_by_dragging(view: WaterfallView) -> None:
    strip = view.overview

    def drag(*xs: int) -> None:
        kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(xs) - 2), QEvent.Type.MouseButtonRelease]
        for kind, x in zip(kinds, xs, strict=True):
            place = QPointF(x, 20)
            left = Qt.MouseButton.LeftButton
            QApplication.sendEvent(strip, QMouseEvent(kind, place, QPointF(strip.mapToGlobal(place)), left, left, NO))

    geometry_left, span = 336, 932 - 336
    drag(geometry_left + span // 4, geometry_left + span // 2, geometry_left + span // 2)
    window = scene_of(view).window
    assert abs(window.low - 250_000_000) < 5_000_000
    assert abs(window.high - 500_000_000) < 5_000_000
    inside = geometry_left + span * 3 // 8
    drag(inside, inside + 60, inside + 60)
    assert scene_of(view).window.span == window.span
    assert scene_of(view).window.low > window.low
    drag(inside, inside + 5000, inside + 5000)
    assert scene_of(view).window.high == scene_of(view).limit
    assert scene_of(view).window.span == window.span


def test_find_goes_through_matches_and_counts_them(view: WaterfallView) -> None:
    view.set_matches(frozenset(["think", "refund", "elsewhere"]), hide=True)
    assert view.match_position() == (0, 2)
    assert view.next_match()
    assert view.next_match()
    assert view.selected_id() == "refund"
    assert view.match_position() == (2, 2)
    assert view.previous_match()
    assert view.match_position() == (1, 2)
    view.set_matches(frozenset())
    assert not view.next_match()
    view.set_matches(None)
    assert view.match_position() == (0, 0)


def test_the_current_row_is_said_to_screen_readers(view: WaterfallView) -> None:
    assert view.area.accessibleDescription() == "8 spans, none selected"
    view.select("refund")
    assert view.area.accessibleDescription() == "name refund, tool, error, 150 ms, level 3, row 6 of 8"
    assert "Critical path 980 ms (98 %)" in view.overview.accessibleDescription()


def test_loading_empty_and_error_states_are_said(view: WaterfallView) -> None:
    view.show_loading(100_000)
    assert view.area.accessibleDescription().startswith("Reading 100,000 spans…")
    view.grab()
    view.show_message("The trace could not be read", "Try again.")
    assert view.area.accessibleDescription() == "The trace could not be read. Try again."
    view.show_trace(None)
    assert view.area.accessibleDescription().startswith("No trace selected")
    for step in (view.zoom_in, view.pan_left, view.fit_selected, view.collapse_all, view.expand_all, view.to_parent):
        step()
    assert not view.next_error()
    assert not press(view, Qt.Key.Key_Down)


def test_a_trace_without_spans_says_so(view: WaterfallView, grow: Grow, trace_of: TraceOf) -> None:
    view.show_trace(trace_of(grow([])))
    assert view.area.accessibleDescription().startswith("This trace has no spans")


def test_a_small_trace_is_analysed_here_and_a_large_one_is_asked_for(
    qtbot: QtBot, agent: SpanTree, trace_of: TraceOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = WaterfallView()
    qtbot.addWidget(view)
    view.show_trace(trace_of(agent))
    assert scene_of(view).analysis is None
    qtbot.waitUntil(lambda: view.scene is not None and view.scene.analysis is not None)
    monkeypatch.setattr("tailrace.ui.views.waterfall.view.ANALYSED_HERE", 3)
    wanted: list[SpanTree] = []
    view.analysis_wanted.connect(wanted.append)
    view.show_trace(trace_of(agent))
    assert wanted == [agent]


def test_a_late_analysis_of_another_trace_is_dropped(view: WaterfallView, grow: Grow, trace_of: TraceOf) -> None:
    late = analyse(scene_of(view).tree)
    view.show_trace(trace_of(grow([(str(i), None, i, 9) for i in range(8)])))  # as many spans
    view.set_analysis(late)
    assert scene_of(view).analysis is None


def test_compressing_waits_for_the_analysis(qtbot: QtBot, grow: Grow, trace_of: TraceOf) -> None:
    view = WaterfallView()
    qtbot.addWidget(view)
    view.set_compress_gaps(True)
    tree = grow([("r", None, 0, 10**12, "agent"), ("a", "r", 0, 10**9, "llm"), ("b", "r", 10**12 - 10**9, 10**12)])
    view.show_trace(trace_of(tree))
    assert not scene_of(view).compressed
    view.set_analysis(analyse(tree))
    assert scene_of(view).compressed
    view.grab()


def test_columns_are_kept_and_told(view: WaterfallView) -> None:
    told: list[None] = []
    view.layout_changed.connect(lambda: told.append(None))
    view.set_columns(frozenset([Column.COST]))
    assert view.columns() == {Column.COST}
    assert told


def test_what_was_set_up_comes_back(view: WaterfallView, trace_of: TraceOf) -> None:
    view.select("loop")
    view.to_parent()
    view.zoom_in()
    before, window = view.state(), scene_of(view).window
    assert before is not None
    view.show_trace(trace_of(scene_of(view).tree))
    assert scene_of(view).shows_all
    heard: list[str] = []
    view.selected.connect(heard.append)
    view.restore(before)
    assert (view.state(), scene_of(view).window) == (before, window)
    assert view.selected_id() == "loop"
    assert len(scene_of(view).rows) == 5
    assert heard == []


def test_hiding_says_how_much_is_shown(view: WaterfallView) -> None:
    view.set_matches(frozenset(["refund"]), hide=True)
    assert "Showing 3 of 8 spans" in view.overview.accessibleDescription()
    view.grab()


def test_a_squeezed_gap_says_what_it_skips(view: WaterfallView, grow: Grow, trace_of: TraceOf) -> None:
    second = 1_000_000_000
    tree = grow([("r", None, 0, 20 * second, "agent"), ("a", "r", 0, second), ("b", "r", 19 * second, 20 * second)])
    view.show_trace(trace_of(tree))
    view.set_analysis(analyse(tree))
    view.set_compress_gaps(True)
    gap = scene_of(view).axis.gaps[0]
    middle = 336 + (932 - 336) * (gap.shown_begin + gap.shown_end) // 2 // scene_of(view).limit
    assert view.ruler.hint_at(middle) == "Idle for 18.0 s (18,000,000,000 ns) from 1.00 s; compressed"
    assert view.ruler.hint_at(340) == ""
    view.show_trace(trace_of(grow([("r", None, 0, 9), ("a", "r", 0, 9, "llm")])))
    view.set_analysis(analyse(scene_of(view).tree))
    assert "No long idle time to compress" in view.overview.accessibleDescription()


def test_the_menu_is_asked_for_with_the_span(view: WaterfallView) -> None:
    heard: list[tuple[str, QPoint]] = []
    view.menu_wanted.connect(lambda span_id, place: heard.append((span_id, place)))
    place = QPoint(200, round(middle_of(view, "plan")))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, QPoint(5, 6))
    QApplication.sendEvent(view.area.viewport(), event)
    assert heard == [("plan", QPoint(5, 6))]
    assert view.selected_id() == "plan"


def test_both_themes_and_every_oddity_can_be_painted(
    view: WaterfallView, grow: Grow, trace_of: TraceOf, qapp: QApplication
) -> None:
    tree = grow(
        [
            ("r", None, 20, 900, "agent"),
            ("early", "r", 0, 30, "llm"),
            ("open", "r", 30, None, "llm"),
            ("back", "r", 50, 40, "tool", True),
            ("lost", "gone", 60, 70),
            ("x", "y", 61, 62),
            ("y", "x", 63, 64),
            ("deep", "y", 63, 64),
        ]
    )
    view.show_trace(trace_of(tree))
    view.set_analysis(analyse(tree))
    view.set_columns(frozenset(Column))
    before: QPalette = qapp.palette()
    try:
        for theme in (LIGHT, DARK):
            qapp.setPalette(palette(theme))
            qapp.processEvents()
            picture = view.grab().toImage()
            corner = picture.pixelColor(picture.width() - 30, picture.height() - 5)
            assert corner == QColor(theme.bg)
    finally:
        qapp.setPalette(before)
    view.select("y")
    view.collapse_all()
    view.zoom_in()
    view.grab()


def test_a_large_overview_is_stretched_while_its_width_changes_and_sharp_afterwards(
    view: WaterfallView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    strip = "tailrace.ui.views.waterfall.overview"
    monkeypatch.setattr(f"{strip}._STRETCHED", 0)
    picture = overview.picture
    monkeypatch.setattr(
        f"{strip}.picture", lambda scene, style, width: made.append(width) or picture(scene, style, width)
    )
    view.set_name_width(300)
    view.grab()
    for width in (290, 280, 270):
        view.set_name_width(width)
        view.grab()
    assert len(made) == 1
    qtbot.waitUntil(lambda: not view.overview._stretches)
    view.grab()
    assert len(made) == 2


def test_a_change_of_theme_is_noticed_under_a_style_sheet(
    view: WaterfallView, qtbot: QtBot, qapp: QApplication
) -> None:
    before: QPalette = qapp.palette()
    sheet = qapp.styleSheet()
    qapp.setStyleSheet("QWidget { color: red }")
    try:
        for theme in (DARK, LIGHT):
            qapp.setPalette(palette(theme))
            view.grab()
            qapp.processEvents()
            picture = view.grab().toImage()
            assert picture.pixelColor(picture.width() - 30, picture.height() - 5) == QColor(theme.bg)
    finally:
        qapp.setStyleSheet(sheet)
        qapp.setPalette(before)
