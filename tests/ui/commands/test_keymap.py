"""What stands against a key for a command, and what taking it changes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from tailrace.ui.commands import BY_ID, COMMANDS, VIEW_KEYS, Command
from tailrace.ui.commands.keymap import (
    canonical,
    collisions,
    judge,
    keys_of,
    pressed,
    refusal,
    taken_over,
    with_keys,
)

UNDO, NEXT = BY_ID["edit.undo"], BY_ID["trace.next"]
_Mod = Qt.KeyboardModifier


def titles(commands: tuple[Command, ...]) -> list[str]:
    return [command.title for command in commands]


@pytest.mark.parametrize("key", ["Escape", "Tab", "Shift+Tab", "Return", "Enter", "Up", "PgDown", "Home", "Space", ""])
def test_no_key_can_be_taken_that_people_need_to_find_their_way(key: str) -> None:
    assert refusal(key, UNDO)
    assert judge(key, UNDO, {}).refused


def test_default_keys_can_all_be_taken_by_their_commands() -> None:
    assert [(c.id, key) for c in COMMANDS for key in c.keys if refusal(key, c)] == []
    assert collisions({}) == []


def test_a_free_key_is_free_and_one_of_another_command_is_told() -> None:
    assert judge("Ctrl+Shift+F12", UNDO, {}, "linux").is_free
    assert titles(judge("Ctrl+K", UNDO, {}).taken) == ["Command palette"]
    assert judge("Ctrl+Z", UNDO, {}).refused  # it has it already


def test_commands_of_two_pages_may_share_a_key_and_one_of_all_pages_meets_both() -> None:
    assert titles(judge("P", NEXT, {}).taken) == []  # pass, on the Review page
    found = titles(judge("N", UNDO, {}).taken)
    assert found == ["Write a note", "Note what went wrong"]


def test_keys_of_views_are_told_within_their_page_alone() -> None:
    (told,) = judge("W", NEXT, {}).told
    assert told == "Waterfall uses it while it has the focus: zoom time in and out."
    assert not judge("W", BY_ID["monitor.live"], {}).told
    assert any("Inspector" in one for one in judge("Ctrl+Tab", UNDO, {}, "linux").told)


def test_view_keys_are_keys_that_qt_knows_or_gestures() -> None:
    gestures = ("wheel", "rag", "lick")
    lost = [key for view in VIEW_KEYS for keys, _ in view.lines for key in keys.split("  ") if not canonical(key)]
    assert [key for key in lost if not any(gesture in key for gesture in gestures)] == []


@pytest.mark.parametrize(
    ("key", "platform", "words"),
    [
        ("Alt+F4", "linux", "closes the window"),
        ("Alt+F4", "win32", "Windows closes the window"),
        ("Meta+D", "linux", "Windows key"),
        ("Ctrl+H", "darwin", "macOS hides the program"),
        ("Ctrl+Alt+Q", "win32", "AltGr"),
        ("Alt+F", "linux", "opens the menu File"),
    ],
)
def test_keys_that_the_system_takes_are_told(key: str, platform: str, words: str) -> None:
    assert any(words in one for one in judge(key, BY_ID["monitor.live"], {}, platform).told)
    assert judge("Ctrl+Alt+Q", UNDO, {}, "darwin").is_free


def test_a_key_that_writes_is_told_to_sleep_in_fields() -> None:
    assert judge("Q", UNDO, {}).note
    assert not judge("Ctrl+Q", NEXT, {}).note


def test_taking_a_key_over_takes_it_from_whoever_has_it_there_and_from_nobody_else() -> None:
    own = taken_over({}, NEXT, "E")
    assert keys_of("trace.next", own) == ("J", "E")
    assert keys_of("span.next-error", own) == ()
    assert keys_of("monitor.edit-chart", own) == ("E",)  # another page
    assert collisions(own) == []


def test_default_keys_are_not_kept() -> None:
    own = with_keys({}, NEXT, ("J", "F12"))
    assert own == {"trace.next": ("J", "F12")}
    assert with_keys(own, NEXT, ("J",)) == {}
    assert with_keys({}, NEXT, ()) == {"trace.next": ()}


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "named"),
    [
        (Qt.Key.Key_Question, _Mod.ShiftModifier, "?", "?"),
        (Qt.Key.Key_E, _Mod.ShiftModifier, "E", "Shift+E"),
        (Qt.Key.Key_K, _Mod.ControlModifier, "\x0b", "Ctrl+K"),
        (Qt.Key.Key_5, _Mod.KeypadModifier, "5", "5"),
        (Qt.Key.Key_Backtab, _Mod.ShiftModifier, "", "Shift+Tab"),
        (Qt.Key.Key_Control, _Mod.ControlModifier, "", ""),
        (Qt.Key.Key_F5, _Mod.AltModifier | _Mod.ShiftModifier, "", "Alt+Shift+F5"),
    ],
)
def test_a_key_press_is_named_as_keys_are_kept(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, named: str
) -> None:
    assert pressed(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)) == named
