"""How judgements read: verdicts that were put off, and what reviewers write."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tailrace.model import Score, ScoreKind, ScoreSource
from tailrace.model.score import CORRECTION, EVIDENCE, FAILURE_MODE, NOTE, THUMB
from tailrace.ui.theme import icon, tokens
from tailrace.ui.views.scores import (
    ChipStrip,
    ScoreRow,
    score_colour,
    score_filters,
    score_icon,
    score_title,
    value_words,
)

UP, DOWN, DEFERRED = (
    Score(f"v{value}", THUMB, ScoreKind.THUMB, "t", value=value, author="Jo", source=ScoreSource.PERSON)
    for value in (1.0, 0.0, None)
)
MODE = Score("m", FAILURE_MODE, ScoreKind.CATEGORY, "t", label="acts before confirming", author="Jo")
QUOTE = Score("e", EVIDENCE, ScoreKind.TEXT, "t", comment="Done!", author="Jo")
BETTER = Score("c", CORRECTION, ScoreKind.TEXT, "t", comment="Shall I?", author="Jo")
REMARK = Score("n", NOTE, ScoreKind.TEXT, "t", comment="Too soon", author="Jo")
NUMBER = Score("f", EVIDENCE, ScoreKind.NUMBER, "t", value=0.5)
ALL = (UP, DOWN, DEFERRED, MODE, QUOTE, BETTER, REMARK, NUMBER)


@pytest.mark.parametrize(
    ("score", "title", "words", "offered"),
    [
        (UP, "thumb up", "thumb up", (("thumb", "up"),)),
        (DOWN, "thumb down", "thumb down", (("thumb", "down"),)),
        (DEFERRED, "deferred", "deferred", (("verdict", "defer"),)),
        (MODE, "failure mode", "acts before confirming", (("mode", "acts before confirming"),)),
        (QUOTE, "evidence", "", (("has", "evidence"),)),
        (BETTER, "should have said", "", (("has", "correction"),)),
        (REMARK, "note", "", (("has", "note"),)),
        (NUMBER, "evidence", "0.5", (("score.evidence", "0.5"),)),
    ],
)
def test_a_score_says_what_it_is(score: Score, title: str, words: str, offered: tuple[object, ...]) -> None:
    assert score_title(score) == title
    assert value_words(score) == words
    assert score_filters(score) == offered


def test_a_deferred_verdict_looks_neither_good_nor_bad(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    theme = tokens(page)
    assert [score_colour(score, theme) for score in (UP, DOWN, DEFERRED)] == [theme.ok, theme.err, theme.warn]
    assert len({score_icon(score) for score in (UP, DOWN, DEFERRED)}) == 3
    assert score_icon(NUMBER) == ""
    for score in ALL[:-1]:
        assert not icon(score_icon(score), theme.text).isNull()


def test_chips_and_rows_name_what_reviewers_wrote(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    strip = ChipStrip("Scores", ALL, page)
    for words in ("deferred · Jo", "acts before confirming", "evidence “Done!”", "should have said “Shall I?”"):
        assert words in strip.accessibleName()
    for score in ALL:
        row = ScoreRow(score, True, page)
        row.resize(300, row.heightForWidth(300))
        assert not row.grab().isNull()
