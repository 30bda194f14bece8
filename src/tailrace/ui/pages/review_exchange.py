"""What goes into reviewing and out of it: queues made and edited, score fields, datasets, files of every kind."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from tailrace.errors import TailraceError
from tailrace.jobs import Ticket
from tailrace.model import TraceFilter
from tailrace.model.review import Change, Put, Queue, Recipe, Removal
from tailrace.model.score import FAILURE_MODE, REMARKS, THUMB
from tailrace.model.words import count_of, format_count
from tailrace.query import FIELDS
from tailrace.query.fields import FieldKind
from tailrace.ui.commands import with_key_words
from tailrace.ui.dialogs.datasets import DatasetsDialog
from tailrace.ui.dialogs.edit_queue import EditQueueDialog
from tailrace.ui.dialogs.new_queue import NewQueueDialog
from tailrace.ui.dialogs.score_definitions import ScoreDefinitionsDialog
from tailrace.ui.models.judging import Judging
from tailrace.ui.models.review_setup import ReviewSetup
from tailrace.ui.models.session import Session
from tailrace.ui.views.review.recipe_form import Surroundings
from tailrace.ui.views.review.recipe_words import nothing_words, preview_words

if TYPE_CHECKING:
    from tailrace.review.sampling import Sample
    from tailrace.workspace import Workspace
    from tailrace.workspace.merging import MergeReport

_FILES = {
    "labels": ("Export labels", "labels.csv", "CSV (*.csv);;JSON lines (*.jsonl);;Parquet (*.parquet)"),
    "dataset": ("Export the dataset", "dataset.jsonl", "JSON lines (*.jsonl);;CSV (*.csv);;Parquet (*.parquet)"),
    "review": ("Export my review", "review.jsonl", "Review files (*.jsonl *.jsonl.gz)"),
    "report": ("Review report", "review.html", "HTML (*.html)"),
}
_UNRATED = REMARKS | {FAILURE_MODE}
_STRATA = (FieldKind.TEXT, FieldKind.CHOICE)
_UNIQUE = ("trace", "text", "session")  # as many values as traces: no strata


class ReviewExchange(QObject):
    """Opens dialogs over `parent` and does what they come to.

    Signals: `queue_made(object)` the id of a new queue; `merged()` when others' work came in;
    `dataset_chosen(object)` an id; `conflicting(object)` a sentence about the conflicts after a merge; `status(object)`
    a sentence.
    """

    queue_made = Signal(object)
    merged = Signal()
    dataset_chosen = Signal(object)
    conflicting = Signal(object)
    status = Signal(object)

    def __init__(self, session: Session, judging: Judging, setup: ReviewSetup, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._judging = judging
        self._setup = setup
        self._over = parent
        self.dataset_id: Callable[[], str | None] = lambda: None

    # Queues

    def new_queue(self) -> None:
        """Ask what the next queue is made of."""
        self._ask_queue(None)

    def new_queue_from(self, recipe: object) -> None:
        """The same, beginning with a recipe."""
        self._ask_queue(recipe if isinstance(recipe, Recipe) else None)

    def make_queue_of(self, recipe: object, name: str) -> None:
        """Make a queue without asking."""
        if isinstance(recipe, Recipe):
            self._make(Queue(uuid.uuid4().hex, name, recipe, author=self._judging.author))

    def edit_queue(self, queue_id: object) -> None:
        """Change a queue's terms."""
        queue = self._queue(queue_id)
        if queue is not None:
            dialog = EditQueueDialog(queue, self._reviewers(), self._over)
            dialog.accepted_queue.connect(self._save_queue)
            dialog.open()

    def remove_queue(self, queue_id: object) -> None:
        """Remove a queue; what was said of its traces stays."""
        queue = self._queue(queue_id)
        if queue is not None:
            self._judging.change([Removal(Queue, queue.queue_id)], f"removal of the queue {queue.name}")
            back = with_key_words("{edit.undo} brings it back")
            self.status.emit(f"Removed the queue “{queue.name}”; its verdicts stay. {back}")

    def _ask_queue(self, recipe: Recipe | None) -> None:
        self.read_surroundings(partial(self._open_dialog, recipe))

    def read_surroundings(self, done: Callable[[Surroundings], None]) -> None:
        """What a queue can be chosen from now."""
        current = self._session.history.current

        def work(workspace: Workspace, ticket: Ticket) -> Surroundings:
            listed = workspace.list_traces(current, None, ticket)
            named = [score.value for score in workspace.score_names(ticket) if score.value not in _UNRATED]
            scores = tuple(sorted(named, key=THUMB.__ne__))  # verdicts first
            return Surroundings(
                current.text,
                current.since_ns,
                current.until_ns,
                filter_words(current),
                len(listed.keys),
                tuple(field.name for field in FIELDS if field.kind in _STRATA and field.name not in _UNIQUE),
                scores,
            )

        self._session.read("review-surroundings", work, done)

    def _open_dialog(self, recipe: Recipe | None, around: Surroundings) -> None:
        dialog = NewQueueDialog(self._judging.author, around, self._over)
        if recipe is not None:
            dialog.choose(recipe.source)
        dialog.terms.propose_reviewers(self._reviewers())
        dialog.preview_wanted.connect(partial(self._preview, dialog))
        dialog.accepted_queue.connect(self._make)
        dialog.open()

    def _preview(self, dialog: NewQueueDialog, recipe: Recipe) -> None:
        reviewer = self._judging.author

        def show(sample: Sample) -> None:
            if sample.trace_ids:
                words, strata = preview_words(recipe, sample.candidates, sample.strata)
                dialog.show_preview(words, strata, recipe)
            else:
                dialog.show_problem(nothing_words(recipe), recipe)

        def fail(error: Exception) -> None:
            if isinstance(error, TailraceError | ValueError):
                dialog.show_problem(str(error), recipe)
            else:
                self._session.failed.emit(error)

        self._session.read(
            "review-preview", lambda workspace, ticket: workspace.reviews.sample(recipe, reviewer, ticket), show, fail
        )

    def _make(self, queue: Queue) -> None:
        reviewer = self._judging.author

        def work(workspace: Workspace, ticket: Ticket) -> int:
            sample = workspace.reviews.sample(queue.recipe, reviewer, ticket)
            if sample.trace_ids:
                workspace.reviews.make_queue(queue, sample)
            return len(sample.trace_ids)

        def made(size: int) -> None:
            if size:
                self._setup.read()
                self.status.emit(f"{count_of(size, 'trace')} in “{queue.name}”")
                self.queue_made.emit(queue.queue_id)
            else:
                self.status.emit("No trace matches: nothing was made")

        self.status.emit("Making the queue…")
        self._session.read("review-make", work, made)

    def _save_queue(self, queue: Queue) -> None:
        self._judging.change([Put(queue)], f"change of the queue {queue.name}")

    def _queue(self, queue_id: object) -> Queue | None:
        return next((one.queue for one in self._setup.current.queues if one.queue.queue_id == queue_id), None)

    def _reviewers(self) -> list[str]:
        named = {name for one in self._setup.current.queues for name in one.queue.reviewers}
        return sorted(named | {self._judging.author})

    # Score fields and datasets

    def edit_definitions(self) -> None:
        """Choose which scores reviewers are asked for."""
        self._session.read(
            "review-given",
            lambda workspace, ticket: {score.value: score.count for score in workspace.score_names(ticket)},
            self._open_definitions,
        )

    def _open_definitions(self, given: dict[str, int]) -> None:
        definitions = self._setup.current.definitions
        dialog = ScoreDefinitionsDialog(definitions, given, self._judging.author, self._over)
        dialog.changed.connect(partial(self._change, "score fields"))
        dialog.open()

    def choose_dataset(self) -> None:
        """Choose, make and look at datasets."""
        dialog = DatasetsDialog(self._session, self._judging, self.dataset_id(), self._over)
        dialog.changed.connect(partial(self._change, "datasets"))
        dialog.chosen.connect(self.dataset_chosen)
        dialog.open()

    def _change(self, word: str, changes: tuple[Change, ...]) -> None:
        self._judging.change(changes, word)

    # Files

    def export(self, kind: str) -> None:
        """Ask for a file and write labels, the dataset in use, my review, or the report; or merge others'."""
        if kind == "merge":
            self.merge()
            return
        title, name, kinds = _FILES[kind]
        dataset_id = self.dataset_id()
        if kind == "dataset" and dataset_id is None:
            self.status.emit("There is no dataset yet: A adds an item to one")
            return
        chosen, _ = QFileDialog.getSaveFileName(self._over, title, name, kinds)
        if not chosen:
            return
        out, reviewer = Path(chosen), self._judging.author

        def work(workspace: Workspace, ticket: Ticket) -> str:
            reviews = workspace.reviews
            match kind:
                case "labels":
                    return count_of(reviews.write_labels(out, ticket=ticket), "label")
                case "dataset":
                    return count_of(reviews.write_dataset(out, dataset_id, ticket=ticket), "example")
                case "review":
                    return f"{count_of(reviews.export_review(out, reviewer, ticket), 'record')} of {reviewer}"
                case _:
                    reviews.write_report(out, ticket)
                    return "the report"

        self.status.emit(f"Writing {out.name}…")
        self._session.read("review-export", work, partial(self._told, out))

    def merge(self) -> None:
        """Ask for others' review files and databases, and take them in."""
        names, _ = QFileDialog.getOpenFileNames(
            self._over, "Merge others' reviews", "", "Reviews and databases (*.jsonl *.jsonl.gz *.tailrace);;All (*)"
        )
        if names:
            self.merge_files([Path(name) for name in names])

    def merge_files(self, paths: list[Path]) -> None:
        """Take in review files and databases."""
        self.status.emit("Merging…")
        self._session.read(
            "review-merge", lambda workspace, ticket: workspace.reviews.merge(paths, ticket), self._take_merge
        )

    def _told(self, out: Path, what: str) -> None:
        self.status.emit(f"Wrote {what} to {out}")

    def _take_merge(self, report: MergeReport) -> None:
        parts = [f"{format_count(report.added)} new", f"{format_count(report.changed)} changed"]
        if report.new_traces:
            parts.append(f"{count_of(report.new_traces, 'trace')}")
        if report.skipped:
            parts.append(f"{format_count(sum(report.skipped.values()))} left out: {next(iter(report.skipped))}")
        if report.absent:
            about = "judgement" if report.absent == 1 else "judgements"
            parts.append(f"{format_count(report.absent)} {about} about traces that this database does not have")
        parts.append(f"{format_count(report.conflicts)} conflict{'' if report.conflicts == 1 else 's'}")
        self.status.emit(f"Merged: {' · '.join(parts)}")
        if report.conflicts:
            conflicts = "1 conflict" if report.conflicts == 1 else f"{format_count(report.conflicts)} conflicts"
            self.conflicting.emit(f"Merged: {format_count(report.added)} records are new. {conflicts} to settle.")
        self._setup.begin()
        self.merged.emit()
        self._session.data_changed.emit()


def filter_words(current: TraceFilter) -> str:
    """The filter in force, in words."""
    words = f"the traces that match {current.text}" if current.text.strip() else "all traces"
    return words + (" in the chosen time" if current.since_ns is not None or current.until_ns is not None else "")
