"""Filter texts as what the store is asked with."""

from __future__ import annotations

from tailrace.errors import QueryError
from tailrace.query import Tree, parse


def tree_of(text: str) -> Tree:
    """The tree of a filter text. Raises QueryError when it is wrong or not finished."""
    parsed = parse(text)
    if parsed.tree is None:
        raise QueryError(f"The filter cannot be used: {parsed.message}.", parsed.position)
    return parsed.tree
