"""A trace while it is being invented: spans are opened and closed, time passes in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tailrace.model import Event, Json, Link, Span, SpanStatus
from tailrace.semconv import make_span

MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody uses an application once: one trace. `trouble` names what goes wrong in the world at that time."""

    app: str
    start_ns: int
    seed: int
    user: int
    session_id: str | None
    turn: int
    environment: str
    prompt_version: str
    trouble: str = ""


@dataclass(slots=True)
class Draft:
    """A span that may still change."""

    span_id: str
    parent_id: str | None
    name: str
    start_ns: int
    attributes: dict[str, Json]
    end_ns: int | None = None
    status: SpanStatus = SpanStatus.UNSET
    message: str = ""
    events: list[Event] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


class Tape:
    """Records one trace. `now` is the clock of the invented application."""

    def __init__(self, visit: Visit, resource: dict[str, Json], scope: str) -> None:
        self.visit = visit
        self.rng = Random(visit.seed)
        # with the time in it: two demos of different days tell different stories and must not merge trace by trace
        self.trace_id = f"{self.rng.getrandbits(128) ^ visit.start_ns:032x}"
        self.now = visit.start_ns
        self.drafts: list[Draft] = []
        self.resource = resource
        self._scope = scope

    def chance(self, share: float) -> bool:
        """True in that share of all cases."""
        return self.rng.random() < share

    def wait(self, least_ms: float, most_ms: float) -> None:
        """Time passes; short more often than long."""
        self.now += round((least_ms + (most_ms - least_ms) * self.rng.random() ** 2) * MS)

    def open(self, name: str, parent: Draft | None, attributes: dict[str, Json] | None = None) -> Draft:
        """A span begins."""
        span_id = f"{self.rng.getrandbits(64):016x}"
        draft = Draft(span_id, None if parent is None else parent.span_id, name, self.now, attributes or {})
        self.drafts.append(draft)
        self.now += self.rng.randrange(1, 4) * MS
        return draft

    def close(self, draft: Draft, **attributes: Json) -> Draft:
        """A span ends well. Underscores in attribute names stand for dots."""
        self.now += self.rng.randrange(1, 3) * MS
        draft.end_ns = self.now
        if draft.status is SpanStatus.UNSET:
            draft.status = SpanStatus.OK
        draft.attributes |= {key.replace("_", "."): value for key, value in attributes.items()}
        return draft

    def fail(self, draft: Draft, error: str) -> Draft:
        """A span ends with an error, given as `Type: message`."""
        kind, _, message = error.partition(": ")
        self.close(draft)
        draft.status, draft.message = SpanStatus.ERROR, message or kind
        draft.attributes["error.type"] = kind
        trace = (
            f'Traceback (most recent call last):\n  File "/srv/{self.visit.app}/steps.py", line {len(self.drafts) + 40}'
        )
        details: dict[str, Json] = {
            "exception.type": kind,
            "exception.message": message or kind,
            "exception.stacktrace": f"{trace}, in run\n    return step(**arguments)\n{error}\n",
        }
        draft.events.append(Event("exception", self.now - MS, details))
        return draft

    def give_up(self, error: str) -> None:
        """The error passes through every span that is still open, innermost first."""
        for draft in reversed([draft for draft in self.drafts if draft.end_ns is None]):
            self.fail(draft, error)

    def spans(self) -> list[Span]:
        """The trace as spans, in the order of their beginning."""
        return [
            make_span(
                trace_id=self.trace_id,
                span_id=draft.span_id,
                parent_id=draft.parent_id,
                name=draft.name,
                start_ns=draft.start_ns,
                end_ns=draft.end_ns,
                status=draft.status,
                status_message=draft.message,
                attributes=draft.attributes,
                resource=self.resource,
                scope_name=self._scope,
                events=tuple(draft.events),
                links=tuple(draft.links),
            )
            for draft in self.drafts
        ]
