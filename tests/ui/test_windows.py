"""Several windows on several databases."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tailrace.ui.app.windows import Windows
from tailrace.workspace import SettingsStore


def test_a_window_can_be_closed_at_any_moment_and_the_other_goes_on(
    qtbot: QtBot, tmp_path: Path, database: Path
) -> None:
    windows = Windows(SettingsStore(tmp_path / "settings.json"))
    stays = windows.add([database])
    qtbot.waitUntil(lambda: stays.page.model.rowCount() == 40, timeout=10_000)
    for wait in (0, 5, 30, 80, 200):
        goes = windows.add([database])
        qtbot.wait(wait)
        goes.close()
        qtbot.waitUntil(lambda goes=goes: not isValid(goes), timeout=5_000)
    stays.page.step_trace(1)
    qtbot.waitUntil(lambda: not stays.session.jobs.busy and not stays.page.is_waiting, timeout=10_000)
    assert stays.page.trace is not None
    windows.report(ValueError("a bug"))
    assert "a bug" in stays.messages.text
    stays.close()
    qtbot.waitUntil(lambda: not isValid(stays), timeout=5_000)


def test_without_a_file_a_window_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    window = Windows(SettingsStore(tmp_path / "settings.json")).add()
    qtbot.wait(100)
    assert window.welcome.isVisible()
    window.close()
    qtbot.waitUntil(lambda: not isValid(window), timeout=5_000)
