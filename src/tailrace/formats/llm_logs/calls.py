"""One logged call, whichever generation of tables it came from, and how calls hang together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tailrace.model import Json

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Step:
    """A call before its content is read. `after` is the call whose tool requests this one answers."""

    call_id: str
    session_id: str | None
    start_ns: int
    legacy: bool
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ToolUse:
    """The model asked for a tool."""

    name: str
    arguments: Json
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gave back, or the exception it ended with."""

    name: str
    output: str
    call_id: str | None = None
    exception: str | None = None
    toolbox: str | None = None


@dataclass(slots=True)
class Call:
    """One call of a model. `history` and `fresh` are GenAI messages: what was said before in the conversation, and what
    this call added; `output` are the GenAI parts of the answer."""

    call_id: str
    session_id: str | None
    start_ns: int
    end_ns: int | None
    session_name: str | None = None
    model: str | None = None
    resolved_model: str | None = None
    system: str | None = None
    prompt: str = ""
    response: str = ""
    history: list[dict[str, Json]] = field(default_factory=list)
    fresh: list[dict[str, Json]] = field(default_factory=list)
    output: list[dict[str, Json]] = field(default_factory=list)
    uses: list[ToolUse] = field(default_factory=list)
    results: list[ToolResult] = field(default_factory=list)
    ran_by_server: list[ToolResult] = field(default_factory=list)
    tools: list[dict[str, Json]] = field(default_factory=list)
    options: dict[str, Json] = field(default_factory=dict)
    input_tokens: int | None = None
    output_tokens: int | None = None
    token_details: dict[str, Json] = field(default_factory=dict)
    response_json: Json = None
    extra: dict[str, Json] = field(default_factory=dict)


def chains_of(steps: Iterable[Step]) -> list[list[Step]]:
    """Steps linked by `after`, each chain from its first call on. A step that answers an unknown or a later call, or a
    call that another step has answered already, begins a chain of its own."""
    chains: dict[str, list[Step]] = {}
    open_chains: dict[str, list[Step]] = {}
    for step in sorted(steps, key=lambda step: (step.start_ns, step.call_id)):
        chain = open_chains.pop(step.after, None) if step.after is not None else None
        if chain is None:
            chain = chains[step.call_id] = []
        chain.append(step)
        open_chains[step.call_id] = chain
    return list(chains.values())


def ulid_time_ms(ulid: str) -> int | None:
    """Milliseconds since the epoch in a ULID; None when the text is none."""
    if len(ulid) != 26:
        return None
    value = 0
    for letter in ulid[:10].lower():
        digit = _CROCKFORD.find(letter)
        if digit < 0:
            return None
        value = value * 32 + digit
    return value


def ulid_floor(ulid: str, milliseconds: int) -> str:
    """The least ULID that much before another one, in the same case; the id itself when it is no ULID."""
    time_ms = ulid_time_ms(ulid)
    if time_ms is None:
        return ulid
    value = max(0, time_ms - milliseconds)
    letters = []
    for _ in range(10):
        value, digit = divmod(value, 32)
        letters.append(_CROCKFORD[digit])
    floor = "".join(reversed(letters))
    return floor if ulid == ulid.lower() else floor.upper()
