"""A filter text to its tree, or to the sentence that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tailrace.query.lexer import MAX_LENGTH, Lexer
from tailrace.query.tokens import Problem, Token
from tailrace.query.tree import Everything, Tree


class State(StrEnum):
    """How far a text is from being a filter. INCOMPLETE becomes VALID by typing on, WRONG does not."""

    EMPTY = "empty"
    VALID = "valid"
    INCOMPLETE = "incomplete"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says. `tree` is set when `state` is VALID or (Everything) EMPTY. Otherwise `message` is a sentence
    and [position, end) the piece at fault. `tokens` cover every character that is not a space, in order."""

    text: str
    tree: Tree | None
    state: State
    message: str = ""
    position: int = 0
    end: int = 0
    tokens: tuple[Token, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether there is a tree to filter by."""
        return self.tree is not None


@lru_cache(maxsize=64)
def parse(text: str) -> Parsed:
    """Read a filter text. Never raises."""
    if len(text) > MAX_LENGTH:
        message = f"a filter holds at most {MAX_LENGTH:,} characters, this has {len(text):,}"
        return Parsed(text, None, State.WRONG, message, MAX_LENGTH, len(text))
    lexer = Lexer(text).read()
    tokens = tuple(lexer.tokens)
    wrong = next((problem for problem in lexer.problems if not problem.unfinished), None)
    if wrong is None:
        if not lexer.lexemes:
            return Parsed(text, Everything(), State.EMPTY)
        from tailrace.query.grammar import join  # its parser library takes long to import

        joined = join(lexer.lexemes, len(text))
        if isinstance(joined, Problem):
            lexer.problems.append(joined)
            wrong = None if joined.unfinished else joined
        elif not lexer.problems:
            return Parsed(text, joined, State.VALID, tokens=tokens)
    if wrong is not None:
        return Parsed(text, None, State.WRONG, wrong.message, wrong.start, wrong.end, tokens)
    first = lexer.problems[0]
    return Parsed(text, None, State.INCOMPLETE, first.message, first.start, first.end, tokens)
