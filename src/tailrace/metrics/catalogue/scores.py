"""Measures of one score by its name. Their ids are formulas, so that they are asked for like any other."""

from __future__ import annotations

import re
from typing import Final

from tailrace.metrics.catalogue.expressions import count, mean, quantile, share, where
from tailrace.model.facts import COLUMNS
from tailrace.model.measures import Better, Grain, Is, Measure, Unit
from tailrace.query.values import in_quotes

LONGEST_NAME: Final = 500  # characters; a formula must have room for it
LINE: Final = 0.5
# names that formulas can hold without quotes
PLAIN: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
# what is named after something bad is better the less there is of it
_BAD: Final = re.compile(r"toxi|halluc|harm|bias|error|risk|unsafe|profan|violat|insult|fail|leak|spam", re.IGNORECASE)


def write_score(name: str) -> str:
    """A score's name as formulas have it: score.relevance, or in quotes where that could be read otherwise."""
    plain = PLAIN.fullmatch(name) is not None and name not in COLUMNS[Grain.SCORE]
    return f"score.{name}" if plain else f"score.{in_quotes(name)}"


def score_measures(name: str) -> tuple[Measure, ...]:
    """How often a score was given, its mean and median, and the share below 0.5. None of a name that is too long."""
    if not 0 < len(name) <= LONGEST_NAME:
        return ()
    written = write_score(name)
    named = where("score", name)
    better, worse = (Better.LESS, Better.MORE) if _BAD.search(name) else (Better.MORE, Better.LESS)
    return (
        Measure(
            f"mean({written})", f"{name} mean", "Quality",
            f"The mean of the numeric values of the score “{name}”.",
            Unit.NUMBER, mean(Grain.SCORE, "value", named), better,
        ),
        Measure(
            f"p50({written})", f"{name} p50", "Quality",
            f"The median of the numeric values of the score “{name}”.",
            Unit.NUMBER, quantile(0.5, Grain.SCORE, "value", named), better,
        ),
        Measure(
            f"below({written}, {LINE})", f"{name} below {LINE}", "Quality",
            f"The share of the numeric values of the score “{name}” that are below {LINE}.",
            Unit.SHARE, share(where("value", LINE, Is.LT), Grain.SCORE, named), worse,
        ),
        Measure(
            f"count({written})", f"{name} scores", "Quality",
            f"Values of the score “{name}”: numbers, thumbs and categories.",
            Unit.COUNT, count(Grain.SCORE, "", named), additive=True,
        ),
    )  # fmt: skip
