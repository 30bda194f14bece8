"""What one term of a filter says of a `trace` row, as SQL that is 0 or 1 and never NULL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from tailrace.query import FieldKind, Op, Prefix, Term
from tailrace.store.attribute_tokens import value_query
from tailrace.store.schema import BLOCK_BITS, ORDINAL_BITS

Parameter: TypeAlias = str | int | float

_COMPARE = {Op.EQ: "=", Op.GT: ">", Op.GE: ">=", Op.LT: "<", Op.LE: "<="}

# Amounts are sums of floats; nobody means the sixteenth digit
_SAME_MONEY = 1e-9


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL over the columns of `trace` with the values of its question marks. `keys`, with the same values, selects the
    keys themselves, some of them several times, where that needs no look at `trace`."""

    sql: str
    parameters: tuple[Parameter, ...] = ()
    keys: str | None = None


def _among(keys: str, parameters: tuple[Parameter, ...]) -> Condition:
    """The traces whose keys a query gives, once or several times."""
    return Condition(f"id IN ({keys})", parameters, keys.replace("SELECT", "SELECT DISTINCT", 1))


_NUMBERS = {
    "latency": "duration_ns",
    "ttft": "ttft_ns",
    "tokens": "total_tokens",
    "cost": "cost",
    "spans": "span_count",
    "errors": "error_count",
}
# As the columns of charts have it; without an index all spans are gone through
_LOOPS = (
    "SELECT trace, max(calls) AS depth FROM (SELECT trace, count(*) AS calls FROM span WHERE kind = 'tool'"
    " GROUP BY trace, (SELECT p.id FROM span AS p WHERE p.trace = span.trace AND p.span_id = span.parent_id),"
    " coalesce(nullif(tool_name, ''), name)) GROUP BY trace"
)
_TEXTS = {
    "name": "name",
    "session": "session_id",
    "user": "user_id",
    "env": "environment",
    "version": "version",
    "trace": "trace_id",
}
_LISTS = {"model": "models", "tool": "tools", "tag": "tags", "prompt": "prompts"}
# What people said of the whole trace. `name` alone leads the index score_by_name
VERDICT = "FROM score WHERE name = 'thumb' AND kind = 'thumb' AND source = 'person' AND span_id IS NULL"
_VERDICTS = {"pass": " AND value >= 0.5", "fail": " AND value < 0.5", "defer": " AND value IS NULL", "none": ""}
# The text of a field and the trace ids that have it
REVIEW_TEXTS = {
    "mode": ("label", "FROM score WHERE name = 'failure_mode' AND label IS NOT NULL AND trace_id IS NOT NULL"),
    "reviewer": (
        "author",
        "FROM score WHERE source = 'person' AND trace_id IS NOT NULL"
        " AND name IN ('thumb', 'note') AND kind = iif(name = 'thumb', 'thumb', 'text')",
    ),
    "queue": (
        "name",
        # a CROSS JOIN keeps the order: few queues, and of these the items alone
        "FROM review_queue AS queue CROSS JOIN review_item AS item USING (queue_id)"
        " WHERE queue.removed = 0 AND item.removed = 0",
    ),
    "dataset": (
        "name",
        "FROM dataset JOIN dataset_item USING (dataset_id) WHERE dataset.removed = 0 AND dataset_item.removed = 0",
    ),
}
# Left to itself SQLite goes through all spans by trace, for the sake of a DISTINCT
FAILED = "FROM span INDEXED BY span_failed WHERE status = 'error'"
# Of a span that failed. What is said first or last decides; a megabyte in between need not be read
CATEGORY = (
    "error_category(error_type, iif(length(status_message) > 8000,"
    " substr(status_message, 1, 4000) || substr(status_message, -4000), status_message), kind)"
)
_THUMBS = {"up": "thumb IS 1", "down": "thumb IS 0", "none": "thumb IS NULL"}
HAS = {
    "error": "error_count > 0",
    "thumb": "thumb IS NOT NULL",
    "note": "note_count > 0",
    "score": "score_count > 0 AND EXISTS (SELECT 1 FROM score WHERE score.trace_id = trace.trace_id"
    " AND score.kind <> 'thumb' AND (score.kind <> 'text' OR score.name NOT IN ('note', 'evidence', 'correction')))",
    "mode": f"trace_id IN (SELECT trace_id {REVIEW_TEXTS['mode'][1]})",
    "evidence": "trace_id IN (SELECT trace_id FROM score WHERE name = 'evidence' AND trace_id IS NOT NULL)",
    "correction": "trace_id IN (SELECT trace_id FROM score WHERE name = 'correction' AND trace_id IS NOT NULL)",
    "dataset": f"trace_id IN (SELECT trace_id {REVIEW_TEXTS['dataset'][1]})",
    "session": "ifnull(session_id, '') <> ''",
    "user": "ifnull(user_id, '') <> ''",
    "env": "ifnull(environment, '') <> ''",
    "version": "ifnull(version, '') <> ''",
    "tag": "tags <> '[]'",
    "prompt": "prompts <> '[]'",
    "model": "models <> '[]'",
    "tokens": "total_tokens IS NOT NULL",
    "cost": "cost IS NOT NULL",
    "unpriced": "unpriced_spans > 0",
    "ttft": "ttft_ns IS NOT NULL",
    "input": "input_preview <> ''",
    "output": "output_preview <> ''",
    "tool": "tools <> '[]' OR instr(kinds, '\"tool\"') > 0",
    "retrieval": "instr(kinds, '\"retriever\"') > 0",
    "event": "event_count > 0",
    "missing-root": "missing_root <> 0",
    "open-span": "id IN (SELECT trace FROM span WHERE end_ns IS NULL)",
}


