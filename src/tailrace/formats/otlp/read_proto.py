"""OTLP protobuf files: one bare message, or messages with their lengths before them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from tailrace.formats.compression import Source, read_up_to, unpack_message
from tailrace.formats.files import unreadable
from tailrace.formats.otlp import wire
from tailrace.formats.otlp.from_proto import DAMAGED, ProtoRequests
from tailrace.formats.records import Position, Record, Skipped
from tailrace.model import Json

# protobuf's own limit
MAX_MESSAGE = (2 << 30) - 1
TOO_LARGE = "protobuf message of more than 2 GiB"
POSITION_EVERY = 1000


def read_message(path: Path, resume: Json) -> Iterator[Record]:
    """A bare request: its members are read one after another, never all at once. Always from its beginning."""
    try:
        with Source(path) as source:
            yield from _message(source)
    except OSError as error:
        raise unreadable(path, error) from error


def read_messages(path: Path, resume: Json) -> Iterator[Record]:
    """Requests, each with its length before it as four bytes, the most significant first, and each compressed on its
    own or not. Always from the beginning."""
    try:
        with Source(path) as source:
            yield from _messages(source)
    except OSError as error:
        raise unreadable(path, error) from error


def _message(source: Source) -> Iterator[Record]:
    requests = ProtoRequests()
    stream = source.stream
    offset = told = 0
    while True:
        place = f"byte {offset}"
        try:
            tag, read = _read_varint(stream)
            if not read:
                break
            number, kind = tag >> 3, tag & 7
            size, more = _read_varint(stream) if kind in (wire.LENGTH, wire.VARINT) else (0, 0)
            if number == 0 or kind not in (wire.LENGTH, wire.VARINT, wire.FIXED64, wire.FIXED32):
                raise ValueError
        except ValueError:
            # without a length there is no way to find the next member
            if source.fault is None:
                yield Skipped(DAMAGED, place)
            break
        offset += read + more
        if kind != wire.LENGTH:
            size = {wire.VARINT: 0, wire.FIXED64: 8, wire.FIXED32: 4}[kind]
        if number == 1 and kind == wire.LENGTH and size <= MAX_MESSAGE:
            part = read_up_to(stream, size)
            yield from _told_once(requests.records(part, place, cut=len(part) < size), source.fault)
            offset += len(part)
        else:
            offset += _skip(stream, size)
            if size > MAX_MESSAGE:
                yield Skipped(TOO_LARGE, place)
        if requests.spans - told >= POSITION_EVERY:
            told = requests.spans
            yield Position(source.done(offset), source.total, None)
    if source.fault is not None:
        yield Skipped(source.fault, f"byte {offset}")
    yield Position(source.total, source.total, None)


def _messages(source: Source) -> Iterator[Record]:
    requests = ProtoRequests()
    offset = told = 0
    while head := read_up_to(source.stream, 4):
        place = f"byte {offset}"
        size = int.from_bytes(head, "big")
        if len(head) < 4 or size > MAX_MESSAGE:
            if source.fault is None:
                yield Skipped(DAMAGED, place)
            break
        data = read_up_to(source.stream, size)
        cut = len(data) < size
        message, fault = unpack_message(data, MAX_MESSAGE)
        if fault is not None and not cut:
            yield Skipped(fault, place)
        yield from _told_once(
            _parts(requests, message, place, cut or fault is not None),
            source.fault or fault,
        )
        offset += 4 + len(data)
        if requests.spans - told >= POSITION_EVERY:
            told = requests.spans
            yield Position(source.done(offset), source.total, None)
    if source.fault is not None:
        yield Skipped(source.fault, f"byte {offset}")
    yield Position(source.total, source.total, None)


def _parts(requests: ProtoRequests, message: bytes, place: str, cut: bool) -> Iterator[Record]:
    try:
        for number, kind, first, last in wire.walk(message, cut=cut):
            if number == 1 and kind in (wire.LENGTH, wire.CUT):
                yield from requests.records(message[first:last], place, cut=kind == wire.CUT)
    except ValueError:
        yield Skipped(DAMAGED, place)


def _told_once(records: Iterator[Record], fault: str | None) -> Iterator[Record]:
    """The records without what is damaged only because the compressed data ended, which is told once."""
    for record in records:
        if fault is None or not (isinstance(record, Skipped) and record.reason == DAMAGED):
            yield record


def _read_varint(stream: io.BufferedReader) -> tuple[int, int]:
    """A varint and how many bytes it has; 0 bytes at the end. Raises ValueError when it is none or cut."""
    value = size = 0
    while byte := stream.read(1):
        value |= (byte[0] & 0x7F) << (7 * size)
        size += 1
        if byte[0] < 0x80:
            return value, size
        if size == 10:
            raise ValueError("not a varint")
    if size:
        raise ValueError("cut")
    return 0, 0


def _skip(stream: io.BufferedReader, size: int) -> int:
    skipped = 0
    while skipped < size and (piece := stream.read(min(size - skipped, 1 << 20))):
        skipped += len(piece)
    return skipped
