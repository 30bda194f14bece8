"""A tree back to text."""

from __future__ import annotations

import re

from tailrace.query.fields import ATTRIBUTE, SCORE, Field
from tailrace.query.tree import And, Everything, Or, Term, Text, Tree, children_of, fold
from tailrace.query.values import KEYWORDS, in_quotes, write_value

_PLAIN_WORD = re.compile(r"\w[\w./@#%&'’-]*")
_PLAIN_KEY = re.compile(r"[^\s()\":<>=!,*\\]+")


def render(tree: Tree) -> str:
    """The text of a tree: parsing it gives the same tree."""
    return fold(tree, _write)


def write_field(field: Field) -> str:
    """The field as it is written before its operator."""
    if field.key is None or _PLAIN_KEY.fullmatch(field.key):
        return field.name
    return f"{field.name.partition('.')[0]}.{in_quotes(field.key)}"


def _write(node: Tree, below: list[str]) -> str:
    if isinstance(node, Everything):
        return ""
    if isinstance(node, Term):
        return f"{write_field(node.field)}{node.op}{write_value(node.field, node.value)}"
    if isinstance(node, Text):
        return f"{_write_words(node.words)}{'*' if node.prefix else ''}"
    pairs = zip(children_of(node), below, strict=True)
    if isinstance(node, And):
        return " ".join(f"({text})" if isinstance(child, Or) else text for child, text in pairs)
    if isinstance(node, Or):
        return " OR ".join(below)
    return f"-{below[0]}" if isinstance(node.child, Term | Text) else f"-({below[0]})"


def _write_words(words: str) -> str:
    plain = _PLAIN_WORD.fullmatch(words) and words not in KEYWORDS
    return words if plain and not words.lower().startswith((f"{SCORE}.", f"{ATTRIBUTE}.")) else in_quotes(words)
