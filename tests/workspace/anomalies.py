"""Traces of four applications with four planted causes, and the selections that a person makes in the charts.

A1  docs' prompt goes from version 7 to 8 half way through: answers are longer and take twice as long.
A2  for six hours support's requests go to gpt-4.1 with forty times the input.
A3  some of ops' agents call one tool over and over until they give up.
A4  for three hours most calls of Claude are refused and made again.
Beside these calls time out, tools fail, and sessions, users, tags and channels vary.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tailrace.model import Cost, Span, SpanKind, SpanStatus, Usage

SECOND = 10**9
HOUR = 3600 * SECOND
START = 1_790_000_000 * SECOND
DAYS = 14

DEPLOY = START + 7 * 24 * HOUR + 9 * HOUR
SPIKE = START + 10 * 24 * HOUR + 12 * HOUR
BURST = START + 4 * 24 * HOUR + 12 * HOUR
BURST_END = BURST + 3 * HOUR

_PRICES = {"gpt-4.1": 2e-6, "gpt-4o-mini": 0.15e-6, "claude-sonnet": 3e-6, "gemini-flash": 0.3e-6}
_TOOLS = ("search_tickets", "get_runbook", "run_query", "post_update")


@dataclass
class _Trace:
    chance: random.Random
    number: int
    app: str
    start_ns: int
    spans: list[Span] = field(default_factory=list)

    def add(self, parent: str | None, name: str, kind: SpanKind, start: int, duration: int, **more: Any) -> str:
        span_id = f"s{len(self.spans)}" if parent is not None else "root"
        error = more.pop("error", None)
        attributes = {"host.name": f"node-{self.number % 3}", "request.id": f"{self.number}-{len(self.spans)}"}
        attributes |= more.pop("attributes", {})
        more.setdefault("version", "2.1" if self.app == "docs" and self.start_ns >= DEPLOY else "2.0")
        self.spans.append(
            Span(
                f"t{self.number}",
                span_id,
                parent,
                name=name,
                kind=kind,
                start_ns=start,
                end_ns=start + duration,
                status=SpanStatus.ERROR if error else SpanStatus.OK,
                error_type=error,
                status_message=f"{error}: failed" if error else "",
                session_id=f"{self.app}-{self.number // 5}",
                user_id=f"user-{self.number // 5 % 40}",
                environment="staging" if self.number // 5 % 12 == 0 else "production",
                tags=("vip",) if self.number % 7 == 0 else (),
                attributes=attributes,
                resource={"service.name": self.app, "telemetry.sdk.language": "python"},
                **more,
            )
        )
        return span_id

    def call(
        self,
        parent: str,
        start: int,
        model: str,
        tokens_in: int,
        tokens_out: int,
        prompt: str,
        slow: float = 1,
        sure: bool = False,
    ) -> tuple[int, str | None]:
        """A model call, made again where it was refused; when it ends, and how it failed."""
        chance = self.chance
        name, _, version = prompt.partition("@")
        said = {"model": model, "prompt_name": name, "prompt_version": version}
        for attempt in range(2):
            burst = model.startswith("claude") and BURST <= start < BURST_END
            refused = not sure and chance.random() < (0.6 if burst else 0.004)
            late = not sure and not refused and chance.random() < 0.008
            if not refused and not late:
                duration = int(
                    (chance.lognormvariate(-0.9, 0.4) + tokens_out * chance.uniform(0.009, 0.017)) * slow * SECOND
                )
                cost = _PRICES[model] * (tokens_in + 4 * tokens_out)
                usage = Usage(tokens_in, tokens_out, None)
                self.add(parent, f"chat {model}", SpanKind.LLM, start, duration, usage=usage, cost=Cost(cost), **said)
                return start + duration, None
            error, duration = ("RateLimitError", 200 * 10**6) if refused else ("APITimeoutError", 30 * SECOND)
            self.add(parent, f"chat {model}", SpanKind.LLM, start, duration, error=error, **said)
            start += duration + SECOND
            if late or attempt:
                return start, error
        return start, None

    def end(self, name: str, end: int, error: str | None, **attributes: Any) -> None:
        """The root, which comes last."""
        self.add(None, name, SpanKind.CHAIN, self.start_ns, end - self.start_ns, error=error, attributes=attributes)


def _support(trace: _Trace) -> None:
    chance = trace.chance
    spike = SPIKE <= trace.start_ns < SPIKE + 6 * HOUR
    model = "gpt-4.1" if spike else chance.choice(("gpt-4o-mini", "gpt-4o-mini", "claude-sonnet"))
    tokens = chance.randint(200, 1400) * (40 if spike else 1)
    end, error = trace.call("root", trace.start_ns, model, tokens, chance.randint(30, 350), "support-reply@12")
    trace.end("support.turn", end, error and "ChainError", **{"app.channel": chance.choice(("web", "ios", "email"))})


def _docs(trace: _Trace) -> None:
    chance = trace.chance
    new = trace.start_ns >= DEPLOY
    found = chance.randint(50, 300) * 10**6
    trace.add("root", "retrieve", SpanKind.RETRIEVER, trace.start_ns, found)
    model = chance.choice(("gemini-flash", "gemini-flash", "gpt-4o-mini"))
    tokens = int(chance.randint(80, 320) * (1.6 if new else 1))
    prompt = f"answer-with-context@{8 if new else 7}"
    start, asked = trace.start_ns + found, chance.randint(1500, 5200)
    end, error = trace.call("root", start, model, asked, tokens, prompt, 1.2 if new else 1)
    trace.end("docs.answer", end, error and "ChainError", index="kb")


def _ops(trace: _Trace) -> None:
    chance = trace.chance
    loop = chance.random() < 0.06
    at, error = trace.start_ns, None
    rounds = chance.randint(25, 60) if loop else chance.choice((1, 2, 2, 3, 4, 6))
    for step in range(rounds):
        model = chance.choice(("claude-sonnet", "gpt-4.1"))
        at, error = trace.call("root", at, model, 400 + 180 * step, chance.randint(15, 90), "ops-planner@3", sure=loop)
        if error:
            break
        tool = "search_tickets" if loop else chance.choice(_TOOLS)
        failed = "ToolError" if not loop and chance.random() < 0.03 else None
        trace.add("root", f"execute_tool {tool}", SpanKind.TOOL, at, 150 * 10**6, tool_name=tool, error=failed)
        at += 150 * 10**6
    failed = "MaxIterationsExceeded" if loop else error and "AgentError"
    trace.end("ops.handle", at, failed, **{"app.severity": chance.choice(("sev1", "sev2", "sev3"))})


def anomalies(seed: int, traces: int = 3_000) -> Iterator[Span]:
    """The spans of all of them, by the day more than by night."""
    chance = random.Random(seed)
    for number in range(traces):
        hour = min(23.99, max(0.0, chance.gauss(14, 4)))
        start = START + chance.randrange(DAYS) * 24 * HOUR + int(hour * HOUR)
        trace = _Trace(chance, number, chance.choices(("support", "docs", "ops"), (45, 30, 25))[0], start)
        {"support": _support, "docs": _docs, "ops": _ops}[trace.app](trace)
        yield from trace.spans
