"""Build what this system can: `make installer`, or `python packaging/build.py STEP…` for some steps.

The steps in their order: environment, wheel (and sdist), icons, try-wheel, freeze (the program in one folder, audited),
smoke (it is run), then what wraps it on this system, then bom (what is inside) and checksums. All of it lands in dist/.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"
BUILD = ROOT / "build"
DIST = ROOT / "dist"
VENV = BUILD / "venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BUNDLE = DIST / "tailrace"
OLDEST, NEWEST = (3, 12), (3, 13)  # the Python inside; older ones only where there is nothing else


def main(names: list[str]) -> None:
    """Run the steps named, all of this system's when none is."""
    steps = _steps()
    os.environ.setdefault("SOURCE_DATE_EPOCH", _moment())  # the same source gives the same files
    for name in names or list(steps):
        if name not in steps:
            sys.exit(f"There is no step {name!r} on this system; there are {', '.join(steps)}.")
        print(f"== {name}", flush=True)
        steps[name]()


def _steps() -> dict[str, Callable[[], None]]:
    steps: dict[str, Callable[[], None]] = {"environment": make_environment, "wheel": build_wheel, "icons": draw_icons}
    steps |= {"try-wheel": try_wheel, "freeze": freeze, "smoke": smoke}
    if sys.platform.startswith("linux"):
        steps |= {"portable": _run_script("linux/portable.py"), "deb": _run_script("linux/deb.py")}
    elif sys.platform == "win32":
        steps |= {name: _run_script(f"windows/{name}.py") for name in ("sign", "portable", "setup")}
    elif sys.platform == "darwin":
        steps |= {"dmg": _run_script("macos/dmg.py")}
    return steps | {"bom": _run_script("bom.py"), "checksums": _run_script("checksums.py")}


def make_environment() -> None:
    """A virtual environment with what packaging/requirements.lock names and nothing else, so that nothing else can get
    into the program."""
    stamp, lock = VENV / "ready", PACKAGING / "requirements.lock"
    if stamp.is_file() and stamp.read_text() == lock.read_text():
        return
    python = _newest_python()
    print(f"Python {python}", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    run(python, "-m", "venv", VENV)
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock)
    stamp.write_text(lock.read_text())


def build_wheel() -> None:
    """The sdist, the wheel made from it, and the wheel installed into the environment: what is packed later is what
    `pip install` gives."""
    DIST.mkdir(exist_ok=True)
    for old in (*DIST.glob("tailrace-*.whl"), *DIST.glob("tailrace-*.tar.gz")):
        old.unlink()
    run(PYTHON, "-m", "build", "--no-isolation", "--outdir", DIST, ROOT)
    (wheel,) = DIST.glob("tailrace-*.whl")
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--force-reinstall", wheel)


def try_wheel() -> None:
    """The wheel in a new virtual environment, with what pip brings for it and nothing else, does what it is for."""
    venv = BUILD / "wheel-venv"
    shutil.rmtree(venv, ignore_errors=True)
    run(_newest_python(), "-m", "venv", venv)
    programs = venv / ("Scripts" if os.name == "nt" else "bin")
    (wheel,) = DIST.glob("tailrace-*.whl")
    run(programs / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", wheel)
    run(PYTHON, PACKAGING / "smoke.py", programs / "tailrace")


def draw_icons() -> None:
    """The icons in every size and container, in build/icons."""
    run(PYTHON, PACKAGING / "icons.py", BUILD / "icons", QT_QPA_PLATFORM="offscreen")


def freeze() -> None:
    """The program in one folder, dist/tailrace, audited."""
    run(PYTHON, PACKAGING / "freeze/freeze.py")


def smoke() -> None:
    """The packed program does what it is for."""
    run(PYTHON, PACKAGING / "smoke.py", BUNDLE)


def _run_script(name: str) -> Callable[[], None]:
    return lambda: run(PYTHON, PACKAGING / name)


def run(*command: str | Path, **environment: str) -> None:
    """Run a command from the project's folder; the build ends with it when it fails."""
    done = subprocess.run(list(map(str, command)), cwd=ROOT, env={**os.environ, **environment}, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with code {done.returncode}.")


def _moment() -> str:
    """That of the commit, in seconds since 1970; outside of a repository that of the change log."""
    told = ""
    with suppress(OSError):
        command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return told or str(int((ROOT / "CHANGELOG.md").stat().st_mtime))


def _newest_python() -> str:
    """The newest Python of those that Tailrace packs, looked for on the path and among pyenv's."""
    own = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    tried = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    tried += [str(path) for path in sorted(own.glob("3.*/bin/python"), reverse=True)]
    best: tuple[tuple[int, int], str] | None = None
    for python in (*tried, sys.executable):
        found = _version(python)
        if found is not None and found <= NEWEST and (best is None or found > best[0]):
            best = (found, python)
    if best is None or best[0] < OLDEST:
        print(f"No Python {OLDEST[0]}.{OLDEST[1]} or later was found; the program gets {sys.version.split()[0]}.")
        return sys.executable
    return best[1]


def _version(python: str) -> tuple[int, int] | None:
    say = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", say], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return (int(done.stdout.split()[0]), int(done.stdout.split()[1])) if done.returncode == 0 else None


if __name__ == "__main__":
    main(sys.argv[1:])
