"""Sources as streams of plain bytes, whether compressed or not. Broken compression is an early end, not an error."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

import zstandard

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"

# A few kilobytes can unpack to petabytes. Nothing is held in memory, but reading has to end some day.
MAX_UNPACKED = 64 << 30
BLOCK_BYTES = 1 << 20
# zstd unpacks a block of four bytes to 128 KiB, so small bites keep the unpacked piece small
_ZSTD_BITE = 4096
_ZSTD_BLOCK = 1 << 16

CUT_GZIP = "gzip data that ends early or is damaged"
CUT_ZSTD = "zstd data that ends early or is damaged"
TOO_LARGE = f"data beyond {MAX_UNPACKED >> 30} GiB unpacked"


def compression_of(head: bytes) -> str:
    """gzip, zstd or "" by the first bytes."""
    if head.startswith(GZIP_MAGIC):
        return "gzip"
    return "zstd" if head.startswith(ZSTD_MAGIC) else ""


def unpack_head(head: bytes, limit: int) -> bytes:
    """Up to `limit` bytes of what the first bytes of a file unpack to; the same bytes when nothing is compressed."""
    compression = compression_of(head)
    if not compression:
        return head[:limit]
    unpacked = _unpacking(compression, io.BytesIO(head), limit)
    return io.BufferedReader(unpacked, 4096).read(limit)


def unpack_message(data: bytes, limit: int) -> tuple[bytes, str | None]:
    """A message unpacked, and a reason when that could only be done in part."""
    compression = compression_of(data)
    if not compression:
        return data, None
    unpacked = _unpacking(compression, io.BytesIO(data), limit)
    return io.BufferedReader(unpacked, BLOCK_BYTES).read(), unpacked.fault


class Source:
    """An open source. `stream` gives plain bytes; `total` is the file's size, `done` how much of it was read.

    `fault` says after the end of the stream why it ended early, if it did. Raises OSError when the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("rb", buffering=0)
        try:
            self.compression = compression_of(self._file.read(4))
            self._file.seek(0)
            self.total = self._file.seek(0, io.SEEK_END)
            self._file.seek(0)
        except BaseException:
            self._file.close()
            raise
        self._unpacking: _Unpacking | None = None
        self.stream = self._open()

    def _open(self) -> io.BufferedReader:
        if self.compression:
            self._unpacking = _unpacking(self.compression, self._file, MAX_UNPACKED)
            return io.BufferedReader(self._unpacking, BLOCK_BYTES)
        return io.BufferedReader(self._file, BLOCK_BYTES)  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stream.close()
        self._file.close()

    @property
    def fault(self) -> str | None:
        """Why the stream ended before its end."""
        return None if self._unpacking is None else self._unpacking.fault

    def done(self, offset: int) -> int:
        """Bytes of the file behind which the reader is, of `total`, when it is at `offset` of the stream."""
        return self._file.tell() if self.compression else offset

    def rewind(self) -> None:
        """Go back to the beginning of the stream."""
        if self.compression:
            self._file.seek(0)
            self.stream = self._open()
        else:
            self.stream.seek(0)

    def skip_to(self, offset: int) -> bool:
        """Go to an offset of the stream from its beginning. False when the stream is shorter."""
        if not self.compression:
            return offset <= self.total and self.stream.seek(offset) == offset
        left = offset
        while left > 0:
            piece = self.stream.read(min(left, BLOCK_BYTES))
            if not piece:
                return False
            left -= len(piece)
        return True


def read_up_to(stream: io.BufferedReader, size: int) -> bytes:
    """The next `size` bytes or what is left. A size that a hostile file claims reserves no memory."""
    if size <= BLOCK_BYTES:
        return stream.read(size)
    pieces = []
    while size > 0 and (piece := stream.read(min(size, BLOCK_BYTES))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class _Unpacker(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class _Unpacking(io.RawIOBase):
    """A raw stream over an unpacker, which ends where the unpacker fails or the limit is reached."""

    def __init__(self, unpacker: _Unpacker, cut: str, limit: int) -> None:
        self._unpacker = unpacker
        self._cut = cut
        self._left = limit
        self.fault: str | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        if self.fault is not None or not len(view):
            return 0
        try:
            # one piece at a time: what was unpacked before the data breaks must not be lost
            data = self._unpacker.read1(len(view))
        except (OSError, EOFError, zlib.error, zstandard.ZstdError, MemoryError) as error:
            # a system error is about the file, not about what is in it
            if isinstance(error, OSError) and error.errno is not None:
                raise
            self.fault = self._cut
            return 0
        if len(data) > self._left:
            data = data[: self._left]
            self.fault = TOO_LARGE
        self._left -= len(data)
        view[: len(data)] = data
        return len(data)


def _unpacking(compression: str, file: IO[bytes], limit: int) -> _Unpacking:
    if compression == "gzip":
        return _Unpacking(gzip.GzipFile(fileobj=file), CUT_GZIP, limit)
    return _Unpacking(_Zstd(file), CUT_ZSTD, limit)


class _Zstd:
    """Frames one after another. The library's own stream reader does not tell a cut frame from a complete one."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        # a frame may ask for a window of gigabytes; `zstd --long` needs 128 MiB
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=128 << 20)
        self._frame = self._decompressor.decompressobj()
        self._begun = False
        self._packed = b""
        self._ready = b""
        self._at = 0

    def read1(self, size: int, /) -> bytes:
        while self._at >= len(self._ready):
            if not self._packed:
                self._packed = self._file.read(_ZSTD_BLOCK)
                if not self._packed:
                    if self._begun:
                        raise EOFError
                    return b""
            bite, self._packed = self._packed[:_ZSTD_BITE], self._packed[_ZSTD_BITE:]
            self._begun = True
            self._ready, self._at = self._frame.decompress(bite), 0
            if self._frame.eof:
                self._packed = self._frame.unused_data + self._packed
                self._frame = self._decompressor.decompressobj()
                self._begun = False
        piece = self._ready[self._at : self._at + size]
        self._at += len(piece)
        return piece
