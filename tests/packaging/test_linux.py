"""What Linux desktops are told of Tailrace is valid, true of the program, and as new as its commands."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import click
import pytest

import tailrace
from tailrace.cli import commands
from tailrace.cli.libraries import IMPORTED, SHOWN
from tailrace.store import Writer

LINUX = Path(__file__).parents[2] / "packaging" / "linux"
ENTRY = LINUX / "org.tailrace.Tailrace.desktop"
TYPES = LINUX / "org.tailrace.Tailrace.xml"
XMLNS = "{http://www.freedesktop.org/standards/shared-mime-info}"
OUR_TYPE = "application/vnd.tailrace+sqlite3"
BUILT = datetime(2026, 11, 26, tzinfo=UTC)
CHANGES = """# Changelog

## 9.1.0 (unreleased)

What is new & good.

- One point, `tailrace info`, that goes on
  in a second line.
- Another <point>.

## 9.0.0 (2026-05-04)

- An older point.

## 8.0.0 (unreleased)

- Never given out.
"""


@pytest.fixture(scope="module", autouse=True)
def _scripts() -> Iterator[None]:
    """The scripts of packaging/linux can be imported, as they import each other."""
    sys.path.insert(0, str(LINUX))
    yield
    sys.path.remove(str(LINUX))


def script(name: str) -> ModuleType:
    return import_module(name)


def validated(tool: str, *words: str | Path) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([tool, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error" not in done.stdout + done.stderr


def test_the_desktop_entry_is_valid_and_opens_our_type_alone() -> None:
    lines = ENTRY.read_text(encoding="utf-8").splitlines()
    assert ENTRY.stem == tailrace.DESKTOP_ID
    assert f"Icon={tailrace.DESKTOP_ID}" in lines
    assert f"MimeType={OUR_TYPE};" in lines
    for line in lines:
        if line.startswith("Exec="):
            assert shlex.split(line.removeprefix("Exec="))[1] in commands.list_commands(click.Context(commands))
    validated("desktop-file-validate", ENTRY)


def test_the_description_is_valid_and_tells_the_releases(tmp_path: Path) -> None:
    releases = script("releases").read_releases(CHANGES, "9.1.0", BUILT)
    target = tmp_path / "org.tailrace.Tailrace.metainfo.xml"
    target.write_bytes(script("metainfo").metainfo(releases))
    told = ET.parse(target).getroot().findall("releases/release")
    assert [(release.get("version"), release.get("date")) for release in told] == [
        ("9.1.0", "2026-11-26"),
        ("9.0.0", "2026-05-04"),
    ]
    points = ["".join(point.itertext()) for point in told[0].iter("li")]
    assert points == ["One point, tailrace info, that goes on in a second line.", "Another <point>."]
    validated("appstreamcli", "validate", "--no-net", target)


def test_a_version_that_the_change_log_lacks_is_told_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    releases = script("releases").read_releases(CHANGES, "9.2.0", BUILT)
    assert [release.version for release in releases] == ["9.2.0", "9.0.0"]
    assert "9.2.0" in capsys.readouterr().err
    assert script("deb").debian_changelog(releases).startswith("tailrace (9.2.0) ")


def matches(rule: ET.Element, data: bytes) -> bool:
    """Whether bytes fit a <match> and one of those in it, as shared-mime-info has it."""
    wanted = rule.attrib["value"].encode().decode("unicode_escape").encode("latin-1")
    if rule.attrib["type"] == "big32":
        wanted = struct.pack(">I", int(rule.attrib["value"], 16))
    begin = int(rule.attrib["offset"])
    inner = rule.findall(f"{XMLNS}match")
    return data[begin : begin + len(wanted)] == wanted and (not inner or any(matches(each, data) for each in inner))


def test_the_magic_of_the_type_is_that_of_a_database_of_ours_and_of_no_other(tmp_path: Path) -> None:
    (kind,) = ET.parse(TYPES).getroot().findall(f"{XMLNS}mime-type")
    (rule,) = kind.findall(f"{XMLNS}magic/{XMLNS}match")
    assert kind.get("type") == OUR_TYPE
    Writer(tmp_path / "ours.db").close()
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE one (two)")
    assert matches(rule, (tmp_path / "ours.db").read_bytes()[:100])
    assert not matches(rule, (tmp_path / "other.db").read_bytes()[:100])


def test_the_system_takes_the_type_by_name_and_content(tmp_path: Path) -> None:
    packages = tmp_path / "mime/packages"
    packages.mkdir(parents=True)
    shutil.copy(TYPES, packages)
    validated("update-mime-database", tmp_path / "mime")
    assert f"{OUR_TYPE}:*.tailrace" in (tmp_path / "mime/globs2").read_text()


def test_the_manual_names_every_command_and_option() -> None:
    manual = script("manual")
    page = manual.manual("9.1.0", BUILT)
    plain = re.sub(r"\\f.|\\&", "", page).replace(r"\-", "-")
    heads = re.findall(r"^\.SS (.*)$", plain, re.M)
    every = list(manual.every_command())
    assert heads == [context.command_path.removeprefix("tailrace ") for context, _ in every]
    assert {"import", "prices set"} <= set(heads)
    for _, command in every:
        for option in (each for each in command.params if isinstance(each, click.Option)):
            assert all(name in plain for name in option.opts), (command.name, option.opts)
    for part in ("SYNOPSIS", "ENVIRONMENT", "FILES", "EXAMPLES"):
        assert f".SH {part}\n" in page
    assert not [line for line in page.splitlines() if line.startswith(("'", "..")) or "`" in line]


def test_the_examples_of_the_manual_are_commands_as_they_are() -> None:
    known = {
        context.command_path.removeprefix("tailrace "): command for context, command in script("manual").every_command()
    }
    for _, *lines in script("manual").EXAMPLES:
        for line in lines:
            _, first, *words = shlex.split(line)
            command = known.get(first)
            if command is None:
                assert first.endswith((".jsonl", ".tailrace")), line
                continue
            options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
            assert {word for word in words if word.startswith("-")} <= options, line


def test_groff_takes_the_manual_without_a_warning(tmp_path: Path) -> None:
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    page = script("manual").manual("9.1.0", BUILT).encode()
    done = subprocess.run(["groff", "-man", "-Kutf8", "-Tutf8", "-ww"], input=page, capture_output=True, check=False)
    assert done.stderr == b""


def test_shells_get_a_script_each_that_asks_the_program() -> None:
    scripts = script("completions").completions()
    assert len(scripts) == 3
    assert all("_TAILRACE_COMPLETE" in text for text in scripts.values())


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        ("libglib2.0-0 (>= 2.26.0)", "libglib2.0-0 (>= 2.26.0) | libglib2.0-0t64 (>= 2.26.0)"),
        ("libglib2.0-0t64 (>= 2.26.0)", "libglib2.0-0 (>= 2.26.0) | libglib2.0-0t64 (>= 2.26.0)"),
        ("libx11-xcb1 (>= 2:1.8.4)", "libx11-xcb1"),
        ("libc6 (>= 2.35)", "libc6 (>= 2.35)"),
        ("libgl1", "libgl1"),
    ],
)
def test_dependencies_hold_on_releases_old_and_new(found: str, asked: str) -> None:
    assert script("depends").as_asked(found) == asked


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the libraries are those of Linux")
def test_doctor_looks_for_just_what_windows_under_x11_link_to() -> None:
    package = find_spec("PySide6")
    if shutil.which("readelf") is None or package is None or package.origin is None:
        pytest.skip("readelf is not installed")
    library = Path(package.origin).parent / "Qt/lib/libQt6XcbQpa.so.6"
    said = subprocess.run(["readelf", "-dW", library], capture_output=True, text=True, check=True).stdout
    needed = {name for name in re.findall(r"\(NEEDED\).*\[(.*)\]", said) if name.startswith(("libxcb-", "libxkb"))}
    looked_for = {each.file for each in (*IMPORTED, *SHOWN) if each.file.startswith(("libxcb-", "libxkb"))}
    assert needed <= looked_for
    assert looked_for - needed <= {"libxcb-util.so.1"}  # older Qt reaches it through others
