"""What applications do again and again: call a model with retries, call a tool, search documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tailrace.model import Event, Json
from tailrace.workspace.demo.ingredients import load
from tailrace.workspace.demo.tape import MS, Draft, Tape
from tailrace.workspace.demo.voices import GENAI, OPENINFERENCE, Message, ModelCall, Voice, dump

RATE_LIMIT = "RateLimitError: Error code: 429, tokens per minute exhausted. Please try again in {seconds} s"
TIMEOUT = "APITimeoutError: Request timed out after 30 s"
OVERLOADED = "InternalServerError: Error code: 529, overloaded_error"

# what a provider counts beside the texts: its own preamble, schemas of tools
_UNSEEN_TOKENS = 380


class GaveUp(Exception):
    """A step failed for good; its text is the error."""


@dataclass(slots=True)
class Talk:
    """A conversation with a model inside one trace, and how it is reported."""

    tape: Tape
    voice: Voice
    model: str
    prompt: tuple[str, str] | None = None
    messages: list[Message] = field(default_factory=list)
    tools: Sequence[dict[str, Json]] = ()
    priced: bool = False

    def ask(self, parent: Draft, reply: list[dict[str, Json]], stream: bool = False, name: str = "") -> Draft:
        """The model answers with `reply`, after retries when the provider is in trouble. Raises GaveUp."""
        tape = self.tape
        for attempt in range(4):
            if not self._provider_fails():
                return self._answer(parent, reply, stream, name)
            draft = tape.open(name or f"chat {self.model}", parent, self.voice.model(self._call([], None)))
            if attempt:
                draft.attributes["retry.attempt"] = attempt
            error = self._provider_error()
            tape.wait(*((29_000, 31_000) if error is TIMEOUT else (180, 900)))
            error = error.format(seconds=2**attempt)
            tape.fail(draft, error)
            if attempt == 3 or (error is TIMEOUT and attempt):
                raise GaveUp(error)
            tape.wait(900 * 2**attempt, 1_400 * 2**attempt)
        raise GaveUp(OVERLOADED)

    def _answer(self, parent: Draft, reply: list[dict[str, Json]], stream: bool, name: str) -> Draft:
        tape, facts = self.tape, load("models")[self.model]
        draft = tape.open(name or f"chat {self.model}", parent)
        call = self._call(reply, None)
        ttft_ms = facts["ttft_ms"] * tape.rng.lognormvariate(0, 0.35) + call.input_tokens * 0.03
        if call.reasoning_tokens:
            ttft_ms += 1_000 * call.reasoning_tokens / facts["tokens_per_second"]
        speed = facts["tokens_per_second"] * tape.rng.uniform(0.7, 1.2)
        tape.now += round(ttft_ms * MS)
        first_token = tape.now
        tape.now += round(1e9 * (call.output_tokens - call.reasoning_tokens) / speed)
        if stream:
            call.ttft_s = round((first_token - draft.start_ns) / 1e9, 4)
            if self.voice is OPENINFERENCE:
                draft.events.append(Event("First Token Stream Event", first_token, {}))
        draft.attributes = self.voice.model(call)
        tape.close(draft)
        self.messages.append(("assistant", reply))
        return draft

    def _call(self, reply: list[dict[str, Json]], ttft_s: float | None) -> ModelCall:
        tape, facts = self.tape, load("models")[self.model]
        told = _tokens(self.messages) + _UNSEEN_TOKENS + 160 * len(self.tools)
        said = _tokens([("assistant", reply)])
        reasoning = round(said * tape.rng.uniform(1.5, 6)) + 60 if facts.get("reasoning") and reply else 0
        cached = told * 3 // 4 // 64 * 64 if len(self.messages) > 3 and told > 400 and tape.chance(0.7) else 0
        call = ModelCall(
            self.model,
            facts["provider"],
            list(self.messages),
            reply,
            told,
            said + reasoning,
            cached,
            reasoning,
            ttft_s,
            self.prompt,
            self.tools,
        )
        if self.priced and reply:
            call.extra["llm.cost.total"] = round(told * 0.4e-6 + (said + reasoning) * 1.6e-6, 9)
        return call

    def _provider_fails(self) -> bool:
        trouble = self.tape.visit.trouble
        return self.tape.chance({"rate limit": 0.45, "slow provider": 0.12}.get(trouble, 0.006))

    def _provider_error(self) -> str:
        trouble = self.tape.visit.trouble
        if trouble:
            return RATE_LIMIT if trouble == "rate limit" else TIMEOUT
        return self.tape.rng.choice((RATE_LIMIT, RATE_LIMIT, TIMEOUT, OVERLOADED))


def call_tool(
    talk: Talk, parent: Draft, name: str, arguments: str, result: str, error: str = "", label: str = ""
) -> tuple[Draft, str]:
    """A tool runs; what it gave back or the text of its error, which is also told to the model."""
    tape = talk.tape
    call_id = _last_call_id(talk, name)
    draft = tape.open(label or name, parent, talk.voice.tool(name, call_id, arguments))
    if "Timeout" in error:
        tape.wait(8_000, 10_500)
    else:
        tape.wait(40, 700)
    if error:
        tape.fail(draft, error)
        result = error
    else:
        draft.attributes |= talk.voice.tool_said(result)
        tape.close(draft)
    talk.messages.append(("tool", [{"type": "tool_call_response", "id": call_id, "name": name, "response": result}]))
    return draft, result


def tool_call(tape: Tape, name: str, arguments: str) -> dict[str, Json]:
    """The part with which a model asks for a tool."""
    return {"type": "tool_call", "id": f"call_{tape.rng.getrandbits(48):012x}", "name": name, "arguments": arguments}


def embed(tape: Tape, parent: Draft, voice: Voice, query: str) -> None:
    """A question becomes a vector."""
    model = "text-embedding-3-small"
    draft = tape.open(f"embeddings {model}", parent, voice.kind("embedding"))
    tape.wait(60, 260)
    if voice is GENAI:
        draft.attributes |= {"gen_ai.provider.name": "openai", "gen_ai.request.model": model}
        draft.attributes |= {"gen_ai.usage.input_tokens": len(query) // 4 + 1, "input.value": query}
    else:
        draft.attributes |= {"embedding.model_name": model, "llm.token_count.prompt": len(query) // 4 + 1}
        draft.attributes |= {"embedding.embeddings.0.embedding.text": query}
    tape.close(draft)


def retrieve(
    tape: Tape, parent: Draft, name: str, query: str, documents: Sequence[dict[str, Json]], wanted: Sequence[str]
) -> tuple[Draft, list[dict[str, Json]]]:
    """Documents with scores, those wanted mostly first; some searches miss."""
    rng = tape.rng
    scored = []
    for document in documents:
        hit = document["id"] in wanted and not tape.chance(0.08)
        scored.append((round(rng.uniform(0.62, 0.93) if hit else rng.uniform(0.18, 0.6), 4), document))
    scored.sort(key=lambda pair: -pair[0])
    found = [document | {"score": score} for score, document in scored[: rng.choice((4, 5, 6))]]
    draft = tape.open(name, parent, {"openinference.span.kind": "RETRIEVER", "input.value": query})
    for index, document in enumerate(found):
        draft.attributes |= _document(f"retrieval.documents.{index}.document.", document)
    tape.wait(90, 480)
    tape.close(draft)
    return draft, found


def rerank(tape: Tape, parent: Draft, name: str, query: str, found: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """The best few of the documents found, scored anew."""
    draft = tape.open(name, parent, {"openinference.span.kind": "RERANKER", "reranker.query": query})
    draft.attributes |= {"reranker.model_name": "rerank-v3.5", "reranker.top_k": 3}
    for index, document in enumerate(found):
        draft.attributes |= _document(f"reranker.input_documents.{index}.document.", document)
    scored = [
        document | {"score": round(min(0.99, document["score"] * tape.rng.uniform(0.9, 1.15)), 4)} for document in found
    ]
    best = sorted(scored, key=lambda document: -document["score"])[:3]
    for index, document in enumerate(best):
        draft.attributes |= _document(f"reranker.output_documents.{index}.document.", document)
    tape.wait(120, 420)
    tape.close(draft)
    return best


def excerpts(documents: Sequence[dict[str, Json]]) -> str:
    """Documents as a model is told them."""
    return "\n\n".join(f"[{rank}] {item['title']}\n{item['text']}" for rank, item in enumerate(documents, 1))


def _document(prefix: str, document: dict[str, Json]) -> dict[str, Json]:
    return {
        f"{prefix}id": document["id"],
        f"{prefix}content": document["text"],
        f"{prefix}score": document["score"],
        f"{prefix}metadata": dump({"title": document["title"]}),
    }


def _last_call_id(talk: Talk, name: str) -> str:
    for _, parts in reversed(talk.messages):
        for part in parts:
            if part["type"] == "tool_call" and part["name"] == name:
                return str(part["id"])
    return f"call_{talk.tape.rng.getrandbits(48):012x}"


def _tokens(messages: Sequence[Message]) -> int:
    size = sum(
        len(part.get("content") or part.get("response") or part.get("arguments") or "")
        for _, parts in messages
        for part in parts
    )
    return size // 4 + 6 * len(messages)
