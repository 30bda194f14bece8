"""Text from elsewhere as text: Qt takes a tooltip or label that looks like HTML for HTML."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QWidget

MOST = 2_000


def tip(text: str) -> str:
    """A tooltip that shows `text` letter by letter, and no more of it than can be read there."""
    shown = text if len(text) <= MOST else f"{text[:MOST]}…\n(the first {MOST:,} of {len(text):,} characters)"
    return f"<p style='white-space: pre-wrap'>{escape(shown)}</p>" if shown else ""


def give_tip(widget: QWidget, text: str) -> None:
    """Give a widget `text` as its tooltip. Qt takes the tooltip for the description too: a screen reader would read
    the markup out."""
    widget.setToolTip(tip(text))
    widget.setAccessibleDescription("" if text == widget.accessibleName() else text[:MOST])
