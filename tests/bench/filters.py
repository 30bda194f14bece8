"""From a filter to its first page over a million spans, against bare SQL on the same file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.data import SPANS, database
from tests.bench.figures import Figure, median, percentile, times
from tests.bench.reviewed import reviewed_database

from tailrace.model import Sorting, SortKey, TraceFilter
from tailrace.query import parse
from tailrace.store import Reader

# (filter, sorting); what a person types while looking for something
FILTERS: tuple[tuple[str, Sorting], ...] = (
    ("", Sorting()),
    ("", Sorting(SortKey.COST)),
    ("status:error", Sorting()),
    ("-status:error", Sorting(SortKey.DURATION)),
    ("name:support_agent.run", Sorting()),
    ("name:docs*", Sorting()),
    ("model:gpt-4o", Sorting()),
    ("model:gpt-4o*", Sorting(SortKey.TOKENS)),
    ("model:claude* status:error", Sorting()),
    ("kind:retriever", Sorting()),
    ("kind:tool -kind:retriever", Sorting()),
    ("tool:lookup_order", Sorting()),
    ("tag:refund OR tag:vip", Sorting()),
    ("prompt:answer@v8", Sorting()),
    ("latency:>2s", Sorting()),
    ("latency:>2s cost:>$0.01", Sorting(SortKey.COST)),
    ("tokens:>5k", Sorting(SortKey.TOKENS)),
    ("cost:>$0.001 env:prod", Sorting()),
    ("ttft:>800ms", Sorting(SortKey.TTFT)),
    ("errors:>=2", Sorting(SortKey.ERRORS)),
    ("category:timeout", Sorting()),
    ("error:Rate* -category:rate-limit", Sorting()),
    ("spans:>12", Sorting(SortKey.SPANS)),
    ("session:s-1234*", Sorting()),
    ("user:u-77", Sorting()),
    ("version:2.4*", Sorting()),
    ("has:note", Sorting()),
    ("has:score thumb:down", Sorting()),
    ("score.relevance:>0.9", Sorting()),
    ("has:open-span OR has:missing-root", Sorting()),
    ("span:search_policies", Sorting()),
    ("span:chat*", Sorting()),
    ("(status:error OR latency:>10s) -env:staging model:gpt*", Sorting(SortKey.NAME, False)),
)
TEXTS = ("refund", "zebra", "the", '"refund policy"', "kolimer", "ziba*", "kolimer -model:gpt-4o", "nosuba OR zebra")
ATTRIBUTES = (
    *("attr.service.name:svc-2", "attr.customer.tier:gold", "attr.http.status_code:>499", "attr.rare.key:*"),
    *("attr.http.status_code:500", "attr.service.name:svc*", "attr.server.address:*", "-attr.customer.tier:gold"),
    *("attr.gen_ai.request.temperature:>0.5", "attr.thread.id:>140000003", "attr.gen_ai.response.id:a*"),
    *("attr.gen_ai.response.id:nothing", "attr.input.value:the*", "attr.customer.tier:gold status:error"),
)
# What people have said, among 50,000 scores, 200 failure modes and 20 queues
REVIEWS = (
    *("verdict:fail", "verdict:pass", "verdict:none", 'mode:"acts before confirming 0"', "mode:acts*", "-mode:acts*"),
    *("reviewer:ada", "reviewer:bob verdict:fail", "-reviewer:ada", "dataset:golden", 'queue:"queue 7"'),
    *('-queue:"queue 7"', "has:mode", "has:evidence", "has:dataset", "-has:mode", "score.helpful:>3"),
    *("score.tone:cold", "score.quality:<0.1", "verdict:fail -reviewer:bob has:note"),
)


def measure(quick: bool) -> Iterator[Figure]:
    """The 95th percentile of each group of filters."""
    path = database(SPANS // 10 if quick else SPANS)
    floor = median(times(lambda: _bare(path), 9))
    # the first question of each order reads that order
    orders = [_ask(Reader(path), "status:error", Sorting(key)) for key in SortKey]
    yield Figure("first question of an order, the slowest", "ms", max(orders), None, floor)
    for title, filters, rounds, limit in (
        ("filter to first page, p95", FILTERS, 7, 100.0),
        ("free text to first page, p95", [(text, Sorting()) for text in TEXTS], 7, 150.0),
        ("attribute to first page, p95", [(text, Sorting()) for text in ATTRIBUTES], 2, 100.0),
    ):
        # the first round warms the file's pages
        taken = [value for _ in range(rounds + 1) for value in _ask_all(path, filters)][len(filters) :]
        note = f"floor: SELECT id of all traces in order; p50 {median(taken):.1f} ms"
        yield Figure(title, "ms", percentile(taken, 95), limit, floor, note)
    path = reviewed_database(SPANS // 10 if quick else SPANS)
    rounds = [_ask_all(path, [(text, Sorting()) for text in REVIEWS]) for _ in range(5)][1:]
    taken = [value for round_ in rounds for value in round_]
    slowest, text = max((median(each), text) for each, text in zip(zip(*rounds, strict=True), REVIEWS, strict=True))
    note = f"p50 {median(taken):.1f} ms; the slowest, {text}, {slowest:.0f} ms"
    yield Figure("what was judged to first page, p95", "ms", percentile(taken, 95), 100.0, floor, note)


def _ask_all(path: Path, filters: Sequence[tuple[str, Sorting]]) -> list[float]:
    """Each filter once, of a reader that remembers the orders but no answers, as when a person types."""
    reader = Reader(path)
    for sorting in dict.fromkeys(sorting for _, sorting in filters):
        _ask(reader, "", sorting)
    return [_ask(reader, text, sorting) for text, sorting in filters]


def _ask(reader: Reader, text: str, sorting: Sorting) -> float:
    tree = parse(text).tree
    assert tree is not None, parse(text).message
    began = time.perf_counter()
    answer = reader.list_traces(tree, TraceFilter(text), sorting)
    reader.read_rows(answer.keys[:200].tolist())
    return (time.perf_counter() - began) * 1e3


def _bare(path: Path) -> int:
    connection = sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)
    try:
        return len(connection.execute("SELECT id FROM trace ORDER BY start_ns DESC").fetchall())
    finally:
        connection.close()
