"""Every command of the window, as data: menus, palette, shortcut sheet and the README's table are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Menu(StrEnum):
    """The menus, in order."""

    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    TRACE = "&Trace"
    SPAN = "&Span"
    HELP = "&Help"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do. `keys` are portable key sequences; the first is shown. A key that types a character
    never fires while a text field has the focus (Qt's text widgets claim it first). `group` separates menu sections."""

    id: str
    title: str
    menu: Menu
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: int = 0
    checkable: bool = False
    help: str = ""


COMMANDS: tuple[Command, ...] = (
    Command("file.open", "Open…", Menu.FILE, ("Ctrl+O",), "folder-open", 0),
    Command("file.demo", "Open the demo database", Menu.FILE, (), "play", 0),
    Command("file.refresh", "Bring in what is new", Menu.FILE, ("F5", "Ctrl+R"), "repeat", 1,
            help="Reads what the opened source has gained since, and lists again"),
    Command("file.close", "Close window", Menu.FILE, ("Ctrl+W",), "", 2),
    Command("file.quit", "Quit", Menu.FILE, ("Ctrl+Q",), "", 2),
    Command("edit.undo", "Undo", Menu.EDIT, ("Ctrl+Z",), "undo-2", 0, help="Takes back thumbs and notes, in order"),
    Command("edit.redo", "Redo", Menu.EDIT, ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", 0),
    Command("edit.copy-trace-id", "Copy trace id", Menu.EDIT, ("Ctrl+Shift+C",), "copy", 1),
    Command("edit.reviewer", "Your name as reviewer…", Menu.EDIT, (), "user", 2),
    Command("filter.focus", "Go to the filter", Menu.VIEW, ("Ctrl+L", "Ctrl+F"), "search", 0),
    Command("filter.clear", "Clear the filter", Menu.VIEW, ("Ctrl+Shift+L",), "filter-x", 0),
    Command("filter.back", "Back", Menu.VIEW, ("Alt+Left",), "arrow-left", 0, help="To the filter before this one"),
    Command("filter.forward", "Forward", Menu.VIEW, ("Alt+Right",), "arrow-right", 0),
    Command("view.palette", "Command palette", Menu.VIEW, ("Ctrl+K",), "command", 1),
    Command("view.inspector", "Inspector", Menu.VIEW, ("Ctrl+I",), "sliders-horizontal", 2, checkable=True),
    Command("view.next-pane", "Next pane", Menu.VIEW, ("F6",), "", 2),
    Command("view.previous-pane", "Previous pane", Menu.VIEW, ("Shift+F6",), "", 2),
    Command("view.theme-system", "Theme: as the system", Menu.VIEW, (), "monitor", 3, checkable=True),
    Command("view.theme-dark", "Theme: dark", Menu.VIEW, (), "moon", 3, checkable=True),
    Command("view.theme-light", "Theme: light", Menu.VIEW, (), "sun", 3, checkable=True),
    Command("view.toggle-theme", "Switch between dark and light", Menu.VIEW, ("Ctrl+Shift+D",), "sun", 3),
    Command("trace.next", "Next trace", Menu.TRACE, ("J",), "chevron-down", 0),
    Command("trace.previous", "Previous trace", Menu.TRACE, ("K",), "chevron-up", 0),
    Command("trace.thumb-up", "Thumb up", Menu.TRACE, ("U", "Shift+U", "+"), "thumbs-up", 1,
            help="Saved at once; again takes it back"),
    Command("trace.thumb-down", "Thumb down", Menu.TRACE, ("D", "Shift+D", "-"), "thumbs-down", 1,
            help="Saved at once; again takes it back. In the waterfall D pans: use Shift+D or - there"),
    Command("trace.note", "Write a note", Menu.TRACE, ("N",), "sticky-note", 1),
    Command("trace.same-session", "Filter for this session", Menu.TRACE, (), "message-square", 2),
    Command("trace.find", "Find in trace", Menu.TRACE, ("/",), "scan-search", 3),
    Command("trace.find-next", "Next match", Menu.TRACE, ("F3", "Ctrl+G"), "", 3),
    Command("trace.find-previous", "Previous match", Menu.TRACE, ("Shift+F3", "Ctrl+Shift+G"), "", 3),
    Command("span.next-error", "Next error", Menu.SPAN, ("E",), "circle-alert", 0),
    Command("span.previous-error", "Previous error", Menu.SPAN, ("Shift+E",), "", 0),
    Command("span.fit", "Fit the span, again: the trace", Menu.SPAN, ("F",), "maximize", 1),
    Command("span.zoom-in", "Zoom in", Menu.SPAN, ("Ctrl+=", "Ctrl++"), "plus", 1, help="In the waterfall: W"),
    Command("span.zoom-out", "Zoom out", Menu.SPAN, ("Ctrl+-",), "minus", 1, help="In the waterfall: S"),
    Command("span.collapse-all", "Collapse all", Menu.SPAN, ("[",), "chevrons-down-up", 2),
    Command("span.expand-all", "Expand all", Menu.SPAN, ("]",), "chevrons-up-down", 2),
    Command("span.compress-gaps", "Compress idle gaps", Menu.SPAN, ("G",), "hourglass", 3, checkable=True),
    Command("span.column-self", "Column: self time", Menu.SPAN, (), "", 4, checkable=True),
    Command("span.column-share", "Column: share of the trace", Menu.SPAN, (), "", 4, checkable=True),
    Command("span.column-tokens", "Column: tokens", Menu.SPAN, (), "", 4, checkable=True),
    Command("span.column-cost", "Column: cost", Menu.SPAN, (), "", 4, checkable=True),
    Command("help.shortcuts", "Keyboard shortcuts", Menu.HELP, ("?", "F1"), "keyboard", 0),
    Command("help.query", "The filter language", Menu.HELP, (), "circle-help", 0),
    Command("help.about", "About Tailrace", Menu.HELP, (), "info", 1),
)  # fmt: skip

BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS}

# Keys that belong to one view and work while it has the focus; the sheet lists them beside the commands.
VIEW_KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Waterfall",
        (
            ("Up  Down  PgUp  PgDn  Home  End", "Move along the rows"),
            ("Left", "Collapse, or go to the parent"),
            ("Right", "Expand, or go to the first child"),
            ("W  S", "Zoom time in and out"),
            ("A  D", "Pan time"),
            ("Ctrl+wheel", "Zoom time at the pointer"),
            ("Shift+wheel, drag", "Pan time"),
            ("Drag on the overview", "Choose the time window"),
        ),
    ),
    (
        "Filter",
        (
            ("Down", "Completions, recent and saved filters"),
            ("Tab  Enter", "Take the completion"),
            ("Enter", "Apply now"),
            ("Escape", "Leave"),
        ),
    ),
    (
        "Time histogram",
        (
            ("Drag", "Filter by time"),
            ("Double click", "All times"),
        ),
    ),
    (
        "Inspector",
        (
            ("Ctrl+Tab", "Next tab"),
            ("Enter", "In a note: save it"),
            ("Shift+Enter", "In a note: a new line"),
        ),
    ),
)
