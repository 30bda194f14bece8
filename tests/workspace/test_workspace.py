"""Opening, importing and judging as a person does it."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tailrace.errors import DatabaseError, QueryError, SourceError
from tailrace.jobs import Cancelled, Ticket
from tailrace.model import ImportProgress, Score, ScoreKind, ScoreSource, Sorting, SortKey, TraceFilter
from tailrace.workspace import Workspace, data_folder, locate, workspace_database


def line(trace: int, spans: int = 3) -> str:
    """One OTLP request with one trace."""
    found = [
        {
            "traceId": f"{trace + 1:032x}",
            "spanId": f"{trace + 1:012x}{i + 1:04x}",
            "parentSpanId": "" if i == 0 else f"{trace + 1:012x}{i:04x}",
            "name": "run" if i == 0 else "chat",
            "startTimeUnixNano": str(1_700_000_000_000_000_000 + trace * 10**9 + i),
            "endTimeUnixNano": str(1_700_000_000_500_000_000 + trace * 10**9 + i),
            "attributes": [
                {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4o"}},
                {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "10"}},
                {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "5"}},
                {"key": "input.value", "value": {"stringValue": f"question {trace}"}},
            ],
        }
        for i in range(spans)
    ]
    return json.dumps({"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {}, "spans": found}]}]}) + "\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "run # 1.jsonl"
    path.write_text("".join(line(i) for i in range(10)))
    return path


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Workspace]]:
    workspaces: list[Workspace] = []

    def open_file(*paths: Path) -> Workspace:
        workspaces.append(Workspace.open_file(paths))
        return workspaces[-1]

    yield open_file
    for workspace in workspaces:
        workspace.close()


def digest_of(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), path.stat().st_mtime_ns


# Where things are


def test_a_source_has_one_database_in_the_data_folder(source: Path, tmp_path: Path) -> None:
    opening = locate([source])
    assert opening.sources == (source,)
    assert opening.database.is_relative_to(data_folder())
    assert locate([source]) == opening
    other = tmp_path / "elsewhere" / source.name
    other.parent.mkdir()
    shutil.copy(source, other)
    assert locate([other]).database != opening.database
    assert locate([source, other]).database == locate([other, source]).database
    assert "/" not in workspace_database([tmp_path / ("x" * 200)]).name
    assert len(workspace_database([tmp_path / ("x" * 200)]).name) < 100


def test_our_own_database_opens_in_place_and_alone(
    source: Path, tmp_path: Path, opened: Callable[..., Workspace]
) -> None:
    database = opened(source).database
    own = tmp_path / "mine.tailrace"
    shutil.copy(database, own)
    assert locate([own]).database == own
    assert locate([own]).sources == ()
    assert opened(own).info().traces == 10
    with pytest.raises(SourceError, match="opens alone"):
        locate([own, source])


@pytest.mark.parametrize("content", [None, b"", b"nothing of ours", b"\x00\x01\x02"])
def test_what_cannot_be_opened_is_refused_with_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "odd.bin"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=r"odd\.bin"):
        locate([path])
    with pytest.raises(SourceError):
        locate([])


def test_a_data_folder_that_cannot_be_made_is_said_so(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("TAILRACE_DATA", str(tmp_path / "file" / "below"))
    with pytest.raises(DatabaseError, match="cannot be created"):
        Workspace.open_file([source])


# Importing


def test_opening_a_source_brings_all_of_it_and_leaves_it_alone(source: Path, opened: Callable[..., Workspace]) -> None:
    before = digest_of(source)
    workspace = opened(source)
    [report] = workspace.reports
    assert (report.traces, report.spans, report.unchanged) == (10, 30, False)
    info = workspace.info()
    assert (info.traces, info.spans, info.total_tokens) == (10, 30, 150)
    assert info.cost_usd is not None
    found = workspace.list_traces(TraceFilter('"question 3"'))
    assert (len(found.keys), found.total, found.unsearched) == (1, 10, 0)
    [row] = workspace.read_rows(found.keys.tolist())
    assert row.input_preview == "question 3"
    assert digest_of(source) == before
    assert [path.name for path in source.parent.iterdir()] == [source.name]


def test_opening_the_same_thing_twice_doubles_nothing(source: Path, opened: Callable[..., Workspace]) -> None:
    first = opened(source).info()
    again = opened(source)
    assert again.info() == first
    assert again.reports[0].unchanged
    os.utime(source, ns=(1, 1))
    touched = opened(source)
    assert touched.info() == first
    assert not touched.reports[0].unchanged


def test_a_source_that_grew_brings_only_what_is_new(source: Path, opened: Callable[..., Workspace]) -> None:
    opened(source)
    with source.open("a") as file:
        file.write(line(10) + line(11))
    workspace = opened(source)
    [report] = workspace.reports
    assert (report.traces, report.spans) == (2, 6)
    assert workspace.info().spans == 36
    assert len(workspace.list_traces(TraceFilter("question")).keys) == 12


def test_a_source_that_was_replaced_is_read_anew(source: Path, opened: Callable[..., Workspace]) -> None:
    opened(source)
    source.write_text("".join(line(100 + i, 2) for i in range(10)))
    workspace = opened(source)
    assert workspace.reports[0].spans == 20
    # what was there before stays: it may have been judged
    assert workspace.info().traces == 20


def test_the_same_spans_from_two_files_are_one(source: Path, tmp_path: Path, opened: Callable[..., Workspace]) -> None:
    other = tmp_path / "same.jsonl.gz"
    other.write_bytes(gzip.compress(source.read_bytes() + line(10).encode()))
    info = opened(source, other).info()
    assert (info.traces, info.spans) == (11, 33)


def test_what_is_unsound_is_counted_once(source: Path, opened: Callable[..., Workspace]) -> None:
    with source.open("a") as file:
        file.write("{broken\n" + line(10))
    workspace = opened(source)
    assert workspace.info().traces == 11
    assert sum(workspace.reports[0].skipped.values()) == 1
    assert workspace.info().skipped == workspace.reports[0].skipped
    again = opened(source)
    assert again.reports[0].unchanged
    assert again.reports[0].skipped == workspace.reports[0].skipped, "what is missing is told at every opening"
    os.utime(source, ns=(1, 1))
    assert opened(source).info().skipped == workspace.info().skipped


def test_progress_says_phase_and_counts_to_the_end(source: Path) -> None:
    news: list[Any] = []
    workspace = Workspace.open_file([source], Ticket(news.append))
    assert {type(item) for item in news} == {ImportProgress}
    assert news[0].phase == "reading"
    assert news[-1].phase == "indexing"
    reading = [item for item in news if item.phase == "reading"]
    assert reading[-1].done == reading[-1].total == source.stat().st_size
    assert reading[-1].spans == 30
    assert all(item.source for item in news)
    workspace.close()


def test_a_cancelled_import_leaves_a_sound_database_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Workspace]
) -> None:
    monkeypatch.setattr("tailrace.workspace.importing.BATCH_SPANS", 50)
    source = tmp_path / "long.jsonl"
    source.write_text("".join(line(i) for i in range(400)))
    opening = locate([source])
    workspace = Workspace(opening.database)
    workspace.prepare()
    seen: list[ImportProgress] = []
    ticket: Ticket = Ticket(lambda news: (seen.append(news), ticket.cancel()))  # type: ignore[func-returns-value,arg-type]
    with pytest.raises(Cancelled):
        workspace.import_source(source, ticket)
    assert seen
    partly = workspace.info()
    assert partly.spans < 1200
    whole = opened(source)
    assert (whole.info().spans, whole.info().traces) == (1200, 400)
    workspace.close()


_KILLED = """
import os, signal, sys
from pathlib import Path
import tailrace.workspace.importing as importing
from tailrace.jobs import Ticket
from tailrace.workspace import Workspace, locate
importing.BATCH_SPANS = 30
from tailrace.store import Writer
write, count = Writer.write, [0]
def killing(self, *given):
    write(self, *given)
    count[0] += 1
    if count[0] == 7:
        os.kill(os.getpid(), signal.SIGKILL)
