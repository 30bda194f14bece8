"""Which keys carry out which command as the person has set them, and what stands against one more."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from tailrace.ui.commands.catalogue import BY_ID, COMMANDS, Command, Menu
from tailrace.ui.commands.view_keys import VIEW_KEYS

Keys: TypeAlias = Mapping[str, tuple[str, ...]]  # command -> its keys, for those the person has changed

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText
_Mod = Qt.KeyboardModifier
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
_DEAD = (
    *(Qt.Key.Key_unknown, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock, Qt.Key.Key_Super_L),
    *(Qt.Key.Key_Super_R, Qt.Key.Key_Hyper_L, Qt.Key.Key_Hyper_R, Qt.Key.Key_Mode_switch, Qt.Key.Key_Multi_key),
)
# Keys without which nobody finds their way, and why
_KEPT: dict[str, str] = {
    "Esc": "Escape leads out of fields, menus and dialogs, so it stays free.",
    "Tab": "Tab leads from one control to the next, so it stays free.",
    "Shift+Tab": "Shift+Tab leads back to the control before, so it stays free.",
    "Backtab": "Shift+Tab leads back to the control before, so it stays free.",
    "Shift+Backtab": "Shift+Tab leads back to the control before, so it stays free.",
    "Return": "Enter takes what is chosen, in lists, fields and dialogs, so it stays free.",
    "Enter": "Enter takes what is chosen, in lists, fields and dialogs, so it stays free.",
    **dict.fromkeys(
        ("Up", "Down", "Left", "Right", "PgUp", "PgDown", "Home", "End"),
        "It moves in lists, texts and charts, so it stays free.",
    ),
}
_LINUX = {
    "Alt+F4": "closes the window", "Alt+Tab": "goes to another window", "Alt+Shift+Tab": "goes to another window",
    "Alt+Esc": "goes to another window", "Alt+Space": "opens the window's menu", "Alt+F1": "opens the desktop's menu",
    "Alt+F2": "asks for a program to run", "Alt+F7": "moves the window", "Alt+F8": "resizes the window",
    "F10": "opens the menu bar", "Shift+F10": "opens the context menu", "Menu": "opens the context menu",
    "Print": "takes a picture of the screen",
}  # fmt: skip
_WINDOWS = {
    "Alt+F4": "closes the window", "Alt+Tab": "goes to another window", "Alt+Esc": "goes to another window",
    "Alt+Space": "opens the window's menu", "Ctrl+Esc": "opens the Start menu",
    "Ctrl+Shift+Esc": "opens the Task Manager", "F10": "opens the menu bar", "Shift+F10": "opens the context menu",
    "Menu": "opens the context menu", "Print": "takes a picture of the screen",
}  # fmt: skip
_MAC = {
    "Ctrl+Tab": "goes to another program", "Ctrl+Space": "opens Spotlight", "Meta+Space": "changes the input source",
    "Ctrl+H": "hides the program", "Ctrl+M": "minimises the window", "Ctrl+Alt+Esc": "forces programs to quit",
    "Meta+Up": "opens Mission Control", "Meta+Down": "shows the program's windows",
    "Meta+Left": "goes to another space", "Meta+Right": "goes to another space", "F11": "shows the desktop",
    "Ctrl+`": "goes to the program's next window",
}  # fmt: skip
_TAKEN = {"win32": _WINDOWS, "darwin": _MAC}


@dataclass(frozen=True, slots=True)
class Judged:
    """What stands against a key for a command: `refused` says why it cannot be taken at all; `taken` are commands that
    have it where this one can be done; `told` are sentences of what else happens on it; `note` is of less weight."""

    refused: str = ""
    taken: tuple[Command, ...] = ()
    told: tuple[str, ...] = ()
    note: str = ""

    @property
    def is_free(self) -> bool:
        """Whether it can be taken without a question."""
        return not (self.refused or self.taken or self.told)


def keys_of(command_id: str, own: Keys) -> tuple[str, ...]:
    """The keys of a command as the person has set them; the first is shown."""
    keys = own.get(command_id)
    return BY_ID[command_id].keys if keys is None else keys


def written(key: str) -> str:
    """A portable key as people read it on this system."""
    return QKeySequence(key).toString(_NATIVE)


@lru_cache(maxsize=2048)
def canonical(key: str) -> str:
    """A key in the one way that it is kept; empty where it is none, or more than one after another."""
    sequence = QKeySequence(key)
    if sequence.count() != 1 or _first(sequence).key() in (*_DEAD, *_MODIFIERS):
        return ""
    return sequence.toString(_PORTABLE)


def pressed(event: QKeyEvent) -> str:
    """The key that a key press is, as it is kept; empty while only Shift, Ctrl, Alt are held."""
    key = event.key()
    if key in _MODIFIERS or key in _DEAD or key <= 0:
        return ""
    modifiers = event.modifiers() & (_Mod.ShiftModifier | _Mod.ControlModifier | _Mod.AltModifier | _Mod.MetaModifier)
    text = event.text()
    if modifiers & _Mod.ShiftModifier and text and text[0].isprintable() and not text[0].isalnum() and text != " ":
        modifiers &= ~_Mod.ShiftModifier  # it is needed to write that character: ? is no Shift+?
    if key == Qt.Key.Key_Backtab:
        key = Qt.Key.Key_Tab
    return QKeySequence(modifiers.value | key).toString(_PORTABLE)


def judge(key: str, command: Command, own: Keys, platform: str = sys.platform) -> Judged:
    """What stands against a key for a command, beside the keys that it has."""
    if refused := refusal(key, command):
        return Judged(refused=refused)
    key = canonical(key)
    if key in map(canonical, keys_of(command.id, own)):
        return Judged(refused=f"“{command.title}” has this key already.")
    told = [*_told_by_system(key, platform), *_told_by_views(key, command)]
    note = "It writes a character: while you type in a field it does nothing else." if writes(key) else ""
    return Judged(taken=tuple(having(key, command, own)), told=tuple(told), note=note)


def refusal(key: str, command: Command) -> str:
    """Why a command cannot have a key at all; empty where it can."""
    key = canonical(key)
    if not key:
        return "That is no key that a command can have."
    if key == "Space" and "Space" not in command.keys:
        return "Space presses the control that has the focus, so it stays free."
    return _KEPT.get(key, "")


def having(key: str, command: Command, own: Keys) -> Iterable[Command]:
    """The other commands with a key that can be done where `command` can."""
    for other in COMMANDS:
        if other.id != command.id and other.meets(command) and key in map(canonical, keys_of(other.id, own)):
            yield other


def writes(key: str) -> bool:
    """Whether a key types a character."""
    combination = _first(QKeySequence(key))
    plain = combination.keyboardModifiers() in (_Mod.NoModifier, _Mod.ShiftModifier)
    return plain and combination.key() < Qt.Key.Key_Escape


def with_keys(own: Keys, command: Command, keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The person's keys with other ones for a command; its default ones need not be kept."""
    kept = tuple(dict.fromkeys(filter(None, map(canonical, keys))))
    changed = {name: one for name, one in own.items() if name != command.id}
    return changed if kept == tuple(map(canonical, command.keys)) else {**changed, command.id: kept}


