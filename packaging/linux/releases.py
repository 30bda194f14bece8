"""The releases that CHANGELOG.md tells of, and the moment that a build counts as its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_HEADING = re.compile(r"^## (?P<version>\S+) \((?P<date>[^)]*)\)\s*$")


@dataclass(frozen=True, slots=True)
class Release:
    """`paragraphs` stand before the `points` of the list; both hold backticks as in the source."""

    version: str
    when: datetime
    paragraphs: tuple[str, ...]
    points: tuple[str, ...]


def read_releases(text: str, version: str, built: datetime) -> list[Release]:
    """What a change log says of `version`, which is as of `built` unless a date stands beside it, and of every older
    version with a date, newest first. A version without a date was never given out."""
    found: list[Release] = []
    for heading, body in _sections(text):
        when = _date(heading["date"])
        if heading["version"] == version:
            found.append(Release(version, when or built, *_parts(body)))
        elif when is not None:
            found.append(Release(heading["version"], when, *_parts(body)))
    if all(release.version != version for release in found):
        print(f"CHANGELOG.md says nothing of {version}", file=sys.stderr)
        found.insert(0, Release(version, built, ("What is new is not written down yet.",), ()))
    return found


def build_moment() -> datetime:
    """SOURCE_DATE_EPOCH where it is set, else that of the commit, else of the change log: never now, so that the same
    source gives the same package."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not told:
        command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
        try:
            told = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        except OSError:
            told = ""
    seconds = int(told) if told else int((ROOT / "CHANGELOG.md").stat().st_mtime)
    return datetime.fromtimestamp(seconds, UTC)


def _sections(text: str) -> list[tuple[re.Match[str], list[str]]]:
    sections: list[tuple[re.Match[str], list[str]]] = []
    for line in text.splitlines():
        if (heading := _HEADING.match(line)) is not None:
            sections.append((heading, []))
        elif sections:
            sections[-1][1].append(line)
    return sections


def _date(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _parts(lines: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    paragraphs: list[str] = []
    points: list[str] = []
    into: list[str] | None = None
    for line in lines:
        if line.startswith("- "):
            points.append(line[2:].strip())
            into = points
        elif not line.strip():
            into = None
        elif into is not None:
            into[-1] += f" {line.strip()}"
        else:
            paragraphs.append(line.strip())
            into = paragraphs
    return tuple(paragraphs), tuple(points)
