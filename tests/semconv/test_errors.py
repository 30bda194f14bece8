"""Why a span failed: errors as libraries and conventions really name and word them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailrace.model import SpanKind
from tailrace.semconv.errors import CATEGORIES, CATEGORY_CHOICES, categorise

_OPENAI_LONG = (
    "Error code: 400 - {'error': {'message': \"This model's maximum context length is 128000 tokens. However, your "
    "messages resulted in 131072 tokens. Please reduce the length of the messages.\", 'type': "
    "'invalid_request_error', 'param': 'messages', 'code': 'context_length_exceeded'}}"
)
_AZURE_FILTER = (
    "Error code: 400 - {'error': {'message': \"The response was filtered due to the prompt triggering Azure OpenAI's "
    "content management policy.\", 'code': 'content_filter', 'status': 400, 'innererror': {'code': "
    "'ResponsibleAIPolicyViolation'}}}"
)
_TRACEBACK = (
    'Traceback (most recent call last):\n  File "/srv/app.py", line 67, in call\n    raise ValueError(timeout)\n'
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached'}}\n"
)


@pytest.mark.parametrize(
    ("error_type", "message", "category"),
    [
        # openai
        ("APITimeoutError", "Request timed out.", "timeout"),
        ("openai.APITimeoutError", "", "timeout"),
        ("<class 'openai.RateLimitError'>", "", "rate-limit"),
        ("RateLimitError", "Error code: 429 - {'error': {'code': 'insufficient_quota'}}", "rate-limit"),
        ("BadRequestError", _OPENAI_LONG, "model"),
        ("BadRequestError", _AZURE_FILTER, "content-filter"),
        ("BadRequestError", "Error code: 400 - {'error': {'message': 'Invalid value'}}", "validation"),
        ("NotFoundError", "Error code: 404 - The model `gpt-7` does not exist or you do not have access", "model"),
        ("AuthenticationError", "Error code: 401 - Incorrect API key provided", "validation"),
        ("UnprocessableEntityError", "Error code: 422", "validation"),
        ("InternalServerError", "Error code: 500 - The server had an error", "server"),
        ("InternalServerError", "Error code: 503 - upstream overloaded", "server"),
        ("APIConnectionError", "Connection error.", "server"),
        ("LengthFinishReasonError", "Could not parse response content as the length limit was reached", "model"),
        ("ContentFilterFinishReasonError", "", "content-filter"),
        ("APIStatusError", "Error code: 504", "timeout"),
        ("APIError", "The server had an error while processing your request", "server"),
        (None, "Error code: 429 - slow down", "rate-limit"),
        # OpenAI Agents
        ("MaxTurnsExceeded", "Max turns (10) exceeded", "model"),
        ("ModelBehaviorError", "Tool foo not found in agent bar", "model"),
        ("InputGuardrailTripwireTriggered", "Guardrail InputGuardrail triggered tripwire", "content-filter"),
        # anthropic
        ("OverloadedError", "Error code: 529 - {'type': 'overloaded_error', 'message': 'Overloaded'}", "server"),
        ("overloaded_error", "Overloaded", "server"),
        ("rate_limit_error", "", "rate-limit"),
        ("invalid_request_error", "prompt is too long: 212000 tokens > 200000 maximum", "model"),
        ("authentication_error", "invalid x-api-key", "validation"),
        ("request_too_large", "", "validation"),
        ("not_found_error", "model: claude-9", "validation"),
        # google
        ("google.api_core.exceptions.ResourceExhausted", "429 Quota exceeded for aiplatform", "rate-limit"),
        ("google.api_core.exceptions.DeadlineExceeded", "504 Deadline Exceeded", "timeout"),
        ("google.api_core.exceptions.ServiceUnavailable", "503 The service is currently unavailable.", "server"),
        ("google.api_core.exceptions.InvalidArgument", "400 Request contains an invalid argument.", "validation"),
        ("google.genai.errors.ClientError", "429 RESOURCE_EXHAUSTED. {'error': {'code': 429}}", "rate-limit"),
        ("google.genai.errors.ClientError", "404 NOT_FOUND. {'error': {'code': 404}}", "validation"),
        ("google.genai.errors.ServerError", "503 UNAVAILABLE. {'error': {'message': 'overloaded'}}", "server"),
        ("ValueError", "The candidate's finish_reason: SAFETY, so there is no text", "content-filter"),
        ("BlockedPromptException", "block_reason: OTHER", "content-filter"),
        # langchain, langgraph, litellm, pydantic-ai, Vercel AI SDK
        ("langchain_openai.chat_models.base.OpenAIRateLimitError", "Error code: 429", "rate-limit"),
        ("OutputParserException", "Could not parse LLM output: `yes`", "model"),
        ("ToolException", "the calculator is out", "tool"),
        ("langgraph.errors.GraphRecursionError", "Recursion limit of 25 reached without hitting a stop", "model"),
        ("litellm.ContextWindowExceededError", "", "model"),
        ("litellm.exceptions.ContentPolicyViolationError", "", "content-filter"),
        ("litellm.Timeout", "", "timeout"),
        ("pydantic_ai.exceptions.ModelServerError", "status_code: 500, model_name: gpt-4o, body: down", "server"),
        ("pydantic_ai.exceptions.ModelHTTPError", "status_code: 429, model_name: gpt-4o, body: None", "rate-limit"),
        ("pydantic_ai.exceptions.ToolRetryError", "use another key", "tool"),
        ("pydantic_ai.exceptions.UnexpectedModelBehavior", "Exceeded maximum retries (1)", "model"),
        ("AI_NoObjectGeneratedError", "No object generated: could not parse the response.", "model"),
        ("AI_APICallError", "slow down", "unknown"),
        ("AI_APICallError", "Too Many Requests", "rate-limit"),
        ("MaxIterationsExceeded", "stopped after 32 iterations without a final answer", "model"),
        ("AgentError", "AgentError: model call failed", "model"),
        # httpx, aiohttp, requests, Node, Go, Java
        ("httpx.ReadTimeout", "", "timeout"),
        ("httpx.ConnectTimeout", "", "timeout"),
        ("httpx.ConnectError", "[Errno 111] Connection refused", "server"),
        ("httpx.RemoteProtocolError", "Server disconnected without sending a response.", "server"),
        ("httpx.HTTPStatusError", "Client error '404 Not Found' for url 'https://x'", "validation"),
        ("httpx.HTTPStatusError", "Server error '503 Service Unavailable' for url 'https://x'", "server"),
        ("aiohttp.ClientResponseError", "429, message='Too Many Requests', url='https://x'", "rate-limit"),
        ("aiohttp.client_exceptions.ServerTimeoutError", "", "timeout"),
        ("requests.exceptions.HTTPError", "403 Client Error: Forbidden for url: https://x", "validation"),
        ("requests.exceptions.HTTPError", "502 Server Error: Bad Gateway for url: https://x", "server"),
        ("ETIMEDOUT", "connect ETIMEDOUT 10.0.0.1:443", "timeout"),
        ("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:443", "server"),
        ("*errors.errorString", "context deadline exceeded", "timeout"),
        ("java.net.SocketTimeoutException", "Read timed out", "timeout"),
        # botocore
        ("ClientError", "An error occurred (ThrottlingException) when calling the Converse operation", "rate-limit"),
        ("ClientError", "An error occurred (ValidationException): Input is too long for requested model.", "model"),
        ("ClientError", "An error occurred (AccessDeniedException) when calling Converse: no", "validation"),
        ("botocore.errorfactory.ModelTimeoutException", "", "timeout"),
        ("botocore.errorfactory.ServiceQuotaExceededException", "", "rate-limit"),
        ("botocore.errorfactory.ModelErrorException", "", "model"),
        ("com.amazon.coral.service#InternalServerException", "", "server"),
        ("botocore.exceptions.EndpointConnectionError", "Could not connect to the endpoint URL", "server"),
        # gRPC and OpenTelemetry's error.type
        ("DEADLINE_EXCEEDED", "", "timeout"),
        ("StatusCode.RESOURCE_EXHAUSTED", "", "rate-limit"),
        ("UNAVAILABLE", "", "server"),
        ("INTERNAL", "", "server"),
        ("INVALID_ARGUMENT", "", "validation"),
        ("UNAUTHENTICATED", "", "validation"),
        ("CANCELLED", "", "unknown"),
        ("429", "", "rate-limit"),
        ("401", "", "validation"),
        ("500", "", "server"),
        ("504", "", "timeout"),
        ("499", "", "unknown"),
        ("timeout", "", "timeout"),
        ("_OTHER", "", "unknown"),
        # only a message
        (None, "ValueError('bad input ✗')\n\nTraceback (most recent call last):\n  TimeoutError", "validation"),
        (None, _TRACEBACK, "rate-limit"),
        (None, "HTTP 502", "server"),
        (None, "boom 💥", "unknown"),
        (None, "", "unknown"),
        # numbers that are no status, and words that are somebody's argument
        (None, "processed 429 of 500 rows", "unknown"),
        (None, "error at line 5021", "unknown"),
        ("ValueError", "timeout must be positive", "validation"),
        ("InternalServerError", "timed out waiting for the backend", "server"),
    ],
)
def test_an_error_has_the_category_that_people_would_give_it(
    error_type: str | None, message: str, category: str
) -> None:
    assert categorise(error_type, message, SpanKind.LLM) == category


@pytest.mark.parametrize(
    ("error_type", "message", "category"),
    [
        ("RuntimeError", "tool exploded 💥", "tool"),
        (None, "", "tool"),
        ("ToolError", "carrier API returned 503", "tool"),
        ("HTTPStatusError", "Server error '503 Service Unavailable'", "server"),
        ("ValueError", "order_id must be an integer", "validation"),
        ("asyncio.TimeoutError", "", "timeout"),
    ],
)
def test_a_tool_fails_as_a_tool_where_no_other_reason_is_known(
    error_type: str | None, message: str, category: str
) -> None:
    assert categorise(error_type, message, SpanKind.TOOL) == category


def test_only_the_beginning_of_a_message_counts_however_long_it_is() -> None:
    assert categorise(None, "word " * 300_000 + "timed out", SpanKind.LLM) == "unknown"
    assert categorise(None, "timed out" + " word" * 300_000, SpanKind.LLM) == "timeout"


def test_each_category_is_a_word_of_the_filter_language_with_its_meaning() -> None:
    assert tuple(word for word, _ in CATEGORY_CHOICES) == CATEGORIES
    assert len(set(CATEGORIES)) == len(CATEGORIES)
    assert all(meaning and word == word.lower() and " " not in word for word, meaning in CATEGORY_CHOICES)


_PIECES = st.sampled_from(
    ["Traceback (most recent call last):", "\n", "Error", "429", "status", ":", "timeout", "<class '", "'>", ".", "\0"]
)


@settings(deadline=None)
@given(
    st.none() | st.text() | st.lists(_PIECES).map("".join),
    st.text() | st.lists(_PIECES).map(" ".join),
    st.sampled_from(SpanKind),
)
def test_anything_has_one_of_the_categories(error_type: str | None, message: str, kind: SpanKind) -> None:
    found = categorise(error_type, message, kind)
    assert found in CATEGORIES
    assert found != "tool" or kind is SpanKind.TOOL or "tool" in f"{error_type} {message}".lower()
