"""The filter language: text to tree, diagnostics, completion. Knows no SQL."""

from tailrace.query.fields import FIELDS, Field, FieldKind, attribute_field, find_field, score_field
from tailrace.query.tree import And, Everything, Not, Op, Or, Prefix, Term, Text, Tree, Value, children_of, fold

__all__ = [
    "FIELDS",
    "And",
    "Everything",
    "Field",
    "FieldKind",
    "Not",
    "Op",
    "Or",
    "Prefix",
    "Term",
    "Text",
    "Tree",
    "Value",
    "attribute_field",
    "children_of",
    "find_field",
    "fold",
    "score_field",
]
