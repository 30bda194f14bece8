"""Which colour stands for which group: the same one on all charts of a page, and after a zoom still."""

from __future__ import annotations

import threading
from collections.abc import Sequence

_MOST = 2_000  # values of one field whose colours are kept


class GroupColours:
    """Hands out tones `series:N`, the first ones first. Any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[str, dict[str | None, int]] = {}

    def tones(self, by: str, values: Sequence[str | None]) -> list[str]:
        """The tones of these values of a field, which stand on one chart: no two are the same. Who had one keeps it,
        unless another one of this chart has it."""
        with self._lock:
            known = self._places.setdefault(by, {})
            if len(known) > _MOST:
                known.clear()
            taken: set[int] = set()
            found: dict[str | None, int] = {}
            for value in values:
                place = known.get(value)
                if place is not None and place not in taken:
                    found[value] = place
                    taken.add(place)
            free = (place for place in range(len(values)) if place not in taken)
            for value in values:
                if value not in found:
                    found[value] = next(free)
                    known.setdefault(value, found[value])
            return [f"series:{found[value]}" for value in values]
