"""What tests with widgets may use, and the hunt for what they leave behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tailrace.ui.theme import apply_theme


@pytest.fixture(scope="session", autouse=True)
def _dressed(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")


@pytest.fixture(autouse=True)
def _no_leftovers(qapp: QApplication) -> Iterator[None]:
    before = {id(widget) for widget in QApplication.topLevelWidgets()}
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in before and widget.isVisible()]
    assert not left, (
        f"visible windows are left: {left}. Give them to qtbot.addWidget, or close them; a lambda connected to a "
        "signal keeps its widget alive, a bound method does not."
    )
    threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("tailrace-")]
    assert not threads, f"job threads are left: {threads}. Close the session (or the window) in the test."
