"""The words of a person's SQL: keywords and functions, for colours and for completion."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KEYWORDS: frozenset[str] = frozenset((
    "all", "and", "any", "as", "asc", "asof", "at", "between", "by", "case", "cast", "column", "columns", "cross",
    "cube", "current", "describe", "desc", "distinct", "else", "end", "escape", "except", "exclude", "exists",
    "explain", "analyze", "false", "filter", "first", "following", "for", "from", "full", "glob", "group",
    "grouping", "having", "ilike", "in", "inner", "intersect", "interval", "into", "is", "isnull", "join", "last",
    "lateral", "left", "like", "limit", "natural", "not", "notnull", "null", "nulls", "of", "offset", "on", "only",
    "or", "order", "outer", "over", "partition", "percent", "pivot", "positional", "preceding", "qualify", "range",
    "recursive", "replace", "respect", "ignore", "right", "rollup", "row", "rows", "sample", "select", "semi",
    "anti", "sets", "similar", "some", "summarize", "table", "tablesample", "then", "ties", "to", "trailing",
    "true", "unbounded", "union", "unique", "unnest", "unpivot", "using", "values", "when", "where", "window",
    "with", "within",
))  # fmt: skip

# What completion offers: the clauses as they are begun, in the order in which they stand in a statement
CLAUSES: tuple[str, ...] = (
    "SELECT", "FROM", "WHERE", "GROUP BY", "GROUP BY ALL", "HAVING", "QUALIFY", "ORDER BY", "LIMIT", "WITH", "JOIN",
    "LEFT JOIN", "USING", "ON", "AND", "OR", "NOT", "IN", "IS NULL", "IS NOT NULL", "BETWEEN", "LIKE", "ILIKE", "AS",
    "DISTINCT", "CASE", "WHEN", "THEN", "ELSE", "END", "DESC", "ASC", "NULLS LAST", "OVER", "PARTITION BY", "FILTER",
    "UNION ALL", "EXCEPT", "EXCLUDE", "INTERVAL", "DESCRIBE", "SUMMARIZE", "EXPLAIN", "TRUE", "FALSE", "NULL",
)  # fmt: skip

# name: (what it takes, what it gives)
FUNCTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "count": ("(*)", "how many rows; with a column, those that know it"),
        "sum": ("(x)", "all of them together"),
        "avg": ("(x)", "the mean"),
        "min": ("(x)", "the least"),
        "max": ("(x)", "the most"),
        "median": ("(x)", "the value in the middle"),
        "quantile_cont": ("(x, 0.95)", "the p95, linear between neighbours"),
        "approx_quantile": ("(x, 0.95)", "about the p95, quicker"),
        "stddev": ("(x)", "the sample standard deviation"),
        "mode": ("(x)", "the most frequent value"),
        "any_value": ("(x)", "some value that is not NULL"),
        "arg_max": ("(what, by)", "what stands where another column is greatest"),
        "arg_min": ("(what, by)", "what stands where another column is least"),
        "count_if": ("(condition)", "how many rows meet it"),
        "bool_or": ("(x)", "whether any is true"),
        "bool_and": ("(x)", "whether all are true"),
        "string_agg": ("(x, ', ')", "all of them in one text"),
        "list": ("(x)", "all of them in a list"),
        "histogram": ("(x)", "each value with its count"),
        "corr": ("(y, x)", "how far two columns go together, -1 to 1"),
        "date_trunc": ("('day', started)", "the hour, day, week or month that a time is in"),
        "time_bucket": ("(INTERVAL 15 MINUTE, started)", "the 15 minutes that a time is in"),
        "date_part": ("('hour', started)", "hour, dow (0 is Sunday), day … of a time"),
        "date_diff": ("('minute', a, b)", "from one time to another"),
        "strftime": ("(started, '%Y-%m-%d')", "a time as text"),
        "epoch_ms": ("(started)", "milliseconds since 1970"),
        "now": ("()", "this moment"),
        "round": ("(x, 2)", "with so many digits"),
        "floor": ("(x)", "the next whole number below"),
        "ceil": ("(x)", "the next whole number above"),
        "abs": ("(x)", "without its sign"),
        "log10": ("(x)", "the logarithm"),
        "greatest": ("(a, b)", "the greater one"),
        "least": ("(a, b)", "the lesser one"),
        "coalesce": ("(a, b)", "the first that is not NULL"),
        "nullif": ("(a, b)", "NULL where both are the same"),
        "if": ("(condition, a, b)", "one or the other"),
        "lower": ("(text)", "in small letters"),
        "upper": ("(text)", "in capitals"),
        "length": ("(text)", "how many characters"),
        "contains": ("(text, 'part')", "whether it holds a part"),
        "starts_with": ("(text, 'part')", "whether it begins so"),
        "split_part": ("(prompt, '@', 1)", "one part of a text"),
        "replace": ("(text, 'a', 'b')", "with one text in place of another"),
        "trim": ("(text)", "without blanks at its ends"),
        "substring": ("(text, 1, 20)", "some of its characters"),
        "regexp_matches": ("(text, '…')", "whether it matches a regular expression"),
        "regexp_extract": ("(text, '…', 1)", "what a group of a regular expression matched"),
        "regexp_replace": ("(text, '…', 'b')", "with matches replaced"),
        "concat": ("(a, b)", "one text after the other"),
        "list_contains": ("(tags, 'beta')", "whether a list holds a value"),
        "len": ("(list)", "how many a list holds"),
        "unnest": ("(tags)", "a row for each of a list"),
        "try_cast": ("(x AS DOUBLE)", "as another type; NULL where that cannot be"),
        "row_number": ("() OVER (ORDER BY …)", "1, 2, 3 …"),
        "rank": ("() OVER (ORDER BY …)", "the place, with ties"),
        "lag": ("(x) OVER (ORDER BY …)", "the value of the row before"),
        "lead": ("(x) OVER (ORDER BY …)", "the value of the row behind"),
        "ntile": ("(10) OVER (ORDER BY …)", "which tenth it is in"),
        "range": ("(10)", "the numbers 0 to 9, as rows"),
        "generate_series": ("(1, 10)", "the numbers 1 to 10, as rows"),
    }
)
