"""Scores and notes: the list of the Scores tab, the chips below a conversation."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.score import CORRECTION, EVIDENCE, FAILURE_MODE, NOTE, REMARKS, THUMB
from tailrace.model.time import format_time
from tailrace.model.words import format_age
from tailrace.review.judgement import is_adjudicated
from tailrace.ui.theme import Tokens, pixmap, tokens, ui_font
from tailrace.ui.views.controls import PaintedButton, Words, tinted_ground
from tailrace.ui.views.spoken import Role
from tailrace.ui.views.value_menu import show_value_menu

_SOURCE_ICONS = {
    ScoreSource.PERSON: "user",
    ScoreSource.USER: "message-square",
    ScoreSource.CODE: "terminal",
    ScoreSource.MODEL: "sparkles",
    ScoreSource.UNKNOWN: "circle-help",
}
_SOURCE_WORDS = {
    ScoreSource.PERSON: "person",
    ScoreSource.USER: "end-user feedback",
    ScoreSource.CODE: "code",
    ScoreSource.MODEL: "model",
    ScoreSource.UNKNOWN: "unknown source",
}
_TITLES = {CORRECTION: "should have said", FAILURE_MODE: "failure mode"}
_ICONS = {NOTE: "sticky-note", EVIDENCE: "quote", CORRECTION: "pencil", FAILURE_MODE: "shapes"}


def is_own(score: Score, reviewer: str | None) -> bool:
    """Whether the reviewer gave this score. While no reviewer is named every person's score counts as own."""
    return score.source is ScoreSource.PERSON and (reviewer is None or score.author in (None, "", reviewer))


def is_up(score: Score) -> bool:
    """Whether a thumb is up; one that was put off is neither."""
    return score.value is not None and score.value >= 0.5


def is_written(score: Score) -> bool:
    """Whether it is what a reviewer writes (note, evidence, correction) or a failure mode that one names."""
    kind = ScoreKind.CATEGORY if score.name == FAILURE_MODE else ScoreKind.TEXT
    return score.kind is kind and (score.name in REMARKS or score.name == FAILURE_MODE)


def score_title(score: Score) -> str:
    """What a score is called where it stands by itself."""
    if score.kind is ScoreKind.THUMB and score.name == THUMB:
        return value_words(score)
    return _TITLES.get(score.name, score.name) if is_written(score) else score.name


def value_words(score: Score) -> str:
    """A score's value as people say it."""
    if score.kind is ScoreKind.THUMB:
        return "deferred" if score.value is None else "thumb up" if is_up(score) else "thumb down"
    if score.kind is ScoreKind.NUMBER and score.value is not None:
        return f"{score.value:.4g}" + (f" · {score.label}" if score.label else "")
    return score.label or ("" if score.value is None else f"{score.value:.4g}")


def score_filters(score: Score) -> tuple[tuple[str, str], ...]:
    """What a right click on a score offers to filter for."""
    if score.kind is ScoreKind.THUMB and score.name != THUMB:
        return () if score.value is None else ((f"score.{score.name}", f"{score.value:g}"),)
    if score.kind is ScoreKind.THUMB:
        return (("verdict", "defer"),) if score.value is None else (("thumb", "up" if is_up(score) else "down"),)
    if is_written(score) and score.name == FAILURE_MODE:
        return (("mode", score.label),) if score.label else ()
    if is_written(score):
        return (("has", score.name),)
    if score.kind is ScoreKind.NUMBER and score.value is not None:
        return ((f"score.{score.name}", f"{score.value:g}"),)
    if score.label:
        return ((f"score.{score.name}", score.label),)
    return ()


def score_icon(score: Score) -> str:
    """The icon of a verdict and of what reviewers write; none for other scores."""
    if score.kind is ScoreKind.THUMB:
        return "clock" if score.value is None else "thumbs-up" if is_up(score) else "thumbs-down"
    return _ICONS[score.name] if is_written(score) else ""


def score_comment(score: Score) -> str:
    """A score's comment; evidence is others' words and stands in quotes."""
    return f"“{score.comment}”" if score.name == EVIDENCE and score.comment else score.comment or ""


