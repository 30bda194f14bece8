"""The dialog of datasets, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.ui.reviewed import TRACES, reviewing, until

from tailrace.model.review import Change, Dataset, DatasetItem
from tailrace.ui.dialogs.datasets import DatasetsDialog
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.session import Session
from tailrace.workspace import Workspace

REFUNDS, GREETINGS = Dataset("d", "refunds", "as found"), Dataset("g", "greetings")
ITEMS = tuple(
    DatasetItem(f"d/{trace_id}", "d", trace_id, None, f"question {n}", f"answer {n}", None)
    for n, trace_id in enumerate(TRACES[:3])
)


class Driven:
    """A dialog whose changes are made, as a page makes them."""

    def __init__(self, qtbot: QtBot, session: Session, judging: Judging, workspace: Workspace) -> None:
        self.qtbot, self.session, self.judging, self.workspace = qtbot, session, judging, workspace
        self.dialog = DatasetsDialog(session, judging, "d")
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.dialog.changed.connect(self._change)
        qtbot.addWidget(self.dialog)
        with qtbot.waitExposed(self.dialog):
            self.dialog.show()
        self.settle()

    def settle(self) -> None:
        """Writing, reading the datasets and reading the examples come one after the other."""
        for _ in range(4):
            self.qtbot.wait(15)
            until(self.qtbot, self.session, lambda: True)

    def names(self) -> list[tuple[str, int]]:
        return [(dataset.name, count) for dataset, count in self.workspace.reviews.datasets()]

    def _change(self, changes: tuple[Change, ...]) -> None:
        self.judging.change(changes, "dataset")


@pytest.fixture
def driven(qtbot: QtBot, tmp_path: Path) -> Iterator[Driven]:
    with reviewing(tmp_path, REFUNDS, GREETINGS, *ITEMS) as (session, judging, workspace):
        yield Driven(qtbot, session, judging, workspace)


@pytest.fixture
def bare(qtbot: QtBot, tmp_path: Path) -> Iterator[Driven]:
    with reviewing(tmp_path) as (session, judging, workspace):
        yield Driven(qtbot, session, judging, workspace)


def test_the_current_dataset_is_shown_with_its_examples(driven: Driven) -> None:
    dialog = driven.dialog
    assert dialog.name.text() == "refunds"
    assert dialog.items.count() == 3
    assert dialog.card.input.toPlainText() == "question 0"
    assert not dialog.use.isVisible()
    assert "3 examples" in dialog.remove.toolTip()


def test_a_new_dataset_is_made_and_shown(driven: Driven) -> None:
    driven.dialog.new_name.setFocus()
    QTest.keyClicks(driven.dialog.new_name, "billing")
    QTest.keyClick(driven.dialog.new_name, Qt.Key.Key_Return)
    driven.settle()
    assert ("billing", 0) in driven.names()
    assert driven.dialog.name.text() == "billing"
    assert driven.dialog._no_items.isVisible()


def test_a_name_that_is_taken_is_refused_in_words(driven: Driven) -> None:
    driven.dialog.new_name.setFocus()
    QTest.keyClicks(driven.dialog.new_name, "Refunds")
    QTest.keyClick(driven.dialog.new_name, Qt.Key.Key_Return)
    assert "another dataset" in driven.dialog._new_fault.text
    driven.settle()
    assert len(driven.names()) == 2


def test_it_is_renamed_in_place(driven: Driven) -> None:
    driven.dialog.name.setFocus()
    driven.dialog.name.selectAll()
    QTest.keyClicks(driven.dialog.name, "returns")
    QTest.keyClick(driven.dialog.name, Qt.Key.Key_Return)
    driven.settle()
    assert ("returns", 3) in driven.names()


def test_removing_says_how_much_goes_and_is_undone(driven: Driven) -> None:
    QTest.mouseClick(driven.dialog.remove, Qt.MouseButton.LeftButton)
    driven.settle()
    assert driven.names() == [("greetings", 0)]
    assert "“refunds” with its 3 examples" in driven.dialog.say.text
    QTest.mouseClick(driven.dialog.undo, Qt.MouseButton.LeftButton)
    driven.settle()
    assert sorted(driven.names()) == [("greetings", 0), ("refunds", 3)]


def test_what_is_expected_is_written_and_saved(driven: Driven) -> None:
    card = driven.dialog.card
    QTest.mouseClick(card.take_output, Qt.MouseButton.LeftButton)
    card.expected.moveCursor(card.expected.textCursor().MoveOperation.End)
    QTest.keyClicks(card.expected, ", politely")
    assert card.save.isEnabled()
    QTest.keyClick(card.expected, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    driven.settle()
    kept = {item.item_id: item.expected for item in driven.workspace.reviews.dataset_items("d")}
    assert kept[ITEMS[0].item_id] == "answer 0, politely"
    assert not card.save.isEnabled()


@pytest.mark.parametrize("leave", ["item", "dataset", "close"])
def test_what_was_written_is_kept_when_one_goes_elsewhere(driven: Driven, leave: str) -> None:
    dialog = driven.dialog
    QTest.keyClicks(dialog.card.expected, "better")
    if leave == "item":
        dialog.items.setCurrentRow(1)
    elif leave == "dataset":
        dialog.list.setCurrentRow(0)
    else:
        dialog.reject()
    driven.settle()
    kept = {item.item_id: item.expected for item in driven.workspace.reviews.dataset_items("d")}
    assert kept[ITEMS[0].item_id] == "better"


def test_an_example_is_removed_and_does_not_come_back_by_what_was_typed(driven: Driven) -> None:
    QTest.keyClicks(driven.dialog.card.expected, "better")
    driven.dialog.items.setFocus()
    QTest.keyClick(driven.dialog.items, Qt.Key.Key_Delete)
    driven.settle()
    assert [item.item_id for item in driven.workspace.reviews.dataset_items("d")] == [i.item_id for i in ITEMS[1:]]
    assert driven.dialog.items.count() == 2


def test_another_one_is_chosen(driven: Driven) -> None:
    chosen: list[object] = []
    driven.dialog.chosen.connect(chosen.append)
    driven.dialog.list.setCurrentRow(0)
    driven.settle()
    QTest.mouseClick(driven.dialog.use, Qt.MouseButton.LeftButton)
    assert chosen == ["g"]
    assert not driven.dialog.isVisible()


def test_without_datasets_the_dialog_says_what_they_are(bare: Driven) -> None:
    assert bare.dialog._nothing.isVisible()
    assert "No dataset yet" in bare.dialog._nothing.title.text()


def test_closing_before_anything_is_read_is_nobodys_trouble(qtbot: QtBot, tmp_path: Path) -> None:
    with reviewing(tmp_path, REFUNDS, *ITEMS) as (session, judging, _):
        dialog = DatasetsDialog(session, judging, "d")
        dialog.show()
        dialog.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qtbot.wait(20)  # an answer that came late would raise in the event loop
        until(qtbot, session, lambda: True)
