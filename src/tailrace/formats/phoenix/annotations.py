"""Phoenix's annotations of spans, traces, documents and sessions to scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tailrace.formats.cells import count_of, json_of, number_of, text_of, time_of
from tailrace.formats.foreign_sqlite import ForeignDatabase, Row
from tailrace.formats.records import Record
from tailrace.model import Json, Score, ScoreKind, ScoreSource
from tailrace.model.score import NOTE

_SOURCES = {"HUMAN": ScoreSource.PERSON, "LLM": ScoreSource.MODEL, "CODE": ScoreSource.CODE}
_COLUMNS = (
    "name",
    "label",
    "score",
    "explanation",
    "metadata",
    "annotator_kind",
    "identifier",
    "source",
    "user_id",
    "created_at",
    "updated_at",
    "document_position",
)
# identifiers that Phoenix makes up itself name no person
_MADE_UP = "px-"


@dataclass(frozen=True, slots=True)
class _Target:
    trace_id: str | None = None
    span_id: str | None = None
    session_id: str | None = None

    @property
    def words(self) -> str:
        return self.span_id or self.trace_id or quote(self.session_id or "", safe="")


def read_annotations(database: ForeignDatabase) -> Iterator[Record]:
    """Every annotation as a score. Its id is made of the level, the target's own id, the name and the identifier, so
    that it stays the same when the database is imported again, grown or copied."""
    for level, table, key in (
        ("span", "span_annotations", "span_rowid"),
        ("trace", "trace_annotations", "trace_rowid"),
        ("document", "document_annotations", "span_rowid"),
        ("session", "project_session_annotations", "project_session_id"),
    ):
        for rows in database.batches(table, (key, *_COLUMNS)):
            targets = _targets(database, level, [row[1] for row in rows if row[1] is not None])
            for row in rows:
                score = _score(database, level, row, targets.get(row[1]))
                if score is not None:
                    yield score
            yield from database.take_skipped()


def _targets(database: ForeignDatabase, level: str, rows: Sequence[int]) -> dict[int, _Target]:
    wanted = list(set(rows))
    if level == "session":
        sessions = database.lookup("project_sessions", ("session_id",), "id", wanted)
        return {row: _Target(session_id=name) for row, cell in sessions if (name := text_of(cell))}
    if level == "trace":
        return {row: _Target(trace_id=trace_id) for row, trace_id in _trace_ids(database, wanted).items()}
    spans = database.lookup("spans", ("span_id", "trace_rowid"), "id", wanted)
    traces = _trace_ids(database, list({trace for _, _, trace in spans if trace is not None}))
    return {
        row: _Target(traces[trace], span_id.lower())
        for row, cell, trace in spans
        if (span_id := text_of(cell)) and trace in traces
    }


def _trace_ids(database: ForeignDatabase, rows: Sequence[int]) -> dict[int, str]:
    found = database.lookup("traces", ("trace_id",), "id", rows)
    return {row: trace_id.lower() for row, cell in found if (trace_id := text_of(cell))}


def _score(database: ForeignDatabase, level: str, row: Row, target: _Target | None) -> Score | None:
    number, _, name, label, value, explanation, metadata, annotator, identifier, source, user, *rest = row
    created, updated, position = rest
    place = f"{level} annotation row {number}"
    name, identifier = text_of(name) or "", text_of(identifier) or ""
    if target is None:
        database.skip("an annotation of something that is not there", place)
        return None
    if not name:
        database.skip("an annotation without a name", place)
        return None
    document = count_of(position) if level == "document" else None
    if level == "document" and document is None:
        database.skip("a document annotation without a position", place)
        return None
    value, label, comment = number_of(value), text_of(label), text_of(explanation)
    details = _details(metadata)
    words = [level, target.words, *([str(document)] if document is not None else []), quote(name, safe="")]
    return Score(
        score_id="phoenix:" + ":".join([*words, quote(identifier, safe="")]),
        name=name,
        kind=_kind(name, value, label),
        trace_id=target.trace_id,
        span_id=target.span_id,
        session_id=target.session_id,
        document_position=document,
        value=value,
        label=label,
        comment=comment,
        author=_author(details, identifier, count_of(user)),
        source=_SOURCES.get((text_of(annotator) or "").upper(), ScoreSource.UNKNOWN),
        created_ns=time_of(created),
        updated_ns=time_of(updated),
        metadata=details | ({"phoenix.source": origin} if (origin := text_of(source)) else {}),
    )


def _kind(name: str, value: float | None, label: str | None) -> ScoreKind:
    if name == NOTE and value is None:
        return ScoreKind.TEXT
    if value is not None:
        return ScoreKind.NUMBER
    return ScoreKind.CATEGORY if label is not None else ScoreKind.TEXT


def _author(details: dict[str, Json], identifier: str, user: int | None) -> str | None:
    """What the annotation itself says. Accounts are not read, so that a user of Phoenix has no more than a number."""
    if isinstance(author := details.get("author"), str) and author:
        return author
    if identifier and not identifier.startswith(_MADE_UP):
        return identifier
    return None if user is None else f"Phoenix user {user}"


def _details(cell: object) -> dict[str, Json]:
    try:
        value = json_of(cell)
    except ValueError:
        value = text_of(cell)
    if value is None or isinstance(value, dict):
        return value or {}
    return {"metadata": value}
