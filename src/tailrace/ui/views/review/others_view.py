"""What others said of the trace, and what was found automatically: by author, or that it is hidden for now."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.review import Verdict
from tailrace.model.score import CORRECTION, EVIDENCE, FAILURE_MODE, NOTE, THUMB
from tailrace.model.words import format_age
from tailrace.ui.theme import pixmap, tip, tokens, ui_font
from tailrace.ui.views.controls import Words
from tailrace.ui.views.pressable import LinkButton
from tailrace.ui.views.review.verdict_buttons import LOOKS
from tailrace.ui.views.scores import value_words
from tailrace.ui.views.spoken import Role

FIRST = 6
LONGEST = 600
HIDDEN = "Others' judgements are hidden until yours is in."
_SOURCES = {
    ScoreSource.PERSON: ("user", "a reviewer"),
    ScoreSource.USER: ("message-square", "end user"),
    ScoreSource.CODE: ("terminal", "code"),
    ScoreSource.MODEL: ("sparkles", "model"),
    ScoreSource.UNKNOWN: ("circle-help", "unknown source"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One line: an icon, its colour by name, words."""

    icon: str
    colour: str
    words: str


@dataclass(frozen=True, slots=True)
class Author:
    """What one author said: people first, then the automatic ones."""

    name: str
    source: ScoreSource
    said_ns: int | None
    lines: tuple[Said, ...]


def authors_of(scores: Sequence[Score]) -> list[Author]:
    """The scores by author, people first, the latest first; each with verdict, modes, scores, notes, evidence."""
    groups: dict[tuple[str, ScoreSource], list[Score]] = {}
    for score in scores:
        groups.setdefault((score.author or _SOURCES[score.source][1], score.source), []).append(score)
    made = [
        Author(name, source, max((_stamp(score) for score in group), default=0) or None, tuple(_lines(group)))
        for (name, source), group in groups.items()
    ]
    return sorted(made, key=lambda one: (one.source is not ScoreSource.PERSON, -(one.said_ns or 0), one.name))


def verdict_of(score: Score) -> Verdict | None:
    """The verdict that a thumb score is."""
    if score.name != THUMB or score.kind is not ScoreKind.THUMB:
        return None
    if score.value is None:
        return Verdict.DEFER
    return Verdict.PASS if score.value else Verdict.FAIL


def _stamp(score: Score) -> int:
    return score.updated_ns or score.created_ns or 0


def _lines(scores: Sequence[Score]) -> list[Said]:
    verdicts, modes, values, texts = [], [], [], []
    for score in scores:
        settled = " (settled)" if score.metadata.get("adjudicated") else ""
        verdict = verdict_of(score)
        if verdict is not None:
            word, icon, tone, _ = LOOKS[verdict]
            verdicts.append(Said(icon, tone, word + settled))
            texts += [Said("sticky-note", "text", _cut(score.comment))] if score.comment else []
        elif score.name == FAILURE_MODE:
            modes.append((score.label or "a failure mode") + settled)
        elif score.name == EVIDENCE:
            texts.append(Said("highlighter", "dim", f"“{_cut(score.comment)}”"))
        elif score.name == NOTE:
            texts.append(Said("sticky-note", "text", _cut(score.comment)))
        elif score.name == CORRECTION:
            texts.append(Said("pencil", "text", f"should have said: {_cut(score.comment)}"))
        else:
            comment = f": {_cut(score.comment)}" if score.comment else ""
            said = value_words(score)
            # a label that is the score's own name says no more than the name
            told = score.name if said.casefold() == score.name.casefold() else f"{score.name} {said}".rstrip()
            values.append(told + settled + comment)
    lines = [*verdicts]
    lines += [Said("shapes", "text", " · ".join(modes))] if modes else []
    lines += [Said("sliders-horizontal", "text", " · ".join(values))] if values else []
    return lines + texts


def _cut(text: str | None) -> str:
    text = (text or "").strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… (showing {LONGEST} of {len(text):,} characters)"


class _Line(QWidget):
    """An icon beside words that wrap."""

    def __init__(self, said: Said, parent: QWidget, weight: QFont.Weight = QFont.Weight.Normal) -> None:
        super().__init__(parent)
        self._said = said
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 0, 0)
        row.addWidget(Words(said.words, said.colour, ui_font(12, weight), self))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        colour = theme.dim if self._said.colour == "text" else getattr(theme, self._said.colour)
        with QPainter(self) as painter:
            painter.drawPixmap(QPointF(0, 1), pixmap(self._said.icon, colour, 13, self.devicePixelRatioF()))


class _AuthorCard(QWidget):
    """One author in a box."""

    SPOKEN_AS = Role.StaticText

    def __init__(self, author: Author, now_ns: int, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 8)
        column.setSpacing(4)
        who = [author.name]
        if author.source is not ScoreSource.PERSON and author.name != _SOURCES[author.source][1]:
            who.append(_SOURCES[author.source][1])
        if author.said_ns is not None:
            age = format_age(now_ns - author.said_ns)
            who.append(age if age == "now" else f"{age} ago")
        head = Said(_SOURCES[author.source][0], "dim", " · ".join(who))
        column.addWidget(_Line(head, self, QFont.Weight.Medium))
        for said in author.lines:
            column.addWidget(_Line(said, self, QFont.Weight.DemiBold if said.colour in _TONES else QFont.Weight.Normal))
        self.setAccessibleName(". ".join([head.words, *(said.words for said in author.lines)]))
        self.setToolTip(tip(author.name) if len(author.name) > 30 else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(theme.line))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


class OthersView(QWidget):
    """A card an author. `grown()`: there are others."""

    grown = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[Score, ...], bool] = ((), False)
        self._whole = False
        self._cards: list[QWidget] = []
        self.more = LinkButton(self)
        self.more.clicked.connect(self._show_all)
        self.more.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.more)
        self.hide()

    def show_scores(self, scores: Sequence[Score], hidden: bool) -> None:
        """Show these, or only that they are hidden: then not even how many there are."""
        shown = ((), True) if hidden else (tuple(scores), False)
        if shown != self._shown:
            self._shown = shown
            self._whole = False
            self._rebuild()

    def _rebuild(self) -> None:
        for card in self._cards:
            card.hide()
            self._column.removeWidget(card)
            card.deleteLater()
        scores, hidden = self._shown
        authors = authors_of(scores)
        first = authors if self._whole else authors[:FIRST]
        now = time.time_ns()
        self._cards = [_AuthorCard(author, now, self) for author in first]
        if hidden:
            self._cards = [_Line(Said("eye-off", "dim", HIDDEN), self)]
        for place, card in enumerate(self._cards):
            self._column.insertWidget(place, card)
        self.more.set_words(f"showing {len(first)} of {len(authors)} authors: show all")
        self.more.setVisible(len(first) < len(authors))
        self.setVisible(bool(self._cards))
        self.grown.emit()

    def _show_all(self) -> None:
        self._whole = True
        self._rebuild()


_TONES = ("ok", "err", "warn")
