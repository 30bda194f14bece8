"""The rules of the house that no linter knows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from tailrace.assets import asset, resources
from tailrace.ui.theme.brand import WINDOW_SIZES, Drawing

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
LONGEST = 460  # a file that passes some 400 lines has a second subject; this is the hard end
TOP_LEVEL = {
    "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile",
    "src", "resources", "tests", "packaging", "requirements.lock",
}  # fmt: skip
_NETWORK = re.compile(r"^\s*(import|from) .*\b(QtNetwork|urllib\.request|http|requests|httpx|socket)\b", re.M)
PASSING = {"build", "dist", "out"}  # made by tools, ignored by git


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_its_subject_first_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""'), "the first line says what the file is about"
    assert text.count("\n") <= LONGEST, "look for the second subject in this file"


def test_the_top_level_holds_nothing_else() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found <= TOP_LEVEL | PASSING


def test_no_package_marker_shadows_libraries() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()
    assert not (ROOT / "resources" / "__init__.py").exists()


def test_every_icon_named_in_code_is_there_and_every_icon_there_is_named() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "tailrace" / "ui").rglob("*.py"))
    words = set(re.findall(r'"([a-z][a-z0-9-]*)"', code))
    icons = {path.stem for path in asset("icons").glob("*.svg")}
    unused = icons - words
    assert not unused, f"remove the icons nobody shows: {sorted(unused)}"
    called = set(re.findall(r'\b(?:icon|pixmap)\(\s*"([a-z0-9-]+)"', code))
    assert called <= icons, f"missing from resources/icons: {sorted(called - icons)}"


def test_every_brand_drawing_is_one_that_code_asks_for() -> None:
    stems = {path.stem for path in asset("brand").glob("*.svg")}
    plain = {stem for stem in stems if not stem.rpartition("-")[2].isdigit()}
    assert plain == set(get_args(Drawing))
    assert {re.sub(r"-\d+$", "", stem) for stem in stems} == plain
    sizes = {int(stem.rpartition("-")[2]) for stem in stems - plain}
    assert sizes <= set(WINDOW_SIZES), "drawn for a size nobody asks for"


def test_nothing_fetches_from_the_network() -> None:
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"^\s*(import|from) .*\b(QtNetwork|urllib\.request|http|requests|httpx|socket)\b", text, re.M
        ), path


def test_resources_are_found_in_the_checkout() -> None:
    assert (resources() / "icons").is_dir()
