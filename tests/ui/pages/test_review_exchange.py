"""What is said when others' work has come in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.ui.reviewed import reviewing, until

from tailrace.model.versions import MergeReport
from tailrace.ui.models.review_setup import ReviewSetup
from tailrace.ui.pages.review_exchange import ReviewExchange


def test_a_merge_says_how_much_of_it_is_about_traces_that_are_not_here(qtbot: QtBot, tmp_path: Path) -> None:
    with reviewing(tmp_path) as (session, judging, _):
        over = QWidget()
        qtbot.addWidget(over)
        exchange = ReviewExchange(session, judging, ReviewSetup(session, judging, over), over)
        told: list[object] = []
        exchange.status.connect(told.append)
        exchange._take_merge(MergeReport(("a",), added=3, absent=2))
        exchange._take_merge(MergeReport(("a",), added=3, absent=1))
        exchange._take_merge(MergeReport(("a",), added=3))
        until(qtbot, session, lambda: len(told) == 3)
    assert "2 judgements about traces that this database does not have" in str(told[0])
    assert "1 judgement about traces" in str(told[1])
    assert "does not have" not in str(told[2])
