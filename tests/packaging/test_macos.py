"""What is made for macOS, as far as another system can tell: what it is told, and in which order code is signed."""

from __future__ import annotations

import plistlib
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.packaging.scripts import PACKAGING, load_script

import tailrace

MACOS = PACKAGING / "macos"
MACH_O = bytes.fromhex("cffaedfe") + bytes(20)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Info.plist as macOS reads it."""
    info_plist = load_script("macos/info_plist.py")
    return plistlib.loads(plistlib.dumps(info_plist.contents("14.0")))


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A bundle as PyInstaller lays it out, with stand-ins for code."""
    app = tmp_path / "Tailrace.app"
    for name in (
        "Contents/MacOS/tailrace",
        "Contents/Frameworks/libz.dylib",
        "Contents/Frameworks/PySide6/QtCore.abi3.so",
        "Contents/Frameworks/Python.framework/Versions/3.13/Python",
    ):
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_bytes(MACH_O)
    (app / "Contents/Resources").mkdir()
    (app / "Contents/Resources/notes.txt").write_text("no code")
    (app / "Contents/Resources/libz.dylib").symlink_to("../Frameworks/libz.dylib")
    (app / "Contents/Frameworks/Python.framework/Python").symlink_to("Versions/3.13/Python")
    return app


def test_macos_knows_the_program(told: dict[str, Any]) -> None:
    assert told["CFBundleIdentifier"] == tailrace.DESKTOP_ID
    assert tailrace.__version__.startswith(told["CFBundleShortVersionString"])
    assert told["LSMinimumSystemVersion"] == "14.0"
    assert told["NSHighResolutionCapable"] is True
    assert told["LSBackgroundOnly"] is False, "else it has no window and no place in the dock"
    assert not [key for key in told if key.endswith("UsageDescription") or "AppTransport" in key]


def test_it_owns_its_own_type_and_no_other(told: dict[str, Any]) -> None:
    (made,) = told["UTExportedTypeDeclarations"]
    own, *others = told["CFBundleDocumentTypes"]
    assert own["LSItemContentTypes"] == [made["UTTypeIdentifier"]] == ["org.tailrace.database"]
    assert (own["LSHandlerRank"], own["CFBundleTypeRole"]) == ("Owner", "Editor")
    assert made["UTTypeTagSpecification"]["public.filename-extension"] == ["tailrace"]
    assert "public.data" in made["UTTypeConformsTo"]
    assert own["CFBundleTypeIconFile"] == made["UTTypeIconFile"] == "document.icns"
    assert others
    assert {(other["LSHandlerRank"], other["CFBundleTypeRole"]) for other in others} == {("Alternate", "Viewer")}


def test_version_numbers_for_macos() -> None:
    numbers_of = load_script("macos/info_plist.py").numbers_of
    assert (numbers_of("1.2.3rc1"), numbers_of("2.0"), numbers_of("1.2.3.4")) == ("1.2.3", "2.0", "1.2.3")
    with pytest.raises(ValueError, match="no version"):
        numbers_of("next")


def test_the_oldest_system_is_that_of_the_most_demanding_wheel() -> None:
    minimum = load_script("macos/minimum.py")

    class Installed:
        def __init__(self, *tags: str) -> None:
            self.tags = tags

        def read_text(self, name: str) -> str:
            return "".join(f"Tag: {tag}\n" for tag in self.tags)

    qt = Installed("cp310-abi3-macosx_14_0_universal2")
    assert minimum.minimum_system([Installed("py3-none-any"), qt]) == "14.0"
    assert minimum.minimum_system([qt, Installed("cp313-cp313-macosx_99_0_universal2")]) == "99.0"
    several = [f"cp313-cp313-macosx_{system}" for system in ("10_15_x86_64", "11_0_arm64", "10_15_universal2")]
    assert minimum.minimum_of_tags(several[:2], "arm64") == (11, 0)
    assert minimum.minimum_of_tags(several, "arm64") == (10, 15)
    assert minimum.minimum_of_tags(["cp313-cp313-manylinux_2_34_x86_64"], "x86_64") is None


def test_code_is_signed_from_the_inside_out(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **named: ran.append(command))
    load_script("macos/signing.py").sign_app(app, "Developer ID Application: Ada (T1)")
    *signed, last, check = [(command[-1].removeprefix(f"{app}/"), command) for command in ran]
    order = [name for name, _ in signed]
    framework = "Contents/Frameworks/Python.framework"
    assert set(order) == {
        f"{framework}/Versions/3.13/Python",
        framework,
        "Contents/Frameworks/PySide6/QtCore.abi3.so",
        "Contents/Frameworks/libz.dylib",
    }, "no link, no text, and not the program before its bundle"
    assert order.index(f"{framework}/Versions/3.13/Python") < order.index(framework)
    assert all(command[4:7] == ["--timestamp", "--options", "runtime"] for _, command in signed)
    assert not any("--entitlements" in command for _, command in signed), "libraries take those of the program"
    assert last[1][-3:] == ["--entitlements", str(MACOS / "entitlements.plist"), str(app)]
    assert "--verify" in check[1]


def test_an_ad_hoc_signature_goes_without_the_hardened_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAILRACE_SIGN_IDENTITY", raising=False)
    signing = load_script("macos/signing.py")
    assert signing.identity() == "-"
    assert signing.sign_command(Path("a.dylib"), "-") == ["codesign", "--force", "--sign", "-", "a.dylib"]


def test_one_entitlement_and_no_comment() -> None:
    text = (MACOS / "entitlements.plist").read_bytes()
    assert plistlib.loads(text) == {"com.apple.security.cs.allow-unsigned-executable-memory": True}
    assert b"<!--" not in text, "the system's parser refuses them"


def test_an_image_is_signed_without_a_runtime() -> None:
    command = load_script("macos/signing.py").sign_command(Path("a.dmg"), "Ada", code=False)
    assert command == ["codesign", "--force", "--sign", "Ada", "--timestamp", "a.dmg"]


def test_apples_refusal_comes_with_its_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAILRACE_NOTARY_PROFILE", "tailrace")
    ran: list[list[str]] = []

    def run(command: list[str], **named: Any) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        said = '{"id": "7", "status": "Invalid"}' if "submit" in command else "libz.dylib is not signed"
        return subprocess.CompletedProcess(command, 0, stdout=said)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(RuntimeError, match=r"Invalid\nlibz\.dylib is not signed"):
        load_script("macos/notarise.py").notarise(tmp_path / "a.dmg")
    assert not any("stapler" in command for command in ran)
    assert all(command[-2:] == ["--keychain-profile", "tailrace"] for command in ran)


def test_without_credentials_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROFILE", "KEY", "KEY_ID", "ISSUER"):
        monkeypatch.delenv(f"TAILRACE_NOTARY_{name}", raising=False)
    notarise = load_script("macos/notarise.py")
    assert notarise.credentials() == []
    monkeypatch.setenv("TAILRACE_NOTARY_KEY", "key.p8")
    assert notarise.credentials() == [], "half of them is none"
