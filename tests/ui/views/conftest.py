"""An inspector in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tailrace.ui.theme import apply_theme
from tailrace.ui.views.inspector import InspectorView


@pytest.fixture
def inspector(qtbot: QtBot, qapp: QApplication) -> Iterator[InspectorView]:
    """An inspector in sight, dark, as wide as in the window."""
    apply_theme(qapp, "dark")
    view = InspectorView()
    qtbot.addWidget(view)
    view.resize(430, 860)
    with qtbot.waitExposed(view):
        view.show()
    yield view
    apply_theme(qapp, "dark")


@pytest.fixture
def shown_texts() -> Callable[[InspectorView], list[str]]:
    """What the cards of the Messages tab say, in order."""

    def read(view: InspectorView) -> list[str]:
        return [
            block.body.toPlainText().replace("\u2028", "\n")
            for card in view.messages.column.card_views()
            for block in card.blocks
        ]

    return read
