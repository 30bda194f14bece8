"""What the Review page tells the pages beside the items."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from pytestqt.qtbot import QtBot
from tests.ui.reviewed import TRACES, reviewing, until

from tailrace.model.review import Queue
from tailrace.review.sampling import Sample
from tailrace.ui.pages.review import ReviewPage
from tailrace.workspace import SettingsStore


def test_the_views_beside_the_items_follow_the_open_queue_and_its_keys(qtbot: QtBot, tmp_path: Path) -> None:
    with reviewing(tmp_path) as (session, judging, workspace):
        workspace.reviews.make_queue(Queue("q", "Random 2"), Sample(TRACES[:2], ("", ""), 8))
        page = ReviewPage(session, judging, SettingsStore(tmp_path / "settings.json"))
        qtbot.addWidget(page)
        page.open_queue("q")
        until(qtbot, session, lambda: page.modes.scope.name == "Random 2")
        assert page.modes.scope.within == page.agreement.scope.within == frozenset(TRACES[:2])
        page.show_keys(defaultdict(str, {"review.pass": "Y", "review.fail": "X"}))
        assert "Y X or 1–9 settle" in page.agreement._keys.text
        page.reviewing.forget()
        assert page.modes.scope.within is page.agreement.scope.within is None
        page.leave()
        until(qtbot, session, lambda: True)
