"""The command line keeps its names, keys and exit codes, and says in a sentence what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner, Result
from tests.store.written import make

from tailrace.cli import commands
from tailrace.cli import window as window_module
from tailrace.cli.libraries import IMPORTED, Library, missing_for_import, packages_sentence
from tailrace.model import Score, ScoreKind, ScoreSource, SpanKind, Usage
from tailrace.model.review import Dataset, DatasetItem, Put, Queue
from tailrace.model.score import own_id
from tailrace.review.sampling import Sample
from tailrace.store import Writer
from tailrace.store.copies import copy_database
from tailrace.workspace import Workspace
from tailrace.workspace import demo as demo_data
from tailrace.workspace.demo import write_demo

END_NS = 1_795_219_200_000_000_000
INFO_KEYS = [
    "traces",
    "spans",
    "errors",
    "events",
    "scores",
    "notes",
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "cost_usd",
    "unpriced_spans",
    "max_depth",
    "earliest",
    "latest",
    "roots",
    "kinds",
    "formats",
    "skipped",
]


class FakeWindow:
    """Notes what it was asked for."""

    def __init__(self, display: bool = True, error: Exception | None = None) -> None:
        self.display = display
        self.error = error
        self.asked: list[Any] = []

    def has_display(self) -> bool:
        return self.display

    def pages(self) -> Sequence[str]:
        if self.error is not None:
            raise self.error
        return ("traces", "welcome")

    def run(self, paths: Sequence[Path], demo: bool = False) -> int:
        if self.error is not None:
            raise self.error
        self.asked.append((list(paths), demo))
        return 0

    def render(self, path: Path, page: str, out: Path, *rest: Any) -> None:
        self.asked.append((path, page, out, *rest))
        out.write_bytes(b"picture")


def run(*arguments: object, window: FakeWindow | None = None) -> Result:
    result = CliRunner().invoke(commands, [str(argument) for argument in arguments], obj=window or FakeWindow())
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.tailrace"
    write_demo(path, END_NS, traces=150, reviewed=False)
    return path


@pytest.fixture(autouse=True)
def _no_x11(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)


def test_info_has_exactly_the_promised_keys(database: Path) -> None:
    result = run("info", database, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(found) == INFO_KEYS
    assert found["traces"] == 150
    assert found["total_tokens"] == found["input_tokens"] + found["output_tokens"]
    assert sum(found["kinds"].values()) == found["spans"]
    assert found["earliest"].endswith("Z")
    assert found["earliest"] < found["latest"]
    assert found["skipped"] == []
    assert "support_agent.run" in found["roots"]


def test_info_for_people_says_the_same(database: Path) -> None:
    found = json.loads(run("info", database, "--json").stdout)
    text = run("info", database).stdout
    assert f"{found['spans']:,}" in text
    assert f"{found['errors']} failed" in text


def test_unknown_cost_is_null(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    span = {"traceId": "a" * 32, "spanId": "b" * 16, "name": "n", "startTimeUnixNano": "5", "endTimeUnixNano": "6"}
    source.write_text(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}))
    found = json.loads(run("info", source, "--json").stdout)
    assert (found["spans"], found["cost_usd"], found["max_depth"], found["roots"]) == (1, None, 1, {"n": 1})


@pytest.mark.parametrize("name", ["phoenix/phoenix.db", "otlp/openinference.traces.jsonl"])
def test_foreign_files_have_their_own_figures(name: str, sample: Callable[[str], Path]) -> None:
    expected = json.loads(sample("expected.json").read_bytes())[name]
    for _ in range(2):  # the second time nothing may be doubled
        found = json.loads(run("info", sample(name), "--json").stdout)
        assert (found["traces"], found["spans"]) == (expected["traces"], expected["spans"])
        assert found["errors"] == expected.get("error_spans", found["errors"])


def test_traces_are_filtered_limited_and_counted_exactly(database: Path) -> None:
    everything = json.loads(run("traces", database, "--json").stdout)
    failed = json.loads(run("traces", database, "-q", "status:error", "--json").stdout)
    assert len(everything) == 150
    assert [row["trace_id"] for row in failed] == [row["trace_id"] for row in everything if row["errors"]]
    assert [row["start"] for row in everything] == sorted((row["start"] for row in everything), reverse=True)
    assert json.loads(run("traces", database, "--limit", 3, "--json").stdout) == everything[:3]
    text = run("traces", database, "--limit", 3)
    assert [line.split()[1] for line in text.stdout.splitlines()] == [row["trace_id"] for row in everything[:3]]
    assert "150 of 150 traces" in text.stderr


def test_a_wrong_filter_is_wrong_use(database: Path) -> None:
    result = run("traces", database, "-q", "status:")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("tailrace: ")


def test_a_trace_is_an_indented_tree(database: Path) -> None:
    row = json.loads(run("traces", database, "-q", "name:support_agent.run", "--limit", 1, "--json").stdout)[0]
    lines = run("trace", database, row["trace_id"].upper()).stdout.splitlines()
    assert len(lines) == 1 + row["spans"]
    assert lines[1].startswith("support_agent.run ")
    assert lines[2].startswith("  input_guard ")
    assert any(line.startswith("    chat ") and " tok " in line and "~$" in line for line in lines)
    whole = json.loads(run("trace", database, row["trace_id"], "--json").stdout)
    assert len(whole["spans"]) == row["spans"]
    assert [span["depth"] for span in whole["spans"][:2]] == [0, 1]
    assert {"span_id", "parent_id", "kind", "duration_ns", "attributes", "input", "output"} <= set(whole["spans"][0])


def test_a_trace_that_is_not_there_is_said_not_to_be(database: Path) -> None:
    result = run("trace", database, "f" * 32)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "has no trace" in result.stderr


def test_a_file_that_may_not_be_read_is_its_own_fault(tmp_path: Path) -> None:
    secret = tmp_path / "secret.jsonl"
    secret.write_text("{}")
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("who runs this may read everything")
    result = run("info", secret)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "secret.jsonl" in result.stderr


def test_import_brings_sources_together_and_twice_nothing_new(tmp_path: Path, sample: Callable[[str], Path]) -> None:
    out = tmp_path / "all.tailrace"
    sources = [sample("llm/logs-0.36.db"), sample("otlp/openinference.traces.jsonl")]
    first = json.loads(run("import", *sources, "-o", out, "--json").stdout)
    assert [source["format"] for source in first["sources"]] == ["llm logs.db", "OTLP JSON lines"]
    assert [source["spans"] for source in first["sources"]] == [41, 34]
    again = json.loads(run("import", *sources, "-o", out, "--json").stdout)
    assert [source["unchanged"] for source in again["sources"]] == [True, True]
    assert json.loads(run("info", out, "--json").stdout)["spans"] == 75
    assert "41 spans" in run("import", sources[0], "-o", tmp_path / "other.tailrace").stdout


def test_a_source_that_cannot_be_read_leaves_no_database_behind(tmp_path: Path, database: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader")
    for source in (tmp_path / "letter.txt", tmp_path / "gone.db", database):
        result = run("import", source, "-o", tmp_path / "out.tailrace")
        assert result.exit_code == 1
        assert source.name in result.stderr
    assert not (tmp_path / "out.tailrace").exists()


@pytest.mark.parametrize("command", ["info", "traces"])
def test_a_file_at_fault_is_one_sentence_on_stderr(tmp_path: Path, command: str) -> None:
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\x00" + b"\x17" * 3_000)
    for name in ("broken.db", "gone.db"):
        result = run(command, tmp_path / name)
        assert (result.exit_code, result.stdout) == (1, "")
        assert name in result.stderr
        assert "Traceback" not in result.stderr
        assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["info"], ["import", "a"], ["traces", "a", "--limit", "x"], ["--colour"]])
def test_wrong_use_is_code_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_files_without_a_command_are_opened(tmp_path: Path) -> None:
    window = FakeWindow()
    one, two = tmp_path / "one.db", tmp_path / "two.db"  # the second is not there: the window says so
    one.touch()
    assert run(one, two, window=window).exit_code == 0
    assert run("open", one, window=window).exit_code == 0
    assert run(window=window).exit_code == 0
    assert window.asked == [([one, two], False), ([one], False), ([], False)]


def test_the_demo_opens_in_a_window(tmp_path: Path) -> None:
    window = FakeWindow()
    assert run("demo", window=window).exit_code == 0
    assert window.asked == [([], True)]


def test_without_a_display_the_demo_is_pictures_and_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_small(path: Path, end_ns: int, ticket: Any = None) -> None:
        write_demo(path, end_ns, traces=20, ticket=ticket)

    monkeypatch.setattr(demo_data, "write_demo", write_small)
    window = FakeWindow(display=False)
    result = run("demo", window=window)
    assert result.exit_code == 0
    pictures = [Path(line.split(": ")[1]) for line in result.stdout.splitlines() if line.startswith("Picture")]
    assert len(pictures) == len(window.asked) == 4
    assert all(picture.exists() for picture in pictures)
    assert "Traces   20" in result.stdout


def test_a_screenshot_passes_everything_on(database: Path, tmp_path: Path) -> None:
    window = FakeWindow()
    out = tmp_path / "out.png"
    options = ["--trace", "abc", "-q", "status:error", "--theme", "light", "--size", "800x600", "-o", out]
    options += ["--queue", "Mine", "--reviewer", "ada", "--dashboard", "Cost", "--select", "user:u-1"]
    assert run("screenshot", database, "--page", "traces", *options, window=window).exit_code == 0
    rest = ("abc", "status:error", "light", (800, 600), None, "Mine", "ada", "Cost", "user:u-1")
    assert window.asked == [(database, "traces", out, *rest)]
    assert run("screenshot", database, "--page", "attic", "-o", out).exit_code == 2
    assert run("screenshot", database, "--page", "traces", "--size", "big", "-o", out).exit_code == 2


def test_a_missing_system_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_module, "missing_for_import", lambda error: [IMPORTED[0]] if "libEGL" in error else [])
    error = ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
    result = run("open", window=FakeWindow(error=error))
    assert result.exit_code == 1
    assert "libegl1" in result.stderr
    assert "libglvnd-egl" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_window_that_x11_could_not_show_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(
        window_module, "missing_for_window", lambda: [Library("libxcb-cursor.so.0", "libxcb-cursor0", "")]
    )
    window = FakeWindow()
    result = run("open", window=window)
    assert (result.exit_code, window.asked) == (1, [])
    assert "libxcb-cursor0" in result.stderr


def test_all_that_a_window_lacks_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(window_module, "missing_for_import", lambda error: [IMPORTED[0]])
    monkeypatch.setattr(window_module, "missing_for_window", lambda: [Library("libxcb-xkb.so.1", "libxcb-xkb1", "")])
    result = run(
        "screenshot", "any.tailrace", "--page", "traces", "-o", "any.png", window=FakeWindow(error=ImportError())
    )
    assert "sudo apt install libegl1 libxcb-xkb1`" in result.stderr


def test_an_import_error_names_a_library_even_when_we_do_not_know_it() -> None:
    missing = missing_for_import("libstrange-2.so.7: cannot open shared object file")
    assert missing[0].file == "libstrange-2.so.7"
    assert "libstrange-2.so.7" in packages_sentence("Qt needs", missing)


def test_doctor_says_where_things_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TAILRACE_DATA", str(tmp_path / "mine"))
    text = run("doctor").stdout
    assert f"{tmp_path / 'mine' / 'logs' / 'tailrace.log'} (nothing yet)" in text
    for words in (
        "Tailrace",
        "Python",
        "SQLite",
        "full-text search present",
        "PySide6",
        "duckdb",
        "Jinja2",
        str(tmp_path / "mine"),
    ):
        assert words in text


def test_commands_that_need_no_window_do_not_load_qt(database: Path) -> None:
    script = (
        "import sys; from tailrace.__main__ import main; sys.argv[1:] = ['info', sys.argv[1]]\n"
        "try: main()\nexcept SystemExit as end: assert not end.code, end.code\n"
        "assert not [name for name in sys.modules if name.startswith('PySide6')]"
    )
    done = subprocess.run([sys.executable, "-c", script, str(database)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_and_version_are_there() -> None:
    assert "screenshot" in run("--help").stdout
    assert run("--version").stdout.startswith("Tailrace ")


@pytest.fixture
def pair(database: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two copies of one database, the second with a verdict more."""
    one, two = tmp_path / "one.tailrace", tmp_path / "two.tailrace"
    for path in (one, two):
        copy_database(database, path)
    add_verdict(two, "Bo", 0.0)
    return one, two


