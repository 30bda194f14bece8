"""The installer for Windows, compiled by NSIS from tailrace.nsi: `python packaging/windows/setup.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from names import BUNDLE, EXECUTABLES, ICONS, ROOT, architecture, artefact
from sign import thumbprint
from version_resource import numbers_of

from tailrace import DESKTOP_ID, __version__

_HERE = Path(__file__).resolve().parent
_BUILD = ROOT / "build/windows"


def find_makensis() -> str | None:
    """The compiler of NSIS 3.08 or later, on the path or where its own installer puts it."""
    own = Path(os.environ.get("PROGRAMFILES(X86)", r"C:\Program Files (x86)")) / "NSIS/makensis.exe"
    return shutil.which("makensis") or (str(own) if own.is_file() else None)


def definitions(payload: Path, icons: Path, licence: Path, output: Path, made_for: str) -> dict[str, str]:
    """What tailrace.nsi asks for, by name."""
    size = sum(path.stat().st_size for path in payload.rglob("*") if path.is_file())
    told = {
        "VERSION": __version__,
        "NUMBERS": ".".join(map(str, numbers_of(__version__))),
        "PAYLOAD": str(payload),
        "ICONS": str(icons),
        "LICENCE": str(licence),
        "OUTPUT": str(output),
        "SIZE": str(size // 1024),
        "ARCHITECTURE": made_for,
        "DESKTOP_ID": DESKTOP_ID,
    }
    if thumbprint():
        # `call`, because cmd takes the outermost quotes from a command that begins with one
        told["SIGN"] = f'call "{sys.executable}" "{_HERE / "sign.py"}"'
    return told


def compile_setup(makensis: str, told: dict[str, str]) -> None:
    """Run the compiler; every warning is an error. Raises CalledProcessError, with what it said in `stdout`."""
    names = [f"-D{name}={value}" for name, value in told.items()]
    command = [makensis, "-WX", "-V2", "-INPUTCHARSET", "UTF8", *names, str(_HERE / "tailrace.nsi")]
    subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=_HERE)


def write_licence(target: Path) -> None:
    """The licence as the page shows it: with the line ends and the mark that Windows' own text field wants."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8-sig", newline="\r\n")


def main() -> None:
    """dist/tailrace into dist/tailrace-VERSION-windows-ARCHITECTURE-setup.exe."""
    makensis = find_makensis()
    if makensis is None:
        sys.exit("makensis was not found: install NSIS 3.08 or later.")
    if missing := [name for name in EXECUTABLES if not (BUNDLE / name).is_file()]:
        sys.exit(f"{BUNDLE} holds no {missing[0]}; run `python packaging/build.py freeze` on Windows first.")
    output = artefact("-setup.exe")
    licence = _BUILD / "LICENSE.txt"
    write_licence(licence)
    try:
        compile_setup(makensis, definitions(BUNDLE, ICONS, licence, output, architecture()))
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.stdout}\nmakensis ended with code {error.returncode}.")
    print(f"{output.name}: {output.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
