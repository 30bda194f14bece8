"""What a packed program is made of, part by part: name, version, licence, and which of its files are of that part.

Every file in it belongs to one part. The parts are plain values; bom.py says them in CycloneDX.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
import sysconfig
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import Distribution, version
from pathlib import Path
from typing import Literal

sys.path.append(str(Path(__file__).resolve().parent / "freeze"))

from contents import is_carried
from declared import declared_distributions, files_of
from licences import licence_name
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

Kind = Literal["application", "platform", "framework", "library", "data"]

# What some distributions say of their licence, and the SPDX identifier of what their text is.
_SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
}
_UNSTABLE = re.compile(r"(\.\./|__pycache__/|.*\.dist-info/(?:RECORD|INSTALLER|REQUESTED|direct_url\.json)$)")


@dataclass
class Part:
    """`files` are those in the program, by path below its folder; `record` is the SHA-256 of what its wheel installed;
    `inside` are parts that it carries in turn, `needs` the names of parts that it asks for."""

    name: str
    version: str
    kind: Kind = "library"
    licence: str = ""
    purl: str = ""
    cpe: str = ""
    record: str = ""
    files: dict[str, str] = field(default_factory=dict)
    inside: list[Part] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)


def parts_of(bundle: Path) -> list[Part]:
    """The parts of the one-folder program in `bundle`, Tailrace itself first. What is installed where this runs has to
    be what the program was made of. Raises ValueError for a file of the building system that no package owns."""
    left = {path.relative_to(bundle).as_posix(): path for path in sorted(bundle.rglob("*")) if _is_plain(path)}
    data = _data_parts(left)
    distributions = _distribution_parts(left)
    system = _system_parts(left) if sys.platform.startswith("linux") else []
    python = _python_part()
    own = next(part for part in distributions if part.name == "tailrace")
    for name, path in left.items():  # what is nobody else's: start and licence texts are ours, the rest is Python's
        target = own if "/" not in name or "tailrace/licenses/" in name else python
        target.files[name] = _digest(path)
    own.needs += [python.name, "pyinstaller-bootloader", *(part.name for part in data)]
    python.needs += ["sqlite", *(part.name for part in system)]
    others = [part for part in distributions if part is not own]
    return [own, python, _sqlite_part(), _bootloader_part(), *others, *system, *data]


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _take(left: dict[str, Path], names: list[str]) -> dict[str, str]:
    return {name: _digest(left.pop(name)) for name in names if name in left}


def _inner(name: str) -> tuple[str, str]:
    return f"_internal/{name}", name


def _distribution_parts(left: dict[str, Path]) -> list[Part]:
    root = Path(sysconfig.get_path("purelib")).resolve()
    parts = []
    declared = declared_distributions()
    for name, item in declared.items():
        installed = [path.relative_to(root).as_posix() for path in files_of(item) if root in path.parents]
        carried = _take(left, [place for file in sorted(installed) for place in _inner(file)])
        part = Part(name, item.version, licence=_spdx(item), purl=f"pkg:pypi/{name}@{item.version}", files=carried)
        part.record, part.needs = _record_digest(item), _needs(item, declared)
        parts.append(part)
        if name == "tailrace":
            part.kind, part.purl = "application", ""
        elif name == "pyside6-essentials":
            part.inside = [_named("qt", item.version, "framework", "LGPL-3.0-only", "qt:qt")]
        elif name == "duckdb":
            part.inside = [_named("duckdb-engine", _duckdb_version(), "library", "MIT", "duckdb:duckdb")]
    return parts


def _named(name: str, number: str, kind: Kind, licence: str, vendor: str) -> Part:
    cpe = f"cpe:2.3:a:{vendor}:{number}:*:*:*:*:*:*:*"
    return Part(name, number, kind, licence, f"pkg:generic/{name}@{number}", cpe)


def _python_part() -> Part:
    return _named("python", platform.python_version(), "platform", "PSF-2.0", "python:python")


def _sqlite_part() -> Part:
    import sqlite3

    return _named("sqlite", sqlite3.sqlite_version, "library", "blessing", "sqlite:sqlite")


def _bootloader_part() -> Part:
    number = version("pyinstaller")
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    return Part("pyinstaller-bootloader", number, licence=licence, purl=f"pkg:pypi/pyinstaller@{number}")


def _duckdb_version() -> str:
    import duckdb

    with duckdb.connect() as connection:
        (found,) = connection.execute("SELECT version()").fetchall()
    return str(found[0]).removeprefix("v")


def _spdx(item: Distribution) -> str:
    said = licence_name(item)
    return _SPDX.get(said, said)


def _needs(item: Distribution, declared: Collection[str]) -> list[str]:
    wanted = map(Requirement, item.requires or ())
    found = {canonicalize_name(one.name) for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})}
    return sorted(found.intersection(declared))


def _record_digest(item: Distribution) -> str:
    """Of the lines that every installation of the wheel has, in their order by name."""
    lines = [line for line in (item.read_text("RECORD") or "").splitlines() if not _UNSTABLE.match(line.split(",")[0])]
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _system_parts(left: dict[str, Path]) -> list[Part]:
    """The building system's own libraries that travel, by their Debian package."""
    release = platform.freedesktop_os_release()
    found: dict[str, Part] = {}
    for name in [name for name in left if is_carried(name) and "libpython" not in name]:
        package, number, architecture = _package_of(name.rpartition("/")[2])
        purl = f"pkg:deb/{release['ID']}/{package}@{number}?arch={architecture}"
        purl += f"&distro={release['ID']}-{release.get('VERSION_ID', '')}"
        part = found.setdefault(package, Part(package, number, purl=purl))
        part.files |= _take(left, [name])
    return list(found.values())


def _package_of(file: str) -> tuple[str, str, str]:
    owner = subprocess.run(["dpkg", "-S", f"*/{file}"], capture_output=True, text=True, check=False).stdout
    if not owner:
        raise ValueError(f"no package of this system owns {file}")
    package = owner.split(": ")[0].split(",")[0]
    told = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version} ${Architecture}", package],
        capture_output=True,
        text=True,
        check=True,
    )
    name, number, architecture = told.stdout.split()
    return name, number, architecture


def _data_parts(left: dict[str, Path]) -> list[Part]:
    """What travels in Tailrace's own folder and is others' work."""
    prices = next((path for name, path in left.items() if name.endswith("resources/prices/litellm.json")), None)
    source = str(json.loads(prices.read_text(encoding="utf-8"))["name"]) if prices is not None else ""
    told = (
        ("inter", "fonts/Inter", "OFL-1.1", ""),
        ("jetbrains-mono", "fonts/JetBrainsMono", "OFL-1.1", ""),
        ("lucide", "icons/", "ISC", _icons_version(left)),
        ("litellm-prices", "prices/", "MIT", source.rpartition(" ")[2]),
    )
    parts = []
    for name, folder, licence, number in told:
        own = [file for file in left if f"tailrace/resources/{folder}" in file]
        parts.append(Part(name, number, "data", licence, files=_take(left, own)))
    return parts


def _icons_version(left: dict[str, Path]) -> str:
    notes = next((path for name, path in left.items() if name.endswith("resources/icons/README.md")), None)
    found = re.search(r"lucide-static ([\d.]+)", notes.read_text(encoding="utf-8")) if notes is not None else None
    return found[1] if found is not None else ""
