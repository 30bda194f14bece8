"""What the status bar says while a person reviews."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot
from tests.ui.reviewed import reviewing, until

from tailrace.model.review import Queue, Recipe
from tailrace.ui.models.reviewing import Reviewing
from tailrace.ui.pages.review_status import HERE, ReviewStatus, saved_words


def test_it_says_which_queue_the_place_and_what_is_saved(qtbot: QtBot, tmp_path: Path) -> None:
    with reviewing(tmp_path) as (session, judging, workspace):
        recipe = Recipe()
        workspace.reviews.make_queue(Queue("q", "Late refunds", recipe), workspace.reviews.sample(recipe, "ada"))
        way = Reviewing(session, judging, session)
        line = ReviewStatus(way, session)
        told: list[str] = []
        line.told.connect(told.append)
        way.open_queue("q")
        until(qtbot, session, lambda: way.item is not None)
        assert told == [], "another page is shown"
        line.start()
        assert told[-1] == f"Late refunds · item 1 of 8 · {HERE}"
        line.say("Copied")
        assert told[-1] == "Copied"
        way.saved.emit("saved")
        assert told[-1] == "Copied", "what was done is read first"
        way.step(1)
        assert told[-1] == f"Late refunds · item 2 of 8 · saved just now · {HERE}"
        line.show_view("agreement")
        assert told[-1].startswith(("Failure modes ·", "Agreement ·"))
        line.stop()


def test_without_a_queue_it_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    with reviewing(tmp_path) as (session, judging, _):
        line = ReviewStatus(Reviewing(session, judging, session), session)
        assert line.words() == f"No queue is open · {HERE}"


def test_the_time_since_saving_is_told_in_words() -> None:
    assert saved_words("saved", 0.4) == "saved just now"
    assert saved_words("saved", 12.2) == "saved 12 s ago"
    assert saved_words("saved", 200) == "saved 3 min ago"
    assert saved_words("not saved", 200) == "not saved"
    assert saved_words("", 5) == ""
