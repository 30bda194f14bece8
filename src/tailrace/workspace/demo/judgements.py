"""What customers, reviewers, models and code say about the demo's traces."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.score import NOTE, THUMB
from tailrace.workspace.demo.ingredients import load
from tailrace.workspace.demo.support import Outcome

_ANSWERING = frozenset({"support_agent", "billing_agent", "rag_chat", "assistant"})
_MINUTE_NS = 60_000_000_000


def judge(outcome: Outcome, end_ns: int) -> Iterator[Score]:
    """The scores of one trace, none of them from behind `end_ns`."""
    rng = Random(outcome.tape.visit.seed ^ 0x5C0DE)
    app = outcome.tape.visit.app
    if outcome.answer is not None and app in _ANSWERING:
        yield from _by_customer(outcome, rng, end_ns)
        yield from _by_model(outcome, rng, end_ns)
    if app in ("triage_router", "research_crew"):
        yield from _by_code(outcome, end_ns)
    if rng.random() < (0.12 if outcome.wrong or outcome.failed or outcome.blocked else 0.03):
        yield from _by_person(outcome, rng, end_ns)


def judge_session(session_id: str, rng: Random, end_ns: int) -> Score:
    """Was a customer's case solved in the end?"""
    solved = rng.random() < 0.8
    return Score(
        f"demo:{session_id}:resolved",
        "resolved",
        ScoreKind.CATEGORY,
        session_id=session_id,
        value=1.0 if solved else 0.0,
        label="resolved" if solved else "open",
        author=rng.choice(load("people")["reviewers"]),
        source=ScoreSource.PERSON,
        created_ns=end_ns - rng.randrange(1, 600) * _MINUTE_NS,
    )


def _by_customer(outcome: Outcome, rng: Random, end_ns: int) -> Iterator[Score]:
    if rng.random() > (0.3 if outcome.wrong else 0.13):
        return
    happy = rng.random() < (0.25 if outcome.wrong else 0.66 if outcome.loose else 0.86)
    words = load("northwind")["feedback"]["up" if happy else "down"]
    yield Score(
        _id(outcome, "user_feedback"),
        "user_feedback",
        ScoreKind.CATEGORY,
        trace_id=outcome.tape.trace_id,
        value=1.0 if happy else 0.0,
        label="helpful" if happy else "not helpful",
        comment=rng.choice(words) or None if outcome.tape.visit.app != "assistant" else None,
        author=f"u-{outcome.tape.visit.user:04d}",
        source=ScoreSource.USER,
        created_ns=_later(outcome, rng, end_ns, 8),
    )


def _by_model(outcome: Outcome, rng: Random, end_ns: int) -> Iterator[Score]:
    answer = outcome.answer
    checked = {draft.name: draft for draft in outcome.tape.drafts}.get("faithfulness")
    if answer is None:
        return
    if checked is not None or (outcome.tape.visit.app == "rag_chat" and rng.random() < 0.4):
        value = round(
            rng.uniform(0.05, 0.38) if outcome.wrong else min(1.0, rng.gauss(0.79 if outcome.loose else 0.91, 0.07)), 2
        )
        reason = (
            "The answer promises something that the documents rule out."
            if value < 0.5
            else "Every statement is carried by an excerpt."
        )
        yield Score(
            _id(outcome, "faithfulness"),
            "faithfulness",
            ScoreKind.NUMBER,
            trace_id=outcome.tape.trace_id,
            span_id=answer.span_id,
            value=value,
            comment=reason,
            author="judge gemini-2.5-flash",
            source=ScoreSource.MODEL,
            created_ns=_later(outcome, rng, end_ns, 1),
            metadata={"evaluator_version": "3"},
        )
    if rng.random() < 0.3:
        yield Score(
            _id(outcome, "helpfulness"),
            "helpfulness",
            ScoreKind.NUMBER,
            trace_id=outcome.tape.trace_id,
            value=round(
                max(0.0, min(1.0, rng.gauss(0.5 if outcome.wrong else 0.71 if outcome.loose else 0.83, 0.11))), 2
            ),
            author="judge gpt-4.1-mini",
            source=ScoreSource.MODEL,
            created_ns=_later(outcome, rng, end_ns, 1),
        )
    if outcome.retriever is not None and rng.random() < 0.08:
        for position, document in enumerate(outcome.documents[:4]):
            fits = document["score"] > 0.6
            yield Score(
                f"{_id(outcome, 'relevance')}:{position}",
                "relevance",
                ScoreKind.NUMBER,
                trace_id=outcome.tape.trace_id,
                span_id=outcome.retriever.span_id,
                document_position=position,
                value=round(rng.uniform(0.7, 1.0) if fits else rng.uniform(0.0, 0.4), 2),
                label="relevant" if fits else "unrelated",
                author="judge gemini-2.5-flash",
                source=ScoreSource.MODEL,
                created_ns=_later(outcome, rng, end_ns, 1),
            )


def _by_code(outcome: Outcome, end_ns: int) -> Iterator[Score]:
    seconds = (outcome.tape.now - outcome.tape.visit.start_ns) / 1e9
    limit = 2.0 if outcome.tape.visit.app == "triage_router" else 90.0
    within = seconds <= limit and not outcome.failed
    yield Score(
        _id(outcome, "latency_target"),
        "latency_target",
        ScoreKind.CATEGORY,
        trace_id=outcome.tape.trace_id,
        value=1.0 if within else 0.0,
        label="met" if within else "missed",
        comment=f"{seconds:.1f} s of {limit:.0f} s",
        author="checks.py",
        source=ScoreSource.CODE,
        created_ns=min(end_ns, outcome.tape.now),
    )


def _by_person(outcome: Outcome, rng: Random, end_ns: int) -> Iterator[Score]:
    author = rng.choice(load("people")["reviewers"])
    created = _later(outcome, rng, end_ns, 900)
    bad = outcome.wrong or outcome.failed
    yield Score(
        _id(outcome, f"thumb:{author}"),
        THUMB,
        ScoreKind.THUMB,
        trace_id=outcome.tape.trace_id,
        value=0.0 if bad and rng.random() < 0.9 else 1.0,
        author=author,
        source=ScoreSource.PERSON,
        created_ns=created,
    )
    notes = load("northwind")["notes"]
    if outcome.wrong and "60 days" in outcome.reply:
        note = notes[7]
    elif outcome.wrong and "as an exception" in outcome.reply:
        note = notes[0]
    elif outcome.blocked:
        note = notes[6]
    elif outcome.failed:
        note = notes[4]
    elif not outcome.wrong and rng.random() < 0.03:
        note = notes[3]
    else:
        return
    yield Score(
        _id(outcome, f"note:{author}"),
        NOTE,
        ScoreKind.TEXT,
        trace_id=outcome.tape.trace_id,
        span_id=outcome.answer.span_id if outcome.answer is not None and rng.random() < 0.5 else None,
        comment=note,
        author=author,
        source=ScoreSource.PERSON,
        created_ns=created + 20_000_000_000 if created + 20_000_000_000 <= end_ns else end_ns,
    )


def _id(outcome: Outcome, name: str) -> str:
    return f"demo:{outcome.tape.trace_id}:{name}"


def _later(outcome: Outcome, rng: Random, end_ns: int, minutes: int) -> int:
    return min(end_ns, outcome.tape.now + rng.randrange(2 * 10**9, minutes * _MINUTE_NS))
