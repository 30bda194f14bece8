"""What is made for Windows, as far as another system can tell: texts, the ZIP file, and that NSIS takes the script."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.packaging.scripts import PACKAGING, load_script

import tailrace

WINDOWS = PACKAGING / "windows"


@pytest.fixture(scope="module")
def payload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in for the one-folder program."""
    folder = tmp_path_factory.mktemp("windows") / "payload"
    (folder / "_internal/tailrace").mkdir(parents=True)
    for name in ("tailrace.exe", "tailracew.exe", "_internal/python313.dll", "_internal/tailrace/\N{SNOWMAN}.txt"):
        (folder / name).write_bytes(name.encode() * 500)
    return folder


def test_the_version_resource_says_the_version(tmp_path: Path) -> None:
    version_resource = load_script("windows/version_resource.py")
    target = tmp_path / "made" / "version.txt"
    version_resource.write(target)
    told: dict[str, Any] = {}

    def fixed(**given: Any) -> None:
        told.update(given)

    def text(key: str, value: str) -> None:
        told[key] = value

    names = {"VSVersionInfo": dict, "FixedFileInfo": fixed, "StringStruct": text, "VarStruct": text}
    names |= {name: lambda *given: None for name in ("StringFileInfo", "StringTable", "VarFileInfo")}
    eval(target.read_text(encoding="utf-8"), names)  # as PyInstaller reads it
    assert told["ProductVersion"] == told["FileVersion"] == tailrace.__version__
    assert ".".join(map(str, told["filevers"])).startswith(tailrace.__version__)
    assert len(told["prodvers"]) == 4
    assert (told["ProductName"], told["Translation"]) == ("Tailrace", [0x0409, 1200])


def test_the_numbers_that_windows_compares() -> None:
    numbers_of = load_script("windows/version_resource.py").numbers_of
    assert numbers_of("1.2.3") == (1, 2, 3, 0)
    assert numbers_of("2.0rc1") == (2, 0, 0, 0)
    for bad in ("", "x1", "1.2.3.4.5", "1.70000"):
        with pytest.raises(ValueError, match="no version"):
            numbers_of(bad)


def test_the_portable_zip_holds_all_and_is_the_same_each_time(
    payload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    portable = load_script("windows/portable.py")
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    assert portable.write_zip(payload, first) == portable.write_zip(payload, second) == 4
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert archive.testzip() is None
        assert f"tailrace-{tailrace.__version__}/tailracew.exe" in archive.namelist()
        assert f"tailrace-{tailrace.__version__}/_internal/tailrace/\N{SNOWMAN}.txt" in archive.namelist()


def test_a_zip_without_the_windowed_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle/tailrace.exe").touch()
    with pytest.raises(FileNotFoundError, match=r"tailracew\.exe"):
        load_script("windows/portable.py").write_zip(tmp_path / "bundle", tmp_path / "a.zip")


def test_the_script_compiles_without_a_warning(payload: Path, tmp_path: Path) -> None:
    setup = load_script("windows/setup.py")
    makensis = setup.find_makensis()
    if makensis is None:
        pytest.skip("NSIS is not installed")
    icons = tmp_path / "icons"
    icons.mkdir()
    for name in ("tailrace.ico", "document.ico"):
        (icons / name).write_bytes(_one_pixel_icon())
    licence, output = tmp_path / "LICENSE.txt", tmp_path / "tailrace-setup.exe"
    setup.write_licence(licence)
    assert b"\r\n" in licence.read_bytes()
    told = setup.definitions(payload, icons, licence, output, "x64")
    try:
        setup.compile_setup(makensis, told)
    except subprocess.CalledProcessError as error:
        pytest.fail(error.stdout)
    made = output.read_bytes()
    assert made[:2] == b"MZ"
    for text in ("Installs Tailrace", "The Tailrace authors", tailrace.__version__):
        assert text.encode("utf-16-le") in made
    assert b'level="asInvoker"' in made, "no elevation"


def test_nothing_is_signed_without_a_certificate(monkeypatch: pytest.MonkeyPatch, payload: Path) -> None:
    sign = load_script("windows/sign.py")
    monkeypatch.delenv("TAILRACE_SIGN_THUMBPRINT", raising=False)
    monkeypatch.setattr(subprocess, "run", lambda *given, **named: pytest.fail("signtool was run"))
    sign.main([payload / "tailrace.exe"])
    monkeypatch.setenv("TAILRACE_SIGN_THUMBPRINT", "AB12")
    command = sign.sign_command("signtool", [payload / "tailrace.exe"])
    assert command[:4] == ["signtool", "sign", "/sha1", "AB12"]
    assert "/tr" in command, "with a timestamp, so that it outlives the certificate"


def test_every_key_that_is_written_is_taken_back() -> None:
    script = (WINDOWS / "associations.nsh").read_text(encoding="utf-8")
    written = re.findall(r'WriteReg\w+ HKCU "([^"]+)"', script)
    taken = re.findall(r'DeleteReg(?:Key|Value)(?: /ifempty)? HKCU "([^"]+)"', script)
    assert len(written) > 10
    for key in written:
        assert any(key == other or key.startswith(f"{other}\\") for other in taken), key


def test_only_the_persons_own_registry_and_our_own_files_are_touched() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in WINDOWS.glob("*.ns[hi]")}
    for name, text in texts.items():
        assert not re.search(r"Reg\w+ (/\w+ )?(HKLM|HKCR|HKU|SHCTX)", text), name
    removed = re.findall(r'RMDir /r "([^"]+)"', "".join(texts.values()))
    assert set(removed) == {r"$INSTDIR\_internal", r"$INSTDIR\_internal.old"}
    assert "/REBOOTOK" not in "".join(texts.values())


def test_windows_knows_window_and_link_by_one_id() -> None:
    assert '"${DESKTOP_ID}"' in (WINDOWS / "shortcuts.nsh").read_text(encoding="utf-8")
    told = load_script("windows/setup.py").definitions(WINDOWS, WINDOWS, WINDOWS, WINDOWS, "x64")
    assert told["DESKTOP_ID"] == tailrace.DESKTOP_ID


def _one_pixel_icon() -> bytes:
    """An .ico with one 32-bit pixel."""
    bitmap = b"\x28\0\0\0\1\0\0\0\2\0\0\0\1\0\x20\0" + bytes(24) + b"\xff\xff\xff\xff" + bytes(4)
    return b"\0\0\1\0\1\0" + b"\1\1\0\0\1\0\x20\0" + len(bitmap).to_bytes(4, "little") + b"\x16\0\0\0" + bitmap
