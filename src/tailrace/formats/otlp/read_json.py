"""OTLP JSON files: one request a line, or one document."""

from __future__ import annotations

import gc
import zlib
from collections.abc import Iterator
from pathlib import Path

import orjson

from tailrace.errors import SourceError
from tailrace.formats.compression import BLOCK_BYTES, Source, read_up_to
from tailrace.formats.files import unreadable
from tailrace.formats.otlp import json_text
from tailrace.formats.otlp.from_json import JsonRequests
from tailrace.formats.records import Position, Record, Skipped
from tailrace.model import Json

# orjson needs the whole value and some six times its size for the objects
MAX_DOCUMENT = 1 << 30
# where the file's size says nothing about it
MAX_PACKED_DOCUMENT = 256 << 20
POSITION_EVERY = 1000
# also where there are no spans, so that whoever reads can stop
TOLD_BYTES = 64 << 20
_TAIL = 256

DAMAGED = "JSON that is damaged or cut off"
TOO_LONG = "line too long to be read"


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
            limit = _limit(source)
            data = read_up_to(source.stream, limit + 1)
            if len(data) > limit:
                raise SourceError(
                    f"{path} is a single JSON document of more than {limit >> 20} MiB, too large to be read.",
                    "Write it as JSON lines, one request a line.",
                )
            yield from _document(data, source.fault)
            yield Position(source.total, source.total, None)
    except OSError as error:
        raise unreadable(path, error) from error


def _lines(source: Source, resume: Json) -> Iterator[Record]:
    offset, number = _go_on(source, resume)
    resume = resume if offset else None
    requests = JsonRequests()
    told, told_at = 0, offset
    readline, loads, limit = source.stream.readline, orjson.loads, _limit(source)
    tail = b""
    while line := readline(limit):
        number += 1
        place = f"line {number}"
        size = len(line)
        whole = line.endswith(b"\n")
        if not whole and size >= limit:
            yield Skipped(TOO_LONG, place)
            while piece := readline(BLOCK_BYTES):
                size += len(piece)
                line = piece
                if piece.endswith(b"\n"):
                    break
                if size % TOLD_BYTES < BLOCK_BYTES:
                    yield Position(source.done(offset + size), source.total, resume)
        else:
            try:
                request = loads(line)
            except ValueError:
                cut = not whole and not _is_complete(line)
                if not cut or not offset or source.fault is not None:
                    yield from _odd_line(requests, line, place, source.fault if cut else None)
                if cut:
                    # still being written, or all there will ever be: it is read again when the file has grown
                    break
            else:
                yield from requests.records(request, place)
        offset += size
        tail = line[-_TAIL:]
        if requests.spans - told >= POSITION_EVERY or offset - told_at >= TOLD_BYTES:
            told, told_at = requests.spans, offset
            resume = _resume(offset, number, tail)
            yield Position(source.done(offset), source.total, resume)
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
    collecting = gc.isenabled()
    # The collector would walk over millions of new objects again and again, for nothing: parsing took four times as
    # long. What is frozen is left alone until the end.
    gc.disable()
    try:
        request = orjson.loads(data)
    except ValueError:
        request = None
    finally:
        if collecting:
            gc.freeze()
            gc.enable()
    try:
        if request is None:
            yield from _odd_line(requests, data, place, fault)
        else:
            del data
            yield from requests.records(request, place)
    finally:
        del request
        gc.unfreeze()


def _limit(source: Source) -> int:
    return MAX_PACKED_DOCUMENT if source.compression else MAX_DOCUMENT


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
