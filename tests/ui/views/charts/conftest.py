"""Cards in sight."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.views.charts.made import Make

from tailrace.model.dashboard import ChartKind
from tailrace.ui.theme import apply_theme
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.values import Content


@pytest.fixture
def make_card(qtbot: QtBot, qapp: QApplication) -> Iterator[Make]:
    """Cards of 524 x 240 pixels, dark: the drawing is 500 wide."""
    apply_theme(qapp, "dark")

    def make(kind: ChartKind, content: Content) -> ChartCard:
        card = ChartCard(kind)
        qtbot.addWidget(card)
        card.resize(524, 240)
        card.show_content(content)
        with qtbot.waitExposed(card):
            card.show()
        return card

    yield make
    apply_theme(qapp, "dark")
