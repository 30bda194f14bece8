"""What the Langfuse SDK hides in JSON attributes: usage and cost by type."""

from __future__ import annotations

from tailrace.model import Cost, Json, Usage
from tailrace.semconv.values import STANDARD_TIER, decode, read_amount, read_count


def read_usage(value: Json, tier: str | None = None) -> Usage | None:
    """Usage out of a map of counts. Langfuse's own counts are disjoint ("input" excludes "input_cached_tokens"), and
    any key with "input" or "output" in its name belongs there; OpenAI's own keys (prompt_tokens …) include theirs."""
    details = decode(value)
    if type(details) is not dict:
        return None
    if tier == STANDARD_TIER:
        tier = None
    if "prompt_tokens" in details or "completion_tokens" in details:
        return _read_openai_usage(details, tier)
    input_ = output = total = read = written = reasoning = heard = spoken = None
    for key, raw in details.items():
        count = read_count(raw)
        if count is None:
            continue
        word = key.lower()
        if word == "total":
            total = count
        elif "input" in word:
            input_ = (input_ or 0) + count
            if "creation" in word or "write" in word:
                written = (written or 0) + count
            elif "cache" in word:
                read = (read or 0) + count
            elif "audio" in word:
                heard = (heard or 0) + count
        elif "output" in word:
            output = (output or 0) + count
            if "reasoning" in word:
                reasoning = (reasoning or 0) + count
            elif "audio" in word:
                spoken = (spoken or 0) + count
    if input_ is None and output is None and total is None:
        return None
    if total is None:
        total = (input_ or 0) + (output or 0)
    return Usage(input_, output, total, read, written, reasoning, heard, spoken, tier)


def _read_openai_usage(details: dict[str, Json], tier: str | None) -> Usage:
    of_prompt, of_completion = (details.get(f"{part}_tokens_details") for part in ("prompt", "completion"))
    prompt_details = of_prompt if type(of_prompt) is dict else {}
    completion_details = of_completion if type(of_completion) is dict else {}
    input_ = read_count(details.get("prompt_tokens"))
    output = read_count(details.get("completion_tokens"))
    total = read_count(details.get("total_tokens"))
    return Usage(
        input_,
        output,
        total if total is not None else (input_ or 0) + (output or 0),
        cache_read=read_count(prompt_details.get("cached_tokens")),
        reasoning=read_count(completion_details.get("reasoning_tokens")),
        audio_input=read_count(prompt_details.get("audio_tokens")),
        audio_output=read_count(completion_details.get("audio_tokens")),
        service_tier=tier,
    )


def read_cost(value: Json) -> Cost | None:
    """Cost out of a map of US dollars: "total" where it is there, else the sum."""
    details = decode(value)
    if type(details) is not dict:
        return None
    total = input_ = output = None
    parts = 0.0
    seen = False
    for key, raw in details.items():
        amount = read_amount(raw)
        if amount is None:
            continue
        seen = True
        word = key.lower()
        if word == "total":
            total = amount
            continue
        parts += amount
        if "input" in word:
            input_ = (input_ or 0.0) + amount
        elif "output" in word:
            output = (output or 0.0) + amount
    if not seen:
        return None
    return Cost(
        total if total is not None else parts,
        input=input_,
        output=output,
        detail="langfuse.observation.cost_details",
    )
