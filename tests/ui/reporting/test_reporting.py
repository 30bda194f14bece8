"""Dashboards as a file: whole, of themselves, and of what was asked."""

from __future__ import annotations

import re
import zlib
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from tests.store.written import make

from tailrace.errors import SourceError, TailraceError
from tailrace.metrics.presets import presets
from tailrace.model import SpanStatus, TraceFilter
from tailrace.store import Writer
from tailrace.ui.reporting import write_report
from tailrace.ui.theme import DARK, apply_theme
from tailrace.workspace import Workspace

_PICTURE = re.compile(r'src="data:image/svg\+xml;base64,([^"]+)"')
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_FILL = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|scn?)\b")


def decompressed(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


@pytest.fixture(autouse=True)
def _dark_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, "dark")


@pytest.fixture
def workspace(database: Path) -> Iterator[Workspace]:
    workspace = Workspace.open_file([database])
    yield workspace
    workspace.close()


def test_a_page_holds_every_chart_of_every_dashboard(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    written = write_report(workspace, out, TraceFilter())
    charts = sum(len(dashboard.panels) for dashboard in presets())
    assert (written.dashboards, written.charts, written.pages) == (len(presets()), charts, 0)
    text = out.read_text()
    pictures = [b64decode(found).decode() for found in _PICTURE.findall(text)]
    assert len(pictures) == charts
    assert all("<svg" in picture and "<script" not in picture for picture in pictures)
    for dashboard in presets():
        assert dashboard.name.replace("&", "&amp;") in text
    # the figure, the picture's words and the table say the same
    assert "40" in pictures[0]
    assert "all traces" in text


def test_a_page_reaches_for_nothing_outside(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    write_report(workspace, out, TraceFilter(), ["overview"], theme="dark")
    text = out.read_text()
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", text)
    assert "<script" not in text


def test_a_pdf_has_pages(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    written = write_report(workspace, out, TraceFilter("status:error"), ["Overview", "cost"])
    content = out.read_bytes()
    assert content.startswith(b"%PDF-")
    assert written.dashboards == 2
    assert written.pages == len(re.findall(rb"/Type\s*/Page\b", content)) >= 2


def test_every_page_of_a_dark_pdf_is_dark(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    written = write_report(workspace, out, TraceFilter(), ["Overview"], theme="dark")
    ground = QColor(DARK.bg)
    streams = [decompressed(found) for found in _STREAM.findall(out.read_bytes())]
    drawn = [stream for stream in streams if b" rg" in stream or b" scn" in stream]
    first = [_FILL.search(stream) for stream in drawn]
    told = [tuple(round(float(part) * 255) for part in one.groups()) for one in first if one is not None]
    assert told.count((ground.red(), ground.green(), ground.blue())) >= written.pages


def test_nothing_on_paper_asks_to_be_dragged(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    write_report(workspace, out, TraceFilter(), ["Overview"])
    pictures = [b64decode(found).decode() for found in _PICTURE.findall(out.read_text())]
    assert any("log scale" in picture for picture in pictures)
    assert not any("drag" in picture for picture in pictures)


def test_only_what_is_asked_for_is_in_it(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    write_report(workspace, out, TraceFilter("status:error"), ["Overview"])
    text = out.read_text()
    assert "traces that match status:error" in text
    assert "Retrieval</h2>" not in text
    nothing = tmp_path / "nothing.html"
    written = write_report(workspace, nothing, TraceFilter("name:nobody"), ["Overview"])
    assert written.charts == 0
    assert "No trace matches name:nobody" in nothing.read_text()


def test_names_out_of_hostile_data_are_text(tmp_path: Path) -> None:
    path = tmp_path / "hostile.tailrace"
    with Writer(path) as writer:
        writer.write([make("a", name='<img src=x onerror="alert(1)">\n\0' + "x" * 5000, status=SpanStatus.ERROR)])
        writer.settle()
    workspace = Workspace.open_file([path])
    try:
        out = tmp_path / "report.html"
        write_report(workspace, out, TraceFilter(), ["Overview"])
        write_report(workspace, tmp_path / "report.pdf", TraceFilter(), ["Overview"])
    finally:
        workspace.close()
    text = out.read_text()
    assert "<img src=x" not in text
    assert not any("<img" in b64decode(found).decode() for found in _PICTURE.findall(text))


def test_what_cannot_be_written_is_said(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(TailraceError, match="There are: Overview"):
        write_report(workspace, tmp_path / "a.html", TraceFilter(), ["Overwiev"])
    with pytest.raises(SourceError, match=r"\.html or \.pdf"):
        write_report(workspace, tmp_path / "a.doc", TraceFilter())
    for form in ("html", "pdf"):
        with pytest.raises(SourceError, match="cannot be written"):
            write_report(workspace, tmp_path / "nowhere" / f"a.{form}", TraceFilter(), ["Overview"])
    assert not list(tmp_path.glob("*.new"))
