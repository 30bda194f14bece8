"""The trace list as an item model."""

from __future__ import annotations

import numpy as np
from PySide6.QtTest import QAbstractItemModelTester
from tests.ui.trace_rows import trace_row

from tailrace.model import Sorting, TraceFilter, TraceList
from tailrace.ui.models.traces import KEPT_PAGES, PAGE, TraceListModel
from tailrace.ui.views.trace_list import ROW_ROLE


def listed(count: int) -> TraceList:
    return TraceList(TraceFilter(), Sorting(), np.arange(1, count + 1, dtype=np.int64), count, 0)


def answer(model: TraceListModel, page: int, keys: np.ndarray) -> None:
    shown = model.trace_list
    assert shown is not None
    model.take_rows(shown, page, [trace_row(int(key)) for key in keys])


def test_rows_come_by_page_when_looked_at_and_are_asked_for_once() -> None:
    model, asked = TraceListModel(), []
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.rows_wanted.connect(asked.append)
    model.show_list(listed(1_000))
    assert model.rowCount() == 1_000
    index = model.index(PAGE + 3)
    assert index.data(ROW_ROLE) is None
    assert model.index(PAGE + 4).data(ROW_ROLE) is None
    wanted = [page for page, _ in asked if page == 1]
    assert wanted == [1]
    answer(model, 1, model.page_keys(1))
    assert index.data(ROW_ROLE).key == PAGE + 4
    assert "support_agent.run" in index.data()


def test_a_late_answer_for_another_list_is_dropped() -> None:
    model = TraceListModel()
    old = listed(500)
    model.show_list(old)
    model.show_list(listed(300))
    model.take_rows(old, 0, [trace_row(9)])
    assert model.index(0).data(ROW_ROLE) is None


def test_only_so_many_pages_are_kept() -> None:
    model, asked = TraceListModel(), []
    model.rows_wanted.connect(asked.append)
    model.show_list(listed(PAGE * (KEPT_PAGES + 5)))
    for page in range(KEPT_PAGES + 5):
        model.row_at(page * PAGE)
        answer(model, page, model.page_keys(page))
    before = len(asked)
    assert model.row_at(0) is None
    assert len(asked) == before + 1


def test_a_judged_trace_shows_its_new_row() -> None:
    model, changed = TraceListModel(), []
    model.show_list(listed(3), [trace_row(1), trace_row(2), trace_row(3)])
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    model.replace_row(trace_row(2, thumb=0))
    assert changed == [(1, 1)]
    assert model.index(1).data(ROW_ROLE).thumb == 0
    assert model.place_of(2) == 1
    assert model.place_of(99) == -1
