"""What can be put in while a filter is being typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tailrace.model import ValueCount
from tailrace.query.context import COUNTLESS, ContextKind, Place, find_place
from tailrace.query.fields import FIELDS, Field, FieldKind, attribute_field, find_field, score_field
from tailrace.query.render import write_field
from tailrace.query.values import in_quotes, write_value

# (field or `score.` or `attr.`, what values begin with) -> values seen in the data, the most frequent first.
Values = Callable[[str, str], Sequence[ValueCount]]


@dataclass(frozen=True, slots=True)
class Completion:
    """One proposal: `insert` replaces the text [start, end) of its Completions; the rest is shown. `count` is in how
    many traces it is found, where that is known."""

    insert: str
    label: str
    detail: str = ""
    count: int | None = None
    kind: ContextKind = ContextKind.VALUE


@dataclass(frozen=True, slots=True)
class Completions:
    """Proposals for [start, end) of the text, the best first."""

    start: int
    end: int
    items: tuple[Completion, ...] = ()


_OPERATORS = ((">", "more than"), (">=", "at least"), ("<", "less than"), ("<=", "at most"))
_TYPICAL = {
    "latency": ("1s", "5s", "30s", "1m"),
    "ttft": ("500ms", "1s", "3s"),
    "cost": ("$0.01", "$0.1", "$1"),
    "tokens": ("1k", "10k", "100k"),
    "spans": ("10", "50", "100"),
    "errors": ("0", "1", "5"),
    "loop": ("3", "10", "25"),
}
_MOST = 50


def complete(text: str, cursor: int, values: Values | None = None) -> Completions:
    """Proposals for what is being typed at `cursor`. Without `values` only what the language itself knows. Never
    proposes what is already there. Never raises unless `values` does."""
    place = find_place(text, cursor)
    context = place.context
    if context.kind is ContextKind.NONE:
        return Completions(context.start, context.end)
    if context.kind is ContextKind.FIELD:
        found = _keys(place, values) if context.field else _names(place)
    elif context.kind is ContextKind.OPERATOR:
        found = _operators(place)
    else:
        found = _values(place, values)
    written = text[context.start : context.end]
    gap = "" if place.in_group or context.end < len(text) else " "
    items: list[Completion] = []
    for item in found:
        closed = item.kind is ContextKind.VALUE
        if item.insert != written and len(items) < _MOST:
            insert = item.insert + gap if closed else item.insert
            items.append(Completion(insert, item.label, item.detail, item.count, item.kind))
    return Completions(context.start, context.end, tuple(items))


def _names(place: Place) -> Iterator[Completion]:
    prefix = place.context.prefix.lower()
    families = (
        Completion("score.", "score.", "value or label of a score", kind=ContextKind.FIELD),
        Completion("attr.", "attr.", "any attribute by its key", kind=ContextKind.FIELD),
    )
    named = [Completion(f"{field.name}:", field.name, field.help, kind=ContextKind.FIELD) for field in FIELDS]
    everything = (*named, *families)
    yield from (item for item in everything if item.label.startswith(prefix))
    if place.after_operand:
        for word, meaning in (("OR", "either side is enough"), ("NOT", "leaves out what follows")):
            if word.lower().startswith(prefix):
                yield Completion(f"{word} ", word, meaning, kind=ContextKind.OPERATOR)
    if len(prefix) < 2:
        return
    yield from (item for item in everything if prefix in item.label[1:])
    for field in FIELDS:
        for word, meaning in field.choices:
            # what has a field of its own is not offered twice, but for the error that most look for
            if word.startswith(prefix) and (find_field(word) is None or field.name == "status"):
                yield Completion(f"{field.name}:{word}", f"{field.name}:{word}", meaning)


def _keys(place: Place, values: Values | None) -> Iterator[Completion]:
    family, prefix = place.context.field, place.context.prefix
    made = score_field if family == "score." else attribute_field
    for seen in values(family, prefix) if values is not None else ():
        if seen.value:
            written = write_field(made(seen.value))
            yield Completion(f"{written}:", f"{family}{seen.value}", "", seen.count or None, ContextKind.FIELD)


def _operators(place: Place) -> Iterator[Completion]:
    field = place.field
    assert field is not None
    for amount in _TYPICAL.get(field.name, ()):
        yield Completion(f">{amount}", f">{amount}", f"more than {amount}")
    yield from _signs()


def _signs() -> Iterator[Completion]:
    for sign, meaning in _OPERATORS:
        yield Completion(sign, sign, meaning, kind=ContextKind.OPERATOR)


def _values(place: Place, values: Values | None) -> Iterator[Completion]:
    field, prefix = place.field, place.context.prefix
    assert field is not None
    if place.ordered or field.kind in COUNTLESS:
        for amount in _TYPICAL.get(field.name, ()):
            if amount.startswith(prefix):
                yield Completion(amount, amount)
        return
    if field.choices:
        counts = {seen.value: seen.count for seen in values(field.name, "")} if values is not None else {}
        for word, meaning in field.choices:
            if word.startswith(prefix.lower()):
                yield Completion(word, word, meaning, counts.get(word, 0 if counts else None))
        return
    for seen in values(field.name, prefix) if values is not None else ():
        written = _write(field, seen.value, place.in_quotes)
        yield Completion(written, seen.value or "(empty)", "", seen.count)
    if field.key is not None and not prefix and not place.in_group:
        yield from _signs()


def _write(field: Field, value: str, quoted: bool) -> str:
    if field.kind is FieldKind.SCORE and not quoted:
        try:
            float(value)
        except ValueError:
            return write_value(field, value)
        return value
    return in_quotes(value) if quoted else write_value(field, value)
