"""Make dist/tailrace-VERSION-linux-MACHINE.tar.xz, a folder that runs from anywhere: `packaging/build.py portable`.

An archive and not an AppImage: the runtime in front of one is a binary that no package registry carries. The same
source gives the same file, byte for byte.
"""

from __future__ import annotations

import lzma
import platform
import shutil
import sys
import tarfile
from datetime import datetime
from pathlib import Path

from desktop_tree import write_desktop_tree
from releases import ROOT, build_moment

import tailrace

BUNDLE, DIST, TREE = ROOT / "dist/tailrace", ROOT / "dist", ROOT / "build/portable"
_HERE = Path(__file__).parent
_PROGRAMS = {"tailrace", "integrate"}


def main() -> None:
    """Build the archive; say where it is and how large."""
    if not BUNDLE.is_dir():
        sys.exit(f"{BUNDLE} is missing; run `python packaging/build.py freeze` first.")
    built = build_moment()
    shutil.rmtree(TREE, ignore_errors=True)
    write_desktop_tree(TREE / "share", built)
    shutil.copyfile(_HERE / "integrate", TREE / "integrate")
    shutil.copyfile(_HERE / "portable.txt", TREE / "README.txt")
    name = f"tailrace-{tailrace.__version__}"
    archive = DIST / f"{name}-linux-{platform.machine()}.tar.xz"
    write_archive(archive, name, (BUNDLE, TREE), built)
    print(f"{archive.relative_to(ROOT)}: {archive.stat().st_size / 1e6:.1f} MB")


def write_archive(archive: Path, top: str, folders: tuple[Path, ...], built: datetime) -> None:
    """Pack what is in `folders` below a folder `top`: sorted, with one time, one owner and a mode for each kind."""
    paths = {str(path.relative_to(folder)): path for folder in folders for path in folder.rglob("*")}

    def settled(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = int(built.timestamp()), 0, 0, "root", "root"
        if not entry.issym():
            entry.mode = 0o755 if entry.isdir() or entry.name.removeprefix(f"{top}/") in _PROGRAMS else 0o644
        return entry

    temporary = archive.with_suffix(".part")
    with lzma.open(temporary, "wb", preset=6) as stream, tarfile.open(fileobj=stream, mode="w") as tar:
        for name, path in sorted(paths.items()):
            tar.add(path, f"{top}/{name}", recursive=False, filter=settled)
    temporary.replace(archive)


if __name__ == "__main__":
    main()
