"""Which traces the figures of a page are about."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from tailrace.model.review import Queue, QueueList
from tailrace.ui.views.review.scope_bar import ScopeBar, scope_of, scope_words

QUEUE = QueueList(
    Queue("q", "Random 3"), ("a",), np.array([1], np.int64), np.array([0], np.int8), whole=frozenset("abc")
)


def test_a_queue_is_counted_whole_and_not_as_one_reviewers_share() -> None:
    assert scope_of(QUEUE) == ("Random 3", frozenset("abc"))
    assert scope_of(None) == (None, frozenset())


def test_the_words_say_of_what() -> None:
    assert scope_words(1, "Random\n3") == "of the 1 judged trace of “Random 3”"
    assert scope_words(1234, None) == "of the 1,234 judged traces of this database, of whichever queue"


def test_the_same_queue_again_changes_nothing(qtbot: QtBot) -> None:
    bar = ScopeBar()
    qtbot.addWidget(bar)
    assert (bar.name, bar.within) == (None, None)
    assert bar.set_queue(*scope_of(QUEUE))
    assert not bar.set_queue(*scope_of(QUEUE))
    assert (bar.name, bar.within) == ("Random 3", frozenset("abc"))
    bar.switch.button("all").click()
    assert (bar.name, bar.within) == (None, None)
    assert not bar.set_queue("Other", frozenset("x"))
