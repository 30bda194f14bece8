"""The filter language as people type it."""

from __future__ import annotations

import time

import pytest

from tailrace.query import (
    And,
    Everything,
    Not,
    Op,
    Or,
    Prefix,
    State,
    Term,
    Text,
    Tree,
    Value,
    attribute_field,
    find_field,
    parse,
    score_field,
)


def term(name: str, value: Value, op: Op = Op.EQ) -> Term:
    field = find_field(name)
    assert field is not None
    return Term(field, op, value)


def words(text: str) -> Text:
    return Text(text)


A, B, C = words("a"), words("b"), words("c")
ERROR, OK = term("status", "error"), term("status", "ok")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("status:error", ERROR),
        ("STATUS:Error", ERROR),
        ("status=error", ERROR),
        ("-status:error", Not(ERROR)),
        ("NOT status:error", Not(ERROR)),
        ("status!=error", Not(ERROR)),
        ("status:!=error", Not(ERROR)),
        ("status:error,ok", Or((ERROR, OK))),
        ("status:(error OR ok)", Or((ERROR, OK))),
        ("status:(error, ok)", Or((ERROR, OK))),
        ("status!=error,ok", Not(Or((ERROR, OK)))),
        ("latency:>2s", term("latency", 2e9, Op.GT)),
        ("latency>2s", term("latency", 2e9, Op.GT)),
        ("latency:>=300ms", term("latency", 300e6, Op.GE)),
        ("latency<1.5m", term("latency", 90e9, Op.LT)),
        ("ttft:<=250us", term("ttft", 250e3, Op.LE)),
        ("latency:>1h", term("latency", 3600e9, Op.GT)),
        ("latency:>1m30s", term("latency", 90e9, Op.GT)),
        ("latency:>0", term("latency", 0.0, Op.GT)),
        ("cost:>$0.05", term("cost", 0.05, Op.GT)),
        ("cost:>0.05", term("cost", 0.05, Op.GT)),
        ("tokens:>12k", term("tokens", 12_000.0, Op.GT)),
        ("tokens:>=1.5M", term("tokens", 1.5e6, Op.GE)),
        ("tokens:>12,000", term("tokens", 12_000.0, Op.GT)),
        ("model:gpt-4o*", term("model", Prefix("gpt-4o"))),
        ("model:*", term("model", Prefix(""))),
        ('name:"two words"', term("name", "two words")),
        ('name:"two wo"*', term("name", Prefix("two wo"))),
        ('name:"a \\"b\\" \\\\ \\n"', term("name", 'a "b" \\ \n')),
        ('name:"C:\\path"', term("name", "C:\\path")),
        ("session:a:b", term("session", "a:b")),
        ("score.faithfulness:<0.5", Term(score_field("faithfulness"), Op.LT, 0.5)),
        ("score.verdict:bad", Term(score_field("verdict"), Op.EQ, "bad")),
        ("score.n:1", Term(score_field("n"), Op.EQ, 1.0)),
        ('score.n:"1"', Term(score_field("n"), Op.EQ, "1")),
        ('score."two words":>-1', Term(score_field("two words"), Op.GT, -1.0)),
        ("attr.http.Route:/chat", Term(attribute_field("http.Route"), Op.EQ, "/chat")),
        ("attr.n:>=5", Term(attribute_field("n"), Op.GE, 5.0)),
        ("attr.n:5", Term(attribute_field("n"), Op.EQ, "5")),
        ("refund policy", And((words("refund"), words("policy")))),
        ('"refund policy"', words("refund policy")),
        ("sup*", Text("sup", prefix=True)),
        ("text:refund", words("refund")),
        ('text:"status:error"', words("status:error")),
        ("or and not", And((words("or"), words("and"), words("not")))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a AND (b OR c)", And((A, Or((B, C))))),
        ("a (b c)", And((A, B, C))),
        ("-(a OR b)", Not(Or((A, B)))),
        ("NOT NOT a", Not(Not(A))),
        ("a\u00a0b", And((A, B))),
        ("gpt-4 a->b List<int> x=y", And((words("gpt-4"), words("a->b"), words("List<int>"), words("x=y")))),
    ],
)
def test_a_filter_means(text: str, tree: Tree) -> None:
    parsed = parse(text)
    assert (parsed.state, parsed.message) == (State.VALID, "")
    assert parsed.tree == tree


@pytest.mark.parametrize("text", ["", " ", "\t \u2003"])
def test_nothing_means_everything(text: str) -> None:
    assert parse(text).state is State.EMPTY
    assert parse(text).tree == Everything()