def term_condition(term: Term) -> Condition:
    """The condition of one term. Text is compared without regard to case."""
    name, value = term.field.name, term.value
    kind = term.field.kind
    if kind is FieldKind.SCORE:
        return _score(term)
    if kind is FieldKind.ATTRIBUTE:
        return _attribute(term)
    if name in _NUMBERS:
        return _number(_NUMBERS[name], term.op, value)
    if name == "loop":
        inner = _number("depth", term.op, value)
        return _among(f"SELECT trace FROM ({_LOOPS}) WHERE {inner.sql}", inner.parameters)
    if name in _TEXTS:
        return _scalar(_TEXTS[name], value)
    if name in _LISTS:
        return _listed(_LISTS[name], value, versioned=name == "prompt")
    if name == "span":
        return _span_name(value)
    if name == "status":
        return Condition("status = ?", (str(value),))
    if name == "kind":
        return Condition("instr(kinds, ?) > 0", (f'"{value}"',))
    if name == "failed":
        return Condition("id IN (SELECT trace FROM span WHERE status = 'error' AND kind = ?)", (str(value),))
    if name == "error":
        inner = _scalar("error_type", value)
        return _among(f"SELECT trace {FAILED} AND {inner.sql}", inner.parameters)
    if name == "category":
        return _among(f"SELECT trace {FAILED} AND {CATEGORY} = ?", (str(value),))
    if name == "thumb":
        return Condition(_THUMBS[str(value)])
    if name == "verdict":
        return _verdict(str(value))
    if name in REVIEW_TEXTS:
        column, rows = REVIEW_TEXTS[name]
        inner = _scalar(column, value)
        return _named(f"SELECT trace_id {rows} AND {inner.sql}", inner.parameters)
    if name == "has":
        return Condition(HAS[str(value)])
    raise AssertionError(f"no column for the field {name}")


def text_condition(words: str, prefix: bool) -> Condition:
    """The traces with a span whose name, input or output has these words side by side."""
    # a term is data: in double quotes nothing is an operator, and NUL would end it
    quoted = '"' + storable(words).replace("\0", " ").replace('"', '""') + '"' + ("*" if prefix else "")
    return _among("SELECT rowid >> 24 FROM span_fts WHERE span_fts MATCH ?", (quoted,))


def storable(text: str) -> str:
    """Text as UTF-8 can hold it: half surrogates become question marks."""
    return text.encode("utf-8", "replace").decode()


