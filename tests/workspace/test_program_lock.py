"""One program a data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tailrace.workspace.program_lock import DEAF, ProgramLock


def test_of_two_one_has_it_and_says_where_it_listens(tmp_path: Path) -> None:
    first, second = ProgramLock(tmp_path), ProgramLock(tmp_path)
    assert first.take()
    assert first.take()
    assert not second.take()
    assert second.told() == ""
    first.tell("/run/somewhere")
    assert second.told() == "/run/somewhere"
    first.tell("/run")
    assert second.told() == "/run"
    assert not first.was_left
    first.release()
    assert second.take()
    assert second.told() == "", "where the former one listened is of the past"
    assert second.was_left, "nobody said that it was a proper end"
    second.mark_ended(True)
    second.tell("/run/longer than before")
    second.release()
    assert first.take()
    assert not first.was_left
    first.mark_ended(True)
    first.mark_ended(False)
    first.release()
    assert second.take()
    assert second.was_left
    second.release()


def test_folders_are_independent(tmp_path: Path) -> None:
    first, second = ProgramLock(tmp_path / "one"), ProgramLock(tmp_path / "two")
    assert first.take()
    assert second.take()
    first.release()
    second.release()


def test_a_folder_that_cannot_hold_a_lock_leaves_each_start_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    lock = ProgramLock(tmp_path / "file")
    assert not lock.take()
    assert lock.told() == DEAF


def test_a_holder_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from tailrace.workspace.program_lock import ProgramLock
lock = ProgramLock(Path({str(tmp_path)!r}))
print(lock.take(), flush=True)
input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        mine = ProgramLock(tmp_path)
        assert not mine.take()
        os.kill(holder.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        holder.wait()
        assert mine.take()
        mine.release()
