"""The AppStream description with its releases: what software centres show."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

from releases import Release

_TEMPLATE = Path(__file__).with_name("org.tailrace.Tailrace.metainfo.xml")


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def metainfo(releases: Iterable[Release]) -> bytes:
    """The description as XML, with `releases`, newest first."""
    root = ET.fromstring(_TEMPLATE.read_bytes())  # comments stay behind: they are for us
    listed = ET.SubElement(root, "releases")
    for release in releases:
        kind = "development" if re.search(r"[a-z]", release.version) else "stable"
        day = release.when.date().isoformat()
        told = ET.SubElement(listed, "release", version=release.version, date=day, type=kind)
        description = ET.SubElement(told, "description")
        for text in release.paragraphs:
            _say(ET.SubElement(description, "p"), text)
        if release.points:
            points = ET.SubElement(description, "ul")
            for text in release.points:
                _say(ET.SubElement(points, "li"), text)
    ET.indent(root)
    return f"{_HEAD}\n{ET.tostring(root, encoding='unicode')}\n".encode()


def _say(element: ET.Element, text: str) -> None:
    """Plain text with what stands in backticks as code."""
    plain, *rest = text.split("`")
    element.text = plain
    last: ET.Element | None = None
    for number, part in enumerate(rest):
        if number % 2 == 0:
            last = ET.SubElement(element, "code")
            last.text = part
        elif last is not None:
            last.tail = part
