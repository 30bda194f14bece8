"""What can stand at a place of a statement: columns, views, attributes, functions and keywords, nearest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tailrace.model.sql import SQL_VIEWS, SqlColumn, SqlView
from tailrace.model.sql_text import ATTRIBUTE, Mark, SqlToken, read_tokens
from tailrace.model.sql_words import CLAUSES, FUNCTIONS, KEYWORDS

MOST = 60
_PLAIN = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*$")
_BEFORE_A_VIEW = frozenset(("from", "join", "describe", "summarize", "table", "pivot", "unpivot"))
_BY_NAME = {view.name: view for view in SQL_VIEWS}


@dataclass(frozen=True, slots=True)
class SqlProposal:
    """Put `insert` in place of what is written of it. `what` is column, view, attribute, function or keyword."""

    label: str
    insert: str
    detail: str
    what: str


@dataclass(frozen=True, slots=True)
class SqlProposals:
    """What can stand in place of the characters [start, end)."""

    start: int
    end: int
    proposals: tuple[SqlProposal, ...]


def propose(text: str, position: int, attributes: Sequence[str] = ()) -> SqlProposals:
    """What can stand where the cursor is. `attributes` are the names of those that spans have."""
    tokens = list(read_tokens(text[:position]))
    nothing = SqlProposals(position, position, ())
    last = tokens[-1] if tokens else None
    touched = last is not None and last.end == position
    if last is not None and touched and (last.open or last.mark in (Mark.TEXT, Mark.NUMBER, Mark.COMMENT)):
        # within a name in quotes attributes can still be found
        if last.mark is Mark.NAME and last.open:
            return _within_quotes(text, last, position, attributes)
        comment = last.mark is Mark.COMMENT and (last.open or text[last.start : last.start + 2] == "--")
        if last.mark is not Mark.COMMENT or comment:
            return nothing
    chain, start = _chain(text, tokens, position)
    typed = text[start:position]
    before = (
        text[tokens[-1 - len(chain)].start : tokens[-1 - len(chain)].end].lower() if len(tokens) > len(chain) else ""
    )
    found: list[SqlProposal]
    if typed.lower().startswith(ATTRIBUTE) or (chain and ATTRIBUTE[:-1] in typed.lower().split(".")[:-1]):
        place = typed.lower().find(ATTRIBUTE)
        found = list(_attributes(typed[place + len(ATTRIBUTE) :], attributes))
        return SqlProposals(start + place, position, tuple(found[:MOST]))
    if "." in typed:
        owner, _, rest = typed.rpartition(".")
        view = _aliases(text).get(owner.lower())
        found = [] if view is None else _columns((view,), rest)
        return SqlProposals(position - len(rest), position, tuple(found[:MOST]))
    if before in _BEFORE_A_VIEW:
        return SqlProposals(start, position, tuple(_views(text, typed)))
    views = tuple(dict.fromkeys(_aliases(text).values())) or SQL_VIEWS
    found = [*_columns(views, typed), *_views(text, typed), *_words(typed)]
    return SqlProposals(start, position, tuple(_ranked(found, typed)[:MOST]))


def spelled(key: str) -> str:
    """An attribute as it is written in a statement."""
    name = f"{ATTRIBUTE}{key}"
    if _PLAIN.match(name):
        return name
    return '"' + name.replace('"', '""') + '"'


def _chain(text: str, tokens: Sequence[SqlToken], position: int) -> tuple[list[SqlToken], int]:
    """The words and dots without a gap that end at a place, and where they begin."""
    chain: list[SqlToken] = []
    start = position
    for token in reversed(tokens):
        is_part = token.mark in (Mark.WORD, Mark.NAME) or text[token.start : token.end] == "."
        if token.end != start or not is_part:
            break
        chain.append(token)
        start = token.start
    return chain, start


def _within_quotes(text: str, name: SqlToken, position: int, attributes: Sequence[str]) -> SqlProposals:
    typed = text[name.start + 1 : position]
    wanted = typed[len(ATTRIBUTE) :] if typed.lower().startswith(ATTRIBUTE) else typed
    found = [
        SqlProposal(
            one.label, '"' + (ATTRIBUTE + one.label[len(ATTRIBUTE) :]).replace('"', '""') + '"', one.detail, one.what
        )
        for one in _attributes(wanted, attributes)
    ]
    return SqlProposals(name.start, position, tuple(found[:MOST]))


def _aliases(text: str) -> dict[str, SqlView]:
    """The views that a statement reads, by the names it gives them."""
    found: dict[str, SqlView] = {}
    words = [
        text[token.start : token.end].strip('"').lower()
        for token in read_tokens(text)
        if token.mark in (Mark.WORD, Mark.NAME, Mark.SIGN)
    ]
    for place, word in enumerate(words):
        view = _BY_NAME.get(word)
        if view is None or (place and words[place - 1] == "."):
            continue
        found[word] = view
        alias = words[place + 1 : place + 3]
        if alias[:1] == ["as"]:
            alias = alias[1:]
        if alias and alias[0].isidentifier() and alias[0] not in KEYWORDS:
            found[alias[0]] = view
    return found


def _named_queries(text: str) -> Iterator[str]:
    """The names that WITH gives to queries."""
    words = [
        text[token.start : token.end] for token in read_tokens(text) if token.mark in (Mark.WORD, Mark.NAME, Mark.SIGN)
    ]
    for place in range(1, len(words) - 2):
        is_begun = words[place - 1].lower() in ("with", "recursive", ",")
        if is_begun and words[place + 1].lower() == "as" and words[place + 2] == "(":
            yield words[place]


def _columns(views: Sequence[SqlView], typed: str) -> list[SqlProposal]:
    found: dict[str, SqlProposal] = {}
    for view in views:
        for column in view.columns:
            if _meets(column.name, typed):
                found.setdefault(column.name, SqlProposal(column.name, column.name, _detail(column), "column"))
    return _ranked(list(found.values()), typed)


def _detail(column: SqlColumn) -> str:
    return f"{column.kind} · {column.description}"


def _views(text: str, typed: str) -> list[SqlProposal]:
    named = [SqlProposal(name, name, "of this statement", "view") for name in dict.fromkeys(_named_queries(text))]
    views = [SqlProposal(view.name, view.name, view.description, "view") for view in SQL_VIEWS]
    return _ranked([one for one in (*named, *views) if _meets(one.label, typed)], typed)


def _attributes(typed: str, attributes: Sequence[str]) -> Iterator[SqlProposal]:
    wanted = typed.lower()
    inside = [key for key in attributes if wanted in key.lower()]
    for key in sorted(inside, key=lambda key: not key.lower().startswith(wanted))[:MOST]:
        yield SqlProposal(f"{ATTRIBUTE}{key}", spelled(key), "an attribute of spans", "attribute")


def _words(typed: str) -> Iterator[SqlProposal]:
    if not typed:
        return
    for word in CLAUSES:
        if word.lower().startswith(typed.lower()):
            yield SqlProposal(word, word, "", "keyword")
    for name, (takes, gives) in FUNCTIONS.items():
        if name.startswith(typed.lower()):
            yield SqlProposal(f"{name}{takes}", f"{name}(", gives, "function")


def _meets(name: str, typed: str) -> bool:
    return typed.lower() in name.lower()


def _ranked(found: Sequence[SqlProposal], typed: str) -> list[SqlProposal]:
    """What begins as it was typed stands before what holds it further on, the shortest first."""
    if not typed:
        return list(found)
    return sorted(found, key=lambda one: (not one.label.lower().startswith(typed.lower()), len(one.label)))
