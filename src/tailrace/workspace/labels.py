"""What reviewers said, as rows for other programs: labels (one row a trace and reviewer), and datasets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import orjson

from tailrace.errors import SourceError
from tailrace.jobs import Ticket
from tailrace.model import Score, ScoreKind, ScoreSource, Sorting, SortKey, TraceFilter
from tailrace.model.review import Dataset, DatasetItem
from tailrace.model.score import FAILURE_MODE, THUMB
from tailrace.query import Tree
from tailrace.review.judgement import is_adjudicated, is_reserved, judgement_of, verdict_of
from tailrace.store import Reader, reviews
from tailrace.store.judged import JudgedTrace, judged_keys, judged_names, read_judged
from tailrace.workspace.tables import Column, Form, Kind, write_rows

_AT_ONCE = 500
_BEFORE = (
    Column("trace_id", Kind.TEXT),
    Column("trace_name", Kind.TEXT),
    Column("started", Kind.TIME),
    Column("session", Kind.TEXT),
    Column("user", Kind.TEXT),
    Column("models", Kind.LIST),
    Column("prompts", Kind.LIST),
    Column("reviewer", Kind.TEXT),
    Column("verdict", Kind.TEXT),
    Column("note", Kind.TEXT),
    Column("other_notes", Kind.LIST),
    Column("failure_modes", Kind.LIST),
)
_AFTER = (
    Column("correction", Kind.TEXT),
    Column("evidence", Kind.LIST),
    Column("adjudicated_verdict", Kind.TEXT),
    Column("seconds_spent", Kind.NUMBER),
    Column("judged_at", Kind.TIME),
    Column("input_preview", Kind.TEXT),
    Column("output_preview", Kind.TEXT),
)


def write_labels(
    reader: Reader,
    tree: Tree,
    out: Path | IO[bytes],
    form: Form,
    reviewer: str | None = None,
    guard: bool = True,
    ticket: Ticket | None = None,
) -> int:
    """Write a row for each trace that a filter matches and each person who judged it (or the one that is named),
    the oldest trace first; how many. Defined scores are columns named `score.NAME`. Raises SourceError."""
    columns = label_columns(reader, ticket)
    return write_rows(out, columns, labels(reader, tree, reviewer, ticket), form, guard)


def label_columns(reader: Reader, ticket: Ticket | None = None) -> tuple[Column, ...]:
    """The columns of labels: one for every score that is defined, in order, then for those that people gave else."""
    with reader.reading(ticket) as snapshot:
        defined = [definition.name for definition in reviews.read_definitions(snapshot.connection)]
        names = dict.fromkeys((*defined, *judged_names(snapshot.connection)))
    scores = (Column(f"score.{name}") for name in names if not is_reserved(name))
    return (*_BEFORE, *scores, *_AFTER)


def labels(
    reader: Reader, tree: Tree, reviewer: str | None = None, ticket: Ticket | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of labels by column; times are integer nanoseconds."""
    listed = reader.list_traces(tree, TraceFilter(), Sorting(SortKey.START, descending=False), ticket)
    with reader.reading(ticket) as snapshot:
        judged = judged_keys(snapshot.connection)
    keys = [key for key in listed.keys.tolist() if key in judged]
    for at in range(0, len(keys), _AT_ONCE):
        with reader.reading(ticket) as snapshot:
            traces = read_judged(snapshot.connection, keys[at : at + _AT_ONCE])
        for trace in traces:
            yield from _rows_of(trace, reviewer)


def _rows_of(trace: JudgedTrace, reviewer: str | None) -> Iterator[dict[str, Any]]:
    by_author: dict[str, list[Score]] = {}
    settled = None
    for score in trace.scores:
        if score.source is not ScoreSource.PERSON:
            continue
        if is_adjudicated(score):
            settled = verdict_of(score) if score.name == THUMB else settled
        elif reviewer is None or score.author == reviewer:
            by_author.setdefault(score.author or "", []).append(score)
    known = {
        "trace_id": trace.trace_id,
        "trace_name": trace.name,
        "started": trace.start_ns,
        "session": trace.session_id,
        "user": trace.user_id,
        "models": list(trace.models),
        "prompts": list(trace.prompts),
        "adjudicated_verdict": None if settled is None else settled.value,
        "input_preview": trace.input_preview,
        "output_preview": trace.output_preview,
    }
    for author in sorted(by_author):
        spent_ms = trace.spent_ms.get(author)
        yield known | _said_by(author, by_author[author]) | {
            "reviewer": author or None,
            "seconds_spent": None if spent_ms is None else spent_ms / 1000,
        }  # fmt: skip


