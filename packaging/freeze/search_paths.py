"""Taking out search paths for libraries that lead out of a packed program: to where Python was built."""

from __future__ import annotations

import struct
from pathlib import Path

_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_NULL, _DT_STRTAB, _DT_RPATH, _DT_RUNPATH = 0, 5, 15, 29


def drop_outer_search_paths(files: list[Path]) -> int:
    """Make ELF files (64 bit, little endian) look in no absolute folder; how many that changed. The program finds its
    libraries by the path that its start file sets."""
    changed = 0
    for path in files:
        data = path.read_bytes()
        without = without_outer_search_path(data)
        if without != data:
            path.write_bytes(without)
            changed += 1
    return changed


def without_outer_search_path(data: bytes) -> bytes:
    """An ELF file without its RPATH or RUNPATH entry where that begins with "/"; all else stays where it was."""
    if data[:6] != b"\x7fELF\x02\x01":
        return data
    segments = _segments(data)
    dynamic = next((place for kind, place, *_ in segments if kind == _PT_DYNAMIC), None)
    if dynamic is None:
        return data
    entries = _entries(data, dynamic)
    strings = _in_file(segments, next(value for tag, value in entries if tag == _DT_STRTAB))
    kept = [
        (tag, value)
        for tag, value in entries
        if tag not in (_DT_RPATH, _DT_RUNPATH) or data[strings + value : strings + value + 1] != b"/"
    ]
    kept += [(_DT_NULL, 0)] * (len(entries) - len(kept))
    packed = b"".join(struct.pack("<qQ", *entry) for entry in kept)
    return data[:dynamic] + packed + data[dynamic + len(packed) :]


def _segments(data: bytes) -> list[tuple[int, int, int, int]]:
    """(kind, offset in the file, address, size in the file) of each."""
    (start,) = struct.unpack_from("<Q", data, 0x20)
    size, count = struct.unpack_from("<HH", data, 0x36)
    found = []
    for number in range(count):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", data, start + number * size)
        found.append((kind, offset, address, length))
    return found


def _entries(data: bytes, place: int) -> list[tuple[int, int]]:
    """The dynamic section's entries up to its end mark."""
    entries: list[tuple[int, int]] = []
    while (entry := struct.unpack_from("<qQ", data, place + 16 * len(entries)))[0] != _DT_NULL:
        entries.append(entry)
    return entries


def _in_file(segments: list[tuple[int, int, int, int]], address: int) -> int:
    return next(
        offset + address - begin
        for kind, offset, begin, length in segments
        if kind == _PT_LOAD and begin <= address < begin + length
    )
