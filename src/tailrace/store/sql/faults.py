"""DuckDB's complaints about a statement as sentences, each with the place in the person's own text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from tailrace.errors import StatementError
from tailrace.model.sql import SQL_VIEWS
from tailrace.model.sql_text import Mark, Prepared, line_and_column, read_tokens
from tailrace.store.sql.process import Said

_MOST = 600
_HEAVY = ("input", "output", "attributes", "events", "links", "resource", "input_preview", "output_preview", "comment")
_UNKNOWN_COLUMN = re.compile(r'(?:Referenced column|does not have a column named) "((?:[^"]|"")*)"')
_UNKNOWN_TABLE = re.compile(r'Referenced table "((?:[^"]|"")*)" not found')
_OUR_MACHINERY = re.compile(r"\b(?:kept|memory)\.(?:main\.)?")


def explain_refusal(said: Said, asked: Prepared, own: str) -> StatementError:
    """Why a statement was not run."""
    position = None if said.position is None else _place(said.position, asked)
    name = re.search(r"There is no “(.*)” to select from", said.refused, re.DOTALL)
    views = [view.name for view in SQL_VIEWS]
    hint = f"{_nearest(name[1], views)} There are {_listed(views, 'and')}.".strip() if name else ""
    return _error(said.refused, position, hint, own)


def explain_failure(said: Said, asked: Prepared, own: str) -> StatementError:
    """Why DuckDB could not run a statement."""
    told = _parts(said.failed)
    message = str(told.get("exception_message", said.failed)).strip()
    position: int | None = None
    if str(told.get("position", "")).isdigit():
        at = int(told["position"]) - said.prefix
        # behind the statement stands the end of what it was wrapped in
        position = _place(max(at, 0), asked) if at <= len(asked.text.encode()) else len(own.rstrip())
    first, _, rest = message.partition("\n")
    lines = [line.strip() for line in rest.splitlines() if line.strip() and "SET " not in line]
    hint = lines[0] if lines else ""
    if hint.startswith("Candidate functions"):
        hint = f"It takes: {_listed(lines[1:4], 'or')}." if lines[1:] else ""
    if column := _UNKNOWN_COLUMN.search(message):
        first, hint = _unknown_column(column[1].replace('""', '"'), asked)
    elif table := _UNKNOWN_TABLE.search(message):
        first = f"There is no “{_short(table[1])}” in this FROM"
    elif told.get("error_subtype") == "MISSING_ENTRY" and "name" in told:
        what = str(told.get("type", "function")).lower()
        what = "function" if "function" in what else what
        first = f"There is no {what} “{_short(str(told['name']))}”"
        near = [word.strip() for word in str(told.get("candidates", "")).split(",") if word.strip()]
        hint = f"Did you mean {_listed(near)}?" if near else ""
    elif message.startswith("Max expression depth"):
        first, hint = "It nests deeper than 1,000 levels", ""
    elif told.get("error_subtype") == "SYNTAX_ERROR":
        first = re.sub(r'^syntax error at or near "(.*)"$', r"The SQL cannot be read from “\1” on", first, flags=re.S)
        hint = ""
    return _error(first, position, hint, own)


def _parts(failed: str) -> dict[str, Any]:
    """DuckDB writes its errors as `Kind Error: {JSON}`."""
    start = failed.find("{")
    try:
        told = json.loads(failed[start:]) if start >= 0 else {}
    except ValueError:
        told = {}
    return told if isinstance(told, dict) else {}


def _place(at: int, asked: Prepared) -> int:
    """The character of the person's own text that a byte of the statement that was run belongs to."""
    return asked.place(len(asked.text.encode()[:at].decode("utf-8", "ignore")))


def _unknown_column(name: str, asked: Prepared) -> tuple[str, str]:
    used = {asked.text[token.start : token.end].strip('"').lower() for token in read_tokens(asked.text)}
    views = [view for view in SQL_VIEWS if view.name in used] or list(SQL_VIEWS)
    columns = list(dict.fromkeys(column.name for view in views for column in view.columns))
    of = f" in {_listed([view.name for view in views], 'or')}" if len(views) < len(SQL_VIEWS) else ""
    first = f"There is no column “{_short(name)}”{of}"
    if name.lower() in _HEAVY:
        return first, "Texts are not among the columns: open a trace to read them, or filter for words in them."
    quoted = any(
        token.mark is Mark.NAME and asked.text[token.start + 1 : token.end - 1].replace('""', '"') == name
        for token in read_tokens(asked.text)
    )
    if quoted and not _nearest(name, columns):
        return first, "Text stands between 'single quotes'; \"double quotes\" are for names."
    return first, _nearest(name, columns)


def _nearest(name: str, known: Sequence[str]) -> str:
    wanted = name.lower()
    inside = [one for one in known if wanted and (one.startswith(wanted) or wanted.startswith(one))]
    near = list(dict.fromkeys((*inside[:3], *get_close_matches(wanted[:100], known, 3, 0.6))))
    return f"Did you mean {_listed(near[:4], 'or')}?" if near else ""


def _listed(names: Iterable[str], word: str = "or") -> str:
    shown = list(names)[:5]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {word} {shown[-1]}"


def _error(message: str, position: int | None, hint: str, own: str) -> StatementError:
    sentence = _short(_OUR_MACHINERY.sub("", message).strip(), _MOST)
    if not sentence.endswith((".", "!", "?")):
        sentence += "."
    return StatementError(sentence, hint=hint) if position is None else statement_error(sentence, position, hint, own)


def statement_error(sentence: str, position: int, hint: str, own: str) -> StatementError:
    """What is wrong at a character of the person's own text."""
    line, column = line_and_column(own, position)
    return StatementError(sentence, position, hint, f"Line {line}, column {column}")


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
