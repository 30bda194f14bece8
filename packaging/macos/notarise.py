"""Have Apple look a program over, and attach its answer: `python packaging/macos/notarise.py FILE.dmg…`.

TAILRACE_NOTARY_PROFILE names who asks, as `xcrun notarytool store-credentials` put it into the keychain. A key of App
Store Connect does too: TAILRACE_NOTARY_KEY (its .p8 file), TAILRACE_NOTARY_KEY_ID and TAILRACE_NOTARY_ISSUER.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def credentials() -> list[str]:
    """What notarytool is told of who asks; empty where nothing is known. No secret is on the command line."""
    if profile := os.environ.get("TAILRACE_NOTARY_PROFILE", ""):
        return ["--keychain-profile", profile]
    key, key_id, issuer = (os.environ.get(f"TAILRACE_NOTARY_{name}", "") for name in ("KEY", "KEY_ID", "ISSUER"))
    return ["--key", key, "--key-id", key_id, "--issuer", issuer] if key and key_id and issuer else []


def notarise(path: Path) -> None:
    """Submit an .app or a .dmg, wait for the answer and staple it on. Raises RuntimeError with Apple's own report when
    it is refused, CalledProcessError when a tool fails."""
    with tempfile.TemporaryDirectory() as folder:
        sent = path
        if path.suffix == ".app":  # a folder is sent as an archive; the answer is stapled to the folder
            sent = Path(folder) / f"{path.stem}.zip"
            subprocess.run(["ditto", "-c", "-k", "--keepParent", str(path), str(sent)], check=True)
        answer = json.loads(_notarytool("submit", str(sent), "--wait", "--timeout", "30m", "--output-format", "json"))
    if answer.get("status") != "Accepted":
        report = _notarytool("log", str(answer.get("id", "")))
        raise RuntimeError(f"Apple did not accept {path.name}: {answer.get('status')}\n{report}")
    subprocess.run(["xcrun", "stapler", "staple", str(path)], check=True)


def _notarytool(*told: str) -> str:
    command = ["xcrun", "notarytool", *told, *credentials()]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    if not credentials():
        sys.exit("Nothing is known of who asks: set TAILRACE_NOTARY_PROFILE.")
    for name in sys.argv[1:]:
        notarise(Path(name))
