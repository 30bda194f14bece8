"""What a chart asks as a statement over the documented views, for people to read and go on from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tailrace.errors import QueryError
from tailrace.model import TraceFilter
from tailrace.model.charted import Buckets, HeatQuestion, Question, SpreadQuestion
from tailrace.model.facts import ATTRIBUTE
from tailrace.model.measures import (
    Aggregate,
    Binary,
    Elapsed,
    Expression,
    Fn,
    Grain,
    Measure,
    Number,
    Operator,
    Where,
    aggregates_of,
)
from tailrace.query import Tree
from tailrace.store.sql.said_filter import literal, said_of_traces, times, timestamp
from tailrace.store.sql.views import quoted

_VIEWS = {
    Grain.TRACE: ("traces", "started"),
    Grain.SPAN: ("spans", "trace_started"),
    Grain.SCORE: ("scores", "started"),
}
_NAMES = {
    Grain.TRACE: {"estimated": "estimated_cost", "env": "environment", "user": "user_id", "session": "session_id"},
    Grain.SPAN: {
        "step": "name", "error": "error_type", "tool": "tool_name", "agent": "agent_name", "usage": "usage_counts",
        "estimated": "estimated_cost",
    },
    Grain.SCORE: {"score": "name", "score_kind": "kind"},
}  # fmt: skip
_UNSEEN = {(Grain.SPAN, "origin"), (Grain.SPAN, "cost_input"), (Grain.SPAN, "cost_output")}
# the fields of groups: as a column of traces, of spans, of scores
_OF_TRACES = {
    "name": "name", "status": "status", "env": "environment", "version": "version", "user": "user_id",
    "session": "session_id", "thumb": "CASE thumb WHEN 1 THEN 'up' WHEN 0 THEN 'down' END",
}  # fmt: skip
_OF_SPANS = {
    "model": "model", "prompt": "prompt", "tool": "tool_name", "kind": "kind", "span": "name", "error": "error_type",
    "category": "error_category", "provider": "provider", "agent": "agent_name",
}  # fmt: skip
_OF_SCORES = {"score": "name", "label": "label", "source": "source"}
_CALLS = {
    Fn.COUNT: "count({})",
    Fn.SUM: "sum({})",
    Fn.MEAN: "avg({})",
    Fn.LEAST: "min({})",
    Fn.MOST: "max({})",
    Fn.DISTINCT: "count(DISTINCT {})",
    Fn.SPREAD: "stddev_samp({})",
}
_FLAGS = {"failed", "estimated_cost", "new_user", "unpriced", "usage_counts", "retry"}


def statement_of(question: Question | HeatQuestion | SpreadQuestion, tree: Tree) -> str:
    """A statement that gives the figures of a chart, over time where it is over time, by groups where it has groups;
    of a heatmap or histogram the values that it counts. A comment says what it leaves out. Raises QueryError where the
    views do not have what is asked."""
    if not isinstance(question, Question):
        return _values(question, tree)
    among = dict.fromkeys(one for measure in question.measures for one in aggregates_of(measure.expression))
    grains = list(dict.fromkeys(one.grain for one in among))
    parts = [_Figures(question, tree, grain) for grain in grains]
    if len(parts) == 1:
        columns = [_titled(measure, parts[0]) for measure in question.measures]
        return "\n".join([*parts[0].comments, *parts[0].select(columns), *_ordered(question)])
    return _together(question, parts, list(among))


def _values(question: HeatQuestion | SpreadQuestion, tree: Tree) -> str:
    view, started = _view(question.grain)
    column, unit = _column(question.grain, question.column)
    met, comments = _met(question.grain, question.filter, tree)
    if isinstance(question, SpreadQuestion) and question.score is not None:
        met.append(f"name = {_sayable(question.score)}")
    met.append(f"{column} IS NOT NULL")
    name = _alias(question.column.removesuffix("_ns"), unit)
    return "\n".join([*comments, f"SELECT trace_id, {started}, {column} AS {name}", f"FROM {view}", *_where(met),
                      f"ORDER BY {name} DESC"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Group:
    """What rows are grouped by: an expression, and a join that it needs."""

    sql: str
    join: str = ""


class _Figures:
    """Figures of one grain."""

    def __init__(self, question: Question, tree: Tree, grain: Grain) -> None:
        self.question = question
        self.grain = grain
        self._view, self._started = _view(grain)
        self._met, self.comments = _met(grain, question.filter, tree)
        self._group_by = None if question.by is None else self._group(question.by)
        if question.buckets is not None:
            self._met += times(f"f.{self._started}", _range_of(question.buckets))
        if self._group_by is not None and question.values:
            named = ", ".join(_sayable(value) for value in question.values)
            self._met.append(f"{self._group_by.sql} IN ({named})")
        elif self._group_by is not None and question.top:
            self.comments.append(f"-- All groups; the chart shows the {question.top} largest and the others together.")

    def select(self, figures: Sequence[str]) -> list[str]:
        """The lines of a SELECT of figures by time and group."""
        group, buckets = self._group_by, self.question.buckets
        columns = [] if buckets is None else [f"{self._bucket(buckets)} AS since"]
        columns += [] if group is None else [f"{group.sql} AS grouped"]
        columns += figures
        lines = [f"SELECT {columns[0]}{',' if len(columns) > 1 else ''}"]
        lines += [f"       {column}{',' if n < len(columns) - 1 else ''}" for n, column in enumerate(columns[1:], 1)]
        lines += [f"FROM {self._view} f", *([group.join] if group is not None and group.join else [])]
        lines += _where(self._met)
        names = _keys(self.question)
        return [*lines, f"GROUP BY {', '.join(names)}"] if names else lines

    # ---- groups and times ----

    def _group(self, by: str) -> _Group:
        own = {Grain.TRACE: _OF_TRACES, Grain.SPAN: _OF_SPANS, Grain.SCORE: _OF_SCORES}[self.grain].get(by)
        if own is not None:
            return _Group(own.replace("CASE thumb", "CASE f.thumb") if own.startswith("CASE") else f"f.{own}")
        if by in _OF_TRACES:
            name = _OF_TRACES[by]
            said = name.replace("CASE thumb", "CASE t.thumb") if name.startswith("CASE") else f"t.{name}"
            return _Group(said, "LEFT JOIN traces t USING (trace_id)")
        if by == "tag":
            return _several("SELECT trace_id, unnest(tags) AS value FROM traces")
        if by.startswith(ATTRIBUTE):
            column = quoted(_printable(by))
            if self.grain is Grain.SPAN:
                return _Group(f"coalesce(f.{column}, t.{column})", "LEFT JOIN traces t USING (trace_id)")
            return _several(_distinct(column, "spans"))
        if by in _OF_SPANS:
            return _several(_distinct(_OF_SPANS[by], "spans"))
        if by in _OF_SCORES:
            return _several(_distinct(_OF_SCORES[by], "scores"))
        raise QueryError(f"The views of the SQL page have no column for the groups of this chart ({by}).")

    def _bucket(self, buckets: Buckets) -> str:
        lengths = {after - before for before, after in pairwise(buckets.edges)}
        first = timestamp(buckets.edges[0])
        if len(lengths) == 1 and (length := lengths.pop()) % 1000 == 0:
            return f"time_bucket(INTERVAL '{length // 1000} microseconds', f.{self._started}, {first})"
        # days of 23 and 25 hours, months: the last edge that is not later
        edges = ", ".join(timestamp(edge) for edge in buckets.edges[:-1])
        return f"list_max(list_filter([{edges}], lambda edge: edge <= f.{self._started}))"

    # ---- figures ----

    def aggregate(self, one: Aggregate, plain: bool) -> str:
        """One figure; durations in milliseconds where it stands `plain`, else in the nanoseconds of formulas."""
        if one.fn is Fn.PEAK:
            raise QueryError("The most in one minute takes more than one statement of the SQL page.")
        value = "*"
        if one.column:
            name, unit = _column(self.grain, one.column, "f.")
            value = f"{name} * 1e6" if unit == "ms" and not plain else name
            if name.removeprefix("f.") in _FLAGS and one.fn not in (Fn.COUNT, Fn.DISTINCT):
                value = f"{name}::INTEGER"
        called = f"quantile_cont({value}, {one.q!r})" if one.fn is Fn.QUANTILE else _CALLS[one.fn].format(value)
        rest = [self._condition(where) for where in one.where]
        return f"{called} FILTER (WHERE {' AND '.join(rest)})" if rest else called

    def _condition(self, where: Where) -> str:
        name, unit = _column(self.grain, where.column, "f.")
        value = where.value
        if isinstance(value, bool):
            return name if value is (where.compare.value == "=") else f"NOT {name}"
        if isinstance(value, str):
            if where.column.startswith(ATTRIBUTE):
                name = f"f.{quoted(_printable(where.column))}"
            return f"{name} {where.compare.value} {_sayable(value)}"
        return f"{name} {where.compare.value} {(value / 1e6 if unit == 'ms' else value)!r}"


def _together(question: Question, parts: Sequence[_Figures], among: Sequence[Aggregate]) -> str:
    """Figures of several grains: each counted by itself, put side by side by time and group."""
    names = {one: f"f{n}" for n, one in enumerate(among, 1)}
    comments = dict.fromkeys(comment for part in parts for comment in part.comments)
    lines = [*comments, "WITH figures AS ("]
    for n, part in enumerate(parts):
        own = [one for one in among if one.grain is part.grain]
        lines += ["    UNION ALL BY NAME"] if n else []
        lines += [
            f"    {line}" for line in part.select([f"{part.aggregate(one, False)} AS {names[one]}" for one in own])
        ]
    lines.append(")")
    # of what is not there there are none; all else is unknown
    found = {
        one: f"coalesce(max({name}), 0)" if one.fn in (Fn.COUNT, Fn.DISTINCT) else f"max({name})"
        for one, name in names.items()
    }
    columns = [*_keys(question)]
    for measure in question.measures:
        unit = "ns" if any(one.column.endswith("_ns") for one in aggregates_of(measure.expression)) else ""
        written = _expression(measure.expression, found.__getitem__, lambda: _elapsed(question))
        columns.append(f"{written} AS {_alias(measure.title, unit)}")
    lines.append(f"SELECT {columns[0]}{',' if len(columns) > 1 else ''}")
    lines += [f"       {column}{',' if n < len(columns) - 1 else ''}" for n, column in enumerate(columns[1:], 1)]
    lines.append("FROM figures")
    if _keys(question):
        lines.append(f"GROUP BY {', '.join(_keys(question))}")
    return "\n".join([*lines, *_ordered(question)])


def _titled(measure: Measure, figures: _Figures) -> str:
    """A measure of one grain, under its title with the unit where that is not the chart's."""
    expression, unit = measure.expression, ""
    plain = isinstance(expression, Aggregate)
    if isinstance(expression, Aggregate):
        if expression.column and expression.fn not in (Fn.COUNT, Fn.DISTINCT):
            unit = _column(figures.grain, expression.column)[1]
    elif any(one.column.endswith("_ns") for one in aggregates_of(expression)):
        unit = "ns"
    written = _expression(
        expression, lambda one: figures.aggregate(one, plain), lambda: _elapsed(figures.question)
    )  # fmt: skip
    return f"{written} AS {_alias(measure.title, unit)}"


