"""Whether a packed program carries what it should and nothing else: all of it has a declared origin."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from contents import is_carried, is_wanted
from declared import declared_distributions, files_of
from PyInstaller.archive.readers import CArchiveReader

_ON_LINUX = sys.platform.startswith("linux")

# Modules that PyInstaller itself puts in front of a program.
_BOOT_MODULES = {"_pyi_rth_utils", "pyimod01_archive", "pyimod02_importers", "pyimod03_ctypes", "pyimod04_pywin32"}
_TEST = re.compile(r"(^|[/._])(tests?|testing|conftest|test_\w+)([/.]|$)")
_NO_TESTS = {"jinja2.tests"}  # what templates may ask of a value
_ASKED_FOR = ("numpy.testing",)  # imported by libraries outside their tests

# What the system of every desktop has, by the start of the file's name: what a program of ours may ask of it.
_SYSTEM = (
    *(
        "libc.",
        "libm.",
        "libdl.",
        "libpthread.",
        "librt.",
        "libresolv.",
        "libutil.",
        "ld-linux",
        "libgcc_s.",
        "libstdc++.",
    ),
    *(
        "libEGL.",
        "libGL.",
        "libX11.",
        "libX11-xcb.",
        "libxcb.",
        "libxcb-",
        "libfontconfig.",
        "libfreetype.",
        "libdbus-1.",
    ),
    *("libglib-2.0.", "libgthread-2.0.", "libwayland-", "libzstd.", "libgssapi_krb5.", "libbrotli"),
)


def audit(bundle: Path, secrets: Iterable[str] = ()) -> list[str]:
    """What is wrong with the one-folder program in `bundle`: a sentence each, none when it is sound. `secrets` are
    further texts that no file may hold, such as the folders of the building machine."""
    inside = bundle / "_internal" if (bundle / "_internal").is_dir() else bundle
    faults = [*_foreign_files(inside), *_foreign_modules(bundle), *_traces_of_the_maker(bundle, secrets)]
    if _ON_LINUX:
        faults += _missing_libraries(inside)
    if not (inside / "tailrace/licenses/README.txt").is_file():
        faults.append("the licence texts are missing")
    return faults


def contents_by_origin(bundle: Path) -> list[tuple[str, int]]:
    """How many bytes come from where, largest first."""
    inside = bundle / "_internal" if (bundle / "_internal").is_dir() else bundle
    sizes: Counter[str] = Counter()
    origins = _origins()
    for path in _files(bundle):
        name = path.relative_to(inside).as_posix() if inside in path.parents else path.name
        sizes[_origin(name, path, origins)] += path.stat().st_size
    return sizes.most_common()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _origins() -> dict[str, str]:
    """Installed file (below site-packages) -> its distribution."""
    root = Path(sysconfig.get_path("purelib")).resolve()
    return {
        path.relative_to(root).as_posix(): name
        for name, item in declared_distributions().items()
        for path in files_of(item)
        if root in path.parents
    }


def _origin(name: str, path: Path, origins: dict[str, str]) -> str:
    if name in origins:
        return origins[name]
    if name.startswith("tailrace/licenses/"):
        return "licence texts"
    if name.startswith(("python3.", "base_library.zip", "libpython")) or name in ("Python", "python3.dll"):
        return "python"
    if path.name in ("tailrace", "tailrace.exe", "tailracew.exe"):
        return "modules and start"
    if _ON_LINUX:
        return "libraries of the building system" if is_carried(name) else ""
    return "python" if _of_this_python(path) else ""


def _of_this_python(path: Path) -> bool:
    """Whether the interpreter has the same file: its extension modules and the libraries beside them."""
    data = sha256(path.read_bytes()).digest()
    return any(sha256(own.read_bytes()).digest() == data for own in Path(sys.base_prefix).rglob(path.name))


def _foreign_files(inside: Path) -> list[str]:
    origins = _origins()
    faults = []
    for path in _files(inside):
        name = path.relative_to(inside).as_posix()
        if not _origin(name, path, origins):
            faults.append(f"{name} comes from no declared dependency")
        elif not is_wanted(name):
            faults.append(f"{name} is of a part of Qt that is not used")
        if _TEST.search(name) and not name.startswith("tailrace/licenses/"):
            faults.append(f"{name} is a test")
    return faults


def _foreign_modules(bundle: Path) -> list[str]:
    program = next(path for path in (bundle / "tailrace", bundle / "tailrace.exe") if path.is_file())
    modules = CArchiveReader(str(program)).open_embedded_archive("PYZ.pyz").toc
    declared = {
        name.split("/")[0].removesuffix(".py").split(".")[0]
        for name in _origins()
        if name.endswith((".py", ".so", ".pyd"))
    }
    faults = []
    for module in modules:
        top = module.split(".")[0]
        if top not in declared | sys.stdlib_module_names | _BOOT_MODULES and not top.startswith("_sysconfigdata"):
            faults.append(f"module {module} comes from no declared dependency")
        if _TEST.search(module) and module not in _NO_TESTS and not module.startswith(_ASKED_FOR):
            faults.append(f"module {module} is a test")
    return faults


def _traces_of_the_maker(bundle: Path, secrets: Iterable[str]) -> list[str]:
    told = {str(Path.home()), sys.base_prefix, sys.prefix, str(Path.cwd()), *secrets} - {
        "/",
        "/root",
        "/usr",
        "/usr/local",
    }
    home = b"/root/" if Path.home() == Path("/root") else b""
    faults = []
    for path in _files(bundle):
        data = path.read_bytes()
        faults += [f"{path.name} tells the folder {text}" for text in sorted(told) if text.encode() in data]
        if home and home in data:
            faults.append(f"{path.name} tells a folder of its maker's home")
    return faults


def _missing_libraries(inside: Path) -> list[str]:
    carried = {path.name for path in inside.rglob("*.so*")}
    faults = []
    for path in _files(inside):
        if ".so" not in path.name:
            continue
        needed = subprocess.run(["readelf", "-dW", path], capture_output=True, text=True, check=False).stdout
        for library in re.findall(r"\(NEEDED\).*\[(.*)\]", needed):
            if library not in carried and not library.startswith(_SYSTEM):
                faults.append(f"{path.name} needs {library}, which neither the program nor every desktop has")
    return faults
