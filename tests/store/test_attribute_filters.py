"""Filters on attributes against a plain Python reading of the same spans, wherever the index stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.store.written import make, rows

from tailrace.model import Json, LogRecord, Sorting, Span, TraceFilter
from tailrace.query import Not, Op, Prefix, Term, attribute_field
from tailrace.store import Reader, Writer, attribute_index, search_index
from tailrace.store.attribute_tokens import number_query

KEYS = ("a", "A", "a.b", 'a"b', "a b", "é", "", "*", "\\", "'", "a:b OR c", "{k}", "said", "\ue020", "NEAR(a)")
LONG = "You are a helpful assistant that answers every question about "
TEXTS = (
    *(
        "",
        "a",
        "A",
        "ab",
        "AB",
        "a b",
        "a  b",
        "a~b",
        "a^b",
        'a"b',
        "a_b",
        "a%",
        "*",
        '"',
        "'",
        "\\",
        "\n",
        "\t",
        "\x7f",
    ),
    *(
        "é",
        "É",
        "ß",
        "SS",
        "ss",
        "ẞ",
        "\u212a",
        "k",
        "K",
        "İ",
        "i\u0307",
        "ﬀ",
        "ff",
        "Σας",
        "σασ",
        "日本",
        "🙂",
        "e\u0301",
    ),
    *(
        "\ue020",
        "\ue022 ",
        "\U0010ffff",
        "\U0010ffff\ue020",
        "\uffff",
        "1",
        "1.0",
        "true",
        "True",
        "null",
        "[1]",
        "-0.0",
    ),
    *(
        LONG + "Zürich",
        LONG + "zürich",
        LONG + "Bern",
        LONG.upper() + "BERN",
        LONG[:48],
        LONG[:49],
        LONG[:24],
        LONG[:25],
    ),
    *(
        "É" * 24,
        "é" * 25,
        "ß" * 24,
        "ß" * 25,
        "ss" * 24,
        "s" * 49,
        "a" * 48,
        "a" * 49,
        "A" * 48,
        '["a","b"]',
        '{"n":1}',
    ),
    *("1e+22", "0.1", "0.30000000000000004", "9007199254740993", "9223372036854775807", "-1", "a OR b", "a*", "(a"),
)
NUMBERS = (
    *(0, 0.0, -0.0, 1, 1.0, 1.5, -1, -1.5, 2, 499, 500, 0.1, 0.1 + 0.2, 1e22, 1e300, -1e300, 5e-324, 2**53, 2**53 + 1),
    *(-(2**53) - 1, 2**63 - 1, -(2**63), 2**62 + 1, 255, 256, 65535),
)
VALUES: tuple[Json, ...] = (
    *TEXTS,
    *NUMBERS,
    True,
    False,
    None,
    [],
    ["a", "b"],
    ["É"],
    [LONG],
    {},
    {"n": 1},
    {"é": [1]},
)

keys = st.sampled_from(KEYS)
# SQLite's JSON of some versions ends a text at its first NUL
free_text = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=6)
values = st.sampled_from(VALUES) | free_text | st.integers(-(2**63), 2**63 - 1) | st.floats(-1e6, 1e6)
wanted = st.sampled_from(TEXTS) | free_text
terms = st.builds(
    lambda key, value: Term(attribute_field(key), Op.EQ, value),
    keys,
    wanted | wanted.map(Prefix) | wanted.map(lambda text: Prefix(text[: len(text) // 2])) | st.just(Prefix("")),
) | st.builds(
    lambda key, op, value: Term(attribute_field(key), op, float(value)),
    keys,
    st.sampled_from([op for op in Op if op is not Op.EQ]),
    st.sampled_from(NUMBERS) | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False),
)


def _matches(value: Json, term: Term) -> bool:
    """What a term says of one value, as the filter language explains it."""
    sought = term.value
    if isinstance(sought, float):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return {
            Op.GT: value > sought,
            Op.GE: value >= sought,
            Op.LT: value < sought,
            Op.LE: value <= sought,
        }[term.op]
    if isinstance(sought, Prefix) and not sought.text:
        return True
    if value is None:
        return False
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        # a zero has no sign
        text = repr(value or abs(value)) if isinstance(value, int | float) else orjson.dumps(value).decode()
    wanted = sought.text if isinstance(sought, Prefix) else sought
    if wanted.isascii():
        text = "".join(c.lower() if c.isascii() else c for c in text)
        wanted = wanted.lower()
    else:
        text, wanted = text.casefold(), wanted.casefold()
    return text.startswith(wanted) if isinstance(sought, Prefix) else text == wanted


def _holds(spans: Sequence[Span], term: Term) -> bool:
    for span in spans:
        holders: list[dict[str, Any]] = [span.attributes, span.resource]
        if span.input_key is not None:
            holders.append({span.input_key: span.input})
        if span.output_key is not None:
            holders.append({span.output_key: span.output})
        if any(term.field.key in holder and _matches(holder[term.field.key], term) for holder in holders):
            return True
    return False


def _expected(spans: Sequence[Span], term: Term) -> set[str]:
    by_trace: dict[str, list[Span]] = {}
    for span in spans:
        by_trace.setdefault(span.trace_id, []).append(span)
    return {trace_id for trace_id, members in by_trace.items() if _holds(members, term)}


def _found(reader: Reader, term: Term) -> set[str]:
    keys = reader.list_traces(term, TraceFilter(), Sorting()).keys.tolist()
    assert len(keys) == len(set(keys))
    return {row.trace_id for row in reader.read_rows(keys)}


def _spans() -> list[Span]:
    """Each value at some keys, in traces of one to three spans."""
    made: list[Span] = []
    for t, value in enumerate(VALUES):
        attributes = {KEYS[(t + i) % len(KEYS)]: VALUES[(t * 5 + i) % len(VALUES)] for i in range(4)} | {"a": value}
        made.append(
            make(
                "s0",
                trace_id=f"t{t}",
                attributes=attributes,
                resource={"a.b": value} if t % 3 == 0 else {"é": "É", "A": t},
                input=value if isinstance(value, str) else None,
                input_key="said" if isinstance(value, str) else None,
            )
        )
        made += [make(f"s{i}", trace_id=f"t{t}", attributes={"a b": VALUES[t - i]}) for i in range(1, 1 + t % 3)]
    return made


def _reader(path: Path, state: str) -> Reader:
    spans = _spans()
    with Writer(path) as writer:
        if state == "changed":
            # each span has had something else to say in the index
            for span in spans:
                said = None if span.input is None else "former"
                writer.write([replace(span, attributes=dict.fromkeys(span.attributes, "former"), input=said)])
            writer.index()
        if state == "half":
            writer.write(spans[: len(spans) // 2])
            writer.index()
        writer.write(spans)
        if state in ("indexed", "changed"):
            writer.index()
    return Reader(path)


@pytest.fixture(scope="module", params=["indexed", "waiting", "half", "changed"])
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return _reader(tmp_path_factory.mktemp("attributes") / "traces.tailrace", request.param)


@settings(max_examples=examples(200), deadline=None)
@given(terms)
def test_an_attribute_filter_finds_what_plain_python_finds(reader: Reader, term: Term) -> None:
    assert _found(reader, term) == _expected(_spans(), term)


@settings(max_examples=examples(25), deadline=None)
@given(terms)
def test_an_attribute_filter_and_its_opposite_share_all_traces(reader: Reader, term: Term) -> None:
    opposite = reader.list_traces(Not(term), TraceFilter(), Sorting())
    assert len(opposite.keys) == opposite.total - len(_found(reader, term))


def test_every_value_is_found_by_its_own_text(reader: Reader) -> None:
    for text in TEXTS:
        for sought in (text, Prefix(text), Prefix(text[:30])):
            term = Term(attribute_field("a"), Op.EQ, sought)
            found = _found(reader, term)
            assert found == _expected(_spans(), term)
            assert found, text


@settings(max_examples=examples(25), deadline=None)
@given(st.data())
def test_the_index_follows_whatever_is_written(data: st.DataObject) -> None:
    """Pieces of spans in any order, indexed in between or not."""
    pieces = st.builds(
        lambda trace, span, attributes, resource, said: (
            make(
                f"s{span}", trace_id=f"t{trace}", attributes=attributes, resource=resource, input=said, input_key="said"
            )
            if said is not None
            else make(f"s{span}", trace_id=f"t{trace}", attributes=attributes, resource=resource)
        ),
        st.integers(0, 2),
        st.integers(0, 70),
        st.dictionaries(keys, values, max_size=3),
        st.dictionaries(st.sampled_from(KEYS[:3]), values, max_size=1),
        st.none() | wanted,
    )
    spans: dict[tuple[str, str], Span] = {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "traces.tailrace"
        with Writer(path) as writer:
            for batch in data.draw(st.lists(st.lists(pieces, max_size=8), min_size=1, max_size=4)):
                writer.write([replace(piece, attributes=dict(piece.attributes)) for piece in batch])
                for piece in batch:
                    former = spans.get((piece.trace_id, piece.span_id))
                    spans[piece.trace_id, piece.span_id] = piece if former is None else _merged(former, piece)
                if data.draw(st.booleans()):
                    writer.index()
            reader = Reader(path)
            asked = data.draw(st.lists(terms, min_size=4, max_size=8))
            held = [(key, value) for span in spans.values() for key, value in span.attributes.items()]
            asked += [Term(attribute_field(key), Op.EQ, value) for key, value in held if isinstance(value, str)]
            for _ in range(2):
                for term in asked:
                    assert _found(reader, term) == _expected(list(spans.values()), term)
                writer.index()
            reader.close()
        assert rows(path, "SELECT count(*) FROM attribute_pending") == [(0,)]


def _merged(former: Span, piece: Span) -> Span:
    said = piece if piece.input is not None else former
    return replace(
        former,
        attributes=former.attributes | piece.attributes,
        resource=piece.resource or former.resource,
        input=said.input,
        input_key=said.input_key,
    )


def blocks(path: Path, tokens: str = "") -> int:
    """How many blocks the index holds that have a key."""
    return len(rows(path, "SELECT rowid FROM attribute_fts WHERE attribute_fts MATCH ?", tokens))


def test_a_late_span_takes_its_block_along_and_no_other(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make(f"s{i}", attributes={"k": 1}) for i in range(70)])
        writer.index()
        assert rows(path, "SELECT count(*) FROM attribute_pending") == [(0,)]
        writer.write([make("s70", attributes={"k": 2})])
        assert rows(path, "SELECT id & 3 FROM attribute_pending") == [(1,)]
        assert rows(path, "SELECT count(*) FROM search_pending") == [(1,)]
        assert Reader(path).unsettled()[1] == 1
        writer.index()
        assert blocks(path, number_query("k", Op.GE, 1.0)) == 2
        assert blocks(path, number_query("k", Op.GE, 2.0)) == 1


def test_a_change_outside_the_attributes_does_not_touch_their_index(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", attributes={"k": 1})])
        writer.index()
        writer.write([make("a", model="m", status_message="late")])
        assert rows(path, "SELECT count(*) FROM attribute_pending") == [(0,)]
        writer.write([make("a", attributes={"k": 2})])
        assert rows(path, "SELECT count(*) FROM attribute_pending") == [(1,)]
        assert Reader(path).unsettled()[1] == 1
        assert writer.index() == 0  # no text was waiting
    assert rows(path, "SELECT count(*) FROM attribute_pending") == [(0,)]
    assert (blocks(path, number_query("k", Op.EQ, 1.0)), blocks(path, number_query("k", Op.EQ, 2.0))) == (0, 1)


def test_content_of_log_records_leaves_attributes_as_they_are(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", attributes={"k": "v"}, input="own", input_key="said")])
        writer.index()
        writer.write([LogRecord("t1", "a", 5, "gen_ai.user.message", {"content": "Hi"}, {})])
        writer.settle()
        writer.index()
    for key, value in (("k", "v"), ("said", "own")):
        assert _found(Reader(path), Term(attribute_field(key), Op.EQ, value)) == {"t1"}


def test_other_rules_for_tokens_fill_the_attribute_index_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Writer(path) as writer:
        writer.write([make("a", attributes={"k": 1}, input="apples")])
        writer.index()
    monkeypatch.setattr(search_index, "TOKEN_VERSION", search_index.TOKEN_VERSION + 1)
    with Writer(path) as writer:
        assert blocks(path, number_query("k", Op.EQ, 1.0)) == 0
        assert rows(path, "SELECT count(*) FROM search_pending") == [(0,)]
        assert _found(Reader(path), Term(attribute_field("k"), Op.EQ, "1")) == {"t1"}
        writer.index()
    assert blocks(path, number_query("k", Op.EQ, 1.0)) == 1


def test_attribute_chunks_are_bounded_and_lose_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attribute_index, "_SPANS", 3)
    with Writer(path) as writer:
        writer.write([make(f"s{i}", trace_id=f"t{i % 7}", attributes={"k": i}) for i in range(40)])
        writer.index()
    assert blocks(path, number_query("k", Op.GE, 0.0)) == 7


def test_what_another_program_has_spoilt_is_passed_over(path: Path) -> None:
    with Writer(path) as writer:
        writer.write([make("a", attributes={"k": 1}), make("b", attributes={"k": 2})])
        writer._connection.execute("UPDATE span_payload SET attributes = '[' WHERE (id & 1) = 0")
        writer.index()
    assert _found(Reader(path), Term(attribute_field("k"), Op.EQ, "2")) == {"t1"}
