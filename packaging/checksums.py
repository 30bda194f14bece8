"""SHA-256 sums of what is in a folder: `python packaging/checksums.py [FOLDER]`, else of dist.

Writes FOLDER/SHA256SUMS as sha256sum does; `sha256sum -c SHA256SUMS` in the folder checks them.
"""

from __future__ import annotations

import sys
from hashlib import file_digest
from pathlib import Path

NAME = "SHA256SUMS"


def write_checksums(folder: Path) -> list[str]:
    """Sum up the files directly in `folder`, by name; the names. Folders, such as the unpacked program, are left out.
    Raises FileNotFoundError where there is no file."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != NAME)
    if not names:
        raise FileNotFoundError(f"there is no file in {folder}")
    lines = []
    for name in names:
        with (folder / name).open("rb") as file:
            lines.append(f"{file_digest(file, 'sha256').hexdigest()}  {name}\n")
    (folder / NAME).write_text("".join(lines), encoding="utf-8", newline="\n")
    return names


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "dist"
    try:
        print(f"{NAME}: {len(write_checksums(where))} files")
    except OSError as error:
        sys.exit(str(error))
