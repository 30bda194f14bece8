"""What is selected in a chart: times, and on charts of values bounds of these, as a filter and in words."""

from __future__ import annotations

from dataclasses import dataclass

from tailrace.errors import QueryError
from tailrace.metrics.formula import parse_formula
from tailrace.model import TraceFilter
from tailrace.model.charted import Differences
from tailrace.model.dashboard import Panel
from tailrace.model.figures import format_figure
from tailrace.model.words import count_of, format_count
from tailrace.ui.models.monitor_answers import local_words
from tailrace.ui.models.monitor_scene import OF_COLUMN, OVER_TIME, Scene, filter_of
from tailrace.ui.models.monitor_terms import of_measure, of_values, within
from tailrace.ui.models.monitor_values import column_title, unit_of
from tailrace.ui.views.charts.values import Pick


@dataclass(frozen=True, slots=True)
class Selected:
    """An area of a chart. `filter` are the traces in it, `against` those it is compared with, `words` what it is and
    what no filter could say of it."""

    panel_id: str
    pick: Pick
    filter: TraceFilter
    against: TraceFilter
    words: str


def selected_in(panel: Panel, pick: Pick, scene: Scene) -> Selected:
    """What an area of a panel's chart selects. Raises QueryError where the panel's filter means nothing."""
    asked = within(filter_of(panel, scene), pick.since_ns, pick.until_ns)
    parts = [_times(pick)] if pick.since_ns is not None or pick.until_ns is not None else []
    left_out = ""
    if panel.kind in OF_COLUMN and (pick.low is not None or pick.high is not None):
        behind = of_values(asked, panel.measures[0], pick.low, pick.high)
        asked, left_out = behind.filter, behind.left_out
        column = panel.measures[0].partition(".")[2].partition(":")[0]
        unit = unit_of(column)
        low, high = (None if bound is None else format_figure(bound, unit) for bound in (pick.low, pick.high))
        words = f"from {low} on" if high is None else f"below {high}" if low is None else f"{low} – {high}"
        parts.append(f"{column_title(column)} {words}")
    elif panel.kind in OVER_TIME and (failing := _failing(panel, asked)) is not None:
        asked, title = failing
        parts.append(title)
    said = " · ".join(parts)
    if left_out:
        said += f" ({left_out}: all traces of these times)"
    return Selected(panel.panel_id, pick, asked, scene.filter, said)


def _failing(panel: Panel, asked: TraceFilter) -> tuple[TraceFilter, str] | None:
    """On a chart that counts failures alone, those that failed are meant, as where one of its bars is opened."""
    try:
        measures = [parse_formula(text) for text in panel.measures]
    except QueryError:
        return None
    narrowed = {of_measure(asked, measure).filter for measure in measures}
    return (narrowed.pop(), measures[0].title) if len(narrowed) == 1 and asked not in narrowed else None


def counted_words(selected: Selected, found: Differences | None) -> str:
    """What is selected, with how many of how many traces once that is known."""
    if found is None:
        return f"Selected: {selected.words}"
    of = f"{format_count(found.inside)} of {count_of(found.inside + found.outside, 'trace')}"
    return f"Selected: {selected.words} · {of}"


def _times(pick: Pick) -> str:
    ends = [local_words(edge) for edge in (pick.since_ns, pick.until_ns) if edge is not None]
    return " – ".join(ends)
