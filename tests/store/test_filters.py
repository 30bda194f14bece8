"""Filters against a plain Python reading of the same rows."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from tailrace.model import (
    Cost,
    Event,
    Score,
    ScoreKind,
    ScoreSource,
    Sorting,
    Span,
    SpanKind,
    SpanStatus,
    TraceFilter,
    Usage,
)
from tailrace.model.review import Dataset, DatasetItem, Put, Queue, QueueItem, Removal
from tailrace.query import (
    FIELDS,
    And,
    Everything,
    Field,
    FieldKind,
    Not,
    Op,
    Or,
    Prefix,
    Term,
    Text,
    Tree,
    attribute_field,
    fold,
    parse,
    score_field,
)
from tailrace.semconv.errors import categorise
from tailrace.store import Reader, ScoreBook, Writer
from tailrace.store.changes import apply

# What LIKE, JSON, FTS5 and SQL give a meaning of their own
NASTY = (
    "a",
    "A",
    "ab",
    "a%",
    "a_b",
    'a"b',
    '"',
    "\\",
    "\\n",
    "\n",
    "a,b",
    ",",
    '","',
    "[a]",
    "é",
    "É",
    "ß",
    "a@1",
    "a@",
    "*",
    "'",
    "^",
)
MESSAGES = ("", "HTTP 429", "x" * 9000, "Traceback (most recent call last)\n" + "y" * 9000 + "\nTimeoutError: late")
NUMBERS = (0.0, 1.0, 2.0, 2.5, 5.0, 1e9, 2e9, -1.0)


@dataclass(frozen=True)
class Seen:
    """A trace as a person would read it off the tables."""

    row: dict[str, Any]
    spans: list[dict[str, Any]]
    scores: list[dict[str, Any]]
    queues: list[str]
    datasets: list[str]


def _spans() -> Iterator[Span]:
    second = 10**9
    kinds = list(SpanKind)
    for t in range(60):
        word = NASTY[t % len(NASTY)]
        other = NASTY[(t * 7 + 3) % len(NASTY)]
        for i in range(1 + t % 4):
            yield Span(
                f"trace-{t}",
                f"s{i}",
                None if i == 0 and t % 9 else f"s{i - 1}",
                other if i else word,
                t * second,
                None if (t + i) % 11 == 0 else t * second + (t % 6) * second + i,
                kind=kinds[(t + i) % len(kinds)],
                status=list(SpanStatus)[(t * i) % 3],
                status_message=MESSAGES[t % len(MESSAGES)] if i else "",
                error_type=(other, "APITimeoutError", None)[t % 3],
                model=other if t % 3 else None,
                tool_name=word if i == 2 else None,
                prompt_name=word if i == 1 else None,
                prompt_version="1" if t % 2 else None,
                session_id=word if t % 2 else None,
                user_id=other if t % 5 else None,
                environment="prod" if t % 3 else "PROD",
                version=f"2.{t % 4}" if t % 4 else None,
                tags=(word, other) if t % 3 == 1 else (),
                ttft_ns=second * (t % 3) if t % 2 else None,
                usage=Usage(t % 3, 2, None) if t % 4 else None,
                cost=Cost((t % 5) / 2) if t % 3 == 2 else None,
                input=f"Say {word} again, refund policy {t % 7}" if t % 2 else None,
                input_key="said" if t % 4 == 1 else None,
                output="the Answer" if i == 1 else None,
                attributes={
                    "n": t % 6,
                    word: other,
                    "flag": t % 2 == 0,
                    "real": 2.5,
                    "s": str(t % 3),
                    "deep": {"n": [1]},
                },
                resource={"service": other} if t % 2 else {},
                events=(Event("e", t * second, {}),) if t % 6 == 0 else (),
            )


def _scores() -> Iterator[Score]:
    for t in range(0, 60, 3):
        yield Score(f"n{t}", "quality", ScoreKind.NUMBER, f"trace-{t}", value=float(t % 4))
        yield Score(f"c{t}", "class", ScoreKind.CATEGORY, f"trace-{t}", "s0", label=NASTY[t % len(NASTY)])
        if t % 2:
            yield Score(f"t{t}", "thumb", ScoreKind.THUMB, f"trace-{t}", value=float(t % 4 == 1))
        if t % 5 == 0:
            yield Score(f"x{t}", "note", ScoreKind.TEXT, f"trace-{t}", comment="well")
    for t in range(0, 60, 4):
        author = NASTY[t % len(NASTY)]
        trace_id, person = f"trace-{t}", ScoreSource.PERSON
        verdict = (1.0, 0.0, None)[t % 3]
        yield Score(f"v{t}", "thumb", ScoreKind.THUMB, trace_id, value=verdict, author=author, source=person)
        if t % 8:
            yield Score(f"w{t}", "note", ScoreKind.TEXT, trace_id, "s0", author=f"{author}2", source=person)
            yield Score(f"m{t}", "failure_mode", ScoreKind.CATEGORY, trace_id, label=NASTY[-1 - t // 4], source=person)
        else:
            yield Score(f"e{t}", "evidence", ScoreKind.TEXT, trace_id, "s0", author=author, source=person)
            yield Score(f"o{t}", "correction", ScoreKind.TEXT, trace_id, author=author, source=person)
        yield Score(f"u{t}", "thumb", ScoreKind.THUMB, trace_id, "s0", value=0.0, author="b", source=person)
    for name in ("thumb", "note", "failure_mode", "evidence", "correction"):
        yield Score(f"session {name}", name, ScoreKind.TEXT, session_id="b", label="b", author="b")
    yield Score("session", "mood", ScoreKind.NUMBER, session_id="A", value=2.0, label="é")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    path = tmp_path_factory.mktemp("filters") / "traces.tailrace"
    with Writer(path) as writer:
        writer.write([*_spans(), *_scores()])
        writer.settle()
        writer.index()
    book = ScoreBook(path)
    apply(book, [Put(record) for record in _shared()])
    apply(book, [Removal(Queue, "q6"), Removal(QueueItem, "q0/trace-0"), Removal(Dataset, "s6")])
    book.close()
    return Reader(path)


def _shared() -> Iterator[Queue | QueueItem | Dataset | DatasetItem]:
    for i, word in enumerate(NASTY):
        if i % 2:
            yield Dataset(f"s{i}", word)
            yield DatasetItem(f"s{i}/trace-{i}", f"s{i}", f"trace-{i}", None, None, None, None)
        else:
            yield Queue(f"q{i}", word)
            for t in range(0, 60, i + 1):
                yield QueueItem(f"q{i}", f"trace-{t}", t)
    yield Dataset("s6", "prod")
    yield DatasetItem("s6/trace-6", "s6", "trace-6", None, None, None, None)


@pytest.fixture(scope="module")
def seen(reader: Reader) -> dict[int, Seen]:
    connection = sqlite3.connect(reader.path)
    connection.row_factory = sqlite3.Row
    spans = [
        dict(row)
        for row in connection.execute(
            "SELECT span.*, p.input, p.output, p.input_key, p.output_key, p.attributes, r.attributes AS resource"
            " FROM span JOIN span_payload p ON p.id = span.id LEFT JOIN resource r ON r.id = p.resource"
        )
    ]
    scores = [dict(row) for row in connection.execute("SELECT * FROM score")]
    traces = [dict(row) for row in connection.execute("SELECT * FROM trace")]
    named = {
        table: connection.execute(
            f"SELECT item.trace_id, {table}.name FROM {items} AS item JOIN {table} USING ({key})"
            f" WHERE item.removed + {table}.removed = 0"
        ).fetchall()
        for table, items, key in (
            ("review_queue", "review_item", "queue_id"),
            ("dataset", "dataset_item", "dataset_id"),
        )
    }
    connection.close()
    return {
        row["id"]: Seen(
            row,
            [span for span in spans if span["trace"] == row["id"]],
            [
                score
                for score in scores
                if score["trace_id"] == row["trace_id"]
                or (
                    score["trace_id"] is None
                    and score["session_id"] is not None
                    and score["session_id"] == row["session_id"]
                )
            ],
            *([name for trace_id, name in names if trace_id == row["trace_id"]] for names in named.values()),
        )
        for row in traces
    }


def _same(text: object, value: str | Prefix) -> bool:
    if not isinstance(text, str):
        return False
    if isinstance(value, Prefix):
        if not value.text:
            return text != ""
        return _lower(text, value.text).startswith(_lower(value.text, value.text))
    return _lower(text, value) == _lower(value, value)


def _lower(text: str, like: str) -> str:
    """ASCII is compared as ASCII, anything else in full."""
    if not like.isascii():
        return text.casefold()
    return "".join(c.lower() if c.isascii() else c for c in text)


def _compare(number: float | None, op: Op, value: float) -> bool:
    if number is None:
        return False
    return {
        Op.EQ: number == value,
        Op.GT: number > value,
        Op.GE: number >= value,
        Op.LT: number < value,
        Op.LE: number <= value,
    }[op]


def _json_value(value: object, term: Term) -> bool:
    wanted = term.value
    if isinstance(wanted, Prefix) and not wanted.text:
        return True
    if isinstance(wanted, float):
        return isinstance(value, int | float) and not isinstance(value, bool) and _compare(value, term.op, wanted)
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return _same(text, wanted)


def _loop_depth(spans: list[dict[str, Any]]) -> int | None:
    here = {span["span_id"] for span in spans}
    calls = [
        (span["parent_id"] if span["parent_id"] in here else None, span["tool_name"] or span["name"])
        for span in spans
        if span["kind"] == "tool"
    ]
    return max((calls.count(call) for call in calls), default=None)


def _holds(term: Term, trace: Seen) -> bool:
    row, name, value = trace.row, term.field.name, term.value
    if term.field.kind is FieldKind.SCORE:
        for score in trace.scores:
            if score["name"] != term.field.key:
                continue
            if isinstance(value, float):
                found = _compare(score["value"], term.op, value)
            else:
                found = (isinstance(value, Prefix) and not value.text) or _same(score["label"], value)
            if found:
                return True
        return False
    if term.field.kind is FieldKind.ATTRIBUTE:
        key = term.field.key
        for span in trace.spans:
            holders = [json.loads(span["attributes"]), json.loads(span["resource"] or "{}")]
            holders += [{span[f"{side}_key"]: span[side]} for side in ("input", "output") if span[f"{side}_key"]]
            if any(key in holder and _json_value(holder[key], term) for holder in holders):
                return True
        return False
    if term.field.kind in (FieldKind.DURATION, FieldKind.NUMBER, FieldKind.MONEY):
        columns = {
            "latency": "duration_ns",
            "ttft": "ttft_ns",
            "tokens": "total_tokens",
            "spans": "span_count",
            "errors": "error_count",
        }
        assert isinstance(value, float)
        if name == "loop":
            return _compare(_loop_depth(trace.spans), term.op, value)
        return _compare(row[columns.get(name, name)], term.op, value)
    spans = trace.spans
    if name == "has":
        return _has(str(value), trace)
    if name == "status":
        return bool(row["status"] == value)
    if name == "kind":
        return any(span["kind"] == value for span in spans)
    if name == "thumb":
        return bool({"up": 1, "down": 0, "none": None}[str(value)] == row["thumb"])
    if name == "verdict":
        verdicts = [
            one["value"]
            for one in _own(trace)
            if one["name"] == "thumb" and one["source"] == "person" and one["span_id"] is None
        ]
        return not verdicts if value == "none" else {"pass": 1.0, "fail": 0.0, "defer": None}[str(value)] in verdicts
    assert isinstance(value, str | Prefix)
    if name == "queue":
        return any(_same(queue, value) for queue in trace.queues)
    if name == "dataset":
        return any(_same(dataset, value) for dataset in trace.datasets)
    if name == "mode":
        return any(_same(one["label"], value) for one in _own(trace) if one["name"] == "failure_mode")
    if name == "reviewer":
        said = [one for one in _own(trace) if (one["name"], one["kind"]) in (("thumb", "thumb"), ("note", "text"))]
        return any(_same(one["author"], value) for one in said if one["source"] == "person")
    if name == "model":
        return any(_same(span["model"], value) for span in spans)
    if name == "error":
        return any(_same(span["error_type"], value) for span in spans if span["status"] == "error")
    if name == "category":
        failed = (span for span in spans if span["status"] == "error")
        said = (categorise(span["error_type"], span["status_message"], SpanKind(span["kind"])) for span in failed)
        return str(value) in said
    if name == "failed":
        return any(span["status"] == "error" and span["kind"] == value for span in spans)
    if name == "tool":
        return any(_same(span["tool_name"], value) for span in spans)
    if name == "span":
        return any(_same(span["name"], value) for span in spans)
    if name == "tag":
        return any(_same(tag, value) for span in spans for tag in json.loads(span["tags"] or "[]"))
    if name == "prompt":
        for span in spans:
            prompt, version = span["prompt_name"], span["prompt_version"]
            if prompt and (
                _same(f"{prompt}@{version}" if version else prompt, value)
                or (isinstance(value, str) and _same(f"{prompt}@{version}" if version else prompt, Prefix(value + "@")))
            ):
                return True
        return False
    columns = {"session": "session_id", "user": "user_id", "env": "environment", "trace": "trace_id"}
    return _same(row[columns.get(name, name)], value)


def _own(trace: Seen) -> list[dict[str, Any]]:
    """The scores of the trace and its spans, not those of its session."""
    return [score for score in trace.scores if score["trace_id"]]


def _has(word: str, trace: Seen) -> bool:
    row, spans = trace.row, trace.spans
    return bool(
        {
            "error": lambda: any(span["status"] == "error" for span in spans),
            "thumb": lambda: row["thumb"] is not None,
            "note": lambda: any(score["name"] == "note" for score in _own(trace)),
            "mode": lambda: any(score["name"] == "failure_mode" for score in _own(trace)),
            "evidence": lambda: any(score["name"] == "evidence" for score in _own(trace)),
            "correction": lambda: any(score["name"] == "correction" for score in _own(trace)),
            "dataset": lambda: trace.datasets,
            "score": lambda: any(
                score["kind"] in ("number", "category") and score["trace_id"] for score in trace.scores
            ),
            "session": lambda: row["session_id"],
            "user": lambda: row["user_id"],
            "env": lambda: row["environment"],
            "version": lambda: row["version"],
            "tag": lambda: any(span["tags"] for span in spans),
            "prompt": lambda: any(span["prompt_name"] for span in spans),
            "model": lambda: any(span["model"] for span in spans),
            "tokens": lambda: row["total_tokens"] is not None,
            "cost": lambda: row["cost"] is not None,
            "unpriced": lambda: row["unpriced_spans"],
            "ttft": lambda: row["ttft_ns"] is not None,
            "input": lambda: any(span["input"] for span in spans),
            "output": lambda: any(span["output"] for span in spans),
            "tool": lambda: any(span["tool_name"] or span["kind"] == "tool" for span in spans),
            "retrieval": lambda: any(span["kind"] == "retriever" for span in spans),
            "event": lambda: any(span["event_count"] for span in spans),
            "missing-root": lambda: row["missing_root"],
            "open-span": lambda: any(span["end_ns"] is None for span in spans),
        }[word]()
    )


def _found(text: Text, trace: Seen) -> bool:
    wanted = re.findall(r"[a-z0-9]+", text.words.lower())
    for span in trace.spans:
        for column in ("name", "input", "output"):
            words = re.findall(r"[a-zéß0-9]+", (span[column] or "").lower())
            for at in range(len(words) - len(wanted) + 1):
                here = words[at : at + len(wanted)]
                if here[:-1] == wanted[:-1] and (
                    here[-1] == wanted[-1] or (text.prefix and here[-1].startswith(wanted[-1]))
                ):
                    return True
    return False


def evaluate(tree: Tree, trace: Seen) -> bool:
    def visit(node: Tree, below: list[bool]) -> bool:
        if isinstance(node, And):
            return all(below)
        if isinstance(node, Or):
            return any(below)
        if isinstance(node, Not):
            return not below[0]
        if isinstance(node, Text):
            return _found(node, trace)
        return isinstance(node, Everything) or _holds(node, trace)

    return fold(tree, visit)


words = st.sampled_from((*NASTY, "b", "prod", "Prod", "trace-3", "2", "2.1", "true", "0", "nothing"))
texts = words | words.map(Prefix) | st.text(max_size=3)
numbers = st.sampled_from(NUMBERS)


@st.composite
def terms(draw: st.DrawFn) -> Tree:
    field: Field = draw(
        st.sampled_from([field for field in FIELDS if field.name != "text"])
        | st.sampled_from([score_field(name) for name in ("quality", "class", "mood", "thumb")])
        | st.sampled_from(
            [attribute_field(key) for key in ("n", "s", "flag", "real", "said", "service", "deep", *NASTY)]
        )
    )
    if field.kind is FieldKind.TEXT:
        return Term(field, Op.EQ, draw(texts))
    if field.kind in (FieldKind.CHOICE, FieldKind.HAS):
        return Term(field, Op.EQ, draw(st.sampled_from(field.choice_words)))
    if field.kind in (FieldKind.SCORE, FieldKind.ATTRIBUTE) and draw(st.booleans()):
        return Term(field, Op.EQ, draw(texts))
    return Term(field, draw(st.sampled_from(list(Op)[(field.kind is FieldKind.ATTRIBUTE) :])), draw(numbers))


leaves = (
    terms()
    | st.builds(Text, st.sampled_from(("refund", "Refund POLICY", "say", "answer", "a", "ab")), prefix=st.booleans())
    | st.just(Everything())
)
trees = st.recursive(
    leaves,
    lambda below: (
        st.builds(Not, below)
        | st.lists(below, min_size=2, max_size=4).map(lambda children: And(tuple(children)))
        | st.lists(below, min_size=2, max_size=4).map(lambda children: Or(tuple(children)))
    ),
    max_leaves=12,
)


@settings(max_examples=examples(200), deadline=None)
@given(trees)
def test_sql_and_plain_python_find_the_same_traces(reader: Reader, seen: dict[int, Seen], tree: Tree) -> None:
    answer = reader.list_traces(tree, TraceFilter(), Sorting())
    assert set(answer.keys.tolist()) == {key for key, trace in seen.items() if evaluate(tree, trace)}
    assert answer.total == len(seen)


@settings(max_examples=examples(50), deadline=None)
@given(terms())
def test_a_condition_and_its_opposite_share_all_traces_between_them(reader: Reader, term: Tree) -> None:
    holds = reader.list_traces(term, TraceFilter(), Sorting()).keys.tolist()
    fails = reader.list_traces(Not(term), TraceFilter(), Sorting()).keys.tolist()
    everything = reader.list_traces(Everything(), TraceFilter(), Sorting()).keys.tolist()
    assert sorted(holds + fails) == sorted(everything)


@pytest.mark.parametrize(
    "hostile",
    [
        '"',
        '""',
        'a"b',
        "NEAR(a b)",
        "a OR b",
        "name:a",
        "-a",
        "*",
        "a*b",
        "(",
        "^a",
        "\0",
        "a\0b",
        "\ud800",
        "{x}",
        "+",
    ],
)
def test_words_to_find_are_never_read_as_a_query(reader: Reader, hostile: str) -> None:
    for prefix in (False, True):
        reader.list_traces(Text(hostile, prefix=prefix), TraceFilter(), Sorting())


@settings(max_examples=examples(100), deadline=None)
@given(st.text(min_size=1), st.booleans())
def test_any_words_can_be_looked_for(reader: Reader, words: str, prefix: bool) -> None:
    reader.list_traces(Text(words, prefix=prefix), TraceFilter(), Sorting())


def test_ten_thousand_terms_are_answered(reader: Reader, seen: dict[int, Seen]) -> None:
    field = next(field for field in FIELDS if field.name == "name")
    many = Or((*(Term(field, Op.EQ, f"nothing {i}") for i in range(10_000)), Term(field, Op.EQ, "a")))
    wanted = {key for key, trace in seen.items() if trace.row["name"].lower() == "a"}
    assert set(reader.list_traces(many, TraceFilter(), Sorting()).keys.tolist()) == wanted
    none = And(tuple(Not(child) for child in many.children))
    assert set(reader.list_traces(none, TraceFilter(), Sorting()).keys.tolist()) == set(seen) - wanted


def test_nesting_has_no_limit(reader: Reader, seen: dict[int, Seen]) -> None:
    [error, tool] = [parse(text).tree for text in ("status:error", "kind:tool")]
    assert error is not None
    assert tool is not None
    tree: Tree = error
    for depth in range(601):
        tree = Not(tree) if depth % 3 == 0 else And((tool, tree)) if depth % 3 == 1 else Or((error, tree))
    expected = {key for key, trace in seen.items() if evaluate(tree, trace)}
    assert set(reader.list_traces(tree, TraceFilter(), Sorting()).keys.tolist()) == expected


def test_the_time_range_is_half_open_and_takes_any_bound(reader: Reader) -> None:
    second = 10**9
    everything = Everything()
    answer = reader.list_traces(everything, TraceFilter("", 3 * second, 6 * second), Sorting())
    starts = [row.start_ns for row in reader.read_rows(answer.keys.tolist())]
    assert starts == [5 * second, 4 * second, 3 * second]
    for since, until, count in (
        (None, 2**70, 60),
        (-(2**70), None, 60),
        (2**70, None, 0),
        (None, -(2**70), 0),
        (5, 5, 0),
    ):
        found = reader.list_traces(everything, TraceFilter("", since, until), Sorting()).keys
        assert len(found) == count
        assert found.dtype == np.int64


@pytest.mark.parametrize("field", ["tag", "model", "prompt", "tool"])
@pytest.mark.parametrize("value", ["b", Prefix("b"), ",", "]", "%", "_", "a_", "n", "@"])
def test_no_part_of_a_listed_text_passes_for_the_text(
    reader: Reader, seen: dict[int, Seen], field: str, value: str | Prefix
) -> None:
    term = Term(next(known for known in FIELDS if known.name == field), Op.EQ, value)
    answer = reader.list_traces(term, TraceFilter(), Sorting()).keys.tolist()
    assert set(answer) == {key for key, trace in seen.items() if evaluate(term, trace)}
