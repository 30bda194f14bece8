"""The other side of a review item: its waterfall, and below it what the selected span says."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tailrace.jobs import Ticket
from tailrace.model import SpanDetail, SpanTree, Trace
from tailrace.ui.models.session import Session
from tailrace.ui.views.background import Background
from tailrace.ui.views.kept_splitter import KeptSplitter
from tailrace.ui.views.messages.view import MessagesView
from tailrace.ui.views.waterfall import WaterfallView, analyse

if TYPE_CHECKING:
    from tailrace.workspace import Workspace


class ReviewWaterfall(QWidget):
    """Reads a trace when it is shown; the selection is its own."""

    def __init__(self, session: Session, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._key: int | None = None
        self._trace: Trace | None = None
        self.waterfall = WaterfallView()
        self.waterfall.area.takes_letters = False
        self.messages = MessagesView(background)
        split = KeptSplitter("review-waterfall-splitter", Qt.Orientation.Vertical)
        split.addWidget(self.waterfall)
        split.addWidget(self.messages)
        split.setSizes([300, 340])
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(split)
        self.waterfall.selected.connect(self._read_span)
        self.waterfall.analysis_wanted.connect(self._analyse)

    def show_trace(self, key: int | None, spans: int | None = None) -> None:
        """Read and draw a trace."""
        if key == self._key and self._trace is not None:
            return
        self._key, self._trace = key, None
        self.messages.show_detail(None)
        if key is None:
            self.waterfall.show_trace(None)
            return
        self.waterfall.show_loading(spans)
        self._session.read("review-trace", partial(_read_trace, key), self._show)

    def _show(self, trace: Trace | None) -> None:
        self._trace = trace
        if trace is None:
            self.waterfall.show_message("This trace is not in this database", "")
            return
        self.waterfall.show_trace(trace)
        if len(trace.tree):
            self.waterfall.select(trace.tree.span_ids[0])
            self._read_span(trace.tree.span_ids[0])

    def _read_span(self, span_id: object) -> None:
        if self._trace is not None and isinstance(span_id, str):
            self._session.read("review-span", partial(_read_span, self._trace.row.key, span_id), self._show_span)

    def _show_span(self, detail: SpanDetail | None) -> None:
        # judgements stand in the verdict panel, which knows whether a blind reviewer may see them
        self.messages.show_detail(None if detail is None else replace(detail, scores=(), trace_scores=()))

    def _analyse(self, tree: SpanTree) -> None:
        self._session.read("review-analysis", lambda workspace, ticket: analyse(tree), self.waterfall.set_analysis)


def _read_trace(key: int, workspace: Workspace, ticket: Ticket) -> Trace | None:
    return workspace.read_trace(key, ticket)


def _read_span(key: int, span_id: str, workspace: Workspace, ticket: Ticket) -> SpanDetail | None:
    return workspace.read_span(key, span_id, ticket)
