"""Which traces the figures of a page are about: those of the open queue, or all that were judged."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from tailrace.model.review import QueueList
from tailrace.model.words import count_of
from tailrace.review.modes import RULES
from tailrace.ui.theme import tip, ui_font
from tailrace.ui.views.controls import OneLine, Switch

_QUEUE, _ALL = "queue", "all"


def scope_of(queue: QueueList | None) -> tuple[str | None, frozenset[str]]:
    """The name of a queue and the ids of all its traces, whoever's they are."""
    return (None, frozenset()) if queue is None else (queue.queue.name, queue.whole or frozenset(queue.trace_ids))


def scope_words(judged: int, name: str | None) -> str:
    """Of the 64 judged traces of “Random 120”; without a queue of all judged traces."""
    if name is not None:
        return f"of the {count_of(judged, 'judged trace')} of “{' '.join(name[:120].split())}”"
    return f"of the {count_of(judged, 'judged trace')} of this database, of whichever queue"


class ScopeBar(QFrame):
    """A switch and what it means. `name` and `within` are the queue that holds and its traces, None for all.

    Signal `chosen()`: a person has changed it.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue: str | None = None
        self._trace_ids: frozenset[str] = frozenset()
        self.setObjectName("header")
        self.switch = Switch({_QUEUE: "This queue", _ALL: "All judged"}, "Which traces are counted")
        self.switch.button(_QUEUE).setToolTip("Only traces of the open queue: a random one says something of the rest")
        self.switch.button(_ALL).setToolTip("Every judged trace of this database, of all queues and of none")
        self.switch.hide()
        self.words = OneLine(font=ui_font(12))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(12)
        row.addWidget(self.switch)
        row.addWidget(self.words, 1)
        self.switch.chosen.connect(self._choose)
        self.setFixedHeight(40)

    @property
    def name(self) -> str | None:
        """The name of the queue that is counted, None for all."""
        return self._queue if self.switch.value == _QUEUE else None

    @property
    def within(self) -> frozenset[str] | None:
        """The ids of the traces that are counted, None for all."""
        return None if self.name is None else self._trace_ids

    def set_queue(self, name: str | None, trace_ids: frozenset[str]) -> bool:
        """Another queue is open, or none; whether what is counted changed."""
        former = self.name, self.within
        self._queue, self._trace_ids = name, trace_ids
        self.switch.button(_QUEUE).setAccessibleName(f"This queue: {name}" if name is not None else "This queue")
        self.switch.setVisible(name is not None)
        return former != (self.name, self.within)

    def say(self, words: str) -> None:
        """What is counted, in words; how it is counted is told on request."""
        self.words.set_text(words)
        self.words.setToolTip(tip(f"{words}\n{RULES}"))
        self.words.setAccessibleDescription(RULES)

    def _choose(self, _: object) -> None:
        self.chosen.emit()
