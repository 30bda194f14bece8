"""What tests of a person's own SQL may use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.store.sql.kept import HandMade

from tailrace.jobs import Ticket
from tailrace.model.sql import SqlResult
from tailrace.store.sql.select import select


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> HandMade:
    return HandMade.make(tmp_path_factory.mktemp("columns"))


@pytest.fixture
def columns(tmp_path: Path, _made: HandMade) -> HandMade:
    return HandMade(Path(shutil.copy(_made.path, tmp_path)))


@pytest.fixture
def ask(columns: HandMade) -> Callable[..., SqlResult]:
    def run(sql: str, **limits: Any) -> SqlResult:
        return select(columns, sql, Ticket(), **limits)

    return run
