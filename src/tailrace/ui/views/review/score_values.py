"""What a defined score's value is, how it reads, and whether the present definition allows it."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TypeAlias

from tailrace.model import Score
from tailrace.model.review import DefinitionKind, ScoreDefinition

Value: TypeAlias = float | str | None
OUTSIDE = "outside the present range"


def value_of(definition: ScoreDefinition, score: Score | None) -> Value:
    """What a score says, in the form that its definition has now; as it is where the two do not agree."""
    if score is None:
        return None
    match definition.kind:
        case DefinitionKind.TEXT:
            return score.comment or None
        case DefinitionKind.YES_NO if score.label is None and score.value in (0.0, 1.0):
            return "yes" if score.value else "no"
        case DefinitionKind.CATEGORY | DefinitionKind.YES_NO:
            return score.label if score.label is not None else score.value if score.value is not None else score.comment
        case _:
            return score.value if score.value is not None else score.label or score.comment


def options_of(definition: ScoreDefinition) -> tuple[tuple[Value, str], ...]:
    """The values to choose from with their words, best first; empty where there is nothing to choose from."""
    match definition.kind:
        case DefinitionKind.THUMB:
            return ((1.0, "up"), (0.0, "down"))
        case DefinitionKind.YES_NO:
            return (("yes", "yes"), ("no", "no"))
        case DefinitionKind.CATEGORY:
            return tuple((option, option) for option in definition.options)
        case _:
            return ()


def is_allowed(definition: ScoreDefinition, value: Value) -> bool:
    """Whether the definition, as it is now, allows a value. None, not given, always is."""
    if value is None:
        return True
    if definition.kind is DefinitionKind.NUMBER:
        return isinstance(value, float) and definition.low <= value <= definition.high
    if definition.kind is DefinitionKind.TEXT:
        return isinstance(value, str)
    return any(value == option for option, _ in options_of(definition))


_MOST_STEPS = 1e9


def step_of(definition: ScoreDefinition) -> float:
    """The step between numbers: a tenth of the range where the definition has none that can be used."""
    room = definition.high - definition.low
    return definition.step if 0 < definition.step < math.inf else room / 10 if room > 0 else 1.0


def stepped(definition: ScoreDefinition, value: float) -> float:
    """The nearest value that is in the range and a whole number of steps from its low end; the high end counts too."""
    low, high, step = definition.low, definition.high, step_of(definition)
    if value >= high:
        return high
    if value <= low:
        return low
    if (value - low) / step > _MOST_STEPS:  # as good as without steps
        return value
    exact = Decimal(repr(low)) + round((value - low) / step) * Decimal(repr(step))
    return min(high, float(exact))


def number_words(value: float) -> str:
    """A number without what floating point adds."""
    return f"{value:.6g}"


def value_text(definition: ScoreDefinition, value: Value) -> str:
    """A value in words; empty when there is none."""
    if value is None:
        return ""
    words = [word for option, word in options_of(definition) if option == value]
    return words[0] if words else number_words(value) if isinstance(value, float) else value


def range_words(definition: ScoreDefinition) -> str:
    """What may be given, and how with the keyboard."""
    match definition.kind:
        case DefinitionKind.NUMBER:
            low, high, step = (number_words(each) for each in (definition.low, definition.high, step_of(definition)))
            return f"{low} to {high} in steps of {step}: arrow keys, or type it; Delete clears"
        case DefinitionKind.TEXT:
            return ""
        case DefinitionKind.YES_NO:
            return "Y or N, or arrow keys; Delete clears"
        case _:
            last = min(9, len(options_of(definition)))
            return f"1 to {last}, or arrow keys; Delete clears" if last else "it has no options yet"
