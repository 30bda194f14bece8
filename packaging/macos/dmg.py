"""The disk image that people open and drag Tailrace out of: `python packaging/macos/dmg.py [--adhoc]`.

Signs dist/Tailrace.app (see signing.py), has it notarised where credentials are (see notarise.py), and puts it beside a
link to Applications into dist/tailrace-VERSION-macos-ARCHITECTURE.dmg.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

from info_plist import DOCUMENT_ICON
from notarise import credentials, notarise
from signing import AD_HOC, identity, sign_app, sign_command

from tailrace import __version__

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "dist/Tailrace.app"
STAGE = ROOT / "build/dmg"
_TRIES, _PAUSE = 3, 10  # hdiutil finds its own volume busy at times, while Spotlight looks at it


def main(by: str) -> None:
    """Sign with `by`, "-" for ad hoc, and make the image. Ends where a tool fails or Apple refuses."""
    if not APP.is_dir():
        sys.exit(f"{APP} is missing; run `python packaging/build.py freeze` on macOS first.")
    image = ROOT / f"dist/tailrace-{__version__}-macos-{platform.machine()}.dmg"
    asked = by != AD_HOC and bool(credentials())
    try:
        shutil.copyfile(ROOT / "build/icons" / DOCUMENT_ICON, APP / "Contents/Resources" / DOCUMENT_ICON)
        sign_app(APP, by)
        if asked:
            notarise(APP)  # on its own, so that it also starts without a network once it is out of the image
        _stage()
        _make_image(image)
        if by != AD_HOC:
            subprocess.run(sign_command(image, by, code=False), check=True)
        if asked:
            notarise(image)
    except (subprocess.CalledProcessError, RuntimeError) as error:
        sys.exit(str(error))
    said = "signed ad hoc, not notarised" if by == AD_HOC else f"signed, {'' if asked else 'not '}notarised"
    print(f"{image.name}: {image.stat().st_size / 1e6:.1f} MB, {said}")


def image_command(stage: Path, image: Path) -> list[str]:
    """Compressed with LZMA, which every macOS that Tailrace runs on reads."""
    how = ["-volname", f"Tailrace {__version__}", "-fs", "HFS+", "-format", "ULMO", "-ov"]
    return ["hdiutil", "create", "-srcfolder", str(stage), *how, str(image)]


def _stage() -> None:
    shutil.rmtree(STAGE, ignore_errors=True)
    STAGE.mkdir(parents=True)
    subprocess.run(["ditto", str(APP), str(STAGE / APP.name)], check=True)  # keeps links, rights and signatures
    (STAGE / "Applications").symlink_to("/Applications")


def _make_image(image: Path) -> None:
    for left in reversed(range(_TRIES)):
        done = subprocess.run(image_command(STAGE, image), check=left == 0)
        if done.returncode == 0:
            return
        time.sleep(_PAUSE)


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--adhoc"]):
        sys.exit("usage: python packaging/macos/dmg.py [--adhoc]")
    main(AD_HOC if sys.argv[1:] else identity())
