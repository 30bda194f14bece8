"""The settings dialog by itself: searched, changed, reset, fitting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from tailrace.ui.dialogs.setting_controls import _ChoiceControl, _FlagControl, _LineControl, _NumberControl
from tailrace.ui.dialogs.settings import SettingsDialog
from tailrace.workspace import Settings, ThemeChoice
from tailrace.workspace.own_files import OwnFiles
from tailrace.workspace.setting_catalogue import SETTINGS, Section

LOGIN = Settings().reviewer
START = Settings(reviewer="ada")


class Owner:
    """Answers the dialog as whoever keeps the settings does."""

    def __init__(self, dialog: SettingsDialog) -> None:
        self.settings = START
        self._dialog = dialog
        dialog.chosen.connect(self.take)
        dialog.reset_wanted.connect(self.reset)

    def take(self, choice: tuple[str, object]) -> None:
        name, value = choice
        self.show(**{name: ThemeChoice(value) if name == "theme" else value})

    def reset(self, names: tuple[str, ...]) -> None:
        default = Settings()
        self.show(**{name: getattr(default, name) for name in names})

    def show(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self._dialog.show_settings(self.settings)


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    made = SettingsDialog(START, START)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.resize(900, 500)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


@pytest.fixture
def owner(dialog: SettingsDialog) -> Owner:
    return Owner(dialog)


def shown(dialog: SettingsDialog) -> list[str]:
    return [name for name, row in dialog.rows.items() if row.isVisible()]


def headings(dialog: SettingsDialog) -> list[str]:
    titles = {section.value for section in Section}
    return [label.text() for label in dialog.findChildren(QLabel) if label.text() in titles and label.isVisible()]


def test_a_section_shows_its_settings_and_no_others(qtbot: QtBot, dialog: SettingsDialog) -> None:
    assert shown(dialog) == ["theme", "scale_percent", "clock"]
    dialog.sections.setFocus()
    for _ in range(2):
        qtbot.keyClick(dialog.sections, Qt.Key.Key_Down)
    assert shown(dialog) == ["reviewer", "review_stay"]
    assert headings(dialog) == ["Review"]
    qtbot.keyClick(dialog.sections, Qt.Key.Key_End)
    assert dialog.keys.isVisible()


def test_a_search_narrows_over_all_sections_and_counts(qtbot: QtBot, dialog: SettingsDialog) -> None:
    qtbot.keyClicks(dialog.search, "money")
    assert shown(dialog) == ["monthly_budget"]
    assert headings(dialog) == ["Monitor & costs"]
    assert dialog.count.text() == f"1 of {len(SETTINGS)} settings"
    dialog.show_settings(replace(START, live_seconds=5))
    assert dialog.count.text() == f"1 of {len(SETTINGS)} settings"
    assert [dialog.sections.item(i).text() for i in (2, 3)] == ["Review", "Monitor & costs  1"]
    dialog.search.setText("statement")
    assert shown(dialog) == ["sql_seconds", "sql_gigabytes"]
    dialog.search.setText("qqq")
    assert shown(dialog) == []
    assert dialog.nothing.title.text() == "No setting matches “qqq”"
    qtbot.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert shown(dialog) == ["theme", "scale_percent", "clock"]


def test_a_search_leads_to_keys_and_to_places_of_files(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.search.setText("undo")
    row = dialog._keys_row
    assert row.isVisible()
    assert row.help.text == "“undo” is in the name of 1 command: Undo."
    qtbot.mouseClick(row.show_button, Qt.MouseButton.LeftButton)
    assert dialog.keys.search.text() == "undo"
    assert dialog.keys.search.hasFocus()
    dialog.search.setText("disk space")
    assert dialog.files.cache.isVisible()
    assert not dialog.files.data.isVisible()


def test_enter_goes_to_the_first_hit_and_closes_nothing(qtbot: QtBot, dialog: SettingsDialog) -> None:
    qtbot.keyClicks(dialog.search, "live")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    control = dialog.rows["live_seconds"].control
    assert isinstance(control, _NumberControl)
    assert control.field.hasFocus()
    qtbot.keyClick(control.field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.keyClick(control.field, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert dialog.search.hasFocus()


def test_every_kind_is_changed_at_once_and_back(qtbot: QtBot, dialog: SettingsDialog, owner: Owner) -> None:
    theme, stay = dialog.rows["theme"], dialog.rows["review_stay"]
    assert isinstance(theme.control, _ChoiceControl)
    qtbot.mouseClick(theme.control.switch.button("light"), Qt.MouseButton.LeftButton)
    assert owner.settings.theme is ThemeChoice.LIGHT
    assert theme.back.isVisible()
    assert theme.back.accessibleName() == "Reset Theme to As the system"
    theme.back.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(theme.back, Qt.Key.Key_Space)
    assert owner.settings.theme is ThemeChoice.SYSTEM
    assert not theme.back.isVisible()
    assert QApplication.focusWidget() is theme.control.switch.button("system")  # not lost with the button
    dialog.show_setting("review_stay")
    assert isinstance(stay.control, _FlagControl)
    assert stay.control.toggle.hasFocus()
    qtbot.keyClick(stay.control.toggle, Qt.Key.Key_Space)
    assert owner.settings.review_stay
    dialog.show_setting("live_seconds")
    live = dialog.rows["live_seconds"].control
    assert isinstance(live, _NumberControl)
    qtbot.keyClick(live.field, Qt.Key.Key_Up)
    assert owner.settings.live_seconds == 35
    qtbot.mouseClick(live.less, Qt.MouseButton.LeftButton)
    assert owner.settings.live_seconds == 30


def test_text_is_taken_when_it_is_done_and_nothing_typed_is_the_default(
    qtbot: QtBot, dialog: SettingsDialog, owner: Owner
) -> None:
    dialog.show_setting("reviewer")
    name = dialog.rows["reviewer"].control
    assert isinstance(name, _LineControl)
    assert name.field.text() == "ada"
    name.field.selectAll()
    qtbot.keyClicks(name.field, "Bo")
    assert owner.settings.reviewer == "ada"  # B is nobody's name
    qtbot.keyClick(name.field, Qt.Key.Key_Return)
    assert owner.settings.reviewer == "Bo"
    name.field.selectAll()
    qtbot.keyClick(name.field, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: owner.settings.reviewer == LOGIN, timeout=3000)


def test_a_wrong_amount_is_said_and_not_taken_and_closing_takes_what_is_typed(
    qtbot: QtBot, dialog: SettingsDialog, owner: Owner
) -> None:
    dialog.show_setting("monthly_budget")
    row = dialog.rows["monthly_budget"]
    assert isinstance(row.control, _LineControl)
    qtbot.keyClicks(row.control.field, "-5")
    qtbot.keyClick(row.control.field, Qt.Key.Key_Return)
    assert row.fault.text == "That is no amount above zero."
    assert owner.settings.monthly_budget is None
    row.control.field.clear()
    qtbot.keyClicks(row.control.field, "250")
    assert not row.fault.isVisible()
    dialog.reject()
    assert owner.settings.monthly_budget == 250.0


def test_the_size_is_in_force_later_and_a_restart_is_offered(
    qtbot: QtBot, dialog: SettingsDialog, owner: Owner
) -> None:
    row = dialog.rows["scale_percent"]
    assert row.presets is not None
    assert row.later is not None
    assert not row.later.isVisible()
    preset = next(b for b in row.presets.findChildren(QAbstractButton) if b.text() == "150 %")
    qtbot.mouseClick(preset, Qt.MouseButton.LeftButton)
    assert owner.settings.scale_percent == 150
    assert row.later.isVisible()
    with qtbot.waitSignal(dialog.restart_wanted):
        next(b for b in row.later.findChildren(QAbstractButton) if b.text() == "Restart now").click()
    row.back.click()
    assert not row.later.isVisible()


def test_changed_ones_are_listed_and_all_are_reset_when_asked(
    qtbot: QtBot, dialog: SettingsDialog, owner: Owner
) -> None:
    owner.show(reviewer=LOGIN)
    assert not dialog.reset_all.isEnabled()
    owner.show(live_seconds=5, sql_rows=100, keys={"edit.undo": ()})
    qtbot.mouseClick(dialog.only_changed, Qt.MouseButton.LeftButton)
    assert shown(dialog) == ["live_seconds", "sql_rows"]
    assert dialog.count.text() == f"3 of {len(SETTINGS)} settings"
    for answer, left in ((QMessageBox.StandardButton.Cancel, 5), (QMessageBox.StandardButton.Reset, 30)):
        qtbot.mouseClick(dialog.reset_all, Qt.MouseButton.LeftButton)
        box = dialog.findChild(QMessageBox)
        assert isinstance(box, QMessageBox)
        assert box.informativeText().startswith("Live reads again every, Rows of a result, Keyboard shortcuts.")
        box.button(answer).click()
        assert owner.settings.live_seconds == left
        box.deleteLater()
    assert owner.settings == replace(Settings(), reviewer=LOGIN)
    assert dialog.nothing.title.text() == "No setting is changed"


def test_files_say_what_they_take(dialog: SettingsDialog, tmp_path: Path, qtbot: QtBot) -> None:
    dialog.show_section(Section.FILES)
    dialog.show_files(OwnFiles(tmp_path, tmp_path / "none", tmp_path / "settings.json", 2, 3_000_000, 0, 0))
    assert dialog.files.data.help.text == "Settings, your own prices, and 2 imported databases, 3.0 MB."
    assert not dialog.files.delete.isEnabled()
    assert not dialog.files.cache.open.isEnabled()  # it is not there yet
    with qtbot.waitSignal(dialog.files.open_wanted) as told:
        dialog.files.data.open.click()
    assert told.args == [tmp_path]


def test_all_of_it_has_names_fits_a_small_screen_and_scrolls(qtbot: QtBot, dialog: SettingsDialog) -> None:
    assert dialog.minimumSizeHint().width() <= 900
    assert dialog.minimumSizeHint().height() <= 480
    for section in Section:
        dialog.show_section(section)
        QApplication.processEvents()
        parts = [w for w in dialog.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        named = [w.accessibleName() or (w.text() if isinstance(w, QAbstractButton) else "") for w in parts]
        assert all(named), [repr(part) for part, name in zip(parts, named, strict=True) if not name]
        for row in dialog.rows.values():
            if row.isVisible():
                right = row.control.mapTo(dialog, QPoint(row.control.width(), 0)).x()
                assert right <= dialog.width()
    dialog.show_section(Section.FILES)
    dialog.resize(900, 420)
    QApplication.processEvents()
    assert dialog.area.verticalScrollBar().maximum() > 0
    dialog.rows["keep_recent"].control.setFocus()
    while not dialog.files.settings.copy.hasFocus():
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is not dialog.search, "Tab went all the way round"
    assert dialog.area.verticalScrollBar().value() > 0  # what has the focus is in sight


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_enter_and_space_press_the_button_with_the_focus(
    qtbot: QtBot, dialog: SettingsDialog, owner: Owner, tmp_path: Path, key: Qt.Key
) -> None:
    def enter(button: QAbstractButton) -> None:
        button.setFocus()
        assert button.hasFocus()
        qtbot.keyClick(button, key)

    scale = dialog.rows["scale_percent"]
    assert isinstance(scale.control, _NumberControl)
    enter(scale.control.more)
    assert owner.settings.scale_percent == 105
    assert scale.later is not None
    with qtbot.waitSignal(dialog.restart_wanted):
        enter(scale.later.findChildren(QAbstractButton)[0])
    enter(scale.back)
    assert owner.settings.scale_percent == 100
    dialog.show_section(Section.FILES)
    dialog.show_files(OwnFiles(tmp_path, tmp_path / "none", tmp_path / "settings.json", 2, 3_000_000, 0, 0))
    with qtbot.waitSignal(dialog.files.open_wanted):
        enter(dialog.files.data.open)
    enter(dialog.only_changed)
    assert dialog.only_changed.isChecked()
    enter(dialog.reset_all)
    (box,) = dialog.findChildren(QMessageBox)
    box.close()
    dialog.activateWindow()
    enter(dialog.close_button)
    assert not dialog.isVisible()