def json_text(text: str) -> str:
    """A string as it stands inside the JSON of our columns, without its quotes."""
    import orjson

    return orjson.dumps(storable(text)).decode()[1:-1]


def _number(column: str, op: Op, value: object) -> Condition:
    number = _amount(value)
    if column == "cost" and op is Op.EQ:
        margin = max(abs(number) * _SAME_MONEY, 1e-15)
        return Condition("cost IS NOT NULL AND cost BETWEEN ? AND ?", (number - margin, number + margin))
    return Condition(f"{column} IS NOT NULL AND {column} {_COMPARE[op]} ?", (number,))


def _amount(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)


def _scalar(column: str, value: object) -> Condition:
    """A text column that is the value, or begins with it."""
    if isinstance(value, Prefix):
        start = storable(value.text)
        if not start:
            return Condition(f"ifnull({column}, '') <> ''")
        if start.isascii():
            return Condition(f"{column} IS NOT NULL AND substr({column}, 1, {len(start)}) = ? COLLATE NOCASE", (start,))
        return Condition(f"{column} IS NOT NULL AND text_begins({column}, ?)", (start.casefold(),))
    text = storable(str(value))
    if text.isascii():
        return Condition(f"{column} IS NOT NULL AND {column} = ? COLLATE NOCASE", (text,))
    return Condition(f"{column} IS NOT NULL AND text_fold({column}) = ?", (text.casefold(),))


def _span_name(value: object) -> Condition:
    """Some span has this name; the index on names knows no case."""
    inner = _scalar("name", value)
    bounds = ""
    limits: tuple[str, ...] = ()
    if isinstance(value, Prefix) and value.text and value.text.isascii():
        bounds = "name >= ? COLLATE NOCASE AND name <= ? COLLATE NOCASE AND "
        limits = (value.text, value.text + "\U0010ffff" * 2)
    return _among(f"SELECT trace FROM span WHERE {bounds}{inner.sql}", (*limits, *inner.parameters))


def _listed(column: str, value: object, versioned: bool) -> Condition:
    """A column with a JSON list of texts of which one is the value, or begins with it."""
    whole = not isinstance(value, Prefix)
    text = storable(value.text if isinstance(value, Prefix) else str(value))
    if not text and not whole:
        return Condition(f"{column} <> '[]'")
    exact = _scalar("item.value", value)
    if whole and versioned:
        begins = _scalar("item.value", Prefix(text + "@"))
        exact = Condition(f"({exact.sql}) OR ({begins.sql})", exact.parameters + begins.parameters)
    search = f"EXISTS (SELECT 1 FROM json_each(trace.{column}) AS item WHERE {exact.sql})"
    if not text.isascii() or any(c in text for c in _SPECIAL) or not text.isprintable():
        return Condition(f"{column} <> '[]' AND {search}", exact.parameters)
    # Decoding a list costs some microseconds, so nearly all is decided on the JSON text: "value" in quotes can only be
    # an item, unless its first quote is an escaped one, and then there is a backslash.
    opened = '%"' + text.replace("%", "\\%").replace("_", "\\_")
    if not whole:
        patterns = [f"{opened}%"]
    elif versioned:
        patterns = [f'{opened}"%', f"{opened}@%"]
    else:
        patterns = [f'{opened}"%']
    likely = " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for _ in patterns)
    return Condition(f"({likely}) AND (instr({column}, '\\') = 0 OR {search})", (*patterns, *exact.parameters))


# What would not stand for itself, or let a quote between two items pass for one that opens an item
_SPECIAL = '"\\,[]'


def _score(term: Term) -> Condition:
    """A judgement of the trace, of one of its spans or of its session."""
    value = term.value
    if isinstance(value, Prefix) and not value.text:
        inner = Condition("1")
    elif isinstance(value, str | Prefix):
        inner = _scalar("label", value)
    else:
        inner = _number("value", term.op, value)
    named = f"FROM score WHERE name = ? AND {inner.sql}"
    of_session = f"{named} AND trace_id IS NULL AND session_id IS NOT NULL"
    # few sessions have a score of their own: where none has, no trace is asked for its session
    return Condition(
        f"id IN (SELECT id FROM trace WHERE trace_id IN (SELECT trace_id {named} AND trace_id IS NOT NULL) UNION ALL"
        f" SELECT id FROM trace WHERE EXISTS (SELECT 1 {of_session})"
        f" AND session_id IN (SELECT session_id {of_session}))",
        (storable(term.field.key or ""), *inner.parameters) * 3,
    )


