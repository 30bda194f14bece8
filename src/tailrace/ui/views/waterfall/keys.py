"""Which key of the waterfall a key press is. W, A, S and D are places on the keyboard, the others are characters."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent


class Step(Enum):
    """What a plain key asks the waterfall to do."""

    ZOOM_IN = "zoom in"
    ZOOM_OUT = "zoom out"
    PAN_LEFT = "pan left"
    PAN_RIGHT = "pan right"
    FIT = "fit"
    UP = "up"
    DOWN = "down"
    PAGE_UP = "page up"
    PAGE_DOWN = "page down"
    FIRST = "first"
    LAST = "last"
    LEFT = "left"
    RIGHT = "right"
    COLLAPSE_ALL = "collapse all"
    EXPAND_ALL = "expand all"
    NEXT_ERROR = "next error"
    PREVIOUS_ERROR = "previous error"
    ACTIVATE = "activate"
    WIDER_NAMES = "wider names"
    NARROWER_NAMES = "narrower names"


_PLACES = (Step.ZOOM_IN, Step.PAN_LEFT, Step.ZOOM_OUT, Step.PAN_RIGHT)  # W A S D
_EVDEV = dict(zip((25, 38, 39, 40), _PLACES, strict=True))
_SCAN_CODES = {
    "xcb": _EVDEV,
    "wayland": _EVDEV,
    "windows": dict(zip((0x11, 0x1E, 0x1F, 0x20), _PLACES, strict=True)),
}
# E and F are characters, but a keyboard that writes another script has them only as places.
_LETTERS = (Qt.Key.Key_E, Qt.Key.Key_F)
_LETTER_CODES = {
    "xcb": dict(zip((26, 41), _LETTERS, strict=True)),
    "wayland": dict(zip((26, 41), _LETTERS, strict=True)),
    "windows": dict(zip((0x12, 0x21), _LETTERS, strict=True)),
}
_BEYOND_LATIN = 0x250
_COCOA = dict(zip((13, 0, 1, 2), _PLACES, strict=True))  # virtual keys are places there

_KEYS: dict[int, Step] = {
    Qt.Key.Key_W: Step.ZOOM_IN,
    Qt.Key.Key_S: Step.ZOOM_OUT,
    Qt.Key.Key_A: Step.PAN_LEFT,
    Qt.Key.Key_D: Step.PAN_RIGHT,
}
_PLAIN: dict[int, Step] = {
    Qt.Key.Key_F: Step.FIT,
    Qt.Key.Key_E: Step.NEXT_ERROR,
    Qt.Key.Key_Up: Step.UP,
    Qt.Key.Key_Down: Step.DOWN,
    Qt.Key.Key_PageUp: Step.PAGE_UP,
    Qt.Key.Key_PageDown: Step.PAGE_DOWN,
    Qt.Key.Key_Home: Step.FIRST,
    Qt.Key.Key_End: Step.LAST,
    Qt.Key.Key_Left: Step.LEFT,
    Qt.Key.Key_Right: Step.RIGHT,
    Qt.Key.Key_Return: Step.ACTIVATE,
    Qt.Key.Key_Enter: Step.ACTIVATE,
}
_SHIFTED: dict[int, Step] = {
    Qt.Key.Key_E: Step.PREVIOUS_ERROR,
    Qt.Key.Key_Left: Step.NARROWER_NAMES,
    Qt.Key.Key_Right: Step.WIDER_NAMES,
}


def step_of(event: QKeyEvent) -> Step | None:
    """What a key press asks for, None when it is not the waterfall's."""
    # brackets need AltGr on many keyboards, so the character decides and modifiers do not
    if event.text() == "[":
        return Step.COLLAPSE_ALL
    if event.text() == "]":
        return Step.EXPAND_ALL
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    platform = QGuiApplication.platformName()
    key = event.key()  # not every character's key is a member of Qt.Key
    if _BEYOND_LATIN <= key < Qt.Key.Key_Escape:
        key = _LETTER_CODES.get(platform, {}).get(event.nativeScanCode(), key)
    if modifiers == Qt.KeyboardModifier.ShiftModifier and key in _SHIFTED:
        return _SHIFTED[key]
    if modifiers != Qt.KeyboardModifier.NoModifier:
        return None
    if platform == "cocoa":
        place = _COCOA.get(event.nativeVirtualKey())
        return place or _PLAIN.get(key)
    codes = _SCAN_CODES.get(platform)
    if codes is not None and event.nativeScanCode():
        return codes.get(event.nativeScanCode()) or _PLAIN.get(key)
    return _KEYS.get(key) or _PLAIN.get(key)
