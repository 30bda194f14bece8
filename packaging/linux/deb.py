"""Make dist/tailrace_VERSION_ARCH.deb from the frozen program: `python packaging/build.py deb`.

Needs dpkg-deb and dpkg-shlibdeps (package dpkg-dev), and no root. The same source gives the same file, byte for byte.
Nothing runs at installation: the packages that keep the desktop's databases notice new files themselves.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from copyright_file import copyright_file
from depends import RECOMMENDED, dependencies
from desktop_tree import write_desktop_tree
from releases import ROOT, Release, build_moment, read_releases

import tailrace

BUNDLE, DIST, TREE = ROOT / "dist/tailrace", ROOT / "dist", ROOT / "build/deb"
# The project has no address yet. ".invalid" is reserved never to be anybody's (RFC 2606).
MAINTAINER = "Tailrace developers <tailrace@tailrace.invalid>"
_OVERRIDES = Path(__file__).with_name("lintian-overrides")
_DESCRIPTION = """desktop trace viewer for applications built on language models
 Tailrace opens a local trace database, or a file that another tool exported
 (OpenTelemetry, Arize Phoenix, llm), and draws each run as a span tree with a
 timing waterfall. It shows what the model was told and what it said, takes a
 reviewer through hundreds of traces from the keyboard, and charts latency,
 tokens, cost, errors and quality of all of them together.
 .
 Nothing leaves the computer: no server, no account, no telemetry. Other
 tools' files are only read.
 .
 The package carries its own Python and Qt, so that it runs on releases that
 have older ones."""


def main() -> None:
    """Build the package; say where it is and how large."""
    if not BUNDLE.is_dir():
        sys.exit(f"{BUNDLE} is missing; run `python packaging/build.py freeze` first.")
    built = build_moment()
    version, architecture = tailrace.__version__, _said_by("dpkg", "--print-architecture")
    shutil.rmtree(TREE, ignore_errors=True)
    (TREE / "DEBIAN").mkdir(parents=True)
    shutil.copytree(BUNDLE, TREE / "usr/lib/tailrace", symlinks=True)
    (TREE / "usr/bin").mkdir()
    (TREE / "usr/bin/tailrace").symlink_to("../lib/tailrace/tailrace")
    write_desktop_tree(TREE / "usr/share", built)
    _write_documents(TREE / "usr/share", built)
    _write_control(version, architecture)
    _settle(built)
    package = DIST / f"tailrace_{version}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(TREE), str(package)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(built.timestamp()))}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    size, installed = package.stat().st_size / 1e6, _installed_kib() * 1024 / 1e6
    print(f"{package.relative_to(ROOT)}: {size:.1f} MB, installed {installed:.1f} MB")


def debian_changelog(releases: list[Release]) -> str:
    """The change log as Debian's tools read it."""
    entries = []
    for release in releases:
        points = release.points or release.paragraphs
        told = "\n".join(f"  * {_folded(point.replace('`', ''))}" for point in points)
        when = format_datetime(release.when)
        entries.append(f"tailrace ({release.version}) unstable; urgency=medium\n\n{told}\n\n -- {MAINTAINER}  {when}\n")
    return "\n".join(entries)


def _write_documents(share: Path, built: datetime) -> None:
    documents = share / "doc/tailrace"
    documents.mkdir(parents=True)
    (documents / "copyright").write_text(copyright_file(BUNDLE), encoding="utf-8")
    releases = read_releases((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), tailrace.__version__, built)
    (documents / "changelog.gz").write_bytes(_zipped(debian_changelog(releases).encode()))
    page = share / "man/man1/tailrace.1"
    page.with_name("tailrace.1.gz").write_bytes(_zipped(page.read_bytes()))
    page.unlink()
    overrides = share / "lintian/overrides/tailrace"
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(_OVERRIDES, overrides)


def _write_control(version: str, architecture: str) -> None:
    try:
        depends = dependencies(TREE)
    except subprocess.CalledProcessError as error:
        sys.exit(f"The dependencies cannot be told: {error.stderr.strip()}")
    fields = {
        "Package": "tailrace",
        "Version": version,
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(_installed_kib()),
        "Depends": ", ".join(depends),
        "Recommends": ", ".join(RECOMMENDED),
        "Section": "devel",
        "Priority": "optional",
        "Description": _DESCRIPTION,
    }
    control = TREE / "DEBIAN/control"
    control.write_text("".join(f"{name}: {value}\n" for name, value in fields.items()), encoding="utf-8")
    sums = [f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(TREE)}\n" for path in _contents()]
    (TREE / "DEBIAN/md5sums").write_text("".join(sums), encoding="utf-8")


def _contents() -> list[Path]:
    return [path for path in sorted((TREE / "usr").rglob("*")) if path.is_file() and not path.is_symlink()]


def _installed_kib() -> int:
    """As Debian counts it: files in whole KiB, one for anything else."""
    paths = list((TREE / "usr").rglob("*"))
    return sum(-(-path.stat().st_size // 1024) if path.is_file() and not path.is_symlink() else 1 for path in paths)


def _settle(built: datetime) -> None:
    """One mode for each kind of file and one time for all."""
    moment = built.timestamp()
    programs = {TREE / "usr/lib/tailrace/tailrace"}
    for path in sorted(TREE.rglob("*"), reverse=True):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in programs else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)
    TREE.chmod(0o755)
    os.utime(TREE, (moment, moment))


def _zipped(data: bytes) -> bytes:
    """As `gzip -9n`."""
    return gzip.compress(data, 9, mtime=0)


def _folded(text: str, width: int = 76) -> str:
    lines = re.findall(rf"\S.{{0,{width - 1}}}(?=\s|$)", text)
    return "\n    ".join(lines)


def _said_by(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
