"""About: facts for the report of a bug, and the licences of what is bundled, as installed or as packed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tailrace import __version__, assets
from tailrace.jobs import JobRunner
from tailrace.ui.dialogs.about import AboutBox
from tailrace.ui.dialogs.licences import LicenceSheet
from tailrace.ui.models.session import Relay
from tailrace.workspace import data_folder
from tailrace.workspace.licences import carried_licences


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[JobRunner]:
    relay = Relay()
    runner = JobRunner(relay.deliver)
    yield runner
    relay.close()
    runner.close()


def test_the_facts_can_be_copied_for_the_report_of_a_bug(qtbot: QtBot, jobs: JobRunner) -> None:
    box = AboutBox(jobs)
    qtbot.addWidget(box)
    box.show()
    qtbot.waitUntil(lambda: "…" not in box.facts.toPlainText(), timeout=10_000)
    QApplication.clipboard().clear()
    qtbot.mouseClick(box.copy, Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().text()
    for fact in (__version__, qVersion(), str(data_folder()), "SQLite", "settings.json"):
        assert fact in copied
    box.facts.selectAll()
    assert box.facts.textCursor().selectedText(), "any part of it can be selected"


def test_closing_it_before_it_has_looked_is_harmless(qtbot: QtBot, jobs: JobRunner) -> None:
    box = AboutBox(jobs)
    box.show()
    box.close()
    qtbot.waitUntil(lambda: not jobs.busy, timeout=10_000)


def test_every_component_of_an_installation_has_a_text(qtbot: QtBot, jobs: JobRunner) -> None:
    sheet = LicenceSheet(jobs)
    qtbot.addWidget(sheet)
    sheet.show()
    qtbot.waitUntil(lambda: sheet.names.count() > 0, timeout=10_000)
    names = [sheet.names.item(row).text().partition(" ")[0].lower() for row in range(sheet.names.count())]
    assert names[0] == "tailrace"
    for wanted in ("pyside6_essentials", "shiboken6", "duckdb", "numpy", "orjson", "inter", "lucide"):
        assert wanted in names
    assert "pytest" not in names, "only what is needed to run"
    assert "Permission is hereby granted" in sheet.text.toPlainText()
    sheet.names.setFocus()
    qtbot.keyClick(sheet.names, Qt.Key.Key_Down)
    assert sheet.text.toPlainText().startswith(sheet.names.item(1).text().split()[0])
    assert all(licence.text for licence in carried_licences())
    sheet.resize(sheet.minimumSizeHint().width(), 400)
    assert sheet.width() <= 900
    sheet.text.setPlainText("\n".join(["m" * 80] * 100))
    QApplication.processEvents()
    layout = sheet.text.document().firstBlock().layout()
    assert layout.lineCount() == 1, "a line of 80 letters is not broken again"


def test_a_packed_program_shows_what_was_gathered_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "licenses"
    for name, files in {"numpy": ("LICENSE.txt", "LICENSE-2.txt"), "tailrace": ("LICENSE",)}.items():
        (folder / name).mkdir(parents=True)
        for file in files:
            (folder / name / file).write_text(f"The text of {name} in {file}.\n", encoding="utf-8")
    table = f"{'tailrace':28} {'0.4.0':14} MIT\n{'numpy':28} {'2.4.6':14} BSD-3-Clause AND 0BSD\n"
    (folder / "README.txt").write_text(f"What is here\n------------\n{table}", encoding="utf-8")
    monkeypatch.setattr("tailrace.workspace.licences.licences_folder", lambda: folder)
    found = carried_licences()
    assert [licence.component for licence in found] == ["About these licences", "tailrace", "numpy"]
    assert (found[2].version, found[2].short) == ("2.4.6", "BSD-3-Clause AND 0BSD")
    assert "The text of numpy in LICENSE-2.txt." in found[2].text
    assert assets.licences_folder() is None, "a checkout has none"
