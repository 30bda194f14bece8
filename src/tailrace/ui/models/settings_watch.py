"""Changes of the settings, wherever they were made, as a signal of the Qt thread."""

from __future__ import annotations

import weakref

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from tailrace.workspace import Settings, SettingsStore


class SettingsWatch(QObject):
    """Signals: `changed(object, object)` the settings before and after; once a change, in the order of the changes."""

    changed = Signal(object, object)

    def __init__(self, store: SettingsStore, parent: QObject) -> None:
        super().__init__(parent)
        mine = weakref.ref(self)

        def told(former: Settings, current: Settings) -> None:
            watch = mine()
            if watch is not None and isValid(watch):
                watch.changed.emit(former, current)

        stop = store.listen(told)
        self.destroyed.connect(lambda: stop())
