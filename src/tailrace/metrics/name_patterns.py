"""Patterns for the names of models: globs, and the simple regular expressions of public price files.

A price file comes from anybody, so that its expressions are not given to `re`, where a short one can take for ever.
They are read by a grammar of their own, without look-arounds and back references, and all patterns of a table are
matched together in one pass over the name, letter by letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

_LONGEST: Final = 500  # characters of a pattern
_MOST_STATES: Final = 2_000  # of a pattern
_MOST_REMEMBERED: Final = 20_000
_MOST_REPEATS: Final = 50
_DEEPEST: Final = 20
_DIGITS: Final = frozenset("0123456789")
_WORD: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_REPEATS: Final = ("?", "*", "+", "{")
_SPECIAL: Final = frozenset(".^$*+?{}[]\\|()")


@dataclass(frozen=True, slots=True)
class Letters:
    """One character: any of `of`, or any but these; of nothing at all: any."""

    of: frozenset[str]
    but: bool = False

    def has(self, character: str) -> bool:
        """Whether this character is one of them."""
        return (character in self.of) is not self.but


ANY: Final = Letters(frozenset(), but=True)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part so many times; `most` None: without end."""

    part: Part
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Either:
    """One of some sequences."""

    branches: tuple[tuple[Part, ...], ...]


Part: TypeAlias = Letters | Repeat | Either


@dataclass(frozen=True, slots=True)
class NamePattern:
    """What a whole name must look like, in lower case. `literal` is how many of its characters are given at least:
    of two patterns that match, the one with more says more."""

    text: str
    parts: tuple[Part, ...]
    literal: int


def is_glob(text: str) -> bool:
    """Whether a name is a pattern: * is any text, ? any one character."""
    return "*" in text or "?" in text


def read_glob(text: str) -> NamePattern:
    """A name with * and ?. Raises ValueError where it is too long."""
    if len(text) > _LONGEST:
        raise ValueError(f"a pattern of more than {_LONGEST} characters")
    every = Repeat(ANY, 0, None)
    parts = tuple(every if c == "*" else ANY if c == "?" else Letters(frozenset(c)) for c in text.lower())
    return NamePattern(text, parts, sum(part not in (every, ANY) for part in parts))


def read_expression(text: str) -> NamePattern:
    """A regular expression of literals, `.`, \\d, \\w, [classes], (groups), |, ?, *, + and {counts}. Raises ValueError
    for whatever else it has."""
    if len(text) > _LONGEST:
        raise ValueError(f"an expression of more than {_LONGEST} characters")
    body = text.removeprefix("(?i)")
    anchored = body.startswith("^")
    reader = _Reader(body[anchored:])
    parts = reader.read_branches(0)
    closed = reader.rest.startswith("$")
    if reader.rest.strip("$"):
        raise ValueError(f"“{reader.rest[:20]}” is not understood")
    loose = (Repeat(ANY, 0, None),)
    whole = (*(() if anchored else loose), parts, *(() if closed else loose))
    if _size(whole) > _MOST_STATES:
        raise ValueError("an expression that is too large")
    return NamePattern(text, whole, _literal(whole))


