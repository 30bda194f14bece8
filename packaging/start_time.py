"""How long programs take from their start to a painted window, in turn, under Xvfb.

`python packaging/start_time.py dist/tailrace/tailrace .venv/bin/tailrace` prints the median of each and the first one's
ratio to the second. Without files: the welcome page. Each start has a data folder of its own, so that nothing is
handed to a program that runs already; files are in the system's cache after the first round, which does not count.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import ImageGrab

sys.path.insert(0, str(Path(__file__).parent))

from smoke import _display

ROUNDS = 10


def main() -> None:
    """Measure what is named on the command line."""
    programs = [str(Path(name).absolute()) for name in sys.argv[1:]]
    if not programs:
        sys.exit(__doc__)
    times: dict[str, list[float]] = {program: [] for program in programs}
    with _display() as display:
        for turn in range(ROUNDS + 1):
            for program in programs:
                took = start_once(program, display)
                if turn:
                    times[program].append(took)
    medians = [statistics.median(times[program]) for program in programs]
    for program, median in zip(programs, medians, strict=True):
        print(f"{median:6.3f} s  ({min(times[program]):.3f} to {max(times[program]):.3f})  {program}")
    if len(medians) > 1:
        print(f"{medians[0] / medians[1]:6.2f} x")


def start_once(program: str, display: str) -> float:
    """Seconds from the start of the process to the first pixels that are not the empty screen's."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "TAILRACE_DATA": home}
        begun = time.perf_counter()
        running = subprocess.Popen([program, "open"], env=environment, stderr=subprocess.DEVNULL)
        try:
            while not _is_painted(display):
                if running.poll() is not None or time.perf_counter() - begun > 60:
                    sys.exit(f"{program} shows no window.")
                time.sleep(0.005)
            return time.perf_counter() - begun
        finally:
            running.kill()
            running.wait()
            while _is_painted(display):
                time.sleep(0.05)


def _is_painted(display: str) -> bool:
    colours = ImageGrab.grab(bbox=(300, 200, 900, 600), xdisplay=display).getcolors(maxcolors=1 << 16)
    return colours is None or len(colours) > 30


if __name__ == "__main__":
    main()
