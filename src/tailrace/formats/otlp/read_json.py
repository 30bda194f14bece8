"""OTLP JSON files: one request a line, or one document."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import orjson

from tailrace.errors import SourceError
from tailrace.formats.compression import BLOCK_BYTES, MAX_UNPACKED, Source, read_up_to
from tailrace.formats.files import unreadable
from tailrace.formats.otlp import json_text, words
from tailrace.formats.otlp.from_json import JsonRequests
from tailrace.formats.records import Position, Record, Skipped
from tailrace.model import Json

# orjson needs the whole value and some six times its size for the objects
MAX_DOCUMENT = 2 << 30
POSITION_EVERY = 1000
_TAIL = 256

DAMAGED = "JSON that is damaged or cut off"
TOO_LONG = f"line of more than {MAX_DOCUMENT >> 30} GiB"


def read_lines(path: Path, resume: Json) -> Iterator[Record]:
    """JSON lines. A last line that does not end and does not parse is still being written: it is left for the next
    time. `resume` is {"offset", "line", "tail"}; when the file is no longer what was read then, it is read again."""
    try:
        with Source(path) as source:
            yield from _lines(source, resume)
    except OSError as error:
        raise unreadable(path, error) from error


def read_document(path: Path, resume: Json) -> Iterator[Record]:
    """One JSON document, or several one after another. Always read from its beginning. Raises SourceError for a
    document that is too large to be parsed in memory."""
    try:
        with Source(path) as source:
            data = read_up_to(source.stream, MAX_DOCUMENT + 1)
            if len(data) > MAX_DOCUMENT:
                raise SourceError(
                    f"{path} is a single JSON document of more than {MAX_DOCUMENT >> 30} GiB, too large to be read.",
                    "Write it as JSON lines, one request a line.",
                )
            yield from _document(data, source.fault)
            yield Position(source.total, source.total, None)
    except OSError as error:
        raise unreadable(path, error) from error


def _lines(source: Source, resume: Json) -> Iterator[Record]:
    offset, number = _go_on(source, resume)
    requests = JsonRequests()
    told = 0
    readline, loads = source.stream.readline, orjson.loads
    tail = b""
    while line := readline(MAX_DOCUMENT):
        number += 1
        place = f"line {number}"
        size = len(line)
        whole = line.endswith(b"\n")
        if not whole and size >= MAX_DOCUMENT:
            yield Skipped(TOO_LONG, place)
            size += _skip_line(source)
        else:
            try:
                request = loads(line)
            except ValueError:
                if not whole and source.fault is None and offset and not _is_complete(line):
                    number -= 1
                    break
                yield from _odd_line(requests, line, place, source.fault if not whole else None)
                if not whole and source.fault is None and not _is_complete(line):
                    # the only line, cut: what is sound of it is in, and it is read again when the file has grown
                    break
            else:
                yield from requests.records(request, place, words.has_judgements(line))
        offset += size
        tail = line[-_TAIL:]
        if requests.spans - told >= POSITION_EVERY:
            told = requests.spans
            yield Position(source.done(offset), source.total, _resume(offset, number, tail))
    if source.fault is not None:
        yield Skipped(source.fault, f"byte {offset}")
    if tail:
        resume = _resume(offset, number, tail)
    yield Position(source.done(offset), source.total, resume)


def _odd_line(requests: JsonRequests, line: bytes, place: str, cut: str | None) -> Iterator[Record]:
    """The records of a line that is not plain JSON. With `cut` the damage has been told already."""
    if json_text.is_blank(line):
        return
    try:
        request, lost = json_text.parse(line)
    except ValueError:
        before = requests.spans
        sound = True
        for request in json_text.salvage(line):
            if request is None:
                sound = False
            else:
                yield from requests.records(request, place)
        if cut is None and (not sound or requests.spans == before):
            yield Skipped(DAMAGED, place)
        return
    if lost is not None:
        yield Skipped(lost, place)
    yield from requests.records(request, place)


def _document(data: bytes, fault: str | None) -> Iterator[Record]:
    place = "the document"
    requests = JsonRequests()
    if fault is not None:
        yield Skipped(fault, f"byte {len(data)}")
    try:
        request = orjson.loads(data)
    except ValueError:
        yield from _odd_line(requests, data, place, fault)
        return
    judged = words.has_judgements(data)
    del data
    yield from requests.records(request, place, judged)


def _go_on(source: Source, resume: Json) -> tuple[int, int]:
    """Where to begin: offset and number of lines before it. The beginning when there is nothing to go on from."""
    try:
        offset, number, tail = int(resume["offset"]), int(resume["line"]), int(resume["tail"])
        size = int(resume["tail_size"])
    except (TypeError, KeyError, ValueError):
        return 0, 0
    if 0 <= size <= offset and source.skip_to(offset - size):
        before = read_up_to(source.stream, size)
        if len(before) == size and zlib.crc32(before) == tail:
            return offset, number
    source.rewind()
    return 0, 0


def _resume(offset: int, number: int, tail: bytes) -> Json:
    return {"offset": offset, "line": number, "tail": zlib.crc32(tail), "tail_size": len(tail)}


def _is_complete(line: bytes) -> bool:
    """Whether a last line without its end is a value all the same, if an odd one."""
    try:
        json_text.parse(line)
    except ValueError:
        return json_text.is_blank(line)
    return True


def _skip_line(source: Source) -> int:
    skipped = 0
    while piece := source.stream.readline(BLOCK_BYTES):
        skipped += len(piece)
        if piece.endswith(b"\n") or skipped > MAX_UNPACKED:
            break
    return skipped
