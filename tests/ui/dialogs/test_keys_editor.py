"""The list of all keys: found by name and by pressing, changed without surprises."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox, QPushButton, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from tailrace.ui.commands import COMMANDS, Keys, Menu
from tailrace.ui.dialogs.keys_editor import KeysEditor

_Mod = Qt.KeyboardModifier


class Owner:
    """Answers the editor as whoever keeps the keys does."""

    def __init__(self, editor: KeysEditor) -> None:
        self.own: Keys = {}
        self._editor = editor
        editor.changed.connect(self.take)

    def take(self, own: Keys) -> None:
        self.own = own
        self._editor.show_keys(own)


@pytest.fixture
def editor(qtbot: QtBot) -> KeysEditor:
    made = KeysEditor({})
    qtbot.addWidget(made)
    made.resize(760, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


@pytest.fixture
def owner(editor: KeysEditor) -> Owner:
    return Owner(editor)


def shown(editor: KeysEditor) -> list[str]:
    found: list[str] = []
    for s in range(editor.rows.topLevelItemCount()):
        section = editor.rows.topLevelItem(s)
        assert section is not None
        items: list[QTreeWidgetItem] = [section.child(i) for i in range(section.childCount())]
        found += [item.text(0) for item in items if not item.isHidden()]
    return found


def add(qtbot: QtBot, editor: KeysEditor, command: str, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    """Choose a command and press a key for it."""
    editor.choose(command)
    qtbot.mouseClick(editor.card.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(editor.card.capture.hasFocus)
    qtbot.keyClick(editor.card.capture, key, modifier)


def test_commands_are_found_by_name_by_help_and_by_key(qtbot: QtBot, editor: KeysEditor) -> None:
    qtbot.keyClicks(editor.search, "undo")
    assert shown(editor) == ["Undo"]
    assert editor.words.text == f"1 of {len(COMMANDS)} commands"
    editor.search.setText("split by a field")
    assert shown(editor) == ["Group by…"]
    editor.search.setText("ctrl+shift+z")
    assert shown(editor) == ["Redo"]
    editor.search.setText("qqq")
    assert shown(editor) == []
    assert editor.words.text == "No command matches"


def test_enter_and_down_go_from_the_search_into_the_list(qtbot: QtBot, editor: KeysEditor) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down):
        editor.search.setFocus()
        qtbot.keyClick(editor.search, key)
        assert editor.rows.hasFocus()
    editor.search.setText("undo")
    qtbot.keyClick(editor.rows, Qt.Key.Key_Escape)
    assert editor.search.hasFocus()
    assert editor.search.text() == ""


def test_a_key_is_pressed_to_find_what_it_does(qtbot: QtBot, editor: KeysEditor) -> None:
    qtbot.mouseClick(editor.record, Qt.MouseButton.LeftButton)
    assert editor.press.hasFocus()
    qtbot.keyClick(editor.press, Qt.Key.Key_D)
    assert shown(editor) == ["Thumb down", "Defer", "What differs in the filter", "Pan time"]
    qtbot.keyClick(editor.press, Qt.Key.Key_F12, _Mod.ControlModifier)
    assert shown(editor) == []
    assert editor.words.text == "No command has Ctrl+F12"
    qtbot.keyClick(editor.press, Qt.Key.Key_Escape)
    assert editor.search.hasFocus()
    assert len(shown(editor)) > len(COMMANDS)


def test_keys_are_added_and_removed(qtbot: QtBot, editor: KeysEditor, owner: Owner) -> None:
    add(qtbot, editor, "edit.undo", Qt.Key.Key_U, _Mod.ControlModifier)
    assert owner.own == {"edit.undo": ("Ctrl+Z", "Ctrl+U")}
    assert editor.rows.hasFocus()
    assert [chip.accessibleName() for chip in editor.card.chips] == ["Remove Ctrl+Z", "Remove Ctrl+U"]
    qtbot.mouseClick(editor.card.chips[0], Qt.MouseButton.LeftButton)
    assert owner.own == {"edit.undo": ("Ctrl+U",)}
    qtbot.mouseClick(editor.card.chips[0], Qt.MouseButton.LeftButton)
    assert owner.own == {"edit.undo": ()}
    assert editor.rows.currentItem().text(1) == ""
    qtbot.mouseClick(editor.card.reset, Qt.MouseButton.LeftButton)
    assert owner.own == {}
    assert not editor.card.reset.isVisible()


def test_a_key_that_is_taken_is_asked_about_and_can_be_left(qtbot: QtBot, editor: KeysEditor, owner: Owner) -> None:
    add(qtbot, editor, "edit.undo", Qt.Key.Key_K, _Mod.ControlModifier)
    assert owner.own == {}
    assert editor.card.say.text == "Ctrl+K does “Command palette” now."
    assert editor.card.take.text() == "Take it from “Command palette”"
    assert editor.card.take.hasFocus()
    assert editor.card.take.accessibleDescription() == editor.card.say.text
    qtbot.mouseClick(editor.card.leave, Qt.MouseButton.LeftButton)
    assert owner.own == {}
    assert not editor.card.take.isVisible()
    add(qtbot, editor, "edit.undo", Qt.Key.Key_K, _Mod.ControlModifier)
    qtbot.keyClick(editor.card.take, Qt.Key.Key_Space)
    assert owner.own == {"view.palette": (), "edit.undo": ("Ctrl+Z", "Ctrl+K")}


def test_enter_presses_what_has_the_focus(qtbot: QtBot, editor: KeysEditor, owner: Owner) -> None:
    add(qtbot, editor, "edit.undo", Qt.Key.Key_K, _Mod.ControlModifier)
    assert editor.card.take.hasFocus()
    qtbot.keyClick(editor.card.take, Qt.Key.Key_Return)
    assert owner.own == {"view.palette": (), "edit.undo": ("Ctrl+Z", "Ctrl+K")}
    editor.card.reset.setFocus()
    qtbot.keyClick(editor.card.reset, Qt.Key.Key_Enter, _Mod.KeypadModifier)
    assert owner.own == {"view.palette": ()}
    editor.only_changed.setFocus()
    for key, found in ((Qt.Key.Key_Return, ["Command palette"]), (Qt.Key.Key_Space, None)):
        qtbot.keyClick(editor.only_changed, key)
        assert editor.only_changed.isChecked() is (found is not None)
        assert found is None or shown(editor) == found
    editor.card.add.setFocus()
    qtbot.keyClick(editor.card.add, Qt.Key.Key_Return)
    assert editor.card.capture.hasFocus(), "and it waits for a key, which Enter was not"
    assert not editor.card.capture.text()


def test_a_default_that_another_has_by_now_is_asked_for_back(qtbot: QtBot, editor: KeysEditor, owner: Owner) -> None:
    owner.take({"view.palette": (), "edit.undo": ("Ctrl+K",)})
    editor.choose("view.palette")
    qtbot.mouseClick(editor.card.reset, Qt.MouseButton.LeftButton)
    assert editor.card.say.text == "Ctrl+K: “Undo” has it now."
    qtbot.mouseClick(editor.card.take, Qt.MouseButton.LeftButton)
    assert owner.own == {"edit.undo": ()}


def test_a_key_of_a_view_is_told_and_may_be_used(qtbot: QtBot, editor: KeysEditor, owner: Owner) -> None:
    add(qtbot, editor, "trace.same-session", Qt.Key.Key_W, _Mod.NoModifier)
    assert "Waterfall uses it" in editor.card.say.text
    assert editor.card.take.text() == "Use it all the same"
    qtbot.mouseClick(editor.card.take, Qt.MouseButton.LeftButton)
    assert owner.own == {"trace.same-session": ("W",)}


def test_what_people_need_is_refused_and_escape_and_tab_lead_out(
    qtbot: QtBot, editor: KeysEditor, owner: Owner
) -> None:
    add(qtbot, editor, "edit.undo", Qt.Key.Key_Return, _Mod.NoModifier)
    assert editor.card.say.text.startswith("Return: Enter takes what is chosen")
    assert editor.card.capture.hasFocus()
    qtbot.keyClick(editor.card.capture, Qt.Key.Key_Escape)
    assert not editor.card.capture.isVisible()
    assert editor.rows.hasFocus()
    add(qtbot, editor, "edit.undo", Qt.Key.Key_Tab, _Mod.NoModifier)
    assert not editor.card.capture.isVisible()
    assert owner.own == {}


def test_enter_in_the_list_records_and_views_cannot_be_changed(qtbot: QtBot, editor: KeysEditor) -> None:
    editor.choose("trace.next")
    editor.rows.setFocus()
    qtbot.keyClick(editor.rows, Qt.Key.Key_Return)
    assert editor.card.capture.hasFocus()
    editor.search.setText("pan time")
    view = editor.rows.topLevelItem(len(Menu))
    assert view is not None
    assert view.text(0) == "Waterfall: while it has the focus, fixed"
    editor.rows.setCurrentItem(view.child(4))
    assert editor.card.say.text == "A key of one view: it cannot be changed."
    assert not editor.card.add.isVisible()


def test_changed_ones_are_marked_and_all_go_back_when_asked(qtbot: QtBot, editor: KeysEditor, owner: Owner) -> None:
    assert not editor.reset_all.isEnabled()
    owner.take({"trace.next": ("F12",), "edit.undo": ()})
    qtbot.mouseClick(editor.only_changed, Qt.MouseButton.LeftButton)
    assert shown(editor) == ["Undo", "Next trace"]
    assert editor.words.text == f"2 of {len(COMMANDS)} commands · 2 changed"
    assert editor.rows.currentItem().data(0, Qt.ItemDataRole.AccessibleDescriptionRole).endswith("Changed")
    for answer, left in ((QMessageBox.StandardButton.Cancel, 2), (QMessageBox.StandardButton.Reset, 0)):
        qtbot.mouseClick(editor.reset_all, Qt.MouseButton.LeftButton)
        box = editor.findChild(QMessageBox)
        assert isinstance(box, QMessageBox)
        assert "2 commands" in box.text()
        box.button(answer).click()
        assert len(owner.own) == left
        box.deleteLater()
    assert shown(editor) == []
    assert editor.words.text == "No command has changed keys"


def test_two_commands_with_one_key_are_told(editor: KeysEditor, owner: Owner) -> None:
    owner.take({"edit.undo": ("Ctrl+K",)})
    editor.choose("view.palette")
    assert editor.card.say.text == "Ctrl+K is also a key of “Undo”: as it stands, neither fires."


def test_all_of_it_has_names_and_is_reached_by_tab(qtbot: QtBot, editor: KeysEditor) -> None:
    editor.choose("file.refresh")
    parts = [w for w in editor.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    named = [w.accessibleName() or (w.text() if isinstance(w, QAbstractButton | QPushButton) else "") for w in parts]
    assert all(named), [repr(part) for part, name in zip(parts, named, strict=True) if not name]
    editor.search.setFocus()
    visited: list[QWidget | None] = []
    for _ in range(len(parts)):
        visited.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    wanted = (editor.search, editor.record, editor.only_changed, editor.rows, *editor.card.chips, editor.card.add)
    assert tuple(visited[: len(wanted)]) == wanted
