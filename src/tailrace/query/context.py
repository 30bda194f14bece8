"""What is being typed at a place of a filter text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tailrace.query.fields import Field, FieldKind, find_field
from tailrace.query.lexer import MAX_LENGTH, Lexer
from tailrace.query.tokens import Token, TokenKind
from tailrace.query.values import unescape

# Of these nobody chooses a value by its count.
COUNTLESS = frozenset((FieldKind.DURATION, FieldKind.NUMBER, FieldKind.MONEY))


class ContextKind(StrEnum):
    """What can be put in."""

    FIELD = "field"
    VALUE = "value"
    OPERATOR = "operator"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Context:
    """What [start, end) of the text is about to become. With VALUE and OPERATOR `field` is the field's name
    (`model`, `score.helpful`); with FIELD it is empty, or `score.` or `attr.` when a name of that family is being
    typed. `prefix` is what is there up to the cursor, without quotes."""

    kind: ContextKind
    field: str = ""
    prefix: str = ""
    start: int = 0
    end: int = 0

    @property
    def wants_values(self) -> bool:
        """Whether the data knows what can be put in."""
        if self.kind is ContextKind.FIELD:
            return bool(self.field)
        field = find_field(self.field)
        return (
            self.kind is ContextKind.VALUE and (field is None or field.kind not in COUNTLESS) and self.field != "text"
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A context with what completion needs besides."""

    context: Context
    field: Field | None = None
    ordered: bool = False  # `>` or `<` has been written
    in_group: bool = False
    in_quotes: bool = False
    after_operand: bool = False


_FAMILY = re.compile(r'(score|attr)\.("?)(.*)', re.IGNORECASE | re.DOTALL)
_REST_OF_NAME = re.compile(r'[^\s()",:<>=!]*+:?')
_REST_OF_VALUE = re.compile(r'[^\s()",]*+')
_REST_OF_QUOTED = re.compile(r'(?:[^"\\]++|\\.)*+"?\*?', re.DOTALL)


def completion_context(text: str, cursor: int) -> Context:
    """What is being typed at `cursor`. Never raises."""
    return find_place(text, cursor).context


@lru_cache(maxsize=8)  # one keystroke asks several times
def find_place(text: str, cursor: int) -> Place:
    """The context with its surroundings. Never raises."""
    cursor = max(0, min(cursor, len(text)))
    if len(text) > MAX_LENGTH:
        return Place(Context(ContextKind.NONE, start=cursor, end=cursor))
    lexer = Lexer(text[:cursor]).read()
    last = lexer.tokens[-1] if lexer.tokens else None
    touching = last is not None and last.end == cursor
    if lexer.field is not None and (touching or lexer.in_group):
        return _in_term(text, cursor, lexer, last if touching else None)
    if last is not None and not touching and last.kind in (TokenKind.OPERATOR, TokenKind.COMMA):
        return Place(Context(ContextKind.NONE, start=cursor, end=cursor))  # a value had to follow at once
    if last is None or not touching or last.kind in (TokenKind.NEGATION, TokenKind.PAREN):
        if touching and last is not None and text[last.start] == ")":
            return Place(Context(ContextKind.NONE, start=cursor, end=cursor))
        after = last is not None and last.kind not in (TokenKind.KEYWORD, TokenKind.NEGATION)
        after = after and last is not None and text[last.start] != "("
        end = _end(_REST_OF_NAME, text, cursor)
        return Place(Context(ContextKind.FIELD, start=cursor, end=end), after_operand=after)
    if text[last.start : cursor] == "-":
        return Place(Context(ContextKind.FIELD, start=cursor, end=cursor))
    if last.kind in (TokenKind.WORD, TokenKind.KEYWORD, TokenKind.FIELD):
        return _in_name(text, cursor, lexer, last)
    return Place(Context(ContextKind.NONE, start=cursor, end=cursor))


def _in_name(text: str, cursor: int, lexer: Lexer, last: Token) -> Place:
    written = text[last.start : cursor]
    before = lexer.tokens[-2].kind if len(lexer.tokens) > 1 else None
    after = before not in (None, TokenKind.KEYWORD, TokenKind.NEGATION) and text[lexer.tokens[-2].start] != "("
    family = _FAMILY.fullmatch(written)
    if family is None:
        end = _end(_REST_OF_NAME, text, cursor)
        return Place(Context(ContextKind.FIELD, "", written, last.start, end), after_operand=after)
    key = unescape(family[3].removesuffix('"')) if family[2] else family[3]
    end = cursor
    if family[2]:
        end = _end(_REST_OF_QUOTED, text, last.start + len(family[1]) + 2)
    end = _end(_REST_OF_NAME, text, max(cursor, end))
    return Place(Context(ContextKind.FIELD, f"{family[1].lower()}.", key, last.start, end), after_operand=after)


def _in_term(text: str, cursor: int, lexer: Lexer, last: Token | None) -> Place:
    """After a field's operator; `last` is the token the cursor touches."""
    field = lexer.field
    assert field is not None
    operator = next(token for token in reversed(lexer.tokens) if token.kind is TokenKind.OPERATOR)
    ordered = any(sign in text[operator.start : operator.end] for sign in "<>")
    if last is None and lexer.tokens[-1].kind in (TokenKind.VALUE, TokenKind.PHRASE):
        return Place(Context(ContextKind.NONE, start=cursor, end=cursor))  # OR must come first
    start, prefix, quoted = cursor, "", False
    end = _end(_REST_OF_VALUE, text, cursor)
    if last is not None and last.kind is TokenKind.VALUE and text[last.start] != "*":
        start, prefix = last.start, text[last.start : cursor]
    elif last is not None and last.kind is TokenKind.PHRASE:
        if not any(problem.start == last.start and problem.unfinished for problem in lexer.problems):
            return Place(Context(ContextKind.NONE, start=cursor, end=cursor))  # the quote is closed
        start, prefix, quoted = last.start, unescape(text[last.start + 1 : cursor]), True
        end = _end(_REST_OF_QUOTED, text, last.start + 1)
    elif last is not None and (last.kind not in _BEFORE_VALUE or text[last.start] == ")"):
        return Place(Context(ContextKind.NONE, start=cursor, end=cursor))
    kind = ContextKind.VALUE
    bare = last is operator and text[operator.start : operator.end] == ":"
    if bare and field.ordered and field.key is None:
        kind = ContextKind.OPERATOR
    return Place(Context(kind, field.name, prefix, start, end), field, ordered, lexer.in_group, quoted)


_BEFORE_VALUE = (TokenKind.OPERATOR, TokenKind.COMMA, TokenKind.PAREN, TokenKind.KEYWORD)


def _end(rest: re.Pattern[str], text: str, start: int) -> int:
    found = rest.match(text, start)
    return found.end() if found is not None else start
