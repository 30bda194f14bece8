"""Pictures of the real window, made without a display."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tailrace.errors import QueryError, TailraceError
from tailrace.ui.screenshot import PAGES, render
from tailrace.ui.theme import apply_theme


@pytest.fixture(autouse=True)
def _dark_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, "dark")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_can_be_pictured_in_its_size(database: Path, tmp_path: Path, page: str) -> None:
    out = tmp_path / "page.png"
    render(database, page, out, theme="light", size=(900, 640))
    picture = QImage(str(out))
    assert picture.width() >= 500
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}
    assert len(colours) > 8


def test_a_picture_shows_the_span_that_was_asked_for(database: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one.png", tmp_path / "other.png"
    render(database, "traces", one, trace=f"{40:032x}", size=(1200, 700))
    render(database, "traces", other, trace=f"{40:032x}", span="c" * 16, size=(1200, 700))
    assert QImage(str(one)) != QImage(str(other))


def test_what_is_not_there_is_said(database: Path, tmp_path: Path) -> None:
    with pytest.raises(TailraceError, match="no trace"):
        render(database, "traces", tmp_path / "a.png", trace="f" * 32)
    with pytest.raises(TailraceError, match="no page"):
        render(database, "reports", tmp_path / "a.png")
    with pytest.raises(QueryError):
        render(database, "traces", tmp_path / "a.png", query="foo:bar")
