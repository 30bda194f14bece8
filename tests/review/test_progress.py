"""Progress, pace and time left."""

from __future__ import annotations

import pytest

from tailrace.model.review import Visit
from tailrace.review.progress import Progress, pace_words, progress_of, progress_words


def visits(*spent: int, trace_id: str = "t") -> list[Visit]:
    """Newest first, as the database gives them."""
    return [Visit(f"v{at}", "q", trace_id, "ada", 1_000 - at, ms) for at, ms in enumerate(spent)]


def test_the_picture_of_the_page_is_what_is_said() -> None:
    progress = progress_of((132, 41, 23, 4), visits(8_000, 9_000, 30_000))
    assert progress == Progress(200, 41, 23, 4, 132, 9_000, 1_188)
    assert progress_words(progress) == "68 of 200 · 41 pass · 23 fail · 4 deferred · ~9 s each · 20 min left"


def test_the_pace_is_that_of_the_last_twenty_visits() -> None:
    recent, former = visits(*[5_000] * 20), [Visit("x", "q", "t", "ada", at, 90_000) for at in range(40)]
    assert progress_of((1, 0, 0, 0), former + recent).pace_ms == 5_000


def test_leafing_through_open_items_does_not_quicken_the_pace() -> None:
    looked = visits(200, 300, trace_id="open") + visits(9_000, 11_000, trace_id="done")
    assert progress_of((1, 1, 0, 0), looked, {"done"}).pace_ms == 10_000
    assert progress_of((2, 0, 0, 0), looked, set()).pace_ms == 4_650, "all of them, where none is done"


def test_what_is_not_known_is_not_said() -> None:
    assert progress_words(progress_of((3, 0, 0, 0), [])) == "0 of 3"
    assert progress_of((3, 0, 0, 0), []).left_s is None
    assert progress_words(progress_of((0, 0, 0, 0), [])) == "nothing to review"
    assert progress_words(progress_of((0, 1, 0, 0), [])) == "1 of 1 · 1 pass · all done"


@pytest.mark.parametrize(
    ("pace_ms", "left_s", "words"),
    [
        (800, 40, "~0.8 s each · 1 min left"),
        (9_960, 5_370, "~10 s each · 1 h 30 min left"),
        (200_000, 36_000, "~3 min each · 10 h 00 min left"),
    ],
)
def test_times_are_rounded_as_people_say_them(pace_ms: int, left_s: int, words: str) -> None:
    assert progress_words(Progress(1_200, 0, 0, 0, 1_200, pace_ms, left_s)) == f"0 of 1,200 · {words}"


def test_nobody_is_told_milliseconds() -> None:
    assert pace_words(261) == "under a second"
    assert pace_words(1_240) == "about 1.2 s"
    assert pace_words(75_000) == "about 75 s"
