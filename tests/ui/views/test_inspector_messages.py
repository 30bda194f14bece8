"""The conversation: who said what, what is cut, and that nothing in it comes to life."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage, QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.inspected import make_detail, make_span

from tailrace.model import (
    Conversation,
    MediaPart,
    Message,
    OtherPart,
    ReasoningPart,
    Role,
    SpanKind,
    SpanStatus,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
    Usage,
)
from tailrace.ui.theme import LIGHT, apply_theme
from tailrace.ui.views.inspector import InspectorView
from tailrace.ui.views.media import MediaThumb, decode
from tailrace.ui.views.messages.cards import BlockKind, Card, build_cards
from tailrace.ui.views.messages.cut_text import cut

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Read = Callable[[InspectorView], list[str]]


def titles(cards: list[Card]) -> list[str]:
    return [card.title for card in cards]


def say(*parts: object, role: Role = Role.ASSISTANT, finish_reason: str | None = None) -> Message:
    return Message(role, parts, finish_reason=finish_reason)  # type: ignore[arg-type]


def test_a_tool_result_joins_its_call_by_id() -> None:
    talk = Conversation(
        (
            say(TextPart("hi"), role=Role.USER),
            say(ToolCallPart("weather", '{"city":"Oslo"}', "c1"), ToolCallPart("weather", '{"city":"Rome"}', "c2")),
            say(ToolResultPart("rain", "c2"), role=Role.TOOL),
            say(ToolResultPart("no network", "c1", is_error=True), role=Role.TOOL),
            say(ToolResultPart("nobody asked", "c9", "clock"), role=Role.TOOL),
        )
    )
    cards = build_cards(make_detail(conversation=talk))
    assert titles(cards) == ["user", "tool call · weather", "tool call · weather", "tool result · clock"]
    assert [block.text for block in cards[1].blocks] == ['{"city":"Oslo"}', "result", "no network"]
    assert cards[1].facts == "failed"
    assert cards[2].facts == "answered"


def test_the_order_is_error_tools_inputs_reasoning_output() -> None:
    talk = Conversation(
        (say(TextPart("be kind"), role=Role.SYSTEM), say(TextPart("hi"), role=Role.USER)),
        (say(ReasoningPart("one\ntwo"), TextPart("hello"), finish_reason="length"),),
        (ToolDefinition("a"), ToolDefinition("b")),
    )
    span = make_span(
        status=SpanStatus.ERROR, error_type="Timeout", prompt_name="support", prompt_version="v14", usage=Usage(5, 462)
    )
    cards = build_cards(make_detail(span, talk))
    assert titles(cards) == [
        "error · Timeout",
        "2 tools offered",
        "system · prompt support@v14",
        "user",
        "reasoning",
        "assistant",
    ]
    assert cards[4].facts == "2 lines"
    assert not cards[4].open
    assert cards[5].facts == "ended: length · 462 tok · 200 tok/s"


def test_without_a_conversation_input_and_output_are_shown() -> None:
    cards = build_cards(make_detail(make_span(kind=SpanKind.TOOL, input='{"a":1}', output="done")))
    assert titles(cards) == ["input", "output"]
    assert [card.blocks[0].kind for card in cards] == [BlockKind.JSON, BlockKind.MARKUP]


def test_unknown_parts_and_roles_are_shown_as_json_and_by_their_word() -> None:
    talk = Conversation((Message(Role.UNKNOWN, (OtherPart("video_clip", {"id": 7}),), label="narrator"),))
    card = build_cards(make_detail(conversation=talk))[0]
    assert card.title == "narrator"
    assert '"id":7' in card.blocks[0].text


def test_untrusted_markup_stays_text(inspector: InspectorView, shown_texts: Read) -> None:
    evil = (
        "<img src=http://evil.example/a.png><script>alert(1)</script>\n\n![logo](http://evil.example/b.png) "
        "[bank](https://evil.example/login)\n\n<style>*{color:red}</style>"
    )
    before = set(sys.modules)
    inspector.show_span(make_detail(conversation=Conversation((), (say(TextPart(evil)),))), None)
    (text,) = shown_texts(inspector)
    assert "<img src=http://evil.example/a.png><script>alert(1)</script>" in text
    assert "image: logo: http://evil.example/b.png (not fetched)" in text
    assert "bank ‹https://evil.example/login›" in text
    assert "<style>" in text
    document = inspector.messages.column.card_views()[0].blocks[0].body.document()
    block = document.begin()
    while block.isValid():
        for run in block.begin():  # type: ignore[attr-defined]
            assert not run.fragment().charFormat().isImageFormat()
        block = block.next()
    assert not [name for name in set(sys.modules) - before if "QtNetwork" in name or "QtWebEngine" in name]


def test_no_view_knows_the_network_or_reads_html() -> None:
    views = Path(sys.modules[InspectorView.__module__].__file__ or "").parent
    for path in views.rglob("*.py"):
        source = path.read_text()
        for word in ("QtNetwork", "setHtml", "insertHtml", "setMarkdown", "QDesktopServices", "RichText"):
            assert word not in source, f"{path.name} uses {word}"


def test_markdown_is_drawn_and_can_be_seen_as_plain_text(
    inspector: InspectorView, shown_texts: Read, qtbot: QtBot
) -> None:
    text = '# Head\n\n- **one**\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```json\n{"k": 1}\n```\n\n1. x'
    inspector.show_span(make_detail(conversation=Conversation((), (say(TextPart(text)),))), None)
    drawn = shown_texts(inspector)[0]
    assert "**" not in drawn
    assert "•" in drawn
    assert "#" not in drawn
    qtbot.mouseClick(inspector.messages.switch.button("plain"), Qt.MouseButton.LeftButton)
    assert shown_texts(inspector)[0] == text


def test_reasoning_opens_on_click_and_by_key(inspector: InspectorView, shown_texts: Read, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=Conversation((), (say(ReasoningPart("deep thought")),))), None)
    assert shown_texts(inspector) == []
    card = inspector.messages.column.card_views()[0]
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(60, 10))
    assert shown_texts(inspector) == ["deep thought"]
    qtbot.keyClick(card, Qt.Key.Key_Space)
    assert shown_texts(inspector) == []


def test_only_cards_in_sight_exist(inspector: InspectorView, qtbot: QtBot) -> None:
    talk = tuple(say(TextPart(f"message {number}"), role=Role.USER) for number in range(2_000))
    inspector.show_span(make_detail(conversation=Conversation(talk)), None)
    column = inspector.messages.column
    assert len(column.items) == 2_000
    assert len(column.made) < 60
    column.setFocus()
    qtbot.keyClick(column, Qt.Key.Key_End)
    assert 1_999 in column.made
    assert 0 not in column.made
    assert len(column.made) < 60
    last = column.made[1_999]
    assert last.geometry().bottom() < column.viewport().height()


def test_a_payload_of_20_mb_lays_out_a_screenful_and_says_how_much_is_missing(
    inspector: InspectorView, shown_texts: Read
) -> None:
    line = "x" * 49 + "\n"
    inspector.show_span(make_detail(make_span(input=line * 400_000, output="y" * 20_000_000)), None)
    blocks = [block for card in inspector.messages.column.card_views() for block in card.blocks]
    assert sum(block.body.document().blockCount() for block in blocks) <= 500
    assert sum(len(text) for text in shown_texts(inspector)) < 30_000
    assert blocks[0].words == "showing 200 of 400,001 lines"
    inspector.messages.column.reveal(1)
    blocks = [block for card in inspector.messages.column.card_views() for block in card.blocks]
    assert blocks[-1].words == "showing 12,000 of 20,000,000 characters"


def test_show_more_shows_more_and_is_remembered(inspector: InspectorView, shown_texts: Read, qtbot: QtBot) -> None:
    text = "\n".join(f"line {number}" for number in range(3_000))
    inspector.show_span(make_detail(make_span(input=text)), None)
    block = inspector.messages.column.card_views()[0].blocks[0]
    assert shown_texts(inspector)[0].count("\n") == 199
    qtbot.mouseClick(block.more, Qt.MouseButton.LeftButton)
    assert shown_texts(inspector)[0].count("\n") == 1_199
    assert block.words == "showing 1,200 of 3,000 lines"
    inspector.messages.column.rebuild()
    assert shown_texts(inspector)[0].count("\n") == 1_199


def test_large_json_is_shown_at_once_and_laid_out_behind(
    inspector: InspectorView, shown_texts: Read, qtbot: QtBot
) -> None:
    text = '{"rows":[' + ",".join('{"id":1,"text":"lorem ipsum dolor sit amet"}' for _ in range(8_000)) + "]}"
    inspector.show_span(make_detail(make_span(output=text)), None)
    assert shown_texts(inspector)[0].startswith('{"rows":[{"id":1')
    qtbot.waitUntil(lambda: shown_texts(inspector)[0].startswith('{\n  "rows": [\n'), timeout=5_000)


@pytest.mark.parametrize(
    ("text", "lines", "shown", "words"),
    [
        ("", 2, "", ""),
        ("a\nb", 2, "a\nb", ""),
        ("a\nb\n", 2, "a\nb", ""),
        ("a\nb\nc", 2, "a\nb", "showing 2 of 3 lines"),
        ("a" * 130, 2, "a" * 120, "showing 120 of 130 characters"),
        ("a" * 120, 2, "a" * 120, ""),
    ],
)
def test_a_cut_says_exactly_what_it_shows(text: str, lines: int, shown: str, words: str) -> None:
    part = cut(text, lines)
    assert (part.shown, part.words) == (shown, words)


def png(width: int, height: int) -> str:
    image = QImage(width, height, QImage.Format.Format_Mono)
    image.fill(0)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return base64.b64encode(bytes(buffer.data().data())).decode()


def test_a_picture_becomes_a_thumbnail_with_its_size(inspector: InspectorView, qtbot: QtBot) -> None:
    data = png(640, 400)
    talk = Conversation((say(MediaPart("image", "image/png", data), role=Role.USER),))
    inspector.show_span(make_detail(conversation=talk), None)
    thumb = inspector.messages.column.card_views()[0].findChild(MediaThumb)
    assert thumb is not None
    qtbot.waitUntil(lambda: thumb.has_picture, timeout=5_000)
    assert thumb.words.startswith("image/png · 640 × 400 · ")
    assert data[:40] not in "".join(
        block.whole for card in inspector.messages.column.card_views() for block in card.blocks
    )


def test_a_decompression_bomb_is_not_decoded() -> None:
    decoded = decode(MediaPart("image", "image/png", png(12_000, 6_000)))
    assert decoded.image is None
    assert "12000 × 6000" in decoded.words
    assert "not drawn" in decoded.words


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (MediaPart("image", None, None, "https://x.example/a.jpg"), "image · https://x.example/a.jpg · not fetched"),
        (MediaPart("audio", "audio/wav", "UklG" * 300), "audio/wav · 900 B"),
        (MediaPart("image", "image/png", "%%%"), "image/png · 2 B"),
        (MediaPart("file"), "file · no data recorded"),
        (
            MediaPart(
                "image", "image/svg+xml", base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
            ),
            "image/svg+xml · 41 B",
        ),
    ],
)
def test_what_is_no_picture_is_a_line_of_words(qapp: QApplication, part: MediaPart, words: str) -> None:
    decoded = decode(part, QSize(100, 100))
    assert decoded.image is None
    assert decoded.words.startswith(words)


def test_text_is_selected_by_mouse_and_copied_plain(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=Conversation((), (say(TextPart("some **bold** words")),))), None)
    body = inspector.messages.column.card_views()[0].blocks[0].body
    qtbot.mouseDClick(body.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 8))
    assert body.textCursor().selectedText() == "bold"
    body.setFocus()
    qtbot.keyClick(body, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(body, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QApplication.clipboard().mimeData()
    assert data.text() == "some bold words"
    assert not data.hasHtml()


def test_a_change_of_theme_reaches_the_text(inspector: InspectorView, qapp: QApplication, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=Conversation((), (say(TextPart("words")),))), None)
    apply_theme(qapp, "light")
    qtbot.wait(20)
    body = inspector.messages.column.card_views()[0].blocks[0].body
    cursor = QTextCursor(body.document())
    cursor.movePosition(QTextCursor.MoveOperation.End)
    assert cursor.charFormat().foreground().color() == QColor(LIGHT.text)


def test_find_counts_all_matches_and_opens_what_hides_them(inspector: InspectorView, qtbot: QtBot) -> None:
    talk = Conversation(
        tuple(say(TextPart(f"needle {number}"), role=Role.USER) for number in range(300)),
        (say(ReasoningPart("a Needle in thought")),),
    )
    inspector.show_span(make_detail(conversation=talk), None)
    inspector.messages.column.setFocus()
    qtbot.keyClick(inspector.messages.column, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(inspector.find_bar.field, "needle")
    assert inspector.find_bar.count_text == "1 of 301"
    qtbot.keyClick(inspector.find_bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert inspector.find_bar.count_text == "301 of 301"
    assert 300 in inspector.messages.column.made
    card = inspector.messages.column.items[300]
    assert isinstance(card, Card)
    assert card.open
    qtbot.keyClick(inspector.find_bar.field, Qt.Key.Key_Escape)
    assert inspector.find_bar.isHidden()


def test_half_characters_and_nul_do_no_harm(inspector: InspectorView, shown_texts: Read) -> None:
    inspector.show_span(make_detail(make_span(name="a\x00b", input="x \ud800 y\x00z", output='{"a": "\ud800"}')), None)
    assert shown_texts(inspector)[0].startswith("x ")
    for name in ("Attributes", "Raw"):
        inspector.open_tab(name)
    assert inspector.raw.text.line_count > 10


def test_a_data_uri_is_read_like_base64(qapp: QApplication) -> None:
    assert decode(MediaPart("image", "image/png", "data:image/png;base64," + png(4, 4))).image is not None


def test_the_end_is_the_end_also_where_heights_were_guessed(inspector: InspectorView, qtbot: QtBot) -> None:
    talk = tuple(say(TextPart("word " * (number % 90)), role=Role.USER) for number in range(400))
    inspector.show_span(make_detail(conversation=Conversation(talk)), None)
    column = inspector.messages.column
    column.setFocus()
    qtbot.keyClick(column, Qt.Key.Key_End)
    bar = column.verticalScrollBar()
    assert bar.value() == bar.maximum()
    assert column.made[399].geometry().bottom() < column.viewport().height()
    qtbot.keyClick(column, Qt.Key.Key_Home)
    assert column.made[0].geometry().top() == 8


def test_scrolling_up_through_guessed_heights_does_not_jump(inspector: InspectorView) -> None:
    talk = tuple(say(TextPart("word " * (number * 7 % 120)), role=Role.USER) for number in range(400))
    inspector.show_span(make_detail(conversation=Conversation(talk)), None)
    column = inspector.messages.column
    bar = column.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    for _ in range(60):
        tops = {index: widget.y() for index, widget in column.made.items() if 0 <= widget.y() < 800}
        before = bar.value()
        bar.setValue(before - 40)
        moved = {index: column.made[index].y() - y for index, y in tops.items() if index in column.made}
        assert set(moved.values()) <= {40}
