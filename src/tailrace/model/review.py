"""Reviewing: queues, score definitions, failure modes, datasets, and what one reviewer says of one trace; and what is
kept, undone and merged in the same way.

Every record has an id that is unique everywhere and the time of its last change, so that the work of several reviewers
merges without a server: of two versions of a record the later one holds, and what is removed stays as a mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from tailrace.model.dashboard import Dashboard
from tailrace.model.message import Document
from tailrace.model.score import Score, ScoreSource
from tailrace.model.span import Json, SpanKind, SpanStatus
from tailrace.model.trace import SpanDetail, TraceRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Verdict(StrEnum):
    """What a reviewer says of a trace: a thumb score. A deferred one is a thumb without a value, labelled `defer`."""

    PASS = "pass"
    FAIL = "fail"
    DEFER = "defer"


class QueueSource(StrEnum):
    """Where a queue's traces come from, within the recipe's filter."""

    FILTER = "filter"  # all that match, oldest first
    RANDOM = "random"  # a random sample
    STRATIFIED = "stratified"  # the same share of every value of a field, at least one of each
    UNREVIEWED = "unreviewed"  # no verdict of this reviewer yet, in random order
    LOW_SCORED = "low-scored"  # a score below a line, lowest first
    DISAGREEMENTS = "disagreements"  # reviewers gave different values of a score


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a queue was chosen: together with the database it gives the same traces in the same order again. `size` None
    is all of them. `by` is a field of the filter language (STRATIFIED), `score` a score's name (LOW_SCORED,
    DISAGREEMENTS), `below` its line."""

    source: QueueSource = QueueSource.FILTER
    filter_text: str = ""
    since_ns: int | None = None
    until_ns: int | None = None
    size: int | None = None
    seed: int = 0
    by: str | None = None
    score: str | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """Traces to review, in a fixed order. `reviewers` empty: anybody. `overlap` is the share of the items that every
    reviewer gets; the others are dealt out among them. `blind`: others' judgements are hidden until one's own is in."""

    queue_id: str
    name: str
    recipe: Recipe = Recipe()
    instructions: str = ""
    blind: bool = False
    reviewers: tuple[str, ...] = ()
    overlap: float = 1.0
    author: str | None = None
    created_ns: int | None = None
    updated_ns: int | None = None


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One trace of a queue. A requeued one counts as open until a verdict that is newer than `requeued_ns`."""

    queue_id: str
    trace_id: str
    position: int
    stratum: str = ""
    requeued_ns: int | None = None
    updated_ns: int | None = None

    @property
    def item_id(self) -> str:
        """Its id as a record."""
        return f"{self.queue_id}/{self.trace_id}"


@dataclass(frozen=True, slots=True)
class Visit:
    """One look of one reviewer at one item: how long it was on show and attended to."""

    visit_id: str
    queue_id: str
    trace_id: str
    author: str
    began_ns: int
    spent_ms: int
    updated_ns: int | None = None


class DefinitionKind(StrEnum):
    """What a defined score's value is."""

    THUMB = "thumb"
    NUMBER = "number"
    CATEGORY = "category"
    YES_NO = "yes/no"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ScoreDefinition:
    """A score that reviewers are asked for. Scores given under an earlier form of it stay as they are.

    `low`, `high` and `step` belong to NUMBER, `options` to CATEGORY, best first."""

    definition_id: str
    name: str
    kind: DefinitionKind
    description: str = ""
    required: bool = False
    low: float = 0.0
    high: float = 1.0
    step: float = 0.1
    options: tuple[str, ...] = ()
    position: int = 0
    author: str | None = None
    created_ns: int | None = None
    updated_ns: int | None = None


