"""What a second start may ask, and what of it is believed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tailrace.workspace.second_start import (
    MOST_BYTES,
    Request,
    read_greeting,
    read_request,
    write_greeting,
    write_request,
)

SOUND = {"tailrace": 1, "files": [os.path.abspath("a.jsonl")], "demo": False, "token": ""}


def said(**changes: object) -> bytes:
    return json.dumps(SOUND | changes).encode()


@pytest.mark.parametrize(
    "request_",
    [
        Request(),
        Request(demo=True, token="gnome-shell/Tailrace/42-1-host_TIME123"),
        Request((os.path.abspath("a b.jsonl"), os.path.abspath("Ünïcode \udce4 \n.tailrace"))),
    ],
)
def test_a_request_arrives_as_it_was_sent(request_: Request) -> None:
    line = write_request(request_)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert read_request(line) == request_


def test_relative_paths_become_those_of_the_folder_of_the_second_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = read_request(write_request(Request(("sub/../traces.jsonl",), token="bad\ntoken")))
    assert found == Request((str(tmp_path / "traces.jsonl"),))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"nonsense",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        said(files="/etc/passwd"),
        said(files=["relative.jsonl"]),
        said(files=["../up.jsonl"]),
        said(files=[""]),
        said(files=[7]),
        said(files=[None]),
        said(files=[os.path.abspath("nul\0byte")]),
        said(files=[os.path.abspath("x" * 40_000)]),
        said(files=[os.path.abspath("a")] * 5_000),
        said(demo=1),
        said(demo=True),  # and files
        said(token=["x"]),
        said(token="x" * 600),
        said(token="new\nline"),
        said(token="é"),
        said(tailrace=2),
        said(tailrace=True),
        said(tailrace="1"),
        said(command="rm"),
        json.dumps({name: SOUND[name] for name in ("tailrace", "files", "demo")}).encode(),
        said() + b" " * MOST_BYTES,
    ],
)
def test_anything_else_is_nothing(line: bytes) -> None:
    assert read_request(line) is None
    assert read_request(said()) is not None


def test_a_greeting_says_where_the_windows_are() -> None:
    assert read_greeting(write_greeting("|:0")) == "|:0"
    for line in (b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"{}", b'{"tailrace": 1}', b'{"tailrace": 2, "display": ""}'):
        assert read_greeting(line) is None
