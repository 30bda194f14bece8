"""The large applications: an on-call agent with a long tool loop, and a research crew that works in parallel."""

from __future__ import annotations

from tailrace.model import Json, Link
from tailrace.workspace.demo.ingredients import fill, fill_json, invent_facts, load
from tailrace.workspace.demo.steps import GaveUp, Talk, call_tool, tool_call
from tailrace.workspace.demo.support import Outcome
from tailrace.workspace.demo.tape import Draft, Tape, Visit
from tailrace.workspace.demo.voices import GENAI, OPENINFERENCE, dump, text

_LOOKING = ("query_metrics", "search_logs", "list_deployments", "describe_pods", "run_sql", "read_config")
_FIXES = {"rollback": "rollback", "restart": "restart_service", "config": "set_config"}
_CREW_MODELS = {
    "planner": "gemini-2.5-pro",
    "researcher": "gpt-4.1",
    "writer": "claude-sonnet-4-5",
    "critic": "o4-mini",
}


def play_operations(visit: Visit, resource: dict[str, Json], rounds: int | None = None) -> Outcome:
    """An incident is looked into, tool by tool. `rounds` asks for a loop of that length."""
    tape = Tape(visit, resource, "opentelemetry.instrumentation.oncall")
    rng, book = tape.rng, load("operations")
    case = rng.choice(book["incidents"])
    facts = invent_facts(rng, visit.user) | {"service": rng.choice(book["services"])}
    question = fill(case["ask"], facts)
    root = tape.open("invoke_agent oncall", None, GENAI.kind("agent") | GENAI.told(question))
    root.attributes |= {"gen_ai.agent.name": "oncall", "gen_ai.conversation.id": visit.session_id}
    root.attributes |= {"user.id": f"sre-{visit.user % 7}"}
    outcome = Outcome(tape, root, question=question)
    talk = Talk(tape, GENAI, "claude-sonnet-4-5" if visit.seed % 4 else "gpt-5-mini", ("oncall", "v5"))
    talk.messages = [text("system", book["system"]), text("user", question)]
    talk.tools = [{"name": name, "parameters": {"type": "object"}} for name in book["tools"]]
    try:
        for _ in range(rounds or rng.randrange(7, 24)):
            _look(talk, root, facts)
        if case["fix"] in _FIXES:
            _use(talk, root, _FIXES[case["fix"]], facts, case["cause"])
        outcome.reply = fill(case["summary"], facts)
        outcome.answer = talk.ask(root, [{"type": "text", "content": outcome.reply}], stream=True)
        tape.close(root)
    except GaveUp as error:
        outcome.failed = True
        tape.give_up(str(error))
    root.attributes |= GENAI.said(outcome.reply)
    return outcome


def _look(talk: Talk, root: Draft, facts: dict[str, str]) -> None:
    rng = talk.tape.rng
    thought = rng.choice(load("operations")["thoughts"]) if talk.tape.chance(0.5) else ""
    _use(talk, root, rng.choice(_LOOKING), facts, thought)
    # a model is told the newest part of a long loop only
    if len(talk.messages) > 26:
        talk.messages[2:-20] = []


def _use(talk: Talk, root: Draft, name: str, facts: dict[str, str], thought: str) -> None:
    tape = talk.tape
    book = load("operations")
    tool = book["tools"][name]
    arguments = fill_json(tool["args"], facts)
    reply: list[dict[str, Json]] = [{"type": "text", "content": thought}] if thought else []
    talk.ask(root, [*reply, tool_call(tape, name, arguments)])
    error = tape.rng.choice(book["tool_errors"]) if tape.chance(0.03) else ""
    call_tool(
        talk, root, name, arguments, fill(tape.rng.choice(tool["results"]), facts), error, label=f"execute_tool {name}"
    )


def play_crew(visit: Visit, resource: dict[str, Json]) -> Outcome:
    """A planner splits the question, researchers work side by side, a writer writes, a critic reads."""
    tape = Tape(visit, resource, "openinference.instrumentation.crew")
    rng, book = tape.rng, load("research")
    topic = rng.choice(book["topics"])
    root = tape.open("research_crew", None, OPENINFERENCE.kind("chain") | OPENINFERENCE.told(topic["ask"]))
    root.attributes |= {"session.id": visit.session_id, "user.id": f"u-{visit.user:04d}", "tag.tags": ["research"]}
    outcome = Outcome(tape, root, question=topic["ask"])
    try:
        _act(tape, root, "planner", topic["ask"], "\n".join(topic["parts"]))
        found, ends, workers = [], [], []
        began = tape.now
        for part, finding in zip(topic["parts"], topic["findings"], strict=False):
            tape.now = began + rng.randrange(5, 60) * 1_000_000
            workers.append(_research(tape, root, part, finding))
            found.append(finding)
            ends.append(tape.now)
        tape.now = max(ends)
        writer = _act(tape, root, "writer", "\n\n".join(found), topic["report"])
        writer.links += [Link(tape.trace_id, worker.span_id, {"reason": "uses the findings of"}) for worker in workers]
        for _ in range(rng.randrange(1, 4)):
            complaint = f"Carried by the findings, but for one claim: {topic['report'].split('. ')[1]}."
            _act(tape, root, "critic", topic["report"], complaint)
            outcome.answer = _act(tape, root, "writer", complaint, topic["report"])
        outcome.reply = topic["report"]
        tape.close(root)
    except GaveUp as error:
        outcome.failed = True
        tape.give_up(str(error))
    root.attributes |= OPENINFERENCE.said(outcome.reply)
    return outcome


def _act(tape: Tape, root: Draft, role: str, told: str, said: str) -> Draft:
    agent = tape.open(role, root, OPENINFERENCE.kind("agent") | {"agent.name": role} | OPENINFERENCE.told(told))
    talk = _talk(tape, role, told)
    talk.ask(agent, [{"type": "text", "content": said}])
    tape.close(agent).attributes |= OPENINFERENCE.said(said)
    return agent


def _research(tape: Tape, root: Draft, part: str, finding: str) -> Draft:
    agent = tape.open("researcher", root, OPENINFERENCE.kind("agent") | OPENINFERENCE.told(part))
    agent.attributes["agent.name"] = "researcher"
    talk = _talk(tape, "researcher", part)
    talk.tools = [{"name": "web_search", "parameters": {"type": "object"}}, {"name": "read_page", "parameters": {}}]
    for _ in range(tape.rng.randrange(2, 6)):
        source = tape.rng.choice(load("research")["sources"])
        query = dump({"q": part.rstrip("?").lower()[:60]})
        talk.ask(agent, [tool_call(tape, "web_search", query)])
        hits = dump([{"title": source, "snippet": finding[:90]}])
        error = "HTTPStatusError: 403 Forbidden for this source" if tape.chance(0.02) else ""
        call_tool(talk, agent, "web_search", query, hits, error)
        if not error and tape.chance(0.7):
            page = dump({"source": source})
            talk.ask(agent, [tool_call(tape, "read_page", page)])
            call_tool(talk, agent, "read_page", page, f"{source}\n\n{finding}")
    talk.ask(agent, [{"type": "text", "content": finding}])
    tape.close(agent).attributes |= OPENINFERENCE.said(finding)
    return agent


def _talk(tape: Tape, role: str, told: str) -> Talk:
    talk = Talk(tape, OPENINFERENCE, _CREW_MODELS[role], (f"crew-{role}", "v2"))
    talk.messages = [text("system", load("research")["crew"][role]), text("user", told)]
    return talk
