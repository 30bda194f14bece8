"""Which form of OTLP a file is in, if any."""

from __future__ import annotations

from pathlib import Path

from tailrace.formats.records import Format

SUPPORTED = "OTLP (JSON, JSON lines or protobuf, also compressed with gzip or zstd)"


def sniff(head: bytes, path: Path) -> Format | None:
    """The form of OTLP when the file is OTLP."""
    return None
