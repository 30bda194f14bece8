"""Which drawing belongs to which kind of chart. The plotting library loads with the first chart that needs it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from tailrace.model.dashboard import ChartKind
from tailrace.ui.views.charts.body import Body


def make_body(kind: ChartKind, parent: QWidget) -> Body:
    """The drawing of a kind, still empty."""
    return Body(parent)
