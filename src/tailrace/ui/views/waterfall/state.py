"""What a person has set up in one trace: expansion, visible time, selection, scroll. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tailrace.ui.views.waterfall.scene import Scene


@dataclass(frozen=True, slots=True)
class ViewState:
    """Times are nanoseconds after the trace's start; `scroll` is pixels. `high` is None for the whole trace."""

    collapsed: frozenset[str] = frozenset()
    low: int = 0
    high: int | None = None
    selected: str | None = None
    scroll: int = 0


def read_state(scene: Scene, scroll: int, most: int | None = None) -> ViewState:
    """The state of a scene; of its collapsed rows, the first `most`."""
    ids = scene.tree.span_ids
    return ViewState(
        collapsed=frozenset(ids[row] for row in np.flatnonzero(scene.collapsed & scene.has_children)[:most].tolist()),
        low=scene.axis.to_real(scene.window.low),
        high=None if scene.shows_all else scene.axis.to_real(scene.window.high),
        selected=None if scene.selected < 0 else ids[scene.selected],
        scroll=scroll,
    )


def apply_state(scene: Scene, state: ViewState) -> None:
    """Give a scene this state; span ids that are not there are left out."""
    shut = np.fromiter((span_id in state.collapsed for span_id in scene.tree.span_ids), bool, len(scene.tree))
    scene.collapse_only(shut)
    scene.selected = -1 if state.selected is None else scene.tree.row_of(state.selected)
    if scene.selected >= 0:
        scene.reveal(scene.selected)
    if state.high is None:
        scene.fit_all()
    else:
        scene.show_window(scene.axis.to_shown(state.low), scene.axis.to_shown(min(state.high, scene.tree.extent)))