def score_colour(score: Score, theme: Tokens) -> str:
    """Green and red only where the judgement itself says good or bad."""
    if score.kind is ScoreKind.THUMB:
        return theme.warn if score.value is None else theme.ok if is_up(score) else theme.err
    if is_written(score):
        return theme.err if score.name == FAILURE_MODE else theme.text
    if (score.label or "").lower() in ("fail", "failed", "incorrect", "hallucinated", "bad", "unsafe", "toxic"):
        return theme.err
    return theme.text


def document_score_words(score: Score) -> str:
    """One line for a score of a retrieved document."""
    parts = [f"{score.name}: {value_words(score)}".rstrip(": "), score.author or _SOURCE_WORDS[score.source]]
    return " · ".join(parts) + (f"\n{score.comment}" if score.comment else "")


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One item of a column: a heading alone, a score with `own` if it may be taken back, or chips of many."""

    heading: str = ""
    score: Score | None = None
    own: bool = False
    chips: tuple[Score, ...] = ()

    def estimate(self, width: int) -> int:
        """The height it will roughly have."""
        if self.score is not None:
            return 58 + 18 * (len(self.score.comment or "") // max(20, width // 7) + 1)
        return 28 + 26 * (len(self.chips) // 3 + 1 if self.chips else 0)


class ScoreItemView(QWidget):
    """What any of them is drawn with."""

    SPOKEN_AS = Role.StaticText
    filter_requested = Signal(object)
    score_removed = Signal(object)
    copied = Signal(object)

    @staticmethod
    def of(item: ScoreItem, parent: QWidget) -> ScoreItemView:
        """The widget of an item."""
        if item.score is not None:
            return ScoreRow(item.score, item.own, parent)
        return ChipStrip(item.heading, item.chips, parent)

    def offer(self, event: QContextMenuEvent, score: Score) -> None:
        """The menu of a right click on a score."""
        whole = " · ".join(filter(None, (score.name, value_words(score), score.comment or "")))
        copies = [("Copy", whole)] + ([("Copy comment", score.comment)] if score.comment else [])
        menu_filters = score_filters(score)
        show_value_menu(self, event.globalPos(), menu_filters, copies, self.filter_requested.emit, self.copied.emit)


class ScoreRow(ScoreItemView):
    """One score with everything known of it."""

    def __init__(self, score: Score, own: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._score = score
        theme = tokens(parent)
        self.setAccessibleName(f"{score.name} {value_words(score)} {score.comment or ''}".strip())
        column = QVBoxLayout(self)
        column.setContentsMargins(11, 8, 8, 9)
        column.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(6)
        if picture := score_icon(score):
            mark = QLabel(self)
            filled = score.kind is ScoreKind.THUMB and score.value is not None
            mark.setPixmap(pixmap(picture, score_colour(score, theme), 16, self.devicePixelRatioF(), filled))
            head.addWidget(mark)
        bold = ui_font(13)
        bold.setWeight(bold.Weight.DemiBold)
        words, title = value_words(score), score_title(score)
        if title == words:
            words = ""
        name = Words(title, "text", bold, self)
        name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        head.addWidget(name)
        colour = {theme.ok: "ok", theme.err: "err", theme.warn: "warn"}.get(score_colour(score, theme), "text")
        head.addWidget(Words(words, colour, ui_font(13), self), 1)
        self.remove: PaintedButton | None = None
        if own:
            self.remove = PaintedButton("", "x", flat=True, small=True, parent=self)
            self.remove.setToolTip("Remove this score")
            self.remove.setAccessibleName(f"Remove {score.name}")
            self.remove.clicked.connect(self._remove)
            head.addWidget(self.remove)
        column.addLayout(head)
        if score.comment:
            comment = QLabel(score_comment(score), self)
            comment.setTextFormat(Qt.TextFormat.PlainText)
            comment.setFont(ui_font(13))
            comment.setWordWrap(True)
            comment.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            column.addWidget(comment)
        foot = QHBoxLayout()
        foot.setSpacing(5)
        source = QLabel(self)
        source.setPixmap(pixmap(_SOURCE_ICONS[score.source], theme.dim, 13, self.devicePixelRatioF()))
        foot.addWidget(source)
        who = [score.author, _SOURCE_WORDS[score.source]] if score.author else [_SOURCE_WORDS[score.source]]
        when = score.updated_ns or score.created_ns
        if when is not None:
            age = format_age(time.time_ns() - when)
            who.append(age if age == "now" else f"{age} ago")
        if score.document_position is not None:
            who.append(f"document {score.document_position + 1}")
        if is_adjudicated(score):
            who.append("settles a conflict")
        origin = Words(" · ".join(filter(None, who)), parent=self)
        origin.setToolTip(format_time(when) if when is not None else "time unknown")
        foot.addWidget(origin, 1)
        column.addLayout(foot)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        assert layout is not None
        return layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(tokens(self).line))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.offer(event, self._score)

    def _remove(self) -> None:
        self.score_removed.emit(self._score.score_id)


class ChipStrip(ScoreItemView):
    """A heading and, where there are any, scores as chips that wrap."""

    def __init__(self, heading: str, scores: tuple[Score, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._heading = heading
        self._scores = scores
        self.setFont(ui_font(12))
        self.setMouseTracking(True)
        words = ", ".join(self._text(score) for score in scores)
        self.setAccessibleName(f"{heading}: {words}" if words else heading)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        boxes = self._boxes(width)
        return (boxes[-1].bottom() if boxes else 20) + 4

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(200))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = tokens(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            bold = ui_font(12)
            bold.setWeight(bold.Weight.DemiBold)
            painter.setFont(bold)
            painter.setPen(QColor(theme.dim))
            painter.drawText(QRect(0, 0, self.width(), 20), int(Qt.AlignmentFlag.AlignVCenter), self._heading)
            painter.setFont(self.font())
            for score, box in zip(self._scores, self._boxes(self.width()), strict=True):
                colour = score_colour(score, theme)
                tinted = colour != theme.text
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(tinted_ground(colour, theme) if tinted else QColor(theme.raised))
                painter.drawRoundedRect(box, 10, 10)
                left = box.left() + 9
                if name := score_icon(score):
                    painter.drawPixmap(QPointF(left, box.top() + 4), pixmap(name, colour, 13, self.devicePixelRatioF()))
                    left += 18
                painter.setPen(QColor(colour if tinted else theme.dim))
                room = box.right() - left - 6
                text = painter.fontMetrics().elidedText(self._text(score), Qt.TextElideMode.ElideRight, room)
                painter.drawText(
                    QRect(left, box.top(), room + 6, box.height()), int(Qt.AlignmentFlag.AlignVCenter), text
                )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        for score, box in zip(self._scores, self._boxes(self.width()), strict=True):
            if box.contains(event.pos()):
                self.offer(event, score)
                return

    def _boxes(self, width: int) -> list[QRect]:
        metrics = QFontMetrics(self.font())
        boxes: list[QRect] = []
        x, y = 0, 24
        for score in self._scores:
            wide = metrics.horizontalAdvance(self._text(score)) + 18 + (18 if score_icon(score) else 0)
            wide = min(wide, width)
            if x and x + wide > width:
                x, y = 0, y + 26
            boxes.append(QRect(x, y, wide, 21))
            x += wide + 6
        return boxes

    @staticmethod
    def _text(score: Score) -> str:
        comment = f"“{' '.join(score.comment[:200].split())}”" if score.comment else ""
        who = score.author or ("end user" if score.source is ScoreSource.USER else "")
        if is_adjudicated(score):
            who = f"settled by {who}" if who else "settled"
        if score.kind is ScoreKind.THUMB and score.name != THUMB:
            return " · ".join(filter(None, (score.name, who, comment)))
        if score.kind is ScoreKind.THUMB and score.name == THUMB and score.value is None:
            return " · ".join(filter(None, (value_words(score), who, comment)))
        if score.kind is ScoreKind.THUMB or score.is_note:
            return " · ".join(filter(None, (who, comment))) or value_words(score)
        if is_written(score):
            if score.name == FAILURE_MODE:
                return " · ".join(filter(None, (score.label, who)))
            return score.label or " ".join(filter(None, (score_title(score), comment)))
        return " ".join(filter(None, (score.name, value_words(score)))) + (f" · {comment}" if comment else "")
