"""The Agreement page as a person uses it, on a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.reviewed import TRACES, note, reviewing, until, verdicts

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.review import QueueSource, Recipe, Record
from tailrace.model.score import THUMB
from tailrace.review.judgement import adjudicated_id
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.session import Session
from tailrace.ui.pages.agreement import AgreementPage
from tailrace.workspace import Workspace

ADA, BEN = "+++---+-", "++-+--+."  # they differ on traces 2 and 3


class Opened:
    """A page with what is behind it."""

    def __init__(self, qtbot: QtBot, session: Session, judging: Judging, workspace: Workspace) -> None:
        self.qtbot, self.session, self.judging, self.workspace = qtbot, session, judging, workspace
        self.page = AgreementPage(session, judging)
        qtbot.addWidget(self.page)
        self.page.resize(1100, 650)
        with qtbot.waitExposed(self.page):
            self.page.show()
        self.settle()

    def settle(self) -> None:
        """Writing, reading and comparing come one after the other."""
        page = self.page
        for _ in range(3):
            self.qtbot.wait(15)
            until(self.qtbot, self.session, lambda: not page._later.isActive() and page._found is not None)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.page.conflicts, key)
        self.settle()

    @property
    def listed(self) -> list[str]:
        return [row.trace_name for row in self.page.conflicts.rows]

    def adjudicated(self) -> list[tuple[str, float | None]]:
        return [(r.trace_id, r.value) for r in self.workspace.reviews.ratings() if r.adjudicated]


Open = Callable[..., Opened]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Opens a page over records."""
    running = []

    def open_(*records: Record) -> Opened:
        context = reviewing(tmp_path, *records)
        running.append(context)
        return Opened(qtbot, *context.__enter__())

    yield open_
    for context in running:
        context.__exit__(None, None, None)


@pytest.fixture
def two(opened: Open) -> Opened:
    """ada and ben, who differ on two of seven traces."""
    return opened(*verdicts("ada", ADA), *verdicts("ben", BEN), note("ben", 2, "a promise nobody made"))


def test_the_page_says_how_far_two_reviewers_agree(two: Opened) -> None:
    row = two.page.list.current
    assert row is not None
    assert (row.title, row.who) == ("Verdict", "ada and ben")
    assert "71 % equal · 7 traces" in row.detail
    assert two.listed == ["run 3", "run 2"]
    assert two.page.settled.text() == "0 of 2 settled"
    assert "Cohen's kappa" in two.page._meaning.text()


def test_the_card_shows_the_notes_of_each(two: Opened) -> None:
    two.press(Qt.Key.Key_J)
    row = two.page.card.row
    assert row is not None
    assert {opinion.rater: opinion.note for opinion in row.opinions} == {"ada": "", "ben": "a promise nobody made"}


def test_one_key_settles_beside_the_originals_and_goes_on(two: Opened) -> None:
    before = [r for r in two.workspace.reviews.ratings() if not r.adjudicated]
    two.press(Qt.Key.Key_F)
    assert two.adjudicated() == [(TRACES[3], 0.0)]
    assert [r for r in two.workspace.reviews.ratings() if not r.adjudicated] == before
    assert two.page.settled.text() == "1 of 2 settled"
    current = two.page.conflicts.current
    assert current is not None
    assert current.trace_name == "run 2"
    settled = two.page.conflicts.rows[0]
    assert settled.settled is not None
    assert (settled.settled.words, settled.settled_by, len(settled.opinions)) == ("fail", "ada", 2)


def test_undo_opens_it_again_and_redo_settles_it(two: Opened) -> None:
    two.press(Qt.Key.Key_1)
    assert two.adjudicated() == [(TRACES[3], 1.0)]
    two.judging.stack.undo()
    two.qtbot.waitUntil(lambda: two.page.settled.text() == "0 of 2 settled")
    two.settle()
    assert two.adjudicated() == []
    two.judging.stack.redo()
    two.qtbot.waitUntil(lambda: two.page.settled.text() == "1 of 2 settled")
    two.settle()


def test_the_same_key_again_or_delete_takes_it_back(two: Opened) -> None:
    for key in (Qt.Key.Key_P, Qt.Key.Key_Delete):
        two.page.conflicts.choose(0)
        two.press(Qt.Key.Key_P)
        assert len(two.adjudicated()) == 1
        two.page.conflicts.choose(0)
        two.press(key)
        assert two.adjudicated() == []


