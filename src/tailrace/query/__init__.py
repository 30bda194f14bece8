"""The filter language: text to tree, diagnostics, completion. Knows no SQL."""

from tailrace.query.complete import Completion, Completions, complete
from tailrace.query.context import Context, ContextKind, completion_context
from tailrace.query.edit import with_term
from tailrace.query.fields import FIELDS, Field, FieldKind, attribute_field, find_field, score_field
from tailrace.query.parse import Parsed, State, parse
from tailrace.query.render import render
from tailrace.query.tokens import Token, TokenKind
from tailrace.query.tree import And, Everything, Not, Op, Or, Prefix, Term, Text, Tree, Value, children_of, fold
from tailrace.query.values import quote

__all__ = [
    "FIELDS",
    "And",
    "Completion",
    "Completions",
    "Context",
    "ContextKind",
    "Everything",
    "Field",
    "FieldKind",
    "Not",
    "Op",
    "Or",
    "Parsed",
    "Prefix",
    "State",
    "Term",
    "Text",
    "Token",
    "TokenKind",
    "Tree",
    "Value",
    "attribute_field",
    "children_of",
    "complete",
    "completion_context",
    "find_field",
    "fold",
    "parse",
    "quote",
    "render",
    "score_field",
    "with_term",
]