def _expression(expression: Expression, aggregate: Callable[[Aggregate], str], elapsed: Callable[[], str]) -> str:
    """Arithmetic on figures. Iterative: a formula may be as deep as it is long."""
    made: list[str] = []
    pending: list[tuple[Expression, bool]] = [(expression, False)]
    while pending:
        node, done = pending.pop()
        if isinstance(node, Binary) and not done:
            pending += [(node, True), (node.right, False), (node.left, False)]
        elif isinstance(node, Binary):
            right, left = made.pop(), made.pop()
            made.append(_binary(node, left, right))
        elif isinstance(node, Number):
            made.append(repr(node.value))
        elif isinstance(node, Elapsed):
            made.append(elapsed())
        else:
            made.append(aggregate(node))
    return made[0]


def _elapsed(question: Question) -> str:
    """How long a bucket is, or the whole range, in nanoseconds."""
    buckets, asked = question.buckets, question.filter
    if buckets is not None:
        lengths = {after - before for before, after in pairwise(buckets.edges)}
        if len(lengths) > 1:
            raise QueryError("The buckets of this chart are not equally long; a statement has no word for that.")
        return repr(float(lengths.pop()))
    if asked.since_ns is None or asked.until_ns is None:
        raise QueryError("A rate needs a time range: choose one.")
    return repr(float(asked.until_ns - asked.since_ns))


