"""JSON as people read it: laid out anew without touching a digit, and cut into runs by what they are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from enum import Enum

# A reformatter of tokens instead of a parser and a printer: numbers keep their digits, doubled keys stay doubled and
# depth costs no stack.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_WORD = re.compile(r"-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)|true|false|null|NaN")
_PAIRS = {"{": "}", "[": "]"}
_INLINE_TOKENS = 24
_CHECK_EVERY = 50_000


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


def layout_json(text: str, width: int = 60, check: Callable[[], None] | None = None) -> str | None:
    """The same JSON with two spaces of indent a level, small lists and objects kept on one line up to `width`
    characters. None when the text is not sound JSON. `check` is called now and then and may raise to stop."""
    tokens = _tokens(text, check)
    if tokens is None:
        return None
    out: list[str] = []
    stack: list[str] = []
    index, count = 0, len(tokens)
    while index < count:
        if check is not None and index % _CHECK_EVERY == 0:
            check()
        token = tokens[index]
        if token in _PAIRS:
            end = _short_end(tokens, index, width - 2 * len(stack))
            if end is not None:
                out.append(_on_one_line(tokens[index : end + 1]))
                index = end + 1
                continue
            stack.append(_PAIRS[token])
            out.append(token)
            out.append("\n" + "  " * len(stack))
        elif token in ("}", "]"):
            if not stack or stack.pop() != token:
                return None
            out.append("\n" + "  " * len(stack) + token)
        elif token == ",":
            out.append(",\n" + "  " * len(stack))
        elif token == ":":
            out.append(": ")
        else:
            out.append(_readable(token))
        index += 1
    return None if stack else "".join(out)


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


def _tokens(text: str, check: Callable[[], None] | None) -> list[str] | None:
    # One match at a time, not `findall`: that would hold the interpreter, and with it the window, for seconds.
    tokens: list[str] = []
    place = 0
    for found in _TOKEN.finditer(text):
        start = found.start()
        if start != place and not text[place:start].isspace():  # an unclosed string leaves its quote behind
            return None
        token = found.group()
        if token[0] not in '"{}[],:' and not _WORD.fullmatch(token):
            return None
        tokens.append(token)
        place = found.end()
        if check is not None and len(tokens) % _CHECK_EVERY == 0:
            check()
    if not tokens or tokens[0] not in _PAIRS or text[place:].strip():
        return None
    return tokens


def _short_end(tokens: list[str], start: int, width: int) -> int | None:
    """The index of the bracket that closes the one at `start`, if all between fits on one line."""
    depth = length = 0
    for index in range(start, min(start + _INLINE_TOKENS, len(tokens))):
        token = tokens[index]
        length += len(token) + (token in ",:")
        if length > width:
            return None
        if token in _PAIRS:
            depth += 1
        elif token in ("}", "]"):
            depth -= 1
            if depth == 0:
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
        return json.dumps(json.loads(token, strict=False), ensure_ascii=False)
    except ValueError:
        return token
