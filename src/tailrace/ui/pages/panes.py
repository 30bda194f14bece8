"""Going from pane to pane by key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

Pane = tuple[QWidget, QWidget]  # a pane, and what of it takes the focus


def step_pane(panes: Sequence[Pane], by: int) -> None:
    """Give the focus to the next (+1) or previous (-1) pane in sight, from the one that has it."""
    shown = [(pane, entrance) for pane, entrance in panes if entrance.isVisible() and entrance.isEnabled()]
    if not shown:
        return
    at = QApplication.focusWidget()
    here = [n for n, (pane, _) in enumerate(shown) if at is not None and (pane is at or pane.isAncestorOf(at))]
    number = (here[0] + by) % len(shown) if here else 0 if by > 0 else -1
    shown[number][1].setFocus(Qt.FocusReason.TabFocusReason)
