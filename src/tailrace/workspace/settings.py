"""What the person has chosen, and what the window remembers of its last time."""

from __future__ import annotations

import getpass
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

from tailrace.workspace.folders import data_folder
from tailrace.workspace.whole_files import write_durably

_log = logging.getLogger(__name__)
_MOST_RECENT = 12
_MOST_FILTERS = 30
_MOST_BUDGET = 1e12


class ThemeChoice(StrEnum):
    """Which theme: that of the system, or always the same."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


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
    keys: Mapping[str, str] = field(default_factory=dict)  # command -> its key where the person changed it, "" for none
    last_folder: str = ""  # where a file was chosen last
    review_stay: bool = False  # a verdict stays on the item instead of moving on
    monthly_budget: float | None = None  # US dollars for model calls
    scale_percent: int = 100  # size of text and controls, 80 to 200; in force from the next start


class SettingsStore:
    """The settings in their JSON file. Written whole or not at all; keys that this version does not know are kept; a
    value that makes no sense becomes its default. Usable from any thread."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_folder() / "settings.json"
        self._lock = threading.Lock()
        self._raw = _read(self.path)
        self._current = settings_of(self._raw)

    @property
    def current(self) -> Settings:
        """The settings now."""
        return self._current

    def update(self, **changes: Any) -> Settings:
        """Change some settings and write the file. Raises DatabaseError when it cannot be written: the change then
        holds until the program ends."""
        with self._lock:
            self._current = replace(self._current, **changes)
            self._raw = self._raw | {item.name: getattr(self._current, item.name) for item in fields(Settings)}
            write_durably(self.path, orjson.dumps(self._raw, option=orjson.OPT_INDENT_2))
            return self._current

    def remember_file(self, path: Path) -> Settings:
        """Put a file at the head of the recent ones."""
        return self.update(recent_files=_ahead(str(path), self._current.recent_files, _MOST_RECENT))

    def remember_filter(self, text: str) -> Settings:
        """Put a filter at the head of the recent ones."""
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


def _theme(value: object) -> ThemeChoice | None:
    return next((theme for theme in ThemeChoice if theme == value), None)


def _name(value: object) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _amount(value: object) -> float | None:
    sound = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _MOST_BUDGET
    return float(value) if sound and isinstance(value, int | float) else None


def _percent(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 80 <= value <= 200 else None


def _texts(value: object) -> tuple[str, ...] | None:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else None


def _mapping(value: object) -> dict[str, str] | None:
    return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else None


def _moments(value: object) -> dict[str, int] | None:
    return {k: v for k, v in value.items() if type(v) is int} if isinstance(value, dict) else None


_READERS: dict[str, Callable[[object], Any]] = {
    "theme": _theme,
    "reviewer": _name,
    "recent_files": _texts,
    "opened_ns": _moments,
    "last_opened": _texts,
    "recent_filters": _texts,
    "saved_filters": _mapping,
    "blobs": _mapping,
    "keys": _mapping,
    "last_folder": _name,
    "review_stay": _flag,
    "monthly_budget": _amount,
    "scale_percent": _percent,
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
