"""The filter bar under a person's fingers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, Qt
from PySide6.QtGui import QFont, QInputMethodEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tailrace.model import ValueCount
from tailrace.query import Context, Parsed, State, parse
from tailrace.ui.theme import DARK, LIGHT, apply_theme, load_fonts
from tailrace.ui.views.filter_bar import FilterBar, SavedFilter
from tailrace.ui.views.filter_bar.bar import DEBOUNCE_MS
from tailrace.ui.views.filter_bar.colouring import chips
from tailrace.ui.views.filter_bar.dropdown import Dropdown
from tailrace.ui.views.filter_bar.offsets import from_qt, to_qt

MODELS = (ValueCount("claude-sonnet-4-5", 61), ValueCount("gpt-4o", 12), ValueCount("my model", 3))
Key = Qt.Key

# Qt's platform without a screen says so of every window that has a layout
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Desk:
    """A window with a filter bar, and everything the bar said."""

    def __init__(self, qtbot: QtBot) -> None:
        load_fonts()
        self.qtbot = qtbot
        self.window = QWidget()
        self.window.resize(900, 500)
        self.bar = FilterBar()
        self.other = QLineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.bar)
        column.addWidget(self.other)
        column.addStretch(1)
        qtbot.addWidget(self.window)
        self.submitted: list[str] = []
        self.edited: list[Parsed] = []
        self.wanted: list[Context] = []
        self.saved: list[str] = []
        self.forgotten: list[str] = []
        self.left = 0
        self.bar.submitted.connect(self.submitted.append)
        self.bar.edited.connect(self.edited.append)
        self.bar.values_wanted.connect(self.wanted.append)
        self.bar.save_requested.connect(self.saved.append)
        self.bar.forget_requested.connect(self.forgotten.append)
        self.bar.left.connect(self._count_left)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.bar.setFocus()
        qtbot.waitUntil(self.bar.editor.hasFocus)

    def _count_left(self) -> None:
        self.left += 1

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.bar.editor, text)

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            self.qtbot.keyClick(self.bar.editor, key, modifier)

    def click(self, name: str) -> None:
        button = self.bar.findChild(QToolButton, name)
        assert button is not None
        assert button.isVisible()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    @property
    def panel(self) -> Dropdown | None:
        found = self.window.findChild(Dropdown)
        return found if found is not None and found.isVisible() else None

    @property
    def proposals(self) -> list[str]:
        return [row.label for row in self.panel.rows] if self.panel is not None else []

    @property
    def reason(self) -> str:
        return self.panel.reason if self.panel is not None else ""

    @property
    def chosen(self) -> str | None:
        row = self.panel.current() if self.panel is not None else None
        return row.label if row is not None else None

    def pause(self) -> None:
        self.qtbot.wait(DEBOUNCE_MS + 100)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.window.close()


# ---- typing ----


def test_a_filter_is_submitted_once_a_moment_after_the_last_key(desk: Desk) -> None:
    desk.type("status:error")
    assert desk.submitted == []
    desk.pause()
    assert desk.submitted == ["status:error"]
    assert [parsed.text for parsed in desk.edited][-1] == "status:error"
    assert len(desk.edited) == len("status:error")


def test_enter_submits_at_once_and_only_once(desk: Desk) -> None:
    desk.type("refund")
    desk.press(Key.Key_Return)
    assert desk.submitted == ["refund"]
    desk.pause()
    assert desk.submitted == ["refund"]


def test_what_is_wrong_or_unfinished_is_never_submitted(desk: Desk) -> None:
    for text in ("foo:bar", "status:", '"open'):
        desk.bar.set_text("")
        desk.type(text)
        desk.pause()
        desk.press(Key.Key_Return)
    assert [text for text in desk.submitted if not parse(text).usable] == []


def test_an_emptied_filter_is_submitted(desk: Desk) -> None:
    desk.bar.set_text("a")
    desk.press(Key.Key_Backspace)
    desk.pause()
    assert desk.submitted == [""]


def test_text_from_elsewhere_is_shown_without_a_word_and_can_be_undone(desk: Desk) -> None:
    desk.type("refund ")
    desk.press(Key.Key_Return)
    desk.submitted.clear()
    desk.edited.clear()
    desk.bar.set_text("model:x\n-kind:tool")
    assert desk.bar.text() == "model:x -kind:tool"
    desk.pause()
    assert (desk.submitted, desk.edited) == ([], [])
    desk.press(Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.bar.text() == "refund "


def test_a_paste_stays_on_one_line(desk: Desk) -> None:
    data = QMimeData()
    data.setText("status:error\r\nmodel:x\u2029b\n")
    desk.bar.editor.insertFromMimeData(data)
    assert desk.bar.text() == "status:error model:x b"
    assert desk.bar.editor.document().blockCount() == 1


def test_input_methods_compose_and_commit(desk: Desk) -> None:
    composing = QInputMethodEvent("にほ", [])
    QCoreApplication.sendEvent(desk.bar.editor, composing)
    assert desk.bar.text() == ""
    done = QInputMethodEvent()
    done.setCommitString("日本")
    QCoreApplication.sendEvent(desk.bar.editor, done)
    assert desk.bar.text() == "日本"
    assert desk.edited[-1].state is State.VALID


def test_characters_beyond_the_basic_plane_do_not_shift_a_completion(desk: Desk) -> None:
    desk.bar.set_text("🙂x ")
    desk.type("stat")
    desk.press(Key.Key_Tab)
    assert desk.bar.text() == "🙂x status:"
    assert desk.bar.editor.cursor_index() == len("🙂x status:")


# ---- state ----


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "No filter"),
        ("status:error", "The filter is valid"),
        ("status:", "Not finished: a value is missing"),
        ("foo:bar", "Wrong: there is no field “foo”"),
    ],
)
def test_the_state_is_told_in_words(desk: Desk, text: str, told: str) -> None:
    desk.type(text)
    assert desk.bar._mark.accessibleName().startswith(told)
    assert desk.bar.editor.accessibleDescription().startswith(told)


def test_each_state_has_its_own_picture(desk: Desk) -> None:
    pictures = []
    for text in ("", "status:error", "status:", "foo:bar"):
        desk.bar.set_text(text)
        pictures.append(desk.bar._mark.pixmap().toImage())
    assert all(one != other for at, one in enumerate(pictures) for other in pictures[:at])


def test_a_wrong_filter_shows_its_reason_while_it_is_edited(desk: Desk) -> None:
    desk.type("foo:bar")
    assert desk.reason.startswith("There is no field “foo”.")
    desk.press(Key.Key_Escape)
    assert desk.panel is None
    assert desk.left == 0
    desk.type("x")
    assert desk.panel is not None
    desk.press(*[Key.Key_Backspace] * len("foo:barx"))
    desk.type("refund")
    assert desk.reason == ""


def test_an_unfinished_filter_says_why_when_enter_is_pressed(desk: Desk) -> None:
    desk.type('"open')
    assert desk.panel is None
    desk.press(Key.Key_Return)
    assert desk.reason == "The closing quote is missing."
    assert desk.submitted == []
    desk.type('"')
    assert desk.panel is None


def test_the_reason_lies_under_the_bar_inside_the_window(desk: Desk) -> None:
    desk.type("statsu:error duration:>2s")
    assert desk.panel is not None
    top = desk.panel.mapTo(desk.window, QPoint(0, 0))
    assert top.y() + 14 >= desk.bar.geometry().bottom()
    assert top.x() + desk.panel.width() <= desk.window.width() + 14
    assert "did you mean status?" in desk.reason


# ---- completion ----


def test_tab_takes_the_first_proposal_and_asks_for_values(desk: Desk) -> None:
    desk.type("mod")
    assert desk.proposals == ["model", "mode"]
    assert desk.chosen is None
    desk.press(Key.Key_Tab)
    assert desk.bar.text() == "model:"
    assert desk.wanted[-1].field == "model"
    desk.bar.offer(desk.wanted[-1], MODELS)
    assert desk.proposals == ["claude-sonnet-4-5", "gpt-4o", "my model"]
    desk.press(Key.Key_Down, Key.Key_Down, Key.Key_Down)
    assert desk.chosen == "my model"
    desk.press(Key.Key_Return)
    assert desk.bar.text() == 'model:"my model" '
    assert desk.panel is None
    assert desk.bar.editor.hasFocus()
    desk.pause()
    assert desk.submitted == ['model:"my model" ']


def test_enter_is_not_taken_while_nothing_is_chosen(desk: Desk) -> None:
    desk.type("err")
    assert "errors" in desk.proposals
    desk.press(Key.Key_Return)
    assert desk.submitted == ["err"]
    assert desk.bar.text() == "err"
    assert desk.panel is None


def test_up_and_down_go_around_the_ends(desk: Desk) -> None:
    desk.type("status:")
    assert desk.proposals == ["ok", "error", "unset"]
    desk.press(Key.Key_Up)
    assert desk.chosen == "unset"
    desk.press(Key.Key_Down)
    assert desk.chosen == "ok"


def test_what_is_offered_too_late_is_dropped(desk: Desk) -> None:
    desk.type("model:")
    late = desk.wanted[-1]
    desk.press(Key.Key_Escape)
    desk.bar.offer(late, MODELS)
    assert desk.panel is None
    desk.type("g")
    desk.bar.offer(late, MODELS)
    assert desk.proposals == []


def test_known_values_stay_while_more_are_fetched(desk: Desk) -> None:
    desk.type("model:")
    desk.bar.offer(desk.wanted[-1], MODELS)
    desk.type("G")
    assert desk.proposals == ["gpt-4o"]
    assert desk.wanted[-1].prefix == "G"


def test_one_undo_takes_a_completion_back(desk: Desk) -> None:
    desk.type("status:e")
    desk.press(Key.Key_Tab)
    assert desk.bar.text() == "status:error "
    desk.press(Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.bar.text() == "status:e"


def test_control_space_asks_for_proposals_anywhere(desk: Desk) -> None:
    desk.type("refund ")
    assert desk.panel is None
    desk.press(Key.Key_Space, modifier=Qt.KeyboardModifier.ControlModifier)
    assert {"status", "OR", "attr."} <= set(desk.proposals)


def test_a_click_takes_a_proposal_and_leaves_the_focus(desk: Desk) -> None:
    desk.type("status:")
    assert desk.panel is not None
    view = desk.panel._list
    place = view.visualRect(view.model().index(1, 0)).center()
    desk.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    desk.qtbot.waitUntil(lambda: desk.bar.text() == "status:error ")
    assert desk.bar.editor.hasFocus()
    assert desk.panel is None


def test_escape_closes_and_then_leaves(desk: Desk) -> None:
    desk.type("status:")
    desk.press(Key.Key_Escape)
    assert desk.panel is None
    assert desk.bar.editor.hasFocus()
    desk.press(Key.Key_Escape)
    assert desk.left == 1
    assert not desk.bar.editor.hasFocus()


def test_proposals_close_with_the_focus(desk: Desk) -> None:
    desk.type("status:")
    desk.other.setFocus()
    assert desk.panel is None


def test_tab_goes_on_when_nothing_is_open(desk: Desk) -> None:
    desk.type("refund ")
    desk.press(Key.Key_Tab)
    assert not desk.bar.editor.hasFocus()
    assert desk.bar.text() == "refund "


# ---- recent and saved ----


def test_down_in_an_empty_filter_offers_what_was_asked_before(desk: Desk) -> None:
    desk.bar.set_history(["status:error", "refund"], [SavedFilter("Slow", "latency:>5s")])
    desk.press(Key.Key_Down)
    assert desk.proposals[:6] == ["Saved", "Slow", "Recent", "status:error", "refund", "Fields"]
    desk.press(Key.Key_Down)
    assert desk.chosen == "Slow"  # headings are passed over
    desk.press(Key.Key_Down, Key.Key_Return)
    assert desk.bar.text() == "status:error"
    assert desk.submitted == ["status:error"]


def test_the_history_button_opens_and_closes(desk: Desk) -> None:
    desk.bar.set_history(["status:error"], [])
    desk.type("refund ")
    desk.click("history")
    assert desk.proposals == ["Recent", "status:error"]
    desk.click("history")
    assert desk.panel is None
    assert desk.bar.editor.hasFocus()


def test_the_star_keeps_and_forgets_a_filter(desk: Desk) -> None:
    desk.type("latency:>5s")
    desk.click("star")
    assert desk.saved == ["latency:>5s"]
    desk.bar.set_history([], [SavedFilter("Slow", "latency:>5s")])
    desk.click("star")
    assert desk.forgotten == ["latency:>5s"]
    desk.type(" foo:x")
    star = desk.bar.findChild(QToolButton, "star")
    assert star is not None
    assert not star.isVisible()


def test_the_clear_button_empties_and_submits(desk: Desk) -> None:
    desk.type("status:error")
    desk.press(Key.Key_Return)
    desk.click("x")
    assert desk.bar.text() == ""
    assert desk.submitted == ["status:error", ""]


# ---- looks ----


def test_terms_are_chips_and_words_are_not() -> None:
    def pieces(text: str) -> list[str]:
        return [text[start:end] for start, end in chips(text, parse(text).tokens)]

    assert pieces('status:error -model:(a OR "b c") refund NOT cost>$1,x (tag:a) attr."x y":1*') == [
        "status:error",
        '-model:(a OR "b c")',
        "cost>$1,x",
        "tag:a",
        'attr."x y":1*',
    ]
    assert pieces('foo:bar "a:b" -refund (a)') == []


def test_chips_and_fields_are_painted_in_both_themes(desk: Desk) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        for theme in (LIGHT, DARK):
            apply_theme(app, "dark" if theme.dark else "light")
            desk.bar.set_text("status:error refund")
            QCoreApplication.processEvents()
            assert desk.bar.palette().color(QPalette.ColorRole.Base).name() == theme.bg
            picture = desk.bar.editor.grab().toImage()
            seen = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
            assert theme.accent in seen
            assert (theme.raised if theme.dark else theme.panel) in seen
    finally:
        apply_theme(app, "dark")


def test_a_comparison_is_not_drawn_as_a_ligature(desk: Desk) -> None:
    desk.bar.set_text("latency:>=5s")
    first = desk.bar.editor.document().firstBlock().layout().formats()[0]
    assert first.format.font().featureValue(QFont.Tag("calt")) == 0


def test_everything_has_an_accessible_name(desk: Desk) -> None:
    desk.bar.set_text("status:error")
    assert desk.bar.editor.accessibleName() == "Filter"
    for button in desk.bar.findChildren(QToolButton):
        assert button.accessibleName()
        assert button.toolTip()


def test_keys_of_the_bar_are_not_left_to_shortcuts(desk: Desk) -> None:
    for key in (Key.Key_Escape, Key.Key_Return, Key.Key_Down):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QCoreApplication.sendEvent(desk.bar.editor, event)
        assert event.isAccepted()


@given(st.text(alphabet="a é日🙂", max_size=12))
def test_positions_of_qt_and_of_python_correspond(text: str) -> None:
    for index in range(len(text) + 1):
        position = to_qt(text, index)
        assert position == len(text[:index].encode("utf-16-le")) // 2
        assert from_qt(text, position) == index
