"""Measures by formula: figures of facts, and arithmetic on them and on the named measures.

- cost.total / traffic.requests * 1000
- p95(attr.loop.iterations)
- mean(span.duration where kind = "tool" and not failed)
- share(trace.cost > $0.05), below(score.relevance, 0.5)
- count(span where error_category = rate-limit) / elapsed * 1h
"""

from __future__ import annotations

from tailrace.metrics.catalogue import CATALOGUE, score_measures
from tailrace.metrics.formula.complete import complete_formula
from tailrace.metrics.formula.parse import read_formula
from tailrace.metrics.formula.pieces import MAX_LENGTH
from tailrace.metrics.formula.typed import adds_up
from tailrace.metrics.formula.write import write_formula
from tailrace.model.measures import Measure

CUSTOM = "Custom"


def parse_formula(text: str) -> Measure:
    """The measure that a text asks for: one of the catalogue by its id, one of a score, else a custom one whose id and
    title are the text and whose unit follows from its parts. Raises QueryError with the position and the reason."""
    written = text.strip()
    if known := CATALOGUE.get(written.lower()):
        return known
    found = read_formula(text)
    expression = found.figure.expression
    if len(found.scores) == 1:
        named = next((each for each in score_measures(found.scores[0]) if each.expression == expression), None)
        if named is not None:
            return named
    definition = f"By the formula {written}" + ("" if written.endswith(".") else ".")
    return Measure(
        written, written, CUSTOM, definition, found.figure.unit, expression, additive=adds_up(expression)
    )  # fmt: skip


__all__ = ["CUSTOM", "MAX_LENGTH", "complete_formula", "parse_formula", "write_formula"]