Writer.write = killing
Workspace.open_file([Path(sys.argv[1])])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_a_killed_import_leaves_a_sound_database_and_goes_on(tmp_path: Path, opened: Callable[..., Workspace]) -> None:
    source = tmp_path / "long.jsonl"
    # each trace comes in two pieces, so that some are half there
    source.write_text("".join(line(i % 50, 2 + i // 50) for i in range(100)))
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(source)], env=_environment(), check=False)
    assert killed.returncode == -signal.SIGKILL
    partly = Workspace(locate([source]).database)
    partly.prepare()
    assert 0 < partly.info().spans < 150
    assert partly.info().spans == sum(
        row.span_count for row in partly.read_rows(partly.list_traces(TraceFilter()).keys.tolist())
    )
    partly.close()
    whole = opened(source).info()
    assert (whole.traces, whole.spans) == (50, 150)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


# Asking


def test_filters_come_as_text_and_faults_as_sentences(source: Path, opened: Callable[..., Workspace]) -> None:
    workspace = opened(source)
    assert len(workspace.list_traces(TraceFilter("model:gpt-4o"), Sorting(SortKey.COST)).keys) == 10
    assert workspace.histogram(TraceFilter("model:gpt-4o", 5, 6)).counts.sum() == 10
    assert len(workspace.list_traces(TraceFilter("", 5, 6)).keys) == 0
    for text in ("nosuchfield:x", "(a", "latency:>"):
        with pytest.raises(QueryError):
            workspace.list_traces(TraceFilter(text))


def test_a_missing_or_broken_database_is_said_in_a_sentence(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "none.tailrace")
    with pytest.raises(DatabaseError, match=r"none\.tailrace"):
        workspace.info()
    workspace.prepare()
    assert workspace.info().traces == 0
    workspace.close()
    broken = tmp_path / "broken.tailrace"
    whole = (tmp_path / "none.tailrace").read_bytes()
    broken.write_bytes(whole[:100] + bytes(len(whole) - 100))
    with pytest.raises(DatabaseError, match=r"broken\.tailrace"):
        Workspace.open_file([broken])


# Judging


def thumb(value: float, trace_id: str = f"{1:032x}") -> Score:
    return Score("mine", "thumb", ScoreKind.THUMB, trace_id, value=value, author="me", source=ScoreSource.PERSON)


def test_a_judgement_is_kept_changed_and_taken_back(source: Path, opened: Callable[..., Workspace]) -> None:
    workspace = opened(source)
    assert workspace.put_score(thumb(1.0)) is None
    assert len(workspace.list_traces(TraceFilter("thumb:up")).keys) == 1
    former = workspace.put_score(thumb(0.0))
    assert former is not None
    assert former.value == 1.0
    assert len(workspace.list_traces(TraceFilter("thumb:up")).keys) == 0
    removed = workspace.remove_score("mine")
    assert removed is not None
    assert removed.value == 0.0
    workspace.put_score(removed)
    again = opened(source)
    assert again.reports[0].unchanged
    assert [score.value for score in again.scores_of_trace(1)] == [0.0]


def test_judgements_do_not_wait_for_an_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tailrace.workspace.importing.BATCH_SPANS", 200)
    source = tmp_path / "long.jsonl"
    source.write_text("".join(line(i) for i in range(3000)))
    workspace = Workspace(locate([source]).database)
    workspace.prepare()
    importing = threading.Thread(target=workspace.import_source, args=(source,))
    importing.start()
    put = 0
    while importing.is_alive():
        workspace.put_score(thumb(float(put % 2)))
        put += 1
        time.sleep(0.005)  # nobody judges without a pause, and judgements go before batches
    importing.join()
    assert put > 5
    assert workspace.info().spans == 9000
    assert len(workspace.scores_of_trace(1)) == 1
    workspace.close()


_JUDGED = """
import os, signal, sys
from pathlib import Path
from tailrace.model import Score, ScoreKind
from tailrace.workspace import Workspace
workspace = Workspace.open_file([Path(sys.argv[1])])
workspace.put_score(Score("mine", "thumb", ScoreKind.THUMB, workspace.read_rows([1])[0].trace_id, value=1.0))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_a_judgement_survives_a_kill(source: Path, opened: Callable[..., Workspace]) -> None:
    killed = subprocess.run([sys.executable, "-c", _JUDGED, str(source)], env=_environment(), check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(opened(source).list_traces(TraceFilter("thumb:up")).keys) == 1


# Real files


@pytest.mark.parametrize(
    "name",
    [
        "otlp/openai-v2-latest.traces.jsonl",
        "otlp/openai-v2-latest.traces.pb.gz",
        "otlp/openinference.traces.pb",
        "otlp/traceloop.traces.jsonl",
        "otlp/pydantic-ai-logfire.traces.jsonl",
        "phoenix/phoenix.db",
        "llm/logs-0.27.db",
        "llm/logs-0.36.db",
        "llm/logs-migrated-0.36.db",
    ],
)
def test_a_real_file_has_the_figures_its_own_tool_gives(
    sample: Callable[[str], Path], name: str, opened: Callable[..., Workspace]
) -> None:
    path = sample(name)
    expected = json.loads(sample("expected.json").read_text())[name]
    info = opened(path).info()
    figures = {
        "traces": info.traces,
        "spans": info.spans,
        "error_spans": info.errors,
        "max_depth": info.max_depth,
        "root_names": dict(info.roots),
        "tokens_input": info.input_tokens,
        "tokens_output": info.output_tokens,
    }
    known = {key: expected[key] for key in figures if key in expected}
    assert known
    assert {key: figures[key] for key in known} == known
    again = opened(path)
    assert again.info() == info
    assert again.reports[0].unchanged
    for key in again.list_traces(TraceFilter()).keys.tolist():
        trace = again.read_trace(key)
        assert trace is not None
        for span_id in trace.tree.span_ids:
            assert again.read_span(key, span_id) is not None
