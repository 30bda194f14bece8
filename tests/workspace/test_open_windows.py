"""What was open is there for the next start, whatever happened to the file."""

from __future__ import annotations

import json
import logging
import os
import threading
from pathlib import Path

import pytest

from tailrace.errors import DatabaseError
from tailrace.workspace import open_windows
from tailrace.workspace.open_windows import OpenWindow, OpenWindowsFile, WhatIsOpen

ONE = OpenWindow((os.path.abspath("a.tailrace"),), {"window": "Zm9v", "place:x": "{}"})
TWO = OpenWindow((os.path.abspath("b.jsonl"), os.path.abspath("\udce4.jsonl")))


def kept(path: Path, *states: WhatIsOpen) -> None:
    file = OpenWindowsFile(path)
    for state in states:
        file.keep(state)
    file.close()


def test_what_was_kept_last_is_read_also_names_that_are_no_unicode(tmp_path: Path) -> None:
    path = tmp_path / "new" / "open.json"
    assert OpenWindowsFile(path).read() is None
    kept(path, WhatIsOpen((ONE,), ended=False), WhatIsOpen((ONE, TWO), (TWO,), ended=False))
    assert OpenWindowsFile(path).read() == WhatIsOpen((ONE, TWO), (TWO,), ended=False)
    assert [one.name for one in path.parent.iterdir()] == ["open.json"]


def test_a_file_that_was_written_in_half_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    path = tmp_path / "open.json"
    kept(path, WhatIsOpen((ONE, TWO), ended=False))
    whole = path.read_bytes()
    for length in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:length])
        assert OpenWindowsFile(path).read() is None
    for length in (1, 512, 4096):
        path.write_bytes(b"\0" * length)  # what some file systems leave after a power cut
        assert OpenWindowsFile(path).read() is None


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "7",
        "{}",
        '{"version": 2, "ended": false, "windows": []}',
        '{"version": 1, "ended": "no"}',
        "[" * 100_000,
    ],
)
def test_nonsense_is_as_if_it_were_not_there(tmp_path: Path, text: str) -> None:
    path = tmp_path / "open.json"
    path.write_text(text)
    assert OpenWindowsFile(path).read() is None


def test_of_a_file_that_makes_sense_in_parts_these_are_read(tmp_path: Path) -> None:
    path = tmp_path / "open.json"
    name = os.path.abspath("a")
    windows: list[object] = [7, {}, {"files": [], "blobs": {}}, {"files": ["relative"], "blobs": {}}]
    windows += [{"files": "x", "blobs": {}}, {"files": [name], "blobs": []}]
    windows += [{"files": [name], "blobs": {"window": "x", "splitter": 3}}]
    path.write_text(json.dumps({"version": 1, "ended": False, "lost": 3, "more": 1, "windows": windows}))
    assert OpenWindowsFile(path).read() == WhatIsOpen(
        (OpenWindow((os.path.abspath("a"),), {"window": "x"}),), ended=False
    )


def test_only_the_newest_is_written_and_the_same_not_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    may_go_on, began = threading.Event(), threading.Event()

    def write(path: Path, content: bytes) -> None:
        began.set()
        may_go_on.wait(5)
        written.append(content)

    monkeypatch.setattr(open_windows, "write_durably", write)
    file = OpenWindowsFile(tmp_path / "open.json")
    file.keep(WhatIsOpen())
    assert began.wait(5)
    for _ in range(3):
        file.keep(WhatIsOpen((ONE,)))
        file.keep(WhatIsOpen((TWO,)))
    file.keep(WhatIsOpen((ONE, TWO)))
    file.keep(WhatIsOpen((ONE, TWO)))
    may_go_on.set()
    file.close()
    assert len(written) == 2
    assert b"a.tailrace" in written[1]


def test_a_disk_that_is_full_is_said_once_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(open_windows, "write_durably", refuse)
    with caplog.at_level(logging.WARNING):
        file = OpenWindowsFile(tmp_path / "open.json")
        file.keep(WhatIsOpen((ONE,)))
        file.keep(WhatIsOpen((TWO,)))
        file.close()
    assert [record.getMessage() for record in caplog.records] == ["what is open cannot be kept: The disk is full."]
