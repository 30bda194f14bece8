"""What a Debian package of the frozen program depends on: read from its files, so that it is neither less nor more."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

# Loaded by name, or read as data, by what the program carries; no linker tells of these.
OPENED = ("xkb-data",)  # the key maps that libxkbcommon reads

# The program starts without these. What makes a double click work reads the desktop's databases.
RECOMMENDED = ("hicolor-icon-theme", "shared-mime-info", "xdg-utils")

# Debian 13 and Ubuntu 24.04 renamed libraries for the 64-bit time of 32-bit machines. Here both names are the same
# library, and a package may meet either.
_WITH_T64 = {"libglib2.0-0"}

# These keep no list of symbols, so they ask for about the version that the building machine has. Instead the version
# ("" for any) with the functions that are called: XGetXCBConnection alone; of zstd what Qt decompresses with.
_LOWEST = {"libx11-xcb1": "", "libzstd1": "1.3.0"}


def dependencies(tree: Path) -> list[str]:
    """The packages that the ELF files below `tree` need, each with the lowest version that has the symbols they use.

    `tree` is a package being built: it has a folder DEBIAN, and libraries in it are its own. Runs dpkg-shlibdeps;
    raises subprocess.CalledProcessError where a library is of no installed package.
    """
    files = elf_files(tree)
    folders = sorted({path.parent for path in files if ".so" in path.name})
    with tempfile.TemporaryDirectory() as folder:
        control = Path(folder) / "debian/control"
        control.parent.mkdir()
        control.write_text("Source: tailrace\n\nPackage: tailrace\nArchitecture: any\n")
        command = ["dpkg-shlibdeps", "--warnings=0", "-O", f"-S{tree}", *(f"-l{place}" for place in folders)]
        # dpkg-shlibdeps knows libraries by their names, and so takes the carried ones for the system's
        command += [f"-x{package}" for package in _owners(path.name for path in files if path.name.startswith("lib"))]
        command += [f"-e{path}" for path in files]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command[0], done.stdout, done.stderr)
    found = done.stdout.strip().partition("=")[2]
    return sorted({as_asked(item.strip()) for item in found.split(",")} | set(OPENED))


def as_asked(dependency: str) -> str:
    """A dependency as it holds on every release: of a renamed library both names, and no version without a reason."""
    name, _, bound = dependency.partition(" ")
    if name in _LOWEST:
        return f"{name} (>= {_LOWEST[name]})" if _LOWEST[name] else name
    plain = name.removesuffix("t64")
    if plain not in _WITH_T64:
        return dependency
    return " | ".join(f"{each} {bound}".strip() for each in (plain, f"{plain}t64"))


def _owners(names: Iterable[str]) -> list[str]:
    """The installed packages that have libraries of these names."""
    patterns = [f"{folder}/*/{name}" for name in names for folder in ("/lib", "/usr/lib")]
    done = subprocess.run(["dpkg", "-S", *patterns], capture_output=True, text=True, check=False)
    return sorted({line.partition(":")[0] for line in done.stdout.splitlines() if not line.startswith("diversion")})


def elf_files(tree: Path) -> list[Path]:
    """The executables and shared libraries below `tree`."""
    found = []
    for path in sorted(tree.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    return found
