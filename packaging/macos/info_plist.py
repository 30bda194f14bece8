"""What macOS is told about Tailrace.app: `python packaging/macos/info_plist.py FILE`."""

from __future__ import annotations

import plistlib
import re
import sys
from pathlib import Path
from typing import Any

from tailrace import DESKTOP_ID, __version__

DATABASE_TYPE = "org.tailrace.database"
DOCUMENT_ICON = "document.icns"
_MIME_TYPE = "application/vnd.tailrace+sqlite3"
_MADE_ELSEWHERE = ["jsonl", "ndjson", "db", "sqlite", "pb"]  # extensions without a type that macOS knows


def contents(minimum: str) -> dict[str, Any]:
    """The keys, for macOS `minimum` ("14.0") and later."""
    numbers = numbers_of(__version__)
    return {
        "CFBundleDevelopmentRegion": "en",
        "CFBundleDisplayName": "Tailrace",
        "CFBundleIdentifier": DESKTOP_ID,
        "CFBundleName": "Tailrace",
        "CFBundleShortVersionString": numbers,
        "CFBundleVersion": numbers,
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "LSBackgroundOnly": False,  # PyInstaller says True of a program that also writes to terminals
        "LSMinimumSystemVersion": minimum,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "\N{COPYRIGHT SIGN} The Tailrace authors. MIT licence.",
        "NSPrincipalClass": "NSApplication",
        "NSSupportsAutomaticGraphicsSwitching": True,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Tailrace database",
                "CFBundleTypeRole": "Editor",
                "CFBundleTypeIconFile": DOCUMENT_ICON,
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [DATABASE_TYPE],
            },
            _foreign(LSItemContentTypes=["public.json"]),
            _foreign(CFBundleTypeExtensions=_MADE_ELSEWHERE),
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": DATABASE_TYPE,
                "UTTypeDescription": "Tailrace database",
                "UTTypeConformsTo": ["public.database", "public.data"],
                "UTTypeIconFile": DOCUMENT_ICON,
                "UTTypeTagSpecification": {
                    "public.filename-extension": ["tailrace"],
                    "public.mime-type": [_MIME_TYPE],
                },
            }
        ],
    }


def numbers_of(version: str) -> str:
    """The up to three numbers that macOS takes for a version, of one such as "1.2.3rc1". Raises ValueError where it
    begins with none."""
    found = re.match(r"\d+(?:\.\d+){0,2}", version)
    if found is None:
        raise ValueError(f"{version} is no version of numbers for macOS")
    return found[0]


def write(path: Path) -> None:
    """Write Info.plist for what is installed here; the folder is made where it is missing."""
    sys.path.append(str(Path(__file__).resolve().parents[1] / "freeze"))
    from declared import declared_distributions
    from minimum import minimum_system

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(plistlib.dumps(contents(minimum_system(declared_distributions().values()))))


def _foreign(**which: list[str]) -> dict[str, Any]:
    """Files of other programs: Tailrace is offered under "Open With" and opens none of them by default."""
    return {"CFBundleTypeName": "Trace file", "CFBundleTypeRole": "Viewer", "LSHandlerRank": "Alternate", **which}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python packaging/macos/info_plist.py FILE")
    write(Path(sys.argv[1]))
