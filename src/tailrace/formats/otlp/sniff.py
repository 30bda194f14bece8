"""Which form of OTLP a file is in, if any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tailrace.formats.compression import compression_of, unpack_head
from tailrace.formats.otlp import json_text, wire
from tailrace.formats.otlp.from_json import KNOWN_KEYS
from tailrace.formats.otlp.read_json import read_document, read_lines
from tailrace.formats.records import Format, Record
from tailrace.model import Json

SUPPORTED = "OTLP (JSON, JSON lines or protobuf, also compressed with gzip or zstd)"

_HEAD_BYTES = 64 * 1024
_TOKEN = re.compile(rb'"((?:[^"\\]++|\\.)*+)"(\s*+:)?|[{}\[\]\n]', re.DOTALL)
_KEYS = {key.encode() for key in KNOWN_KEYS}


def sniff(head: bytes, path: Path) -> Format | None:
    """The form of OTLP when the file is OTLP."""
    compression = compression_of(head)
    data = unpack_head(head, _HEAD_BYTES)
    suffix = f", {compression}" if compression else ""
    # a shorter head is the whole file
    whole = len(data) < _HEAD_BYTES and not (compression and len(head) >= _HEAD_BYTES)
    text = data.lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    if text[:1] in (b"{", b"["):
        if _has_requests(text):
            if _is_lines(text, whole):
                return Format(f"OTLP JSON lines{suffix}", "bytes", read_lines)
            return Format(f"OTLP JSON{suffix}", "bytes", read_document)
        return None
    if _is_message(data):
        return Format(f"OTLP protobuf{suffix}", "bytes", _read_message)
    if len(data) > 4:
        size = int.from_bytes(data[:4], "big")
        message = data[4 : 4 + size]
        if compression_of(message):
            suffix = suffix or f", {compression_of(message)}"
            message = unpack_head(message, _HEAD_BYTES)
        if _is_message(message):
            return Format(f"OTLP protobuf messages{suffix}", "bytes", _read_messages)
    # a damaged first line must not hide the sound ones after it
    lines = [line for line in data.split(b"\n")[1:-1] if not json_text.is_blank(line)]
    sound = sum(line.lstrip()[:1] == b"{" and _has_requests(line) for line in lines)
    if sound and sound * 2 >= len(lines):
        return Format(f"OTLP JSON lines{suffix}", "bytes", read_lines)
    return None


def _read_message(path: Path, resume: Json | None) -> Iterator[Record]:
    from tailrace.formats.otlp.read_proto import read_message  # protobuf takes long to import

    return read_message(path, resume)


def _read_messages(path: Path, resume: Json | None) -> Iterator[Record]:
    from tailrace.formats.otlp.read_proto import read_messages

    return read_messages(path, resume)


def _has_requests(text: bytes) -> bool:
    """Whether one of OTLP's top-level keys stands at the top of an object, alone or in an array."""
    # what is open; a line that begins with "{" in the first column begins a new value whatever was damaged before it
    opened: list[bytes] = []
    new_line = True
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark == b"\n":
            new_line = True
            continue
        if mark in (b"{", b"["):
            if new_line and mark == b"{" and text[token.start() - 1 : token.start()] in (b"", b"\n"):
                opened.clear()
            opened.append(mark)
        elif mark in (b"}", b"]"):
            if opened:
                opened.pop()
        elif token.group(2) and token.group(1) in _KEYS and opened in ([b"{"], [b"[", b"{"]):
            return True
        new_line = False
    return False


def _is_lines(text: bytes, whole: bool) -> bool:
    """Whether every line is a value of its own, rather than all lines together one."""
    lines = text.split(b"\n")
    if len(lines) == 1:
        return True
    complete = lines if whole else lines[:-1]
    if text[:1] == b"[" and not _is_value(lines[0]):
        return False
    for line in complete:
        if line.lstrip()[:1] not in (b"{", b"["):
            continue
        try:
            value, _ = json_text.parse(line)
        except ValueError:
            continue
        members = value if isinstance(value, list) else [value]
        if any(isinstance(member, dict) and not KNOWN_KEYS.isdisjoint(member) for member in members):
            return True
    # what goes on in the next line is indented or begins with a bracket alone
    first = lines[0].strip()
    return len(first) > 200


def _is_value(line: bytes) -> bool:
    try:
        json_text.parse(line)
    except ValueError:
        return False
    return True


def _is_message(data: bytes) -> bool:
    """Whether a protobuf request begins here: field 1 with spans, logs or metrics in it."""
    if data[:1] != b"\x0a":
        return False
    try:
        for number, kind, first, last in wire.walk(data, cut=True):
            if number != 1 or kind not in (wire.LENGTH, wire.CUT):
                return False
            content = wire.content_of(data, first, last, cut=True)
            if content != wire.EMPTY:
                return content != wire.UNKNOWN
            if last >= len(data):
                # a resource that is larger than the head: its first attribute must look like one
                return last - first > 0 and data[first : first + 1] == b"\x0a"
    except ValueError:
        pass
    return False
