"""Score definitions while they are being edited: as typed, what is wrong with them, and the changes they come to."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tailrace.model.review import Change, DefinitionKind, Put, Removal, ScoreDefinition
from tailrace.review.judgement import is_reserved

KIND_WORDS = {
    DefinitionKind.THUMB: "thumbs",
    DefinitionKind.NUMBER: "number",
    DefinitionKind.CATEGORY: "category",
    DefinitionKind.YES_NO: "yes or no",
    DefinitionKind.TEXT: "text",
}
_MOST_STEPS = 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A definition as typed: numbers and options (with commas between) are text. `former` is what it was."""

    definition_id: str
    name: str = ""
    kind: DefinitionKind = DefinitionKind.NUMBER
    description: str = ""
    required: bool = False
    low: str = "0"
    high: str = "1"
    step: str = "0.1"
    options: str = ""
    former: ScoreDefinition | None = None


def new_draft() -> Draft:
    """An empty one with an id of its own."""
    return Draft(f"tailrace:definition:{uuid.uuid4().hex}")


def draft_of(definition: ScoreDefinition) -> Draft:
    """A definition as a person would type it."""
    return Draft(
        definition.definition_id,
        definition.name,
        definition.kind,
        definition.description,
        definition.required,
        f"{definition.low:.10g}",
        f"{definition.high:.10g}",
        f"{definition.step:.10g}",
        ", ".join(definition.options),
        definition,
    )


def number_of(text: str) -> float | None:
    """The finite number that a text is, with a point or a comma; None when it is none."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def options_of(text: str) -> tuple[str, ...]:
    """The words between the commas."""
    return tuple(word for part in text.split(",") if (word := " ".join(part.split())))


def problems(drafts: Sequence[Draft], at: int) -> dict[str, str]:
    """What is wrong with a draft, in words by field: name, range, step, options."""
    draft = drafts[at]
    found: dict[str, str] = {}
    name = draft.name.strip()
    if not name:
        found["name"] = "Give it a name."
    elif is_reserved(name):
        found["name"] = f"“{name}” has a meaning of its own already: choose another name."
    elif any(other.name.strip().casefold() == name.casefold() for i, other in enumerate(drafts) if i != at):
        found["name"] = f"There is another score called “{name}”."
    if draft.kind is DefinitionKind.NUMBER:
        found |= _number_problems(draft)
    if draft.kind is DefinitionKind.CATEGORY:
        options = options_of(draft.options)
        if len(options) < 2:
            found["options"] = "Give at least two options, with commas between them."
        elif len({option.casefold() for option in options}) < len(options):
            found["options"] = "Every option can be there only once."
    return found


def _number_problems(draft: Draft) -> dict[str, str]:
    low, high, step = number_of(draft.low), number_of(draft.high), number_of(draft.step)
    if low is None or high is None:
        return {"range": "Both ends of the range must be numbers."}
    if low >= high:
        return {"range": "The range must begin below its end."}
    if step is None or step <= 0:
        return {"step": "The step must be a number above 0."}
    if step > high - low:
        return {"step": "The step is longer than the range."}
    if (high - low) / step > _MOST_STEPS:
        return {"step": f"That is more than {_MOST_STEPS:,} steps: too fine to choose from."}
    return {}


def definition_of(draft: Draft, position: int, author: str) -> ScoreDefinition:
    """The definition that a sound draft means; ValueError for a range that is none. What does not belong to its kind
    stays as it was."""
    former = draft.former or ScoreDefinition(draft.definition_id, "", draft.kind, author=author)
    made = replace(
        former,
        name=draft.name.strip(),
        kind=draft.kind,
        description=draft.description.strip(),
        required=draft.required,
        position=position,
    )
    if draft.kind is DefinitionKind.NUMBER:
        low, high, step = number_of(draft.low), number_of(draft.high), number_of(draft.step)
        if low is None or high is None or step is None:
            raise ValueError("a draft with faults is no definition")
        return replace(made, low=low, high=high, step=step)
    return replace(made, options=options_of(draft.options)) if draft.kind is DefinitionKind.CATEGORY else made


def changes_of(before: Sequence[ScoreDefinition], drafts: Sequence[Draft], author: str) -> tuple[Change, ...]:
    """What must be put and removed so that the definitions are as typed; nothing for what is as it was."""
    kept = {draft.definition_id for draft in drafts}
    gone = [Removal(ScoreDefinition, one.definition_id) for one in before if one.definition_id not in kept]
    made = [definition_of(draft, place, author) for place, draft in enumerate(drafts)]
    former = {one.definition_id: one for one in before}
    return (*gone, *(Put(one) for one in made if former.get(one.definition_id) != one))


def is_edited(draft: Draft) -> bool:
    """Whether what a reviewer may answer, or the name, differs from the form that scores were given under."""
    former = draft.former
    if former is None:
        return False
    was = draft_of(former)
    parts = {
        DefinitionKind.NUMBER: (draft.low, draft.high, draft.step) != (was.low, was.high, was.step),
        DefinitionKind.CATEGORY: options_of(draft.options) != former.options,
    }
    return (draft.name.strip(), draft.kind) != (former.name, former.kind) or parts.get(draft.kind, False)


def given_words(draft: Draft, given: int) -> str:
    """What becomes of scores that were given: empty while nothing is at stake."""
    if draft.former is None or not given:
        return ""
    scores = "1 score was" if given == 1 else f"{given:,} scores were"
    if is_edited(draft):
        return f"{scores} given under the former form. They stay as they are; only new ones follow this form."
    return f"{scores} given so far. They stay as they are, whatever is changed here."
