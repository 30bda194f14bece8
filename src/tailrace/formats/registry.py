"""Which format a file is in: asked of every format in turn, by content and never by name."""

from __future__ import annotations

import struct
from pathlib import Path

from tailrace.errors import SourceError
from tailrace.formats import llm_logs, otlp, phoenix
from tailrace.formats.files import unreadable
from tailrace.formats.records import Format, FormatModule

HEAD_BYTES = 64 * 1024
APPLICATION_ID = 0x54524C43  # "TRLC"

MODULES: tuple[FormatModule, ...] = (otlp, phoenix, llm_logs)

_SQLITE = b"SQLite format 3\x00"
_KNOWN_HEADS = (
    (_SQLITE, "a SQLite database of another program"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"\x1f\x8b", "a gzip file of something else"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file of something else"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


def recognise(path: Path) -> Format:
    """The format a file is in. Raises SourceError, with a sentence that names the file, when it cannot be read or is
    nothing that Tailrace imports."""
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder, not a trace file.", "Open the files in it.")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if not head:
            raise SourceError(f"{path} is empty.", _supported())
        if _is_tailrace(head):
            raise SourceError(f"{path} is a Tailrace database already; there is nothing to import.", "Open it.")
        for module in MODULES:
            if (found := module.sniff(head, path)) is not None:
                return found
    except OSError as error:
        raise unreadable(path, error) from error
    raise SourceError(f"{path} is {_describe(head)}, which Tailrace does not read.", _supported())


def is_tailrace_database(path: Path) -> bool:
    """Whether a file is Tailrace's own database, by its header alone. False when it cannot be read."""
    try:
        with path.open("rb") as file:
            return _is_tailrace(file.read(72))
    except OSError:
        return False


def _is_tailrace(head: bytes) -> bool:
    if len(head) < 72 or not head.startswith(_SQLITE):
        return False
    application_id: int = struct.unpack_from(">I", head, 68)[0]
    return application_id == APPLICATION_ID


def _supported() -> str:
    return "Supported: " + ", ".join(module.SUPPORTED for module in MODULES) + " and Tailrace's own databases."


def _describe(head: bytes) -> str:
    for magic, words in _KNOWN_HEADS:
        if head.startswith(magic):
            return words
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text in UTF-16 (save it as UTF-8)"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] in (b"{", b"["):
        return "JSON without OTLP spans or logs in it"
    if b"\x00" in head:
        return "binary data of an unknown kind"
    return "text of an unknown kind"
