"""What is open, kept on the disk while the program runs, so that the next start can open it again, also after a crash.

Written on a thread of its own. The file is replaced as a whole; what makes no sense in it is as if it were not there.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tailrace.errors import DatabaseError
from tailrace.workspace.folders import data_folder
from tailrace.workspace.second_start import is_path
from tailrace.workspace.whole_files import write_durably

_log = logging.getLogger(__name__)
_VERSION = 1
_MOST_BYTES = 20_000_000
_MOST_WINDOWS = 64


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """The files that a window shows (absolute paths), and text that belongs to the window's toolkit, by name: geometry,
    splitters, the place where the person is."""

    files: tuple[str, ...]
    blobs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WhatIsOpen:
    """`windows` in the order in which they were looked at, the latest last. `lost` were open when the program last did
    not end properly, and the person has not said yet whether they want them. `ended`: the program ended properly;
    `again`: in order to start anew with the same windows, whatever the settings say of a start."""

    windows: tuple[OpenWindow, ...] = ()
    lost: tuple[OpenWindow, ...] = ()
    ended: bool = True
    again: bool = False


class OpenWindowsFile:
    """The file, by default that of the data folder. Used from one thread."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_folder() / "open-windows.json"
        self._writing: ThreadPoolExecutor | None = None
        self._newest: WhatIsOpen | None = None
        self._has_failed = False

    def read(self) -> WhatIsOpen | None:
        """What was kept; None where there is nothing, or nothing that makes sense."""
        try:
            if self.path.stat().st_size > _MOST_BYTES:
                return None
            return _what_is_open(json.loads(self.path.read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            _log.info("%s cannot be read, so nothing is opened again: %s", self.path, error)
            return None

    def keep(self, open_now: WhatIsOpen) -> None:
        """Write soon, unless that is what was written last. Only the newest is written."""
        if open_now == self._newest:
            return
        self._newest = open_now
        if self._writing is None:
            self._writing = ThreadPoolExecutor(1, thread_name_prefix="tailrace-open-windows")
        self._writing.submit(self._write, open_now)

    def close(self) -> None:
        """Return when all is written."""
        if self._writing is not None:
            self._writing.shutdown(wait=True)
            self._writing = None

    def _write(self, open_now: WhatIsOpen) -> None:
        if open_now is not self._newest:
            return
        try:
            # names of files that are no Unicode survive as escapes
            text = json.dumps({"version": _VERSION, **asdict(open_now)}, ensure_ascii=True)
            write_durably(self.path, text.encode("ascii"))
        except DatabaseError as error:
            # nothing that is being done depends on it, and it would be said again every few seconds
            if not self._has_failed:
                self._has_failed = True
                _log.warning("what is open cannot be kept: %s", error)


def _what_is_open(raw: object) -> WhatIsOpen | None:
    if not isinstance(raw, dict) or raw.get("version") != _VERSION or not isinstance(raw.get("ended"), bool):
        return None
    return WhatIsOpen(_windows(raw.get("windows")), _windows(raw.get("lost")), raw["ended"], raw.get("again") is True)


def _windows(raw: object) -> tuple[OpenWindow, ...]:
    if not isinstance(raw, list):
        return ()
    return tuple(window for one in raw[:_MOST_WINDOWS] if (window := _window(one)) is not None)


def _window(raw: object) -> OpenWindow | None:
    values: dict[str, Any] = raw if isinstance(raw, dict) else {}
    files, blobs = values.get("files"), values.get("blobs")
    if not isinstance(files, list) or not files or not all(map(is_path, files)) or not isinstance(blobs, dict):
        return None
    return OpenWindow(tuple(files), {name: blob for name, blob in blobs.items() if isinstance(blob, str)})
