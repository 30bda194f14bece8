"""Every setting that a person chooses, described as data: the dialog is made from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tailrace.workspace.settings import BOUNDS, Settings

_BREAKS = re.compile(r"[\s.,:;!?“”\"()&/…]+")


class Section(StrEnum):
    """What belongs together, in order; the value is the title."""

    APPEARANCE = "Appearance"
    START = "Start"
    REVIEW = "Review"
    MONITOR = "Monitor & costs"
    SQL = "SQL"
    FILES = "Files & data"
    KEYBOARD = "Keyboard"


SECTION_HELP: dict[Section, str] = {
    Section.APPEARANCE: "How Tailrace looks, and by which clock it shows times.",
    Section.START: "What is there when Tailrace starts and when a file opens.",
    Section.REVIEW: "Under which name you judge, and what a verdict does.",
    Section.MONITOR: "How often charts read again, and what model calls may cost.",
    Section.SQL: "What a statement of your own may take. Whatever is cut says so.",
    Section.FILES: "What is remembered, and where it lies. All of it stays on this computer.",
    Section.KEYBOARD: "What every key does. Each command may have several keys.",
}


class Kind(StrEnum):
    """What a setting holds."""

    CHOICE = "choice"  # one of a few values
    TEXT = "text"
    NUMBER = "number"  # whole, within BOUNDS
    AMOUNT = "amount"  # above zero, or None
    FLAG = "flag"
    KEYS = "keys"  # command -> keys


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `name` is its field of Settings, `words` are others that people search it by. `choices` are
    (value, words). `presets` are numbers that are offered at a press. With `needs_restart` it is in force from the
    next start."""

    name: str
    title: str
    help: str
    section: Section
    kind: Kind
    words: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    presets: tuple[int, ...] = ()
    step: int = 1
    empty: str = ""  # what nothing means, for texts and amounts
    needs_restart: bool = False

    @property
    def default(self) -> Any:
        """What holds until a person chooses."""
        return getattr(Settings(), self.name)

    @property
    def bounds(self) -> tuple[int, int]:
        """Least and most of a number."""
        return BOUNDS[self.name]

    def value(self, settings: Settings) -> Any:
        """What holds."""
        return getattr(settings, self.name)

    def is_changed(self, settings: Settings) -> bool:
        """Whether a person has chosen something else than the default."""
        return bool(self.value(settings) != self.default)

    def say(self, value: Any) -> str:
        """A value in words: 30 s, Dark, none."""
        if self.kind is Kind.CHOICE:
            return dict(self.choices).get(str(value), str(value))
        if self.kind is Kind.FLAG:
            return "on" if value else "off"
        if value is None or value == "":
            return "none"
        if self.kind in (Kind.NUMBER, Kind.AMOUNT):
            number = f"{value:,g}" if isinstance(value, float) else f"{value:,}"
            return f"{number} {self.unit}".strip()
        return str(value)


SETTINGS: tuple[Setting, ...] = (
    Setting("theme", "Theme", "Dark, light, or whatever the system wears.", Section.APPEARANCE, Kind.CHOICE,
            "colour color mode night day appearance contrast",
            (("system", "As the system"), ("dark", "Dark"), ("light", "Light"))),
    Setting("scale_percent", "Size of text and controls", "Everything in the window grows or shrinks together.",
            Section.APPEARANCE, Kind.NUMBER, "zoom scale font bigger smaller larger magnify dpi percent accessibility",
            unit="%", presets=(80, 100, 125, 150, 200), step=5, needs_restart=True),
    Setting("clock", "Show times in", "In charts, the time histogram, the time range and reviews. Exact times in the"
            " inspector are always UTC and end in Z.", Section.APPEARANCE, Kind.CHOICE,
            "clock time zone timezone utc gmt hours dates days", (("local", "Local time"), ("utc", "UTC"))),
    Setting("reopen_last", "Open the last file again", "When Tailrace starts without one. Off: the welcome page is"
            " shown.", Section.START, Kind.FLAG, "startup restore session resume welcome begin"),
    Setting("first_page", "First page", "Where a file opens that has not been open before; others open where you left"
            " them.", Section.START, Kind.CHOICE, "startup default page begin rail view",
            (("traces", "Traces"), ("review", "Review"), ("monitor", "Monitor"), ("sql", "SQL"))),
    Setting("reviewer", "Your name", "Stands on your verdicts, notes and scores, and tells you from other reviewers.",
            Section.REVIEW, Kind.TEXT, "reviewer author user annotator rater who me", empty="your login name"),
    Setting("review_stay", "Stay after a verdict", "Off: a verdict moves on to the next item.", Section.REVIEW,
            Kind.FLAG, "advance next automatically pass fail move on"),
    Setting("live_seconds", "Live reads again every", "On the Monitor page, while it is live and in sight.",
            Section.MONITOR, Kind.NUMBER, "refresh interval poll update auto seconds period", unit="s", step=5),
    Setting("monthly_budget", "Monthly budget", "What model calls may cost in a month: a line in the charts of cost.",
            Section.MONITOR, Kind.AMOUNT, "money dollars usd spend limit price cost", unit="US dollars", empty="none"),
    Setting("sql_seconds", "Time of a statement", "One that takes longer is stopped.", Section.SQL, Kind.NUMBER,
            "timeout limit duckdb query seconds", unit="s", step=10),
    Setting("sql_rows", "Rows of a result", "Of a longer result the first ones are shown.", Section.SQL, Kind.NUMBER,
            "limit maximum cut lines duckdb query", unit="rows", step=1000),
    Setting("sql_gigabytes", "Memory of a statement", "One that needs more is stopped.", Section.SQL, Kind.NUMBER,
            "ram limit gb duckdb query", unit="GB"),
    Setting("keep_recent", "Remember recent files and filters", "They are offered on the welcome page, in the File"
            " menu and below the filter. Off: no more are added.", Section.FILES, Kind.FLAG,
            "history privacy mru forget recently"),
    Setting("keys", "Keyboard shortcuts", "Which keys carry out which command.", Section.KEYBOARD, Kind.KEYS,
            "keymap hotkeys bindings remap shortcut"),
)  # fmt: skip

# What is remembered without being chosen as a setting; with SETTINGS these are all fields of Settings.
REMEMBERED = frozenset(
    ("recent_files", "opened_ns", "last_opened", "recent_filters", "saved_filters", "blobs", "last_folder")
)  # fmt: skip


def matching(typed: str, settings: Sequence[Setting] = SETTINGS) -> list[Setting]:
    """The settings that have every typed word in title, help, section, choices or search words, in order."""
    return [setting for setting in settings if has_words(typed, _searched(setting))]


def has_words(typed: str, text: str) -> bool:
    """Whether every typed word begins a word of a text; case does not matter."""
    words = [word for word in _BREAKS.split(text.casefold()) if word]
    return all(any(word.startswith(one) for word in words) for one in _BREAKS.split(typed.casefold()) if one)


def _searched(setting: Setting) -> str:
    choices = " ".join(words for _, words in setting.choices)
    return f"{setting.title} {setting.help} {setting.section} {choices} {setting.unit} {setting.words}"
