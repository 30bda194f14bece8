"""What the commands of the Review page do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailrace.ui.pages.review import ReviewPage

_MODE_KEYS = 9
_HINTS = (
    (("review.pass",), "pass"),
    (("review.fail",), "fail"),
    (("review.defer",), "defer"),
    (("review.note",), "note"),
    (("review.mode-1", "review.mode-9"), "mode"),
    (("review.highlight",), "highlight"),
    (("review.correct",), "correction"),
    (("review.waterfall",), "waterfall"),
    (("review.dataset",), "dataset"),
    (("review.next",), "next"),
    (("review.previous",), "back"),
    (("edit.undo",), "undo"),
)


def review_hints(keys: Mapping[str, str]) -> list[tuple[str, str]]:
    """The key caps below an item and what they do; `keys` by command, "" for none."""
    hints = [("–".join(filter(None, (keys[one] for one in ids))), what) for ids, what in _HINTS]
    return [(key, what) for key, what in hints if key]


def review_handlers(page: Callable[[], ReviewPage], enter: Callable[[], None]) -> dict[str, Callable[[], object]]:
    """The handlers by command. The page is made when first asked for; `enter` goes to it."""

    def show_view(view: str) -> None:
        enter()
        page().show_view(view)

    def judging(act: Callable[[ReviewPage], object]) -> Callable[[], None]:
        def run() -> None:
            if page().judges:
                act(page())

        return run

    def give(verdict: str) -> None:
        from tailrace.model.review import Verdict  # takes longer to import than a start can spare

        page().give(Verdict[verdict])

    def press_mode(number: int, page: ReviewPage) -> None:
        page.deeds.press_mode(number)

    return {
        "review.pass": partial(give, "PASS"),
        "review.fail": partial(give, "FAIL"),
        "review.defer": partial(give, "DEFER"),
        "review.clear": lambda: page().take_back(),
        "review.note": lambda: page().panel.focus_note(),
        "review.highlight": judging(lambda page: page.deeds.highlight()),
        "review.correct": lambda: page().panel.focus_correction(),
        "review.scores": lambda: page().panel.focus_scores(),
        "review.dataset": judging(lambda page: page.datasets.toggle()),
        **{f"review.mode-{number}": judging(partial(press_mode, number)) for number in range(1, _MODE_KEYS + 1)},
        "review.new-mode": lambda: page().panel.focus_new_mode(),
        "review.next": lambda: page().step(1),
        "review.previous": lambda: page().step(-1),
        "review.next-open": lambda: page().next_open(),
        "review.requeue": judging(lambda page: page.reviewing.requeue()),
        "review.waterfall": judging(lambda page: page.middle.toggle_waterfall()),
        "review.find": judging(lambda page: page.middle.find_words()),
        "review.to-traces": lambda: page().show_on_traces(),
        "review.stay": lambda: page().toggle_stay(),
        **{f"review.{view}": partial(show_view, view) for view in ("items", "modes", "agreement")},
        "review.new-queue": lambda: page().exchange.new_queue(),
        "review.definitions": lambda: page().exchange.edit_definitions(),
        "review.datasets": lambda: page().exchange.choose_dataset(),
        "review.export-labels": lambda: page().exchange.export("labels"),
        "review.export-dataset": lambda: page().exchange.export("dataset"),
        "review.export-review": lambda: page().exchange.export("review"),
        "review.merge": lambda: page().exchange.merge(),
        "review.report": lambda: page().exchange.export("report"),
    }
