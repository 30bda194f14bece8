"""The samples that the program carries: one for every form of every format, each what its script writes."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from tests.packaging.scripts import load_script

from tailrace.assets import asset
from tailrace.formats.registry import MODULES, recognise
from tailrace.workspace import Workspace

HELD = json.loads(asset("samples", "samples.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(HELD))
def test_a_sample_goes_in_whole(name: str, tmp_path: Path) -> None:
    with closing(Workspace(tmp_path / "one.tailrace")) as workspace:
        workspace.prepare()
        report = workspace.import_source(asset("samples", name))
        assert not report.skipped
        info = workspace.info()
    assert {"traces": info.traces, "spans": info.spans} == HELD[name]


def test_every_format_has_a_sample() -> None:
    names = {recognise(asset("samples", name)).name for name in HELD}
    assert len({name.split()[0] for name in names}) == len(MODULES)


def test_the_samples_are_what_their_script_writes() -> None:
    script = load_script("samples.py")
    for name, data in (
        ("otlp.json", script._as_json()),
        ("otlp.jsonl", script._as_lines()),
        ("otlp.pb", script._as_protobuf()),
    ):
        assert asset("samples", name).read_bytes() == data