@dataclass(frozen=True, slots=True)
class FailureMode:
    """A category of failure that reviewers name. `position` gives its number key: 0 is key 1. One that was merged into
    another names it in `merged_into`; its marks then count there."""

    mode_id: str
    name: str
    description: str = ""
    merged_into: str | None = None
    position: int = 0
    author: str | None = None
    created_ns: int | None = None
    updated_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A named list of examples."""

    dataset_id: str
    name: str
    description: str = ""
    author: str | None = None
    created_ns: int | None = None
    updated_ns: int | None = None


@dataclass(frozen=True, slots=True)
class DatasetItem:
    """One example, as it was when it was added. `item_id` is dataset_id/trace_id, so that adding twice is once.
    `expected` is the corrected output, else the output of a trace that passed, else None."""

    item_id: str
    dataset_id: str
    trace_id: str
    span_id: str | None
    input: str | None
    output: str | None
    expected: str | None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    author: str | None = None
    created_ns: int | None = None
    updated_ns: int | None = None


Record: TypeAlias = (
    Score | Queue | QueueItem | Visit | ScoreDefinition | FailureMode | Dataset | DatasetItem | Dashboard
)


@dataclass(frozen=True, slots=True)
class Put:
    """Add a record, or replace the one of its id."""

    record: Record


@dataclass(frozen=True, slots=True)
class Removal:
    """Take a record away."""

    kind: type[Record]
    record_id: str


Change: TypeAlias = Put | Removal


def id_of(record: Record) -> str:
    """The id of a record among those of its kind."""
    match record:
        case Score():
            return record.score_id
        case Queue():
            return record.queue_id
        case QueueItem():
            return record.item_id
        case Visit():
            return record.visit_id
        case ScoreDefinition():
            return record.definition_id
        case FailureMode():
            return record.mode_id
        case Dataset():
            return record.dataset_id
        case DatasetItem():
            return record.item_id
        case Dashboard():
            return record.dashboard_id


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a piece of evidence stands, so that it is found again whatever the layout: the span, the place of its text
    in the conversation (`inputs/2/0` is part 0 of input message 2, also `outputs/…`, `input`, `output`,
    `documents/3`, `status` for an error's message), the words themselves with some before and after, and where they
    begin in the source text (None where the shown text differs from it)."""

    span_id: str
    place: str
    quote: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Highlighted text; the score that keeps it is named `evidence`."""

    score_id: str
    anchor: Anchor
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that one reviewer has said of one trace. `modes` are mode ids in the order they were given, `scores` the
    values of defined scores by name. `judged_ns` is when the verdict was given last."""

    verdict: Verdict | None = None
    note: str = ""
    modes: tuple[str, ...] = ()
    scores: Mapping[str, Score] = field(default_factory=dict)
    correction: str = ""
    evidence: tuple[Evidence, ...] = ()
    judged_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A retrieval or a tool call on the way to an answer. `documents` are those of a retrieval, in order."""

    span_id: str
    kind: SpanKind
    name: str
    status: SpanStatus
    duration_ns: int | None
    documents: tuple[Document, ...] = ()
    input: str | None = None
    output: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Another trace of the same session: turn `number` (from 1), its question and answer as the list previews them."""

    key: int
    number: int
    start_ns: int
    question: str
    answer: str
    failed: bool


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One trace as a reviewer reads it. `answer` is the span whose conversation stands for the trace, `asked` another
    one that holds what came in from outside (and, where it is the root, what went out). `steps` are the first of
    `step_count` retrievals and tool calls by time. The trace is turn `turn` (from 1) of `turns` of its session, None
    without one, and `neighbours` are the turns around it. `datasets` are the ids of those it is in."""

    row: TraceRow
    answer: SpanDetail | None
    steps: tuple[Step, ...]
    step_count: int
    models: tuple[str, ...]
    prompts: tuple[str, ...]
    turn: int | None
    turns: int | None
    scores: tuple[Score, ...]
    datasets: tuple[str, ...] = ()
    asked: SpanDetail | None = None
    neighbours: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """A queue and how far one reviewer is with their share of it."""

    queue: Queue
    size: int
    passed: int
    failed: int
    deferred: int


OPEN, PASSED, FAILED, DEFERRED = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class QueueList:
    """One reviewer's share of a queue, in order, requeued items last. `keys` are the traces' keys, -1 where the trace
    is not in this database; `states` OPEN, PASSED, FAILED or DEFERRED; `requeued` how many at the end were put back.
    `whole` are the traces of everybody's shares."""

    queue: Queue
    trace_ids: tuple[str, ...]
    keys: NDArray[np.int64]
    states: NDArray[np.int8]
    requeued: int = 0
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rating:
    """One value that somebody gave a trace (or its root span) under a score's name: what agreement is reckoned from.
    `rater` is the author, for automatic scores too. `value` is a number where the score has one, else None."""

    trace_id: str
    name: str
    rater: str
    source: ScoreSource
    value: float | None
    label: str | None
    said_ns: int
    adjudicated: bool = False


@dataclass(frozen=True, slots=True)
class ModeMark:
    """One reviewer saw a failure mode (as merged) in a trace. `key` is -1 where the trace is not in this database."""

    trace_id: str
    key: int
    mode_id: str
    author: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """A note on a trace, or on a span of it, with the failure modes its trace has by now."""

    score_id: str
    trace_id: str
    key: int
    trace_name: str
    author: str | None
    text: str
    modes: tuple[str, ...]
    said_ns: int | None
