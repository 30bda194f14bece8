"""Files are recognised by content, and refused with a sentence."""

from __future__ import annotations

import gzip
import os
import sqlite3
from pathlib import Path

import pytest
from tests.formats.otlp_making import lines, request, span, write

from tailrace.errors import SourceError
from tailrace.formats import is_tailrace_database, recognise


def test_a_name_says_nothing(tmp_path: Path) -> None:
    assert recognise(write(tmp_path / "photo.png", lines(request(span())))).name == "OTLP JSON lines"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"hello\nworld\n", "text of an unknown kind"),
        (b'{"name": "package", "version": "1"}', "JSON without OTLP"),
        (b'{"note": {"resourceSpans": []}}', "JSON without OTLP"),
        (b'{"note": "\\"resourceSpans\\": []"}', "JSON without OTLP"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"\x00\x01\x02\x03\x04\x05", "binary data"),
        (b"\xff\xfe{\x00}\x00", "UTF-16"),
        (gzip.compress(b"hello", mtime=0), "a gzip file of something else"),
        (b"\x1f\x8bnothing", "a gzip file of something else"),
        (b"\x28\xb5\x2f\xfdnothing", "a Zstandard file of something else"),
        (b"\x0a\x05hello", "text of an unknown kind"),
    ],
)
def test_anything_else_is_refused_with_a_sentence_that_names_the_file(data: bytes, words: str, tmp_path: Path) -> None:
    path = write(tmp_path / "thing", data)
    with pytest.raises(SourceError) as caught:
        recognise(path)
    assert str(path) in caught.value.message
    assert words in caught.value.message
    assert "OTLP" in caught.value.hint


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder"):
        recognise(tmp_path)
    with pytest.raises(SourceError, match="does not exist"):
        recognise(tmp_path / "nothing")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "t", lines(request(span())))
    path.chmod(0)
    with pytest.raises(SourceError, match="cannot be read"):
        recognise(path)


def test_our_own_database_is_known_by_its_header(tmp_path: Path) -> None:
    own, foreign = tmp_path / "own", tmp_path / "foreign"
    for path, application_id in ((own, 0x54524C43), (foreign, 0)):
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA application_id = {application_id}")
        connection.execute("CREATE TABLE thing (a)")
        connection.close()
    assert is_tailrace_database(own)
    assert not is_tailrace_database(foreign)
    assert not is_tailrace_database(tmp_path / "nothing")
    with pytest.raises(SourceError, match="a Tailrace database already"):
        recognise(own)
    with pytest.raises(SourceError, match="a SQLite database of another program"):
        recognise(foreign)
