"""The Review page is at hand before it is asked for, and makes only what is shown."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tailrace.jobs import Cancelled, Ticket
from tailrace.ui.main_window import MainWindow
from tailrace.ui.pages import review_ahead
from tailrace.ui.pages.agreement import AgreementPage
from tailrace.ui.pages.failure_modes import FailureModesPage
from tailrace.ui.pages.review_ahead import import_pages


def test_the_pages_are_imported_behind_the_first_list_off_the_qt_thread(
    open_window: Callable[[Path], MainWindow], database: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: list[threading.Thread] = []
    monkeypatch.setattr(review_ahead, "import_pages", lambda _: where.append(threading.current_thread()))
    open_window(database)
    qtbot.waitUntil(lambda: bool(where), timeout=20_000)
    assert where[0] is not threading.main_thread()


def test_the_pages_are_there_to_be_imported() -> None:
    import_pages(Ticket())
    assert "tailrace.ui.pages.review" in sys.modules


def test_a_window_that_closes_waits_for_one_page_at_most() -> None:
    ticket = Ticket()
    ticket.cancel()
    with pytest.raises(Cancelled):
        import_pages(ticket)


def test_what_stands_beside_the_items_is_made_when_it_is_shown(
    open_window: Callable[[Path], MainWindow], database: Path
) -> None:
    window = open_window(database)
    window.show_page("review")
    made = (FailureModesPage, AgreementPage)
    assert [len(window.review.findChildren(page)) for page in made] == [0, 0]
    window.review.show_view("modes")
    assert [len(window.review.findChildren(page)) for page in made] == [1, 0]
    window.review.show_view("agreement")
    assert window.review.panes == window.review.agreement.panes
    window.review.show_view("items")
    window.review.show_view("agreement")
    assert [len(window.review.findChildren(page)) for page in made] == [1, 1]
