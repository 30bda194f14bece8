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
    REVIEW = "&Review"
    MONITOR = "&Monitor"
    SQL = "S&QL"
    HELP = "&Help"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do. `keys` are portable key sequences; the first is shown. A key that types a character
    never fires while a text field has the focus (Qt's text widgets claim it first). `group` separates menu sections.
    `help` may name keys as {command}; `key_words` puts in those of the person.
    `page` names the one page that it belongs to, so that two pages may use a key for different things; empty: all."""

    id: str
    title: str
    menu: Menu
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: int = 0
    checkable: bool = False
    help: str = ""
    page: str = ""

    @property
    def repeats(self) -> bool:
        """Whether a key that is held down does it again and again: moving does, judging does not."""
        return self.id in _REPEATING

    def meets(self, other: Command) -> bool:
        """Whether both can be done on some page, so that they must not share a key."""
        return not self.page or not other.page or self.page == other.page


TRACES, REVIEW, MONITOR, SQL = "traces", "review", "monitor", "sql"  # the pages

_REPEATING = frozenset(
    (
        *("trace.next", "trace.previous", "trace.find-next", "trace.find-previous", "span.next-error"),
        *("span.previous-error", "span.zoom-in", "span.zoom-out", "review.next", "review.previous"),
        *("edit.undo", "edit.redo", "filter.back", "filter.forward"),
    )
)


COMMANDS: tuple[Command, ...] = (
    Command("file.open", "Open…", Menu.FILE, ("Ctrl+O",), "folder-open", 0),
    Command("file.demo", "Open the demo database", Menu.FILE, (), "play", 0),
    Command("file.reopen", "Open again what was open", Menu.FILE, (), "", 0,
            help="After Tailrace did not end properly"),
    Command("file.refresh", "Bring in what is new", Menu.FILE, ("F5", "Ctrl+R"), "repeat", 1,
            help="Reads what the opened source has gained since, and lists again"),
    Command("file.settings", "Settings…", Menu.FILE, ("Ctrl+,",), "settings", 2,
            help="How Tailrace looks and works, searchable; every change holds at once"),
    Command("file.close", "Close window", Menu.FILE, ("Ctrl+W",), "", 3),
    Command("file.quit", "Quit", Menu.FILE, ("Ctrl+Q",), "", 3),
    Command("edit.undo", "Undo", Menu.EDIT, ("Ctrl+Z",), "undo-2", 0, help="Takes back thumbs and notes, in order"),
    Command("edit.redo", "Redo", Menu.EDIT, ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", 0),
    Command("edit.copy-trace-id", "Copy trace id", Menu.EDIT, ("Ctrl+Shift+C",), "copy", 1),
    Command("edit.reviewer", "Your name as reviewer…", Menu.EDIT, (), "user", 2),
    Command("edit.prices", "Prices…", Menu.EDIT, (), "tags", 3,
            help="What models cost: your own prices, public tables, models without a price, the monthly budget"),
    Command("edit.reprice", "Price the costs again", Menu.EDIT, (), "", 3,
            help="By the prices in force; what the file itself says of a cost stays"),
    Command("filter.focus", "Go to the filter", Menu.VIEW, ("Ctrl+L", "Ctrl+F"), "search", 0),
    Command("filter.clear", "Clear the filter", Menu.VIEW, ("Ctrl+Shift+L",), "filter-x", 0),
    Command("filter.back", "Back", Menu.VIEW, ("Alt+Left",), "arrow-left", 0, help="To the filter before this one"),
    Command("filter.forward", "Forward", Menu.VIEW, ("Alt+Right",), "arrow-right", 0),
    Command("view.traces", "Traces", Menu.VIEW, ("Ctrl+1",), "list", 1, help="Find and read traces"),
    Command("view.review", "Review", Menu.VIEW, ("Ctrl+2",), "clipboard-check", 1, help="Judge a queue of traces"),
    Command("view.monitor", "Monitor", Menu.VIEW, ("Ctrl+3",), "chart-line", 1,
            help="What all the traces of the filter together say"),
    Command("view.sql", "SQL", Menu.VIEW, ("Ctrl+6",), "square-terminal", 1,
            help="Ask spans, traces and scores in your own words"),
    Command("view.palette", "Command palette", Menu.VIEW, ("Ctrl+K",), "command", 1),
    Command("view.inspector", "Inspector", Menu.VIEW, ("Ctrl+I",), "sliders-horizontal", 2, checkable=True,
            page=TRACES),
    Command("view.next-pane", "Next pane", Menu.VIEW, ("F6",), "", 2),
    Command("view.previous-pane", "Previous pane", Menu.VIEW, ("Shift+F6",), "", 2),
    Command("view.theme-system", "Theme: as the system", Menu.VIEW, (), "monitor", 3, checkable=True),
    Command("view.theme-dark", "Theme: dark", Menu.VIEW, (), "moon", 3, checkable=True),
    Command("view.theme-light", "Theme: light", Menu.VIEW, (), "sun", 3, checkable=True),
    Command("view.toggle-theme", "Switch between dark and light", Menu.VIEW, ("Ctrl+Shift+D",), "sun", 3),
    Command("trace.next", "Next trace", Menu.TRACE, ("J",), "chevron-down", 0, page=TRACES),
    Command("trace.previous", "Previous trace", Menu.TRACE, ("K",), "chevron-up", 0, page=TRACES),
    Command("trace.thumb-up", "Thumb up", Menu.TRACE, ("U", "Shift+U", "+"), "thumbs-up", 1,
            help="Saved at once; again takes it back", page=TRACES),
    Command("trace.thumb-down", "Thumb down", Menu.TRACE, ("D", "Shift+D", "-"), "thumbs-down", 1,
            help="Saved at once; again takes it back. In the waterfall D pans: use its other keys there", page=TRACES),
    Command("trace.note", "Write a note", Menu.TRACE, ("N",), "sticky-note", 1, page=TRACES),
    Command("trace.same-session", "Filter for this session", Menu.TRACE, (), "message-square", 2, page=TRACES),
    Command("trace.find", "Find in trace", Menu.TRACE, ("/",), "scan-search", 3, page=TRACES),
    Command("trace.find-next", "Next match", Menu.TRACE, ("F3", "Ctrl+G"), "", 3, page=TRACES),
    Command("trace.find-previous", "Previous match", Menu.TRACE, ("Shift+F3", "Ctrl+Shift+G"), "", 3, page=TRACES),
    Command("span.next-error", "Next error", Menu.SPAN, ("E",), "circle-alert", 0, page=TRACES),
    Command("span.previous-error", "Previous error", Menu.SPAN, ("Shift+E",), "", 0, page=TRACES),
    Command("span.fit", "Fit the span, again: the trace", Menu.SPAN, ("F",), "maximize", 1, page=TRACES),
    Command("span.zoom-in", "Zoom in", Menu.SPAN, ("Ctrl+=", "Ctrl++"), "plus", 1, page=TRACES,
            help="In the waterfall: W"),
    Command("span.zoom-out", "Zoom out", Menu.SPAN, ("Ctrl+-",), "minus", 1, help="In the waterfall: S", page=TRACES),
    Command("span.collapse-all", "Collapse all", Menu.SPAN, ("[",), "chevrons-down-up", 2, page=TRACES),
    Command("span.expand-all", "Expand all", Menu.SPAN, ("]",), "chevrons-up-down", 2, page=TRACES),
    Command("span.compress-gaps", "Compress idle gaps", Menu.SPAN, ("G",), "hourglass", 3, checkable=True, page=TRACES),
    Command("span.column-self", "Column: self time", Menu.SPAN, (), "", 4, checkable=True, page=TRACES),
    Command("span.column-share", "Column: share of the trace", Menu.SPAN, (), "", 4, checkable=True, page=TRACES),
    Command("span.column-tokens", "Column: tokens", Menu.SPAN, (), "", 4, checkable=True, page=TRACES),
    Command("span.column-cost", "Column: cost", Menu.SPAN, (), "", 4, checkable=True, page=TRACES),
    Command("review.pass", "Pass", Menu.REVIEW, ("P",), "thumbs-up", 0, page=REVIEW,
            help="Saved at once, and on to the next item"),
    Command("review.fail", "Fail", Menu.REVIEW, ("F",), "thumbs-down", 0, page=REVIEW,
            help="Saved at once, and on to the next item"),
    Command("review.defer", "Defer", Menu.REVIEW, ("D",), "clock", 0, page=REVIEW,
            help="Not now: it is offered again at the end of the queue"),
    Command("review.clear", "Take the verdict back", Menu.REVIEW, ("Delete",), "", 0, page=REVIEW),
    Command("review.note", "Note what went wrong", Menu.REVIEW, ("N",), "sticky-note", 1, page=REVIEW),
    Command("review.highlight", "Highlight the selected text as evidence", Menu.REVIEW, ("H",), "highlighter", 1,
            page=REVIEW),
    Command("review.correct", "What it should have said", Menu.REVIEW, ("C",), "pencil", 1, page=REVIEW),
    Command("review.scores", "Go to the scores", Menu.REVIEW, ("S",), "sliders-horizontal", 1, page=REVIEW),
    Command("review.dataset", "Add to the dataset", Menu.REVIEW, ("A",), "database", 1, page=REVIEW,
            help="Again takes it out"),
    Command("review.mode-1", "Failure mode 1", Menu.REVIEW, ("1",), "", 2, page=REVIEW),
    Command("review.mode-2", "Failure mode 2", Menu.REVIEW, ("2",), "", 2, page=REVIEW),
    Command("review.mode-3", "Failure mode 3", Menu.REVIEW, ("3",), "", 2, page=REVIEW),
    Command("review.mode-4", "Failure mode 4", Menu.REVIEW, ("4",), "", 2, page=REVIEW),
    Command("review.mode-5", "Failure mode 5", Menu.REVIEW, ("5",), "", 2, page=REVIEW),
    Command("review.mode-6", "Failure mode 6", Menu.REVIEW, ("6",), "", 2, page=REVIEW),
    Command("review.mode-7", "Failure mode 7", Menu.REVIEW, ("7",), "", 2, page=REVIEW),
    Command("review.mode-8", "Failure mode 8", Menu.REVIEW, ("8",), "", 2, page=REVIEW),
    Command("review.mode-9", "Failure mode 9", Menu.REVIEW, ("9",), "", 2, page=REVIEW),
    Command("review.new-mode", "New failure mode", Menu.REVIEW, ("M",), "plus", 2, page=REVIEW),
    Command("review.next", "Next item", Menu.REVIEW, ("Space", "J"), "arrow-right", 3, page=REVIEW),
    Command("review.previous", "Previous item", Menu.REVIEW, ("Backspace", "K"), "arrow-left", 3, page=REVIEW),
    Command("review.next-open", "Next open item", Menu.REVIEW, ("O",), "", 3, page=REVIEW),
    Command("review.requeue", "Put back into the queue", Menu.REVIEW, ("R",), "repeat", 3, page=REVIEW,
            help="It counts as open until there is a new verdict"),
    Command("review.waterfall", "Conversation or waterfall", Menu.REVIEW, ("W",), "workflow", 3, page=REVIEW),
    Command("review.find", "Find in the conversation", Menu.REVIEW, ("/",), "scan-search", 3, page=REVIEW),
    Command("review.to-traces", "Show on the Traces page", Menu.REVIEW, ("T",), "list", 3, page=REVIEW),
    Command("review.stay", "Stay after a verdict", Menu.REVIEW, (), "", 3, checkable=True, page=REVIEW),
    Command("review.leader", "Review key from a text field", Menu.REVIEW, ("Ctrl+.",), "keyboard", 3, page=REVIEW,
            help="The next key does what it does outside a text field: {review.leader}, then {review.fail} fails the"
                 " item while a note is open"),
    Command("review.items", "Review: the items", Menu.REVIEW, ("F7",), "clipboard-check", 4),
    Command("review.modes", "Review: failure modes", Menu.REVIEW, ("F8",), "shapes", 4),
    Command("review.agreement", "Review: agreement", Menu.REVIEW, ("F9",), "user", 4),
    Command("review.new-queue", "New queue…", Menu.REVIEW, ("Ctrl+N",), "plus", 5,
            help="From the current filter, a sample, the unreviewed, the low-scored, or disagreements"),
    Command("review.definitions", "Score fields…", Menu.REVIEW, (), "sliders-horizontal", 5),
    Command("review.datasets", "Datasets…", Menu.REVIEW, (), "database", 5),
    Command("review.export-labels", "Export labels…", Menu.REVIEW, ("Ctrl+E",), "", 6),
    Command("review.export-dataset", "Export the dataset…", Menu.REVIEW, (), "", 6),
    Command("review.export-review", "Export my review…", Menu.REVIEW, (), "", 6,
            help="A small file for a colleague to merge"),
    Command("review.merge", "Merge others' reviews…", Menu.REVIEW, (), "", 6,
            help="Review files and copies of this database; nothing is lost, twice is once"),
    Command("review.report", "Review report…", Menu.REVIEW, (), "", 6, help="One HTML file"),
    Command("monitor.dashboards", "Choose a dashboard…", Menu.MONITOR, ("B",), "layout-dashboard", 0, page=MONITOR),
    Command("monitor.group-by", "Group by…", Menu.MONITOR, ("G",), "layers", 0, page=MONITOR,
            help="The charts that follow the page are split by a field or an attribute"),
    Command("monitor.compare", "Compare…", Menu.MONITOR, ("C",), "git-compare", 0, page=MONITOR,
            help="Up to three values of that field, side by side"),
    Command("monitor.live", "Live", Menu.MONITOR, ("L",), "radio", 0, checkable=True, page=MONITOR,
            help="Read again by itself while the page is in sight; Settings say how often"),
    Command("monitor.differs", "What differs in the filter", Menu.MONITOR, ("D",), "scan-search", 0, page=MONITOR,
            help="The traces that the filter matches against all others of the same times"),
    Command("monitor.clear-selection", "Clear the selection", Menu.MONITOR, ("Shift+Escape",), "", 0, page=MONITOR),
    Command("monitor.add-chart", "Add a chart…", Menu.MONITOR, ("A",), "plus", 1, page=MONITOR),
    Command("monitor.edit-chart", "Edit the chart…", Menu.MONITOR, ("E",), "pencil", 1, page=MONITOR,
            help="The chart that has the focus"),
    Command("monitor.duplicate-chart", "Duplicate the chart", Menu.MONITOR, ("Shift+D",), "", 1, page=MONITOR),
    Command("monitor.remove-chart", "Remove the chart", Menu.MONITOR, ("Delete",), "", 1, page=MONITOR),
    Command("monitor.show-traces", "Show the traces of the chart", Menu.MONITOR, ("T",), "list", 2, page=MONITOR),
    Command("monitor.copy-data", "Copy the data of the chart", Menu.MONITOR, ("Ctrl+C",), "copy", 2,
            page=MONITOR),
    Command("monitor.save-csv", "Save the data as CSV…", Menu.MONITOR, (), "file-text", 2, page=MONITOR),
    Command("monitor.save-png", "Save the picture as PNG…", Menu.MONITOR, (), "image", 2, page=MONITOR),
    Command("monitor.save-svg", "Save the drawing as SVG…", Menu.MONITOR, (), "", 2, page=MONITOR),
    Command("monitor.open-sql", "Open the chart as SQL", Menu.MONITOR, ("S",), "terminal", 2, page=MONITOR),
    Command("monitor.new-dashboard", "New dashboard…", Menu.MONITOR, (), "plus", 3, page=MONITOR),
    Command("monitor.duplicate-dashboard", "Duplicate the dashboard", Menu.MONITOR, (), "copy", 3, page=MONITOR),
    Command("monitor.rename-dashboard", "Rename the dashboard…", Menu.MONITOR, (), "pencil", 3, page=MONITOR),
    Command("monitor.delete-dashboard", "Delete the dashboard", Menu.MONITOR, (), "x", 3, page=MONITOR),
    Command("monitor.import-dashboard", "Import dashboards…", Menu.MONITOR, (), "folder-open", 4, page=MONITOR),
    Command("monitor.export-dashboard", "Export the dashboard…", Menu.MONITOR, (), "download", 4, page=MONITOR),
    Command("monitor.budget", "Monthly budget…", Menu.MONITOR, (), "", 4, page=MONITOR,
            help="A line in charts of costs"),
    Command("sql.run", "Run the statement", Menu.SQL, ("Ctrl+Return", "Ctrl+Enter"), "play", 0, page=SQL),
    Command("sql.stop", "Stop the statement", Menu.SQL, (), "square", 0, page=SQL, help="In the editor: Escape"),
    Command("sql.editor", "Go to the statement", Menu.SQL, ("Ctrl+D",), "", 1, page=SQL),
    Command("sql.complete", "Complete", Menu.SQL, ("Ctrl+Space",), "", 1, page=SQL,
            help="Columns, views, attributes, functions and keywords that can stand here"),
    Command("sql.examples", "Examples…", Menu.SQL, (), "lightbulb", 2, page=SQL),
    Command("sql.history", "History…", Menu.SQL, ("Ctrl+H",), "history", 2, page=SQL,
            help="What was run in this database"),
    Command("sql.chart", "Table or chart", Menu.SQL, ("Ctrl+T",), "chart-line", 3, page=SQL),
    Command("sql.copy", "Copy the result", Menu.SQL, (), "copy", 4, page=SQL, help="All rows, with tabs between"),
    Command("sql.export", "Export the result…", Menu.SQL, ("Ctrl+Shift+E",), "download", 4, page=SQL,
            help="As CSV"),
    Command("help.shortcuts", "Keyboard shortcuts", Menu.HELP, ("?", "F1"), "keyboard", 0),
    Command("help.query", "The filter language", Menu.HELP, (), "circle-help", 0),
    Command("help.about", "About Tailrace", Menu.HELP, (), "info", 1),
)  # fmt: skip

BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS}
