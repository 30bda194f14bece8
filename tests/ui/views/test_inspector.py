"""The inspector as a whole: tabs, figures, judging, notes, menus."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.ui.inspected import START, make_detail, make_span

from tailrace.model import (
    Conversation,
    Cost,
    CostSource,
    Document,
    Event,
    Message,
    Role,
    Score,
    ScoreKind,
    ScoreSource,
    SpanKind,
    TextPart,
    Usage,
)
from tailrace.ui.views.attribute_groups import attribute_groups
from tailrace.ui.views.documents import document_cards
from tailrace.ui.views.events import event_cards
from tailrace.ui.views.facts import caption_words, facts_of, usage_words
from tailrace.ui.views.inspector import InspectorView
from tailrace.ui.views.messages.cards import BlockKind
from tailrace.ui.views.scores import ScoreRow
from tailrace.ui.views.value_menu import build_value_menu

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

TALK = Conversation((Message(Role.USER, (TextPart("hello"),)),))
THUMB = Score("x1", "thumb", ScoreKind.THUMB, "t1", "s1", value=0.0, author="me", source=ScoreSource.PERSON)


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_nothing_selected_says_what_to_do(inspector: InspectorView) -> None:
    assert inspector.message.isVisible()
    assert inspector.message.title.text() == "No span selected"
    assert not inspector.tabs.isVisible()


def test_loading_shows_the_name_and_offers_no_judging(inspector: InspectorView) -> None:
    inspector.show_span(make_detail(conversation=TALK), None)
    inspector.show_loading("chat gpt-4o")
    assert inspector.header.name.text == "chat gpt-4o"
    assert not inspector.header.up.isVisible()
    assert not inspector.stack.isVisible()


def test_the_chosen_tab_stays_and_falls_back_where_it_is_empty(inspector: InspectorView, qtbot: QtBot) -> None:
    documents = (Document(0, "text", 0.5),)
    inspector.show_span(make_detail(conversation=TALK, documents=documents), None)
    assert inspector.tab == "Messages"
    inspector.tabs.setFocus()
    qtbot.keyClick(inspector.tabs, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert inspector.tab == "Documents"
    inspector.show_span(make_detail(make_span(span_id="s2"), TALK), None)
    assert inspector.tab == "Messages"
    inspector.show_span(make_detail(make_span(span_id="s3"), TALK, documents), None)
    assert inspector.tab == "Documents"


def test_tabs_turn_by_keys_and_mouse_and_skip_what_is_hidden(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=TALK), None)
    inspector.tabs.setFocus()
    qtbot.keyClick(inspector.tabs, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert inspector.tab == "Attributes"
    qtbot.keyClick(inspector.tabs, Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
    assert inspector.tab == "Raw"
    qtbot.mouseClick(inspector.tabs, Qt.MouseButton.LeftButton, pos=inspector.tabs.tabRect(3).center())
    assert inspector.tab == "Events"
    assert inspector.message.title.text() == "No events"
    qtbot.keyClick(inspector.tabs, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert inspector.tab == "Events"


def test_the_figures_say_where_they_come_from() -> None:
    span = make_span(
        ttft_ns=612_000_000,
        usage=Usage(3204, 418, None, cache_read=2048, reasoning=64),
        cost=Cost(0.0159, CostSource.PRICE_TABLE, detail="LiteLLM 1.109.1: gpt-4o"),
    )
    assert [fact.value for fact in facts_of(make_detail(span))] == ["2.31 s", "612 ms", "3,204 / 418", "~$0.016"]
    assert usage_words(span.usage).splitlines() == [
        "input: 3,204",
        "  of these cached: 2,048",
        "output: 418",
        "  of these reasoning: 64",
        "total: 3,622",
    ]
    assert caption_words(make_detail(span)) == "cost estimated, LiteLLM 1.109.1: gpt-4o"
    assert caption_words(make_detail(replace(span, cost=Cost(1.0)))) == "cost from the file"
    unpriced = make_detail(replace(span, cost=None, model="my-model"), usage_counts=False)
    assert caption_words(unpriced) == "no price known for my-model · counted in its children"


def test_unknown_figures_are_dashes() -> None:
    assert [fact.value for fact in facts_of(make_detail(make_span(end_ns=None)))] == ["–", "–", "–", "–"]
    assert caption_words(make_detail()) == ""


def test_a_thumb_shows_as_given_only_once_it_is_saved(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=TALK), None)
    with qtbot.waitSignal(inspector.thumb_requested) as asked:
        click(qtbot, inspector.header.down)
    assert asked.args == [0]
    assert not inspector.header.down.isChecked()
    assert inspector.header.down.toolTip() == "Saving …"
    inspector.update_scores((THUMB,), ())
    assert inspector.header.down.isChecked()
    with qtbot.waitSignal(inspector.thumb_requested) as asked:
        click(qtbot, inspector.header.down)
    assert asked.args == [None]
    inspector.stop_saving()  # it failed: what was saved before still shows
    assert inspector.header.down.isChecked()
    inspector.update_scores((), ())
    assert not inspector.header.down.isChecked()


def test_another_persons_thumb_is_not_mine(inspector: InspectorView) -> None:
    inspector.set_reviewer("someone else")
    inspector.show_span(make_detail(conversation=TALK, scores=(THUMB,)), None)
    assert not inspector.header.down.isChecked()
    inspector.set_reviewer("me")
    assert inspector.header.down.isChecked()


def test_the_root_judges_the_trace_and_the_switch_says_so(inspector: InspectorView, qtbot: QtBot) -> None:
    told: list[object] = []
    inspector.target_changed.connect(told.append)
    inspector.show_span(make_detail(make_span(parent_id=None), TALK, trace_scores=(THUMB,)), None)
    assert told == ["trace"]
    assert inspector.header.down.isChecked()
    assert inspector.header.up.toolTip() == "Thumb up for the whole trace"
    click(qtbot, inspector.header.target.button("span"))
    assert told == ["trace", "span"]
    assert not inspector.header.down.isChecked()
    assert inspector.target == "span"


def test_enter_saves_a_note_and_shift_enter_breaks_the_line(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=TALK), None)
    click(qtbot, inspector.header.note)
    field = inspector.note.field
    assert field.hasFocus()
    qtbot.keyClicks(field, "wrong")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(field, "policy")
    with qtbot.waitSignal(inspector.note_requested) as asked:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    (written,) = asked.args
    assert (written.target, written.text) == (("t1", "s1"), "wrong\npolicy")
    assert inspector.note.isVisible()
    assert field.isReadOnly()
    note = Score(written.score_id, "note", ScoreKind.TEXT, "t1", "s1", comment="wrong\npolicy")
    inspector.update_scores((note,), ())
    assert not inspector.note.isVisible()
    inspector.focus_note()
    assert inspector.note.text == ""


def test_a_note_that_could_not_be_saved_is_still_there(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=TALK), None)
    inspector.focus_note()
    qtbot.keyClicks(inspector.note.field, "precious")
    qtbot.keyClick(inspector.note.field, Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier)
    inspector.stop_saving()
    assert inspector.note.text == "precious"
    assert not inspector.note.field.isReadOnly()


def test_an_unsaved_note_survives_a_change_of_selection(inspector: InspectorView, qtbot: QtBot) -> None:
    first, second = make_detail(conversation=TALK), make_detail(make_span(span_id="s2"), TALK)
    inspector.show_span(first, None)
    inspector.focus_note()
    qtbot.keyClicks(inspector.note.field, "half a thought")
    inspector.show_span(second, None)
    assert not inspector.note.isVisible()
    inspector.show_loading("s1")
    inspector.show_span(first, None)
    assert inspector.note.isVisible()
    assert inspector.note.text == "half a thought"
    qtbot.keyClick(inspector.note.field, Qt.Key.Key_Escape)
    assert not inspector.note.isVisible()
    inspector.show_span(second, None)
    inspector.show_span(first, None)
    assert not inspector.note.isVisible()


def test_switching_the_target_while_writing_takes_the_text_along(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=TALK), None)
    inspector.focus_note()
    qtbot.keyClicks(inspector.note.field, "about it all")
    click(qtbot, inspector.header.target.button("trace"))
    assert inspector.note.text == "about it all"
    inspector.show_span(make_detail(make_span(span_id="s2"), TALK), None)
    inspector.show_span(make_detail(conversation=TALK), None)
    assert not inspector.note.isVisible()


def test_switching_the_target_before_writing_keeps_the_editor_open(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=TALK), None)
    inspector.focus_note()
    click(qtbot, inspector.header.target.button("trace"))
    assert inspector.note.isVisible()
    assert inspector.note.field.placeholderText() == "Note on the whole trace"


def test_asking_for_the_note_again_keeps_what_was_typed_since(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=TALK), None)
    inspector.focus_note()
    qtbot.keyClicks(inspector.note.field, "half")
    inspector.show_loading("s1")
    inspector.show_span(make_detail(conversation=TALK), None)
    qtbot.keyClicks(inspector.note.field, " a thought")
    inspector.tabs.setFocus()
    inspector.focus_note()
    assert inspector.note.text == "half a thought"


def test_the_find_bar_looks_through_the_tab_in_sight_and_goes_with_it(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(make_span(attributes={"a": "words, words"}), TALK), None)
    inspector.open_tab("Raw")
    inspector.open_find()
    qtbot.keyClicks(inspector.find_bar.field, "words")
    assert inspector.find_bar.count_text == "1 of 2"
    inspector.open_tab("Attributes")
    assert inspector.find_bar.isHidden()


def test_a_saved_thumb_leaves_the_note_being_written_alone(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=TALK), None)
    inspector.focus_note()
    qtbot.keyClicks(inspector.note.field, "still writing")
    inspector.update_scores((THUMB,), ())
    qtbot.keyClicks(inspector.note.field, "!")
    assert inspector.note.isVisible()
    assert inspector.note.text == "still writing!"


def test_own_scores_can_be_removed_and_others_not(inspector: InspectorView, qtbot: QtBot) -> None:
    other = Score("x2", "helpful", ScoreKind.NUMBER, "t1", "s1", value=0.5, source=ScoreSource.MODEL)
    inspector.set_reviewer("me")
    inspector.show_span(make_detail(conversation=TALK, scores=(THUMB, other)), None)
    inspector.open_tab("Scores")
    rows = [row for _, row in sorted(inspector.scores.made.items()) if isinstance(row, ScoreRow)]
    assert [row.remove is not None for row in rows] == [True, False]
    with qtbot.waitSignal(inspector.score_removed) as asked:
        click(qtbot, rows[0].remove)
    assert asked.args == ["x1"]


def test_a_menu_filters_for_filters_out_groups_and_copies(qapp: QApplication, qtbot: QtBot) -> None:
    asked: list[object] = []
    copied: list[object] = []
    menu: QMenu = build_value_menu(None, (("model", "gpt & co"),), (("Copy", "gpt & co"),), asked.append, copied.append)  # type: ignore[arg-type]
    qtbot.addWidget(menu)
    for action in menu.actions():
        action.trigger()
    assert asked == [("model", "gpt & co", False), ("model", "gpt & co", True), ("model", None, False)]
    assert copied == ["gpt & co"]
    assert QApplication.clipboard().text() == "gpt & co"


def test_attributes_are_grouped_typed_and_filtered_by_field() -> None:
    span = make_span(
        input="long text",
        input_key="input.value",
        session_id="s-1",
        attributes={"gen_ai.request.model": "gpt", "gen_ai.usage.input_tokens": 3, "plain": True, "llm.x": [1, 2]},
        resource={"service.name": "shop"},
        scope_name="scope",
        tags=("a", "b"),
    )
    groups = {group.title: group.rows for group in attribute_groups(make_detail(span))}
    assert list(groups) == ["span", "gen_ai", "input", "llm", "other", "resource", "scope"]
    fields = {row.key: row.field for rows in groups.values() for row in rows}
    assert fields["session"] == "session"
    assert fields["input.value"] == "attr.input.value"
    assert fields["service.name"] == "attr.service.name"
    assert [row.value for row in groups["span"] if row.key == "tag"] == ["a", "b"]


def test_attributes_are_searched_and_copied_as_json(inspector: InspectorView, qtbot: QtBot) -> None:
    span = make_span(attributes={f"llm.message.{number}.content": f"text {number}" for number in range(30)})
    inspector.show_span(make_detail(span, TALK), None)
    inspector.open_tab("Attributes")
    view = inspector.attributes
    view.tree.setFocus()
    qtbot.keyClick(view.tree, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.search.hasFocus()
    qtbot.keyClicks(view.search, "message TEXT 2")
    assert view.count.text() == "12 of 39"
    group = view.model.index(0, 0)
    first = view.model.index(0, 0, group)
    view.tree.setCurrentIndex(first)
    qtbot.keyClick(view.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "text 2"


def test_a_long_value_opens_in_the_viewer(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(make_span(attributes={"a.long": "word " * 50_000}), TALK), None)
    inspector.open_tab("Attributes")
    tree = inspector.attributes.tree
    index = inspector.attributes.model.index(0, 0, inspector.attributes.model.index(1, 0))
    tree.setCurrentIndex(index)
    with qtbot.waitSignal(inspector.attributes.viewer_requested) as asked:
        qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert asked.args == ["a.long", "word " * 50_000]
    (window,) = [child for child in QApplication.topLevelWidgets() if child.windowTitle().startswith("a.long")]
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window not in QApplication.topLevelWidgets())


def test_an_exception_is_readable() -> None:
    attributes = {
        "exception.type": "ReadTimeout",
        "exception.message": "too slow",
        "exception.stacktrace": "Traceback\n  File x",
        "exception.escaped": False,
    }
    cards = event_cards((Event("retry", START - 5_000_000), Event("exception", START + 671_000_000, attributes)), START)
    assert [(card.title, card.facts, card.error) for card in cards] == [
        ("retry", "-5.00 ms", False),
        ("exception · ReadTimeout", "+671 ms", True),
    ]
    assert [(block.kind, block.text) for block in cards[1].blocks] == [
        (BlockKind.TEXT, "too slow"),
        (BlockKind.LABEL, "stack trace · 2 lines"),
        (BlockKind.MONO, "Traceback\n  File x"),
        (BlockKind.LABEL, "attributes"),
        (BlockKind.JSON, '{"exception.escaped":false}'),
    ]


def test_documents_carry_rank_score_and_their_judgements() -> None:
    judged = Score("d", "relevance", ScoreKind.CATEGORY, "t1", "s1", document_position=1, label="bad", author="ann")
    documents = (Document(0, "one", 12.0, "a.md"), Document(1, "two", 3.0), Document(2, "three"))
    cards = document_cards(documents, (judged,), SpanKind.RETRIEVER)
    assert [(card.title, card.facts, card.share) for card in cards] == [
        ("1 · a.md", "score 12", 1.0),
        ("2", "score 3", 0.25),
        ("3", "no score", None),
    ]
    assert cards[1].blocks[-1].text == "relevance: bad · ann"


def test_raw_shows_the_whole_span_as_text_and_tree(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(make_span(attributes={"a": {"b": [1, 2]}}), TALK), None)
    inspector.open_tab("Raw")
    assert '"trace_id": "t1"' in inspector.raw.text.text()
    click(qtbot, inspector.raw.switch.button("tree"))
    model = inspector.raw.model
    keys = [model.value(model.index(row, 0))[0] for row in range(model.rowCount())]
    assert keys[:3] == ["trace_id", "span_id", "parent_id"]


def test_figures_fit_narrow_and_wide(inspector: InspectorView) -> None:
    span = make_span(usage=Usage(812_000, 220), model="a-model-with-a-rather-long-name-2026-11-20")
    inspector.show_span(make_detail(span, TALK, usage_counts=False), None)
    high = inspector.facts.height()
    inspector.resize(260, 600)
    QApplication.processEvents()
    assert inspector.facts.height() > high
    assert inspector.facts.hint_at(20, 8) == "2,310,000,000 ns"
    assert inspector.tabs.tabRect(5).right() <= inspector.tabs.width()


def test_all_tabs_fit_the_narrowest_inspector(inspector: InspectorView) -> None:
    inspector.show_span(make_detail(make_span(), TALK, documents=(Document(0, "one", 1.0),)), None)
    inspector.resize(310, 600)
    QApplication.processEvents()
    assert inspector.tabs.isTabVisible(1)
    assert inspector.tabs.tabRect(5).right() <= inspector.tabs.width()


def test_everything_that_takes_keys_has_a_name(inspector: InspectorView) -> None:
    inspector.show_span(make_detail(conversation=TALK, scores=(THUMB,)), None)
    for button in (inspector.header.up, inspector.header.down, inspector.header.note):
        assert button.accessibleName()
    for widget in (inspector.tabs, inspector.stack.currentWidget(), inspector.note.field, inspector.attributes.tree):
        assert widget is not None
    assert inspector.facts.accessibleName().startswith("Duration 2.31 s")
    assert inspector.messages.column.accessibleName() == "Messages"


def test_a_note_counts_as_saved_only_when_it_is_among_the_scores(inspector: InspectorView, qtbot: QtBot) -> None:
    inspector.show_span(make_detail(conversation=TALK), None)
    inspector.focus_note()
    qtbot.keyClicks(inspector.note.field, "mind me")
    with qtbot.waitSignal(inspector.note_requested) as asked:
        qtbot.keyClick(inspector.note.field, Qt.Key.Key_Return)
    inspector.update_scores((THUMB,), ())
    assert inspector.note.text == "mind me"
    inspector.show_span(make_detail(make_span(span_id="s2"), TALK), None)
    inspector.show_span(make_detail(conversation=TALK), None)
    assert inspector.note.text == "mind me"
    same_words = Score("n", "note", ScoreKind.TEXT, "t1", "s1", comment="mind me")
    inspector.update_scores((same_words,), ())
    assert inspector.note.text == "mind me"
    note = Score(asked.args[0].score_id, "note", ScoreKind.TEXT, "t1", "s1", comment="mind me")
    inspector.show_span(make_detail(conversation=TALK, scores=(note,)), None)
    assert not inspector.note.isVisible()


def test_the_same_span_again_stays_where_it_is_scrolled_to(inspector: InspectorView) -> None:
    talk = Conversation(tuple(Message(Role.USER, (TextPart(f"message {number}"),)) for number in range(200)))
    inspector.show_span(make_detail(conversation=talk), None)
    bar = inspector.messages.column.verticalScrollBar()
    bar.setValue(3_000)
    inspector.show_span(make_detail(conversation=talk, scores=(THUMB,)), None)
    assert bar.value() == 3_000
    assert len(inspector.messages.column.items) == 201
