"""A dashboard on one filter as drawn cards with their places: what both forms of a report are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from tailrace.errors import TailraceError
from tailrace.jobs import Ticket
from tailrace.model import TraceFilter
from tailrace.model.dashboard import ChartKind, Dashboard, Panel
from tailrace.query import with_term
from tailrace.ui.models.monitor_answers import Absent, Drawn, Told, Undrawn, answer_scene
from tailrace.ui.models.monitor_layout import Box, laid_out
from tailrace.ui.models.monitor_scene import Scene
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.values import Content, DifferencesChart, HeatChart

if TYPE_CHECKING:
    from tailrace.workspace.monitor import Monitor

WIDTH = 1400  # pixels of a dashboard in a report


@dataclass(frozen=True, slots=True)
class Section:
    """A dashboard with its cards, each at its place; `told` is None where no trace is in it."""

    dashboard: Dashboard
    cards: tuple[tuple[ChartCard, Box], ...]
    height: int
    told: Told | None


def draw_section(
    monitor: Monitor, dashboard: Dashboard, asked: TraceFilter, budget: float | None, table: QWidget
) -> Section:
    """Answer and draw a dashboard; the cards lie on `table`, which is shown. Cards of what differs, which need a
    selection, are about the traces that failed."""
    found: dict[str, Content | Absent | Undrawn] = {}

    def take(news: object) -> None:
        if isinstance(news, Drawn):
            found[news.panel_id] = news.content
        elif isinstance(news, Absent | Undrawn):
            found[news.panel_id] = news

    ticket = Ticket(take)
    told = answer_scene(monitor, Scene(dashboard, asked, budget=budget), ticket)
    for panel in dashboard.panels:
        if panel.kind is ChartKind.DIFFERENCES and told is not None:
            found[panel.panel_id] = _differences_of_failures(monitor, panel, asked, ticket)
    layout = laid_out(dashboard.panels, WIDTH)
    cards = tuple((_drawn(panel, found, layout.boxes[panel.panel_id], table), layout.boxes[panel.panel_id])
                  for panel in _in_order(dashboard.panels, layout.boxes))  # fmt: skip
    return Section(dashboard, cards if told is not None else (), layout.height, told)


def _in_order(panels: Sequence[Panel], boxes: dict[str, Box]) -> list[Panel]:
    return sorted(panels, key=lambda panel: (boxes[panel.panel_id].y, boxes[panel.panel_id].x))


def _drawn(panel: Panel, found: dict[str, Content | Absent | Undrawn], box: Box, table: QWidget) -> ChartCard:
    card = ChartCard(panel.kind, table)
    card.resize(box.width, box.height)
    card.set_title(panel.title)
    content = found.get(panel.panel_id)
    if isinstance(content, Absent):
        card.show_nothing(content.sentence)
    elif isinstance(content, Undrawn) or content is None:
        card.show_failed("It was not answered." if content is None else content.sentence)
    else:
        card.show_content(_still(content))
    card.show()
    return card


def _still(content: Content) -> Content:
    """What a chart says on paper, where nothing can be dragged."""
    return replace(content, caption="log scale") if isinstance(content, HeatChart) else content


def _differences_of_failures(
    monitor: Monitor, panel: Panel, asked: TraceFilter, ticket: Ticket
) -> Content | Absent | Undrawn:  # fmt: skip
    failed = replace(asked, text=with_term(asked.text, "status", "error", False))
    try:
        found = monitor.differs(failed, asked, ticket)
    except TailraceError as error:
        return Undrawn(panel.panel_id, str(error))
    if not found.inside:
        return Absent(panel.panel_id, "No trace failed.")
    return DifferencesChart("What differs in the failed traces", found)
