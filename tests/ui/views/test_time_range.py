"""Choosing which time is looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from tailrace.ui.views.filter_bar import TimeRange, TimeRangeButton
from tailrace.ui.views.filter_bar.time_range import CustomRange

SECOND = 1_000_000_000
HOUR = 3600 * SECOND
END = 1_763_680_000 * SECOND

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def button(qtbot: QtBot) -> Iterator[TimeRangeButton]:
    made = TimeRangeButton()
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def choose(button: TimeRangeButton, title: str) -> None:
    next(action for action in button.menu().actions() if action.text() == title).trigger()


def test_a_usual_span_is_chosen_from_the_menu(button: TimeRangeButton) -> None:
    told: list[TimeRange] = []
    button.changed.connect(told.append)
    choose(button, "Last 24 hours")
    assert told == [TimeRange(24 * HOUR)]
    assert button.text() == "Last 24 hours"
    assert button.accessibleName() == "Time range: Last 24 hours"
    assert [action.text() for action in button.menu().actions() if action.isChecked()] == ["Last 24 hours"]


def test_a_range_from_elsewhere_is_shown_without_a_word(button: TimeRangeButton) -> None:
    told: list[TimeRange] = []
    button.changed.connect(told.append)
    button.set_range(TimeRange(since_ns=END - HOUR, until_ns=END))
    assert told == []
    assert " – " in button.text()
    assert [action.text() for action in button.menu().actions() if action.isChecked()] == ["Custom…"]
    button.set_range(TimeRange())
    assert button.text() == "All time"


def test_a_range_is_resolved_against_the_end_of_the_data() -> None:
    assert TimeRange().resolve(END) == (None, None)
    assert TimeRange(HOUR).resolve(END) == (END - HOUR, None)
    assert TimeRange(since_ns=1, until_ns=2).resolve(END) == (1, 2)


def test_a_custom_range_begins_with_all_of_the_data(button: TimeRangeButton, qtbot: QtBot) -> None:
    told: list[TimeRange] = []
    button.changed.connect(told.append)
    button.set_bounds(END - HOUR + 1, END + 1)
    choose(button, "Custom…")
    dialog = button.findChild(CustomRange)
    assert dialog is not None
    show = dialog.findChild(QDialogButtonBox)
    assert show is not None
    qtbot.mouseClick(show.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    assert told == [TimeRange(since_ns=END - HOUR, until_ns=END + SECOND)]
    assert button.range() == told[0]


def test_a_cancelled_custom_range_changes_nothing(button: TimeRangeButton) -> None:
    told: list[TimeRange] = []
    button.changed.connect(told.append)
    button.set_range(TimeRange(HOUR))
    choose(button, "Custom…")
    dialog = button.findChild(CustomRange)
    assert dialog is not None
    dialog.reject()
    assert told == []
    assert [action.text() for action in button.menu().actions() if action.isChecked()] == ["Last hour"]


def test_a_range_that_ends_before_it_begins_is_refused(qtbot: QtBot) -> None:
    dialog = CustomRange(TimeRange(since_ns=END, until_ns=END + HOUR), None)
    qtbot.addWidget(dialog)
    chosen: list[TimeRange] = []
    dialog.chosen.connect(chosen.append)
    dialog.until.setDateTime(QDateTime.fromMSecsSinceEpoch((END - HOUR) // 1_000_000))
    show = dialog.findChild(QDialogButtonBox)
    assert show is not None
    assert not show.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.accept()
    assert chosen == []


def test_a_range_from_one_year_to_another_says_both_years() -> None:
    year = 365 * 24 * HOUR
    words = TimeRange(since_ns=END - year, until_ns=END).title
    assert "2024" in words
    assert "2025" in words
    assert "2025" not in TimeRange(since_ns=END - 48 * HOUR, until_ns=END).title
