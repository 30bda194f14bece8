"""The release workflow: what may become a release, and what it may not do on the way. It runs elsewhere only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.packaging.scripts import PACKAGING, load_script

import tailrace

WORKFLOW = PACKAGING.parent / ".github/workflows/release.yml"
LOG = """# Changelog

## 1.2.3 (2026-01-02)

What is new.

- A thing.

## 1.2.2 (unreleased)

- Another.

## 1.2.1 (2025-01-02)

"""


@pytest.fixture(scope="module")
def text() -> str:
    if not WORKFLOW.is_file():
        pytest.skip("a source archive has no workflows")
    return WORKFLOW.read_text(encoding="utf-8")


def test_a_tag_becomes_a_release_with_what_the_change_log_says() -> None:
    notes_of = load_script("tag.py").notes_of
    assert notes_of("v1.2.3", "1.2.3", LOG) == "What is new.\n\n- A thing.\n"


@pytest.mark.parametrize(
    ("tag", "version", "said"),
    [
        ("v1.2.4", "1.2.3", "should be v1.2.3"),
        ("1.2.3", "1.2.3", "should be v1.2.3"),
        ("v1.2", "1.2", "no section"),
        ("v1.2.2", "1.2.2", "unreleased, which is no date"),
        ("v1.2.1", "1.2.1", "says nothing"),
    ],
)
def test_a_tag_is_refused_with_the_reason(tag: str, version: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        load_script("tag.py").notes_of(tag, version, LOG)


def test_the_version_is_read_without_being_installed() -> None:
    assert load_script("tag.py").version_in(Path(tailrace.__file__).read_text(encoding="utf-8")) == tailrace.__version__


def test_it_is_sound_yaml(text: str) -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    jobs = yaml.safe_load(text)["jobs"]
    assert set(jobs) == {"tag", "linux", "windows", "macos", "draft"}
    assert all("timeout-minutes" in job for job in jobs.values())
    assert set(jobs["draft"]["needs"]) == {"linux", "windows", "macos"}


def test_every_system_runs_the_build_of_everyone(text: str) -> None:
    assert text.count("run: python packaging/build.py\n") == 3
    for path in re.findall(r"packaging/\w+\.py", text):
        assert (PACKAGING.parent / path).is_file(), path


def test_actions_are_githubs_own_and_of_one_version(text: str) -> None:
    used = re.findall(r"uses: (\S+)", text)
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[\w-]+@(v\d+\.\d+\.\d+|[0-9a-f]{40})", action), action


def test_only_the_draft_may_write(text: str) -> None:
    assert re.findall(r"^ *(\w+): write", text, re.M) == ["contents"]
    assert "permissions:\n  contents: read\n" in text
    assert text.index("contents: write") > text.index("\n  draft:")
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_what_is_run_holds_no_expression_and_no_secret(text: str) -> None:
    scripts = list(_scripts(text))
    assert len(scripts) >= 8
    for script in scripts:
        assert "${{" not in script, "GitHub would paste it into the script; it comes in through the environment"
        assert "set -x" not in script
    for line in text.splitlines():
        if "secrets." in line:
            assert re.fullmatch(r" +[A-Z_]+: \$\{\{ [^}]+ \}\}", line), line


def test_steps_with_secrets_wait_for_them(text: str) -> None:
    steps = re.split(r"\n      - ", text)
    signing = [step for step in steps if re.search(r"\n {10}\w+: \$\{\{ secrets\.", step)]
    assert len(signing) == 3
    for step in signing:
        assert re.search(r"if: env\.(SIGNED|NOTARISED) == 'true'", step), step


def _scripts(text: str) -> Iterator[str]:
    """What each step runs."""
    for found in re.finditer(r"^( *)(?:- )?run: (\|\n(?P<block>(?:\1 +.*\n|\n)+)|(?P<line>.+))", text, re.M):
        yield found["block"] or found["line"]
