"""A queue's items as an item model."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from tests.ui.trace_rows import trace_row
from tests.ui.views.review.queues import queue_list

from tailrace.model.review import DEFERRED, FAILED, OPEN, PASSED
from tailrace.ui.models.queue_items import KEPT_ROWS, PAGE, QueueItemModel
from tailrace.ui.views.review.queue_list import ITEM_ROLE, QueueRow


def item(model: QueueItemModel, row: int) -> QueueRow:
    found = model.index(row).data(ITEM_ROLE)
    assert isinstance(found, QueueRow)
    return found


def answering(model: QueueItemModel) -> list[np.ndarray]:
    asked: list[np.ndarray] = []

    def answer(keys: np.ndarray) -> None:
        asked.append(keys)
        assert model.queue_list is not None
        model.take_rows(model.queue_list, keys, [trace_row(int(key)) for key in keys])

    model.rows_wanted.connect(answer)
    return asked


def test_rows_come_by_page_when_looked_at_and_are_asked_for_once() -> None:
    model, asked = QueueItemModel(), []
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.rows_wanted.connect(asked.append)
    model.show_list(queue_list(1_000))
    asked.clear()
    assert item(model, PAGE + 3).row is None
    assert item(model, PAGE + 4).row is None
    assert [keys.tolist() for keys in asked] == [list(range(PAGE + 1, 2 * PAGE + 1))]
    assert model.queue_list is not None
    model.take_rows(model.queue_list, asked[0], [trace_row(PAGE + 4)])
    assert item(model, PAGE + 3).title == "support_agent.run"
    assert not item(model, PAGE + 4).here, "a trace that has gone since"
    assert tester is not None


def test_a_late_answer_for_another_queue_is_dropped() -> None:
    model = QueueItemModel()
    old = queue_list(5)
    model.show_list(old)
    model.show_list(queue_list(3))
    model.take_rows(old, old.keys, [trace_row(1)])
    assert item(model, 0).row is None


def test_an_item_whose_trace_is_elsewhere_is_never_asked_for() -> None:
    model = QueueItemModel()
    asked = answering(model)
    model.show_list(queue_list(3, missing=(1,)))
    assert item(model, 1).title == "Not in this database"
    assert item(model, 1).preview == f"{2:032x}"
    assert item(model, 0).here
    assert [keys.tolist() for keys in asked] == [[1, 3]]


def test_a_state_is_counted_and_told_and_another_queue_begins_anew() -> None:
    model, counts = QueueItemModel(), []
    listed = queue_list(4)
    model.counts_changed.connect(counts.append)
    model.show_list(listed)
    model.set_state(1, PASSED)
    model.set_state(2, FAILED)
    model.set_state(2, DEFERRED)
    model.set_state(2, DEFERRED)
    model.set_state(99, PASSED)
    assert counts == [(4, 0, 0, 0), (3, 1, 0, 0), (2, 1, 1, 0), (2, 1, 0, 1)]
    assert listed.states.tolist() == [OPEN] * 4, "the value that was given stays as it was"
    assert "deferred" in str(model.index(2).data(Qt.ItemDataRole.AccessibleTextRole))


def test_items_left_by_a_state_keep_their_places_while_judged() -> None:
    model = QueueItemModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    answering(model)
    model.show_list(queue_list(6))
    model.set_state(1, PASSED)
    model.set_state(4, PASSED)
    model.show_only(OPEN)
    assert [model.place_of(row) for row in range(model.rowCount())] == [0, 2, 3, 5]
    assert [model.row_of(place) for place in range(6)] == [0, -1, 1, 2, -1, 3]
    model.set_state(2, FAILED)
    assert item(model, 1).state == FAILED, "nothing moves under the person"
    model.show_only(OPEN)
    assert model.rowCount() == 3
    model.show_only(None)
    assert model.rowCount() == 6
    assert tester is not None


def test_the_next_open_item_is_found_behind_and_then_from_the_head() -> None:
    model = QueueItemModel()
    model.show_list(queue_list(5))
    for place in (2, 3, 4):
        model.set_state(place, PASSED)
    assert model.next_open(0) == 1
    assert model.next_open(1) == 0
    assert model.next_open(-1) == 0
    model.set_state(0, PASSED)
    model.set_state(1, PASSED)
    assert model.next_open(-1) == -1


def test_requeued_items_are_marked() -> None:
    model = QueueItemModel()
    model.show_list(queue_list(4, requeued=1))
    assert [item(model, row).requeued for row in range(4)] == [False, False, False, True]
    model.set_state(3, PASSED)
    assert not item(model, 3).requeued, "it was looked at again"


def test_of_a_million_items_only_what_is_looked_at_is_read() -> None:
    model = QueueItemModel()
    asked = answering(model)
    model.show_list(queue_list(1_000_000))
    for row in range(0, 1_000_000, 10_000):
        item(model, row)
    assert len(asked) == 100
    assert len(model._rows) <= KEPT_ROWS
    model.set_state(999_999, PASSED)
    model.show_only(PASSED)
    assert item(model, 0).place == 999_999
