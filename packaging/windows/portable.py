"""The program as one ZIP file that runs from wherever it is unpacked: `python packaging/windows/portable.py`."""

from __future__ import annotations

import os
import sys
import time
import zipfile
from pathlib import Path

from names import BUNDLE, EXECUTABLES, artefact

from tailrace import __version__

_EARLIEST = 315532800  # 1980-01-01, where the dates of ZIP files begin


def write_zip(bundle: Path, target: Path) -> int:
    """Put the folder `bundle` into `target`, below one folder that names the version; how many files. The same files
    give the same bytes. Raises FileNotFoundError where an executable is missing."""
    for name in EXECUTABLES:
        if not (bundle / name).is_file():
            raise FileNotFoundError(f"{bundle} holds no {name}")
    moment = max(int(os.environ.get("SOURCE_DATE_EPOCH", _EARLIEST)), _EARLIEST)
    files = [path for path in sorted(bundle.rglob("*")) if path.is_file()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            name = f"tailrace-{__version__}/{path.relative_to(bundle).as_posix()}"
            entry = zipfile.ZipInfo(name, time.gmtime(moment)[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return len(files)


def main() -> None:
    """dist/tailrace into dist/tailrace-VERSION-windows-ARCHITECTURE.zip."""
    target = artefact(".zip")
    try:
        count = write_zip(BUNDLE, target)
    except FileNotFoundError as error:
        sys.exit(f"{error}; run `python packaging/build.py freeze` on Windows first.")
    print(f"{target.name}: {count} files, {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
