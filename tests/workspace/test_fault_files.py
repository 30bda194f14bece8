"""The log and the reports of crashes: enough to mend a bug by, and nothing of what stands in traces."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tailrace.workspace import fault_files
from tailrace.workspace.fault_files import begin_log, end_log
from tailrace.workspace.folders import fault_folder, log_file

log = logging.getLogger("tailrace.test")
SECRET = f"card {4000 + 111} 1111"  # not as it stands in this file, whose lines are quoted


def fail(secret: str) -> None:
    try:
        int(secret)
    except ValueError as error:
        raise RuntimeError(f"cannot read {secret}") from error


def test_a_bug_is_logged_with_its_places_and_without_what_it_quotes(caplog: pytest.LogCaptureFixture) -> None:
    handler = begin_log()
    assert handler is not None
    try:
        fail(SECRET)
    except RuntimeError:
        log.exception("unexpected error")
    end_log(handler)
    text = log_file().read_text(encoding="utf-8")
    assert "4111" not in text
    assert "builtins.RuntimeError" in text
    assert "builtins.ValueError" in text
    assert "in fail" in text
    assert "unexpected error" in text
    assert "Tailrace " in text.splitlines()[0]
    assert handler not in logging.getLogger("tailrace").handlers


def test_the_log_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault_files, "_LOG_BYTES", 5_000)
    handler = begin_log()
    assert handler is not None
    for number in range(200):
        log.warning("%s %s", number, "x" * 3_000)
    end_log(handler)
    sizes = [path.stat().st_size for path in fault_folder().iterdir()]
    assert len(sizes) == 3
    assert max(sizes) <= 5_000
    assert "199 xxx" in "".join(path.read_text() for path in fault_folder().iterdir())


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("TAILRACE_DATA", str(tmp_path / "file"))
    assert begin_log() is None


@pytest.mark.skipif(sys.platform == "win32", reason="SIGSEGV is raised otherwise there")
def test_a_crash_that_no_python_survives_says_where_and_the_next_start_finds_it(tmp_path: Path) -> None:
    program = """
import faulthandler, sys
from tailrace.workspace.fault_files import CrashReport
report = CrashReport(True)
print(report.former or "", flush=True)
def crash_here():
    faulthandler._sigsegv()
if sys.argv[1] == "crash":
    crash_here()
report.end()
"""
    environment = {**os.environ, "TAILRACE_DATA": str(tmp_path)}

    def start(how: str) -> str:
        run = subprocess.run(
            [sys.executable, "-c", program, how], env=environment, capture_output=True, text=True, check=False
        )
        return run.stdout.strip()

    assert start("crash") == ""
    former = Path(start("end"))
    assert former.parent == tmp_path / "logs"
    text = former.read_text()
    assert "Segmentation fault" in text
    assert "crash_here" in text
    assert start("end") == ""
    assert former.exists()
