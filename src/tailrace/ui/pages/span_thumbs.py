"""The thumbs of single spans, from the database to the rows of the waterfall."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject

from tailrace.model import Score, ScoreKind, Trace
from tailrace.model.score import THUMB
from tailrace.ui.models.judging import Judging, Target
from tailrace.ui.models.session import Session
from tailrace.ui.views.waterfall import WaterfallView


class SpanThumbs(QObject):
    """Reads them when a trace is shown, and again when it is judged."""

    def __init__(self, session: Session, judging: Judging, waterfall: WaterfallView, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._waterfall = waterfall
        self._key: int | None = None
        judging.saved.connect(self._read_judged)

    def show(self, trace: Trace) -> None:
        """Another trace is on show."""
        self._key = trace.row.key
        if trace.row.score_count:
            self._read()

    def _read_judged(self, target: Target) -> None:
        if target.trace_key == self._key:
            self._read()

    def _read(self) -> None:
        key = self._key
        assert key is not None
        self._session.read(
            "span-thumbs",
            lambda workspace, ticket: thumbs_of_spans(workspace.scores_of_trace(key, ticket)),
            partial(self._mark, key),
        )

    def _mark(self, key: int, thumbs: dict[str, bool]) -> None:
        if key == self._key == self._session.selection.trace_key:
            self._waterfall.area.show_thumbs(thumbs)


def thumbs_of_spans(scores: Iterable[Score]) -> dict[str, bool]:
    """The latest thumb of each span that has one: True is up. One that was put off is none."""
    given = [
        score
        for score in scores
        if score.kind is ScoreKind.THUMB
        and score.name == THUMB
        and score.span_id is not None
        and score.document_position is None
        and score.value is not None
        and "definition" not in score.metadata  # a score that was asked for beside the verdict
    ]
    given.sort(key=lambda score: score.updated_ns or score.created_ns or 0)
    return {score.span_id: score.value >= 0.5 for score in given if score.span_id and score.value is not None}
