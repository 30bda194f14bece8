"""What tests with widgets may use, and the hunt for what they leave behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.store.written import make
from tests.ui.driving import SECOND, START, idle

from tailrace.model import SpanKind, SpanStatus
from tailrace.store.writer import Writer
from tailrace.ui.app import Application
from tailrace.ui.main_window import MainWindow
from tailrace.ui.theme import apply_theme
from tailrace.workspace import SettingsStore


@pytest.fixture(scope="session")
def qapp_cls() -> type[Application]:
    """The application that pytest-qt makes."""
    return Application


@pytest.fixture(scope="session", autouse=True)
def _dressed(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")


@pytest.fixture(scope="module", autouse=True)
def _settled(_dressed: None) -> None:
    # what is there before a module's tests is no garbage of theirs: looking through it after each took most of the time
    gc.collect()
    gc.freeze()


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


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Forty traces; every fourth has a failing tool; the first is 40 minutes older than the last."""
    path = tmp_path / "support.tailrace"
    with Writer(path) as writer:
        spans = []
        for i in range(40):
            trace_id, begin = f"{i + 1:032x}", START + i * 60 * SECOND
            failed = SpanStatus.ERROR if i % 4 == 0 else SpanStatus.OK
            question = f"Where is my order {i}?"
            asked = f'[{{"role":"user","parts":[{{"type":"text","content":"{question}"}}]}}]'
            spans += [
                make("a" * 16, None, trace_id, name="support_agent.run", kind=SpanKind.AGENT, start_ns=begin,
                     end_ns=begin + (i + 1) * SECOND, session_id=f"s-{i % 5}", input=question, input_key="input.value"),
                make("b" * 16, "a" * 16, trace_id, name="chat gpt-4o", kind=SpanKind.LLM, model="gpt-4o",
                     start_ns=begin, end_ns=begin + SECOND // 2, input=asked, input_key="gen_ai.input.messages"),
                make("c" * 16, "a" * 16, trace_id, name="lookup_order", kind=SpanKind.TOOL, tool_name="lookup_order",
                     start_ns=begin + SECOND // 2, end_ns=begin + SECOND, status=failed),
            ]  # fmt: skip
        writer.write(spans)
        writer.settle()
        writer.index()
    return path


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[Path], MainWindow]]:
    windows: list[MainWindow] = []

    def open_(path: Path) -> MainWindow:
        window = MainWindow(SettingsStore(tmp_path / "settings.json"))
        windows.append(window)
        window.judging.author = "ada"
        window.resize(1400, 800)
        with qtbot.waitActive(window):
            window.show()
        window.open([path])
        qtbot.waitUntil(lambda: window.page.model.rowCount() > 0, timeout=20_000)
        qtbot.waitUntil(lambda: idle(window), timeout=20_000)
        return window

    yield open_
    for window in windows:
        window.close()
        window.deleteLater()
