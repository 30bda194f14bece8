"""Under which names of a public price table to look for a model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 300  # characters: longer ones are no names of models

# the date or revision of a model: claude-haiku-4-5-20251001, gpt-4o-2024-08-06, …@20250929, …-v1:0, …-latest
_REVISION: Final = re.compile(r"(?:[-@](?:20\d{6}|20\d\d-\d\d-\d\d|latest)|-v\d+(?::\d+)?|:\d+)$")
_REGION: Final = re.compile(r"^(?:us|eu|apac|au|jp|ca|sa|global|us-gov)\.(?=[a-z0-9]+\.)")

# OpenTelemetry's and the SDKs' words for a provider -> how LiteLLM's names begin
_PREFIXES: Final = {
    "anthropic": ("anthropic/",),
    "aws.bedrock": ("bedrock/", "anthropic.", "amazon.", "meta.", "mistral."),
    "azure": ("azure/", "azure_ai/"),
    "azure.ai.openai": ("azure/",),
    "azure.ai.inference": ("azure_ai/",),
    "az.ai.openai": ("azure/",),
    "az.ai.inference": ("azure_ai/",),
    "cohere": ("cohere/",),
    "deepseek": ("deepseek/",),
    "fireworks": ("fireworks_ai/accounts/fireworks/models/", "fireworks_ai/"),
    "gcp.gemini": ("gemini/",),
    "gcp.gen_ai": ("gemini/", "vertex_ai/"),
    "gcp.vertex_ai": ("vertex_ai/",),
    "google": ("gemini/", "vertex_ai/"),
    "groq": ("groq/", "groq/openai/"),
    "ibm.watsonx.ai": ("watsonx/",),
    "mistral": ("mistral/",),
    "mistral_ai": ("mistral/",),
    "mistralai": ("mistral/",),
    "moonshot_ai": ("moonshot/",),
    "ollama": ("ollama/",),
    "openai": ("openai/",),
    "openrouter": ("openrouter/",),
    "perplexity": ("perplexity/",),
    "together": ("together_ai/",),
    "vertexai": ("vertex_ai/",),
    "vertex_ai": ("vertex_ai/",),
    "x_ai": ("xai/",),
    "xai": ("xai/",),
}


def names_of(model: str, provider: str | None) -> Iterator[str]:
    """The names to try for a model, best first, in lower case: its own, with the provider's prefix, without a prefix of
    its own (openai/…, models/…, us.anthropic.…), then the same without a date or revision."""
    whole = model.strip().lower()[:LONGEST]
    stems = [whole]
    for _ in range(4):
        shorter = _REVISION.sub("", stems[-1])
        if shorter == stems[-1] or not shorter:
            break
        stems.append(shorter)
    prefixes = _PREFIXES.get(provider, ()) if provider is not None else ()
    for stem in stems:
        yield stem
        for prefix in prefixes:
            yield prefix + stem
        bare = _REGION.sub("", stem)
        if bare != stem:
            yield bare
        while "/" in bare:
            bare = bare.partition("/")[2]
            yield bare
