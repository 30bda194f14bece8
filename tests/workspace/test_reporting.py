"""The report says what is in the database, and is one safe page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tailrace.errors import SourceError
from tailrace.model import Span
from tailrace.model.review import Anchor, FailureMode, Put, Queue, Verdict
from tailrace.review import judgement
from tailrace.review.modes import Share
from tailrace.review.report import Verdicts
from tailrace.review.sampling import Sample
from tailrace.store import Writer
from tailrace.workspace import Workspace

MODE = FailureMode("m", "Makes <b>it</b> up")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "shop.tailrace"
    with Writer(path) as writer:
        writer.write([Span(f"t{i}", "a", None, name="chat", start_ns=i, end_ns=9, model=f"m{i % 2}") for i in range(6)])
    workspace = Workspace(path)
    workspace.reviews.apply(
        [
            Put(MODE),
            *(Put(judgement.verdict_score("Ann", f"t{i}", Verdict.FAIL if i < 2 else Verdict.PASS)) for i in range(4)),
            Put(judgement.verdict_score("Bo", "t1", Verdict.PASS)),
            Put(judgement.verdict_score("Bo", "t4", Verdict.DEFER)),
            Put(judgement.mode_mark("Ann", "t0", MODE)),
            Put(judgement.note_score("Ann", "t0", "<script>alert(1)</script>")),
            Put(judgement.correction_score("Ann", "t0", "It costs 5 €")),
            Put(judgement.evidence_score("Ann", "t0", Anchor("a", "output", "costs nothing"))),
        ]
    )
    workspace.close()
    return path


def test_the_report_is_one_page_with_what_reviewers_found(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    workspace = Workspace(database)
    try:
        report = workspace.reviews.write_report(out)
    finally:
        workspace.close()
    assert (report.verdicts.total, report.verdicts.deferred, report.open_conflicts) == (4, 1, 1)
    assert [(name, said.total) for name, said in report.reviewers] == [("Ann", 4), ("Bo", 1)]
    assert [(mode.name, mode.count.traces) for mode in report.modes] == [(MODE.name, 1)]
    assert report.modes[0].examples[0].quotes == ("costs nothing",)
    assert [field for field, _ in report.tables] == ["model"]
    assert report.tables[0][1].judged == 4
    assert "all traces: 4 judged" in report.subtitle
    page = out.read_text(encoding="utf-8")
    assert "It costs 5 €" in page
    assert "<script" not in page
    assert "<b>it" not in page
    assert "://" not in page


def test_a_report_is_about_a_queue_or_a_filter_where_one_is_named(database: Path, tmp_path: Path) -> None:
    workspace = Workspace(database)
    reviews = workspace.reviews
    try:
        found = Sample(("t0", "t4", "t5"), ("", "", ""), 6)
        reviews.make_queue(Queue("q", "Random 3"), found)
        of_queue = reviews.write_report(tmp_path / "queue.html", queue_id="q")
        of_filter = reviews.write_report(tmp_path / "filter.html", text="model:m1")
        of_both = reviews.write_report(tmp_path / "both.html", queue_id="q", text="model:m1")
    finally:
        workspace.close()
    assert of_queue.verdicts == Verdicts(passed=0, failed=1, deferred=1)
    assert of_queue.modes[0].count.judged == Share(1, 1)
    assert "the traces of queue “Random 3”: 1 of 3 judged" in of_queue.subtitle
    assert of_filter.verdicts == Verdicts(passed=1, failed=1, deferred=0)
    assert of_filter.modes == ()
    assert of_filter.open_conflicts == 1
    assert "the traces that match model:m1: 2 of 3 judged" in of_filter.subtitle
    assert of_both.verdicts.seen == 0
    assert "Random 3" in (tmp_path / "queue.html").read_text(encoding="utf-8")


def test_a_database_without_judgements_has_a_report(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "new.tailrace")
    try:
        workspace.prepare()
        assert workspace.reviews.write_report(tmp_path / "report.html").verdicts.total == 0
        with pytest.raises(SourceError, match="cannot be written"):
            workspace.reviews.write_report(tmp_path / "no such folder" / "report.html")
    finally:
        workspace.close()
