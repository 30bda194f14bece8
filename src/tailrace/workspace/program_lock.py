"""One program a data folder: a lock that the system takes back when its holder ends, however it ends.

The file says where the holder listens for later starts, so that both agree about it. It is never removed: of two
starts at the same moment both would hold a lock, each on a file of its own.
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


class ProgramLock:
    """The lock of a folder; by default the data folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_folder()
        self._path = self.folder / "program.lock"
        self._file: int | None = None

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
        self.tell("")
        return True

    def tell(self, where: str) -> None:
        """Say where its holder listens: a local socket's name, "" not yet, DEAF never."""
        if self._file is not None:
            with suppress(OSError):
                os.ftruncate(self._file, 0)
                os.lseek(self._file, 0, os.SEEK_SET)
                os.write(self._file, os.fsencode(where))

    def told(self) -> str:
        """What the holder said. DEAF where nothing can be read: then nobody can be reached."""
        try:
            with self._path.open("rb") as file:
                return os.fsdecode(file.read(_LONGEST))
        except OSError:
            return DEAF

    def release(self) -> None:
        """Let others have it."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        os.lseek(file, _FAR, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