@pytest.mark.parametrize(
    ("text", "says", "at"),
    [
        ('"open', "closing quote", 0),
        ('name:"open', "closing quote", 5),
        ("a (b", "“)” is missing", 2),
        ("status:(error OR", "“)” is missing", 7),
        ("a status:", "a value is missing after “status:”, as in status:error", 2),
        ("(status:)", "a value is missing", 1),
        ("latency:>", "as in latency:>2s", 0),
        ("latency:>2", "write 2s, 2ms or 2m", 9),
        ("latency:>2.", "unit is missing", 9),
        ("cost:>$", "an amount like $0.05", 6),
        ("status:err", "error", 7),
        ("status:error,", "after the comma", 12),
        ("a OR", "after “OR”", 2),
        ("a NOT ", "after “NOT”", 2),
        ("a -", "right after “-”", 2),
        ("()", "nothing between", 0),
        ('""', "nothing between", 0),
        ("attr.", "which attribute", 0),
        ("attr.foo", "attr.foo:value", 0),
        ("score.helpful", "score.helpful:>0.5", 0),
    ],
)
def test_what_typing_on_can_mend_is_incomplete(text: str, says: str, at: int) -> None:
    parsed = parse(text)
    assert parsed.state is State.INCOMPLETE
    assert says in parsed.message
    assert parsed.position == at
    assert parsed.tree is None


@pytest.mark.parametrize(
    ("text", "says", "at"),
    [
        (
            "foo:bar",
            "there is no field “foo”. To look for an attribute write attr.foo:bar; "
            'to look for the text write "foo:bar"',
            0,
        ),
        ("a statsu:error", "did you mean status?", 2),
        ("duration:>2s", "did you mean latency?", 0),
        ("latncy>5s", "did you mean latency?", 0),
        ("https://example.com/x", 'write "https://example.com/x"', 0),
        ("12:30", 'write "12:30"', 0),
        ("std::vector", 'write "std::vector"', 0),
        (":foo", 'write ":foo"', 0),
        ("latency > 5s", "latency:>2s", 8),
        ("latency >5s", "latency:>2s", 8),
        ("score:>0.5", "say which score", 0),
        ("attr:x", "say which attribute", 0),
        ('attr."":x', "say which attribute", 0),
        ("status: error", "leave no space", 0),
        ("status:failed", "status is one of ok, error, unset", 7),
        ("status:errr a", "did you mean error?", 7),
        ("status:err a", "not finished", 7),
        ("status:>ok", "no order", 8),
        ("version:>1", "no order", 9),
        ("latency:>2 a", "write 2s", 9),
        ("latency:>2x", "no unit “x”", 9),
        ("latency:>fast", "a duration like", 9),
        ("latency:>1e999s", "too large", 9),
        ("tokens:>$5", "not money", 8),
        ("tokens:1,200", "write 1200 or (1 OR 200)", 7),
        ("latency:>1s,2s", "a duration like", 9),
        ("latency:>(1s OR 2s)", "only one value", 9),
        ("model:(a b)", "write OR between", 9),
        ("model:(a AND b)", "only OR", 9),
        ("model:,a", "before the comma", 6),
        ("s*p", "only at the end", 0),
        ("model:*x", "only at the end", 6),
        ("status:*", "cannot be used with status", 7),
        ("latency:>2s*", "cannot stand in a number", 9),
        ("print(x)", 'write "print(x)"', 5),
        ('"a"b', "a space is missing", 3),
        ('model:a"b"', "a space is missing", 7),
        ("- a", "right before", 0),
        ("--verbose", 'write "--verbose"', 0),
        (")a", "no “(”", 0),
        ("a OR OR b", "between “OR” and “OR”", 2),
        ("OR a", 'write "OR"', 0),
        ("(OR a)", "before “OR”", 1),
        ("?!", "no letter or digit", 0),
        ('"..."', "no letter or digit", 0),
        ("attr.foo bar", "compared with", 0),
    ],
)
def test_what_has_no_meaning_is_wrong_and_says_what_to_do(text: str, says: str, at: int) -> None:
    parsed = parse(text)
    assert parsed.state is State.WRONG
    assert says in parsed.message
    assert parsed.position == at
    assert parsed.position < parsed.end <= len(text)
    assert parsed.tree is None


def test_terms_know_where_they_stand() -> None:
    tree = parse("a -status:error").tree
    assert isinstance(tree, And)
    left, right = tree.children
    assert isinstance(left, Text)
    assert left.span == (0, 1)
    assert isinstance(right, Not)
    assert isinstance(right.child, Term)
    assert right.child.span == (3, 15)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "(" * 5_000 + "a" + ")" * 5_000,
        "-(" * 5_000,
        "NOT " * 5_000,
        "a " * 10_000,
        "a" * 20_000,
        '"' * 20_000,
        '"' + "\\" * 19_999,
        'a"' * 10_000,
        "status:error " * 1_500,
        "model:" + "a," * 9_900,
        "model:(" + "a " * 9_900,
        "attr." * 4_000,
        "latency:>" + "1e5" * 6_000,
        "latency:>" + "1" * 19_000 + "x",
        "tokens:>" + "1," * 9_000,
        "x" * 1_000_000,
    ],
    ids=lambda text: text[:10],
)
def test_long_and_deep_texts_are_read_at_once(text: str) -> None:
    parse("a OR b")
    taken = []
    for _ in range(3):  # other work on the machine must not fail this
        parse.cache_clear()
        start = time.process_time()
        parse(text)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.1


def test_depth_and_length_are_bounded_with_a_sentence() -> None:
    assert "levels" in parse("(" * 10_000).message
    assert "terms" in parse("a " * 501).message
    assert "characters" in parse("a" * 20_001).message
    assert parse("a " * 500).state is State.VALID
    assert parse("(" * 64 + "a" + ")" * 64).state is State.VALID
