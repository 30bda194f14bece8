"""Which facts are counted, and the groups and times that they are counted in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tailrace.model.charted import Buckets
from tailrace.model.measures import Aggregate, Grain
from tailrace.store.charting.aggregates import Attributes, attribute_keys, either, looked_at_by
from tailrace.store.charting.edges import place_of
from tailrace.store.charting.names import VIEWS, attribute_key, home_of, own_column, own_field
from tailrace.store.charting.statement import GREATEST, LEAST, Bindings, Statement

NONE = 0  # the place of the group without a value; the named ones follow, then the others


@dataclass(frozen=True, slots=True)
class Scope:
    """The facts of traces that begin in [since_ns, until_ns) and whose keys are in a registered table `chosen`. None
    stands for no limit."""

    chosen: str | None = None
    since_ns: int | None = None
    until_ns: int | None = None


@dataclass(frozen=True, slots=True)
class By:
    """Groups by a field: the `top` ones, at the places from 1, and all others behind them; None leaves each value as it
    is. `rows` is a table of the spans of the scope that are looked at, put aside with the value that each is grouped by
    as `held`."""

    field: str
    top: tuple[str, ...] | None
    rows: str | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """The facts of a grain in their groups and times."""

    grain: Grain
    scope: Scope = Scope()
    buckets: Buckets | None = None
    by: By | None = None
    only: By | None = None  # facts in one of its top groups alone

    @property
    def rows(self) -> str | None:
        """The table of the facts where they are put aside."""
        return next((each.rows for each in (self.by, self.only) if each is not None), None)


def scope_conditions(scope: Scope, bindings: Bindings, alias: str = "f") -> list[str]:
    """What a fact must meet to be in a scope."""
    found: list[str] = []
    if scope.since_ns is not None and scope.since_ns > LEAST:
        inside = scope.since_ns <= GREATEST
        found.append(f"{alias}.start_ns >= {bindings.bind(scope.since_ns)}" if inside else "FALSE")
    if scope.until_ns is not None and scope.until_ns <= GREATEST:
        inside = scope.until_ns > LEAST
        found.append(f"{alias}.start_ns < {bindings.bind(scope.until_ns)}" if inside else "FALSE")
    if scope.chosen is not None:
        found.append(f"{alias}.trace IN (SELECT trace FROM {scope.chosen})")
    return found


def cell_conditions(cells: Cells, attributes: Attributes, bindings: Bindings) -> list[str]:
    """What a fact must meet to be in any cell."""
    found = scope_conditions(cells.scope, bindings) if cells.rows is None else []
    only = cells.only
    if only is None:
        return found
    own = own_field(cells.grain, only.field, "f") if only.rows is None else "f.held"
    if own is not None:
        return [*found, f"list_contains({bindings.bind(only.top or ())}, {own})"]
    held = _of_traces(cells.scope, only, attributes, bindings)
    return [*found, f"f.trace IN (SELECT trace FROM (\n{held}\n) WHERE held BETWEEN 1 AND {len(only.top or ())})"]


def where_sql(conditions: list[str], indent: str = "") -> str:
    """The WHERE of some conditions, each on a line of its own; empty without any."""
    return f"\n{indent}WHERE " + f"\n{indent}  AND ".join(conditions) if conditions else ""


def bucket_sql(buckets: Buckets, bindings: Bindings) -> str:
    """The place of a fact's time among buckets."""
    return place_of("f.start_ns", buckets.edges, bindings)


def from_sql(cells: Cells, keys: list[str], attributes: Attributes, bindings: Bindings) -> tuple[str, str | None]:
    """FROM with all that is joined, and the expression of the group: its place, or with By.top None its value. `keys`
    are the attributes that aggregates look at."""
    by, group = cells.by, None
    lines = [f"FROM {cells.rows or VIEWS[cells.grain]} AS f", *(_own_attribute(key, attributes) for key in keys)]
    if by is not None:
        own = own_field(cells.grain, by.field, "f") if by.rows is None else "f.held"
        if own is not None:
            group = _place(own, by, bindings)
        elif cells.grain is Grain.SPAN and (key := attribute_key(by.field)) is not None:
            joined, told = _attribute_of_spans(key, keys, attributes)
            lines += joined
            group = _place(told, by, bindings)
        else:
            lines.append(
                f"LEFT JOIN (\n{_of_traces(cells.scope, by, attributes, bindings)}\n) AS g ON g.trace = f.trace"
            )
            group = "g.held" if by.top is None else f"coalesce(g.held, {NONE})"
    return "\n".join(lines), group