class _Reader:
    """Reads an expression from the left."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def rest(self) -> str:
        """What has not been read."""
        return self._text[self._at :]

    def read_branches(self, depth: int) -> Either:
        """Sequences with | between them, up to a closing parenthesis, a $ or the end."""
        if depth > _DEEPEST:
            raise ValueError("groups that are nested too deeply")
        branches: list[tuple[Part, ...]] = []
        parts: list[Part] = []
        while True:
            character = self._peek()
            if character in ("", ")", "$"):
                break
            self._at += 1
            if character == "|":
                branches.append(tuple(parts))
                parts = []
            else:
                parts.append(self._repeated(self._part(character, depth)))
        return Either((*branches, tuple(parts)))

    def _part(self, character: str, depth: int) -> Part:
        if character == "(":
            if self._peek() == "?":
                if self._text[self._at : self._at + 2] != "?:":
                    raise ValueError("only plain groups are understood")
                self._at += 2
            found = self.read_branches(depth + 1)
            if self._peek() != ")":
                raise ValueError("a group that does not end")
            self._at += 1
            return found
        if character == "[":
            return self._letters()
        if character == ".":
            return ANY
        if character == "\\":
            return self._escaped()
        if character in _SPECIAL:
            raise ValueError(f"“{character}” where it means nothing")
        return _literally(character)

    def _escaped(self) -> Letters:
        character = self._peek()
        self._at += 1
        if character == "d":
            return Letters(_DIGITS)
        if character == "w":
            return Letters(_WORD)
        if not character or character.isalnum():
            raise ValueError(f"“\\{character}” is not understood")
        return _literally(character)

    def _letters(self) -> Letters:
        but = self._peek() == "^"
        self._at += but
        found: set[str] = set()
        first = True
        while (character := self._peek()) != "]" or first:
            first = False
            self._at += 1
            if not character:
                raise ValueError("a class that does not end")
            if character == "\\":
                found |= self._escaped().of
            elif self._text[self._at : self._at + 1] == "-" and self._text[self._at + 1 : self._at + 2] not in (
                "",
                "]",
            ):
                last = self._text[self._at + 1]
                self._at += 2
                if not (character.isascii() and last.isascii() and last != "\\" and character <= last):
                    raise ValueError("a range that is not understood")
                found |= {chr(code).lower() for code in range(ord(character), ord(last) + 1)}
            else:
                found.add(character.lower())
        self._at += 1
        return Letters(frozenset(found), but)

    def _repeated(self, part: Part) -> Part:
        character = self._peek()
        if character not in _REPEATS:
            return part
        self._at += 1
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(character, (0, None))
        if character == "{":
            inner, closed, _ = self.rest.partition("}")
            low, comma, high = inner.partition(",")
            if not closed or not (low.isdecimal() and low.isascii()) or not (high or "0").isdecimal():
                raise ValueError("a count that is not understood")
            self._at += len(inner) + 1
            least = int(low[:4])
            most = least if not comma else int(high[:4]) if high else None
            if max(least, most or 0) > _MOST_REPEATS or (most is not None and most < least):
                raise ValueError("a count that is too large")
        if self._peek() in _REPEATS:
            raise ValueError("a repetition of a repetition")
        return Repeat(part, least, most)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]


def _literally(character: str) -> Letters:
    return Letters(frozenset(character.lower()[:1] or character))


def _size(parts: Sequence[Part]) -> int:
    total = 0
    for part in parts:
        if isinstance(part, Either):
            total += 2 + sum(map(_size, part.branches))
        elif isinstance(part, Repeat):
            total += (2 + _size((part.part,))) * max(part.least + 1, part.most or 0)
        else:
            total += 1
        if total > _MOST_STATES:
            break
    return total


def _literal(parts: Sequence[Part]) -> int:
    count = 0
    for part in parts:
        if isinstance(part, Either):
            count += min(map(_literal, part.branches))
        elif isinstance(part, Repeat):
            count += part.least * _literal((part.part,))
        else:
            count += not part.but and len(part.of) == 1
    return count


class Matcher:
    """Some patterns at once. What was worked out for one name is remembered for the next."""

    def __init__(self, patterns: Sequence[NamePattern]) -> None:
        # a state is left on a character for another one, or at once
        self._on: list[tuple[Letters, int] | None] = []
        self._at_once: list[list[int]] = []
        self._ends: dict[int, int] = {}
        first = self._state()
        for number, pattern in enumerate(patterns):
            begin = self._state()
            self._at_once[first].append(begin)
            self._ends[self._add(pattern.parts, begin)] = number
        self._first = self._all_of({first})
        self._next: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def match(self, name: str) -> list[int]:
        """The places of the patterns that match a whole name in lower case, ascending."""
        states = self._first
        for character in name:
            key = states, character
            found = self._next.get(key)
            if found is None:
                found = self._step(states, character)
                if len(self._next) >= _MOST_REMEMBERED:
                    self._next.clear()
                self._next[key] = found
            states = found
            if not states:
                break
        return sorted(self._ends[state] for state in states if state in self._ends)

    def _step(self, states: frozenset[int], character: str) -> frozenset[int]:
        reached = {on[1] for state in states if (on := self._on[state]) is not None and on[0].has(character)}
        return self._all_of(reached)

    def _all_of(self, states: set[int]) -> frozenset[int]:
        """These and all that follow at once."""
        found = set(states)
        todo = list(states)
        while todo:
            for state in self._at_once[todo.pop()]:
                if state not in found:
                    found.add(state)
                    todo.append(state)
        return frozenset(found)

    def _state(self) -> int:
        self._on.append(None)
        self._at_once.append([])
        return len(self._on) - 1

    def _add(self, parts: Sequence[Part], begin: int) -> int:
        """States for a sequence from `begin` on; the one at its end."""
        for part in parts:
            end = self._state()
            if isinstance(part, Letters):
                self._on[begin] = part, end
            elif isinstance(part, Either):
                for branch in part.branches:
                    inner = self._state()
                    self._at_once[begin].append(inner)
                    self._at_once[self._add(branch, inner)].append(end)
            else:
                self._at_once[self._add_repeat(part, begin)].append(end)
            begin = end
        return begin

    def _add_repeat(self, repeat: Repeat, begin: int) -> int:
        for _ in range(repeat.least):
            begin = self._add((repeat.part,), begin)
        if repeat.most is None:
            ahead, back = self._state(), self._state()
            self._at_once[begin].append(ahead)
            self._at_once[self._add((repeat.part,), ahead)].append(back)
            self._at_once[back].append(ahead)
            self._at_once[ahead].append(back)
            return back
        skips = []
        for _ in range(repeat.most - repeat.least):
            skips.append(begin)
            begin = self._add((repeat.part,), begin)
        end = self._state()
        for state in (*skips, begin):
            self._at_once[state].append(end)
        return end
