"""The editor of statements: colours, completion, indenting, the place of a mistake."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor, QTextLayout
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tailrace.ui.theme import tokens
from tailrace.ui.views.filter_bar.offsets import to_qt
from tailrace.ui.views.sql.editor import SqlEditor


@pytest.fixture
def frame(qtbot: QtBot) -> QWidget:
    """A window with room below the editor."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(700, 500)
    return made


@pytest.fixture
def editor(qtbot: QtBot, frame: QWidget) -> SqlEditor:
    made = SqlEditor()
    QVBoxLayout(frame).addWidget(made)
    with qtbot.waitActive(frame):
        frame.show()
    made.setFocus()
    return made


def _go(editor: SqlEditor, index: int) -> None:
    cursor = editor.textCursor()
    cursor.setPosition(index)
    editor.setTextCursor(cursor)


def _type(qtbot: QtBot, editor: SqlEditor, text: str) -> None:
    qtbot.keyClicks(editor, text)


def _colour(editor: SqlEditor, word: str) -> str:
    """The colour of the first letter of a word."""
    text = editor.toPlainText()
    at = to_qt(text, text.index(word))
    block = editor.document().findBlock(at)
    formats: list[QTextLayout.FormatRange] = block.layout().formats()
    place = at - block.position()
    for one in formats:
        if one.start <= place < one.start + one.length:  # type: ignore[attr-defined]
            return one.format.foreground().color().name()  # type: ignore[attr-defined,no-any-return]
    return ""


def test_words_have_the_colours_of_what_they_are(editor: SqlEditor) -> None:
    editor.write("SELECT count(*), 'é🚀 text', 12\nFROM spans -- note\n/* a\nb */ WHERE \"select\" > 1")
    theme = tokens(editor)
    assert _colour(editor, "SELECT") == theme.accent
    assert _colour(editor, "'é") == theme.ok
    assert _colour(editor, "12") == theme.warn
    assert _colour(editor, "-- note") == theme.faint
    assert _colour(editor, "b */") == theme.faint
    assert _colour(editor, "WHERE") == theme.accent
    assert _colour(editor, '"select"') == theme.text


def test_a_quote_that_is_opened_colours_the_lines_below(qtbot: QtBot, editor: SqlEditor) -> None:
    editor.write("SELECT 1\nFROM spans\nWHERE x")
    theme = tokens(editor)
    assert _colour(editor, "WHERE") == theme.accent
    _go(editor, 7)
    _type(qtbot, editor, "'")
    assert _colour(editor, "WHERE") == theme.ok
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert _colour(editor, "WHERE") == theme.accent


def test_typing_proposes_and_tab_takes(qtbot: QtBot, editor: SqlEditor) -> None:
    editor.write("SELECT  FROM spans")
    _go(editor, 7)
    _type(qtbot, editor, "durat")
    assert [row.label for row in editor.proposals] == ["duration_ms"]
    assert "from its start to its end" in editor.proposals[0].detail
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text == "SELECT duration_ms FROM spans"
    assert editor.proposals == ()
    assert editor.cursor_index == len("SELECT duration_ms")


def test_enter_breaks_the_line_until_a_person_goes_into_the_list(qtbot: QtBot, editor: SqlEditor) -> None:
    editor.write("SELECT 1 ")
    _go(editor, 9)
    _type(qtbot, editor, "fro")
    assert editor.proposals
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.text == "SELECT 1 fro\n"
    _type(qtbot, editor, "sco")
    qtbot.keyClick(editor, Qt.Key.Key_Down)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.text == "SELECT 1 fro\nscores"


def test_escape_closes_the_list_first_and_then_asks_to_stop(qtbot: QtBot, editor: SqlEditor) -> None:
    stops: list[bool] = []
    editor.stop_wanted.connect(lambda: stops.append(True))
    _type(qtbot, editor, "SELECT mod")
    assert editor.proposals
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert (editor.proposals, stops) == ((), [])
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert stops == [True]


def test_what_is_pasted_or_written_is_not_completed(editor: SqlEditor) -> None:
    data = QMimeData()
    data.setText("SELECT mod")
    editor.insertFromMimeData(data)
    assert editor.text == "SELECT mod"
    assert editor.proposals == ()
    editor.propose()
    assert editor.proposals[0].label == "model"
    editor.write("SELECT dur")
    assert editor.proposals == ()


def test_going_elsewhere_closes_the_list(qtbot: QtBot, editor: SqlEditor) -> None:
    _type(qtbot, editor, "SELECT mod")
    assert editor.proposals
    qtbot.keyClick(editor, Qt.Key.Key_Home)
    assert editor.proposals == ()


def test_attributes_are_proposed_in_the_way_they_are_written(qtbot: QtBot, editor: SqlEditor) -> None:
    editor.offer_attributes(("customer.tier", "http.status-code"))
    _type(qtbot, editor, "SELECT attr.status")
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text == 'SELECT "attr.http.status-code"'


def test_what_is_taken_within_quotes_closes_them_once(qtbot: QtBot, editor: SqlEditor) -> None:
    editor.offer_attributes(("http.status-code",))
    editor.write('SELECT "" FROM spans')
    _go(editor, 8)
    _type(qtbot, editor, "attr.sta")
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text == 'SELECT "attr.http.status-code" FROM spans'


def test_tab_indents_and_enter_keeps_the_indent(qtbot: QtBot, editor: SqlEditor) -> None:
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    _type(qtbot, editor, "1,")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    _type(qtbot, editor, "2")
    assert editor.text == "    1,\n    2"
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text == "        1,\n        2"
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Backtab)
    assert editor.text == "    1,\n    2"
    editor.undo()
    assert editor.text == "        1,\n        2"


def test_a_mistake_is_underlined_where_it_is_until_the_text_changes(qtbot: QtBot, editor: SqlEditor) -> None:
    editor.write("SELECT '🚀',\n  modle FROM spans")
    editor.show_mistake(editor.text.index("modle"))
    (marked,) = editor.extraSelections()
    cursor: QTextCursor = marked.cursor  # type: ignore[attr-defined]
    assert cursor.selectedText() == "modle"
    assert editor.mistake_line() == 1
    assert editor.cursor_index == editor.text.index("modle")
    _type(qtbot, editor, "x")
    assert editor.extraSelections() == []
    assert editor.mistake == -1


@pytest.mark.parametrize("text", ["", "SELECT", "SELECT 'x\ny"])
def test_a_mistake_at_the_very_end_is_shown_too(editor: SqlEditor, text: str) -> None:
    editor.write(text)
    editor.show_mistake(len(text))
    assert editor.mistake == len(text)
    assert len(editor.extraSelections()) == 1


def test_writing_is_one_step_of_undo(editor: SqlEditor) -> None:
    editor.write("SELECT 1")
    editor.write("SELECT 2\nFROM spans")
    editor.undo()
    assert editor.text == "SELECT 1"


def test_a_name_is_put_apart_from_the_word_before_it(editor: SqlEditor) -> None:
    editor.write("SELECT")
    _go(editor, 6)
    editor.insert("model")
    editor.insert(",")
    assert editor.text == "SELECT model ,"
    editor.write("SELECT upper(")
    _go(editor, 13)
    editor.insert("model")
    assert editor.text == "SELECT upper(model"


def test_hostile_text_stays_text(editor: SqlEditor) -> None:
    hostile = "SELECT '<b>x</b>\u2028\x01é🚀' /*" + "x" * 50_000
    editor.write(hostile)
    assert editor.text.replace("\n", "\u2028") == hostile