def _said_by(author: str, scores: Sequence[Score]) -> dict[str, Any]:
    """What one person said. What came from another tool has ids of that tool, and counts where nothing of ours is."""
    judgement = judgement_of(scores, author)
    on_trace = [score for score in scores if score.span_id is None]
    foreign = [verdict_of(score) for score in on_trace if score.name == THUMB and score.kind is ScoreKind.THUMB]
    verdict = judgement.verdict or (foreign[-1] if foreign else None)
    notes = [score.comment for score in scores if score.is_note and score.comment]
    given = {score.name: score for score in on_trace if not is_reserved(score.name)} | dict(judgement.scores)
    return {
        "verdict": None if verdict is None else verdict.value,
        "note": judgement.note or None,
        "other_notes": [note for note in notes if note != judgement.note],
        "failure_modes": list(dict.fromkeys(s.label for s in scores if s.name == FAILURE_MODE and s.label)),
        **{f"score.{name}": _value_of(score) for name, score in given.items()},
        "correction": judgement.correction or None,
        "evidence": [evidence.anchor.quote for evidence in judgement.evidence],
        "judged_at": judgement.judged_ns or max((_when(score) for score in scores), default=0) or None,
    }


def _value_of(score: Score) -> float | bool | str | None:
    match score.kind:
        case ScoreKind.THUMB:
            return None if score.value is None else score.value >= 0.5
        case ScoreKind.NUMBER:
            return score.value
        case ScoreKind.CATEGORY:
            return score.label
        case ScoreKind.TEXT:
            return score.comment


def _when(score: Score) -> int:
    return score.updated_ns or score.created_ns or 0


def choose_dataset(reader: Reader, name: str | None, ticket: Ticket | None = None) -> Dataset:
    """The dataset of a name or an id; the only one when none is named. Raises SourceError."""
    with reader.reading(ticket) as snapshot:
        datasets = [dataset for dataset, _ in reviews.read_datasets(snapshot.connection)]
    found = [dataset for dataset in datasets if name is None or name in (dataset.name, dataset.dataset_id)]
    if len(found) == 1:
        return found[0]
    if not datasets:
        raise SourceError(f"{reader.path} has no dataset.", "Add traces to one while reviewing.")
    known = ", ".join(f"{dataset.name} ({dataset.dataset_id})" for dataset in found or datasets)
    what = f"no dataset named {name}" if not found else "more than one dataset" + (f" named {name}" if name else "")
    raise SourceError(f"{reader.path} has {what}.", f"Name one of them, or its id: {known}.")


def write_dataset(
    reader: Reader,
    dataset_id: str,
    tree: Tree,
    out: Path | IO[bytes],
    form: Form,
    guard: bool = True,
    ticket: Ticket | None = None,
) -> int:
    """Write the examples of a dataset whose traces a filter matches (also those whose trace is not here, when it
    matches everything): input, output, expected and metadata; how many. Raises SourceError."""
    with reader.reading(ticket) as snapshot:
        items = reviews.read_examples(snapshot.connection, dataset_id)
        keys = snapshot.matches(tree)
        if keys is not None:
            matching = {trace.trace_id for trace in read_judged(snapshot.connection, keys.tolist())}
            items = [item for item in items if item.trace_id in matching]
    kind = Kind.JSON if form is Form.JSONL else Kind.TEXT
    columns = [Column(name, kind) for name in ("input", "output", "expected", "metadata")]
    return write_rows(out, columns, _examples(items, form), form, guard)


def _examples(items: Iterable[DatasetItem], form: Form) -> Iterator[Mapping[str, str | None]]:
    for item in items:
        texts = {"input": item.input, "output": item.output, "expected": item.expected}
        metadata = orjson.dumps({"trace_id": item.trace_id, **item.metadata}).decode()
        yield {
            **({name: _as_json(text) for name, text in texts.items()} if form is Form.JSONL else texts),
            "metadata": metadata,
        }


def _as_json(text: str | None) -> str | None:
    """Text that is a JSON object or list as it is, other text as a JSON string."""
    if text is None:
        return None
    if text.lstrip()[:1] in ("{", "["):
        try:
            orjson.loads(text)
        except ValueError:
            pass
        else:
            return text
    return orjson.dumps(text).decode()
