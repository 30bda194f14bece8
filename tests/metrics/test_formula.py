"""Measures by formula: what they mean, what they are counted in, and why some mean nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailrace.errors import QueryError
from tailrace.metrics.catalogue import CATALOGUE, score_measures
from tailrace.metrics.formula import MAX_LENGTH, parse_formula, write_formula
from tailrace.model.facts import COLUMNS, ColumnType, type_of
from tailrace.model.measures import (
    Aggregate,
    Binary,
    Elapsed,
    Expression,
    Fn,
    Grain,
    Is,
    Measure,
    Number,
    Operator,
    Unit,
    Where,
)

EVERY = [
    *CATALOGUE.values(),
    *(measure for name in ("relevance", 'My "x"\n\0', "value", "a.b", "1st") for measure in score_measures(name)),
]


@pytest.mark.parametrize("measure", EVERY, ids=lambda measure: measure.id)
def test_every_measure_is_asked_for_by_its_id_and_can_be_written_as_a_formula(measure: Measure) -> None:
    assert parse_formula(f" {measure.id} ") == measure
    again = parse_formula(write_formula(measure.expression))
    assert (again.expression, again.additive) == (measure.expression, measure.additive)


SPAN_COST = Aggregate(Fn.SUM, Grain.SPAN, "cost")
TRACES = Aggregate(Fn.COUNT, Grain.TRACE)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        (
            "cost.total / traffic.requests * 1000",
            Binary(Operator.MULTIPLY, Binary(Operator.DIVIDE, SPAN_COST, TRACES), Number(1000)),
        ),
        ("p95(attr.loop.iterations)", Aggregate(Fn.QUANTILE, Grain.SPAN, "attr.loop.iterations", (), 0.95)),
        ('P99.9(attr."my key-1")', Aggregate(Fn.QUANTILE, Grain.SPAN, "attr.my key-1", (), 0.999)),
        (
            'mean(span.duration where kind = "tool")',
            Aggregate(Fn.MEAN, Grain.SPAN, "duration_ns", (Where("kind", Is.EQ, "tool"),)),
        ),
        (
            "count(span where error_category = rate-limit and not retry and duration > 1.5s)",
            Aggregate(
                Fn.COUNT, Grain.SPAN, "",
                (Where("error_category", Is.EQ, "rate-limit"), Where("retry", Is.EQ, False),
                 Where("duration_ns", Is.GT, 1.5e9)),
            ),
        ),
        (
            'mean(span.cost where attr.shop = "x" and attr.n > 3)',
            Aggregate(Fn.MEAN, Grain.SPAN, "cost", (Where("attr.shop", Is.EQ, "x"), Where("attr.n", Is.GT, 3.0))),
        ),
        ("avg(score.tone)", Aggregate(Fn.MEAN, Grain.SCORE, "value", (Where("score", Is.EQ, "tone"),))),
        ("mean(score.value)", Aggregate(Fn.MEAN, Grain.SCORE, "value")),
        ('mean(score."value")', Aggregate(Fn.MEAN, Grain.SCORE, "value", (Where("score", Is.EQ, "value"),))),
        ("peak(trace where failed)", Aggregate(Fn.PEAK, Grain.TRACE, "", (Where("failed", Is.EQ, True),))),
        ("distinct(trace.user)", Aggregate(Fn.DISTINCT, Grain.TRACE, "user")),
        ("2 * -3 - count(trace)", Binary(Operator.SUBTRACT, Binary(Operator.MULTIPLY, Number(2), Number(-3)), TRACES)),
        ("- count(trace)", Binary(Operator.SUBTRACT, Number(0), TRACES)),
        ("6 / (count(trace) / 2)", Binary(Operator.DIVIDE, Number(6), Binary(Operator.DIVIDE, TRACES, Number(2)))),
        (
            "count(trace) / elapsed × 1min",
            Binary(Operator.MULTIPLY, Binary(Operator.DIVIDE, TRACES, Elapsed()), Number(60e9)),
        ),
    ],
)  # fmt: skip
def test_a_formula_means_what_it_says(text: str, expression: Expression) -> None:
    assert parse_formula(text).expression == expression


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("share(trace.cost > $0.05)", Where("cost", Is.GT, 0.05)),
        ("share(trace.cost >= .05)", Where("cost", Is.GE, 0.05)),
        ("share(trace.duration > 300ms)", Where("duration_ns", Is.GT, 300e6)),
        ("share(trace.total_tokens < 5k)", Where("total_tokens", Is.LT, 5000.0)),
        ("share(score.value <= 20 %)", Where("value", Is.LE, 0.2)),
        ("below(attr.temperature, -2)", Where("attr.temperature", Is.LT, -2.0)),
        ("above(attr.temperature, 1e3)", Where("attr.temperature", Is.GT, 1000.0)),
        ("share(trace.failed)", Where("failed", Is.EQ, True)),
        ("share(not trace.failed)", Where("failed", Is.EQ, False)),
        ("share(trace.failed != yes)", Where("failed", Is.NE, True)),
        ('share(span.model <> "gpt-4o")', Where("model", Is.NE, "gpt-4o")),
    ],
)
def test_a_share_is_of_those_that_know_the_column(text: str, condition: Where) -> None:
    found = parse_formula(text)
    assert isinstance(found.expression, Binary)
    part, whole = found.expression.left, found.expression.right
    assert isinstance(part, Aggregate)
    assert isinstance(whole, Aggregate)
    assert (part.column, part.where, whole.column, whole.where) == (
        condition.column,
        (condition,),
        condition.column,
        (),
    )
    assert (found.expression.operator, found.unit, found.additive) == (Operator.DIVIDE, Unit.SHARE, False)


def test_a_share_of_a_score_is_among_the_values_of_its_name() -> None:
    named = Where("score", Is.EQ, "tone")
    words = parse_formula('share(score.tone = "bad")').expression
    assert isinstance(words, Binary)
    assert words.left == Aggregate(Fn.COUNT, Grain.SCORE, "label", (Where("label", Is.EQ, "bad"), named))
    assert words.right == Aggregate(Fn.COUNT, Grain.SCORE, "label", (named,))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("cost.total / traffic.requests * 1000", Unit.MONEY),
        ("cost.total / elapsed * 30d", Unit.MONEY),
        ("cost.total / tokens.total * 1M", Unit.MONEY),
        ("cost.total * 2 - $5", Unit.MONEY),
        ("tokens.cached / tokens.input", Unit.SHARE),
        ("latency.p95 / 2", Unit.DURATION),
        ("latency.p95 - latency.p50", Unit.DURATION),
        ("latency.p95 / latency.p50", Unit.SHARE),
        ("span_latency.mean / latency.mean * 100", Unit.NUMBER),
        ("1 - reliability.success", Unit.SHARE),
        ("reliability.success * traffic.requests", Unit.COUNT),
        ("traffic.per_minute * 60", Unit.RATE),
        ("tools.errors / tools.calls", Unit.SHARE),
        ("reliability.errors / traffic.requests", Unit.NUMBER),
        ("count(span) / elapsed * 1h", Unit.NUMBER),
        ("sum(trace.retries)", Unit.COUNT),
        ("mean(trace.retries)", Unit.NUMBER),
        ("max(span.tokens_per_second)", Unit.SPEED),
        ("mean(attr.x) + 1", Unit.NUMBER),
        ("sum(attr.x)", Unit.NUMBER),
        ("tokens.total + traffic.requests", Unit.NUMBER),
    ],
)
def test_the_unit_follows_from_the_parts(text: str, unit: Unit) -> None:
    assert parse_formula(text).unit is unit


@pytest.mark.parametrize(
    ("text", "additive"),
    [
        ("cost.total * 2 + 3 * cost.input", True),
        ("cost.total / 2", True),
        ("2 / cost.total", False),
        ("cost.total + 1", False),
        ("cost.total * traffic.requests", False),
        ("mean(trace.cost)", False),
        ("distinct(trace.user)", False),
        ("count(trace) / elapsed", False),
    ],
)
def test_what_adds_up_is_seen(text: str, additive: bool) -> None:
    assert parse_formula(text).additive is additive


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "it is empty"),
        ("cost.totl", 0, "did you mean cost.total?"),
        ("mean(span.duraton)", 5, "did you mean duration_ns?"),
        ("mean(spam.cost)", 5, "did you mean span.cost?"),
        ("maen(span.cost)", 0, "did you mean mean?"),
        ("mean(duration)", 5, "trace.duration or span.duration"),
        ("p95(latency.p95)", 4, "one figure already"),
        ("2 * span.cost", 4, "say which figure, as in mean(span.cost)"),
        ("p95", 0, "p95 needs parentheses"),
        ("mean(trace.failed)", 5, "write share(trace.failed)"),
        ("sum(span.model)", 4, "only count and distinct"),
        ("below(span.kind, 3)", 6, "holds no numbers"),
        ("share(trace.duration > 2)", 23, "needs a unit, as 2s or 2ms"),
        ("share(trace.duration > $2)", 23, "is a time, and $2 is money"),
        ("share(trace.cost > 2s)", 19, "cost is money, and 2s is a time"),
        ("share(trace.cost)", 16, "a comparison is missing"),
        ("share(trace.cost >)", 18, "a number is missing"),
        ('share(span.kind = "tol")', 18, "did you mean tool?"),
        ("share(span.kind > tool)", 16, "has no order"),
        ("share(trace.failed = maybe)", 21, "true or false"),
        ("share(not trace.cost > 1)", 21, "turn the comparison round"),
        ("mean(span.cost where trace.cost > 3)", 21, "no column of the spans"),
        ("mean(trace.cost where attr.x > 3)", 22, "no column of the traces"),
        ('share(attr.x = "a")', 15, "a number is missing"),
        ("mean(span.cost where failed or retry)", 28, "joined by “and”"),
        ("mean(span.cost where 3)", 21, "begins with a column"),
        ("quantile(trace.cost)", 19, "takes a column and a share"),
        ("quantile(trace.cost, 95)", 21, "between 0 and 1"),
        ("latency.p95 + cost.total", 12, "a time and money cannot be added"),
        ("5m * cost.total", 1, "5min or 5M"),
        ("5parsec * cost.total", 1, "no unit “parsec”"),
        ("$5s * cost.total", 2, "no unit “s”"),
        ("1e999 * cost.total", 0, "too large"),
        ("cost.total traffic.requests", 11, "an operator is missing"),
        ("cost.total +", 12, "missing at its end"),
        ("* cost.total", 0, "a figure is missing before “*”"),
        ("(cost.total", 0, "a “)” is missing"),
        ("cost.total)", 10, "no “(” for this “)”"),
        ("mean(span.cost, 3)", 14, "“)” is missing before “,”"),
        ("1 + 1", 0, "it counts nothing"),
        ("cost.total & 1", 11, "“&” means nothing here"),
        ('"cost', 0, "quotes are not closed"),
        ('mean(attr."a"b)', 13, "“)” is missing before “b”"),
        ("mean(attr.)", 5, "key of an attribute is missing"),
        ('mean(attr."")', 5, "is empty"),
        ("mean(attr.a.)", 5, "in quotes"),
    ],
)
def test_what_means_nothing_is_refused_with_place_and_reason(text: str, position: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_formula(text)
    assert says in str(caught.value)
    assert caught.value.position == position
    assert caught.value.message.endswith((".", "?"))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000 + "cost.total" + ")" * 1_000,
        "+".join(["cost.total"] * 150),
        "-" * 1_000 + "cost.total +",
        "cost.total +" + " " * MAX_LENGTH + "1",
        "mean(span.cost where " + " and ".join(["cost > 1"] * 120) + ")",
        "x" * 1_000_000,
    ],
)
def test_what_is_too_long_or_too_deep_is_refused(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_formula(text)
    assert len(str(caught.value)) < 300


_LINES = st.floats(allow_nan=False, allow_infinity=False)
_NUMERIC = (ColumnType.INTEGER, ColumnType.NUMBER)


@st.composite
def aggregates(draw: st.DrawFn) -> Aggregate:
    grain = draw(st.sampled_from(Grain))
    columns = [name for name in COLUMNS[grain] if type_of(grain, name) in _NUMERIC]
    if grain is Grain.SPAN:
        columns.append("attr." + draw(st.text(min_size=1, max_size=20)))
    fn = draw(st.sampled_from(Fn))
    column = "" if fn is Fn.PEAK else draw(st.sampled_from(columns))
    chosen = {"kind", "error_category", "score_kind", "source"}  # one of a few words each
    bare = [name for name in COLUMNS[grain] if name not in chosen]
    conditions = []
    for name in draw(st.lists(st.sampled_from([*bare, *([column] if column else [])]), max_size=3)):
        kind = type_of(grain, name)
        if kind is ColumnType.FLAG:
            conditions.append(Where(name, draw(st.sampled_from([Is.EQ, Is.NE])), draw(st.booleans())))
        elif kind is ColumnType.TEXT:
            conditions.append(Where(name, draw(st.sampled_from([Is.EQ, Is.NE])), draw(st.text())))
        else:
            conditions.append(Where(name, draw(st.sampled_from(Is)), draw(_LINES)))
    q = draw(st.floats(0, 1)) if fn is Fn.QUANTILE else None
    return Aggregate(fn, grain, column, tuple(conditions), q)


@settings(deadline=None)
@given(aggregates())
def test_any_figure_comes_back_from_its_text(aggregate: Aggregate) -> None:
    text = write_formula(aggregate)
    if len(text) <= MAX_LENGTH:
        assert parse_formula(text).expression == aggregate


_LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Number, _LINES), st.sampled_from([TRACES, Aggregate(Fn.COUNT, Grain.SPAN)])
)
_TREES = st.recursive(
    _LEAVES, lambda below: st.builds(Binary, st.sampled_from(Operator), below, below), max_leaves=12
)  # fmt: skip


@settings(deadline=None)
@given(_TREES)
def test_any_arithmetic_comes_back_from_its_text(tree: Expression) -> None:
    whole = Binary(Operator.MULTIPLY, TRACES, tree)
    assert parse_formula(write_formula(whole)).expression == whole


_PIECES = st.sampled_from(
    ["cost.total", "mean(", "share(", "below(", "quantile(", "count(", "p95(", "span.cost", "trace", "score.x",
     "attr.k",
     "where", "and", "not", "failed", "kind", "=", ">", "-", "+", "*", "/", "(", ")", ",", "0.5", "2s", "$3", "5 %",
     '"x"', '"', "elapsed", ".", "true", "\0", "é", "\\"]
)  # fmt: skip


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(_PIECES, max_size=25).map(" ".join), st.lists(_PIECES, max_size=25).map("".join)))
def test_any_text_is_a_measure_or_refused(text: str) -> None:
    try:
        found = parse_formula(text)
    except QueryError as error:
        place, expression = error.position, TRACES
    else:
        place, expression = 0, found.expression
    assert 0 <= place <= len(text)
    assert parse_formula(write_formula(expression)).expression == expression
