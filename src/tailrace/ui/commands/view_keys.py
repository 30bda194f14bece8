"""Keys that belong to one view and work while it has the focus. They are fixed: listed beside the commands."""

from __future__ import annotations

from dataclasses import dataclass

from tailrace.ui.commands.catalogue import MONITOR, REVIEW, SQL, TRACES

MODES, AGREEMENT = "modes", "agreement"  # no command belongs to one of them alone


@dataclass(frozen=True, slots=True)
class ViewKeys:
    """The keys of one view: (keys with two blanks between, what they do), also what a pointer does with a key held.
    `page` is where the view stands; empty: on more than one. `in_text`: in a text field, which has its keys first
    anyway."""

    title: str
    page: str
    lines: tuple[tuple[str, str], ...]
    in_text: bool = False


VIEW_KEYS: tuple[ViewKeys, ...] = (
    ViewKeys(
        "Waterfall",
        TRACES,
        (
            ("Up  Down  PgUp  PgDown  Home  End", "Move along the rows"),
            ("Left", "Collapse, or go to the parent"),
            ("Right", "Expand, or go to the first child"),
            ("W  S", "Zoom time in and out"),
            ("A  D", "Pan time"),
            ("Ctrl+wheel", "Zoom time at the pointer"),
            ("Shift+wheel, drag", "Pan time"),
            ("Drag on the overview", "Choose the time window"),
        ),
    ),
    ViewKeys(
        "Filter",
        "",
        (
            ("Down", "Completions, recent and saved filters"),
            ("Tab  Enter", "Take the completion"),
            ("Enter", "Apply now"),
            ("Escape", "Leave"),
        ),
        in_text=True,
    ),
    ViewKeys(
        "Time histogram",
        TRACES,
        (
            ("Drag", "Filter by time"),
            ("Double click", "All times"),
        ),
    ),
    ViewKeys(
        "Inspector",
        TRACES,
        (
            ("Ctrl+Tab", "Next tab"),
            ("Ctrl+Shift+Tab", "The tab before"),
            ("Alt+1  Alt+2  Alt+3  Alt+4  Alt+5  Alt+6", "Go to a tab"),
            ("Enter", "In a note: save it"),
            ("Shift+Enter", "In a note: a new line"),
        ),
    ),
    ViewKeys(
        "Review, the conversation",
        REVIEW,
        (
            ("Enter", "Into the answer: arrows move, Shift+arrows select"),
            ("Tab  Shift+Tab", "In a text: the next, the one before"),
            ("Escape", "Out of the text"),
        ),
    ),
    ViewKeys(
        "Review, the notes",
        MODES,
        (("M", "Make a failure mode of what is selected, or add it to one"),),
    ),
    ViewKeys(
        "Review, conflicts",
        AGREEMENT,
        (
            ("J  K  Up  Down", "Move along the conflicts"),
            ("1  2  3  4  5  6  7  8  9", "Settle with what a rater gave"),
            ("Delete", "Take back what settled it"),
            ("Enter", "Open the trace"),
        ),
    ),
    ViewKeys(
        "Monitor, on a chart",
        MONITOR,
        (
            ("Drag  Ctrl+wheel", "Zoom time on all charts"),
            ("Shift+wheel", "Pan time"),
            ("Double click  Escape", "Back to the times before"),
            ("Shift+drag", "Select traces: what differs in them?"),
            ("Click  Enter", "The traces behind it"),
            ("Left  Right", "Walk along the figures"),
            ("Ctrl+Left  Right  Up  Down", "Move the chart; its header does with the mouse"),
            ("Ctrl+Shift+Left  Right  Up  Down", "Resize it; its right and lower edges do"),
        ),
    ),
    ViewKeys(
        "SQL, in the statement",
        SQL,
        (
            ("Tab", "Take what is proposed, else indent"),
            ("Up  Down", "Choose among what is proposed; Enter then takes it"),
            ("Escape", "Close what is proposed, else stop what runs"),
        ),
        in_text=True,
    ),
    ViewKeys(
        "SQL, in the result",
        SQL,
        (
            ("Enter  Double click", "The trace of the row"),
            ("Ctrl+C", "Copy the chosen cells"),
        ),
    ),
    ViewKeys(
        "Review, in a text field",
        REVIEW,
        (
            ("Escape  Ctrl+Enter", "Done: saved, back to the item"),
            ("Tab", "The next field"),
        ),
        in_text=True,
    ),
)
