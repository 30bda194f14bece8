"""The fonts that Tailrace carries, so that a machine without any shows text all the same."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from tailrace.assets import asset

UI_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"


@cache
def load_fonts() -> None:
    """Make the carried fonts known to Qt. Needs a QGuiApplication; does its work once."""
    for path in sorted(asset("fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(path))


def ui_font(pixels: int = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface's font with figures of one width, so that columns of numbers line up."""
    font = QFont(UI_FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mono_font(pixels: int = 12) -> QFont:
    """The font for JSON, ids and queries. Without ligatures: `>=` is two characters that a person types."""
    font = QFont(MONO_FAMILY)
    for ligatures in ("calt", "liga"):
        font.setFeature(QFont.Tag(ligatures), 0)
    font.setPixelSize(pixels)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font
