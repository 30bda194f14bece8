"""Recent files as the disk has them, and where other tools keep theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tailrace.workspace import SettingsStore
from tailrace.workspace.recent import (
    RecentFile,
    UsualPlace,
    find_files,
    look_at,
    opened_now,
    recent_files,
    usual_places,
)


def test_what_became_of_each_file(tmp_path: Path) -> None:
    here, empty = tmp_path / "here.jsonl", tmp_path / "empty.jsonl"
    here.write_bytes(b"12345")
    empty.touch()
    asked = [here, empty, tmp_path / "gone.jsonl", here / "below-a-file.jsonl", Path("a\0b")]
    found = look_at(RecentFile(path, opened_ns=7) for path in asked)
    assert [file.path for file in found] == asked
    assert [(file.size, file.missing) for file in found] == [
        (5, False), (0, False), (None, True), (None, True), (None, False),
    ]  # fmt: skip
    assert {file.opened_ns for file in found} == {7}


def test_when_a_file_was_opened_is_kept_as_long_as_the_file_is_listed(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    for number in range(14):
        settings = store.remember_file(tmp_path / f"{number}.jsonl")
        store.update(opened_ns=opened_now(settings, tmp_path / f"{number}.jsonl", 100 + number))
    again = SettingsStore(store.path).current
    assert [(file.path.name, file.opened_ns) for file in recent_files(again)] == [
        (f"{number}.jsonl", 100 + number) for number in range(13, 1, -1)
    ]
    assert len(again.opened_ns) == 12


def test_a_recent_file_of_an_older_version_has_no_time(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"recent_files": ["/a.jsonl", "/b.jsonl"], "opened_ns": {"/a.jsonl": "yesterday", "/b.jsonl": 5}}')
    assert [file.opened_ns for file in recent_files(SettingsStore(path).current)] == [None, 5]


def test_other_tools_places_follow_their_own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path / "llm"))
    monkeypatch.setenv("PHOENIX_WORKING_DIR", str(tmp_path / "phoenix"))
    llm, phoenix = (place.path for place in usual_places())
    assert (llm, phoenix) == (tmp_path / "llm" / "logs.db", tmp_path / "phoenix" / "phoenix.db")
    phoenix.parent.mkdir()
    phoenix.write_bytes(b"123")
    assert find_files(usual_places()) == ((UsualPlace("Arize Phoenix", phoenix), RecentFile(phoenix, 3)),)
