"""How notes stand in their list: without a failure mode first, like with like, then mode by mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tailrace.model.review import FailureMode, Remark
from tailrace.model.words import format_count

FIRST_KEYS = 9


@dataclass(frozen=True, slots=True)
class Chip:
    """A failure mode that may fit a note. `key` is its number key, empty beyond the ninth."""

    mode_id: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Stands over the notes of one section. `offer` are the score ids that one press makes a mode of, named `name`;
    `mode_id` is set where the section is a mode's."""

    section: str
    title: str
    count: int
    offer: tuple[str, ...] = ()
    name: str = ""
    mode_id: str | None = None

    @property
    def button(self) -> str:
        """What the offer says."""
        return f"Make a mode of these {format_count(len(self.offer))}" if self.offer else ""

    @property
    def words(self) -> str:
        """The heading for those who do not see it."""
        return f"{self.title}, {format_count(self.count)} note{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note in a section."""

    section: str
    remark: Remark
    mode_id: str | None = None
    chips: tuple[Chip, ...] = ()


RemarkRow = Heading | NoteRow


def number_key(place: int) -> str:
    """The key of the mode at a place: 1 to 9, then none."""
    return str(place + 1) if 0 <= place < FIRST_KEYS else ""


def arrange_remarks(
    remarks: Sequence[Remark],
    modes: Sequence[FailureMode],
    groups: Sequence[tuple[str, Sequence[str]]] = (),
    fits: Mapping[str, Sequence[str]] | None = None,
    wanted: str = "",
    only: str | None = None,
) -> list[RemarkRow]:
    """Headings and notes in order. `groups` are proposed (name, score ids), `fits` the modes that may fit a note,
    `wanted` words that must all be in text, trace name, author or mode; `only` one mode's notes alone."""
    places = {mode.mode_id: place for place, mode in enumerate(modes)}
    words = wanted.casefold().split()
    matching = [remark for remark in remarks if _has(remark, words, modes, places)]
    by_mode: dict[str, list[Remark]] = {mode.mode_id: [] for mode in modes}
    bare: dict[str, Remark] = {}
    for remark in matching:
        known = [mode_id for mode_id in remark.modes if mode_id in by_mode]
        for mode_id in known:
            by_mode[mode_id].append(remark)
        if not known:
            bare[remark.score_id] = remark
    rows: list[RemarkRow] = []
    if only is None:
        rows += _bare(bare, groups, fits or {}, modes, places)
    for mode in modes:
        held = by_mode[mode.mode_id]
        if held and only in (None, mode.mode_id):
            section = f"mode:{mode.mode_id}"
            rows.append(Heading(section, mode.name, len(held), mode_id=mode.mode_id))
            rows += [NoteRow(section, remark, mode.mode_id) for remark in held]
    return rows


def _bare(
    bare: dict[str, Remark],
    groups: Sequence[tuple[str, Sequence[str]]],
    fits: Mapping[str, Sequence[str]],
    modes: Sequence[FailureMode],
    places: Mapping[str, int],
) -> list[RemarkRow]:
    def row(section: str, remark: Remark) -> NoteRow:
        chips = (
            Chip(mode_id, modes[places[mode_id]].name, number_key(places[mode_id]))
            for mode_id in fits.get(remark.score_id, ())
            if mode_id in places
        )
        return NoteRow(section, remark, None, tuple(chips))

    rows: list[RemarkRow] = []
    left = dict(bare)
    for number, (name, score_ids) in enumerate(groups):
        held = [left.pop(score_id) for score_id in score_ids if score_id in left]
        if len(held) < 2:
            left.update((remark.score_id, remark) for remark in held)
            continue
        section = f"group:{number}"
        offer = tuple(remark.score_id for remark in held)
        rows.append(Heading(section, f"“{name}”", len(held), offer, name))
        rows += [row(section, remark) for remark in held]
    if left:
        title = "Without a mode, unlike the others" if rows else "Without a mode"
        rows.append(Heading("bare", title, len(left)))
        rows += [row("bare", remark) for remark in bare.values() if remark.score_id in left]
    return rows


def _has(remark: Remark, words: Sequence[str], modes: Sequence[FailureMode], places: Mapping[str, int]) -> bool:
    if not words:
        return True
    named = [modes[places[mode_id]].name for mode_id in remark.modes if mode_id in places]
    text = " ".join((remark.text, remark.trace_name, remark.author or "", *named)).casefold()
    return all(word in text for word in words)
