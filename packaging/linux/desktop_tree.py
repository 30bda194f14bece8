"""What desktops, shells and `man` read about Tailrace, laid out as below /usr/share."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from completions import completions
from manual import manual
from metainfo import metainfo
from releases import ROOT, read_releases

import tailrace

_HERE = Path(__file__).parent
_ICONS = ROOT / "build/icons/hicolor"


def write_desktop_tree(share: Path, built: datetime) -> None:
    """Write desktop entry, type, icons, description, manual and completions below `share`. Needs the rendered icons
    (`packaging/build.py icons`)."""
    name, version = tailrace.DESKTOP_ID, tailrace.__version__
    if not _ICONS.is_dir():
        raise FileNotFoundError(f"{_ICONS} is missing; run `python packaging/build.py icons` first")
    _copy(_HERE / f"{name}.desktop", share / f"applications/{name}.desktop")
    _copy(_HERE / f"{name}.xml", share / f"mime/packages/{name}.xml")
    for icon in sorted(path for path in _ICONS.rglob("*") if path.is_file()):
        _copy(icon, share / "icons/hicolor" / icon.relative_to(_ICONS))
    releases = read_releases((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version, built)
    _write(share / f"metainfo/{name}.metainfo.xml", metainfo(releases))
    _write(share / "man/man1/tailrace.1", manual(version, built).encode())
    for place, script in completions().items():
        _write(share / place, script.encode())


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
