"""What Windows shows about tailrace.exe and tailracew.exe: `python packaging/windows/version_resource.py FILE`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tailrace import __version__

_SAID = {
    "CompanyName": "The Tailrace authors",
    "FileDescription": "Tailrace",  # the name in "Open with" and in the task manager
    "FileVersion": __version__,
    "InternalName": "tailrace",
    "LegalCopyright": "\N{COPYRIGHT SIGN} The Tailrace authors. MIT licence.",
    "OriginalFilename": "tailrace.exe",
    "ProductName": "Tailrace",
    "ProductVersion": __version__,
}

# 0409: US English, 1200 (04B0): Unicode; 0x40004: for Windows NT, 1: an application.
_TEXT = """\
# UTF-8
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags={flags}, OS=0x40004, fileType=1),
  kids=[
    StringFileInfo([StringTable("040904B0", [
{strings}
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 1200])]),
  ],
)
"""
_PRERELEASE = 0x2


def numbers_of(version: str) -> tuple[int, int, int, int]:
    """The four numbers that Windows compares, of a version such as "1.2.3" or "1.2.3rc1" (what follows the numbers is
    not among them). Raises ValueError where there are none or more than four, or where one is above 65535."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    parts = [int(part) for part in found[0].split(".")] if found else []
    if not parts or len(parts) > 4 or max(parts) > 0xFFFF:
        raise ValueError(f"{version} is no version of four numbers for Windows")
    first, second, third, fourth = (*parts, 0, 0, 0, 0)[:4]
    return first, second, third, fourth


def write(path: Path) -> None:
    """Write the version file that PyInstaller compiles into both executables, and the folder for it."""
    strings = "\n".join(f"      StringStruct({key!r}, {value!r})," for key, value in _SAID.items())
    flags = 0 if re.fullmatch(r"[\d.]+", __version__) else _PRERELEASE
    text = _TEXT.format(numbers=numbers_of(__version__), flags=flags, strings=strings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python packaging/windows/version_resource.py FILE")
    write(Path(sys.argv[1]))
