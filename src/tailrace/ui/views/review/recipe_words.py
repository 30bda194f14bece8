"""How a queue was chosen, in words a person would use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tailrace.model.review import QueueSource, Recipe
from tailrace.model.words import format_count


@dataclass(frozen=True, slots=True)
class SourceWords:
    """An icon, a name and a sentence for one way to choose traces."""

    icon: str
    title: str
    sentence: str


SOURCES: dict[QueueSource, SourceWords] = {
    QueueSource.FILTER: SourceWords("list-checks", "All that match", "Every trace of the filter, oldest first."),
    QueueSource.RANDOM: SourceWords("shuffle", "Random sample", "An honest picture of the whole: start here."),
    QueueSource.STRATIFIED: SourceWords(
        "layers", "Stratified sample", "The same share of every model, version or any other field."
    ),
    QueueSource.UNREVIEWED: SourceWords("inbox", "Unreviewed", "What you have given no verdict yet, in random order."),
    QueueSource.LOW_SCORED: SourceWords(
        "trending-down", "Low-scored", "What an evaluator or a user rated low, lowest first."
    ),
    QueueSource.DISAGREEMENTS: SourceWords(
        "scale", "Disagreements", "Where reviewers gave different values of a score."
    ),
}
SEEDED = frozenset({QueueSource.RANDOM, QueueSource.STRATIFIED, QueueSource.UNREVIEWED})
SCORED = frozenset({QueueSource.LOW_SCORED, QueueSource.DISAGREEMENTS})
_KINDS = {
    QueueSource.UNREVIEWED: "unreviewed",
    QueueSource.LOW_SCORED: "low-scored",
    QueueSource.DISAGREEMENTS: "disputed",
}
_LONGEST = 60


def proposed_name(recipe: Recipe) -> str:
    """A short name for a queue of this recipe."""
    count = format_count(recipe.size)
    match recipe.source:
        case QueueSource.FILTER:
            name = "" if recipe.filter_text.strip() else "All traces"
            name = name if recipe.size is None else f"First {count}"
        case QueueSource.RANDOM:
            name = "Random order" if recipe.size is None else f"Random {count}"
        case QueueSource.STRATIFIED:
            by = recipe.by or "field"
            name = f"All by {by}" if recipe.size is None else f"{count} by {by}"
        case QueueSource.UNREVIEWED:
            name = "Unreviewed"
        case QueueSource.LOW_SCORED:
            name = f"Low {recipe.score or 'score'}"
        case QueueSource.DISAGREEMENTS:
            name = f"Disagreements on {recipe.score or 'score'}"
    words = " · ".join(part for part in (name, " ".join(recipe.filter_text.split())) if part)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def recipe_words(recipe: Recipe) -> str:
    """The whole recipe in one sentence."""
    parts = [SOURCES[recipe.source].title]
    if recipe.source is QueueSource.STRATIFIED and recipe.by:
        parts[0] += f" by {recipe.by}"
    if recipe.source in SCORED and recipe.score:
        parts[0] += f" by {recipe.score}" if recipe.source is QueueSource.LOW_SCORED else f" on {recipe.score}"
    if recipe.source is QueueSource.LOW_SCORED and recipe.below is not None:
        parts[0] += f" below {recipe.below:g}"
    parts.append("all of them" if recipe.size is None else f"at most {format_count(recipe.size)}")
    if recipe.source in SEEDED:
        parts.append(f"seed {recipe.seed}")
    parts.append(f"within {recipe.filter_text.strip()}" if recipe.filter_text.strip() else "without a filter")
    return " · ".join(parts)


def preview_words(recipe: Recipe, candidates: int, strata: Sequence[str]) -> tuple[str, list[tuple[str, int]]]:
    """What a recipe gives, in words, and how many traces each value of its field has; `strata` has one value for each
    trace that was chosen, out of so many `candidates`."""
    chosen, kind = len(strata), _KINDS.get(recipe.source, "matching")
    if candidates == 1:
        words = f"The one {kind} trace"
    elif chosen == candidates:
        words = f"All {format_count(candidates)} {kind} traces"
    else:
        words = f"{format_count(chosen)} of {format_count(candidates)} {kind} traces"
    if recipe.source is not QueueSource.STRATIFIED:
        return words, []
    counted = Counter(strata).most_common()
    values = f"{format_count(len(counted))} value{'' if len(counted) == 1 else 's'} of {recipe.by}"
    return f"{words} · {values}", counted


def nothing_words(recipe: Recipe) -> str:
    """Why a recipe gives no trace, and what to change."""
    within = "in the filter" if recipe.filter_text.strip() else "here"
    match recipe.source:
        case QueueSource.UNREVIEWED:
            return f"You have given every trace {within} a verdict."
        case QueueSource.LOW_SCORED if recipe.below is not None:
            return f"No trace {within} has a “{recipe.score}” below {recipe.below:g}. Raise the line to find some."
        case QueueSource.LOW_SCORED:
            return f"No trace {within} has a score “{recipe.score}”."
        case QueueSource.DISAGREEMENTS:
            return f"Nobody disagrees on “{recipe.score}” {within}."
        case _:
            return "No trace matches the filter and the time range."
