"""The pages before the first item and behind the last."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.ui.views.review.queues import summary

from tailrace.model.review import QueueSource, Recipe
from tailrace.query import State, parse
from tailrace.ui.views.review.done import QueueDone
from tailrace.ui.views.review.recipe_form import Surroundings
from tailrace.ui.views.review.start import ReviewStart

AROUND = Surroundings("env:prod OR env:test", 5, 9, "the 3,041 traces of the filter", 3041)


def started(qtbot: QtBot, around: Surroundings = AROUND) -> tuple[ReviewStart, list[tuple[Recipe, str]]]:
    page = ReviewStart()
    qtbot.addWidget(page)
    page.show_surroundings(around)
    page.resize(1030, 620)
    with qtbot.waitExposed(page):
        page.show()
    begun: list[tuple[Recipe, str]] = []
    page.quick_queue.connect(lambda recipe, name: begun.append((recipe, name)))
    return page, begun


def test_the_filter_is_reviewed_with_two_keys_and_by_no_stray_enter(qtbot: QtBot) -> None:
    page, begun = started(qtbot)
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert begun == []
    qtbot.keyClick(page, Qt.Key.Key_Tab)
    assert page.filtered.hasFocus()
    assert page.filtered.text() == "Review 3,041 traces"
    qtbot.keyClick(page.filtered, Qt.Key.Key_Return)
    assert begun == [(Recipe(QueueSource.FILTER, "env:prod OR env:test", 5, 9), "env:prod OR env:test")]


def test_a_sample_and_the_unreviewed_errors_are_one_click_away(qtbot: QtBot) -> None:
    page, begun = started(qtbot)
    qtbot.mouseClick(page.sampled, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.errors, Qt.MouseButton.LeftButton)
    (sample, _), (errors, name) = begun
    assert (sample.source, sample.size, sample.since_ns, sample.until_ns) == (QueueSource.RANDOM, 100, 5, 9)
    assert sample.seed > 0
    assert errors.source is QueueSource.UNREVIEWED
    assert errors.filter_text == "(env:prod OR env:test) status:error", "an OR stays together"
    assert parse(errors.filter_text).state is State.VALID
    assert name == "Unreviewed errors"
    page.show_surroundings(Surroundings(count=3))
    qtbot.mouseClick(page.errors, Qt.MouseButton.LeftButton)
    assert begun[-1][0].filter_text == "status:error"


def test_where_nothing_matches_only_other_ways_are_open(qtbot: QtBot) -> None:
    page, begun = started(qtbot, Surroundings("env:nowhere", count=0))
    qtbot.mouseClick(page.filtered, Qt.MouseButton.LeftButton)
    assert begun == []
    assert page.filtered.text() == "Nothing matches the filter"
    with qtbot.waitSignal(page.new_queue_wanted):
        qtbot.mouseClick(page.custom, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.merge_wanted):
        qtbot.mouseClick(page.merged, Qt.MouseButton.LeftButton)
    page.show_surroundings(Surroundings(count=None))
    assert page.filtered.isEnabled(), "not known yet"


def test_the_page_fits_a_small_window(qtbot: QtBot) -> None:
    page, _ = started(qtbot)
    assert page.minimumSizeHint().width() <= 1030
    assert page.minimumSizeHint().height() <= 560


def test_the_end_of_a_queue_says_what_was_done_and_offers_what_is_next(qtbot: QtBot) -> None:
    page = QueueDone()
    qtbot.addWidget(page)
    page.show_done(
        summary("Prod errors", 200, 150, 46, 4), "30 min, about 9 s each", summary("Random 100", 100, 3, 1, 0)
    )
    page.show()
    assert page.title.text() == "“Prod errors”: all 200 are done"
    assert "30 min" in page.time.text()
    assert page.figures.accessibleName() == "150 passed, 46 failed, 4 deferred, 0 open of 200"
    asked: list[object] = []
    for signal in (page.queue_chosen, page.view_chosen, page.export_wanted):
        signal.connect(asked.append)
    page.deferred_wanted.connect(lambda: asked.append("deferred"))
    page.list_wanted.connect(lambda: asked.append("list"))
    for card in (page.deferred, page.next, page.modes, page.agreement, page.report, page.again):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert asked == ["deferred", "random-100", "modes", "agreement", "report", "list"]


def test_what_there_is_not_is_not_offered(qtbot: QtBot) -> None:
    page = QueueDone()
    qtbot.addWidget(page)
    page.show_done(summary("Prod errors", 1, 1, 0, 0))
    page.show()
    assert page.title.text() == "“Prod errors”: the one trace is done"
    assert [card.isVisible() for card in (page.deferred, page.next, page.modes, page.report)] == [False] * 3 + [True]
    page.show_done(summary("Prod errors", 0, 0, 0, 0))
    assert "no traces for you" in page.title.text()
    assert not page.report.isVisible()
    page.show_done(summary("Prod errors", 9, 1, 1, 1))
    assert page.title.text() == "“Prod errors”: 3 of 9 done"


def test_a_queue_that_was_left_early_offers_what_is_open(qtbot: QtBot) -> None:
    page = QueueDone()
    qtbot.addWidget(page)
    page.show_done(summary("q", 50, 12, 11, 2))
    assert page.open.text() == "Go on with the 25 open ones"
    with qtbot.waitSignal(page.open_wanted):
        page.open.click()
    page.show_done(summary("q", 50, 37, 11, 2))
    assert page.open.isHidden()
