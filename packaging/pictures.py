"""Make the pictures of the README from the demo data, with the program itself: `make pictures`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from tailrace.ui.screenshot import render
from tailrace.workspace.demo import write_demo

PICTURES = Path(__file__).parents[1] / "resources" / "pictures"
END_NS = 1_795_183_200_000_000_000  # fixed, so that the pictures change only when the program does
SIZE = (1600, 1000)


def main() -> None:
    """Write every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "demo.tailrace"
        write_demo(database, END_NS)
        for theme in ("dark", "light"):
            out = PICTURES / f"traces-{theme}.png"
            render(database, "traces", out, query="status:error", theme=theme, size=SIZE)
            print(out)


if __name__ == "__main__":
    main()
