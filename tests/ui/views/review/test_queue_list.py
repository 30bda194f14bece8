"""The list of a queue's items: what a person sees and does there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.models.test_queue_items import answering, item
from tests.ui.views.review.queues import queue_list

from tailrace.model.review import DEFERRED, FAILED, OPEN, PASSED, QueueList
from tailrace.ui.models.queue_items import QueueItemModel
from tailrace.ui.theme import DARK, LIGHT, apply_theme
from tailrace.ui.views.review.queue_list import QueueListView, QueueRow, explain


def shown(qtbot: QtBot, listed: QueueList) -> tuple[QueueListView, QueueItemModel]:
    model = QueueItemModel()
    answering(model)
    view = QueueListView(model)
    model.setParent(view)
    qtbot.addWidget(view)
    model.show_list(listed)
    view.resize(250, 400)
    with qtbot.waitExposed(view):
        view.show()
    return view, model


def test_moving_along_the_items_announces_each(qtbot: QtBot) -> None:
    view, _ = shown(qtbot, queue_list(20))
    places: list[int] = []
    view.chosen.connect(places.append)
    view.choose(0)
    qtbot.keyClick(view.rows, Qt.Key.Key_Down)
    qtbot.keyClick(view.rows, Qt.Key.Key_End)
    qtbot.keyClick(view.rows, Qt.Key.Key_Home)
    assert places == [0, 1, 19, 0]
    view.mark(5)
    assert places == [0, 1, 19, 0], "marking announces nothing"
    assert view.place == 5


def test_letters_and_space_are_left_to_the_page(qtbot: QtBot) -> None:
    view, _ = shown(qtbot, queue_list(20))
    view.choose(3)
    for key in (Qt.Key.Key_P, Qt.Key.Key_Space):
        qtbot.keyClick(view.rows, key)
    assert view.place == 3


def test_the_current_item_is_scrolled_into_view_with_its_neighbour(qtbot: QtBot) -> None:
    view, model = shown(qtbot, queue_list(10_000))
    view.choose(7_000)
    box = view.rows.visualRect(model.index(7_001))
    assert view.rows.viewport().rect().contains(box)


def test_a_click_on_a_count_leaves_only_those_items(qtbot: QtBot) -> None:
    view, model = shown(qtbot, queue_list(20))
    for place in (2, 5, 6):
        model.set_state(place, FAILED)
    view.choose(5)
    places: list[int] = []
    view.chosen.connect(places.append)
    button = view.filter.button(FAILED)
    assert button.text() == "3"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert model.rowCount() == 3
    assert places == []
    assert view.rows.currentIndex().row() == 1, "the current item stays the current one"
    qtbot.keyClick(view.rows, Qt.Key.Key_Down)
    assert places == [6], "places count in the whole queue"


def test_counts_are_short_and_never_more_than_they_are(qtbot: QtBot) -> None:
    view, _ = shown(qtbot, queue_list(20))
    words = []
    for count in (9_999, 999_899, 1_000_000, 1_290_000):
        view.filter.show_counts((count, 0, 0, 0))
        words.append(view.filter.button(OPEN).text())
    assert words == ["9999", "999k", "1M", "1.2M"]
    assert view.filter.button(OPEN).accessibleName() == "1,290,000 open"


def test_going_to_an_item_that_is_left_out_brings_all_back(qtbot: QtBot) -> None:
    view, model = shown(qtbot, queue_list(20))
    model.set_state(2, PASSED)
    qtbot.mouseClick(view.filter.button(PASSED), Qt.MouseButton.LeftButton)
    assert model.rowCount() == 1
    view.choose(10)
    assert model.rowCount() == 20
    assert view.filter.state is None
    assert view.place == 10


def test_an_empty_list_says_why(qtbot: QtBot) -> None:
    view, model = shown(qtbot, queue_list(2))
    qtbot.mouseClick(view.filter.button(DEFERRED), Qt.MouseButton.LeftButton)
    assert view._empty.isVisible()
    assert view._empty.title.text() == "None is deferred"
    for place in (0, 1):
        model.set_state(place, PASSED)
    qtbot.mouseClick(view.filter.button(OPEN), Qt.MouseButton.LeftButton)
    assert view._empty.title.text() == "Nothing is open any more"
    qtbot.mouseClick(view.filter.button(None), Qt.MouseButton.LeftButton)
    assert not view._empty.isVisible()
    model.show_list(None)
    assert view._empty.title.text() == "No items"
    assert not view.filter.isVisible()


def test_another_queue_is_listed_whole(qtbot: QtBot) -> None:
    view, model = shown(qtbot, queue_list(20))
    model.set_state(2, PASSED)
    qtbot.mouseClick(view.filter.button(PASSED), Qt.MouseButton.LeftButton)
    model.show_list(queue_list(7))
    assert view.filter.state is None
    assert model.rowCount() == 7
    assert view.place == -1


def test_while_a_queue_is_read_the_list_says_so(qtbot: QtBot) -> None:
    view, model = shown(qtbot, queue_list(0))
    view.show_message("Reading the queue …")
    assert view._empty.title.text() == "Reading the queue …"
    model.show_list(queue_list(3))
    assert not view._empty.isVisible()
    model.show_list(queue_list(0))
    assert view._empty.title.text() == "No items"


def test_the_menu_is_of_the_row_under_the_mouse_or_by_key_of_the_current_one(qtbot: QtBot) -> None:
    view, model = shown(qtbot, queue_list(20))
    view.choose(3)
    asked: list[tuple[QueueRow, QPoint]] = []
    view.menu_wanted.connect(asked.append)
    point = view.rows.visualRect(model.index(1)).center()
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        QApplication.sendEvent(view.rows.viewport(), QContextMenuEvent(reason, point, QPoint()))
    assert [row.place for row, _ in asked] == [1, 3]


def test_another_theme_dresses_the_list(qtbot: QtBot, qapp: QApplication) -> None:
    view, _ = shown(qtbot, queue_list(2))
    try:
        for theme in (LIGHT, DARK):
            apply_theme(qapp, "dark" if theme.dark else "light")
            picture = view.grab().toImage()
            assert picture.pixelColor(125, 380).name() == theme.panel
    finally:
        apply_theme(qapp, "dark")


def test_the_tooltip_says_what_the_row_cuts() -> None:
    model = QueueItemModel()
    answering(model)
    model.show_list(queue_list(3, missing=(1,), requeued=1))
    item(model, 0)  # its page is asked for
    rows = [item(model, row) for row in range(3)]
    assert "I bought the kettle" in explain(rows[0])
    assert "Not in this database" in explain(rows[1])
    assert f"{2:032x}" in explain(rows[1])
    assert "put back" in explain(rows[2])
