"""What spans say of their usage besides counting tokens: audio, and how the provider served the call."""

from __future__ import annotations

from typing import Any

import pytest

from tailrace.model import Json, SpanStatus, Usage
from tailrace.semconv import make_span

TOKENS = {"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 20}


def usage(**attributes: Json) -> Usage:
    found = usage_of(TOKENS | attributes)
    assert found is not None
    return found


def usage_of(attributes: dict[str, Any]) -> Usage | None:
    return make_span(
        trace_id="t",
        span_id="s",
        parent_id=None,
        name="chat",
        start_ns=0,
        end_ns=1,
        status=SpanStatus.UNSET,
        status_message="",
        attributes=dict(attributes),
        resource={},
    ).usage


@pytest.mark.parametrize(
    ("attributes", "tier"),
    [
        ({}, None),
        ({"openai.response.service_tier": "flex"}, "flex"),
        ({"gen_ai.openai.response.service_tier": "Priority"}, "priority"),
        ({"anthropic.response.service_tier": "batch"}, "batch"),
        ({"gen_ai.response.service_tier": "fast"}, "priority"),
        ({"openai.request.service_tier": "flex"}, "flex"),
        ({"openai.response.service_tier": "ultrafast"}, "ultrafast"),
        # how it was served counts, not how it was asked to be
        ({"openai.request.service_tier": "priority", "openai.response.service_tier": "default"}, None),
        ({"openai.request.service_tier": "auto", "openai.response.service_tier": "flex"}, "flex"),
        ({"anthropic.request.service_tier": "standard_only"}, None),
        ({"openai.request.service_tier": "auto"}, None),
        ({"llm.invocation_parameters": '{"temperature": 0, "service_tier": "flex"}'}, "flex"),
        ({"llm.invocation_parameters": '{"service_tier": "auto"}'}, None),
        ({"llm.invocation_parameters": '["service_tier"]'}, None),
        ({"llm.invocation_parameters": '{"service_tier": {"a": 1}}'}, None),
        ({"openai.response.service_tier": "<b>x</b>"}, None),
        ({"openai.response.service_tier": "x" * 1_000}, None),
        ({"openai.response.service_tier": 7}, None),
    ],
)
def test_a_service_tier_is_the_one_that_served_where_that_was_not_the_usual(
    attributes: dict[str, Json], tier: str | None
) -> None:
    assert usage(**attributes).service_tier == tier


def test_a_tier_alone_is_no_usage() -> None:
    assert usage_of({"openai.response.service_tier": "batch"}) is None


@pytest.mark.parametrize(
    ("heard", "spoken"),
    [
        ("gen_ai.usage.audio.input_tokens", "gen_ai.usage.audio.output_tokens"),
        ("llm.token_count.prompt_details.audio", "llm.token_count.completion_details.audio"),
        ("gen_ai.usage.input_audio_tokens", "gen_ai.usage.output_audio_tokens"),
    ],
)
def test_audio_tokens_are_a_part_of_input_and_output(heard: str, spoken: str) -> None:
    found = usage(**{heard: 30, spoken: 5})
    assert (found.input, found.audio_input, found.output, found.audio_output) == (100, 30, 20, 5)


def test_langfuse_counts_audio_apart_and_keeps_the_tier_in_the_parameters() -> None:
    found = usage_of(
        {
            "langfuse.observation.usage_details": '{"input": 70, "input_audio_tokens": 30, "output": 9,'
            ' "output_audio": 1}',
            "langfuse.observation.model.parameters": '{"service_tier": "batch"}',
        }
    )
    assert found == Usage(100, 10, 110, audio_input=30, audio_output=1, service_tier="batch")


def test_openais_own_counts_hold_their_audio() -> None:
    found = usage_of(
        {
            "langfuse.observation.usage_details": '{"prompt_tokens": 100, "completion_tokens": 10,'
            ' "prompt_tokens_details": {"audio_tokens": 30}, "completion_tokens_details": {"audio_tokens": 1}}',
            "openai.response.service_tier": "default",
        }
    )
    assert found == Usage(100, 10, 110, audio_input=30, audio_output=1)
