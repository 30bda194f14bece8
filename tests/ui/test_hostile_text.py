"""Text from traces is shown letter by letter: never as HTML, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.store.written import make

from tailrace.model import SpanKind, SpanStatus
from tailrace.store.writer import Writer
from tailrace.ui.main_window import MainWindow
from tailrace.ui.theme import tip
from tailrace.workspace import SettingsStore

HOSTILE = '<img src="file:///etc/passwd"><h1>big</h1><a href="http://example.com">x</a>'


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "<b>hostile.tailrace"
    with Writer(path) as writer:
        writer.write(
            [
                make("a" * 16, None, "1" * 32, name=HOSTILE, kind=SpanKind.LLM, model=HOSTILE, session_id=HOSTILE,
                     user_id=HOSTILE, status=SpanStatus.ERROR, status_message=HOSTILE, input=HOSTILE,
                     input_key="input.value", output=HOSTILE, output_key="output.value",
                     attributes={HOSTILE: HOSTILE}, scope_name=HOSTILE, tags=(HOSTILE,)),
            ]
        )  # fmt: skip
        writer.settle()
    return path


def test_no_label_or_tooltip_of_the_window_is_rich_text_of_a_trace(
    qtbot: QtBot, tmp_path: Path, database: Path
) -> None:
    window = MainWindow(SettingsStore(tmp_path / "settings.json"))
    window.resize(1400, 800)
    window.show()
    window.open([database])
    try:
        qtbot.waitUntil(lambda: window.page.trace is not None and not window.session.jobs.busy, timeout=10_000)
        for tab in ("Messages", "Attributes", "Events", "Scores", "Raw"):
            window.page.inspector.open_tab(tab)
            qtbot.wait(20)
            for widget in window.findChildren(QWidget):
                if isinstance(widget, QLabel) and "<" in widget.text():
                    assert widget.textFormat() is Qt.TextFormat.PlainText, widget.text()
                assert "<h1>" not in widget.toolTip(), widget
        qtbot.waitUntil(lambda: not window.session.jobs.busy, timeout=10_000)
    finally:
        window.close()
        window.deleteLater()


def test_a_tooltip_is_bounded_and_says_so() -> None:
    assert tip("") == ""
    assert "&lt;b&gt;" in tip("<b>")
    assert "of 5,000 characters" in tip("x" * 5_000)
