"""Untrusted text into documents: plain, JSON and Markdown, character formats only.

Nothing here goes through Qt's HTML or Markdown readers, so no text can become a live element, and no format that names
a resource (an image, a style) is ever made, so nothing can be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

from tailrace.model import SpanKind
from tailrace.ui.theme import Tokens, mono_font, ui_font
from tailrace.ui.views.json_text import Run, runs

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LINE_SEPARATOR = "\u2028"
_HEADINGS = {"h1": 17, "h2": 15, "h3": 14}
_INDENT = 18


def run_colour(kind: Run, theme: Tokens) -> str:
    """The colour of a run of JSON."""
    return {
        Run.KEY: theme.accent,
        Run.STRING: theme.ok,
        Run.NUMBER: theme.warn,
        Run.WORD: theme.kind(SpanKind.LLM),
        Run.PLAIN: theme.text,
    }[kind]


def write_plain(
    document: QTextDocument, text: str, theme: Tokens, *, mono: bool = False, colour: str = "", pixels: int = 13
) -> None:
    """Replace a document's contents by a text as it is, `pixels` high."""
    with _writing(document) as cursor:
        cursor.setBlockFormat(_lines(mono))
        cursor.setCharFormat(_characters(colour or theme.text, mono_font() if mono else ui_font(pixels)))
        cursor.insertText(text)


def write_json(document: QTextDocument, text: str, theme: Tokens) -> None:
    """Replace a document's contents by JSON with quiet colours."""
    with _writing(document) as cursor:
        cursor.setBlockFormat(_lines(True))
        formats = {kind: _characters(run_colour(kind, theme), mono_font()) for kind in Run}
        for number, line in enumerate(text.split("\n")):
            if number:
                cursor.insertBlock()
            _insert_json(cursor, line, formats)


def write_markdown(document: QTextDocument, text: str, theme: Tokens, *, colour: str = "", pixels: int = 13) -> None:
    """Replace a document's contents by Markdown drawn with formats, its usual text `pixels` high. HTML stays text,
    pictures become their address."""
    with _writing(document) as cursor:
        _Writer(cursor, theme, colour or theme.text, pixels).write(_parser().parse(text))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # takes long to import: not before a text is read

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@contextmanager
def _writing(document: QTextDocument) -> Iterator[QTextCursor]:
    """An empty document that is laid out once, not after every run."""
    document.clear()
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    yield cursor
    cursor.endEditBlock()