def _keys(question: Question) -> list[str]:
    found = [] if question.buckets is None else ["since"]
    return found if question.by is None else [*found, "grouped"]


def _ordered(question: Question) -> list[str]:
    order = [] if question.buckets is None else ["since"]
    if question.by is not None:
        order.append(f"{len(_keys(question)) + 1} DESC NULLS LAST")
    return [f"ORDER BY {', '.join(order)}"] if order else []


def _view(grain: Grain) -> tuple[str, str]:
    if grain not in _VIEWS:
        raise QueryError(f"The SQL page has no view of {'searches' if grain is Grain.RETRIEVAL else 'sessions'}.")
    return _VIEWS[grain]


def _column(grain: Grain, column: str, alias: str = "") -> tuple[str, str]:
    """A column of a view, and in which unit it is where that is not the chart's."""
    if column.startswith(ATTRIBUTE):
        return f"try_cast({alias}{quoted(_printable(column))} AS DOUBLE)", ""
    if (grain, column) in _UNSEEN:
        raise QueryError(f"The views of the SQL page have no column {column}.")
    name = _NAMES[grain].get(column, column)
    if name.endswith("_ns"):
        return f"{alias}{name.removesuffix('_ns')}_ms", "ms"
    return f"{alias}{name}", ""


def _met(grain: Grain, asked: TraceFilter, tree: Tree) -> tuple[list[str], list[str]]:
    """Conditions on the rows of a grain, and comments on what they leave out."""
    met, left_out = said_of_traces(asked, tree)
    comments = [f"-- Left out, for the views do not have it: {' '.join(part.split())}" for part in left_out]
    if grain is Grain.TRACE or not met:
        return met, comments
    return [f"trace_id IN (SELECT trace_id FROM traces WHERE {' AND '.join(met)})"], comments


