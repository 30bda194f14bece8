"""Signing Tailrace.app from the inside out: each piece of code before what contains it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

_ENTITLEMENTS = Path(__file__).resolve().parent / "entitlements.plist"
_MACH_O = {bytes.fromhex(magic) for magic in ("cffaedfe", "cefaedfe", "cafebabe", "cafebabf")}
AD_HOC = "-"


def identity() -> str:
    """The name or hash of the certificate to sign with, from TAILRACE_SIGN_IDENTITY; "-" (ad hoc) without one."""
    return os.environ.get("TAILRACE_SIGN_IDENTITY", "").strip() or AD_HOC


def sign_app(app: Path, by: str) -> None:
    """Sign everything in the bundle `app`, then the bundle, and check it. Raises CalledProcessError."""
    for path in inner_code(app):
        subprocess.run(sign_command(path, by), check=True)
    subprocess.run(sign_command(app, by, entitled=True), check=True)
    subprocess.run(["codesign", "--verify", "--deep", "--strict", "--verbose=2", str(app)], check=True)


def sign_command(path: Path, by: str, *, code: bool = True, entitled: bool = False) -> list[str]:
    """How one file or bundle is signed; an image is none of `code`. The hardened runtime loads only libraries of the
    same team, and an ad hoc signature has none, so it goes without."""
    how = [] if by == AD_HOC else ["--timestamp"]
    if code and by != AD_HOC:
        how += ["--options", "runtime"]
    if entitled:
        how += ["--entitlements", str(_ENTITLEMENTS)]
    return ["codesign", "--force", "--sign", by, *how, str(path)]


def inner_code(app: Path) -> list[Path]:
    """What has to be signed before the bundle itself: libraries and programs in it and its frameworks, innermost
    first. The bundle's own program is signed with the bundle."""
    frameworks = [path for path in app.rglob("*.framework") if path.is_dir() and not path.is_symlink()]
    own = app / "Contents/MacOS" / "tailrace"
    code = [path for path in _files(app) if path != own and _is_code(path)]
    return sorted(code + frameworks, key=lambda path: (-len(path.parts), path))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _is_code(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in _MACH_O
