"""What every test may use."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# programs that tests start find the same Tailrace as the tests do
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, (str(Path(__file__).parents[1] / "src"), os.environ.get("PYTHONPATH")))
)

SAMPLES = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the person's own data, settings or cache."""
    monkeypatch.setenv("TAILRACE_DATA", str(tmp_path_factory.mktemp("tailrace-data")))


@pytest.fixture(scope="session")
def sample() -> Callable[[str], Path]:
    """The path of a real file that another tool wrote; skips where the collection is not beside the checkout."""

    def find(name: str) -> Path:
        path = SAMPLES / name
        if not path.exists():
            pytest.skip(f"the collection of real sample files is not beside this checkout ({name})")
        return path

    return find
