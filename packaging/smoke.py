"""Run a built program, not the checkout, and see that it does what it is for.

`python packaging/smoke.py PROGRAM`, where PROGRAM is a one-folder bundle (dist/tailrace), an executable such as
/usr/bin/tailrace, or a macOS bundle. It all happens in a folder of its own that is deleted again.
What needs a display runs under Xvfb with xdotool where they are installed, and is named as left out where not.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageGrab

PAGES = ("traces", "review", "monitor", "sql")
PATIENCE_S = 60


class Program:
    """The program under test with a home of its own, so that nothing of this machine's helps or is changed."""

    def __init__(self, path: Path, home: Path) -> None:
        self.executable = _executable(path)
        self.home = home
        kept = ("PATH", "SystemRoot", "TEMP", "TMP", "LANG", "LD_LIBRARY_PATH", "XDG_RUNTIME_DIR")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ}
        self.environment |= {"HOME": str(home), "USERPROFILE": str(home), "TAILRACE_DATA": str(home / "data")}

    def run(self, *words: str | Path, code: int = 0, **environment: str) -> str:
        """Run a command to its end; what it printed. Ends the smoke test when it fails or complains."""
        command = [str(self.executable), *map(str, words)]
        where = {"QT_QPA_PLATFORM": "offscreen", **environment}
        environ = self.environment | where
        done = subprocess.run(
            command, cwd=self.home, env=environ, capture_output=True, text=True, timeout=300, check=False
        )
        said = done.stdout + done.stderr
        _check(done.returncode == code, f"{' '.join(command)} ended with {done.returncode}:\n{said}")
        _check("Traceback" not in said, f"{' '.join(command)} failed:\n{said}")
        return done.stdout if code == 0 else said

    def start(self, *words: str | Path, display: str) -> subprocess.Popen[str]:
        """Start a window."""
        where = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}
        return subprocess.Popen(
            [str(self.executable), *map(str, words)], cwd=self.home, env=self.environment | where, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip


def main() -> None:
    """Check one program; ends with a sentence at the first thing that is not as it should be."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix="tailrace smoke ö ") as folder:  # a blank and an umlaut, as homes have
        program = Program(Path(sys.argv[1]).absolute(), Path(folder))
        print(f"{program.executable}", flush=True)
        check_version(program)
        check_doctor(program)
        database = check_imports(program)
        check_annotation(program, database)
        check_statement(program, database)
        check_pictures(program, database)
        check_refusal(program)
        if shutil.which("Xvfb") and shutil.which("xdotool"):
            check_window(program, database)
        else:
            print("left out: the window (needs Xvfb and xdotool)")
    print("sound")


def check_version(program: Program) -> None:
    """It says its name and version."""
    said = program.run("--version").strip()
    _check(re.fullmatch(r"Tailrace \d+\.\d+\.\d+", said) is not None, f"--version says {said!r}")
    _told(said)


def check_doctor(program: Program) -> None:
    """Nothing that it needs is missing, and it knows the versions of what it carries."""
    said = program.run("doctor")
    _check("missing" not in said.lower(), f"doctor finds something missing:\n{said}")
    _told("doctor: all there")


def check_imports(program: Program) -> Path:
    """Every sample that the program carries goes in whole; the database with all of them."""
    samples = _samples(program)
    held = json.loads((samples / "samples.json").read_text(encoding="utf-8"))
    database = program.home / "all samples.tailrace"
    for name, wanted in sorted(held.items()):
        one = program.home / f"{name}.tailrace"
        program.run("import", samples / name, "-o", one)
        program.run("import", samples / name, "-o", database)
        found = json.loads(program.run("sql", one, "select count(*) as spans from spans", "--json"))
        _check(found[0]["spans"] == wanted["spans"], f"{name}: {found} instead of {wanted}")
        traces = json.loads(program.run("traces", one, "--json"))
        _check(len(traces) == wanted["traces"], f"{name}: {len(traces)} traces instead of {wanted['traces']}")
    _told(f"import: {len(held)} samples")
    return database


def check_annotation(program: Program, database: Path) -> None:
    """What a reviewer's file says is merged in, and is read back by another start of the program."""
    (trace, *_) = json.loads(program.run("traces", database, "--json"))
    review, labels = program.home / "review.jsonl", program.home / "labels.jsonl"
    said = {"trace_id": trace["trace_id"], "name": "thumb", "kind": "thumb", "value": -1.0, "comment": "wrong quay"}
    said |= {"author": "Ann", "source": "person", "created_ns": 1_795_000_000_000_000_000, "metadata": {}}
    header = {"tailrace_review": 1, "reviewer": "Ann", "database": "smoke", "exported": "2026-11-21T04:00:00Z"}
    score = {"kind": "score", "id": "smoke", "stamp_ns": 1_795_000_000_000_000_000, "values": said}
    review.write_text("".join(f"{json.dumps(line)}\n" for line in (header, score)), encoding="utf-8")
    program.run("merge", review, "-o", database)
    program.run("export", database, "--format", "labels", "-o", labels)
    (label,) = map(json.loads, labels.read_text(encoding="utf-8").splitlines())
    _check((label["reviewer"], label["verdict"]) == ("Ann", "fail"), f"the annotation comes out as {label}")
    _told("annotation: merged in and read back")


def check_statement(program: Program, database: Path) -> None:
    """The process for a person's SQL starts from the packed program as well."""
    said = program.run("sql", database, "select sum(input_tokens) as tokens from spans", "--json")
    _check(json.loads(said)[0]["tokens"] > 0, f"no tokens: {said}")
    program.run("metrics", database)
    report = program.home / "report.html"
    program.run("report", database, "-o", report)
    _check(report.stat().st_size > 10_000, "the report is empty")
    _told("sql, metrics, report")


def check_pictures(program: Program, database: Path) -> None:
    """Every page of the demo is painted in both themes, and so is a page of the samples."""
    folder = program.home / "pictures"
    program.run("demo", "--pictures", folder)
    program.run("screenshot", database, "--page", "traces", "--size", "1100x700", "-o", folder / "samples.png")
    pictures = sorted(folder.glob("*.png"))
    for path in pictures:
        with Image.open(path) as picture:
            _check(_is_painted(picture), f"{path.name} is blank")
    _check({f"{page}-dark.png" for page in PAGES} <= {path.name for path in pictures}, f"pages are missing: {pictures}")
    _told(f"demo: {len(pictures)} pictures")


def check_refusal(program: Program) -> None:
    """A file that is none of ours gets a sentence and a code, no traceback."""
    stranger = program.home / "stranger.txt"
    stranger.write_text("nothing that anybody traced\n", encoding="utf-8")
    said = program.run("info", stranger, code=1)
    _check("stranger.txt" in said, f"the refusal does not name the file: {said}")
    _told("refusal")


def check_window(program: Program, database: Path) -> None:
    """A window under X11: painted, a thumb given by a key is in the file, and it closes with code 0."""
    with _display() as display:
        window = program.start("open", database, display=display)
        try:
            found = _wait_for_window(display, window)
            _wait_until(lambda: _is_painted(ImageGrab.grab(xdisplay=display)), "the window stays blank")
            time.sleep(1.5)  # the list and the first trace are read behind the first paint
            _press(display, found, "Down", "U")
            _wait_until(lambda: _thumbs(program, database) == 2, "the thumb is not in the file")
            _press(display, found, "ctrl+q")
            code = window.wait(PATIENCE_S)
            said = window.stdout.read() if window.stdout else ""
            _check(code == 0, f"the window ended with {code}:\n{said}")
            _check("Traceback" not in said, said)
        finally:
            window.kill()
    _check(_thumbs(program, database) == 2, "the thumb is gone")
    _told("window under X11: painted, thumb saved and read back, closed with 0")


def _thumbs(program: Program, database: Path) -> int:
    said = program.run("sql", database, "select count(*) as thumbs from scores where name = 'thumb'", "--json")
    return int(json.loads(said)[0]["thumbs"])


@contextmanager
def _display() -> Iterator[str]:
    number = next(n for n in range(120, 400) if not Path(f"/tmp/.X11-unix/X{n}").exists())
    server = subprocess.Popen(
        ["Xvfb", f":{number}", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"], stderr=subprocess.DEVNULL
    )
    try:
        _wait_until(lambda: Path(f"/tmp/.X11-unix/X{number}").exists(), "Xvfb does not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def _wait_for_window(display: str, program: subprocess.Popen[str]) -> str:
    found: list[str] = []

    def look() -> bool:
        if program.poll() is not None:
            said = program.stdout.read() if program.stdout else ""
            sys.exit(f"FAULT: the window ended with {program.returncode} before it was shown:\n{said}")
        found[:] = _xdotool(display, "search", "--onlyvisible", "--name", "Tailrace").split()
        return bool(found)

    _wait_until(look, "no window appears")
    return found[-1]


def _press(display: str, window: str, *keys: str) -> None:
    _xdotool(display, "windowfocus", "--sync", window)
    for key in keys:
        _xdotool(display, "key", key)
        time.sleep(0.2)


def _xdotool(display: str, *words: str) -> str:
    done = subprocess.run(
        ["xdotool", *words], env=os.environ | {"DISPLAY": display}, capture_output=True, text=True, check=False
    )
    return done.stdout


def _is_painted(picture: Image.Image) -> bool:
    """Whether it shows more than a ground: many shades, and no one of them nearly everywhere."""
    counts = picture.convert("RGB").getcolors(maxcolors=1 << 24) or []
    return len(counts) > 200 and max(count for count, _ in counts) < 0.97 * picture.width * picture.height


def _samples(program: Program) -> Path:
    """The samples that the program carries."""
    near = program.executable.resolve()
    for folder in (near.parent / "_internal", near.parents[1] / "Resources", near.parents[1]):
        for found in folder.rglob("tailrace/resources/samples/samples.json"):
            return found.parent
    sys.exit(f"FAULT: {program.executable} carries no samples.")


def _executable(path: Path) -> Path:
    """The program behind what was named."""
    for inside in ("Contents/MacOS/tailrace", "tailrace.exe", "tailrace"):
        if path.is_dir() and (path / inside).is_file():
            return path / inside
    if path.is_file():
        return path
    sys.exit(f"There is no program at {path}.")


def _wait_until(holds: Callable[[], bool], complaint: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        _check(time.monotonic() < end, complaint)
        time.sleep(0.2)


def _check(holds: bool, complaint: str) -> None:
    if not holds:
        sys.exit(f"FAULT: {complaint}")


def _told(sentence: str) -> None:
    print(f"  {sentence}", flush=True)


if __name__ == "__main__":
    main()
