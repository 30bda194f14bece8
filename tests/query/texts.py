"""Texts as hypothesis makes them: noise, and noise made of the language's own pieces."""

from __future__ import annotations

from hypothesis import strategies as st

from tailrace.query import FIELDS

PIECES = [
    *(field.name for field in FIELDS),
    *("score.x", "attr.a.b", 'attr."x y"', "foo", "status:error", "kind:(tool OR llm)", "latency:>2s", "tokens:<1.5k"),
    *("cost:>=$0.05", "score.x:-1e-3", 'score.x:"1"', "model:a,b*", 'name:"a\\"b"*', "text:a:b", "text:attr.x"),
    *(":", ":>", ">=", "!=", "=", "(", ")", '"', "\\", "-", "*", ",", " ", " ", " ", " OR ", " AND ", " NOT ", "\n"),
    *("word", "ünï", "1", "2s", "$", ".", "error", "日本", "🙂", "\x00"),
]
anything = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
