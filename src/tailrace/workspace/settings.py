"""What the person has chosen, and what the window remembers of its last time."""

from __future__ import annotations

import getpass
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from tailrace.errors import DatabaseError
from tailrace.workspace.folders import data_folder
from tailrace.workspace.whole_files import write_durably

_log = logging.getLogger(__name__)
_MOST_RECENT = 12
_MOST_FILTERS = 30
_MOST_BUDGET = 1e12
_BY_THE_WAY = frozenset(
    ("recent_files", "opened_ns", "last_opened", "recent_filters", "blobs", "last_folder")
)  # nobody chose these
# what whole numbers may be; what the dialog offers and what is taken from the file
BOUNDS: dict[str, tuple[int, int]] = {
    "scale_percent": (80, 200),
    "live_seconds": (5, 3600),
    "sql_seconds": (1, 3600),
    "sql_rows": (100, 100_000),
    "sql_gigabytes": (1, 64),
}


class ThemeChoice(StrEnum):
    """Which theme: that of the system, or always the same."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Clock(StrEnum):
    """By which clock times are shown."""

    LOCAL = "local"
    UTC = "utc"


class FirstPage(StrEnum):
    """Where a database opens that has not been open before."""

    TRACES = "traces"
    REVIEW = "review"
    MONITOR = "monitor"
    SQL = "sql"


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "me"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is remembered between two starts. `blobs` holds base64 text that the window's toolkit owns
    (geometry, splitters, columns), by name."""

    theme: ThemeChoice = ThemeChoice.SYSTEM
    reviewer: str = field(default_factory=_login_name)
    recent_files: tuple[str, ...] = ()  # newest first
    opened_ns: Mapping[str, int] = field(default_factory=dict)  # recent file -> when it was opened last (Unix)
    last_opened: tuple[str, ...] = ()  # what the window shows when it is started without a file
    recent_filters: tuple[str, ...] = ()  # newest first
    saved_filters: Mapping[str, str] = field(default_factory=dict)  # name -> filter
    blobs: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # command -> its keys, where changed
    last_folder: str = ""  # where a file was chosen last
    review_stay: bool = False  # a verdict stays on the item instead of moving on
    monthly_budget: float | None = None  # US dollars for model calls
    scale_percent: int = 100  # size of text and controls, 80 to 200; in force from the next start
    clock: Clock = Clock.LOCAL  # by which times of day are shown and buckets of charts are cut
    reopen_last: bool = True  # a start without a file opens `last_opened`
    first_page: FirstPage = FirstPage.TRACES  # where a database opens that has not been open before
    keep_recent: bool = True  # files and filters are remembered in `recent_files` and `recent_filters`
    live_seconds: int = 30  # between two readings of a Monitor page that is live
    sql_seconds: int = 30  # a statement on the SQL page may take
    sql_rows: int = 10_000  # a result there may have
    sql_gigabytes: int = 2  # of memory (GiB) a statement there may use


Listener: TypeAlias = "Callable[[Settings, Settings], object]"


