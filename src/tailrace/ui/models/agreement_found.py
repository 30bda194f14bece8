"""What the Agreement page shows, read and compared off the Qt thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tailrace.jobs import Ticket
from tailrace.model import TraceRow
from tailrace.model.review import Rating, Remark
from tailrace.review.modes import judged_traces
from tailrace.ui.models.agreement import agreement_rows
from tailrace.ui.models.conflicts import (
    Background,
    PairTable,
    RatedScore,
    conflict_rows,
    conflicted,
    notes_by_rater,
    pair_table,
    rated_scores,
    without,
)
from tailrace.ui.views.agreement_list import AgreementRow
from tailrace.ui.views.conflicts import ConflictRow

if TYPE_CHECKING:
    from tailrace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Found:
    """What one reading brings of the traces that are looked at, `judged` of which somebody gave pass or fail.
    `everything` has what is `hidden` too; nothing of it may be told of those traces."""

    ratings: tuple[Rating, ...]
    remarks: tuple[Remark, ...]
    rows: dict[str, TraceRow]
    everything: tuple[RatedScore, ...]
    shown: tuple[RatedScore, ...]  # without what is hidden
    agreement: tuple[AgreementRow, ...]
    hidden: frozenset[str]
    judged: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """What is shown of one row of the list."""

    score: RatedScore
    pair: PairTable
    rows: list[ConflictRow]


def read_agreement(
    workspace: Workspace, hidden: frozenset[str], ticket: Ticket, within: frozenset[str] | None = None
) -> Found:
    """Everything that raters said of some traces (None: of all), and how far they agree."""
    reviews = workspace.reviews
    ratings: Sequence[Rating] = reviews.ratings(ticket)
    if within is not None:
        ratings = [rating for rating in ratings if rating.trace_id in within]
    definitions = tuple(reviews.definitions(ticket))
    everything = tuple(rated_scores(ratings, definitions))
    seen = without(ratings, hidden)
    shown = everything if not hidden else tuple(rated_scores(seen, definitions))
    rows: dict[str, TraceRow] = {}
    wanted = {trace_id for score in everything for trace_id in conflicted(score, score.raters)}
    keys = list(reviews.keys_of(tuple(wanted), ticket).values()) if wanted else []
    if keys:
        rows = {row.trace_id: row for row in workspace.read_rows(keys, ticket)}
    raters = {score.name: set(score.raters) for score in shown}
    # somebody who judged alone says nothing of agreement, and would leave Fleiss' kappa undefined
    sharing = [rating for rating in seen if rating.rater in raters.get(rating.name, ())]
    # one who is also the name of an automatic rater is one rater here
    agreement = tuple(
        row
        for row in agreement_rows(sharing)
        if len(set(row.raters)) == len(row.raters) and raters.get(row.name, set()).issuperset(row.raters)
    )
    remarks = tuple(reviews.remarks(ticket)) if wanted else ()
    judged = len(judged_traces(seen))
    return Found(tuple(ratings), remarks, rows, everything, shown, agreement, hidden, judged)


def compare(found: Found, row: AgreementRow) -> Compared:
    """What is shown of one row of the list."""
    score = next(score for score in found.shown if score.name == row.name)
    # a score of many shows the table of its first pair
    pairs = [one.raters for one in found.agreement if one.name == row.name and len(one.raters) == 2]
    first, second = row.raters if len(row.raters) == 2 else pairs[0]
    background = Background(notes_by_rater(found.remarks), found.rows, found.hidden)
    whole = next(score for score in found.everything if score.name == row.name)
    masked = replace(whole, by_trace={one: said for one, said in whole.by_trace.items() if one in found.hidden})
    rows = conflict_rows(score, row.raters, background) + conflict_rows(masked, row.raters, background)
    return Compared(score, pair_table(score, first, second), rows)
