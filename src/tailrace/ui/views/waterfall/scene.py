"""What the waterfall shows of one trace and every step that changes it. No Qt: widgets draw it and call its steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tailrace.model import SpanStatus
from tailrace.model.tree import STATUSES, SpanTree
from tailrace.ui.views.waterfall import rows as rowing
from tailrace.ui.views.waterfall.axis import Axis, Window, fit, pan, squeeze, zoom
from tailrace.ui.views.waterfall.critical import Analysis

Mask = NDArray[np.bool_]


class Scene:
    """One trace on screen.

    `rows` are the tree rows from top to bottom (with rows.HEADING over spans whose parent is missing), `selected` a
    tree row or -1, `window` the visible time, `begin` and `end` the bars in shown time. `keep` is None without find in
    trace, else `found` and its ancestors. `thumbs` are those that spans were given, by tree row: True is up.
    """

    def __init__(self, tree: SpanTree) -> None:
        self.tree = tree
        self.analysis: Analysis | None = None
        self.selected = -1
        self.floor = 1
        self.wants_compression = False
        self.window = Window(0, 1)
        self.has_children: Mask = rowing.parents_mask(tree)
        self.orphaned: Mask = rowing.orphaned_mask(tree)
        self.orphans = int(np.count_nonzero(self.orphaned & (tree.parent < 0)))
        self.errors: Mask = tree.status == STATUSES.index(SpanStatus.ERROR)
        self.errors_below = rowing.count_below(tree, self.errors)
        self.collapsed: Mask = np.zeros(len(tree), bool)
        self.found: Mask | None = None
        self.keep: Mask | None = None
        self.hides = False
        self.thumbs: dict[int, bool] = {}
        self._collapsed_before: Mask | None = None
        self._lay_axis(Axis(tree.extent))
        self._list_rows()

    # time

    @property
    def compressed(self) -> bool:
        """Whether idle gaps are squeezed."""
        return bool(self.axis.gaps)

    def compress_gaps(self, on: bool) -> None:
        """Squeeze long idle gaps, or show time as it was. Needs the analysis; keeps the times in view."""
        self.wants_compression = on
        wanted = squeeze(self.tree.extent, self.analysis.gaps) if on and self.analysis is not None else None
        low, high = self.axis.to_real(self.window.low), self.axis.to_real(self.window.high)
        whole = self.shows_all
        self._lay_axis(wanted or Axis(self.tree.extent))
        if not whole:
            low, high = self.axis.to_shown(low), self.axis.to_shown(high)
            self.window = Window(low, max(high, low + 1))

    @property
    def shows_all(self) -> bool:
        """Whether the window is the whole trace."""
        return self.window == Window(0, self.limit)

    def zoom(self, steps: int, part: int = 1, whole: int = 2) -> None:
        """Zoom in (out when negative) at part/whole of the window."""
        self.window = zoom(self.window, self.limit, self.floor, steps, part, whole)

    def pan(self, part: int, whole: int) -> None:
        """Move the window by part/whole of its length."""
        self.window = pan(self.window, self.limit, part, whole)

    def show_window(self, low: int, high: int) -> None:
        """Show a given shown time, within the trace and not finer than the floor."""
        low, high = max(0, min(low, high)), min(self.limit, max(low, high))
        if high - low < min(self.floor, self.limit):
            self.window = fit(low, low, self.limit, self.floor)
        else:
            self.window = Window(low, high)

    def fit_all(self) -> None:
        """The whole trace."""
        self.window = Window(0, self.limit)

    def fit_selected(self) -> None:
        """Fit the selected span; when it is fitted already (or nothing is selected), the whole trace."""
        row = self.selected
        wanted = fit(int(self.begin[row]), int(self.end[row]), self.limit, self.floor) if row >= 0 else None
        if wanted is None or wanted == self.window:
            self.fit_all()
        else:
            self.window = wanted

    def fit_row(self, row: int) -> None:
        """Fit one span."""
        self.window = fit(int(self.begin[row]), int(self.end[row]), self.limit, self.floor)

    # rows

    def position(self, row: int) -> int:
        """The place of a tree row from the top, -1 when it is not visible."""
        places = np.flatnonzero(self.rows == row)
        return int(places[0]) if row >= 0 and len(places) else -1

    def select(self, row: int) -> None:
        """Select a span, -1 for none."""
        self.selected = row

    def toggle(self, row: int) -> None:
        """Collapse or expand a span that has children. A selection that would be hidden moves to the span."""
        if self.has_children[row]:
            self.set_collapsed(row, not self.collapsed[row])

    def set_collapsed(self, row: int, on: bool) -> None:
        """Collapse or expand one span."""
        self.collapsed[row] = on
        if on and row < self.selected < int(self.tree.subtree_end[row]):
            self.selected = row
        self._list_rows()

    def collapse_all(self) -> None:
        """Collapse every span; the selection moves to its visible ancestor."""
        if self.selected >= 0:
            self.selected = [self.selected, *rowing.chain_above(self.tree, self.selected)][-1]
        self.collapse_only(self.has_children)

    def expand_all(self) -> None:
        """Expand every span."""
        self.collapse_only(np.zeros(len(self.tree), bool))

    def collapse_only(self, mask: Mask) -> None:
        """Collapse exactly these spans."""
        self.collapsed = mask & self.has_children
        self._list_rows()

    def reveal(self, row: int) -> None:
        """Expand what hides a row."""
        above = rowing.chain_above(self.tree, row)
        if self.collapsed[above].any():
            self.collapsed[above] = False
            self._list_rows()

    def move(self, by: int) -> int:
        """The row that lies `by` rows below the selected one, stopping at both ends; -1 when there are no rows."""
        places = np.flatnonzero(self.rows >= 0)
        if not len(places):
            return -1
        here = self.position(self.selected)
        if here < 0:
            at = 0 if by >= 0 else len(places) - 1
        else:
            at = int(np.searchsorted(places, here)) + by
        return int(self.rows[places[max(0, min(at, len(places) - 1))]])

    def first_child(self, row: int) -> int:
        """The first visible child of an expanded span, -1 when there is none."""
        here = self.position(row)
        below = self.rows[here + 1 : here + 2].tolist() if here >= 0 else []
        return below[0] if below and below[0] >= 0 and int(self.tree.parent[below[0]]) == row else -1

    def hidden_below(self, row: int) -> int:
        """How many descendants a collapsed span hides."""
        return int(self.tree.subtree_end[row]) - row - 1 if self.collapsed[row] else 0

    # find

    def find(self, span_ids: frozenset[str] | None, hide: bool) -> None:
        """Keep the given spans and their ancestors; the rest is dimmed, or hidden. None ends it. Hiding starts with
        everything expanded and gives the former state back at its end."""
        if span_ids is None:
            self.found = self.keep = None
        else:
            self.found = np.fromiter((i in span_ids for i in self.tree.span_ids), bool, len(self.tree))
            self.keep = rowing.with_ancestors(self.tree, self.found)
        hides = hide and span_ids is not None
        if hides and not self.hides:
            self._collapsed_before, self.collapsed = self.collapsed, np.zeros(len(self.tree), bool)
        elif self.hides and not hides and self._collapsed_before is not None:
            self.collapsed, self._collapsed_before = self._collapsed_before, None
        self.hides = hides
        self._list_rows()

    def next_found(self, step: int) -> int:
        """The next (1) or previous (-1) match from the selected row, going round; -1 when there is none."""
        return -1 if self.found is None else rowing.next_in(np.flatnonzero(self.found), self.selected, step)

    def next_error(self, step: int) -> int:
        """The next (1) or previous (-1) error from the selected row, going round; -1 when there is none."""
        candidates = self.errors & self.keep if self.hides and self.keep is not None else self.errors
        return rowing.next_in(np.flatnonzero(candidates), self.selected, step)

    def _list_rows(self) -> None:
        keep = self.keep if self.hides else None
        self.rows = rowing.visible_rows(self.tree, self.collapsed, keep, self.orphaned)

    def _lay_axis(self, axis: Axis) -> None:
        tree = self.tree
        self.axis = axis
        self.limit = axis.shown
        real_end = np.where(tree.duration < 0, tree.extent, tree.start + tree.duration)
        self.begin = axis.map(tree.start)
        self.end = axis.map(real_end)
        self.window = Window(0, self.limit)