def add_verdict(path: Path, author: str, value: float) -> None:
    """On the latest trace."""
    trace_id = json.loads(run("traces", path, "--limit", 1, "--json").stdout)[0]["trace_id"]
    score_id = own_id(author, trace_id, "thumb")
    with Writer(path) as writer:
        writer.put_score(
            Score(score_id, "thumb", ScoreKind.THUMB, trace_id, value=value, author=author, source=ScoreSource.PERSON)
        )


def test_merge_makes_one_database_of_several_and_twice_is_once(pair: tuple[Path, Path], tmp_path: Path) -> None:
    one, two = pair
    before = one.read_bytes()
    out = tmp_path / "out.tailrace"
    report = json.loads(run("merge", one, two, "-o", out, "--json").stdout)
    assert (report["added"], report["changed"], report["new_traces"], report["skipped"]) == (1, 0, 0, [])
    assert one.read_bytes() == before
    words = run("merge", two, one, "-o", out).stdout
    assert "0 records added, 0 changed" in words
    assert "0 conflicts" in words
    add_verdict(one, "Ann", 1.0)
    words = run("merge", one, "-o", out).stdout
    assert "1 conflict between reviewers" in words
    assert "thumb: Ann says pass, Bo says fail" in words
    listed = json.loads(run("merge", one, "-o", out, "--json").stdout)["conflicts"]
    assert [(one["score"], one["values"]) for one in listed] == [("thumb", {"Ann": "pass", "Bo": "fail"})]
    assert json.loads(run("info", out, "--json").stdout)["traces"] == 150