def taken_over(own: Keys, command: Command, key: str) -> dict[str, tuple[str, ...]]:
    """The person's keys with one more for a command, taken from all that have it where this one can be done."""
    key = canonical(key)
    for other in tuple(having(key, command, own)):
        own = with_keys(own, other, [one for one in keys_of(other.id, own) if canonical(one) != key])
    return with_keys(own, command, (*keys_of(command.id, own), key))


def collisions(own: Keys) -> list[tuple[str, Command, Command]]:
    """Keys that do two things on a page: after defaults have come back, or from a file."""
    return [
        (key, one, other)
        for place, one in enumerate(COMMANDS)
        for key in map(canonical, keys_of(one.id, own))
        for other in COMMANDS[place + 1 :]
        if other.meets(one) and key in map(canonical, keys_of(other.id, own))
    ]


def _first(sequence: QKeySequence) -> QKeyCombination:
    return sequence[0]  # type: ignore[index, no-any-return]  # missing from the stubs


def _told_by_system(key: str, platform: str) -> list[str]:
    told: list[str] = []
    where = {"win32": "Windows", "darwin": "macOS"}.get(platform, "The desktop")
    if (does := _TAKEN.get(platform, _LINUX).get(key)) is not None:
        told.append(f"{where} {does} on it, so it may never arrive here.")
    elif platform != "darwin" and "Meta" in key.split("+"):
        told.append(f"{where} keeps keys with the Windows key for itself, so it may never arrive here.")
    elif platform != "darwin" and {"Ctrl", "Alt"} <= set(key.split("+")):
        told.append("Ctrl+Alt is what AltGr sends on many keyboards: it may write a character instead.")
    if platform != "darwin":
        for menu in Menu:
            if key == f"Alt+{menu.value[menu.value.index('&') + 1].upper()}":
                told.append(f"It opens the menu {menu.value.replace('&', '')}.")
    return told


def _told_by_views(key: str, command: Command) -> list[str]:
    told: list[str] = []
    for view in VIEW_KEYS:
        if view.in_text or (view.page and command.page and view.page != command.page):
            continue
        for keys, does in view.lines:
            if key in map(canonical, keys.split("  ")):
                told.append(f"{view.title} uses it while it has the focus: {does[0].lower()}{does[1:]}.")
    return told
