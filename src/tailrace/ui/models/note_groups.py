"""What is proposed for notes that have no failure mode: groups of similar ones, and modes that may fit each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tailrace.jobs import Ticket
from tailrace.model.review import FailureMode, Remark
from tailrace.review.similarity import Group, Suggester, group


@dataclass(frozen=True, slots=True)
class Proposals:
    """Groups of notes without a failure mode, by their score ids, the largest first; and mode ids that may fit each
    of them, best first. `read` of `total` notes were compared."""

    groups: tuple[Group, ...] = ()
    fits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    read: int = 0
    total: int = 0


def propose(remarks: Sequence[Remark], modes: Sequence[FailureMode], ticket: Ticket | None = None) -> Proposals:
    """Look at the notes without a mode; `modes` are the live ones. May take seconds for thousands of notes. Raises
    Cancelled."""
    known = {mode.mode_id for mode in modes}
    bare = [remark for remark in remarks if known.isdisjoint(remark.modes)]
    examples = [(mode_id, remark.text) for remark in remarks for mode_id in remark.modes if mode_id in known]
    suggester = Suggester(examples, {mode.mode_id: f"{mode.name} {mode.description}" for mode in modes})
    # many notes say the same in the same words
    by_text: dict[str, tuple[str, ...]] = {}
    for remark in bare:
        if ticket is not None:
            ticket.check()
        if remark.text not in by_text:
            by_text[remark.text] = tuple(mode_id for mode_id, _ in suggester.suggest(remark.text))
    found = group([(remark.score_id, remark.text) for remark in bare])
    return Proposals(found.groups, {remark.score_id: by_text[remark.text] for remark in bare}, found.read, found.total)
