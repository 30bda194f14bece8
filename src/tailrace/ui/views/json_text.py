"""JSON as people read it: laid out anew without touching a digit, and cut into runs by what they are."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import islice

# A reformatter of tokens instead of a parser and a printer: numbers keep their digits, doubled keys stay doubled and
# depth costs no stack.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_WORD = re.compile(r"-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)|true|false|null|NaN")
_PAIRS = {"{": "}", "[": "]"}
_PUNCTUATION = frozenset("{}[],:")
_INLINE_TOKENS = 24
_PIECE = 4_000


class Run(Enum):
    """What a run of JSON text is."""

    KEY = "key"
    STRING = "string"
    NUMBER = "number"
    WORD = "word"
    PLAIN = "plain"


def looks_like_json(text: str) -> bool:
    """Whether a text starts and ends as a JSON object or list does; cheap at any size."""
    start, end = text[:64].lstrip()[:1], text[-64:].rstrip()[-1:]
    return bool(start) and _PAIRS.get(start) == end


def layout_json(text: str, width: int = 42, check: Callable[[], None] | None = None) -> str | None:
    """The same JSON with two spaces of indent a level, small lists and objects kept on one line up to `width`
    characters. None when the text is not sound JSON. `check` is called now and then and may raise to stop."""
    try:
        return "".join(_laid_out(text, width, check))
    except _NotJson:
        return None


class _NotJson(Exception):
    pass


def _laid_out(text: str, width: int, check: Callable[[], None] | None) -> Iterator[str]:
    """Pieces of the new text. One token after the other with a short look ahead: a list of all tokens of a large
    payload would take seconds of holding the interpreter, and with it the window, to make and to free."""
    source = _tokens(text)
    ahead: deque[str] = deque(islice(source, _INLINE_TOKENS))
    if not ahead or ahead[0] not in _PAIRS:
        raise _NotJson
    out: list[str] = []
    stack: list[str] = []
    key, former = 0, ""
    while ahead:
        if len(out) >= _PIECE:
            yield "".join(out)
            out.clear()
            if check is not None:
                check()
        token = ahead.popleft()
        ahead.extend(islice(source, 1))
        if token in _PAIRS:
            last = _short_end(token, ahead, width - len(_indent(stack)) - key)
            if last is not None:
                out.append(_on_one_line([token, *islice(ahead, last + 1)]))
                for _ in range(last + 1):
                    ahead.popleft()
                    ahead.extend(islice(source, 1))
            else:
                stack.append(_PAIRS[token])
                out.append(token + "\n" + _indent(stack))
        elif token in ("}", "]"):
            if not stack or stack.pop() != token:
                raise _NotJson
            out.append("\n" + _indent(stack) + token)
        elif token == ",":
            out.append(",\n" + _indent(stack))
        elif token == ":":
            out.append(": ")
        else:
            out.append(_readable(token))
        key = len(former) + 2 if token == ":" else 0
        former = token
    if stack:
        raise _NotJson
    yield "".join(out)


def runs(line: str) -> Iterator[tuple[int, int, Run]]:
    """(start, end, kind) of what deserves a colour in a piece of JSON text."""
    for found in _TOKEN.finditer(line):
        token = found.group()
        if token[0] == '"':
            after = line[found.end() : found.end() + 2].lstrip()
            yield found.start(), found.end(), Run.KEY if after[:1] == ":" else Run.STRING
        elif token in "{}[],:":
            continue
        elif _WORD.fullmatch(token):
            yield found.start(), found.end(), Run.WORD if token.isalpha() else Run.NUMBER


def _indent(stack: list[str]) -> str:
    """Two spaces a level, up to where nobody can see them: hostile depth would make gigabytes of them."""
    return "  " * min(len(stack), 60)


def _tokens(text: str) -> Iterator[str]:
    place = depth = 0
    former_is_value = False
    for found in _TOKEN.finditer(text):
        start = found.start()
        if place and depth == 0:  # a second value, as in JSON lines
            raise _NotJson
        if start != place and not text[place:start].isspace():  # an unclosed string leaves its quote behind
            raise _NotJson
        token = found.group()
        if token[0] not in '"{}[],:' and not _WORD.fullmatch(token):
            raise _NotJson
        is_value = token not in _PUNCTUATION
        if is_value and former_is_value:  # side by side they would run into one
            raise _NotJson
        depth += (token in _PAIRS) - (token in ("}", "]"))
        former_is_value = is_value
        yield token
        place = found.end()
    if text[place:].strip():
        raise _NotJson


def _short_end(first: str, ahead: Sequence[str], width: int) -> int | None:
    """The number in `ahead` of the bracket that closes `first`, if all between fits on one line."""
    open_ones, length = [first], len(first)
    for index, token in enumerate(ahead):
        length += len(token) + (token in ",:")
        if length > width:
            return None
        if token in _PAIRS:
            open_ones.append(token)
        elif token in ("}", "]"):
            if _PAIRS[open_ones.pop()] != token:
                raise _NotJson
            if not open_ones:
                return index
    return None


def _on_one_line(tokens: list[str]) -> str:
    if len(tokens) == 2:
        return "".join(tokens)
    text = "".join(token + " " if token in (",", ":") else _readable(token) for token in tokens)
    return f"{{ {text[1:-1]} }}" if tokens[0] == "{" else text


def _readable(token: str) -> str:
    r"""\u escapes as the characters they stand for, other escapes as they are."""
    if "\\u" not in token:
        return token
    try:
        readable = json.dumps(json.loads(token, strict=False), ensure_ascii=False)
        readable.encode()  # half a surrogate pair stays an escape
    except ValueError:
        return token
    return readable
