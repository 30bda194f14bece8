"""Whether a tag may become a release: `python packaging/tag.py v1.2.3`.

Prints what CHANGELOG.md says of that version, or ends with what is missing.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def notes_of(tag: str, version: str, changelog: str) -> str:
    """What the change log says of `version`. Raises ValueError where the tag is of another version, or the change log
    says nothing of it or has no date for it."""
    if tag != f"v{version}":
        raise ValueError(f"the tag is {tag}, but the program says that it is {version}; the tag should be v{version}")
    found = re.search(
        rf"^## {re.escape(version)} \((?P<date>[^)]*)\)\n(?P<notes>.*?)(?=^## |\Z)", changelog, re.M | re.S
    )
    if found is None:
        raise ValueError(f"CHANGELOG.md has no section “{version} (DATE)”")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", found["date"]):
        raise ValueError(f"CHANGELOG.md says that {version} is {found['date']}, which is no date")
    if not found["notes"].strip():
        raise ValueError(f"CHANGELOG.md says nothing of {version}")
    return found["notes"].strip() + "\n"


def version_in(source: str) -> str:
    """The version in the text of tailrace/__init__.py, which is read so that nothing has to be installed."""
    found = re.search(r'^__version__ = "(.+)"$', source, re.M)
    if found is None:
        raise ValueError("src/tailrace/__init__.py has no __version__")
    return found[1]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python packaging/tag.py TAG")
    init, log = ((ROOT / name).read_text(encoding="utf-8") for name in ("src/tailrace/__init__.py", "CHANGELOG.md"))
    try:
        print(notes_of(sys.argv[1], version_in(init), log), end="")
    except ValueError as error:
        sys.exit(str(error))