def rows_statement(
    name: str, key: str, scope: Scope, aggregates: Sequence[Aggregate], attributes: Attributes
) -> Statement:
    """Put aside, in a temporary table for By.rows, the spans that aggregates look at, each with the value of an
    attribute. Told for each question anew, this would take longer than all else."""
    bindings = Bindings()
    keys = attribute_keys(aggregates)
    names = [name for each in aggregates for name in (each.column, *(where.column for where in each.where)) if name]
    listed = ["f.span", "f.trace", "f.start_ns"]
    listed += dict.fromkeys(own_column(Grain.SPAN, name, "f") for name in names if attribute_key(name) is None)
    looked_at = looked_at_by(aggregates)
    met = scope_conditions(scope, bindings)
    if looked_at[0]:
        met.append(either(Grain.SPAN, looked_at, attributes, bindings))
    joined, told = _attribute_of_spans(key, keys, attributes)
    source = "\n".join(
        [f"FROM {VIEWS[Grain.SPAN]} AS f", *(_own_attribute(each, attributes) for each in keys), *joined]
    )
    return bindings.statement(
        f"CREATE OR REPLACE TEMP TABLE {name} AS\nSELECT {', '.join(listed)}, {told} AS held\n{source}{where_sql(met)}"
    )


def _attribute_of_spans(key: str, keys: list[str], attributes: Attributes) -> tuple[list[str], str]:
    """What to join beside the attributes `keys`, and the value that each span has or is put to."""
    own = [] if key in keys else [_own_attribute(key, attributes)]
    of_others = f"LEFT JOIN (\n{_of_roots(attributes.tables[key])}\n) AS r ON r.trace = f.trace"
    return [*own, of_others], f"coalesce({attributes.alias(key)}.text, r.text)"


def _own_attribute(key: str, attributes: Attributes) -> str:
    alias = attributes.alias(key)
    return f"LEFT JOIN {attributes.tables[key]} AS {alias} ON {alias}.span = f.span"


def _place(value: str, by: By, bindings: Bindings) -> str:
    if by.top is None:
        return value
    return f"CASE WHEN {value} IS NULL THEN {NONE} ELSE {_known_place(value, by.top, bindings)} END"


def _known_place(value: str, top: tuple[str, ...], bindings: Bindings) -> str:
    others = len(top) + 1
    return f"coalesce(list_position({bindings.bind(top)}, {value}), {others})" if top else str(others)


def _of_traces(scope: Scope, by: By, attributes: Attributes, bindings: Bindings) -> str:
    """The groups that each trace is in, each once."""
    key = attribute_key(by.field)
    distinct, conditions = "DISTINCT ", scope_conditions(scope, bindings, "t")
    if key is not None:
        # its rows say no time: who joins them asks for it
        view, value, conditions = attributes.tables[key], "t.text", []
    elif by.field == "tag":
        every = "        SELECT t.trace, unnest(t.tags) AS tag\n        FROM trace_facts AS t"
        view, value, conditions = f"(\n{every}{where_sql(conditions, ' ' * 8)}\n    )", "t.tag", []
    elif (home := home_of(by.field)) is not None:
        view, value = VIEWS[home], own_field(home, by.field, "t") or ""
    else:
        distinct, view = "", VIEWS[Grain.TRACE]
        value = own_field(Grain.TRACE, by.field, "t") or ""
        if not value:
            raise ValueError(f"nothing can be grouped by {by.field}")
    place = value if by.top is None else _known_place(value, by.top, bindings)
    known = [*conditions, f"{value} IS NOT NULL"]
    return f"    SELECT {distinct}t.trace, {place} AS held\n    FROM {view} AS t{where_sql(known, '    ')}"


def _of_roots(table: str) -> str:
    """What the spans of a trace have that say nothing themselves: its root's value, else that of its first span."""
    return (
        "    SELECT t.trace, coalesce(min(t.text) FILTER (WHERE t.span = k.root), arg_min(t.text, t.span)) AS text\n"
        f"    FROM {table} AS t\n"
        "    JOIN trace_facts AS k ON k.trace = t.trace\n"
        "    WHERE t.text IS NOT NULL\n"
        "    GROUP BY t.trace"
    )
