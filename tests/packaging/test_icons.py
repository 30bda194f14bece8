"""The drawings are sound, and what packaging/icons.py makes of them is what systems read."""

from __future__ import annotations

import importlib.util
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer

from tailrace.assets import asset
from tailrace.ui.theme.brand import WINDOW_SIZES, Drawing, brand_image, drawing

SCRIPT = Path(__file__).parents[2] / "packaging" / "icons.py"
DRAWINGS = sorted(asset("brand").glob("*.svg"))
NAMES: tuple[Drawing, ...] = ("tailrace", "document")
TINY = {"svg", "title", "defs", "linearGradient", "stop", "rect", "path", "circle", "g"}


@pytest.fixture(scope="module")
def icons() -> ModuleType:
    spec = importlib.util.spec_from_file_location("packaging_icons", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pixels(image: QImage) -> np.ndarray:
    """Rows × columns × (blue, green, red, alpha)."""
    plain = image.convertToFormat(QImage.Format.Format_ARGB32)
    return np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.width(), 4).copy()


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_is_square_and_holds_only_what_svg_tiny_has(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= TINY
    assert (root.get("version"), root.get("baseProfile")) == ("1.2", "tiny")
    left, top, width, height = map(int, root.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    assert width == height
    assert not re.search(r"href|style=|class=|filter|mask|clip|url\((?!#)", text)
    assert len(text) < 2_000, "few shapes, cleanly written"
    assert QSvgRenderer(str(path)).isValid()
    if (own := re.search(r"-(\d+)$", path.stem)) is not None:
        assert width == int(own[1]), "a drawing for one size has a unit a pixel"


@pytest.mark.parametrize("name", NAMES)
def test_every_size_is_a_picture_of_its_own(name: Drawing) -> None:
    for size in (*WINDOW_SIZES, 256, 512):
        shown = pixels(brand_image(name, size))
        solid = shown[shown[..., 3] > 200]
        assert 0.4 < len(solid) / size**2 < 1, f"{size}: neither blank nor a filled square"
        assert len(np.unique(solid // 48, axis=0)) >= 5, f"{size}: ground, wheel and spans are told apart"
        assert not shown[0, 0, 3], f"{size}: the corner is clear"


@pytest.mark.parametrize("name", NAMES)
def test_small_drawings_are_sharp(name: Drawing) -> None:
    for size in (16, 22, 24, 32, 48):
        row = pixels(brand_image(name, size))
        blues = (row[..., 0].astype(int) - row[..., 2] > 120) & (row[..., 3] == 255) & (row[..., 1] > 80)
        widths = blues.sum(axis=1)
        inner = np.flatnonzero(widths > 0.6 * widths.max())
        # the first span: as many rows as it is high, the ones above and below hold nothing of it
        assert len(inner) in (2, 3, 4, 6), size
        assert np.all(np.diff(inner) == 1), size


def test_what_the_two_show_can_be_told_apart() -> None:
    for size in WINDOW_SIZES:
        ours, theirs = (pixels(brand_image(name, size)).astype(int) for name in NAMES)
        assert np.abs(ours - theirs).mean() > 30, size


def test_a_size_without_a_drawing_of_its_own_takes_the_one_for_all() -> None:
    assert drawing("tailrace", 16).stem == "tailrace-16"
    assert drawing("tailrace", 40).stem == "tailrace"
    assert drawing("document", 512).stem == "document"


def test_a_theme_for_linux(icons: ModuleType, tmp_path: Path) -> None:
    icons.write_theme(tmp_path)
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert len(files) == 20
    for folder in ("16x16", "48x48", "512x512"):
        for file in ("apps/org.tailrace.Tailrace.png", "mimetypes/application-vnd.tailrace+sqlite3.png"):
            path = tmp_path / "hicolor" / folder / file
            image = QImage(str(path))
            assert f"{image.width()}x{image.height()}" == folder
            assert 300 < path.stat().st_size < 60_000
    assert "hicolor/scalable/apps/org.tailrace.Tailrace.svg" in files
    assert "hicolor/scalable/mimetypes/application-vnd.tailrace+sqlite3.svg" in files


@pytest.mark.parametrize("name", NAMES)
def test_containers_for_windows_and_macos(icons: ModuleType, tmp_path: Path, name: Drawing) -> None:
    pytest.importorskip("PIL", reason="only packaging needs Pillow")
    ico, icns = tmp_path / "one.ico", tmp_path / "one.icns"
    icons.write_ico(name, ico)
    icons.write_icns(name, icns)
    data = ico.read_bytes()
    assert data[:6] == b"\0\0\1\0\x09\0", "nine entries"
    assert [data[6 + 16 * at] for at in range(9)] == [16, 20, 24, 32, 40, 48, 64, 128, 0], "0 means 256"
    assert data.count(b"\x89PNG") == 9
    assert icns.read_bytes()[:4] == b"icns"
    for kind in (b"ic07", b"ic08", b"ic09", b"ic10", b"ic11", b"ic12", b"ic13", b"ic14"):
        assert kind in icns.read_bytes()
    assert len(data) < 100_000
    assert icns.stat().st_size < 400_000


def test_macos_has_its_margin(icons: ModuleType) -> None:
    alpha = pixels(brand_image("tailrace", 1024, icons.MAC_SCALES["tailrace"]))[..., 3]
    covered = np.flatnonzero(alpha.max(axis=0) > 200)
    assert (covered[0], covered[-1]) == (100, 923)
