"""Write dashboards of an open database into a file."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, qInstallMessageHandler
from PySide6.QtWidgets import QWidget

from tailrace.errors import SourceError, TailraceError
from tailrace.model import TraceFilter
from tailrace.model.words import count_of, format_count
from tailrace.ui.app import has_display, log_qt, make_application
from tailrace.ui.models.monitor_answers import local_words
from tailrace.ui.reporting.as_html import html_of
from tailrace.ui.reporting.as_pdf import write_pdf
from tailrace.ui.reporting.sections import Section, draw_section
from tailrace.ui.theme import apply_theme, tokens
from tailrace.workspace.whole_files import whole_file, write_whole

if TYPE_CHECKING:
    from tailrace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Written:
    """What a report holds: dashboards, charts, and pages of a PDF (0 of an HTML file)."""

    dashboards: int
    charts: int
    pages: int


def write_report(
    workspace: Workspace,
    out: Path,
    asked: TraceFilter,
    names: Sequence[str] = (),
    theme: str = "light",
    budget: float | None = None,
) -> Written:
    """Write the dashboards of these names (none: the presets, and the database's own) on a filter; `out` ends in .html
    or .pdf. Raises TailraceError where it does not, for a name that is none, and where the file cannot be written."""
    form = out.suffix.lower()
    if form not in (".html", ".htm", ".pdf"):
        raise SourceError(f"{out} does not say what kind of report it is.", "Let its name end in .html or .pdf.")
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    former_handler = qInstallMessageHandler(log_qt)
    # a widget that was never shown does not lay out what is in it
    table = QWidget()
    table.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    table.show()
    try:
        apply_theme(app, theme)
        monitor = workspace.monitor
        monitor.prepare()
        known = monitor.dashboards()
        chosen = [_named(name, [one.name for one in known]) for name in names]
        shown = [one for one in known if not names or one.name in chosen]
        sections = [draw_section(monitor, dashboard, asked, budget, table) for dashboard in shown]
        told = [(section, _words_of(section, asked)) for section in sections]
        title = f"Tailrace report: {workspace.database.stem}"
        pages = 0
        if form == ".pdf":
            with whole_file(out) as unfinished:
                pages = write_pdf(unfinished, title, told, tokens(app.palette()))
        else:
            written = f"{workspace.database.name}, written {local_words(time.time_ns())}"
            write_whole(out, html_of(title, written, told, tokens(app.palette()).dark))
        charts = sum(len(section.cards) for section in sections)
        return Written(len(sections), charts, pages)
    finally:
        table.hide()
        table.deleteLater()
        QCoreApplication.sendPostedEvents(table, QEvent.Type.DeferredDelete)
        qInstallMessageHandler(former_handler)


def _named(name: str, known: Sequence[str]) -> str:
    for one in known:
        if one.casefold() == name.casefold():
            return one
    raise TailraceError(f"There is no dashboard “{name}”.", f"There are: {', '.join(known)}.")


def _words_of(section: Section, asked: TraceFilter) -> str:
    told = section.told
    which = f"traces that match {asked.text.strip()}" if asked.text.strip() else "all traces"
    if told is None:
        timed = asked.since_ns is not None or asked.until_ns is not None
        none = f"No trace matches {asked.text.strip()}" if asked.text.strip() else "There are no traces"
        return none + " in this time" * timed
    times = f"{local_words(told.since_ns)} to {local_words(told.until_ns)}"
    return f"{times} · {which} · {format_count(told.facts)} {told.things} · {count_of(len(section.cards), 'chart')}"