def _verdict(word: str) -> Condition:
    found = _named(f"SELECT trace_id {VERDICT}{_VERDICTS[word]} AND trace_id IS NOT NULL", ())
    return Condition(f"NOT ({found.sql})") if word == "none" else found


def _named(trace_ids: str, parameters: tuple[Parameter, ...]) -> Condition:
    """The traces whose ids a query gives. Few traces of many were reviewed: those are looked up one by one."""
    return Condition(f"trace_id IN ({trace_ids})", parameters, f"SELECT id FROM trace WHERE trace_id IN ({trace_ids})")


_BLOCK = f"BETWEEN block.rowid << {BLOCK_BITS} AND (block.rowid << {BLOCK_BITS}) + {(1 << BLOCK_BITS) - 1}"


def _attribute(term: Term) -> Condition:
    """An attribute of a span, or of the resource of a span: as the index says, and where it cannot say it or does not
    hold a span yet, as the rows say."""
    key = storable(term.field.key or "")
    value = term.value
    if isinstance(value, Prefix):
        value = Prefix(storable(value.text))
    elif isinstance(value, str):
        value = storable(value)
    sure, maybe = value_query(key, term.op, value)
    rows = _attribute_rows(term, key)
    look = f"SELECT p.id >> {ORDINAL_BITS} FROM {{}} AS block CROSS JOIN span_payload AS p ON p.id {_BLOCK} WHERE "
    parts = [Condition(look.format("attribute_pending") + f"({rows.sql})", rows.parameters)]
    if maybe:
        sql = look.format("attribute_fts") + f"attribute_fts MATCH ? AND ({rows.sql})"
        parts.append(Condition(sql, (maybe, *rows.parameters)))
    if sure:
        sql = f"SELECT rowid >> {ORDINAL_BITS - BLOCK_BITS} FROM attribute_fts WHERE attribute_fts MATCH ?"
        parts.append(Condition(sql, (sure,)))
    keys = " UNION ALL ".join(part.sql for part in parts)
    return Condition(f"id IN ({keys})", tuple(one for part in parts for one in part.parameters), keys)


def _attribute_rows(term: Term, key: str) -> Condition:
    """The same of one row `p` of `span_payload`."""
    inner = _attribute_value(term)
    quoted = f'"{json_text(key)}":'
    # the key's text is sought before anything is decoded
    of_object = (
        "instr({0}.attributes, ?) > 0 AND EXISTS"
        f" (SELECT 1 FROM json_each({{0}}.attributes) AS item WHERE item.key = ? AND {inner.sql})"
    )
    moved = " OR ".join(
        f"(p.{side}_key = ? AND EXISTS (SELECT 1 FROM (SELECT p.{side} AS value, 'text' AS type) AS item"
        f" WHERE {inner.sql}))"
        for side in ("input", "output")
    )
    return Condition(
        f"({of_object.format('p')}) OR {moved}"
        f" OR p.resource IN (SELECT id FROM resource WHERE {of_object.format('resource')})",
        (
            *(quoted, key, *inner.parameters),
            *(key, *inner.parameters) * 2,
            *(quoted, key, *inner.parameters),
        ),
    )


def _attribute_value(term: Term) -> Condition:
    value = term.value
    if isinstance(value, Prefix) and not value.text:
        return Condition("1")
    if isinstance(value, str | Prefix):
        return _scalar(
            "(CASE item.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'"
            " WHEN 'real' THEN number_text(item.value) ELSE CAST(item.value AS TEXT) END)",
            value,
        )
    compare = _COMPARE[term.op]
    return Condition(f"item.type IN ('integer', 'real') AND item.value {compare} ?", (_amount(value),))
