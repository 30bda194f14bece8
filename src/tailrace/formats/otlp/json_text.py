"""JSON that is not quite JSON: repaired where that is possible, else the sound spans and log records out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import orjson

from tailrace.model import Json

REPAIRED = "text that is not UTF-8 (shown with replacement characters)"

_BOM = b"\xef\xbb\xbf"
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
# a string with what may follow a key, or a bracket
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"(\s*+:)?|[{}\[\]]', re.DOTALL)
_OPENS = {b"{": b"}", b"[": b"]"}
_ELEMENTS = {
    "spans": ("resourceSpans", "scopeSpans", "spans"),
    "logRecords": ("resourceLogs", "scopeLogs", "logRecords"),
    "log_records": ("resourceLogs", "scopeLogs", "logRecords"),
}
_GROUPS = ("resourceSpans", "resource_spans", "resourceLogs", "resource_logs")


def parse(data: bytes) -> tuple[Json, str | None]:
    """A JSON value and, when something in it had to be replaced, the reason. Accepts a byte-order mark, NUL padding,
    control characters and lone surrogates in strings, NaN and other encodings. Raises ValueError."""
    try:
        return orjson.loads(data), None
    except ValueError:
        pass
    data = data.removeprefix(_BOM).strip(b"\x00 \t\r\n").removeprefix(_BOM)
    text = data.decode("utf-8", "replace")
    lost = not _is_utf8(data)
    whole, replaced = _ESCAPE.subn(_pair_or_replacement, text.encode()) if "\\u" in text else (b"", 0)
    if replaced:
        lost = lost or whole != text.encode()
        text = whole.decode()
    try:
        return json.loads(text, strict=False), REPAIRED if lost else None
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def is_blank(data: bytes) -> bool:
    """Whether there is nothing in a line: white space, NUL padding, a byte-order mark."""
    return not data.removeprefix(_BOM).strip(b"\x00 \t\r\n")


def salvage(data: bytes) -> Iterator[Json]:
    """Requests of one element each: the spans and log records that are complete in a damaged text, with the resource
    and scope that stand before them; None for each that is there but unsound, and at the end when the text was cut."""
    # each open bracket: what closes it, the key before it, where it begins
    opened: list[tuple[bytes, str, int]] = []
    resource: Json = None
    scope: Json = None
    key = ""
    for token in _TOKEN.finditer(data):
        mark = token.group()
        if mark in _OPENS:
            opened.append((_OPENS[mark], key, token.start()))
            key = ""
        elif mark in (b"}", b"]"):
            while opened and opened[-1][0] != mark:
                opened.pop()
            if not opened:
                continue
            _, name, start = opened.pop()
            if mark == b"]":
                continue
            above = opened[-1][1] if opened else ""
            if name in ("resource", "scope", "instrumentationLibrary"):
                value = _parse_or_none(data[start : token.end()])
                if name == "resource":
                    resource, scope = value, None
                else:
                    scope = value
            elif not name and above in _ELEMENTS and opened[-1][0] == b"]":
                outer, middle, inner = _ELEMENTS[above]
                value = _parse_or_none(data[start : token.end()])
                yield (
                    {outer: [{"resource": resource, middle: [{"scope": scope, inner: [value]}]}]}
                    if isinstance(value, dict)
                    else None
                )
            elif above in _GROUPS:
                resource = scope = None
        else:
            key = mark[1 : mark.rindex(b'"')].decode("utf-8", "replace") if token.group(1) else ""
    if opened:
        yield None


def _parse_or_none(data: bytes) -> Json:
    try:
        return parse(data)[0]
    except ValueError:
        return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _pair_or_replacement(found: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if found.group(1) else found.group()
