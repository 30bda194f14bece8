"""A report as one HTML page that needs nothing else: pictures as vectors, and what they are made of as tables."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from tailrace.assets import asset
from tailrace.model.words import format_count
from tailrace.ui.reporting.sections import WIDTH, Section
from tailrace.ui.views.charts.card import ChartCard
from tailrace.ui.views.charts.values import Sheet

_MOST_ROWS = 200  # of a table; the picture shows all of them


@dataclass(frozen=True, slots=True)
class _Picture:
    """One card: its place in percent and pixels, its drawing, and its figures."""

    title: str
    words: str
    left: float
    top: int
    width: float
    height: int
    source: str
    sheet: Sheet | None
    more: str


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    subtitle: str
    height: int
    pictures: tuple[_Picture, ...]


def html_of(title: str, subtitle: str, sections: Sequence[tuple[Section, str]], dark: bool) -> bytes:
    """The page. Each section comes with a line of what it looked at. Whatever the data says is text on it."""
    from jinja2 import Environment, StrictUndefined  # takes longer to import than all of the rest

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(asset("report", "dashboards.html.j2").read_text(encoding="utf-8"))
    parts = [
        _Part(
            section.dashboard.name,
            words,
            section.height,
            tuple(_picture(card, box.x, box.y, box.width, box.height) for card, box in section.cards),
        )
        for section, words in sections
    ]
    return template.render(title=title, subtitle=subtitle, parts=parts, width=WIDTH, dark=dark).encode()


def _picture(card: ChartCard, x: int, y: int, width: int, height: int) -> _Picture:
    sheet = card.sheet() if card.content is not None else None
    more = ""
    if sheet is not None and len(sheet.rows) > _MOST_ROWS:
        more = f"first {format_count(_MOST_ROWS)} of {format_count(len(sheet.rows))} rows"
        sheet = Sheet(sheet.header, sheet.rows[:_MOST_ROWS])
    return _Picture(
        card.title,
        card.accessibleDescription(),
        x / WIDTH * 100,
        y,
        width / WIDTH * 100,
        height,
        "data:image/svg+xml;base64," + b64encode(card.svg()).decode(),
        sheet if sheet is not None and sheet.rows else None,
        more,
    )
