"""What a second start asks of the program that runs: one line of JSON. What comes in is hostile until it is read here.

The program greets whoever connects; the second start then sends its request, and the program says that it has it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 1_000_000  # a line, its end included
TAKEN = b'{"taken": true}\n'
_VERSION = 1
_MOST_FILES = 4_096
_LONGEST_PATH = 32_767
_LONGEST_TOKEN = 512


@dataclass(frozen=True, slots=True)
class Request:
    """Files to be opened together, or the demo, or neither: then a window is to be raised. `token` is the desktop's
    leave to come to the front."""

    files: tuple[str, ...] = ()
    demo: bool = False
    token: str = ""


def write_request(request: Request) -> bytes:
    """A request as a line. Relative paths are made absolute: the program that runs has a folder of its own."""
    return _line(
        {
            "tailrace": _VERSION,
            "files": [os.path.abspath(path) for path in request.files],
            "demo": request.demo,
            "token": request.token if _is_token(request.token) else "",
        }
    )


def read_request(line: bytes) -> Request | None:
    """The request in a line; None where it is anything else, down to a field that is unknown or missing."""
    raw = _object(line)
    if raw is None or raw.keys() != {"tailrace", "files", "demo", "token"} or not _is_version(raw["tailrace"]):
        return None
    files, demo, token = raw["files"], raw["demo"], raw["token"]
    if not isinstance(files, list) or len(files) > _MOST_FILES or not all(map(is_path, files)):
        return None
    if not isinstance(demo, bool) or not isinstance(token, str) or not _is_token(token) or (demo and files):
        return None
    return Request(tuple(files), demo, token)


def write_greeting(display: str) -> bytes:
    """The first line of a program whose windows are on `display`."""
    return _line({"tailrace": _VERSION, "display": display})


def read_greeting(line: bytes) -> str | None:
    """The display of the program that greets; None where it is no Tailrace that could be asked."""
    raw = _object(line)
    if raw is None or not _is_version(raw.get("tailrace")) or not isinstance(raw.get("display"), str):
        return None
    return str(raw["display"])


def is_path(value: object) -> bool:
    """Whether something is the absolute path of a file, as far as can be said without looking."""
    return isinstance(value, str) and len(value) <= _LONGEST_PATH and "\0" not in value and os.path.isabs(value)


def _is_version(value: object) -> bool:
    return value == _VERSION and not isinstance(value, bool)


def _is_token(token: str) -> bool:
    return len(token) <= _LONGEST_TOKEN and token.isascii() and token.isprintable()


def _line(values: dict[str, object]) -> bytes:
    # names of files that are no Unicode survive as escapes
    return json.dumps(values, ensure_ascii=True).encode("ascii") + b"\n"


def _object(line: bytes) -> dict[str, Any] | None:
    if len(line) > MOST_BYTES:
        return None
    try:
        raw = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError):
        return None
    return raw if isinstance(raw, dict) else None
