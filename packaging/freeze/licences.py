"""The licence texts of everything that the packed program carries, gathered into one folder of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

from contents import is_carried
from declared import declared_distributions, files_of

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_LICENCE = re.compile(r"(licen[cs]e|copying|notice|copyright)", re.I)

# Wheels without licence texts, and the texts that stand for them (packaging/licenses).
_TEXTS_OF = {
    "pyside6-essentials": ("LGPL-3.0.txt", "GPL-3.0.txt", "Qt-third-party.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
}

# What lies in resources/ and was made by others.
_DATA = (
    ("inter", "OFL-1.1 (font)", "fonts/Inter-LICENSE.txt"),
    ("jetbrains-mono", "OFL-1.1 (font)", "fonts/JetBrainsMono-LICENSE.txt"),
    ("lucide", "ISC (icons)", "icons/LICENSE.txt"),
    ("litellm-prices", "MIT (price table)", "prices/LICENSE.litellm.txt"),
)


def gather_licences(folder: Path) -> list[str]:
    """Write `folder/NAME/…`, one subfolder a component, and `folder/README.txt`, which lists them; the names.
    Raises ValueError for a component without a text."""
    if folder.exists():
        shutil.rmtree(folder)
    rows = []
    for name, item in declared_distributions().items():
        texts = _texts_of(name, item)
        if not texts:
            raise ValueError(f"{name} carries no licence text; add one to packaging/licenses")
        _copy(texts, folder / name)
        rows.append((name, item.version, licence_name(item)))
    _copy([_python_licence()], folder / "python")
    rows.append(("python", ".".join(map(str, sys.version_info[:3])), "PSF-2.0"))
    bootloader = distribution("pyinstaller")
    _copy(_texts_of("pyinstaller", bootloader), folder / "pyinstaller-bootloader")
    rows.append(("pyinstaller-bootloader", bootloader.version, "GPL-2.0-or-later WITH Bootloader-exception"))
    for name, licence, text in _DATA:
        _copy([_ROOT / "resources" / text], folder / name)
        rows.append((name, "", licence))
    table = "\n".join(f"{name:28} {version:14} {licence}" for name, version, licence in rows)
    head = (_ROOT / "packaging/licenses/README.txt").read_text(encoding="utf-8")
    (folder / "README.txt").write_text(f"{head}\n{table}\n", encoding="utf-8")
    return [name for name, _, _ in rows]


def add_system_licences(bundle: Path) -> list[str]:
    """Add the copyright files of this machine's own libraries that travel in `bundle` (Debian keeps them by package);
    the packages. Raises ValueError where one is not found."""
    packages = set()
    for path in sorted((bundle / "_internal").glob("lib*.so*")):
        if path.is_symlink() or not is_carried(path.name) or path.name.startswith("libpython"):
            continue
        found = subprocess.run(["dpkg", "-S", f"*/{path.name}"], capture_output=True, text=True, check=False).stdout
        if not found:
            raise ValueError(f"no package of this system owns {path.name}, so its licence is not known")
        packages.add(found.split(":")[0])
    folder = bundle / "_internal/tailrace/licenses/system-libraries"
    for package in sorted(packages):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(f"/usr/share/doc/{package}/copyright", folder / f"{package}.txt")
    with (folder.parent / "README.txt").open("a", encoding="utf-8") as table:
        table.writelines(f"{package:28} {'':14} system-libraries/{package}.txt\n" for package in sorted(packages))
    return sorted(packages)


def licence_name(item: Distribution) -> str:
    """What a distribution says of its licence, in a few words. "Public Domain" is said of what has a text with
    conditions, and so is not passed on."""
    said = next((item.metadata[key] for key in ("License-Expression", "License") if key in item.metadata), "")
    classifiers = [
        text.rpartition(" :: ")[2]
        for text in item.metadata.get_all("Classifier") or ()
        if "License" in text and "Public Domain" not in text
    ]
    short = said.strip().splitlines()[0] if said.strip() else ", ".join(classifiers)
    return short or "see its text"


def _texts_of(name: str, item: Distribution) -> list[Path]:
    own = [
        path
        for path in files_of(item)
        if _LICENCE.search(path.name) and path.suffix not in (".py", ".pyc", ".pyi") and ".dist-info" in str(path)
    ]
    return own or [_ROOT / "packaging/licenses" / text for text in _TEXTS_OF.get(name, ())]


def _copy(texts: list[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for text in texts:
        target, count = folder / text.name, 2
        while target.exists():  # numpy has a LICENSE.md a library inside
            target, count = folder / f"{text.stem}-{count}{text.suffix}", count + 1
        shutil.copyfile(text, target)


def _python_licence() -> Path:
    base = Path(sys.base_prefix)
    tries = (base / "LICENSE.txt", *base.glob("lib/python3.*/LICENSE.txt"))
    found = next((path for path in tries if path.is_file()), None)
    if found is None:
        raise ValueError("this Python has no LICENSE.txt; take one from python.org or a package that has it")
    return found
