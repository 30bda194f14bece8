"""What is remembered of a source, and that an import can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.store.written import contents, make, rows

from tailrace.store import Writer


def test_resume_and_skipped_reasons_are_part_of_the_batch(path: Path) -> None:
    source = Path("/some/where.jsonl")
    with Writer(path) as writer:
        assert writer.known_source(source) is None
        number, resume = writer.begin_source(source, "otlp", "b2:1", 100)
        assert resume is None
        writer.write([make("a")], [("no trace id", "line 2"), ("no trace id", "line 5")], {"offset": 50})
        writer.write([make("b")], [("no trace id", "line 9")])
    with Writer(path) as writer:
        state = writer.known_source(source)
        assert state is not None
        assert (state.source_id, state.resume, state.complete) == (number, {"offset": 50}, False)
        assert writer.begin_source(source, "otlp", "b2:1", 100) == (number, {"offset": 50})
        writer.write([], [("cut off", "line 10")], {"offset": 100})
        writer.finish_source()
        again = writer.known_source(source)
        assert again is not None
        assert again.complete
    found = rows(path, "SELECT reason, count, example FROM skipped ORDER BY 1")
    assert found == [("cut off", 1, "line 10"), ("no trace id", 3, "line 2")]


def test_another_fingerprint_or_format_begins_anew_unless_the_caller_knows_better(path: Path) -> None:
    source = Path("/some/where.jsonl")
    with Writer(path) as writer:
        number, _ = writer.begin_source(source, "otlp", "b2:1", 100)
        writer.write([make("a")], [("odd", "line 1")], {"offset": 50})
        assert writer.begin_source(source, "otlp", "b2:2", 200, goes_on=True) == (number, {"offset": 50})
        assert rows(path, "SELECT count(*) FROM skipped") == [(1,)]
        assert writer.begin_source(source, "otlp", "b2:3", 200) == (number, None)
        assert rows(path, "SELECT count(*) FROM skipped") == [(0,)]
        writer.write([make("a")], (), {"offset": 50})
        assert writer.begin_source(source, "phoenix", "b2:3", 200) == (number, None)


# Spans of 40 traces in batches of 50, most traces in several batches; says each batch, and may be told to end.
_IMPORT = """
import random, sys
from pathlib import Path
from tailrace.model import LogRecord, Score, ScoreKind, Span, Usage
from tailrace.store import Writer
rnd = random.Random(7)
spans = []
for i in range(2_000):
    t = rnd.randrange(40)
    parent = None if rnd.random() < 0.1 else f"s{rnd.randrange(2_000)}"
    spans.append(Span(f"t{t}", f"s{i}", parent, f"n{i % 5}", 1_000 + i, 2_000 + i, usage=Usage(i, 1),
                      input=f"in {i} " * 100, attributes={"i": i}, resource={"service.name": f"x{i % 3}"}))
spans += [LogRecord("t1", "s1", 1, "gen_ai.user.message", {"content": "Hi"})]
spans += [Score(f"q{i}", "q", ScoreKind.NUMBER, f"t{i}", value=0.5) for i in range(40)]
with Writer(Path(sys.argv[1])) as writer:
    _, resume = writer.begin_source(Path("/source"), "test", "f", 1)
    for at in range(resume["at"] if resume else 0, len(spans), 50):
        skipped = [("odd", f"span {at}")]
        writer.write(spans[at : at + 50], skipped, {"at": at + 50})
        print(at, flush=True)
    writer.finish_source()
    writer.settle()
    print("settled", flush=True)
    writer.index()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_killed_import_leaves_a_sound_file_and_goes_on_to_the_same_end(tmp_path: Path) -> None:
    def run(path: Path, kill_after: bytes | None) -> None:
        command = [sys.executable, "-c", _IMPORT, str(path)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as importing:
            assert importing.stdout is not None
            for line in importing.stdout:
                if line.strip() == kill_after:
                    importing.send_signal(signal.SIGKILL)
                    break
            importing.wait()
            assert importing.returncode == (0 if kill_after is None else -signal.SIGKILL)

    whole, killed = tmp_path / "whole.tailrace", tmp_path / "killed.tailrace"
    run(whole, None)
    for moment in (b"300", b"1250", b"settled"):
        run(killed, moment)
        assert rows(killed, "PRAGMA integrity_check") == [("ok",)]
    run(killed, None)
    assert contents(killed) == contents(whole)
    for path in (whole, killed):
        assert rows(path, "SELECT count(*) FROM search_pending") == [(0,)]
        assert rows(path, "SELECT count(*) FROM span_fts WHERE span_fts MATCH 'in'") == [(2_000,)]
        assert rows(path, "SELECT resume, complete FROM source") == [('{"at":2050}', 1)]
