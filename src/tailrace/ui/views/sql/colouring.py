"""Colours of a statement: keywords, functions, texts, numbers, comments."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit

from tailrace.model import SpanKind
from tailrace.model.sql import SQL_VIEWS
from tailrace.model.sql_text import Mark, SqlToken, read_tokens
from tailrace.model.sql_words import FUNCTIONS, KEYWORDS
from tailrace.ui.theme import Tokens, tokens
from tailrace.ui.views.filter_bar.offsets import to_qt

_VIEWS = frozenset(view.name for view in SQL_VIEWS)


class Colouring(QSyntaxHighlighter):
    """Keeps the formats of an editor in step with its text and theme. A text or comment may run over many lines: all is
    read again when anything changes, which takes less than a frame for as much as a person writes."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor.document())
        self._editor = editor
        self._revision = -1
        self._tokens: list[SqlToken] = []
        self._ends: list[int] = []
        self._lines: list[int] = []
        self._text = ""

    def highlightBlock(self, text: str) -> None:
        """Called by Qt for each changed line."""
        self._read()
        number = self.currentBlock().blockNumber()
        if number >= len(self._lines):
            return
        theme = tokens(self._editor)
        begin = self._lines[number]
        end = begin + len(text)
        open_to = 0
        for place in range(bisect_right(self._ends, begin), len(self._tokens)):
            token = self._tokens[place]
            if token.start >= end:
                break
            start, stop = max(token.start, begin) - begin, min(token.end, end) - begin
            position = to_qt(text, start)
            self.setFormat(position, to_qt(text, stop) - position, self._format(place, theme))
            if token.end > end:
                open_to = 1 + list(Mark).index(token.mark)
        # another state than before makes Qt colour the next line too
        self.setCurrentBlockState(open_to)

    def _read(self) -> None:
        document = self.document()
        if document.revision() == self._revision:
            return
        self._revision = document.revision()
        self._text = document.toPlainText()
        self._tokens = list(read_tokens(self._text))
        self._ends = [token.end for token in self._tokens]
        self._lines = [0]
        for line in self._text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._lines.pop()

    def _format(self, place: int, theme: Tokens) -> QTextCharFormat:
        token = self._tokens[place]
        colour = {
            Mark.TEXT: theme.ok,
            Mark.NUMBER: theme.warn,
            Mark.COMMENT: theme.faint,
            Mark.SIGN: theme.dim,
        }.get(token.mark, theme.text)
        made = QTextCharFormat()
        if token.mark is Mark.WORD:
            word = self._text[token.start : token.end].lower()
            following = self._text[token.end : token.end + 1]
            if following == "(" and word in FUNCTIONS:
                colour = theme.kind(SpanKind.PROMPT if theme.dark else SpanKind.LLM)
            elif word in KEYWORDS:
                colour = theme.accent
                made.setFontWeight(QFont.Weight.DemiBold)
            elif word in _VIEWS:
                made.setFontWeight(QFont.Weight.DemiBold)
        elif token.mark is Mark.COMMENT:
            made.setFontItalic(True)
        made.setForeground(QColor(colour))
        return made
