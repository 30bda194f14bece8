"""Northwind's support and billing agents: guard, plan, search policies, a loop of tools, an answer, a check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tailrace.model import Json
from tailrace.workspace.demo.ingredients import fill, fill_json, invent_facts, load
from tailrace.workspace.demo.steps import (
    GaveUp,
    Talk,
    call_tool,
    embed,
    excerpts,
    rerank,
    retrieve,
    tool_call,
)
from tailrace.workspace.demo.tape import Draft, Tape, Visit
from tailrace.workspace.demo.voices import OPENINFERENCE, dump, text

_MODELS = {"v12": "claude-sonnet-4-5", "v13": "claude-sonnet-4-5", "v14": "gpt-4.1"}
_SORRY = "I am sorry, I cannot reach our systems right now. Please try again in a few minutes."


@dataclass(slots=True)
class Outcome:
    """What came of a visit, for those who judge it. A wrong answer promises what it must not; a loose one comes from a
    prompt that is careless with its documents."""

    tape: Tape
    root: Draft
    answer: Draft | None = None
    question: str = ""
    reply: str = ""
    wrong: bool = False
    loose: bool = False
    failed: bool = False
    blocked: bool = False
    documents: list[dict[str, Json]] = field(default_factory=list)
    retriever: Draft | None = None


def play_support(visit: Visit, resource: dict[str, Json]) -> Outcome:
    """One message of a customer."""
    tape = Tape(visit, resource, "openinference.instrumentation.northwind")
    rng, shop = tape.rng, load("northwind")
    facts = invent_facts(rng, visit.user)
    wanted = "billing_agent" if visit.app == "billing_agent" else "support_agent"
    intents = [intent for intent in shop["intents"] if intent["agent"] == wanted]
    intent = rng.choices(intents, [3 if "wrong" in intent else 1 for intent in intents])[0]
    follow_up = rng.choice(shop["follow_ups"]) if visit.turn else None
    question = fill(follow_up["ask"] if follow_up else rng.choice(intent["asks"]), facts)

    root = tape.open(f"{wanted}.run", None, OPENINFERENCE.kind("agent") | OPENINFERENCE.told(question))
    root.attributes |= {"agent.name": wanted, "session.id": visit.session_id, "user.id": f"u-{visit.user:04d}"}
    tags = [intent["id"], f"prompt-{visit.prompt_version}"]
    root.attributes["tag.tags"] = tags
    outcome = Outcome(tape, root, question=question)
    talk = Talk(
        tape,
        OPENINFERENCE,
        "gpt-4.1-mini" if visit.environment == "dev" else _MODELS[visit.prompt_version],
        ("support", visit.prompt_version),
        priced=wanted == "billing_agent",
    )
    try:
        if not _guard_input(tape, root, question, intent):
            outcome.blocked = True
            outcome.reply = intent["blocked"]
            tags.append("blocked")
        else:
            _answer(outcome, talk, intent, follow_up, facts)
        tape.close(root)
    except GaveUp as error:
        outcome.failed, outcome.reply = True, _SORRY
        tape.give_up(str(error))
    root.attributes |= OPENINFERENCE.said(outcome.reply)
    return outcome


def _answer(outcome: Outcome, talk: Talk, intent: Json, follow_up: Json | None, facts: Mapping[str, str]) -> None:
    tape, root, rng = outcome.tape, outcome.root, outcome.tape.rng
    version = tape.visit.prompt_version
    talk.messages = [text("system", load("northwind")["system"][version]), text("user", outcome.question)]
    _plan(talk, root, intent)
    found = _search(outcome, intent)
    talk.messages[-1:] = [text("user", f"{outcome.question}\n\nDocuments:\n{excerpts(found)}")]
    outcome.loose = spoiled = version == "v14" and tape.visit.environment != "dev"
    if follow_up is None or tape.chance(0.5):
        _loop(talk, root, intent, facts, spoiled)
    if follow_up is None:
        outcome.wrong = "wrong" in intent and tape.chance(0.7 if spoiled else 0.04)
        reply = rng.choice(intent["wrong"] if outcome.wrong else intent["replies"])
    else:
        outcome.wrong = "wrong" in follow_up and tape.chance(0.7 if spoiled else 0.04)
        reply = follow_up["wrong" if outcome.wrong else "reply"]
    outcome.reply = fill(reply, facts)
    outcome.answer = talk.ask(root, [{"type": "text", "content": outcome.reply}], stream=True)
    if tape.chance(0.35):
        _evaluate(outcome, found)
    guard = tape.open("output_guard", root, OPENINFERENCE.kind("guardrail") | OPENINFERENCE.told(outcome.reply))
    tape.wait(90, 260)
    tape.close(guard).attributes |= OPENINFERENCE.said(dump({"allowed": True, "pii": False}))


def _guard_input(tape: Tape, root: Draft, question: str, intent: Json) -> bool:
    attack = question.startswith("ignore your previous instructions")
    attack = attack or ("blocked" in intent and tape.chance(0.08))
    guard = tape.open("input_guard", root, OPENINFERENCE.kind("guardrail") | OPENINFERENCE.told(question))
    tape.wait(140, 420)
    risk = tape.rng.uniform(0.9, 0.99) if attack else tape.rng.uniform(0.0, 0.2)
    guard.attributes |= OPENINFERENCE.said(dump({"allowed": not attack, "injection": round(risk, 3)}))
    if attack:
        tape.fail(guard, f"GuardrailBlocked: prompt injection suspected ({risk:.2f})")
    else:
        tape.close(guard)
    return not attack


def _plan(talk: Talk, root: Draft, intent: Json) -> None:
    tape = talk.tape
    plan = tape.open("plan", root, OPENINFERENCE.kind("chain"))
    steps = ["search_policies", *(tool["name"] for tool in intent["tools"]), "answer"]
    content = dump({"intent": intent["id"], "steps": steps, "language": "en"})
    talk.ask(plan, [{"type": "text", "content": content}])
    tape.close(plan).attributes |= OPENINFERENCE.said(content)


def _search(outcome: Outcome, intent: Json) -> list[dict[str, Json]]:
    tape, question = outcome.tape, outcome.question
    search = tape.open("search_policies", outcome.root, OPENINFERENCE.kind("chain") | OPENINFERENCE.told(question))
    embed(tape, search, OPENINFERENCE, question)
    outcome.retriever, outcome.documents = retrieve(
        tape, search, "pgvector.query", question, load("northwind")["policies"], intent["policies"]
    )
    best = rerank(tape, search, "rerank cohere-v3", question, outcome.documents)
    tape.close(search)
    return best


def _loop(talk: Talk, root: Draft, intent: Json, facts: Mapping[str, str], spoiled: bool) -> None:
    """Each tool once; with the spoiled prompt some twice, and some with arguments that make no sense."""
    tape = talk.tape
    talk.tools = [{"name": tool["name"], "parameters": {"type": "object"}} for tool in intent["tools"]]
    loop = tape.open("tool loop", root, OPENINFERENCE.kind("agent"))
    loop.attributes["agent.name"] = "tool loop"
    steps = [tool for tool in intent["tools"] for _ in range(1 + (spoiled and tape.chance(0.45)))]
    for tool in steps:
        arguments, result = fill_json(tool["args"], facts), fill_json(tool["result"], facts)
        broken = spoiled and tape.chance(0.15)
        error = ""
        if broken and "order" in arguments:
            arguments = arguments.replace("NW-", "#")
            error = f"ValueError: order id {facts['order'].replace('NW-', '#')} does not match NW-\\d{{5}}"
        elif "fails" in tool and tape.chance(_failure_share(tape, tool)):
            error = fill(tool["fails"], facts)
        talk.ask(loop, [tool_call(tape, tool["name"], arguments)])
        call_tool(talk, loop, tool["name"], arguments, result, error)
        if error and tape.chance(0.8):
            tape.wait(300, 900)
            again = error if "rror" in error.partition(":")[0] and tape.chance(0.5) else ""
            call_tool(talk, loop, tool["name"], arguments, result, again, label=f"{tool['name']} · retry 1")
    loop.name = f"tool loop · {len(steps)} iterations"
    tape.close(loop)


def _failure_share(tape: Tape, tool: Json) -> float:
    if tool["name"] == "track_parcel" and tape.visit.trouble == "carrier down":
        return 0.85
    return 0.5 if tool["name"] == "create_refund" else 0.05


def _evaluate(outcome: Outcome, found: list[dict[str, Json]]) -> None:
    """A small model checks the answer against the documents, inside the trace."""
    tape = outcome.tape
    draft = tape.open("faithfulness", outcome.root, OPENINFERENCE.kind("evaluator"))
    talk = Talk(tape, OPENINFERENCE, "gemini-2.5-flash")
    claim = "Rate from 0 to 1 how far the answer is carried by the documents. Reply with JSON."
    talk.messages = [text("system", claim), text("user", f"{excerpts(found)}\n\nAnswer: {outcome.reply}")]
    value = round(
        tape.rng.uniform(0.08, 0.35) if outcome.wrong else tape.rng.uniform(0.6 if outcome.loose else 0.74, 0.99), 2
    )
    talk.ask(draft, [{"type": "text", "content": dump({"faithfulness": value})}])
    draft.attributes["metadata"] = dump({"faithfulness": value})
    tape.close(draft)
