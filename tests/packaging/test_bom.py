"""What is said of the inside of the packed program is complete, and the sums of the artefacts hold."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.packaging.scripts import PACKAGING, load_script

import tailrace

RESOURCES = PACKAGING.parent / "resources"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """packaging/parts.py, told that PyInstaller is there: only its version is asked for."""
    module = load_script("parts.py")
    module.version = lambda name: "6.22"
    return module


@pytest.fixture(scope="module")
def parts(script: ModuleType, bundle: Path) -> dict[str, Any]:
    """What the stand-in is made of, by name."""
    return {part.name: part for part in script.parts_of(bundle)}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in for the one-folder program, with some files of what is installed here."""
    folder = tmp_path_factory.mktemp("bundle") / "tailrace"
    inside = folder / "_internal"
    (inside / "tailrace/licenses").mkdir(parents=True)
    (inside / "tailrace/licenses/README.txt").write_text("licences")
    (folder / "tailrace").write_bytes(b"the program")
    (inside / "base_library.zip").write_bytes(b"of Python")
    (inside / "click").mkdir()
    shutil.copyfile(Path(sysconfig.get_path("purelib")) / "click/core.py", inside / "click/core.py")
    for name in ("icons/README.md", "prices/litellm.json", "fonts/Inter-Regular.otf"):
        target = inside / "tailrace/resources" / name
        target.parent.mkdir(parents=True)
        shutil.copyfile(RESOURCES / name, target)
    return folder


def test_every_file_is_of_one_part(parts: dict[str, Any], bundle: Path) -> None:
    told = [name for part in parts.values() for name in part.files]
    assert sorted(told) == sorted(path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file())
    assert set(parts["tailrace"].files) == {"tailrace", "_internal/tailrace/licenses/README.txt"}
    assert set(parts["python"].files) == {"_internal/base_library.zip"}
    digest = sha256((bundle / "_internal/click/core.py").read_bytes()).hexdigest()
    assert parts["click"].files == {"_internal/click/core.py": digest}
    assert set(parts["inter"].files) == {"_internal/tailrace/resources/fonts/Inter-Regular.otf"}


def test_parts_say_version_licence_and_what_they_need(parts: dict[str, Any]) -> None:
    assert next(iter(parts)) == "tailrace"
    assert {"duckdb", "pyside6-essentials", "numpy", "python", "sqlite"} <= set(parts)
    assert {"duckdb", "pyside6-essentials", "lucide", "inter", "python"} <= set(parts["tailrace"].needs)
    assert all(name in parts for part in parts.values() for name in part.needs)
    assert (parts["click"].licence, parts["jinja2"].licence) == ("BSD-3-Clause", "BSD-3-Clause")
    assert parts["click"].purl == f"pkg:pypi/click@{parts['click'].version}"
    assert parts["python"].version == ".".join(map(str, sys.version_info[:3]))
    assert [part.name for part in parts["pyside6-essentials"].inside] == ["qt"]
    assert parts["duckdb"].inside[0].version[0].isdigit()
    assert (parts["lucide"].kind, parts["litellm-prices"].kind) == ("data", "data")
    assert parts["litellm-prices"].version in (RESOURCES / "prices/README.md").read_text(encoding="utf-8")
    assert len(parts["click"].record) == 64


def test_a_document_is_the_same_each_time(parts: dict[str, Any]) -> None:
    pytest.importorskip("cyclonedx", reason="only packaging needs cyclonedx-python-lib")
    bom = load_script("bom.py")
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    text = bom.document(list(parts.values()), moment)
    assert text == bom.document(list(parts.values()), moment)
    told = json.loads(text)
    assert told["metadata"]["component"]["name"] == "tailrace"
    assert told["metadata"]["timestamp"].startswith("2026-01-02")
    later = json.loads(bom.document(list(parts.values()), datetime(2026, 1, 3, tzinfo=UTC)))
    assert told["serialNumber"] != later["serialNumber"]


def test_the_name_says_version_and_system() -> None:
    pytest.importorskip("cyclonedx", reason="only packaging needs cyclonedx-python-lib")
    assert tailrace.__version__ in load_script("bom.py").target(tailrace.__version__).name


def test_sums_hold_and_tell_a_change(tmp_path: Path) -> None:
    checksums = load_script("checksums.py")
    for name in ("b.deb", "a.zip"):
        (tmp_path / name).write_text(name)
    (tmp_path / "tailrace").mkdir()
    assert checksums.write_checksums(tmp_path) == checksums.write_checksums(tmp_path) == ["a.zip", "b.deb"]
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert lines[0] == f"{sha256(b'a.zip').hexdigest()}  a.zip"
    if shutil.which("sha256sum") is None:
        pytest.skip("there is no sha256sum here")
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "a.zip").write_text("changed")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1


def test_sums_of_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_script("checksums.py").write_checksums(tmp_path)
