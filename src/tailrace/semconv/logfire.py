"""Logfire and pydantic-ai: events kept in an attribute, tools among the request's parameters."""

from __future__ import annotations

from tailrace.model import Event, Json, ToolDefinition
from tailrace.semconv.messages import read_tools
from tailrace.semconv.values import decode


def listed_events(attributes: dict[str, Json]) -> list[Event]:
    """The GenAI message events that older versions list as JSON in `events` or `all_messages_events`."""
    found: list[Event] = []
    for key in ("events", "all_messages_events"):
        listed = decode(attributes.get(key))
        if type(listed) is list and not found:
            found = [
                Event(item["event.name"], 0, {name: value for name, value in item.items() if name != "event.name"})
                for item in listed
                if type(item) is dict and type(item.get("event.name")) is str
            ]
    return found


def read_offered_tools(attributes: dict[str, Json]) -> tuple[ToolDefinition, ...]:
    """The function tools in model_request_parameters."""
    parameters = decode(attributes.get("model_request_parameters"))
    return read_tools(parameters.get("function_tools")) if type(parameters) is dict else ()