def test_merge_refuses_what_it_cannot_read_and_leaves_nothing(pair: tuple[Path, Path], tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear reader")
    out = tmp_path / "out.tailrace"
    for files in ([pair[0], letter], [pair[0], tmp_path / "gone"], [letter]):
        result = run("merge", *files, "-o", out)
        assert (result.exit_code, result.stdout) == (1, "")
        assert len(result.stderr.splitlines()) == 1
    assert not out.exists()
    assert run("merge", pair[0]).exit_code == 2
    assert run("merge", "-o", out).exit_code == 2


def test_export_writes_labels_in_every_form_and_to_stdout(database: Path, tmp_path: Path) -> None:
    counts = set()
    for name in ("labels.csv", "labels.jsonl", "labels.parquet"):
        said = run("export", database, "--format", "labels", "-o", tmp_path / name).stdout
        assert (tmp_path / name).stat().st_size > 0
        counts.add(said.split(": ")[1])
    assert len(counts) == 1
    rows = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text().splitlines()]
    session = rows[0]["session"]
    result = run("export", database, "--format", "labels", "-o", "-", "-q", f"session:{session}")
    some = [json.loads(line) for line in result.stdout.splitlines()]
    assert some == [row for row in rows if row["session"] == session] != rows


def test_export_of_a_review_comes_in_by_merge(pair: tuple[Path, Path], tmp_path: Path) -> None:
    one, two = pair
    bo = tmp_path / "bo.jsonl.gz"
    assert "1 record." in run("export", two, "--format", "review", "--reviewer", "Bo", "-o", bo).stdout
    out = tmp_path / "out.tailrace"
    assert json.loads(run("merge", one, bo, "-o", out, "--json").stdout)["added"] == 1
    assert json.loads(run("merge", one, two, "-o", out, "--json").stdout)["added"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "labels", "-o", "labels.xlsx"],
        ["--format", "labels", "-o", "labels.csv", "--dataset", "x"],
        ["--format", "labels", "-o", "labels.csv", "-q", "status:"],
        ["--format", "dataset", "-o", "d.csv", "--reviewer", "x"],
        ["--format", "review", "-o", "-"],
        ["--format", "else", "-o", "a.csv"],
        ["--format", "labels"],
    ],
)
def test_an_export_that_cannot_be_meant_is_wrong_use(database: Path, arguments: list[str], tmp_path: Path) -> None:
    arguments = [str(tmp_path / text) if "." in text else text for text in arguments]
    assert run("export", database, *arguments).exit_code == 2
    assert not list(tmp_path.iterdir())


