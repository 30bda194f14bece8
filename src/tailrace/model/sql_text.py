"""A statement as text: its tokens, the attributes it names, and where in it something is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

ATTRIBUTE = "attr."


class Mark(StrEnum):
    """What a token is."""

    WORD = "word"  # a keyword, or a name without quotes
    NAME = "name"  # a name in quotes
    TEXT = "text"
    NUMBER = "number"
    COMMENT = "comment"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class SqlToken:
    """The characters [start, end) of a text. `open`: it begins what it does not end (a quote, a comment)."""

    mark: Mark
    start: int
    end: int
    open: bool = False


_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<line>--[^\n]*)
    | (?P<block>/\*)
    | (?P<dollar>\$(?:[^\W\d]\w*)?\$)
    | (?P<escaped>[eE]')
    | (?P<text>(?:[xXbBnN])?')
    | (?P<name>")
    | (?P<number>(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<sign><=|>=|<>|!=|::|\|\||->>|->|==|//|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TEXT_END = re.compile(r"(?:[^']|'')*'")
_ESCAPED_END = re.compile(r"(?:[^'\\]|''|\\.)*'", re.DOTALL)
_NAME_END = re.compile(r'(?:[^"]|"")*"')
_BLOCK_SIGN = re.compile(r"/\*|\*/")


def read_tokens(text: str) -> Iterator[SqlToken]:
    """The tokens of a text in order, blanks left out. Any text has some."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        assert found is not None  # a sign is any character
        match found.lastgroup:
            case "space":
                at = found.end()
                continue
            case "line":
                token = SqlToken(Mark.COMMENT, at, found.end())
            case "block":
                token = _block(text, at)
            case "dollar":
                end = text.find(found[0], found.end())
                token = _closed(Mark.TEXT, at, text, end + len(found[0]) if end >= 0 else None)
            case "escaped" | "text" | "name":
                pattern = {"escaped": _ESCAPED_END, "text": _TEXT_END, "name": _NAME_END}[found.lastgroup]
                ended = pattern.match(text, found.end())
                mark = Mark.NAME if found.lastgroup == "name" else Mark.TEXT
                token = _closed(mark, at, text, ended.end() if ended else None)
            case "number":
                token = SqlToken(Mark.NUMBER, at, found.end())
            case "word":
                token = SqlToken(Mark.WORD, at, found.end())
            case _:
                token = SqlToken(Mark.SIGN, at, found.end())
        yield token
        at = token.end


def _closed(mark: Mark, start: int, text: str, end: int | None) -> SqlToken:
    return SqlToken(mark, start, len(text), True) if end is None else SqlToken(mark, start, end)


def _block(text: str, start: int) -> SqlToken:
    depth = 0
    for found in _BLOCK_SIGN.finditer(text, start):
        depth += 1 if found[0] == "/*" else -1
        if depth == 0:
            return SqlToken(Mark.COMMENT, start, found.end())
    return SqlToken(Mark.COMMENT, start, len(text), True)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as it is run: every attribute is one name in quotes. `keys` are the attributes that it names, each
    with its first place in the person's own text."""

    text: str
    keys: Mapping[str, int]
    _moved: tuple[tuple[int, int, int, int], ...] = ()  # [start, end) in `text`, and in the person's own text

    def place(self, position: int) -> int:
        """Where a character of `text` is in the person's own text."""
        shift = 0
        for start, end, own_start, own_end in self._moved:
            if position < start:
                break
            if position < end:
                return own_start
            shift = end - own_end
        return position - shift


def prepare(text: str) -> Prepared:
    """Write `attr.customer.tier` as `"attr.customer.tier"`, which is what the column is called; a `;` at the end goes,
    with what comments follow it."""
    tokens = [token for token in read_tokens(text) if token.mark is not Mark.COMMENT]
    end = len(text)
    while tokens and text[tokens[-1].start : tokens[-1].end] == ";":
        end = tokens.pop().start
    pieces: list[str] = []
    moved: list[tuple[int, int, int, int]] = []
    keys: dict[str, int] = {}
    at = length = place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.mark is Mark.NAME and not token.open:
            name = text[token.start + 1 : token.end - 1].replace('""', '"')
            if name[: len(ATTRIBUTE)].lower() == ATTRIBUTE and len(name) > len(ATTRIBUTE):
                keys.setdefault(name[len(ATTRIBUTE) :], token.start)
        path = _path(text, tokens, place)
        if len(path) > 1:
            written = '"' + ATTRIBUTE + ".".join(text[one.start : one.end] for one in path[1:]) + '"'
            keys.setdefault(written[1 + len(ATTRIBUTE) : -1], token.start)
            pieces += (text[at : path[0].start], written)
            length += path[0].start - at
            moved.append((length, length + len(written), path[0].start, path[-1].end))
            length += len(written)
            at = path[-1].end
            place += 2 * len(path) - 1
        else:
            place += 1
    pieces.append(text[at:end])
    return Prepared("".join(pieces), keys, tuple(moved))


def _path(text: str, tokens: Sequence[SqlToken], place: int) -> list[SqlToken]:
    """The words of `attr.a.b` that begin at a token, without spaces between them; what is called (`.upper()`) is none
    of them."""

    def written(at: int) -> str:
        return text[tokens[at].start : tokens[at].end] if at < len(tokens) else ""

    if tokens[place].mark is not Mark.WORD or written(place).lower() != ATTRIBUTE[:-1]:
        return []
    path = [tokens[place]]
    while (
        written(place + 1) == "."
        and place + 2 < len(tokens)
        and tokens[place + 2].mark is Mark.WORD
        and tokens[place + 1].start == tokens[place].end
        and tokens[place + 2].start == tokens[place + 1].end
    ):
        path.append(tokens[place + 2])
        place += 2
    if len(path) > 1 and written(place + 1) == "(":
        path.pop()
    return path


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Which line and which character of it a position is, both from 1."""
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
