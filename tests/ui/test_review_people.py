"""Several reviewers in the real window: blind queues, shares, another name, conflicts settled."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.driving import settle
from tests.ui.queueing import (
    CTRL,
    Open,
    key,
    keys,
    place,
    put,
    queue,
    review,
    said,
    scores,
    states,
    trace_ids,
    type_,
    verdict,
)

from tailrace.model import TraceFilter
from tailrace.model.review import OPEN, PASSED, Anchor, Verdict
from tailrace.review.judgement import evidence_score, is_adjudicated, note_score
from tailrace.ui.main_window import MainWindow
from tailrace.workspace import Workspace


def words_on(page: QWidget) -> str:
    """All that a page shows and says aloud."""
    parts = [page, *page.findChildren(QWidget)]
    shown = [part for part in parts if part.isVisible()]
    texts = [part.text() for part in shown if isinstance(part, QLabel)]
    return "\n".join([*texts, *(part.accessibleName() for part in shown), *(part.toolTip() for part in shown)])


def evidence_shown(window: MainWindow) -> int:
    return len(window.review.item_view._evidence)


def test_a_blind_queue_hides_others_until_my_verdict_is_in_and_again_when_it_is_taken_back(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database, 4, blind=True)
    items = trace_ids(database)
    anchor = Anchor("b" * 16, "inputs/0/0", "Where is my order")
    put(
        database,
        *(said("bob", item, Verdict.FAIL) for item in items),
        note_score("bob", items[0], "bob saw it all"),
        evidence_score("bob", items[0], anchor),
    )
    window = open_window(database)
    review(qtbot, window)
    window.run_command("review.stay")

    def hidden() -> bool:
        settle(qtbot, window)
        return "bob" not in words_on(window.review) + words_on(window.review.bar) and evidence_shown(window) == 0

    assert hidden()
    keys(qtbot, window, "d")  # not now is no verdict: whoever looks later must not have seen the others
    assert hidden()
    keys(qtbot, window, "p")
    assert not hidden()
    assert "bob saw it all" in words_on(window.review)
    assert evidence_shown(window) == 1
    window.review.setup.reckon()
    settle(qtbot, window)
    assert "with bob" in words_on(window.review)
    assert window.review.setup.hidden == frozenset(items[1:])
    key(qtbot, Qt.Key.Key_Delete)
    assert hidden()
    key(qtbot, Qt.Key.Key_F9)
    settle(qtbot, window)
    assert not window.review.agreement.conflicts.rows
    assert "%" not in words_on(window.review)
    key(qtbot, Qt.Key.Key_F8)
    settle(qtbot, window)
    assert window.review.modes.bench.remarks == ()


def test_another_reviewer_sees_their_own_states_and_what_was_being_written_stays_the_firsts(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database, 4)
    items = trace_ids(database)
    put(database, said("bob", items[2], Verdict.PASS))
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "pn")
    type_(qtbot, "from ada")
    window.judging.author = "bob"
    settle(qtbot, window)
    assert states(window) == [OPEN, OPEN, PASSED, OPEN]
    assert [score.comment for score in scores(database, items[1])] == ["from ada"]
    assert scores(database, items[1], "bob") == []
    assert window.review.panel.note.editor.text == ""
    window.review.middle.focus()
    assert place(window) == 0, "their own first open item"
    keys(qtbot, window, " p")
    assert verdict(database, items[1], "bob") is Verdict.PASS
    assert verdict(database, items[1]) is None
    workspace = Workspace(database)
    try:
        assert {visit.trace_id for visit in workspace.reviews.visits("first", "ada")} == {items[0], items[1]}
    finally:
        workspace.close()


def test_a_queue_of_several_reviewers_deals_out_shares(qtbot: QtBot, open_window: Open, database: Path) -> None:
    queue(database, 20, reviewers=("ada", "bob"), overlap=0.2)
    window = open_window(database)
    review(qtbot, window)
    shares = {}
    for name in ("ada", "bob"):
        window.judging.author = name
        settle(qtbot, window)
        assert window.review.reviewing.queue is not None
        shares[name] = set(window.review.reviewing.queue.trace_ids)
        assert len(states(window)) == len(shares[name])
    assert len(shares["ada"] | shares["bob"]) == 20
    assert len(shares["ada"] & shares["bob"]) == 4


def test_a_conflict_is_settled_by_key_beside_the_originals_and_the_thumb_follows(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database, 4)
    items = trace_ids(database)
    put(database, said("bob", items[0], Verdict.FAIL), said("bob", items[1], Verdict.PASS))
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "pp")
    key(qtbot, Qt.Key.Key_F9)
    settle(qtbot, window)
    page = window.review.agreement
    qtbot.waitUntil(lambda: len(page.conflicts.rows) == 1, timeout=5_000)
    for _ in range(3):
        if QApplication.focusWidget() is not page.conflicts:
            key(qtbot, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is page.conflicts, "F6 goes round the parts of the page"
    key(qtbot, Qt.Key.Key_F)
    settle(qtbot, window)
    workspace = Workspace(database)
    try:
        (trace,) = workspace.list_traces(TraceFilter("thumb:down")).keys.tolist()
        found = [score for score in workspace.scores_of_trace(trace) if score.name == "thumb"]
    finally:
        workspace.close()
    assert sorted((score.value, is_adjudicated(score)) for score in found) == [(0.0, False), (0.0, True), (1.0, False)]
    key(qtbot, Qt.Key.Key_1, CTRL)
    key(qtbot, Qt.Key.Key_2, CTRL)
    key(qtbot, Qt.Key.Key_F7)
    settle(qtbot, window)
    window.review.reviewing.go(0)
    settle(qtbot, window)
    assert place(window) == 0
    assert "settled" in words_on(window.review).lower()
    row = window.review.reviewing.item
    assert row is not None
    window.run_command("review.to-traces")
    qtbot.waitUntil(lambda: window.page.trace is not None and window.page.trace.row.thumb == 0, timeout=5_000)
    settle(qtbot, window)
