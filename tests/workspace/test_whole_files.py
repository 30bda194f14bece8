"""Files that are there whole or not at all, also where not even a beginning of them can be removed."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tailrace.errors import DatabaseError, SourceError
from tailrace.workspace.whole_files import write_durably, write_whole


def refuse(self: Path, *_: object, **__: object) -> None:
    raise OSError(errno.EROFS, "Read-only file system", str(self))


def test_a_file_on_a_medium_that_takes_nothing_is_an_error_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("open", "unlink"):
        monkeypatch.setattr(Path, name, refuse)
    with pytest.raises(SourceError, match=r"report\.html cannot be written: Read-only file system"):
        write_whole(tmp_path / "report.html", b"<html>")
    with pytest.raises(DatabaseError, match=r"prices\.json cannot be written: Read-only file system"):
        write_durably(tmp_path / "prices.json", b"{}")


def test_what_was_there_stays_when_the_new_file_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    write_whole(path, b"first")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", refuse)
        with pytest.raises(SourceError):
            write_whole(path, b"second")
    assert path.read_bytes() == b"first"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
