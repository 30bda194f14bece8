"""Tones as colours of the theme in force."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from tailrace.ui.theme import Tokens
from tailrace.ui.views.controls import mixed

_DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)


def colour_of(theme: Tokens, tone: str, place: int = 0) -> QColor:
    """The colour of a tone; of an empty one that of its place among its siblings, paler in each further round."""
    if not tone:
        tone = f"series:{place}"
    name, _, number = tone.partition(":")
    if name == "series" and number.isdecimal():
        lap, index = divmod(int(number), len(theme.series))
        colour = theme.series[index]
        return mixed(colour, theme.panel, (1.0, 0.62, 0.8)[lap % 3]) if lap else QColor(colour)
    found = getattr(theme, name, None)
    return QColor(found if isinstance(found, str) and found.startswith("#") else theme.text)


def pen_of(theme: Tokens, tone: str, place: int, width: float = 1.6) -> QPen:
    """The pen of a line: from the ninth on lines are dashed, so that they differ from those of the same colour."""
    pen = QPen(colour_of(theme, tone, place), width)
    name, _, number = (tone or f"series:{place}").partition(":")
    lap = int(number) // len(theme.series) if name == "series" and number.isdecimal() else 0
    pen.setStyle(_DASHES[lap % len(_DASHES)])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if lap else Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
