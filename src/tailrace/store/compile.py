"""From a filter tree to SQL conditions over the `trace` row.

A leaf becomes one condition that is 0 or 1, never NULL, so that NOT means "all other traces". Leaves are combined by
SQL as far as SQLite's parser goes; beyond that the parts are answered one by one and combined as sorted key arrays,
so that no filter is too long or too deep.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tailrace.query import And, Everything, Not, Or, Prefix, Term, Text, Tree, children_of, fold
from tailrace.store.conditions import Condition, term_condition, text_condition

Keys: TypeAlias = NDArray[np.int64]

# SQLite's parser stack is 100 deep and a level of ours takes up to four entries of it
_DEEPEST = 12
# ... and a statement takes 32,766 parameters; fewer terms also keep a cancel quick
_MOST_LEAVES = 400

EVERYTHING = Condition("1")


@dataclass(frozen=True, slots=True)
class _Part:
    """A subtree as SQL that still fits one statement."""

    condition: Condition
    depth: int
    leaves: int


def matching_keys(tree: Tree, select: Callable[[Condition], Keys], all_keys: Callable[[], Keys]) -> Keys | None:
    """The sorted keys of the traces for which a filter holds; None stands for all. `select` answers one condition with
    sorted keys, `all_keys` gives those of all traces."""

    def answer(part: _Part | Keys) -> Keys:
        return select(part.condition) if isinstance(part, _Part) else part

    def combine(node: Tree, below: list[_Part | Keys]) -> _Part | Keys:
        if isinstance(node, Not):
            child = below[0]
            if isinstance(child, _Part) and child.depth < _DEEPEST:
                inner = child.condition
                return _Part(Condition(f"NOT ({inner.sql})", inner.parameters), child.depth + 1, child.leaves)
            return np.setdiff1d(all_keys(), answer(child), assume_unique=True)
        if isinstance(node, And | Or):
            return _join(node, below, answer)
        return _Part(leaf_condition(node), 1, 1)

    whole = fold(tree, combine)
    if isinstance(whole, _Part) and whole.condition is EVERYTHING:
        return None
    return answer(whole)


def leaf_condition(leaf: Tree) -> Condition:
    """The condition of a term, a text or nothing at all."""
    if isinstance(leaf, Everything):
        return EVERYTHING
    if isinstance(leaf, Text):
        return text_condition(leaf.words, leaf.prefix)
    assert isinstance(leaf, Term)
    if leaf.field.name == "text":
        value = leaf.value
        return text_condition(value.text, True) if isinstance(value, Prefix) else text_condition(str(value), False)
    return term_condition(leaf)


def key_of(tree: Tree) -> tuple[object, ...]:
    """What equal trees share and can be looked up by; a tree's own hash is recursive, and so has a deepest tree."""
    key: list[object] = []
    pending = [tree]
    while pending:
        node = pending.pop()
        below = children_of(node)
        key.append((type(node), len(below)) if below else node)
        pending.extend(below)
    return tuple(key)


def has_text(tree: Tree) -> bool:
    """Whether the full-text index has a say in a filter."""

    def visit(node: Tree, below: list[bool]) -> bool:
        return isinstance(node, Text) or (isinstance(node, Term) and node.field.name == "text") or any(below)

    return fold(tree, visit)


def _join(node: And | Or, below: list[_Part | Keys], answer: Callable[[_Part | Keys], Keys]) -> _Part | Keys:
    word = " AND " if isinstance(node, And) else " OR "
    meet = np.intersect1d if isinstance(node, And) else np.union1d
    groups: list[list[_Part]] = [[]]
    answers: list[Keys] = []
    for part in below:
        if not isinstance(part, _Part):
            answers.append(part)
        elif part.depth >= _DEEPEST:
            answers.append(answer(part))
        else:
            if groups[-1] and sum(other.leaves for other in groups[-1]) + part.leaves > _MOST_LEAVES:
                groups.append([])
            groups[-1].append(part)
    joined = [_in_one(group, word) for group in groups if group]
    if len(joined) == 1 and not answers:
        return joined[0]
    answers.extend(answer(part) for part in joined)
    whole = answers[0]
    for keys in answers[1:]:
        whole = meet(whole, keys)
    return whole


def _in_one(parts: list[_Part], word: str) -> _Part:
    # flat chains parse without depth; up to 400 of them stay below SQLite's 1,000 levels of expression
    sql = word.join(f"({part.condition.sql})" for part in parts)
    parameters = tuple(value for part in parts for value in part.condition.parameters)
    return _Part(Condition(sql, parameters), 1 + max(part.depth for part in parts), sum(part.leaves for part in parts))
