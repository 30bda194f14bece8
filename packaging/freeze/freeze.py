"""Make the one-folder program dist/tailrace from the installed wheel, and audit it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import audit
import licences
import neutral
import search_paths

ROOT = Path(__file__).resolve().parents[2]
BUILD, DIST = ROOT / "build", ROOT / "dist"
BUNDLE = DIST / "tailrace"


def main() -> None:
    """Gather, pack, clean, audit. Ends with every fault that the audit finds."""
    licences.gather_licences(BUILD / "licenses")
    neutral.write_neutral_sysconfig(BUILD / "neutral")
    if sys.platform == "win32":
        sys.path.insert(0, str(ROOT / "packaging/windows"))
        import version_resource

        version_resource.write(BUILD / "version.txt")
    if sys.platform == "darwin":
        sys.path.insert(0, str(ROOT / "packaging/macos"))
        import info_plist

        info_plist.write(BUILD / "Info.plist")
    spec = ROOT / "packaging/freeze/tailrace.spec"
    places = ["--distpath", DIST, "--workpath", BUILD / "pyinstaller"]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places, spec]
    subprocess.run(list(map(str, command)), cwd=ROOT, check=True)
    if sys.platform.startswith("linux"):
        neutral.strip_debug_information(BUNDLE)
        neutral.forget_prefix(BUNDLE)
        search_paths.drop_outer_search_paths(neutral.elf_files(BUNDLE))
        licences.add_system_licences(BUNDLE)
    faults = audit.audit(BUNDLE)
    for fault in faults:
        print(fault, file=sys.stderr)
    origins = audit.contents_by_origin(BUNDLE)
    for origin, size in origins:
        if size >= 1_000_000:
            print(f"{size / 1e6:7.1f} MB  {origin}")
    print(f"{sum(size for _, size in origins) / 1e6:7.1f} MB  in all")
    if faults:
        sys.exit(f"The program is not what it should be: {len(faults)} faults.")


if __name__ == "__main__":
    main()
