"""The failure-mode page, used as a person uses it on a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from tailrace.model.review import FailureMode, Put, Verdict
from tailrace.review.judgement import mode_mark, note_score, verdict_score
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.session import Session
from tailrace.ui.pages.failure_modes import FailureModesPage
from tailrace.ui.views.review.mode_asking import DescribeMode, NameMode, PickMode, SplitMode
from tailrace.ui.views.review.remark_list import chip_boxes, offer_box
from tailrace.ui.views.review.remark_rows import Heading, NoteRow
from tailrace.workspace import Workspace

WRONG, EAGER = FailureMode("wrong", "wrong sum", position=0), FailureMode("eager", "acts too soon", position=1)


def trace(number: int) -> str:
    return f"{number + 1:032x}"


def fill(database: Path) -> None:
    notes = [
        "broken tracking link",
        "the tracking link is broken",
        "sum of the order is wrong",
        "wrong sum",
        "refunded",
    ]
    changes = [Put(WRONG), Put(EAGER)]
    changes += [Put(note_score("jo", trace(i), text)) for i, text in enumerate(notes)]  # type: ignore[list-item]
    changes += [Put(verdict_score("ada", trace(i), Verdict.FAIL)) for i in range(8)]  # type: ignore[list-item]
    changes += [Put(mode_mark("jo", trace(3), WRONG)), Put(mode_mark("ada", trace(4), EAGER))]  # type: ignore[list-item]
    workspace = Workspace(database)
    workspace.reviews.apply(changes)
    workspace.close()


@pytest.fixture
def open_page(qtbot: QtBot, database: Path) -> Iterator[Callable[[], FailureModesPage]]:
    sessions: list[Session] = []

    def open_() -> FailureModesPage:
        session = Session()
        sessions.append(session)
        session.workspace = Workspace(database)
        judging = Judging(session, "ada", session)
        page = FailureModesPage(session, judging)
        qtbot.addWidget(page)
        page.resize(1300, 800)
        page.show()
        page.refresh()
        return page

    yield open_
    for session in sessions:
        session.close()


@pytest.fixture
def page(open_page: Callable[[], FailureModesPage], database: Path, qtbot: QtBot) -> FailureModesPage:
    fill(database)
    page = open_page()
    qtbot.waitUntil(lambda: page.right.matrix.matrix.table is not None, timeout=20_000)
    qtbot.waitUntil(lambda: bool(page.bench.proposals.groups), timeout=20_000)
    return page


def names(page: FailureModesPage) -> list[str]:
    return [mode.name for mode in page.bench.modes]


def undo(page: FailureModesPage) -> None:
    page.commands._judging.stack.undo()


def marked(page: FailureModesPage) -> set[tuple[str, str, str | None]]:
    return {(mark.trace_id, mark.mode_id, mark.author) for mark in page.bench.marks}


def select(page: FailureModesPage, *texts: str) -> None:
    notes = page.middle.list
    notes.clearSelection()
    flag = notes.selectionModel().SelectionFlag
    for place, row in enumerate(notes.rows.rows):
        if isinstance(row, NoteRow) and row.remark.text in texts:
            notes.selectionModel().setCurrentIndex(notes.rows.index(place), flag.Select)
    notes.setFocus()


def asked(page: FailureModesPage, kind: type[QDialog]) -> QDialog:
    found = page.findChildren(kind)
    assert len(found) == 1
    assert found[0].isVisible()
    return found[0]


def test_notes_are_grouped_and_modes_counted(page: FailureModesPage) -> None:
    headings = [row for row in page.middle.list.rows.rows if isinstance(row, Heading)]
    assert headings[0].count == 2
    assert "tracking" in headings[0].title
    assert headings[0].offer
    row = page.left.table.current_row()
    assert row is not None
    assert row.words.startswith("1 of 8 · 12 % (")


def test_a_number_key_marks_the_selected_notes_as_mine_and_undo_takes_it_back(
    page: FailureModesPage, qtbot: QtBot
) -> None:
    before = marked(page)
    select(page, "broken tracking link", "the tracking link is broken")
    qtbot.keyClick(page.middle.list, Qt.Key.Key_2)
    wanted = before | {(trace(0), "eager", "ada"), (trace(1), "eager", "ada")}
    qtbot.waitUntil(lambda: marked(page) == wanted)
    undo(page)
    qtbot.waitUntil(lambda: marked(page) == before)


def test_shift_and_arrows_select_more_notes(page: FailureModesPage, qtbot: QtBot) -> None:
    page.middle.list.setFocus()
    qtbot.keyClick(page.middle.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(page.middle.list.chosen_rows()) == 2


def test_a_number_without_a_mode_says_so(page: FailureModesPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.status) as said:
        qtbot.keyClick(page.middle.list, Qt.Key.Key_9)
    assert "No failure mode has the key 9" in said.args[0]


def test_the_offer_of_a_group_makes_a_mode_of_it(page: FailureModesPage, qtbot: QtBot) -> None:
    notes = page.middle.list
    heading = notes.rows.rows[0]
    assert isinstance(heading, Heading)
    spot = offer_box(notes.visualRect(notes.rows.index(0)), heading).center()
    qtbot.mouseClick(notes.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    asking = asked(page, NameMode)
    assert isinstance(asking, NameMode)
    assert asking.field.text() == heading.name
    asking.field.setText("broken link")
    qtbot.keyClick(asking.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(page) == ["wrong sum", "acts too soon", "broken link"])
    new = page.bench.modes[2].mode_id
    assert {(trace(0), new, "ada"), (trace(1), new, "ada")} <= marked(page)
    undo(page)
    qtbot.waitUntil(lambda: len(names(page)) == 2 and len(page.bench.marks) == 2)


def test_a_new_mode_with_a_name_that_is_there_marks_that_one(page: FailureModesPage, qtbot: QtBot) -> None:
    select(page, "broken tracking link")
    qtbot.keyClick(page.middle.list, Qt.Key.Key_M)
    asking = asked(page, NameMode)
    assert isinstance(asking, NameMode)
    asking.field.setText("Wrong SUM")
    qtbot.keyClick(asking.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: (trace(0), "wrong", "ada") in marked(page))
    assert len(names(page)) == 2


def test_a_chip_marks_its_note(page: FailureModesPage, qtbot: QtBot) -> None:
    notes = page.middle.list
    place, row = next(
        (place, row)
        for place, row in enumerate(notes.rows.rows)
        if isinstance(row, NoteRow) and row.remark.text == "sum of the order is wrong"
    )
    assert isinstance(row, NoteRow)
    assert row.chips[0].mode_id == "wrong"
    notes.scrollTo(notes.rows.index(place))
    _, box = chip_boxes(notes.visualRect(notes.rows.index(place)), row)[0]
    qtbot.mouseClick(notes.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    qtbot.waitUntil(lambda: (trace(2), "wrong", "ada") in marked(page))


def test_g_makes_a_mode_of_the_group_of_the_current_note(page: FailureModesPage, qtbot: QtBot) -> None:
    select(page, "broken tracking link")
    qtbot.keyClick(page.middle.list, Qt.Key.Key_G)
    asking = asked(page, NameMode)
    qtbot.keyClick(asking, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(names(page)) == 3)
    assert page.bench.traces[page.bench.modes[2].mode_id] == 2


def test_any_mode_can_be_found_by_its_name(page: FailureModesPage, qtbot: QtBot) -> None:
    select(page, "broken tracking link")
    qtbot.keyClick(page.middle.list, Qt.Key.Key_0)
    asking = asked(page, PickMode)
    assert isinstance(asking, PickMode)
    qtbot.keyClicks(asking.field, "nothing")
    assert not asking.confirm.isEnabled()
    asking.field.clear()
    qtbot.keyClicks(asking.field, "soon")
    qtbot.keyClick(asking.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: (trace(0), "eager", "ada") in marked(page))


def test_one_mode_dropped_on_another_is_merged_into_it(page: FailureModesPage, qtbot: QtBot) -> None:
    table = page.left.table
    spot = QPointF(table.visualItemRect(table.item(1)).center())
    data = table.model().mimeData([table.model().index(0, 0)])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    table.dropEvent(QDropEvent(spot, Qt.DropAction.MoveAction, data, buttons, keys))
    qtbot.waitUntil(lambda: names(page) == ["acts too soon"])
    assert page.bench.traces["eager"] == 2


def test_a_name_that_is_being_written_is_not_lost_to_a_refresh(page: FailureModesPage, qtbot: QtBot) -> None:
    page.left.table.rename_current()
    editor = page.left.table.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("half a na")
    page._show_bench(page.bench)
    assert page.left.table.viewport().findChild(QLineEdit) is editor
    assert editor.text() == "half a na"


def test_taking_a_mode_off_takes_mine_and_leaves_that_of_others(page: FailureModesPage, qtbot: QtBot) -> None:
    select(page, "wrong sum")
    with qtbot.waitSignal(page.status) as said:
        qtbot.keyClick(page.middle.list, Qt.Key.Key_U)
    assert "None of these marks is yours" in said.args[0]
    select(page, "refunded")
    qtbot.keyClick(page.middle.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: marked(page) == {(trace(3), "wrong", "jo")})


def test_enter_opens_the_trace_of_a_note(page: FailureModesPage, qtbot: QtBot) -> None:
    select(page, "refunded")
    with qtbot.waitSignal(page.trace_wanted) as opened:
        qtbot.keyClick(page.middle.list, Qt.Key.Key_Return)
    assert opened.args[0] == next(mark.key for mark in page.bench.marks if mark.mode_id == "eager")


def test_a_mode_is_renamed_in_place(page: FailureModesPage, qtbot: QtBot) -> None:
    table = page.left.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "wrong sum"
    editor.setText("adds up wrongly")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(page) == ["adds up wrongly", "acts too soon"])
    undo(page)
    qtbot.waitUntil(lambda: names(page) == ["wrong sum", "acts too soon"])


def test_the_name_of_another_mode_is_refused(page: FailureModesPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.status) as said:
        page.left.table.renamed.emit(("wrong", "Acts too soon"))
    assert "there already" in said.args[0]
    assert names(page) == ["wrong sum", "acts too soon"]


def test_moving_a_mode_moves_its_number_key(page: FailureModesPage, qtbot: QtBot) -> None:
    page.left.table.setFocus()
    qtbot.keyClick(page.left.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: names(page) == ["acts too soon", "wrong sum"])
    row = page.left.table.current_row()
    assert row is not None
    assert (row.mode.mode_id, row.key) == ("wrong", "2")


def test_a_description_is_kept_and_shown(page: FailureModesPage, qtbot: QtBot) -> None:
    page.left.buttons["describe"].click()
    asking = asked(page, DescribeMode)
    assert isinstance(asking, DescribeMode)
    asking.field.setPlainText("the figures do not add up")
    asking.confirm.click()
    qtbot.waitUntil(lambda: page.bench.modes[0].description == "the figures do not add up")


def test_merging_counts_the_marks_there_and_undo_parts_them(page: FailureModesPage, qtbot: QtBot) -> None:
    page.left.buttons["merge"].click()
    asking = asked(page, PickMode)
    assert isinstance(asking, PickMode)
    qtbot.keyClick(asking.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(page) == ["acts too soon"])
    assert page.bench.traces["eager"] == 2
    undo(page)
    qtbot.waitUntil(lambda: names(page) == ["wrong sum", "acts too soon"])
    assert page.bench.traces["eager"] == 1


def test_splitting_moves_the_ticked_traces(page: FailureModesPage, qtbot: QtBot) -> None:
    select(page, "broken tracking link")
    qtbot.keyClick(page.middle.list, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: page.bench.traces["wrong"] == 2)
    page.left.buttons["split"].click()
    asking = asked(page, SplitMode)
    assert isinstance(asking, SplitMode)
    assert not asking.confirm.isEnabled()
    item = next(asking.list.item(i) for i in range(asking.list.count()) if "tracking" in asking.list.item(i).text())
    item.setCheckState(Qt.CheckState.Checked)
    asking.field.setText("dead link")
    asking.confirm.click()
    qtbot.waitUntil(lambda: names(page) == ["wrong sum", "acts too soon", "dead link"])
    assert page.bench.traces["wrong"] == page.bench.traces[page.bench.modes[2].mode_id] == 1


def test_removing_takes_the_marks_along_and_undo_brings_all_back(page: FailureModesPage, qtbot: QtBot) -> None:
    before = marked(page)
    page.left.table.setFocus()
    with qtbot.waitSignal(page.status) as said:
        qtbot.keyClick(page.left.table, Qt.Key.Key_Delete)
    assert "marks on 1 trace are removed" in said.args[0]
    qtbot.waitUntil(lambda: names(page) == ["acts too soon"] and len(page.bench.marks) == 1)
    undo(page)
    qtbot.waitUntil(lambda: names(page) == ["wrong sum", "acts too soon"] and marked(page) == before)


def test_a_cell_of_the_table_asks_for_its_traces(page: FailureModesPage, qtbot: QtBot) -> None:
    matrix = page.right.matrix
    index = matrix.matrix.index(0, 0)
    with qtbot.waitSignal(page.filter_wanted) as wanted:
        qtbot.mouseClick(matrix.viewport(), Qt.MouseButton.LeftButton, pos=matrix.visualRect(index).center())
    mode = matrix.matrix.mode_at(0)
    assert wanted.args[0] == f'mode:"{mode.name}" model:gpt-4o'


def test_a_name_in_the_table_asks_for_all_traces_of_the_mode(page: FailureModesPage, qtbot: QtBot) -> None:
    header = page.right.matrix.verticalHeader()
    with qtbot.waitSignal(page.filter_wanted) as wanted:
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert wanted.args[0] == f'mode:"{page.right.matrix.matrix.mode_at(0).name}"'


def test_a_field_can_be_typed_and_a_wrong_one_says_so(page: FailureModesPage, qtbot: QtBot) -> None:
    line = page.right.line
    assert line is not None
    line.setText("tool")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "lookup_order" in str(page.right.matrix.matrix.table))
    line.setText("colour")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "no field “colour”" in page.right.words.title.text())


def test_searching_narrows_the_notes(page: FailureModesPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.middle.field, "refund")
    qtbot.waitUntil(lambda: page.middle.count.text() == "1 of 5")


def test_without_notes_the_page_says_how_to_write_them(open_page: Callable[[], FailureModesPage], qtbot: QtBot) -> None:
    page = open_page()
    qtbot.waitUntil(lambda: page.middle.words.title.text() == "No notes yet")
    assert "N begins a note" in page.middle.words.hint.text()
    assert page.left.words.title.text() == "No failure modes yet"
    assert page.right.words.title.text() == "Nothing to compare yet"


def test_the_open_queue_is_what_is_counted_until_all_are_wanted(page: FailureModesPage, qtbot: QtBot) -> None:
    every = page.scope.words.accessibleName()
    assert every.startswith("Shares are of the 8 judged traces of this database")
    assert not page.scope.switch.isVisible()
    page.set_queue("Random 3", frozenset({trace(0), trace(3), "gone"}))
    qtbot.waitUntil(lambda: "“Random 3”" in page.scope.words.accessibleName())
    assert page.scope.words.accessibleName() == "Shares are of the 2 judged traces of “Random 3”, 2 failed"
    assert "deferred ones are not" in page.scope.words.toolTip()
    assert page.scope.switch.isVisible()
    assert len(page.bench.notes) == 2
    assert {mode_id: share.words[:6] for mode_id, share in page.bench.shares.items()} == {
        "wrong": "1 of 2",
        "eager": "0 of 2",
    }
    qtbot.waitUntil(lambda: page.right.matrix.matrix.table is not None and page.right.matrix.matrix.table.judged == 2)
    assert page.left.buttons["remove"].isEnabled()
    assert len(page.bench.marks) == 2  # a mode is removed with all its marks
    qtbot.mouseClick(page.scope.switch.button("all"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.scope.words.accessibleName() == every)
    assert len(page.bench.notes) == 5
    page.set_queue("Random 1", frozenset({trace(0)}))
    assert page.scope.within is None  # what a person chose stays
    page.set_queue(None, frozenset())
    assert not page.scope.switch.isVisible()


def test_splitting_names_the_traces_that_have_no_note(page: FailureModesPage, qtbot: QtBot, database: Path) -> None:
    page.commands._judging.change((Put(mode_mark("ada", trace(6), WRONG)),), "mark")
    qtbot.waitUntil(lambda: page.bench.traces["wrong"] == 2)
    page.left.table.setCurrentRow(0)
    page.left.buttons["split"].click()
    asking = asked(page, SplitMode)
    assert isinstance(asking, SplitMode)
    items = [asking.list.item(i) for i in range(asking.list.count())]
    (row,) = page.commands._judging._session.workspace.read_rows([page.bench.judged[trace(6)]])  # type: ignore[union-attr]
    beginning = " ".join(row.input_preview.split())[:40]
    bare = next(item for item in items if item.text().startswith(row.name) and "wrong sum" not in item.text())
    assert beginning in bare.text()
    assert trace(6) not in bare.text()
    assert trace(6) in bare.toolTip()
    asking.list.grab()
