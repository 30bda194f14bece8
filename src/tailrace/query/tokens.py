"""The pieces of a filter text: for colouring, for the grammar, and those at fault."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from tailrace.query.tree import Tree


class TokenKind(StrEnum):
    """What a piece of the text is, for colouring. A term is FIELD, OPERATOR and what follows without a gap."""

    FIELD = "field"
    OPERATOR = "operator"
    VALUE = "value"
    PHRASE = "phrase"
    WORD = "word"
    KEYWORD = "keyword"
    NEGATION = "negation"
    PAREN = "paren"
    COMMA = "comma"
    WRONG = "wrong"


class Token(NamedTuple):
    """A coloured piece of the text: [start, end)."""

    kind: TokenKind
    start: int
    end: int


class Problem(NamedTuple):
    """Why a text has no meaning (yet): a sentence and the piece at fault, [start, end)."""

    message: str
    start: int
    end: int
    unfinished: bool = False


class Lexeme(NamedTuple):
    """What the grammar sees: OPERAND (with its tree), _OR, _AND, _NOT, _NEG, _LPAR or _RPAR."""

    type: str
    node: Tree
    start: int
    end: int
