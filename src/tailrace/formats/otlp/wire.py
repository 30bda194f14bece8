"""Protobuf's wire format, as far as it takes to walk over a message without its schema."""

from __future__ import annotations

from collections.abc import Iterator

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
CUT = 7  # not protobuf's: a length-delimited field that goes on beyond the data

Field = tuple[int, int, int, int]  # number, wire type, where its content begins and ends


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """A varint and where it ends. Raises ValueError when it is none, IndexError when it is cut."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("not a varint")


def walk(data: bytes, start: int = 0, end: int | None = None, cut: bool = False) -> Iterator[Field]:
    """The fields of a message in data[start:end]. With `cut` the data may end early: a last field that goes on is given
    up to there as CUT. Raises ValueError where the data is no message."""
    end = len(data) if end is None else min(end, len(data))
    at = start
    while at < end:
        try:
            tag, at = read_varint(data, at)
            number, wire = tag >> 3, tag & 7
            if wire == LENGTH:
                size, at = read_varint(data, at)
            elif wire == VARINT:
                begin = at
                _, at = read_varint(data, at)
                size, at = at - begin, begin
            elif wire == FIXED64:
                size = 8
            elif wire == FIXED32:
                size = 4
            else:
                raise ValueError("not a wire type")
        except IndexError:
            if cut:
                return
            raise ValueError("cut") from None
        if number == 0:
            raise ValueError("not a field")
        if at + size > end:
            if not cut:
                raise ValueError("longer than the message")
            if wire == LENGTH:
                yield number, CUT, at, end
            return
        yield number, wire, at, at + size
        at += size


SPANS, LOGS, METRICS, EMPTY, UNKNOWN = "spans", "logs", "metrics", "empty", "unknown"

_V, _L = VARINT, LENGTH
_SHAPES = {
    SPANS: {(n, _L) for n in (1, 2, 3, 4, 5, 9, 11, 13, 15)}
    | {(n, _V) for n in (6, 10, 12, 14)}
    | {(7, FIXED64), (8, FIXED64), (16, FIXED32)},
    LOGS: {(n, _L) for n in (3, 5, 6, 9, 10, 12)} | {(2, _V), (7, _V), (1, FIXED64), (11, FIXED64), (8, FIXED32)},
    METRICS: {(n, _L) for n in (1, 2, 3, 5, 7, 9, 10, 11, 12)},
}
_LAST_KNOWN = 16
_OLD_SCOPES = 1000  # before OTLP 0.15


def content_of(data: bytes, start: int = 0, end: int | None = None, cut: bool = False) -> str:
    """What a ResourceSpans, ResourceLogs or ResourceMetrics message holds, told by the shape of its first element: the
    three are alike down to there. EMPTY without elements, UNKNOWN when it is none of the three."""
    try:
        for number, wire, first, last in walk(data, start, end, cut):
            if wire not in (LENGTH, CUT) or (number > 3 and number != _OLD_SCOPES):
                return UNKNOWN
            if number not in (2, _OLD_SCOPES):
                continue
            for inner, inner_wire, begin, stop in walk(data, first, last, cut):
                if inner_wire not in (LENGTH, CUT) or inner > 3:
                    return UNKNOWN
                if inner == 2:
                    return _content_of_element(data, begin, stop, cut)
    except ValueError:
        return UNKNOWN
    return EMPTY


def _content_of_element(data: bytes, start: int, end: int, cut: bool) -> str:
    shape = set()
    long_id = False
    for number, wire, begin, stop in walk(data, start, end, cut):
        if number <= _LAST_KNOWN:
            shape.add((number, LENGTH if wire == CUT else wire))
            long_id = long_id or (number == 1 and stop - begin == 16)
    could_be = [name for name, allowed in _SHAPES.items() if shape <= allowed]
    if SPANS in could_be and METRICS in could_be:
        return SPANS if long_id else METRICS
    return could_be[0] if could_be else UNKNOWN
