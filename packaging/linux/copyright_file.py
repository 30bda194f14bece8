"""The copyright file of the Debian package, in the form that machines read, from the licence texts in the program.

Every component that has a folder of texts gets a paragraph with them. Components without files of their own are pure
Python, packed into the program file, and share its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

_FORMAT = "https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
_PROGRAM = "usr/lib/tailrace"
_INSIDE = f"{_PROGRAM}/_internal"
_OF_PYTHON = ("base_library.zip", "libpython*", "python3.*")
_ROW = re.compile(r"^(?P<name>[\w-]+) {2,}(?P<version>[\w.]*) {2,}(?P<licence>\S.*)$", re.M)
_SAID = re.compile(r"^\W*(?:copyright\b|\(c\)|©)(?=.*\d{4}).*", re.I | re.M)

# Debian keeps these on every system, and its policy wants them named there rather than repeated. Others quote them.
_COMMON = {
    "Apache-2.0": re.compile(r"Apache License\s+Version 2\.0, January 2004.*?END OF TERMS AND CONDITIONS", re.S),
    "GPL-2": re.compile(r"GNU GENERAL PUBLIC LICENSE\s+Version 2, June 1991.*?END OF TERMS AND CONDITIONS", re.S),
    "GPL-3": re.compile(r"GNU GENERAL PUBLIC LICENSE\s+Version 3, 29 June 2007.*?END OF TERMS AND CONDITIONS", re.S),
    "LGPL-3": re.compile(r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3, 29 June 2007.*\Z", re.S),
    "MPL-2.0": re.compile(r"Mozilla Public License Version 2\.0\n.*\Z", re.S),
}
# What others made of tailrace/resources.
_RESOURCES = {
    "inter": "fonts/Inter*",
    "jetbrains-mono": "fonts/JetBrainsMono*",
    "lucide": "icons/*",
    "litellm-prices": "prices/*",
}
# Texts that name nobody.
_HOLDERS = {
    "pyside6-essentials": "The Qt Company Ltd. and other contributors to Qt and PySide6",
    "shiboken6": "The Qt Company Ltd. and other contributors to PySide6",
}


def copyright_file(bundle: Path) -> str:
    """The file for the frozen program in `bundle`. Its paths are those of the package."""
    texts = bundle / "_internal/tailrace/licenses"
    rows = {row["name"]: row["licence"] for row in _ROW.finditer((texts / "README.txt").read_text(encoding="utf-8"))}
    rows = {name: licence for name, licence in rows.items() if (texts / name).is_dir()}
    own = {name: _files_of(name, bundle / "_internal") for name in rows if name != "tailrace"}
    paragraphs = [f"Format: {_FORMAT}\nUpstream-Name: Tailrace", _paragraph(["*"], ["tailrace"], rows, texts)]
    packed = [name for name, files in own.items() if not files]
    paragraphs.append(_paragraph([f"{_PROGRAM}/tailrace"], packed, rows, texts))
    if (texts / "system-libraries").is_dir():
        rows["system-libraries"] = "system-libraries"
        paragraphs.append(_paragraph([f"{_INSIDE}/lib*"], ["system-libraries"], rows, texts))
    for name, files in own.items():
        if files:
            paragraphs.append(_paragraph(files, [name], rows, texts))
    return "\n\n".join(paragraphs) + "\n"


def _files_of(name: str, inside: Path) -> list[str]:
    """Where the files of a component lie, as patterns of the package's paths."""
    if name in _RESOURCES:
        return [f"{_INSIDE}/tailrace/resources/{_RESOURCES[name]}"]
    if name == "python":
        found = {path.name for pattern in _OF_PYTHON for path in inside.glob(pattern)}
    else:
        try:
            tops = {str(file).split("/")[0] for file in distribution(name).files or ()}
        except PackageNotFoundError:
            tops = set()
        found = {top for top in tops if (inside / top).exists() and not top.endswith(".dist-info")}
    return [f"{_INSIDE}/{top}" + ("/*" if (inside / top).is_dir() else "") for top in sorted(found)]


def _paragraph(files: list[str], components: list[str], rows: dict[str, str], texts: Path) -> str:
    said = {name: [_text(path) for path in _texts_of(texts / name)] for name in components}
    holders = [holder for name in components for holder in _holders(name, said[name])]
    short = " and ".join(_short(name, rows[name]) for name in components)
    lines = [f"Files: {_continued(files)}", f"Copyright: {_continued(dict.fromkeys(holders))}", f"License: {short}"]
    for name in components:
        if len(components) > 1:
            lines.append(f" {name}: {rows[name]}")
            lines.append(" .")
        for text in said[name]:
            lines += [f" {line.rstrip()}" if line.strip() else " ." for line in text.strip().splitlines()]
            lines.append(" .")
    while lines[-1] == " .":
        lines.pop()
    return "\n".join(lines)


def _texts_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _text(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace").expandtabs().replace("\f", "\n")
    for name, whole in _COMMON.items():
        text = whole.sub(f"{name}: on Debian systems its text is in /usr/share/common-licenses/{name}.", text)
    return text


def _holders(name: str, texts: Iterable[str]) -> list[str]:
    if name in _HOLDERS:
        return [_HOLDERS[name]]
    found = [" ".join(match[0].split()) for text in texts for match in _SAID.finditer(text)]
    return found or [f"the authors of {name}"]


def _short(name: str, licence: str) -> str:
    """A licence's short name, which has no spaces and means one text: "BSD-3-Clause~click"."""
    return f"{re.sub(r'[^A-Za-z0-9.+-]+', '-', licence).strip('-')}~{name.replace('/', '-')}"


def _continued(lines: Iterable[str]) -> str:
    return "\n ".join(lines)
