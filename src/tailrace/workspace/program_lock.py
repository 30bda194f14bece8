"""One program a data folder: a lock that the system takes back when its holder ends, however it ends.

The file says where the holder listens for later starts, so that both agree about it, and that it ended properly. It is
never removed: of two starts at the same moment both would hold a lock, each on a file of its own.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from tailrace.errors import DatabaseError
from tailrace.workspace.folders import data_folder, make_folder

DEAF = "-"  # the holder does not listen, and will not
_FAR = 1 << 30  # the byte that is locked under Windows, where a locked byte can be read by nobody else
_LONGEST = 4_096
_ENDED = "ended"  # the second line


class ProgramLock:
    """The lock of a folder; by default the data folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_folder()
        self._path = self.folder / "program.lock"
        self._file: int | None = None
        self._where = ""
        self._is_ended = False
        self.was_left = False  # by one that held it before us and did not end properly

    @property
    def held(self) -> bool:
        """Whether it is ours."""
        return self._file is not None

    def take(self) -> bool:
        """Whether it is ours now. Not waited for; False also where the folder cannot hold a lock."""
        if self._file is not None:
            return True
        try:
            make_folder(self.folder)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except (OSError, DatabaseError):
            return False
        try:
            _lock(file)
        except OSError:
            os.close(file)
            return False
        self._file = file
        former = self._read()
        self.was_left = bool(former) and _ENDED not in (former or "").splitlines()[1:]
        self._where, self._is_ended = "", False
        self._write()
        return True

    def tell(self, where: str) -> None:
        """Say where its holder listens: a local socket's name, "" not yet, DEAF never."""
        self._where = where
        self._write()

    def mark_ended(self, ended: bool) -> None:
        """Say whether it is a proper end if the holder is not heard of any more from now on. At first it is none."""
        if ended is not self._is_ended:
            self._is_ended = ended
            self._write()

    def told(self) -> str:
        """Where the holder said that it listens. DEAF where nothing can be read: then nobody can be reached."""
        text = self._read()
        return DEAF if text is None else text.partition("\n")[0]

    def release(self) -> None:
        """Let others have it."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _read(self) -> str | None:
        """What the file says; None where it cannot be read."""
        try:
            with self._path.open("rb") as file:
                return os.fsdecode(file.read(_LONGEST))
        except OSError:
            return None

    def _write(self) -> None:
        if self._file is None:
            return
        # in the system's hands at once, which is all that the end of a process asks for
        text = os.fsencode(f"{self._where}\n{_ENDED if self._is_ended else ''}\n")
        with suppress(OSError):
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, text)  # first, so that nobody reads nothing
            os.ftruncate(self._file, len(text))


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        os.lseek(file, _FAR, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
