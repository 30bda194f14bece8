"""What gets into the packed program, and what its files may not tell."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.packaging.scripts import load_script

contents = load_script("freeze/contents.py")
neutral = load_script("freeze/neutral.py")

WANTED = (
    "PySide6/QtCore.abi3.so",
    "PySide6/QtWidgets.pyd",
    "PySide6/Qt/lib/libQt6Core.so.6",
    "libQt6XcbQpa.so.6",
    "PySide6/Qt6Core.dll",
    "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
    "PySide6/Qt/lib/libicudata.so.73",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/plugins/platforms/qwindows.dll",
    "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
    "PySide6/Qt/plugins/wayland-graphics-integration-client/libqt-plugin-wayland-egl.so",
    "_duckdb.abi3.so",
    "tailrace/resources/fonts/Inter-Regular.otf",
)
UNWANTED = (
    "PySide6/QtQml.abi3.so",
    "PySide6/QtDesigner.pyd",
    "libQt6Test.so.6",
    "PySide6/Qt6Qml.dll",
    "PySide6/Qt/lib/QtQml.framework/Versions/A/QtQml",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    "PySide6/Qt/plugins/platforms/libqvnc.so",
    "PySide6/Qt/plugins/tls/libqopensslbackend.so",
    "PySide6/plugins/styles/qmodernwindowsstyle.dll",
    "PySide6/Qt/translations/qt_de.qm",
)


@pytest.mark.parametrize("name", WANTED)
def test_what_the_window_needs_goes_in(name: str) -> None:
    assert contents.is_wanted(name)


@pytest.mark.parametrize("name", UNWANTED)
def test_what_it_does_not_need_stays_out(name: str) -> None:
    assert not contents.is_wanted(name)


def test_of_the_building_system_only_what_is_listed_travels() -> None:
    carried = ("libpython3.13.so.1.0", "libsqlite3.so.0", "libxkbcommon-x11.so.0", "libbz2.so.1.0")
    assert all(map(contents.is_carried, carried))
    stays = ("libstdc++.so.6", "libX11.so.6", "libgtk-3.so.0", "libssl.so.3", "libxcb-glx.so.0", "libGL.so.1")
    assert not any(map(contents.is_carried, stays))


@given(st.binary(max_size=40).filter(lambda data: b"\0" not in data and b"/" not in data), st.integers(1, 30))
def test_a_neutral_path_keeps_length_and_last_part(tail: bytes, depth: int) -> None:
    prefix = b"/home/maker" + b"/x" * depth + b"/" + tail
    path = neutral.neutral_prefix(prefix)
    assert len(path) == len(prefix)
    assert path.endswith(b"/" + tail)
    assert b"maker" not in path


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs a C compiler")
def test_a_program_forgets_where_it_was_made_and_runs_as_before(tmp_path: Path) -> None:
    source, program = tmp_path / "told.c", tmp_path / "told"
    # the second text is the tail of the first, which linkers then store once
    source.write_text('#include <stdio.h>\nint main(void) { puts("/home/maker/pythons/3.13.0"); puts("3.13.0"); }\n')
    subprocess.run(["gcc", "-O2", source, "-o", program], check=True)
    assert neutral.forget_prefix(tmp_path, "/home/maker/pythons/3.13.0") == 1
    told = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()
    assert told[0].startswith("/usr//")
    assert told[0].endswith("/3.13.0")
    assert told[1] == "3.13.0"
    assert b"maker" not in program.read_bytes()