class SettingsStore:
    """The settings in their JSON file. Written whole or not at all; keys that this version does not know are kept; a
    value that makes no sense becomes its default. Usable from any thread."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_folder() / "settings.json"
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._raw = _read(self.path)
        self._current = settings_of(self._raw)
        self.first = self._current  # what held when the program started

    @property
    def current(self) -> Settings:
        """The settings now."""
        return self._current

    def update(self, **changes: Any) -> Settings:
        """Change some settings, write the file, then tell who listens. Raises DatabaseError when it cannot be written:
        the change then holds until the program ends, and who listens has been told. What is remembered by the way
        (recent files, places, geometry) is no reason to stop what a person does: that is logged."""
        failure: DatabaseError | None = None
        with self._lock:
            former = self._current
            self._current = current = replace(former, **changes)
            self._raw = self._raw | {item.name: getattr(current, item.name) for item in fields(Settings)}
            try:
                write_durably(self.path, orjson.dumps(self._raw, option=orjson.OPT_INDENT_2))
            except DatabaseError as error:
                failure = error
        if current != former:
            for told in tuple(self._listeners):
                told(former, current)
        if failure is not None:
            if not _BY_THE_WAY.issuperset(changes):
                raise failure
            _log.warning("not remembered: %s", failure)
        return current

    def listen(self, told: Listener) -> Callable[[], None]:
        """Have `told(former, current)` called after each change, on the thread that made it; the result ends that."""
        self._listeners.append(told)

        def stop() -> None:
            if told in self._listeners:
                self._listeners.remove(told)

        return stop

    def remember_file(self, path: Path) -> Settings:
        """Put a file at the head of the recent ones, where a person wants them kept."""
        if not self._current.keep_recent:
            return self._current
        return self.update(recent_files=_ahead(str(path), self._current.recent_files, _MOST_RECENT))

    def remember_filter(self, text: str) -> Settings:
        """Put a filter at the head of the recent ones, where a person wants them kept."""
        if not self._current.keep_recent:
            return self._current
        return self.update(recent_filters=_ahead(text, self._current.recent_filters, _MOST_FILTERS))

    def remember_blob(self, name: str, blob: str) -> Settings:
        """Keep a blob (base64 text) under a name."""
        return self.update(blobs={**self._current.blobs, name: blob})


def settings_of(raw: Mapping[str, Any]) -> Settings:
    """The settings in a JSON object, with the default for whatever is missing or makes no sense."""
    known: dict[str, Any] = {}
    for name, read in _READERS.items():
        if raw.get(name) is not None:
            value = read(raw[name])
            if value is None:
                _log.info("the setting %s has a value that makes no sense; its default is used", name)
            else:
                known[name] = value
    return Settings(**known)


def read_keys(value: object) -> dict[str, tuple[str, ...]] | None:
    """Command -> its keys. Older files hold one key a command: a text, empty for none."""
    if not isinstance(value, dict):
        return None
    read: dict[str, tuple[str, ...]] = {}
    for command, keys in value.items():
        if isinstance(keys, str):
            read[command] = (keys,) if keys else ()
        elif isinstance(keys, list):
            read[command] = tuple(dict.fromkeys(key for key in keys if isinstance(key, str) and key))
    return read


def _one_of(kind: type[StrEnum]) -> Callable[[object], StrEnum | None]:
    return lambda value: next((one for one in kind if one == value), None)


def _within(name: str) -> Callable[[object], int | None]:
    least, most = BOUNDS[name]
    return lambda value: value if type(value) is int and least <= value <= most else None


def _name(value: object) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _amount(value: object) -> float | None:
    sound = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _MOST_BUDGET
    return float(value) if sound and isinstance(value, int | float) else None


def _texts(value: object) -> tuple[str, ...] | None:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else None


def _mapping(value: object) -> dict[str, str] | None:
    return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else None


def _moments(value: object) -> dict[str, int] | None:
    return {k: v for k, v in value.items() if type(v) is int} if isinstance(value, dict) else None


_READERS: dict[str, Callable[[object], Any]] = {
    "theme": _one_of(ThemeChoice),
    "reviewer": _name,
    "recent_files": _texts,
    "opened_ns": _moments,
    "last_opened": _texts,
    "recent_filters": _texts,
    "saved_filters": _mapping,
    "blobs": _mapping,
    "keys": read_keys,
    "last_folder": _name,
    "review_stay": _flag,
    "monthly_budget": _amount,
    "clock": _one_of(Clock),
    "reopen_last": _flag,
    "first_page": _one_of(FirstPage),
    "keep_recent": _flag,
    **{name: _within(name) for name in BOUNDS},
}


def _ahead(text: str, texts: tuple[str, ...], most: int) -> tuple[str, ...]:
    return (text, *(other for other in texts if other != text))[:most]


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, orjson.JSONDecodeError) as error:
        _log.info("%s cannot be read, so the settings are the default ones: %s", path, error)
        return {}
    return raw if isinstance(raw, dict) else {}
