"""Render the icons that systems want from the drawings in resources/brand: `python packaging/icons.py OUTDIR`.

    OUTDIR/hicolor/NxN/apps/org.tailrace.Tailrace.png                         Linux, as below /usr/share/icons
    OUTDIR/hicolor/NxN/mimetypes/application-vnd.tailrace+sqlite3.png
    OUTDIR/hicolor/scalable/{apps,mimetypes}/….svg
    OUTDIR/tailrace.ico  document.ico                                         Windows
    OUTDIR/tailrace.icns document.icns                                        macOS

The containers (.ico, .icns) need Pillow, which only packaging does.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImageWriter

from tailrace import DESKTOP_ID
from tailrace.ui.theme.brand import Drawing, brand_image, drawing

if TYPE_CHECKING:
    from PIL import Image

MIME_TYPE = "application/vnd.tailrace+sqlite3"
PLACES: dict[Drawing, tuple[str, str]] = {  # folder and name in an icon theme
    "tailrace": ("apps", DESKTOP_ID),
    "document": ("mimetypes", MIME_TYPE.replace("/", "-")),
}
HICOLOR_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
ICNS_SIZES = (32, 64, 128, 256, 512, 1024)

# On macOS the ground is 824 of 1024 pixels wide; in our drawing it is 60 of 64. A page keeps its size.
MAC_SCALES: dict[Drawing, float] = {"tailrace": 824 / 1024 * 64 / 60, "document": 1.0}


def write_theme(out: Path) -> None:
    """Write `hicolor` below `out`: PNG files and the drawings themselves."""
    for name, (context, file) in PLACES.items():
        for size in HICOLOR_SIZES:
            path = out / "hicolor" / f"{size}x{size}" / context / f"{file}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(png(name, size))
        path = out / "hicolor" / "scalable" / context / f"{file}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(drawing(name, 0), path)


def write_ico(name: Drawing, path: Path) -> None:
    """Write an icon for Windows: PNG entries, each rendered at its own size."""
    largest, *others = (opened(png(name, size)) for size in sorted(ICO_SIZES, reverse=True))
    largest.save(path, format="ICO", sizes=[(size, size) for size in ICO_SIZES], append_images=others)


def write_icns(name: Drawing, path: Path) -> None:
    """Write an icon for macOS: PNG entries, each rendered at its own size."""
    largest, *others = (opened(png(name, size, MAC_SCALES[name])) for size in sorted(ICNS_SIZES, reverse=True))
    largest.save(path, format="ICNS", append_images=others)


def png(name: Drawing, size: int, scale: float = 1.0) -> bytes:
    """A drawing as a PNG file of `size` pixels."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # QImage.save takes text for the format, its type stubs want bytes
    if not QImageWriter(buffer, QByteArray(b"png")).write(brand_image(name, size, scale)):
        raise OSError(f"Qt wrote no PNG of {name} at {size} pixels")
    return bytes(data.data())


def opened(data: bytes) -> Image.Image:
    """A PNG file as Pillow has it."""
    from PIL import Image

    return Image.open(io.BytesIO(data))


def main(out: Path) -> None:
    """Write everything into `out`, which is made where it is missing."""
    out.mkdir(parents=True, exist_ok=True)
    write_theme(out)
    for name in PLACES:
        write_ico(name, out / f"{name}.ico")
        write_icns(name, out / f"{name}.icns")
    print(f"{sum(path.is_file() for path in out.rglob('*'))} icons in {out}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python packaging/icons.py OUTDIR")
    main(Path(sys.argv[1]))
