"""Files about what went wrong, for a person to send: the log, and reports of crashes.

They hold the program's own steps and names of files, nothing of what stands in traces: of an error, where it came from
and of what kind it is, not what it says, because that may quote what was read.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

import tailrace
from tailrace.errors import DatabaseError
from tailrace.workspace.folders import fault_folder, log_file, make_folder

_LONGEST = 2_000  # characters of a line
_LOG_BYTES = 500_000
_LOG_FORMERS = 2
_REPORTS = 5
_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

log = logging.getLogger("tailrace")


class _Discreet(logging.Formatter):
    """Kinds of errors and places in the program, but not what errors say."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another handler has made of it
        text = super().format(record)
        record.exc_text = None
        return text

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record)[:_LONGEST].replace("\n", " ")

    def formatException(self, ei: _ErrorInfo) -> str:
        lines: list[str] = []
        error, seen = ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            kind = type(error)
            lines += [f"{kind.__module__}.{kind.__qualname__}\n", *traceback.format_tb(error.__traceback__)]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(lines).rstrip()


def begin_log() -> logging.Handler | None:
    """Write what the program logs to the file too, and how it was started; the handler, to be removed at the end. None
    where the folder cannot be written."""
    # take longer to import than a start can spare
    import platform
    from logging.handlers import RotatingFileHandler

    try:
        make_folder(fault_folder())
        handler = RotatingFileHandler(
            log_file(), maxBytes=_LOG_BYTES, backupCount=_LOG_FORMERS, encoding="utf-8", delay=True
        )
    except (OSError, DatabaseError):
        return None
    handler.setFormatter(_Discreet("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.INFO)
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    if not logging.getLogger().handlers and logging.lastResort is not None and logging.lastResort not in log.handlers:
        log.addHandler(logging.lastResort)  # the terminal says it as before
    log.info("Tailrace %s, Python %s, %s", tailrace.__version__, platform.python_version(), platform.platform())
    return handler


def end_log(handler: logging.Handler) -> None:
    """Write no more."""
    log.info("ended")
    log.removeHandler(handler)
    handler.close()


class CrashReport:
    """While the program runs, a fault that no Python survives (a segmentation fault, an abort in Qt) writes into a file
    where it happened. `former` is the report of the last time, where there is one."""

    def __init__(self, is_only: bool) -> None:
        """`is_only`: no other program writes into this folder, so that what is there is of the past."""
        self.former: Path | None = None
        self._file: TextIO | None = None
        path = fault_folder() / "crash.txt"
        try:
            make_folder(path.parent)
            if is_only:
                self.former = _put_aside(path)
            self._file = path.open("a", encoding="utf-8")
        except (OSError, DatabaseError):
            return
        faulthandler.enable(self._file)

    def end(self) -> None:
        """The program is about to end."""
        if self._file is not None:
            faulthandler.disable()
            if sys.__stderr__ is not None:
                with suppress(OSError, ValueError):
                    faulthandler.enable(sys.__stderr__)
            self._file.close()


def _put_aside(path: Path) -> Path | None:
    """Keep a report that is there under a name of its own; of all, the newest ones."""
    if not path.exists() or not path.stat().st_size:
        return None
    when = time.strftime("%Y-%m-%d-%H%M%S", time.localtime(path.stat().st_mtime))
    kept = path.with_name(f"crash-{when}.txt")
    path.replace(kept)
    for old in sorted(path.parent.glob("crash-*.txt"))[:-_REPORTS]:
        old.unlink(missing_ok=True)
    return kept