def _lines(mono: bool = False) -> QTextBlockFormat:
    block = QTextBlockFormat()
    block.setLineHeight(130 if mono else 124, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return block


def _characters(colour: str, font: QFont) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(font)
    made.setForeground(QColor(colour))
    return made


def _insert_json(cursor: QTextCursor, line: str, formats: dict[Run, QTextCharFormat]) -> None:
    place = 0
    for start, end, kind in runs(line):
        if start > place:
            cursor.insertText(line[place:start], formats[Run.PLAIN])
        cursor.insertText(line[start:end], formats[kind])
        place = end
    if place < len(line):
        cursor.insertText(line[place:], formats[Run.PLAIN])


class _Writer:
    """Walks markdown-it's flat list of tokens; the state is where in lists, quotes, tables it is."""

    def __init__(self, cursor: QTextCursor, theme: Tokens, colour: str, pixels: int) -> None:
        self._cursor = cursor
        self._theme = theme
        self._colour = colour
        self._pixels = pixels
        self._first = True
        self._lists: list[int | None] = []  # next number of an ordered list, None for bullets
        self._marker = ""
        self._quotes = 0
        self._heading = ""
        self._table: QTextTable | None = None
        self._cell = (0, -1)
        self._tight = False

    def write(self, parsed: list[Token]) -> None:
        for index, token in enumerate(parsed):
            match token.type:
                case "heading_open":
                    self._heading = token.tag
                case "heading_close":
                    self._heading = ""
                case "bullet_list_open":
                    self._lists.append(None)
                case "ordered_list_open":
                    self._lists.append(int(token.attrGet("start") or 1))
                case "bullet_list_close" | "ordered_list_close":
                    self._lists.pop()
                case "list_item_open":
                    self._open_item()
                case "blockquote_open":
                    self._quotes += 1
                case "blockquote_close":
                    self._quotes -= 1
                case "fence" | "code_block":
                    self._code(token.content.rstrip("\n"), token.info.strip().lower())
                case "hr":
                    self._block()
                    self._cursor.insertText("─" * 12, self._format(self._theme.faint))
                case "table_open":
                    self._open_table(parsed, index)
                case "table_close":
                    self._table = None
                    self._cursor.movePosition(QTextCursor.MoveOperation.End)
                case "tr_open":
                    self._cell = (self._cell[0] + (self._cell[1] >= 0), -1)
                case "th_open" | "td_open":
                    self._cell = (self._cell[0], self._cell[1] + 1)
                    self._heading = "th" if token.type == "th_open" else ""
                case "th_close":
                    self._heading = ""
                case "paragraph_open":
                    self._tight = token.hidden
                case "inline":
                    self._inline_block(token)

    def _open_item(self) -> None:
        number = self._lists[-1]
        self._marker = "•\u2002" if number is None else f"{number}.\u2002"
        if number is not None:
            self._lists[-1] = number + 1

    def _open_table(self, parsed: list[Token], start: int) -> None:
        rows = columns = 0
        for token in parsed[start:]:
            if token.type == "table_close":
                break
            rows += token.type == "tr_open"
            columns += token.type == "th_open"
        look = QTextTableFormat()
        look.setBorder(1)
        look.setBorderBrush(QColor(self._theme.line2))
        look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        look.setBorderCollapse(True)
        look.setCellPadding(4)
        look.setCellSpacing(0)
        look.setTopMargin(4)
        look.setBottomMargin(6)
        look.setHeaderRowCount(1)
        look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        self._table = self._cursor.insertTable(max(rows, 1), max(columns, 1), look)
        self._cell = (0, -1)
        self._first = False

    def _block(self, *, code: bool = False) -> None:
        """Begin a paragraph."""
        look = _lines(code)
        depth = len(self._lists) + self._quotes
        look.setLeftMargin(_INDENT * depth + (6 if code else 0))
        if self._marker:
            look.setTextIndent(-_INDENT + 4)
        close = self._tight or bool(self._marker and not self._first)
        look.setTopMargin(0 if self._first else 10 if self._heading else 2 if close else 6)
        if code:
            look.setBackground(QColor(self._theme.bg if self._theme.dark else self._theme.raised))
        if self._first:
            self._cursor.setBlockFormat(look)
        else:
            self._cursor.insertBlock(look)
        self._first = False
        if self._marker:
            self._cursor.insertText(self._marker, self._format(self._theme.dim))
            self._marker = ""

    def _code(self, text: str, language: str) -> None:
        self._tight = False
        self._block(code=True)
        for number, line in enumerate(text.split("\n")):
            if number:  # one paragraph, so that its background has no gaps
                self._cursor.insertText(_LINE_SEPARATOR, _characters(self._colour, mono_font()))
            if language in ("json", "jsonl", "json5"):
                formats = {kind: _characters(run_colour(kind, self._theme), mono_font()) for kind in Run}
                _insert_json(self._cursor, line, formats)
            else:
                self._cursor.insertText(line, _characters(self._colour, mono_font()))

    def _inline_block(self, token: Token) -> None:
        if self._table is not None:
            row, column = self._cell
            if row >= self._table.rows() or column >= self._table.columns():
                return
            self._cursor = self._table.cellAt(row, column).firstCursorPosition()
        else:
            self._block()
        self._inline(token.children or [])

    def _inline(self, children: list[Token]) -> None:
        strong = emphasis = struck = 0
        links: list[tuple[str, int]] = []
        for child in children:
            colour = self._theme.dim if self._quotes else self._colour
            match child.type:
                case "strong_open":
                    strong += 1
                case "strong_close":
                    strong -= 1
                case "em_open":
                    emphasis += 1
                case "em_close":
                    emphasis -= 1
                case "s_open":
                    struck += 1
                case "s_close":
                    struck -= 1
                case "link_open":
                    links.append((str(child.attrGet("href") or ""), self._cursor.position()))
                case "link_close":
                    self._close_link(*links.pop())
                case "softbreak" | "hardbreak":
                    self._cursor.insertText(_LINE_SEPARATOR, self._format(colour))
                case "code_inline":
                    look = _characters(self._colour, mono_font())
                    look.setBackground(QColor(self._theme.raised))
                    self._cursor.insertText(child.content, look)
                case "image":
                    address = str(child.attrGet("src") or "")
                    words = f"{child.content}: " if child.content else ""
                    self._cursor.insertText(f"image: {words}{address} (not fetched)", self._format(self._theme.dim))
                case _:
                    look = self._format(self._theme.accent if links else colour)
                    if strong:
                        look.setFontWeight(QFont.Weight.DemiBold)
                    look.setFontItalic(bool(emphasis))
                    look.setFontStrikeOut(bool(struck))
                    if links:
                        look.setFontUnderline(True)
                        look.setAnchorHref(links[-1][0])
                    self._cursor.insertText(child.content, look)

    def _close_link(self, target: str, start: int) -> None:
        """A link's words may say one place and lead to another: the target stands beside them."""
        reader = QTextCursor(self._cursor)
        reader.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
        if target and reader.selectedText() not in (target, target.removeprefix("mailto:")):
            self._cursor.insertText(f" ‹{target}›", self._format(self._theme.dim))

    def _format(self, colour: str) -> QTextCharFormat:
        font = ui_font(_HEADINGS.get(self._heading, 13) + self._pixels - 13)
        if self._heading:
            font.setWeight(QFont.Weight.DemiBold)
        return _characters(colour, font)
