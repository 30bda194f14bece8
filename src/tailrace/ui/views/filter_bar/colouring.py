"""Colours of a filter text: which pieces are chips, and the formats of its tokens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit

from tailrace.query import Parsed, State, Token, TokenKind, parse
from tailrace.ui.theme import Tokens, mono_font, tokens
from tailrace.ui.views.filter_bar.offsets import to_qt

CHIP_PAD = 6  # pixels of a chip on either side of its text

_IN_TERM = (TokenKind.OPERATOR, TokenKind.VALUE, TokenKind.PHRASE, TokenKind.COMMA)


def code_font() -> QFont:
    """The fixed font without ligatures, which make one sign of `>=`: people look at what they have typed."""
    font = mono_font(12)
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def chips(text: str, found: Sequence[Token]) -> list[tuple[int, int]]:
    """Which pieces [start, end) of a text are drawn as chips: terms, each with the `-` before it."""
    made: list[tuple[int, int]] = []
    at = 0
    while at < len(found):
        token = found[at]
        negated = (
            token.kind is TokenKind.NEGATION
            and at + 1 < len(found)
            and found[at + 1].kind is TokenKind.FIELD
            and found[at + 1].start == token.end
        )
        if not negated and token.kind is not TokenKind.FIELD:
            at += 1
            continue
        start = token.start
        at += 2 if negated else 1
        end, in_group = found[at - 1].end, False
        while at < len(found):
            follower = found[at]
            if follower.kind is TokenKind.PAREN and text[follower.start] == "(" and follower.start == end:
                in_group = True
            elif follower.kind is TokenKind.PAREN and in_group:
                end, at = follower.end, at + 1
                break
            elif not in_group and (follower.kind not in _IN_TERM or follower.start != end):
                break
            end, at = follower.end, at + 1
        made.append((start, end))
    return made


class Colouring(QSyntaxHighlighter):
    """Keeps the formats of a one-line editor in step with its text and theme."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor.document())
        self._editor = editor

    def highlightBlock(self, text: str) -> None:
        """Called by Qt for the changed line."""
        theme = tokens(self._editor)
        parsed = parse(text)
        pieces = chips(text, parsed.tokens)
        for token in parsed.tokens:
            self._set(text, token.start, token.end, _format(token, text, theme))
        for start, end in pieces:
            self._space_out(text, start, end)
        if parsed.state is State.WRONG:
            self._mark(text, parsed, theme)

    def _space_out(self, text: str, start: int, end: int) -> None:
        """Room for a chip's sides: what stands before and behind it is set wider."""
        for at, wide in ((start - 1, CHIP_PAD + 1), (end, CHIP_PAD + 1)):
            if 0 <= at < len(text):
                self._widen(text, at, wide)
        if text[end : end + 1] == ")":
            self._widen(text, end - 1, CHIP_PAD)

    def _widen(self, text: str, at: int, pixels: int) -> None:
        position = to_qt(text, at)
        made = QTextCharFormat(self.format(position))
        made.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        made.setFontLetterSpacing(made.fontLetterSpacing() + pixels)
        self.setFormat(position, to_qt(text, at + 1) - position, made)

    def _mark(self, text: str, parsed: Parsed, theme: Tokens) -> None:
        for at in range(parsed.position, min(parsed.end, len(text))):
            position = to_qt(text, at)
            made = QTextCharFormat(self.format(position))
            made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            made.setUnderlineColor(QColor(theme.err))
            self.setFormat(position, to_qt(text, at + 1) - position, made)

    def _set(self, text: str, start: int, end: int, made: QTextCharFormat) -> None:
        position = to_qt(text, start)
        self.setFormat(position, to_qt(text, end) - position, made)


def _format(token: Token, text: str, theme: Tokens) -> QTextCharFormat:
    colour = {
        TokenKind.FIELD: theme.accent,
        TokenKind.OPERATOR: theme.accent,
        TokenKind.NEGATION: theme.err,
        TokenKind.KEYWORD: theme.dim,
        TokenKind.PAREN: theme.dim,
        TokenKind.COMMA: theme.dim,
        TokenKind.WRONG: theme.err,
    }.get(token.kind, theme.text)
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    if token.kind not in (TokenKind.WORD, TokenKind.WRONG) and not _is_free_phrase(token, text):
        made.setFont(code_font(), QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesSpecifiedOnly)
    if token.kind is TokenKind.KEYWORD:
        made.setFontWeight(QFont.Weight.DemiBold)
    return made


def _is_free_phrase(token: Token, text: str) -> bool:
    before = text[token.start - 1 : token.start]
    return token.kind is TokenKind.PHRASE and (not before or before.isspace() or before in "-(")
