"""The small applications: a router, documentation questions with retrieval, a chat."""

from __future__ import annotations

from random import Random

from tailrace.model import Json
from tailrace.workspace.demo.ingredients import fill, invent_facts, load
from tailrace.workspace.demo.steps import GaveUp, Talk, embed, excerpts, rerank, retrieve
from tailrace.workspace.demo.support import Outcome
from tailrace.workspace.demo.tape import Tape, Visit
from tailrace.workspace.demo.voices import GENAI, OPENINFERENCE, OPENLLMETRY, dump, text

_RAG_MODELS = ("gpt-4.1-mini", "gemini-2.5-flash", "gpt-5-mini")
_CHAT_MODELS = ("claude-haiku-4-5", "gpt-4.1-mini", "northwind-ft-8b", "o4-mini")


def play_router(visit: Visit, resource: dict[str, Json]) -> Outcome:
    """Which agent should take a message?"""
    tape = Tape(visit, resource, "openinference.instrumentation.northwind")
    facts = invent_facts(tape.rng, visit.user)
    intent = tape.rng.choice(load("northwind")["intents"])
    question = fill(tape.rng.choice(intent["asks"]), facts)
    root = tape.open("triage_router", None, OPENINFERENCE.kind("chain") | OPENINFERENCE.told(question))
    root.attributes |= {"session.id": visit.session_id, "user.id": f"u-{visit.user:04d}"}
    outcome = Outcome(tape, root, question=question)
    talk = Talk(tape, OPENINFERENCE, "claude-haiku-4-5", ("triage", "v3"))
    talk.messages = [
        text("system", "Decide who takes the message: support_agent, billing_agent or a person. Reply with JSON only."),
        text("user", question),
    ]
    target = "person" if intent["id"] == "angry" else intent["agent"]
    outcome.reply = dump({"route": target, "confidence": round(tape.rng.uniform(0.55, 0.99), 2), "topic": intent["id"]})
    try:
        outcome.answer = talk.ask(root, [{"type": "text", "content": outcome.reply}])
        parse = tape.open("parse_route", root, OPENINFERENCE.kind("chain") | OPENINFERENCE.told(outcome.reply))
        if tape.chance(0.02):
            outcome.failed = True
            tape.fail(
                parse, "ValidationError: 1 validation error for Route: field confidence, input should be a number"
            )
            tape.fail(root, "ValidationError: 1 validation error for Route")
        else:
            tape.close(parse).attributes |= OPENINFERENCE.said(target)
            enqueue = tape.open(f"enqueue {target}", root, OPENINFERENCE.tool("enqueue", "", dump({"queue": target})))
            tape.wait(5, 40)
            tape.close(enqueue)
            tape.close(root)
    except GaveUp as error:
        outcome.failed = True
        tape.give_up(str(error))
    root.attributes |= OPENINFERENCE.said(target)
    return outcome


def play_rag(visit: Visit, resource: dict[str, Json]) -> Outcome:
    """A question about the documentation, answered from excerpts."""
    tape = Tape(visit, resource, "opentelemetry.instrumentation.lattice_docs")
    book = load("handbook")
    case = tape.rng.choice(book["questions"])
    asked = tape.rng.choice(book["openers"]) + case["ask"] + tape.rng.choice(book["contexts"])
    question = fill(asked, invent_facts(tape.rng, visit.user))
    root = tape.open("rag_chat", None, GENAI.kind("chain") | GENAI.told(question))
    root.attributes |= {"gen_ai.conversation.id": visit.session_id, "user.id": f"u-{visit.user:04d}"}
    outcome = Outcome(tape, root, question=question)
    talk = Talk(tape, GENAI, _RAG_MODELS[visit.seed % 3], ("docs-answer", "v7"))
    try:
        search = tape.open("retrieve", root, {"openinference.span.kind": "CHAIN"} | GENAI.told(question))
        embed(tape, search, GENAI, question)
        outcome.retriever, outcome.documents = retrieve(
            tape, search, "qdrant.search", question, book["documents"], case["docs"]
        )
        best = rerank(tape, search, "rerank", question, outcome.documents)
        tape.close(search)
        told = f"{question}\n\nExcerpts:\n{excerpts(best)}"
        talk.messages = [text("system", book["system"]), text("user", told)]
        missed = not {item["id"] for item in best} & set(case["docs"])
        outcome.wrong = missed and tape.chance(0.5)
        outcome.reply = "The documentation does not cover that." if missed and not outcome.wrong else case["answer"]
        outcome.answer = talk.ask(root, [{"type": "text", "content": outcome.reply}], stream=True)
        tape.close(root)
    except GaveUp as error:
        outcome.failed = True
        tape.give_up(str(error))
    root.attributes |= GENAI.said(outcome.reply)
    return outcome


def play_chat(visit: Visit, resource: dict[str, Json]) -> Outcome:
    """One turn of a plain chat, with what was said before."""
    tape = Tape(visit, resource, "opentelemetry.instrumentation.openai")
    chat = load("chat")
    talks = chat["talks"]
    pairs = talks[hash_of(visit.session_id) % len(talks)]
    turn = visit.turn % len(pairs)
    facts = invent_facts(Random(visit.session_id), visit.user)
    pairs = [(fill(ask, facts), fill(answer, facts)) for ask, answer in pairs]
    question, reply = pairs[turn]
    root = tape.open("assistant.workflow", None, OPENLLMETRY.kind("chain") | OPENLLMETRY.told(question))
    root.attributes |= {
        "traceloop.association.properties.session_id": visit.session_id,
        "traceloop.association.properties.user_id": f"u-{visit.user:04d}",
    }
    outcome = Outcome(tape, root, question=question, reply=reply)
    talk = Talk(tape, OPENLLMETRY, _CHAT_MODELS[hash_of(visit.session_id) % 4])
    talk.messages = [text("system", chat["system"])]
    for before, answer in pairs[:turn]:
        talk.messages += [text("user", before), text("assistant", answer)]
    talk.messages.append(text("user", question))
    try:
        outcome.answer = talk.ask(root, [{"type": "text", "content": reply}], stream=True, name="openai.chat")
        tape.close(root)
    except GaveUp as error:
        outcome.failed = True
        tape.give_up(str(error))
    root.attributes |= OPENLLMETRY.said(reply if not outcome.failed else "")
    return outcome


def hash_of(name: str | None) -> int:
    """A number that is the same in every process."""
    return sum((index + 1) * ord(letter) for index, letter in enumerate(name or ""))
