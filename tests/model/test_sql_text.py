"""Tokens of a statement, and how attributes in it are written."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrace.model.sql_text import Mark, line_and_column, prepare, read_tokens


def _marks(text: str) -> list[tuple[str, str]]:
    return [(token.mark.value, text[token.start : token.end]) for token in read_tokens(text)]


def test_a_statement_falls_into_its_tokens() -> None:
    text = "SELECT \"a\"\"b\", 'it''s', $$x'y$$, 1.5e3 FROM t -- end\n/* a /* b */ c */ WHERE x >= E'\\''"
    assert _marks(text) == [
        ("word", "SELECT"), ("name", '"a""b"'), ("sign", ","), ("text", "'it''s'"), ("sign", ","),
        ("text", "$$x'y$$"), ("sign", ","), ("number", "1.5e3"), ("word", "FROM"), ("word", "t"),
        ("comment", "-- end"), ("comment", "/* a /* b */ c */"), ("word", "WHERE"), ("word", "x"), ("sign", ">="),
        ("text", "E'\\''"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["'a", '"a', "/* a", "/* a /* b */", "$$a", "$x$a$$", "E'\\'"])
def test_what_is_not_closed_reaches_to_the_end(text: str) -> None:
    (token,) = read_tokens(text)
    assert (token.start, token.end, token.open) == (0, len(text), True)


@given(st.text(alphabet="a'\"$-/*\\\n.;(1 é🚀\0", max_size=40))
def test_tokens_cover_any_text_in_order(text: str) -> None:
    at = 0
    for token in read_tokens(text):
        assert not text[at : token.start].strip()
        assert token.start < token.end
        at = token.end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    "text",
    [
        "select 'it''s', \"a\"\"b\" from t where x >= 1.5 and y = $$q$$ -- c",
        "select /* a /* b */ c */ e'x\\'y', 0xff, 1_000, .5 from \"t\"",
        "with a as (select 1) select * from a where b like '%x' /* end",
    ],
)
def test_duckdb_finds_texts_and_comments_at_the_same_places(text: str) -> None:
    theirs = {start for start, kind in duckdb.tokenize(text) if kind.name in ("string_const", "comment")}
    ours = {token.start for token in read_tokens(text) if token.mark in (Mark.TEXT, Mark.COMMENT)}
    assert ours == theirs


@pytest.mark.parametrize(
    ("text", "written", "keys"),
    [
        ("select attr.a.b from spans", 'select "attr.a.b" from spans', ("a.b",)),
        ("select s.ATTR.a from spans s", 'select s."attr.a" from spans s', ("a",)),
        ("select attr.a.upper()", 'select "attr.a".upper()', ("a",)),
        ("select attr.upper()", "select attr.upper()", ()),
        ('select "attr.a-b", "Attr.c"', 'select "attr.a-b", "Attr.c"', ("a-b", "c")),
        ("select 'attr.a' -- attr.b", "select 'attr.a' -- attr.b", ()),
        ("select attr, attr . a, myattr.b", "select attr, attr . a, myattr.b", ()),
        ("select attr.a, attr.a;", 'select "attr.a", "attr.a"', ("a",)),
        ("select 1 ; -- end\n;", "select 1 ", ()),
        ("select ';'", "select ';'", ()),
    ],
)
def test_attributes_become_names_in_quotes(text: str, written: str, keys: tuple[str, ...]) -> None:
    prepared = prepare(text)
    assert (prepared.text, tuple(prepared.keys)) == (written, keys)


def test_every_place_is_found_again_in_the_persons_own_text() -> None:
    own = "select attr.a, x, attr.b.c + y from spans"
    prepared = prepare(own)
    for word in ("select", ", x", "x,", "+ y", "y from", "spans"):
        assert prepared.place(prepared.text.index(word)) == own.index(word)
    assert prepared.place(prepared.text.index('attr.b.c"')) == own.index("attr.b.c")
    assert prepared.keys == {"a": own.index("attr.a"), "b.c": own.index("attr.b.c")}


def test_a_place_is_a_line_and_a_column_from_1() -> None:
    assert line_and_column("ab\ncd", 0) == (1, 1)
    assert line_and_column("ab\ncd", 4) == (2, 2)
    assert line_and_column("", 0) == (1, 1)
