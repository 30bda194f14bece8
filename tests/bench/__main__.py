"""Every budget in one table: python -m tests.bench [--quick] [--only NAME]. Ends with 1 when a budget is over."""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
from dataclasses import asdict

import orjson
from tests.bench.figures import Figure

BUDGETS = ("cold_start", "filters", "importing", "event_loop", "big_trace", "payload", "review", "columns", "monitor")


def main() -> int:
    """Each budget in a process of its own, so that none sees what another has left in memory."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=BUDGETS, help="measure this budget (may be repeated)")
    parser.add_argument("--quick", action="store_true", help="smaller data, fewer repeats")
    parser.add_argument("--in-process", choices=BUDGETS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_process is not None:
        for figure in importlib.import_module(f"tests.bench.{options.in_process}").measure(options.quick):
            print("figure", orjson.dumps(asdict(figure)).decode(), flush=True)
        return 0
    print(f"{'budget':44}{'limit':>10}{'figure':>14}{'floor':>12}{'ratio':>8}  ")
    over = broken = 0
    for budget in options.only or BUDGETS:
        command = [sys.executable, "-m", "tests.bench", "--in-process", budget, *(["--quick"] * options.quick)]
        environment = {"QT_QPA_PLATFORM": "offscreen"} | os.environ
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("figure "):
                figure = Figure(**orjson.loads(line[7:]))
                over += not figure.ok
                print(_row(figure), flush=True)
            else:
                print(line, end="", flush=True)
        if process.wait():
            broken += 1
            print(f"{budget} ended with {process.returncode}", flush=True)
    load = f"; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else ""
    print(f"{over} over{load}")
    return 1 if over or broken else 0


def _row(figure: Figure) -> str:
    limit = "" if figure.limit is None else _words(figure.limit, figure.unit)
    floor = "" if figure.floor is None or figure.unit == "x" else _words(figure.floor, figure.unit)
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    verdict = "" if figure.limit is None else "ok" if figure.ok else "OVER"
    value = _words(figure.value, figure.unit)
    return f"{figure.name:44}{limit:>10}{value:>14}{floor:>12}{ratio:>8}  {verdict:5} {figure.note}".rstrip()


def _words(value: float, unit: str) -> str:
    if unit == "x":
        return f"{value:.2f} x"
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"


if __name__ == "__main__":
    sys.exit(main())