def test_only_the_open_ones_are_listed_when_wanted(two: Opened) -> None:
    two.qtbot.mouseClick(two.page.which.button("open"), Qt.MouseButton.LeftButton)
    two.press(Qt.Key.Key_P)
    assert two.listed == ["run 2"]
    two.press(Qt.Key.Key_P)
    assert two.listed == []
    assert two.page._nothing.isVisible()
    assert two.page.settled.text() == "2 of 2 settled"


def test_settling_quickly_loses_nothing(two: Opened) -> None:
    for key in (Qt.Key.Key_P, Qt.Key.Key_F):
        QTest.keyClick(two.page.conflicts, key)
    two.settle()
    assert sorted(two.adjudicated()) == [(TRACES[2], 0.0), (TRACES[3], 1.0)]


def test_a_cell_of_the_table_lists_its_traces(two: Opened) -> None:
    table = two.page.table
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.cell_rect((0, 1)).center())
    assert two.listed == ["run 2"]
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert two.listed == ["run 3", "run 2"]
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Left)
    assert table.accessibleDescription() == "ada fail, ben pass: 1 trace, 14\u00a0% of 7"
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert two.listed == ["run 3"]


def test_enter_wants_the_trace(two: Opened) -> None:
    wanted: list[object] = []
    two.page.trace_wanted.connect(wanted.append)
    two.press(Qt.Key.Key_Return)
    assert wanted == [two.workspace.find_trace(TRACES[3])]


def test_a_queue_of_the_disagreements_can_be_made(two: Opened) -> None:
    wanted: list[object] = []
    two.page.queue_wanted.connect(wanted.append)
    two.qtbot.mouseClick(two.page.queue, Qt.MouseButton.LeftButton)
    assert wanted == [Recipe(source=QueueSource.DISAGREEMENTS, score=THUMB)]


def test_letters_in_the_list_are_no_commands_of_the_window(two: Opened) -> None:
    event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_F, Qt.KeyboardModifier.NoModifier, "f")
    event.ignore()
    QApplication.sendEvent(two.page.conflicts, event)
    assert event.isAccepted()


def test_what_is_hidden_shows_no_values_and_counts_nowhere(two: Opened) -> None:
    two.page.set_hidden(frozenset({TRACES[3]}))
    two.qtbot.waitUntil(lambda: any(row.hidden for row in two.page.conflicts.rows))
    two.settle()
    hidden = next(row for row in two.page.conflicts.rows if row.hidden)
    assert (hidden.trace_name, hidden.opinions) == ("run 3", ())
    row = two.page.list.current
    assert row is not None
    assert "6 traces" in row.detail
    two.page.conflicts.choose(two.page.conflicts.rows.index(hidden))
    wanted: list[object] = []
    two.page.trace_wanted.connect(wanted.append)
    two.press(Qt.Key.Key_F)
    two.press(Qt.Key.Key_Return)
    assert two.adjudicated() == []
    assert wanted == []
    assert not [words for words in _all_names(two.page.card) if "ben" in words]


def test_others_changes_show_after_judging(two: Opened) -> None:
    two.judging.change([_put(verdicts("ada", "++-")[2])], "verdict")
    two.qtbot.waitUntil(lambda: two.listed == ["run 3"])
    two.settle()


def test_three_reviewers_and_an_automatic_score_make_pairs(opened: Open) -> None:
    judge = [
        Score(f"j{n}", THUMB, ScoreKind.THUMB, trace_id, value=1.0, author="judge", source=ScoreSource.MODEL)
        for n, trace_id in enumerate(TRACES[:4])
    ]
    three = opened(*verdicts("ada", ADA), *verdicts("ben", BEN), *verdicts("cleo", "+-+---++"), *judge)
    titles = [three.page.list._model.index(place, 0).data(Qt.ItemDataRole.AccessibleTextRole) for place in range(7)]
    assert titles[0].startswith("Verdict, 3 reviewers, α ")
    assert titles[4].startswith("ada and judge, κ ")
    three.page.list.choose(4)
    three.settle()
    assert three.page.table._table is not None
    assert (three.page.table._table.first, three.page.table._table.second) == ("ada", "judge")
    assert three.listed == ["run 3"]


