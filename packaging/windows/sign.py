"""Sign programs for Windows: `python packaging/windows/sign.py [FILE…]`, else the two of dist/tailrace.

TAILRACE_SIGN_THUMBPRINT names a certificate in the person's certificate store; nothing is signed without it. The key
stays in the store, so no password is ever on a command line. TAILRACE_TIMESTAMP_URL names another timestamp server.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from names import BUNDLE, EXECUTABLES

_TIMESTAMPS = "http://timestamp.digicert.com"


def thumbprint() -> str:
    """Of the certificate to sign with, "" where nothing is to be signed."""
    return os.environ.get("TAILRACE_SIGN_THUMBPRINT", "").strip()


def sign_command(signtool: str, files: Iterable[Path]) -> list[str]:
    """SHA-256 throughout, and a timestamp, so that signatures outlive the certificate."""
    server = os.environ.get("TAILRACE_TIMESTAMP_URL", _TIMESTAMPS)
    how = ["/sha1", thumbprint(), "/fd", "sha256", "/tr", server, "/td", "sha256", "/d", "Tailrace"]
    return [signtool, "sign", *how, *map(str, files)]


def main(files: list[Path]) -> None:
    """Sign `files`; ends with signtool's code when it fails."""
    if not thumbprint():
        print("Not signed: TAILRACE_SIGN_THUMBPRINT names no certificate.")
        return
    done = subprocess.run(sign_command(_signtool(), files), check=False)
    if done.returncode:
        sys.exit(done.returncode)


def _signtool() -> str:
    """signtool.exe on the path, else the newest of the Windows SDK."""
    if found := shutil.which("signtool"):
        return found
    kits = Path(os.environ.get("PROGRAMFILES(X86)", r"C:\Program Files (x86)")) / "Windows Kits/10/bin"
    installed = sorted(kits.glob("10.*/x64/signtool.exe"), key=lambda path: _numbers(path.parts[-3]))
    if not installed:
        sys.exit("signtool.exe was not found; it comes with the Windows SDK.")
    return str(installed[-1])


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or [BUNDLE / name for name in EXECUTABLES])
