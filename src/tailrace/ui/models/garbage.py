"""Collect garbage on the Qt thread only.

Python collects cycles on whichever thread happens to allocate. A widget in such a cycle would be destroyed on a thread
of the readers, which Qt does not survive.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1_000


class GarbageCollection(QObject):
    """Python's own thresholds, looked at once a second. Ends with its parent."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.collect()
        gc.freeze()  # what is there from the start stays: looking through it again would only take time
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_EVERY_MS)
        parent.destroyed.connect(_give_back)

    def collect(self) -> int:
        """Collect the oldest generation that is due; which one, -1 when none is."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
                gc.collect(generation)
                return generation
        return -1


def _give_back() -> None:
    gc.enable()
    gc.unfreeze()
