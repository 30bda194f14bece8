"""Reviewing in one open database: queues, items, failure modes, agreement, and what goes in and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tailrace.jobs import Ticket
from tailrace.model import TraceFilter
from tailrace.model.review import (
    DEFERRED,
    FAILED,
    PASSED,
    Change,
    Dataset,
    DatasetItem,
    FailureMode,
    ModeMark,
    Queue,
    QueueItem,
    QueueList,
    QueueSource,
    QueueSummary,
    Rating,
    Recipe,
    Remark,
    ReviewItem,
    ScoreDefinition,
    Visit,
)
from tailrace.model.score import THUMB
from tailrace.review.examples import example_of
from tailrace.review.sampling import Sample, sample, share_of
from tailrace.store import Reader, ScoreBook, candidates, reviews
from tailrace.store.changes import apply, make_queue
from tailrace.store.values import values_of
from tailrace.workspace.filtering import tree_of

if TYPE_CHECKING:
    from tailrace.model.versions import MergeReport
    from tailrace.review.report import ReviewReport

# What goes in and out is imported where it is asked for: opening a database waits for none of it


class Reviews:
    """What a Workspace offers to reviewers; every method may take long and belongs in a job. Changes are on the disk
    on return. Raises DatabaseError and QueryError, and Cancelled when a ticket is cancelled."""

    def __init__(self, database: Path, reader: Reader, book: Callable[[], ScoreBook]) -> None:
        self._database = database
        self._reader = reader
        self._book = book

    # Changing

    def apply(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Make changes, all or none, each stamped with the present time; what undoes them, in the order to apply. An
        item that is put as requeued in the future is requeued now."""
        return apply(self._book(), changes)

    def make_queue(self, queue: Queue, sample: Sample) -> tuple[Change, ...]:
        """Put a queue with its traces in the sample's order, all or none; what undoes it."""
        return make_queue(self._book(), queue, sample.trace_ids, sample.strata)

    # Queues

    def sample(self, recipe: Recipe, reviewer: str, ticket: Ticket | None = None) -> Sample:
        """The traces that a recipe chooses for a reviewer, in order: the same from the same data every time. Strata are
        the values of the field `by`, of several the list of them."""
        asked = TraceFilter(recipe.filter_text, recipe.since_ns, recipe.until_ns)
        score = recipe.score or THUMB
        tree = tree_of(recipe.filter_text)
        with self._reader.reading(ticket) as snapshot:
            connection = snapshot.connection
            found = candidates.matching(snapshot, tree, asked)
            if recipe.source is QueueSource.UNREVIEWED:
                said = reviews.read_verdicts(connection, reviewer)
                found = [one for one in found if one[1] not in said]
            elif recipe.source is QueueSource.LOW_SCORED:
                lowest = candidates.lowest_values(connection, score, recipe.below)
                found = sorted((one for one in found if one[1] in lowest), key=lambda one: lowest[one[1]])
            elif recipe.source is QueueSource.DISAGREEMENTS:
                disputed = candidates.disputed(snapshot, score)
                found = [one for one in found if one[1] in disputed]
            strata = [""] * len(found)
            if recipe.source is QueueSource.STRATIFIED and recipe.by is not None:
                values = values_of(snapshot, recipe.by, [key for key, _ in found])
                strata = [", ".join(values.get(key, ())) for key, _ in found]
        return sample(recipe, [trace_id for _, trace_id in found], strata)

    def queues(self, reviewer: str, ticket: Ticket | None = None) -> list[QueueSummary]:
        """Every queue, the oldest first, with how far a reviewer is with their share of it."""
        summaries: list[QueueSummary] = []
        with self._reader.reading(ticket) as snapshot:
            verdicts = reviews.read_verdicts(snapshot.connection, reviewer)
            for queue in reviews.read_queues(snapshot.connection):
                if queue.reviewers:
                    rows = reviews.read_items(snapshot, queue.queue_id, verdicts)
                    mine = rows.states[_share(queue, rows.trace_ids, reviewer)]
                    counts = np.bincount(mine, minlength=4).tolist()
                else:
                    counts = reviews.count_states(snapshot.connection, queue.queue_id, verdicts)
                summaries.append(QueueSummary(queue, sum(counts), counts[PASSED], counts[FAILED], counts[DEFERRED]))
        return summaries

    def read_queue(self, queue_id: str, reviewer: str, ticket: Ticket | None = None) -> QueueList | None:
        """A reviewer's share of a queue, in order; None when there is no such queue."""
        with self._reader.reading(ticket) as snapshot:
            queues = reviews.read_queues(snapshot.connection, queue_id)
            if not queues:
                return None
            rows = reviews.read_items(snapshot, queue_id, reviews.read_verdicts(snapshot.connection, reviewer))
            known = reviews.keys_of(snapshot, rows.trace_ids)
        mine = _share(queues[0], rows.trace_ids, reviewer)
        # requeued is 0 for all that never were, and stable sorting keeps the positions
        order = mine[np.argsort(rows.requeued[mine], kind="stable")]
        trace_ids = tuple(rows.trace_ids[i] for i in order.tolist())
        keys = np.fromiter((known.get(trace_id, -1) for trace_id in trace_ids), np.int64, len(trace_ids))
        requeued = int(np.count_nonzero(rows.requeued[mine]))
        return QueueList(queues[0], trace_ids, keys, rows.states[order], requeued, frozenset(rows.trace_ids))

    def queue_item(self, queue_id: str, trace_id: str, ticket: Ticket | None = None) -> QueueItem | None:
        """One item of a queue as it was recorded; None when it is not in it."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_item(snapshot.connection, queue_id, trace_id)

    def visits(self, queue_id: str, reviewer: str, ticket: Ticket | None = None) -> list[Visit]:
        """The latest 200 visits of a reviewer to a queue, newest first."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_visits(snapshot.connection, queue_id, reviewer)

    # Definitions and failure modes

    def definitions(self, ticket: Ticket | None = None) -> list[ScoreDefinition]:
        """The scores that reviewers are asked for, in order."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_definitions(snapshot.connection)

    def modes(self, ticket: Ticket | None = None) -> list[tuple[FailureMode, int]]:
        """The failure modes that were not merged into others, in order, with in how many traces people saw each."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.count_modes(snapshot.connection)

    def all_modes(self, ticket: Ticket | None = None) -> list[FailureMode]:
        """Every failure mode, those merged into others too, in order."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_modes(snapshot.connection)

    def mode_marks(self, ticket: Ticket | None = None) -> list[ModeMark]:
        """Who saw which failure mode in which trace."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_marks(snapshot.connection)

    def remarks(self, ticket: Ticket | None = None) -> list[Remark]:
        """All notes, oldest first; their failure modes are ids."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_remarks(snapshot.connection)

    # Judgements as figures need them

    def judged(self, ticket: Ticket | None = None) -> list[tuple[str, int, str]]:
        """Trace id, key and author of every person's verdict pass or fail."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_judged(snapshot.connection)

    def reviewers(self, ticket: Ticket | None = None) -> list[str]:
        """The names of all people who judged, looked at or kept anything, in order."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_reviewers(snapshot.connection)

    def ratings(self, ticket: Ticket | None = None, only: str | None = None) -> list[Rating]:
        """The last value that each rater gave a trace under each score's name (or under one), adjudicated ones beside
        them."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_ratings(snapshot, only)

    def keys_of(self, trace_ids: Sequence[str], ticket: Ticket | None = None) -> dict[str, int]:
        """The keys of some traces by id; those that are not here are left out."""
        with self._reader.reading(ticket) as snapshot:
            found = reviews.keys_of(snapshot, trace_ids)
            return {trace_id: found[trace_id] for trace_id in trace_ids if trace_id in found}

    def values_of(self, keys: Sequence[int], field: str, ticket: Ticket | None = None) -> dict[int, tuple[str, ...]]:
        """The different values of a field that is text or a choice, of `score.NAME` or of `attr.KEY`, in order, by
        trace; traces without one are left out. Of `model` those of model calls, where the database has any: not those
        of embedding and reranking."""
        with self._reader.reading(ticket) as snapshot:
            return values_of(snapshot, field, keys)

    # Items

    def read_item(self, key: int, ticket: Ticket | None = None) -> ReviewItem | None:
        """A trace as a reviewer reads it; None when it is not there."""
        return self._reader.read_item(key, ticket)

    def example_of(self, key: int, reviewer: str, dataset_id: str, ticket: Ticket | None = None) -> DatasetItem | None:
        """What adding this trace to a dataset would put in; None when it is not there."""
        item = self._reader.read_item(key, ticket)
        return None if item is None else example_of(item, reviewer, dataset_id)

    # Datasets

    def datasets(self, ticket: Ticket | None = None) -> list[tuple[Dataset, int]]:
        """Every dataset by name, with how many examples it has."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_datasets(snapshot.connection)

    def dataset_items(self, dataset_id: str, ticket: Ticket | None = None) -> list[DatasetItem]:
        """The examples of a dataset, the oldest first."""
        with self._reader.reading(ticket) as snapshot:
            return reviews.read_examples(snapshot.connection, dataset_id)

    # In and out

    def export_review(self, out: Path, reviewer: str | None, ticket: Ticket | None = None) -> int:
        """Write all review records, or what one reviewer said with what that needs, to a file; how many versions.
        Raises SourceError when the file cannot be written."""
        from tailrace.workspace import merging

        return merging.export_review(self._database, out, reviewer, ticket)

    def merge(self, paths: Sequence[Path], ticket: Ticket | None = None) -> MergeReport:
        """Take in others' review files and databases, traces included. Raises SourceError for a file that is
        neither."""
        from tailrace.workspace import merging

        return merging.merge_files(self._database, paths, ticket)

    def labels(self, text: str = "", reviewer: str | None = None, ticket: Ticket | None = None) -> list[dict[str, Any]]:
        """What people said of the traces that a filter matches: a row for each trace and person, by column; times are
        integer nanoseconds."""
        from tailrace.workspace import labels

        return list(labels.labels(self._reader, tree_of(text), reviewer, ticket))

    def write_labels(
        self,
        out: Path | IO[bytes],
        text: str = "",
        reviewer: str | None = None,
        guard: bool = True,
        ticket: Ticket | None = None,
    ) -> int:
        """Write the same to a CSV, JSONL or Parquet file by its name, or as JSONL to a stream; how many rows. `guard`
        keeps spreadsheets from taking text in CSV for formulas. Raises SourceError."""
        from tailrace.workspace import labels
        from tailrace.workspace.tables import form_of

        form = form_of(out)
        return labels.write_labels(self._reader, tree_of(text), out, form, reviewer, guard, ticket)

    def write_dataset(
        self,
        out: Path | IO[bytes],
        name: str | None = None,
        text: str = "",
        guard: bool = True,
        ticket: Ticket | None = None,
    ) -> int:
        """Write the examples of a dataset, named or by id (None: the only one), in the same ways; how many. Raises
        SourceError."""
        from tailrace.workspace import labels
        from tailrace.workspace.tables import form_of

        form = form_of(out)
        dataset = labels.choose_dataset(self._reader, name, ticket)
        return labels.write_dataset(self._reader, dataset.dataset_id, tree_of(text), out, form, guard, ticket)

    def write_report(
        self, out: Path, ticket: Ticket | None = None, queue_id: str | None = None, text: str = ""
    ) -> ReviewReport:
        """Write what the review came to as one HTML page, of all traces or of those of a queue that a filter matches;
        what it says. Raises SourceError."""
        from tailrace.workspace import reporting

        return reporting.write_report(self._reader, out, ticket, reporting.Scope(queue_id, text))


def _share(queue: Queue, trace_ids: Sequence[str], reviewer: str) -> NDArray[np.intp]:
    """The places of a reviewer's traces among a queue's."""
    if not queue.reviewers:
        return np.arange(len(trace_ids))
    return np.flatnonzero(share_of(queue, trace_ids, reviewer))
