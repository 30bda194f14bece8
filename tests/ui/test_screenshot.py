"""Pictures of the real window, made without a display."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tailrace.errors import QueryError, TailraceError
from tailrace.model.review import Put, Queue, QueueItem, Verdict
from tailrace.review.judgement import verdict_score
from tailrace.store.copies import versions_in
from tailrace.ui.screenshot import PAGES, render
from tailrace.ui.theme import apply_theme
from tailrace.workspace import Workspace


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


@pytest.fixture
def reviewed(database: Path) -> Path:
    """Two queues of ada: of the older one something is done."""
    workspace = Workspace(database)
    queues = [Queue("q1", "older", created_ns=1), Queue("q2", "newer", created_ns=2)]
    items = [QueueItem("q1", f"{n:032x}", n) for n in range(1, 9)]
    items += [QueueItem("q2", f"{n:032x}", n) for n in range(11, 15)]
    records = (*queues, *items, verdict_score("ada", f"{1:032x}", Verdict.FAIL))
    workspace.reviews.apply([Put(record) for record in records])
    workspace.close()
    return database


def picture(path: Path, out: Path, **wanted: str) -> QImage:
    render(path, "review", out, size=(1200, 700), reviewer="ada", **wanted)
    return QImage(str(out))


def test_the_review_page_shows_the_queue_that_was_begun_or_asked_for(reviewed: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.png"
    begun = picture(reviewed, out)
    assert begun == picture(reviewed, out, queue="older")
    assert begun != picture(reviewed, out, queue="newer")
    one = picture(reviewed, out, trace=f"{12:032x}")
    assert one == picture(reviewed, out, trace=f"{12:032x}", queue="newer")
    assert one != picture(reviewed, out, trace=f"{13:032x}")


@pytest.mark.parametrize("page", ["review", "modes", "agreement"])
def test_a_picture_of_reviewing_leaves_the_database_as_it_was(reviewed: Path, tmp_path: Path, page: str) -> None:
    before = set(versions_in(reviewed))
    render(reviewed, page, tmp_path / "page.png", size=(1200, 700), reviewer="ada")
    assert set(versions_in(reviewed)) == before


def test_a_queue_that_is_not_there_is_said(reviewed: Path, tmp_path: Path) -> None:
    with pytest.raises(TailraceError, match="no queue “attic”"):
        picture(reviewed, tmp_path / "a.png", queue="attic")
    with pytest.raises(TailraceError, match="in no queue of ada"):
        picture(reviewed, tmp_path / "a.png", trace=f"{40:032x}")
    with pytest.raises(TailraceError, match="not in the queue “older”"):
        picture(reviewed, tmp_path / "a.png", trace=f"{12:032x}", queue="older")
