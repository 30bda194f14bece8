"""How the pieces of a filter join: OR binds least, then AND (written or not), then NOT and -."""

from __future__ import annotations

from functools import cache
from typing import cast

from lark import Lark, Token, Transformer, UnexpectedToken
from lark.lexer import Lexer as LarkLexer

from tailrace.query.tokens import Lexeme, Problem
from tailrace.query.tree import And, Not, Or, Tree

_GRAMMAR = """
?start: disjunction
?disjunction: conjunction (_OR conjunction)*
?conjunction: unary (_AND? unary)*
?unary: OPERAND -> operand
      | (_NOT | _NEG) unary -> negation
      | _LPAR disjunction _RPAR
%declare OPERAND _OR _AND _NOT _NEG _LPAR _RPAR
"""


class _Build(Transformer[Lexeme, Tree]):
    def operand(self, children: list[Lexeme]) -> Tree:
        return children[0].node

    def negation(self, children: list[Tree]) -> Tree:
        return Not(children[0])

    def conjunction(self, children: list[Tree]) -> Tree:
        flat: list[Tree] = []
        for child in children:
            flat.extend(child.children if isinstance(child, And) else (child,))
        return And(tuple(flat))

    def disjunction(self, children: list[Tree]) -> Tree:
        flat: list[Tree] = []
        for child in children:
            flat.extend(child.children if isinstance(child, Or) else (child,))
        return Or(tuple(flat))


class _NoLexer(LarkLexer):
    """The pieces are fed one by one, because the reader of pieces knows fields and says more than `unexpected`."""

    def __init__(self, _: object) -> None:
        pass

    def lex(self, *_: object) -> object:  # type: ignore[override]
        raise NotImplementedError


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer=_NoLexer, transformer=_Build())


def join(lexemes: list[Lexeme], length: int) -> Tree | Problem:
    """The tree of at least one piece, or what keeps them from joining. `length` is the text's."""
    state = _parser().parse_interactive()
    before: Lexeme | None = None
    opened: list[Lexeme] = []
    for lexeme in lexemes:
        if lexeme.type == "_LPAR":
            opened.append(lexeme)
        elif lexeme.type == "_RPAR" and opened:
            opened.pop()
        try:
            state.feed_token(cast(Token, lexeme))  # it looks at the type only
        except UnexpectedToken:
            return _misplaced(before, lexeme)
        before = lexeme
    if opened:
        return Problem("a “)” is missing", opened[-1].start, opened[-1].end, unfinished=True)
    try:
        return cast(Tree, state.feed_eof())  # type: ignore[no-untyped-call]
    except UnexpectedToken:
        start = before.start if before is not None else 0
        return Problem(f"something is missing after “{_word(before)}”", start, length, unfinished=True)


def _misplaced(before: Lexeme | None, lexeme: Lexeme) -> Problem:
    here = (lexeme.start, lexeme.end)
    if lexeme.type == "_RPAR":
        if before is not None and before.type == "_LPAR":
            return Problem("there is nothing between the parentheses", before.start, lexeme.end, unfinished=True)
        if before is not None and before.type not in ("OPERAND", "_RPAR"):
            return Problem(f"something is missing after “{_word(before)}”", before.start, before.end, unfinished=True)
        return Problem("there is no “(” for this “)”", *here)
    word = _word(lexeme)
    if before is not None and before.type in ("_OR", "_AND", "_NOT", "_NEG"):
        return Problem(f"something is missing between “{_word(before)}” and “{word}”", before.start, lexeme.end)
    side = "after “(” and before" if before is not None else "before"
    return Problem(f'something is missing {side} “{word}”. To look for the word write "{word}"', *here)


def _word(lexeme: Lexeme | None) -> str:
    return {"_NEG": "-", "_LPAR": "(", "_RPAR": ")"}.get(lexeme.type, lexeme.type[1:]) if lexeme is not None else ""
