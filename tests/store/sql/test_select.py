"""What a statement over the documented views gives, and what is said of one that cannot be run."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

import pytest
from tests.store.sql.kept import HandMade

from tailrace.errors import QueryError, StatementError
from tailrace.model.sql import SQL_VIEWS, SqlResult

Ask = Callable[..., SqlResult]


def test_a_statement_gives_names_types_and_rows(ask: Ask) -> None:
    result = ask("SELECT kind, count(*) AS n, max(duration_ms) AS longest FROM spans GROUP BY ALL ORDER BY 1")
    assert result.columns == ("kind", "n", "longest")
    assert result.types == ("VARCHAR", "BIGINT", "DOUBLE")
    assert result.rows == (("agent", 12, 13000.0), ("llm", 12, 6500.0), ("tool", 12, 4333.333333))
    assert result.more == ""
    assert result.elapsed_ns > 0


def test_every_documented_column_is_there_with_its_type_in_order(ask: Ask) -> None:
    for view in SQL_VIEWS:
        result = ask(f"DESCRIBE {view.name}")
        assert [row[:2] for row in result.rows] == [(column.name, column.type) for column in view.columns]


def test_times_are_utc_and_durations_milliseconds(ask: Ask) -> None:
    result = ask("SELECT started, duration_ms FROM traces ORDER BY started LIMIT 1")
    assert result.rows == (("2025-11-20 00:54:20", 2000.0),)


def test_a_span_knows_its_trace(ask: Ask) -> None:
    result = ask("SELECT trace_id, trace_name, user_id, environment FROM spans WHERE id = 3 * 16777216 + 1")
    assert result.rows == ((f"{3:032x}", "support", "user 1", "prod"),)


def test_scores_join_their_traces(ask: Ask) -> None:
    result = ask("SELECT s.name, avg(s.value), sum(t.cost) FROM scores s JOIN traces t USING (trace_id) GROUP BY 1")
    assert result.rows == (("thumb", 0.5, 1.0),)


@pytest.mark.parametrize(
    "sql",
    [
        "WITH slow AS (SELECT * FROM traces WHERE duration_ms > 10000) SELECT count(*) FROM slow",
        "FROM traces SELECT count(*) WHERE duration_ms > 10000",
        "SELECT count(*) FROM main.traces WHERE duration_ms > 10000;",
        "select count(*) from traces where duration_ms > 10000 -- the slow ones",
        "SELECT count(*) FROM traces /* ; */ WHERE duration_ms > 10000 ; ; -- ;",
        "VALUES (3)",
        "SELECT sum(x) FROM (SELECT 1 UNION ALL SELECT 2) AS numbers(x)",
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT max(n) FROM r",
        "SELECT count(*) FROM range(3)",
        "SELECT n FROM traces, LATERAL (SELECT 3 AS n) LIMIT 1",
    ],
)  # fmt: skip
def test_all_ways_to_read_are_allowed(ask: Ask, sql: str) -> None:
    assert ask(sql).rows == ((3,),)


def test_the_order_that_was_asked_for_is_kept_and_the_first_rows_are_those_of_it(ask: Ask) -> None:
    result = ask("SELECT id FROM spans ORDER BY id % 7, id DESC", rows=5)
    whole = ask("SELECT id FROM spans ORDER BY id % 7, id DESC")
    assert result.rows == whole.rows[:5]
    assert result.more == "the first 5 rows of more than 5"


def test_exactly_as_many_rows_as_are_allowed_are_all_of_them(ask: Ask) -> None:
    result = ask("SELECT * FROM spans", rows=36)
    assert (len(result.rows), result.more) == (36, "")


def test_no_rows_still_have_names_and_types(ask: Ask) -> None:
    result = ask("SELECT trace_id, cost FROM traces WHERE cost > 100")
    assert (result.columns, result.types, result.rows) == (("trace_id", "cost"), ("VARCHAR", "DOUBLE"), ())


def test_numbers_stay_numbers_lists_are_json_and_all_else_is_text_as_duckdb_writes_it(ask: Ask) -> None:
    result = ask(
        "SELECT true, 1, 170141183460469231731687303715884105727::HUGEINT, 0.1::DECIMAL(30, 20), 0.5::DOUBLE, "
        "'NaN'::DOUBLE, '-inf'::FLOAT, NULL, 'a\nb', DATE '2024-02-29', INTERVAL 1 MONTH, [1, NULL], {'a': 'x'}, "
        "TIMESTAMPTZ '2025-01-01 00:00:00+02', '\\x00'::BLOB, MAP {'k': 1}, TIME '10:00', uuid() IS NULL"
    )
    row = result.rows[0]
    assert row[:5] == (True, 1, 2**127 - 1, Decimal("0.10000000000000000000"), 0.5)
    assert isinstance(row[5], float)
    assert math.isnan(row[5])
    assert row[6] == -math.inf
    assert row[7:] == (
        None, "a\nb", "2024-02-29", "1 month", "[1,null]", '{"a":"x"}',
        "2024-12-31 22:00:00+00", "\\x00", '{"k":1}', "10:00:00", False,
    )  # fmt: skip
    assert ask("SELECT [1.25::DECIMAL(4, 2)]").rows == (("[1.25]",),)  # and is no decimal


def test_a_name_given_twice_is_told_apart(ask: Ask) -> None:
    assert len(set(ask("SELECT id, id, name AS id FROM spans LIMIT 1").columns)) == 3


def test_explain_shows_the_plan_and_reads_nothing_else(ask: Ask) -> None:
    assert ask("EXPLAIN SELECT * FROM spans").rows[0][0] == "physical_plan"
    assert ask("/* how */ explain analyze SELECT count(*) FROM spans").rows[0][0] == "analyzed_plan"


def test_hostile_values_come_through_letter_by_letter(ask: Ask) -> None:
    wanted = "<b>&amp;</b>\t\"'\\ \u2028 🚀 é \x01"
    assert ask(f"SELECT $${wanted}$$").rows == ((wanted,),)


def test_half_a_sign_is_no_fault_of_the_process(ask: Ask) -> None:
    assert ask("SELECT 'a\ud800b\0' AS x").rows == (("a?b\0",),)


# ---- attributes


def test_an_attribute_is_a_column_of_spans(ask: Ask, columns: HandMade) -> None:
    result = ask("SELECT attr.customer.tier AS tier, count(*) FROM spans GROUP BY 1 ORDER BY 1")
    assert result.rows == (("gold", 12), (None, 24))
    assert columns.asked == ["customer.tier"]


def test_an_attribute_is_a_column_of_traces_by_their_first_span_that_has_it(ask: Ask) -> None:
    result = ask("SELECT count(*) FROM traces t WHERE t.\"attr.customer.tier\" = 'gold'")
    assert result.rows == ((6,),)


@pytest.mark.parametrize(
    "written",
    [
        'attr.customer.tier.upper()', 'upper(ATTR.customer.tier)', 'upper(s.attr.customer.tier)',
        'upper(s."attr.customer.tier")', "upper(/* attr.nothing */attr.customer.tier)",
    ],
)  # fmt: skip
def test_an_attribute_may_be_written_in_several_ways(ask: Ask, written: str) -> None:
    assert ask(f"SELECT {written} FROM spans s WHERE 'attr.no' <> '' ORDER BY 1 LIMIT 1").rows == (("GOLD",),)


def test_an_attribute_with_other_signs_stands_in_quotes(ask: Ask, columns: HandMade) -> None:
    ask('SELECT "attr.http.status-code" FROM spans')
    ask('SELECT "attr.odd ""one""; DROP TABLE kept_span; --" FROM spans')
    assert columns.asked == ["http.status-code", 'odd "one"; DROP TABLE kept_span; --']


def test_an_attribute_that_no_span_has_is_refused_with_the_nearest(ask: Ask, columns: HandMade) -> None:
    with pytest.raises(QueryError) as raised:
        ask("SELECT 1,\n attr.customer.teir FROM spans")
    assert str(raised.value) == (
        "Line 2, column 2: no span has an attribute “customer.teir”. Did you mean attr.customer.tier or "
        "attr.customer.Tier?"
    )
    assert raised.value.position == 11
    assert columns.asked == []


def test_an_attribute_that_is_not_among_the_known_names_is_looked_for(ask: Ask) -> None:
    assert ask('SELECT count("attr.messages.0.role") FROM spans').rows == ((12,),)
    with pytest.raises(StatementError, match="no span has an attribute"):
        ask('SELECT count("attr.messages.9.role") FROM spans')


def test_attributes_that_differ_in_case_alone_are_not_mixed_up(ask: Ask) -> None:
    with pytest.raises(QueryError, match="differ in case alone"):
        ask("SELECT attr.customer.tier, attr.customer.Tier FROM spans")


def test_places_behind_an_attribute_are_those_of_the_persons_own_text(ask: Ask) -> None:
    sql = "SELECT attr.customer.tier, 'é', attr.customer.tier, modle FROM spans"
    with pytest.raises(QueryError) as raised:
        ask(sql)
    assert raised.value.position == sql.index("modle")


# ---- what is said of mistakes


@pytest.mark.parametrize(
    ("sql", "place", "said"),
    [
        ("SELECT modle FROM spans", (1, 8), "there is no column “modle” in spans. Did you mean model?"),
        ("SELECT 'é🚀',\n  modle FROM spans", (2, 3), "there is no column “modle” in spans. Did you mean model?"),
        ("SELECT duration FROM traces", (1, 8), "Did you mean duration_ms?"),
        ("SELECT spans.x FROM spans", (1, 8), "there is no column “x” in spans."),
        ("SELECT input FROM spans", (1, 8), "Texts are not among the columns"),
        ("SELECT * FROM span", (1, 15), "there is no “span” to select from. Did you mean spans?"),
        ("SELECT * FROM orders", (1, 15), "There are traces, spans and scores."),
        ("SELECT x.name FROM spans s", (1, 8), "there is no “x” in this FROM."),
        ("SELECT cuont(*) FROM spans", (1, 8), "there is no function “cuont”. Did you mean count"),
        ("SELECT * FROM spans WHERE model = \"gpt-4o\"", (1, 35), "Text stands between 'single quotes'"),
        ("SELECT name, count(*) FROM spans", (1, 8), "must appear in the GROUP BY clause"),
        ("SELECT sum(name) FROM spans", (1, 8), "no function matches"),
        ("SELECT * FROM spans WHERE", (1, 21), "the SQL cannot be read from “WHERE” on."),
        ("SELCT 1", (1, 1), "the SQL cannot be read from “SELCT” on."),
        ("SELECT 'open", (1, 8), "unterminated string literal."),
        ("SELECT name::INTEGER FROM spans", (1, 12), "could not convert string 'run' to INT32"),
        ("SELECT 1; SELECT 2", (1, 11), "only one statement can be run at a time"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_place_and_what_may_be_meant(
    ask: Ask, sql: str, place: tuple[int, int], said: str
) -> None:
    with pytest.raises(QueryError) as raised:
        ask(sql)
    assert str(raised.value).startswith("Line {}, column {}: ".format(*place))
    assert said in str(raised.value)
    line, column = place
    assert raised.value.position == sum(len(one) + 1 for one in sql.split("\n")[: line - 1]) + column - 1


@pytest.mark.parametrize("sql", ["", "  \n", "-- nothing", ";", "/* nothing */"])
def test_no_statement_is_said_so(ask: Ask, sql: str) -> None:
    with pytest.raises(QueryError, match="There is no statement yet") as raised:
        ask(sql)
    assert raised.value.position == -1


def test_nothing_is_told_of_how_the_views_are_made(ask: Ask) -> None:
    for sql in ("SELECT kept.x FROM spans", "SELECT * FROM kept.span_facts", "SELECT nothing FROM spans"):
        with pytest.raises(QueryError) as raised:
            ask(sql)
        assert "kept.main" not in str(raised.value)
        assert "LIMIT" not in str(raised.value)
