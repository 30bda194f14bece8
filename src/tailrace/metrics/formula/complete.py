"""What can be put in while a formula is being typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tailrace.errors import QueryError
from tailrace.metrics.catalogue import CATALOGUE
from tailrace.metrics.catalogue.scores import write_score
from tailrace.metrics.formula.columns import (
    ATTR,
    CHOICES,
    GRAINS,
    SCORE,
    Column,
    read_column,
    read_condition_column,
    write_column,
)
from tailrace.metrics.formula.parse import ELAPSED, FUNCTIONS, PERCENTILE
from tailrace.metrics.formula.pieces import MAX_LENGTH, NAME, QUOTED, Kind, Piece, cut
from tailrace.model.facts import ATTRIBUTE, COLUMNS, ColumnType, type_of
from tailrace.model.measures import Grain
from tailrace.query import Completion, Completions, ContextKind
from tailrace.query.complete import Values
from tailrace.query.values import in_quotes

_MOST: Final = 50
_COUNTING: Final = ("count", "peak")
_OF_WORDS: Final = ("count", "distinct", "share")
# Columns whose values the filter language knows under another name.
_FIELDS: Final = {"step": "span", "error_category": "category"}


@dataclass(slots=True)
class _Frame:
    """An open parenthesis: the function it belongs to, and what is known of its inside."""

    function: str
    about: Column | None = None
    where: bool = False
    compared: Column | None = None  # a comparison waits for its value
    ended: bool = False  # a whole column, condition or figure stands at its end


def complete_formula(text: str, cursor: int, values: Values | None = None) -> Completions:
    """Proposals for what is being typed at `cursor`: measures and functions, columns, keys and score names (from
    `values`, asked as filters ask for `attr.` and `score.`), and values of conditions. Never raises unless `values`
    does."""
    cursor = max(0, min(cursor, len(text)))
    nothing = Completions(cursor, cursor)
    if len(text) > MAX_LENGTH:
        return nothing
    begun = _begun(text, cursor)
    try:
        pieces = cut(text[:begun])[:-1]
    except QueryError as error:
        if text[error.position : error.position + 1] != '"':
            return nothing
        begun = error.position  # in a text whose quotes are still open
        pieces = cut(text[:begun])[:-1]
    prefix = text[begun:cursor]
    found = _proposals(_frames(pieces), prefix, values)
    rest = NAME.match(text, begun) or QUOTED.match(text, begun)
    end = max(cursor, rest.end()) if rest is not None else cursor
    items = [item for item in found if item.insert != text[begun:end]]
    return Completions(begun, end, tuple(items[:_MOST]))


def _begun(text: str, cursor: int) -> int:
    """Where the name begins that the cursor is in or right behind."""
    for found in NAME.finditer(text):
        if found.start() < cursor <= found.end() and (found.start() == 0 or not text[found.start() - 1].isdigit()):
            return found.start()
    return cursor


def _frames(pieces: list[Piece]) -> _Frame:
    """The innermost parenthesis that is open behind some pieces; one without a function is plain arithmetic."""
    frames = [_Frame("")]
    before: Piece | None = None
    for piece in pieces:
        frame = frames[-1]
        if piece.kind is Kind.SIGN and piece.text == "(":
            name = before.text.lower() if before is not None and before.kind is Kind.NAME else ""
            frames.append(_Frame(name))
        elif piece.kind is Kind.SIGN and piece.text == ")":
            if len(frames) > 1:
                frames.pop()
            frames[-1].ended = True
        else:
            _go_on(frame, piece)
        before = piece
    return frames[-1]


def _go_on(frame: _Frame, piece: Piece) -> None:
    word = piece.text.lower()
    if not frame.function:
        frame.ended = piece.kind is not Kind.SIGN
    elif piece.kind is Kind.NAME and word == "where":
        frame.where, frame.ended = True, False
    elif piece.kind is Kind.NAME and word in ("and", "not"):
        frame.compared, frame.ended = None, False
    elif piece.kind is Kind.NAME and frame.ended is False and frame.about is None:
        frame.about, frame.ended = _column(piece), True
        frame.compared = frame.about if frame.function == "share" else None
    elif piece.kind is Kind.NAME and frame.where and not frame.ended and frame.about is not None:
        frame.compared, frame.ended = _condition(piece, frame.about), True
    elif piece.kind is Kind.SIGN:
        frame.ended = False
    else:
        frame.compared, frame.ended = None, True


def _column(piece: Piece) -> Column | None:
    if grain := GRAINS.get(piece.text.lower()):
        return Column(grain, "", ColumnType.INTEGER)
    try:
        return read_column(piece)
    except QueryError:
        return None


def _condition(piece: Piece, about: Column) -> Column | None:
    try:
        return read_condition_column(piece, about)
    except QueryError:
        return None


def _proposals(frame: _Frame, prefix: str, values: Values | None) -> Iterable[Completion]:
    if not frame.function:
        return () if frame.ended else _matching(_figures(), prefix)
    if frame.ended:
        offered = [Completion("where ", "where", "only some of them", kind=ContextKind.OPERATOR)]
        if frame.where:
            offered = [Completion("and ", "and", "another condition", kind=ContextKind.OPERATOR)]
        return _matching(offered, prefix) if frame.about is not None else ()
    if frame.compared is not None:
        return _matching(_values(frame.compared, values, prefix), prefix)
    if frame.where and frame.about is not None:
        return _matching(_conditions(frame.about), prefix)
    if frame.about is not None or not _takes_column(frame.function):
        return ()
    family = prefix.partition(".")[0].lower() if "." in prefix else ""
    if family in (ATTR, SCORE):
        return (*_keys(family, prefix, values), *_matching(_columns(frame.function), prefix))
    return _matching(_columns(frame.function), prefix)


def _takes_column(function: str) -> bool:
    return function in FUNCTIONS or PERCENTILE.fullmatch(function) is not None


def _matching(offered: Iterable[Completion], prefix: str) -> tuple[Completion, ...]:
    """Those that begin with what is typed, then those that hold it."""
    typed = prefix.lower().lstrip('"')
    everything = list(offered)
    first = [item for item in everything if item.label.lower().startswith(typed)]
    return (*first, *(item for item in everything if typed in item.label.lower()[1:] and item not in first))


def _figures() -> Iterator[Completion]:
    for measure in CATALOGUE.values():
        yield Completion(measure.id, measure.id, f"{measure.title}. {measure.definition}", kind=ContextKind.FIELD)
    for name, meaning in FUNCTIONS.items():
        yield Completion(f"{name}(", name, meaning, kind=ContextKind.FIELD)
    yield Completion(ELAPSED, ELAPSED, "how long the time is", kind=ContextKind.FIELD)


def _columns(function: str) -> Iterator[Completion]:
    if function in _COUNTING:
        for grain in Grain:
            yield Completion(grain.value, grain.value, f"every {grain}", kind=ContextKind.FIELD)
    if function == "peak":
        return
    for grain, columns in COLUMNS.items():
        for name, meaning in columns.items():
            if type_of(grain, name) in (ColumnType.INTEGER, ColumnType.NUMBER) or function in _OF_WORDS:
                written = write_column(grain, name).removesuffix("_ns")
                yield Completion(written, written, _unmarked(meaning), kind=ContextKind.FIELD)
    for family, meaning in ((ATTR, "any numeric attribute by its key"), (SCORE, "a score by its name")):
        yield Completion(f"{family}.", f"{family}.", meaning, kind=ContextKind.FIELD)


def _conditions(about: Column) -> Iterator[Completion]:
    for name, meaning in COLUMNS[about.grain].items():
        written = name.removesuffix("_ns")
        yield Completion(written, written, _unmarked(meaning), kind=ContextKind.FIELD)


def _keys(family: str, prefix: str, values: Values | None) -> Iterator[Completion]:
    if values is None:
        return
    typed = prefix.partition(".")[2].strip('"')
    for seen in values(f"{family}.", typed):
        if seen.value:
            written = (
                write_score(seen.value) if family == SCORE else write_column(Grain.SPAN, f"{ATTRIBUTE}{seen.value}")
            )
            yield Completion(written, f"{family}.{seen.value}", "", seen.count or None, ContextKind.FIELD)


def _values(column: Column, values: Values | None, prefix: str) -> Iterator[Completion]:
    if column.kind is ColumnType.FLAG:
        for word in ("true", "false"):
            yield Completion(word, word)
        return
    for word in CHOICES.get((column.grain, column.name), ()):
        yield Completion(in_quotes(word), word)
    if column.kind is ColumnType.TEXT and (column.grain, column.name) not in CHOICES and values is not None:
        for seen in values(_FIELDS.get(column.name, column.name), prefix.lstrip('"')):
            yield Completion(in_quotes(seen.value), seen.value or "(empty)", "", seen.count)


def _unmarked(meaning: str) -> str:
    return meaning.partition(") ")[2] if meaning.startswith("(") else meaning
