"""The demo database: two weeks of invented traffic of a shop for home goods, the same for the same seed and end.

Made through `make_span` and the Writer, like any import; the texts are in resources/demo.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from time import monotonic, time_ns

from tailrace.errors import DatabaseError
from tailrace.formats import is_tailrace_database
from tailrace.jobs import Ticket
from tailrace.model import ImportProgress, Json, LogRecord, Score, Span
from tailrace.store import Writer
from tailrace.workspace.demo.agents import play_crew, play_operations
from tailrace.workspace.demo.assistants import play_chat, play_rag, play_router
from tailrace.workspace.demo.findings import Truth
from tailrace.workspace.demo.judgements import judge, judge_session
from tailrace.workspace.demo.oddities import choose_oddities
from tailrace.workspace.demo.reviewing import REVIEWER, add_review
from tailrace.workspace.demo.support import Outcome, play_support
from tailrace.workspace.demo.tape import Visit
from tailrace.workspace.demo.traffic import plan_visits
from tailrace.workspace.folders import demo_database, make_folder
from tailrace.workspace.prices import current_prices, used_of

__all__ = ["REVIEWER", "invent", "make_demo", "write_demo"]

FORMAT = "Demo data"

_BATCH_SPANS = 1_000
_MINUTE_NS = 60_000_000_000
_LONG_LOOP_ROUNDS = 118
_Play = Callable[[Visit, dict[str, Json]], Outcome]
_PLAYS: dict[str, _Play] = {
    "support_agent": play_support,
    "billing_agent": play_support,
    "triage_router": play_router,
    "rag_chat": play_rag,
    "assistant": play_chat,
    "oncall": play_operations,
    "research_crew": play_crew,
}
_SERVICES = {
    "support_agent": ("northwind-support", "4.2.0", "4.3.1"),
    "billing_agent": ("northwind-support", "4.2.0", "4.3.1"),
    "triage_router": ("northwind-support", "4.2.0", "4.3.1"),
    "rag_chat": ("lattice-docs", "1.9.4", "1.10.0"),
    "assistant": ("intranet-assistant", "0.8.2", "0.8.2"),
    "oncall": ("oncall-agent", "2.0.1", "2.0.3"),
    "research_crew": ("research-crew", "0.3.0", "0.3.0"),
}


def make_demo(ticket: Ticket | None = None) -> Path:
    """The demo database in the user's data folder. It is written when it is not there, up to the present; one that is
    there stays, with what the person has noted in it. Raises DatabaseError."""
    path = demo_database()
    if not is_tailrace_database(path):
        make_folder(path.parent)
        write_demo(path, time_ns() // _MINUTE_NS * _MINUTE_NS, ticket=ticket)
    return path


def write_demo(
    path: Path,
    end_ns: int,
    seed: int = 7,
    traces: int = 3000,
    ticket: Ticket | None = None,
    reviewed: bool = True,
) -> None:
    """Write the demo database, in place of what is at `path`, once it is complete. Its newest trace begins before
    `end_ns`. `reviewed`: with a review in progress. Progress is an ImportProgress in traces. Raises DatabaseError."""
    ticket = ticket or Ticket()
    unfinished = path.with_name(f".{path.name}.unfinished")
    _remove(unfinished)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        prices = current_prices()
        with Writer(unfinished, prices.price, used_of(prices)) as writer:
            writer.begin_source(Path("demo"), FORMAT, f"seed {seed}, end {end_ns}", None)
            truths = _fill(writer, str(path), end_ns, seed, traces, ticket)
            writer.settle(ticket)
            writer.index(ticket)
            writer.finish_source()
        if reviewed:
            add_review(unfinished, truths, end_ns, seed, ticket)
        _remove(path, but_the_file=True)
        os.replace(unfinished, path)
    except OSError as error:
        raise DatabaseError(f"{path} cannot be written: {error.strerror or error}.", detail=str(error)) from error
    finally:
        _remove(unfinished)


def invent(end_ns: int, seed: int = 7, traces: int = 3000) -> Iterator[tuple[list[Span], list[Score]]]:
    """The traces one by one, oldest first, each with its scores."""
    for spans, scores, _ in _invent(end_ns, seed, traces):
        yield spans, scores


def _invent(end_ns: int, seed: int, traces: int) -> Iterator[tuple[list[Span], list[Score], Outcome]]:
    rng = Random(seed)
    visits = plan_visits(rng, traces, end_ns)
    odd = choose_oddities(rng, len(visits))
    long_loop = next((index for index, visit in enumerate(visits) if visit.app == "oncall" and index not in odd), None)
    resources: dict[tuple[str, str, str], dict[str, Json]] = {}
    judged: set[str] = set()
    for index, visit in enumerate(visits):
        resource = _resource(visit, end_ns, resources)
        if index == long_loop:
            outcome = play_operations(visit, resource, rounds=_LONG_LOOP_ROUNDS)
        else:
            outcome = _PLAYS[visit.app](visit, resource)
        scores = list(judge(outcome, end_ns))
        session = visit.session_id
        if session is not None and session not in judged and visit.app == "support_agent" and rng.random() < 0.05:
            judged.add(session)
            scores.append(judge_session(session, rng, end_ns))
        if index in odd:
            odd[index](outcome.tape)
        yield outcome.tape.spans(), scores, outcome


def _fill(writer: Writer, name: str, end_ns: int, seed: int, traces: int, ticket: Ticket) -> dict[str, Truth]:
    """Write the traces; what is true of each, by trace id."""
    began = monotonic()
    truths: dict[str, Truth] = {}
    batch: list[Span | LogRecord | Score] = []
    spans = 0
    for done, (trace, scores, outcome) in enumerate(_invent(end_ns, seed, traces), 1):
        ticket.check()
        truths[outcome.tape.trace_id] = Truth(outcome.wrong, outcome.failed, outcome.blocked)
        batch += trace
        batch += scores
        spans += len(trace)
        if len(batch) >= _BATCH_SPANS:
            writer.write(batch)
            batch = []
            ticket.progress(ImportProgress(name, "reading", done, traces, "traces", spans, monotonic() - began))
    writer.write(batch)
    return truths


def _resource(visit: Visit, end_ns: int, known: dict[tuple[str, str, str], dict[str, Json]]) -> dict[str, Json]:
    service, old, new = _SERVICES[visit.app]
    version = new if visit.prompt_version == "v14" else old
    key = (service, version, visit.environment)
    if key not in known:
        known[key] = {
            "service.name": service,
            "service.version": version,
            "deployment.environment.name": visit.environment,
            "telemetry.sdk.language": "python",
        }
    return known[key]


def _remove(path: Path, but_the_file: bool = False) -> None:
    for suffix in ("-wal", "-shm") if but_the_file else ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
