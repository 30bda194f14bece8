"""The trace list: what a row says, and what happens to keys."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.trace_rows import trace_row

from tailrace.model import Sorting, SpanStatus, TraceFilter, TraceList
from tailrace.ui.models.traces import TraceListModel
from tailrace.ui.theme import tokens, ui_font
from tailrace.ui.views.trace_list import TraceListView, explain, verdict_look


def shown(qtbot: QtBot) -> TraceListView:
    view = TraceListView()
    qtbot.addWidget(view)
    model = TraceListModel(view)
    rows = [trace_row(1), trace_row(2, status=SpanStatus.ERROR, thumb=0), trace_row(3, end_ns=None, cost=None)]
    model.show_list(TraceList(TraceFilter(), Sorting(), np.array([1, 2, 3], np.int64), 3, 0), rows)
    view.setModel(model)
    view.resize(400, 300)
    view.show()
    return view


def test_moving_along_the_rows_announces_each(qtbot: QtBot) -> None:
    view, chosen = shown(qtbot), []
    view.chosen.connect(chosen.append)
    view.choose(0)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert chosen == [0, 1, 2]
    assert not view.grab().isNull()


def test_marking_a_row_announces_nothing(qtbot: QtBot) -> None:
    view, chosen = shown(qtbot), []
    view.chosen.connect(chosen.append)
    view.mark(1)
    assert chosen == []
    assert view.currentIndex().row() == 1


def test_the_tooltip_gives_exact_figures_and_says_what_is_estimated_or_unknown() -> None:
    text = explain(trace_row(1, estimated_cost=True, unpriced_spans=2, missing_root=True))
    assert "12,000 tokens in, 500 out, 12,500 in all" in text
    assert "estimated" in text
    assert "2 model calls without a known price" in text
    assert "root span is missing" in text
    assert "$" not in explain(trace_row(1, cost=None))


def test_rows_stay_in_sight_where_they_are_when_newer_ones_come_above(qtbot: QtBot) -> None:
    view = shown(qtbot)
    model = view.model()
    assert isinstance(model, TraceListModel)

    def listed(keys: range) -> TraceList:
        return TraceList(TraceFilter(), Sorting(), np.array(keys, np.int64), len(keys), 0)

    model.show_list(listed(range(100, 0, -1)), [trace_row(key) for key in range(100, 0, -1)])
    view.doItemsLayout()
    assert view.top_row() is None, "at the head, what is new is seen"
    view.verticalScrollBar().setValue(777)
    before = view.top_row()
    assert before is not None
    model.show_list(listed(range(130, 0, -1)), [trace_row(key) for key in range(130, 0, -1)])
    view.hold(model.place_of(before[0]), before[1])
    assert view.top_row() == before


def test_a_deferred_verdict_has_its_own_look_below_one_that_holds() -> None:
    assert verdict_look(trace_row(thumb=None, deferred=True)) == ("clock", "warn", "verdict deferred")
    assert verdict_look(trace_row(thumb=0, deferred=True)) == ("thumbs-down", "err", "thumb down")
    assert verdict_look(trace_row(thumb=None)) is None
    assert "verdict deferred" in explain(trace_row(thumb=None, deferred=True))


def test_the_thumb_stays_clear_of_the_age_at_any_width(qtbot: QtBot) -> None:
    view = TraceListView()
    qtbot.addWidget(view)
    model = TraceListModel(view)
    row = trace_row(1, thumb=1, start_ns=time.time_ns() - 325 * 86_400 * 10**9, error_count=3)
    model.show_list(TraceList(TraceFilter(), Sorting(), np.array([1], np.int64), 1, 0), [row])
    view.setModel(model)
    view.show()
    green, age = QColor(tokens(view).ok).rgb(), QFontMetrics(ui_font(12)).horizontalAdvance("325 d")
    for width in range(220, 320, 9):
        view.resize(width, 100)
        QApplication.processEvents()
        picture = view.viewport().grab(QRect(0, 27, view.viewport().width(), 16)).toImage()
        marked = [
            x for x in range(picture.width()) if any(picture.pixel(x, y) == green for y in range(picture.height()))
        ]
        assert marked, f"no thumb at {width}"
        assert marked[-1] < picture.width() - 12 - age - 4, width
