"""The item in the middle of the review page: keys pass through its text, and evidence stays where it was marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QTextCursor, QTextFormat
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot
from tests.ui.views.review.items import ANSWER, QUESTION, make_answer, make_item, make_step, say

from tailrace.model import Role, Score, ScoreKind
from tailrace.model.review import Anchor, Evidence
from tailrace.ui.views.background import Background
from tailrace.ui.views.messages.text_block import TextBlock
from tailrace.ui.views.review.item_view import READING_WIDTH, ItemView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Show = Callable[..., ItemView]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    windows: list[QMainWindow] = []

    def make(width: int = 800) -> ItemView:
        window = QMainWindow()
        qtbot.addWidget(window)
        windows.append(window)
        view = ItemView(Background(window), window)
        window.setCentralWidget(view)
        window.resize(width, 700)
        with qtbot.waitActive(window):
            window.show()
        return view

    yield make
    for window in windows:
        window.close()


def block(view: ItemView, place: str, span_id: str = "answer") -> TextBlock:
    """The text of a place of the conversation."""
    blocks = [block for card in view.column.card_views() for block in card.blocks]
    return next(b for b in blocks if (b.block.span_id, b.block.place) == (span_id, place))


def select(view: ItemView, words: str, place: str = "outputs/0/0") -> Anchor:
    """Select words with the keyboard, as a person does."""
    body = block(view, place).body
    cursor = body.document().find(words)
    assert not cursor.isNull()
    body.setFocus()
    end = QTextCursor(body.document())
    end.setPosition(cursor.selectionEnd())
    cursor.setPosition(cursor.selectionStart())
    cursor.setPosition(end.position(), QTextCursor.MoveMode.KeepAnchor)
    body.setTextCursor(cursor)
    anchor = view.selected_anchor()
    assert anchor is not None
    return anchor


def marked(view: ItemView, place: str = "outputs/0/0") -> list[str]:
    """The words that stand out in a text as evidence."""
    shown = block(view, place).body.extraSelections()
    return [s.cursor.selectedText() for s in shown if s.format.hasProperty(QTextFormat.Property.TextUnderlineStyle)]


def test_plain_keys_reach_the_page_while_a_text_has_the_focus(show: Show, qtbot: QtBot) -> None:
    view = show()
    view.show_item(make_item(), "ada")
    window = view.window()
    heard: list[str] = []
    keys = ["P", "F", "D", "N", "1", "9", "Space", "Backspace", "W", "A", "H", "Ctrl+Z", "Ctrl+Shift+Z", "Alt+Left"]
    actions = []
    for key in keys:
        action = QAction(key, window)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda checked=False, key=key: heard.append(key))
        window.addAction(action)
        actions.append(action)
    body = block(view, "outputs/0/0").body
    qtbot.mouseClick(body.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert body.hasFocus()
    for key in keys:
        pressed = QKeySequence(key)[0]
        qtbot.keyClick(body, pressed.key(), pressed.keyboardModifiers())
    assert heard == keys
    for action in actions:
        action.deleteLater()


def test_text_is_selected_with_the_keyboard_alone(show: Show, qtbot: QtBot) -> None:
    view = show()
    view.show_item(make_item(), "ada")
    body = block(view, "inputs/1/0").body
    body.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(8):
        qtbot.keyClick(body, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    anchor = view.selected_anchor()
    assert anchor == Anchor("answer", "inputs/1/0", "I bought", "", QUESTION[8:48], 0)
    view.clear_selection()
    assert view.selected_anchor() is None


def test_what_the_keyboard_selects_stays_in_sight(show: Show, qtbot: QtBot) -> None:
    view = show()
    long = "\n\n".join(["word " * 40] * 40)
    view.show_item(make_item(answer=make_answer(say(Role.USER, "q"), output=long), steps=(), step_count=0), "ada")
    body = block(view, "outputs/0/0").body
    body.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(60):
        qtbot.keyClick(body, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    caret = body.viewport().mapTo(view.column.viewport(), body.cursorRect().topLeft()).y()
    assert view.column.verticalScrollBar().value() > 0
    assert 0 <= caret < view.column.viewport().height()
    former = view.column.verticalScrollBar().value()
    qtbot.keyClick(body, Qt.Key.Key_PageDown)
    assert view.column.verticalScrollBar().value() > former


def test_selecting_elsewhere_forgets_the_first_selection(show: Show, qtbot: QtBot) -> None:
    view = show()
    view.show_item(make_item(), "ada")
    select(view, "kettle", "inputs/1/0")
    assert select(view, "eligible").quote == "eligible"
    assert not block(view, "inputs/1/0").body.textCursor().hasSelection()


def test_evidence_is_marked_in_markdown_and_in_plain_text(show: Show) -> None:
    view = show()
    view.show_item(make_item(), "ada")
    anchor = select(view, "refunds are available for 60 days, so")
    view.show_evidence([Evidence("e1", anchor, "ada")], "ada")
    assert marked(view) == ["refunds are available for 60 days, so"]
    view.set_markdown(False)
    assert marked(view) == ["refunds are available for 60 days**, so"]
    view.set_markdown(True)
    assert marked(view) == ["refunds are available for 60 days, so"]
    assert view.lost_evidence() == ()
    view.show_evidence([], "ada")
    assert marked(view) == []


def test_ones_own_evidence_and_anothers_differ_by_more_than_colour(show: Show) -> None:
    view = show()
    view.show_item(make_item(), "ada")
    mine, others = select(view, "refunds are"), select(view, "eligible")
    view.show_evidence([Evidence("e1", mine, "ada"), Evidence("e2", others, "bob")], "ada")
    looks = [s.format.underlineStyle() for s in block(view, "outputs/0/0").body.extraSelections()]
    assert looks[0] != looks[1]


def test_evidence_over_several_paragraphs_and_signs_beyond_the_first_plane_is_found(show: Show) -> None:
    view = show()
    text = "🙂 One **two** 🙃 three\n\nfour 😀 five\n\n- six 🙂 seven"
    view.show_item(make_item(answer=make_answer(output=text)), "ada")
    body = block(view, "outputs/0/0").body
    cursor = QTextCursor(body.document())
    cursor.setPosition(3)
    cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    body.setTextCursor(cursor)
    anchor = view.selected_anchor()
    assert anchor is not None
    assert anchor.quote.startswith("One two 🙃 three")
    assert anchor.quote.endswith("six 🙂 seven")
    view.show_evidence([Evidence("e1", anchor, "ada")], "ada")
    (found,) = marked(view)
    assert found.startswith("One two 🙃")
    assert found.endswith("🙂 seven")
    view.set_markdown(False)
    (found,) = marked(view)
    assert found.startswith("One **two** 🙃")
    assert found.endswith("🙂 seven")


def test_evidence_whose_words_are_gone_is_reported(show: Show) -> None:
    view = show()
    view.show_item(make_item(), "ada")
    anchor = select(view, "eligible")
    gone = Evidence("e1", replace(anchor, quote="not eligible at all"), "ada")
    elsewhere = Evidence("e2", replace(anchor, place="outputs/9/0"), "ada")
    view.show_evidence([gone, elsewhere, Evidence("e3", anchor, "ada")], "ada")
    assert view.lost_evidence() == (gone, elsewhere)
    assert marked(view) == ["eligible"]


def test_evidence_opens_the_card_that_hides_it_once_and_then_is_counted_on_it(show: Show, qtbot: QtBot) -> None:
    view = show()
    view.show_item(make_item(), "ada")
    anchor = Anchor("failed", "output", "limit exceeded")
    view.show_evidence([Evidence("e1", anchor, "ada")], "ada")
    tools = next(card for card in view.column.card_views() if card.card.title.startswith("tools"))
    assert tools.card.open
    tools.toggle()
    view.show_evidence([Evidence("e1", anchor, "ada")], "ada")
    assert not tools.card.open
    assert tools.shown_facts == "1 highlight inside · 1 failed"
    assert view.reveal_evidence("e1")
    assert tools.card.open
    assert not view.reveal_evidence("e2")


def test_evidence_far_down_in_a_long_text_is_brought_into_sight(show: Show, qtbot: QtBot) -> None:
    view = show()
    long = "\n".join(f"line {i}" for i in range(900)) + "\nthe needle"
    view.show_item(make_item(answer=make_answer(output=long)), "ada")
    anchor = Anchor("answer", "outputs/0/0", "the needle", "line 899\n")
    view.show_evidence([Evidence("e1", anchor, "ada")], "ada")
    assert view.reveal_evidence("e1")
    assert marked(view) == ["the needle"]
    assert view.column.verticalScrollBar().value() > 5_000


def test_the_same_item_shown_again_stays_where_it_was_scrolled_to(show: Show) -> None:
    view = show()
    item = make_item(answer=make_answer(output="\n\n".join(["word " * 40] * 40)))
    view.show_item(item, "ada")
    view.column.verticalScrollBar().setValue(300)
    score = Score("x", "thumb", ScoreKind.THUMB, "t1", value=1.0)
    assert item.answer is not None
    judged = replace(item.answer, trace_scores=(score,))
    view.show_item(replace(item, row=replace(item.row, thumb=1), answer=judged, scores=(score,)), "ada")
    assert view.column.verticalScrollBar().value() == 300
    view.show_item(replace(item, row=replace(item.row, key=8)), "ada")
    assert view.column.verticalScrollBar().value() == 0


@pytest.mark.parametrize("width", [400, 520, 700, 1000, 1600])
def test_cards_keep_a_reading_width_in_the_middle(show: Show, qtbot: QtBot, width: int) -> None:
    view = show(1800)
    view.show_item(make_item(), "ada")
    view.window().resize(width, 700)
    qtbot.waitUntil(lambda: view.width() == width)
    cards = view.column.card_views()
    assert cards
    for card in cards:
        assert card.width() <= READING_WIDTH
        assert card.x() >= 0
        assert card.x() + card.width() <= view.width()
    assert abs(cards[0].x() - (view.width() - cards[0].x() - cards[0].width())) <= 12
    assert not view.column.horizontalScrollBar().isVisible()


def test_instructions_are_dismissed_for_their_queue_and_come_back_on_request(show: Show, qtbot: QtBot) -> None:
    view = show()
    view.show_item(make_item(), "ada")
    view.show_instructions("q1", "Pass when nothing was promised. <b>Really</b>")
    assert view.instructions.isVisible()
    assert not view.instructions.again.isVisible()
    qtbot.mouseClick(view.instructions.close_button, Qt.MouseButton.LeftButton)
    assert not view.instructions.isVisible()
    view.show_instructions("q2", "Other words.")
    assert view.instructions.isVisible()
    view.show_instructions("q1", "Pass when nothing was promised.")
    assert not view.instructions.isVisible()
    qtbot.mouseClick(view.instructions.again, Qt.MouseButton.LeftButton)
    assert view.instructions.isVisible()
    view.show_instructions("q3", "")
    assert not view.instructions.isVisible()
    assert not view.instructions.again.isVisible()


def test_words_in_place_of_an_item_and_back(show: Show) -> None:
    view = show()
    view.show_message("The queue is done.", "Choose another one.")
    assert view.words.isVisible()
    assert view.selected_anchor() is None
    view.show_item(make_item(), "ada")
    assert not view.words.isVisible()
    assert view.column.card_views()
    view.show_item(None, "ada")
    assert view.words.isVisible()


def test_words_are_found_also_in_what_is_folded(show: Show) -> None:
    view = show()
    steps = (make_step("lookup_order", output="a hidden zebra"),)
    view.show_item(make_item(steps=steps, step_count=1), "ada")
    assert view.find_words("zebra") == 1
    view.show_match(0)
    assert block(view, "output", "lookup_order").body.extraSelections()


def test_nothing_in_an_item_comes_to_life(show: Show) -> None:
    view = show()
    evil = '<img src="https://example.org/x.png"><b>bold</b> ![p](https://example.org/p.png)\n<script>x</script>'
    view.show_item(make_item(answer=make_answer(say(Role.USER, evil), output=evil)), "ada")
    for place in ("inputs/0/0", "outputs/0/0"):
        shown = block(view, place).shown
        assert "<b>bold</b>" in shown
        assert "(not fetched)" in shown
        assert "\ufffc" not in shown
    assert ANSWER not in shown