def test_export_says_what_is_not_there(database: Path, tmp_path: Path) -> None:
    result = run("export", database, "--format", "dataset", "-o", tmp_path / "d.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "has no dataset" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_name_that_nobody_has_is_wrong_use_and_says_which_there_are(pair: tuple[Path, Path], tmp_path: Path) -> None:
    _, two = pair
    out = tmp_path / "x.jsonl"
    for what in ("labels", "review"):
        result = run("export", two, "--format", what, "--reviewer", "Nobody", "-o", out)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "no reviewer named “Nobody”" in result.stderr
        assert "Bo" in result.stderr
        assert not out.exists()
    assert "1 record." in run("export", two, "--format", "review", "--reviewer", "BO", "-o", out).stdout


def test_a_queue_and_a_dataset_are_found_by_name_whatever_its_case(pair: tuple[Path, Path], tmp_path: Path) -> None:
    one, _ = pair
    workspace = Workspace(one)
    trace_id = json.loads(run("traces", one, "--limit", 1, "--json").stdout)[0]["trace_id"]
    workspace.reviews.make_queue(Queue("q1", "Random 1"), Sample((trace_id,), ("",), 1))
    example = DatasetItem(f"d1/{trace_id}", "d1", trace_id, None, "a", "b", None)
    workspace.reviews.apply([Put(Dataset("d1", "Golden")), Put(example)])
    workspace.close()
    out = tmp_path / "report.html"
    assert "0 traces judged" in run("review-report", one, "--queue", "random 1", "-o", out).stdout
    assert "Random 1" in out.read_text(encoding="utf-8")
    wrong = run("review-report", one, "--queue", "Random", "-o", out)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "There are: Random 1" in wrong.stderr
    assert run("review-report", one, "-q", "status:", "-o", out).exit_code == 2
    data = tmp_path / "d.jsonl"
    assert "1 example." in run("export", one, "--format", "dataset", "--dataset", "GOLDEN", "-o", data).stdout
    wrong = run("export", one, "--format", "dataset", "--dataset", "Silver", "-o", data)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "There are: Golden" in wrong.stderr


def test_a_merge_says_which_judgements_are_about_traces_that_are_not_here(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    one, two = pair
    with Writer(two) as writer:
        writer.put_score(
            Score("x", "thumb", ScoreKind.THUMB, "gone", value=1.0, author="Bo", source=ScoreSource.PERSON)
        )
    out, bo = tmp_path / "out.tailrace", tmp_path / "bo.jsonl"
    run("export", two, "--format", "review", "--reviewer", "Bo", "-o", bo)
    copy_database(one, out)
    assert "1 judgement is about traces that this database does not have" in run("merge", bo, "-o", out).stdout
    assert json.loads(run("merge", bo, "-o", out, "--json").stdout)["absent"] == 1
    assert json.loads(run("merge", one, "-o", out, "--json").stdout)["absent"] == 0


def test_a_review_report_is_one_page(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert "traces judged" in run("review-report", database, "-o", out).stdout
    assert out.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert run("review-report", database).exit_code == 2
    assert run("review-report", tmp_path / "gone.db", "-o", out).exit_code == 1


def test_names_and_inputs_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    evil = "\x1b[31mred\x1b]0;title\x07 \u202etxt.exe\r\nsecond line " + "N" * 100_000
    path = tmp_path / "evil.tailrace"
    with Writer(path) as writer:
        writer.write([make("a", name=evil, kind=SpanKind.LLM, model=evil, usage=Usage(5, 5), input=evil)])
        writer.settle()
        writer.index()
    commands_of = ["info"], ["traces"], ["trace"], ["metrics", "--group-by", "name"], ["prices", "list"]
    for words in commands_of:
        arguments = [*words, str(path), *(["t1"] if words == ["trace"] else [])]
        result = CliRunner().invoke(commands, arguments, color=True)
        assert result.exit_code == 0, result.stderr
        assert "red" in result.stdout
        assert not any(sign in result.stdout for sign in "\x1b\x07\r\u202e"), words
        assert not any(line.startswith("second") for line in result.stdout.splitlines()), words
        assert max(map(len, result.stdout.splitlines())) < 600, words


def completed(first: str) -> list[str]:
    """What a shell is offered for the first word: kind and value."""
    asking = BashComplete(commands, {}, "tailrace", "_TAILRACE_COMPLETE")
    return [f"{item.type} {item.value}" for item in asking.get_completions([], first)]


def test_a_shell_completes_commands_and_files() -> None:
    assert completed("im") == ["file im", "plain import"]
    assert completed("traces.js") == ["file traces.js"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["doctr"], 2, "There is no file and no command 'doctr'. Did you mean `tailrace doctor`?"),
        (["nonsense"], 2, "There is no file and no command 'nonsense'. `tailrace --help`"),
        (["gone.jsonl"], 1, "gone.jsonl: no such file."),
        (["open", "gone.jsonl", "lost.db"], 1, "gone.jsonl, lost.db: no such file."),
    ],
)
def test_what_is_neither_file_nor_command_is_said_at_once(words: list[str], code: int, said: str) -> None:
    window = FakeWindow()
    result = run(*words, window=window)
    assert result.exit_code == code
    assert said in result.output
    assert window.asked == []


def test_a_list_that_is_cut_says_so(database: Path) -> None:
    assert "showing 2: 150 of 150 traces" in run("traces", database, "--limit", "2").output
    assert "showing" not in run("traces", database).output
