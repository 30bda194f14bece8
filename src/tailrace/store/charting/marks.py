"""When versions of the application and of prompts were first seen."""

from __future__ import annotations

import numpy as np

from tailrace.model.charted import Mark
from tailrace.model.listing import TraceFilter
from tailrace.store.charting.cells import Scope, scope_conditions
from tailrace.store.charting.counting import Found
from tailrace.store.charting.ranges import range_statement, read_range
from tailrace.store.charting.source import Source
from tailrace.store.charting.statement import Bindings, Statement

_MOST = 24
# A version was there from the beginning where its first trace comes no later after the first of all than this share of
# the time, or than a few times the usual distance of its own traces
_BEGINNING = 0.01
_GAPS = 4
_NEARLY_ALL = 0.8  # traces that have lost their root go by other names


def mark_statement(field: str, scope: Scope) -> Statement:
    """The versions (field `version`) or prompts with a version (field `prompt`) that the traces of a scope have, with
    when each was first and last seen at all, and in how many traces or spans. Only those that came after another: a
    version of traces of the same name, or of the same prompt."""
    bindings = Bindings()
    inside = " AND ".join(scope_conditions(scope, bindings)) or "TRUE"
    thing, value, source, met = {
        "version": ("f.name", "f.version", "trace_facts", "f.version IS NOT NULL"),
        "prompt": ("regexp_extract(f.prompt, '^(.*)@', 1)", "f.prompt", "span_facts", "contains(f.prompt, '@')"),
    }[field]
    return bindings.statement(
        "WITH seen AS (\n"
        f"    SELECT {thing} AS thing, {value} AS version, min(f.start_ns) AS earliest, max(f.start_ns) AS latest,\n"
        f"        count(*) AS facts, count(*) FILTER (WHERE {inside}) AS inside\n"
        f"    FROM {source} AS f\n    WHERE {met}\n    GROUP BY thing, version\n"
        "), following AS (\n"
        "    SELECT *, min(earliest) OVER (PARTITION BY thing) AS first_of_thing FROM seen\n"
        ")\nSELECT\n    version,\n    min(earliest) AS earliest,\n    max(latest) AS latest,\n"
        "    sum(facts)::BIGINT AS facts,\n    sum(inside)::BIGINT AS inside,\n"
        f"    CASE WHEN max(facts) >= {_NEARLY_ALL} * sum(facts) THEN arg_max(thing, facts) END AS thing\n"
        "FROM following\nGROUP BY version\nHAVING sum(inside) > 0 AND min(first_of_thing) < min(earliest)"
    )


def marks(asked: TraceFilter, source: Source) -> list[Mark]:
    """The versions among the traces of a filter that were first seen within its time, and not from the beginning of
    all data, in order of time; of many those that are seen most."""
    scope = source.scope(asked)
    fields = ("version", "prompt")
    statements = [range_statement(Scope()), *(mark_statement(field, scope) for field in fields)]
    [whole, *answers] = source.run(statements)
    extent = read_range(whole)
    if extent is None:
        return []
    found = [
        (seen, Mark(earliest, field, version, thing if field == "version" else ""))
        for field, answer in zip(fields, answers, strict=True)
        for version, earliest, seen, thing in _deployed(answer, extent)
        if (scope.since_ns is None or earliest >= scope.since_ns)
        and (scope.until_ns is None or earliest < scope.until_ns)
    ]
    most = sorted(found, key=lambda each: (-each[0], each[1].value))[:_MOST]
    return sorted((mark for _, mark in most), key=lambda mark: (mark.time_ns, mark.field, mark.value))


def _deployed(answer: Found, extent: tuple[int, int]) -> list[tuple[str, int, int, str]]:
    """Version, first sight, how often it is seen and what nearly all of it is, of those that came later."""
    begin, end = extent
    columns = [np.ma.asanyarray(answer[name]).data for name in ("version", "earliest", "latest", "facts", "inside")]
    found: list[tuple[str, int, int, str]] = []
    things = np.ma.asanyarray(answer["thing"]).tolist()
    for version, earliest, latest, facts, inside, thing in zip(
        *(column.tolist() for column in columns), things, strict=True
    ):
        usual = (latest - earliest) / max(facts - 1, 1)
        if earliest - begin > max((end - begin) * _BEGINNING, usual * _GAPS):
            found.append((str(version), int(earliest), int(inside), thing or ""))
    return found
