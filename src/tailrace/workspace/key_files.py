"""Keys in a file of their own, to take them to another computer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson

from tailrace.errors import SourceError
from tailrace.workspace.settings import read_keys
from tailrace.workspace.whole_files import write_whole

_FORMAT = 1
_MARK = "tailrace_keys"
_LARGEST = 1 << 20  # bytes


def write_key_file(path: Path, keys: Mapping[str, tuple[str, ...]]) -> None:
    """Write the keys of commands, whole or not at all. Raises SourceError when it cannot be written."""
    content = {_MARK: _FORMAT, "keys": dict(sorted(keys.items()))}
    write_whole(path, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read_key_file(path: Path) -> dict[str, tuple[str, ...]]:
    """The keys of commands in such a file. Raises SourceError when it is none or cannot be read."""
    try:
        with path.open("rb") as file:
            raw = orjson.loads(file.read(_LARGEST))
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.", "", repr(error)) from error
    except orjson.JSONDecodeError as error:
        raise SourceError(f"{path.name} is no file of keys: it is not JSON.", "", repr(error)) from error
    if not isinstance(raw, dict) or _MARK not in raw:
        raise SourceError(f"{path.name} is no file of keys: it does not say “{_MARK}”.")
    if raw[_MARK] != _FORMAT:
        raise SourceError(f"{path.name} is from a newer version of Tailrace.")
    keys = read_keys(raw.get("keys"))
    if keys is None:
        raise SourceError(f"{path.name} holds no keys.")
    return keys
