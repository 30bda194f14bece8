"""Taking out what tells where Python was built: a program that people install says nothing of its maker's machine."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

# What stands in for the folder that Python was installed to when it was built. Nothing looks there: a packed program
# is told where its modules are.
_NEUTRAL = b"/usr"


def write_neutral_sysconfig(folder: Path) -> None:
    """Write the module that `sysconfig` reads, with the names and values that the packed libraries ask for and without
    a compiler's flags and folders."""
    name = sysconfig._get_sysconfigdata_name() if hasattr(sysconfig, "_get_sysconfigdata_name") else ""
    if not name:
        return
    prefix = neutral_prefix(sys.base_prefix.encode()).decode()
    told = {
        key: value.replace(sys.base_prefix, prefix) if isinstance(value, str) else value
        for key, value in sysconfig.get_config_vars().items()
        if key in _ASKED_FOR
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(f"build_time_vars = {told!r}\n", encoding="utf-8")


_ASKED_FOR = {
    *{"ABIFLAGS", "EXT_SUFFIX", "HOST_GNU_TYPE", "LDVERSION", "MACHDEP", "MULTIARCH", "Py_DEBUG", "Py_ENABLE_SHARED"},
    *{"Py_GIL_DISABLED", "SHLIB_SUFFIX", "SOABI", "VERSION", "prefix", "exec_prefix"},
}


def strip_debug_information(bundle: Path) -> int:
    """Take debug information out of ELF files that have any; how many. Files without it are left byte for byte as their
    wheels carry them."""
    stripped = 0
    for path in elf_files(bundle):
        sections = subprocess.run(["readelf", "-SW", path], capture_output=True, text=True, check=True).stdout
        if ".debug_info" in sections or (path.name.startswith("libpython") and ".symtab" in sections):
            subprocess.run(["strip", "--strip-unneeded", path], check=True)
            stripped += 1
    return stripped


def forget_prefix(bundle: Path, prefix: str = sys.base_prefix) -> int:
    """Replace the folder that Python was built for in compiled files; how many files."""
    before = prefix.encode()
    after = neutral_prefix(before)
    changed = 0
    for path in elf_files(bundle):
        data = path.read_bytes()
        if before in data and before != after:
            path.write_bytes(data.replace(before, after))
            changed += 1
    return changed


def neutral_prefix(prefix: bytes) -> bytes:
    """A path of the same length and with the same last part. Both matter: linkers let a string such as the version be
    the tail of another one, so that nothing may move and no tail may change."""
    head, slash, tail = prefix.rpartition(b"/")
    return prefix if len(head) <= len(_NEUTRAL) else _NEUTRAL.ljust(len(head), b"/") + slash + tail


def elf_files(bundle: Path) -> list[Path]:
    """The executables and shared libraries in `bundle`."""
    found = []
    for path in sorted(bundle.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    return found