def test_a_choice_is_settled_with_the_word_that_was_given(opened: Open) -> None:
    words = [
        Score(f"s{who}", "tone", ScoreKind.CATEGORY, TRACES[0], label=label, author=who, source=ScoreSource.PERSON)
        for who, label in (("ada", "good"), ("ben", "bad"))
    ]
    tone = opened(*words)
    tone.press(Qt.Key.Key_2)
    (ruling,) = [r for r in tone.workspace.reviews.ratings() if r.adjudicated]
    assert (ruling.name, ruling.label, ruling.rater) == ("tone", "good", "ada")
    key = tone.workspace.find_trace(TRACES[0])
    assert key is not None
    kept = {score.score_id: score for score in tone.workspace.scores_of_trace(key)}
    assert kept[adjudicated_id(TRACES[0], "tone")].kind is ScoreKind.CATEGORY


def test_one_reviewer_alone_learns_how_to_get_a_second_one(opened: Open) -> None:
    alone = opened(*verdicts("ada", ADA))
    assert alone.page.empty.isVisible()
    assert "Nobody else" in alone.page.empty.title.text()
    assert "merge" in alone.page.empty.hint.text()


def test_without_scores_the_page_says_where_to_begin(opened: Open) -> None:
    assert "No scores yet" in opened().page.empty.title.text()


def test_when_all_is_hidden_the_page_says_so(opened: Open) -> None:
    all_ = opened(*verdicts("ada", ADA), *verdicts("ben", BEN))
    all_.page.set_hidden(frozenset(TRACES))
    all_.qtbot.waitUntil(lambda: all_.page.empty.isVisible())
    assert "Hidden" in all_.page.empty.title.text()
    all_.settle()


def _all_names(widget: QWidget) -> list[str]:
    return [child.accessibleName() + child.toolTip() for child in widget.findChildren(QWidget) if child.isVisible()]


def _put(score: Score) -> object:
    from tailrace.model.review import Put

    return Put(score)


def test_one_who_judged_alone_leaves_the_row_of_the_score(opened: Open) -> None:
    three = [*verdicts("ada", "++-"), *verdicts("ben", "+--"), *verdicts("cy", "++-")]
    desk = opened(*three, *verdicts("dora", ".......+"))
    found = desk.page._found
    assert found is not None
    head = found.agreement[0]
    assert (head.title, head.who, head.raters) == ("Verdict", "3 reviewers", ("ada", "ben", "cy"))


def test_the_open_queue_is_what_is_compared_until_all_are_wanted(two: Opened) -> None:
    page = two.page
    assert page.scope.words.accessibleName() == (
        "Agreement and conflicts of the 8 judged traces of this database, of whichever queue"
    )
    page.set_queue("Random 4", frozenset((*TRACES[:3], TRACES[7])))
    two.settle()
    assert "4 judged traces of “Random 4”" in page.scope.words.accessibleName()
    row = page.list.current
    assert row is not None
    assert "3 traces" in row.detail
    assert row.band == "too few to say"
    assert two.listed == ["run 2"]
    with two.qtbot.waitSignal(page.queue_wanted) as wanted:
        page.queue.click()
    assert wanted.args == [Recipe(QueueSource.DISAGREEMENTS, 'queue:"Random 4"', score=THUMB)]
    page.set_queue("Random 1", frozenset({TRACES[7]}))
    two.settle()
    assert "No trace of this queue" in page.empty.accessibleName() or page.empty.isVisible()
    assert page.scope.switch.isVisible()
    two.qtbot.mouseClick(page.scope.switch.button("all"), Qt.MouseButton.LeftButton)
    two.settle()
    assert two.listed == ["run 3", "run 2"]


def test_pass_and_fail_settle_by_the_keys_that_they_have(two: Opened) -> None:
    two.page.show_keys({"review.pass": "Y", "review.fail": ""})
    two.press(Qt.Key.Key_P)
    two.press(Qt.Key.Key_F)
    assert two.adjudicated() == []
    assert [button._key for button in two.page.card.buttons[:2]] == ["Y", "2"]  # type: ignore[attr-defined]
    assert "Y or 1–9 settle" in two.page._keys.text
    two.press(Qt.Key.Key_Y)
    assert two.adjudicated() == [(TRACES[3], 1.0)]
    two.page.conflicts.choose(1)
    two.page.show_keys({"review.pass": "Y", "review.fail": "Ctrl+J"})
    QTest.keyClick(two.page.conflicts, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    two.settle()
    assert sorted(two.adjudicated()) == [(TRACES[2], 0.0), (TRACES[3], 1.0)]
    two.page.card.grab()