def _where(met: Sequence[str]) -> list[str]:
    if not met:
        return []
    return [f"WHERE {met[0]}", *(f"  AND {each}" for each in met[1:])]


def _several(rows: str) -> _Group:
    """Groups of which a trace can be in several."""
    return _Group("g.value", f"LEFT JOIN ({rows}) g USING (trace_id)")


def _distinct(column: str, view: str) -> str:
    return f"SELECT DISTINCT trace_id, {column} AS value FROM {view} WHERE {column} IS NOT NULL"


def _binary(node: Binary, left: str, right: str) -> str:
    operator = node.operator.value
    if node.operator is Operator.DIVIDE:
        return f"{_bracketed(node.left, left)}::DOUBLE / nullif({right}, 0)"
    return f"{_bracketed(node.left, left)} {operator} {_bracketed(node.right, right)}"


def _bracketed(node: Expression, text: str) -> str:
    # a FILTER belongs to its call, and a cast binds more strongly than it
    return f"({text})" if isinstance(node, Binary) or "FILTER" in text else text


def _range_of(buckets: Buckets) -> TraceFilter:
    return TraceFilter("", buckets.edges[0], buckets.edges[-1])


def _alias(title: str, unit: str) -> str:
    words = " ".join(title[:100].split()) + (f" ({unit})" if unit else "")
    return quoted("".join(sign for sign in words if sign.isprintable()))


def _sayable(value: str) -> str:
    return literal(_printable(value))


def _printable(text: str) -> str:
    if not text.isprintable():
        raise QueryError("A value of this chart has signs that no statement can hold.")
    return text
