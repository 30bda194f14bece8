"""The dialog of score definitions, driven as a person drives it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tailrace.model.review import Change, DefinitionKind, Put, Removal, ScoreDefinition
from tailrace.ui.dialogs.score_definitions import ScoreDefinitionsDialog

HELP = ScoreDefinition("h", "helpfulness", DefinitionKind.NUMBER, "how far", True, position=0)
TONE = ScoreDefinition("t", "tone", DefinitionKind.CATEGORY, options=("good", "bad"), position=1)


@pytest.fixture
def dialog(qtbot: QtBot) -> ScoreDefinitionsDialog:
    made = ScoreDefinitionsDialog([TONE, HELP], {"helpfulness": 34}, "ada")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def heard(dialog: ScoreDefinitionsDialog) -> list[tuple[Change, ...]]:
    found: list[tuple[Change, ...]] = []
    dialog.changed.connect(found.append)
    return found


def retype(field: QLineEdit, text: str) -> None:
    field.selectAll()
    QTest.keyClicks(field, text)


def test_definitions_are_listed_in_their_order_with_the_first_one_on_show(dialog: ScoreDefinitionsDialog) -> None:
    assert [dialog.list.item(row).text() for row in range(2)] == ["helpfulness", "tone"]
    assert dialog.name.text() == "helpfulness"
    assert dialog.given.isVisible()
    assert dialog.given.text.startswith("34 scores were given so far")


def test_editing_says_that_given_scores_stay(dialog: ScoreDefinitionsDialog) -> None:
    retype(dialog.high, "5")
    assert dialog.given.text.startswith("34 scores were given under the former form")
    dialog.list.setCurrentRow(1)
    assert not dialog.given.isVisible()


def test_saving_without_an_edit_changes_nothing(dialog: ScoreDefinitionsDialog) -> None:
    found = heard(dialog)
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert found == []
    assert not dialog.isVisible()


def test_a_new_score_is_made_from_the_keyboard(dialog: ScoreDefinitionsDialog) -> None:
    found = heard(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(dialog.name, "follows policy")
    QTest.mouseClick(dialog.kind.button("yes/no"), Qt.MouseButton.LeftButton)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    ((put,),) = found
    assert isinstance(put, Put)
    assert isinstance(put.record, ScoreDefinition)
    assert (put.record.name, put.record.kind, put.record.position) == ("follows policy", DefinitionKind.YES_NO, 2)


@pytest.mark.parametrize(("name", "words"), [("note", "meaning of its own"), ("Tone", "another score")])
def test_what_is_wrong_is_said_beside_the_field_and_not_saved(
    dialog: ScoreDefinitionsDialog, name: str, words: str
) -> None:
    found = heard(dialog)
    retype(dialog.name, name)
    assert words in dialog.faults["name"].text
    assert dialog.faults["name"].isVisible()
    dialog.list.setCurrentRow(1)
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert found == []
    assert dialog.isVisible()
    assert dialog.list.currentRow() == 0


def test_only_what_belongs_to_a_kind_is_asked(dialog: ScoreDefinitionsDialog) -> None:
    assert dialog.low.isVisible()
    assert not dialog.options.isVisible()
    QTest.mouseClick(dialog.kind.button("category"), Qt.MouseButton.LeftButton)
    assert not dialog.low.isVisible()
    assert dialog.options.isVisible()
    assert dialog.faults["options"].isVisible()


def test_order_and_removal_are_saved_together(dialog: ScoreDefinitionsDialog) -> None:
    found = heard(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [dialog.list.item(row).text() for row in range(2)] == ["tone", "helpfulness"]
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    ((gone, moved),) = found
    assert gone == Removal(ScoreDefinition, "h")
    assert isinstance(moved, Put)
    assert isinstance(moved.record, ScoreDefinition)
    assert (moved.record.name, moved.record.position) == ("tone", 0)


def test_without_scores_the_dialog_says_what_they_are_for(qtbot: QtBot) -> None:
    made = ScoreDefinitionsDialog([], {}, "ada")
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    assert made._empty.isVisible()
    assert not made.remove.isEnabled()
