"""Asking who judges."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QWidget


def ask_reviewer(over: QWidget, current: str) -> str:
    """The name that a person gives; the current one when they give none."""
    name, given = QInputDialog.getText(over, "Reviewer", "Your name on verdicts, notes and scores:", text=current)
    return name.strip() if given and name.strip() else current
