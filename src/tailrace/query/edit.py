"""Change a filter text without changing what the rest of it means."""

from __future__ import annotations

import re

from tailrace.query.fields import Field, FieldKind, attribute_field, find_field, score_field
from tailrace.query.parse import State, parse
from tailrace.query.render import write_field
from tailrace.query.tree import And, Not, Op, Or, Term, Text, Tree
from tailrace.query.values import quote, write_value

_NEGATION = re.compile(r"(?:-|(?<!\S)NOT\s+)$")


def with_term(text: str, field: str, value: str | float, negate: bool = False, op: Op = Op.EQ) -> str:
    """`text` with one more condition: `field` has `value` (or, with `negate`, has not). `field` is a name as in
    `model`, `score.NAME` or `attr.KEY`, the key not quoted; "text" looks for words. A text value is taken literally.

    What is there stays as it was written: an OR gets parentheses, a condition that is there already stays alone, and
    the opposite condition makes way for the new one. A text that means nothing (yet) gets the condition in front.
    Raises ValueError when there is no such field."""
    term = _write(_find(field), value, op)
    wanted = f"-{term}" if negate else term
    parsed = parse(text)
    if parsed.state is State.EMPTY:
        return wanted
    if parsed.tree is None:
        return f"{wanted} {text.strip()}"
    told = parsed.tree.children if isinstance(parsed.tree, And) else (parsed.tree,)
    plain = parse(term).tree
    if plain is None:
        raise ValueError(f"{term} is not a condition")
    opposite: Tree = plain if negate else Not(plain)
    if (Not(plain) if negate else plain) in told:
        return text
    for node in told:
        place = _place(text, node) if node == opposite else None
        if place is not None:
            return f"{text[: place[0]]}{wanted}{text[place[1] :]}"
    if isinstance(parsed.tree, Or):
        return f"({text.strip()}) {wanted}"
    return f"{text.strip()} {wanted}"


def _find(name: str) -> Field:
    family, dot, key = name.partition(".")
    field = find_field(name)
    if dot and key and family.lower() == "score":
        field = score_field(key)
    elif dot and key and family.lower() == "attr":
        field = attribute_field(key)
    if field is None:
        raise ValueError(f"there is no field {name}")
    return field


def _write(field: Field, value: str | float, op: Op) -> str:
    if field.name == "text":
        return f"text:{quote(str(value))}"
    if field.kind is FieldKind.ATTRIBUTE and op is Op.EQ:
        return f"{write_field(field)}{op}{quote(value if isinstance(value, str) else f'{value:g}')}"
    return f"{write_field(field)}{op}{write_value(field, value)}"


def _place(text: str, node: Tree) -> tuple[int, int] | None:
    """Where a condition with its negation stands; None where its parentheses make that more than a piece of text."""
    if isinstance(node, Term | Text):
        return node.span
    if not isinstance(node, Not) or not isinstance(node.child, Term | Text):
        return None
    start, end = node.child.span
    before = _NEGATION.search(text[:start])
    if before is not None:
        return before.start(), end
    return (start, end) if "!=" in text[start:end] else None
