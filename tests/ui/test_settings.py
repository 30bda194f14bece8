"""Settings in the window: each changes something, every window follows, and what cannot be saved is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from tests.ui.driving import press, rows, settle

from tailrace.ui.commands import COMMANDS, key_of, with_key_words
from tailrace.ui.commands.key_words import tell_keys
from tailrace.ui.dialogs.settings import SettingsDialog
from tailrace.ui.dialogs.shortcuts import ShortcutSheet
from tailrace.ui.main_window import MainWindow
from tailrace.ui.theme import LIGHT, apply_theme, tokens, wall_clock
from tailrace.ui.views.filter_bar.time_range import TimeRange
from tailrace.workspace import Clock, SettingsStore, ThemeChoice
from tailrace.workspace.settings import FirstPage

Open = Callable[[Path], MainWindow]


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication) -> Iterator[None]:
    yield
    wall_clock.show_utc(False)
    tell_keys({})
    if not tokens(qapp.palette()).dark:
        apply_theme(qapp, "dark")


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "settings.json")


@pytest.fixture
def windows(qtbot: QtBot, store: SettingsStore) -> Iterator[tuple[MainWindow, MainWindow]]:
    made = (MainWindow(store), MainWindow(store))
    for window in made:
        window.resize(1200, 700)
        with qtbot.waitExposed(window):
            window.show()
    yield made
    for window in made:
        window.close()
        window.deleteLater()


def dialog_of(window: MainWindow) -> SettingsDialog:
    window.run_command("file.settings")
    dialog = window.findChild(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    return dialog


def choose(dialog: SettingsDialog, name: str, value: object) -> None:
    dialog.chosen.emit((name, value))


def test_what_one_window_chooses_all_windows_follow(
    qtbot: QtBot, windows: tuple[MainWindow, MainWindow], store: SettingsStore
) -> None:
    here, there = windows
    dialog = dialog_of(here)
    choose(dialog, "theme", "light")
    assert store.current.theme is ThemeChoice.LIGHT
    assert tokens(there) is LIGHT
    assert there.actions_of["view.theme-light"].isChecked()
    choose(dialog, "reviewer", "Bo")
    assert (here.judging.author, there.judging.author) == ("Bo", "Bo")
    choose(dialog, "keys", {"edit.undo": ("Ctrl+U", "F12")})
    assert [key.toString() for key in there.actions_of["edit.undo"].shortcuts()] == ["Ctrl+U", "F12"]
    choose(dialog, "review_stay", True)
    assert there.actions_of["review.stay"].isChecked()
    there.theme.choose(ThemeChoice.DARK)  # and the dialog follows what is chosen elsewhere
    assert dialog.rows["theme"].control.focusProxy().accessibleName() == "Dark"
    assert SettingsStore(store.path).current == store.current
    dialog.close()


def test_a_window_that_judges_under_another_name_keeps_it(windows: tuple[MainWindow, MainWindow]) -> None:
    here, there = windows
    there.judging.blockSignals(True)
    there.judging.author = "second"
    there.judging.blockSignals(False)
    choose(dialog_of(here), "reviewer", "Bo")
    assert (here.judging.author, there.judging.author) == ("Bo", "second")


def test_what_cannot_be_saved_is_said_and_holds(
    qtbot: QtBot, windows: tuple[MainWindow, MainWindow], store: SettingsStore
) -> None:
    dialog = dialog_of(windows[0])
    former = store.path
    store.path = former.parent / "folder"
    store.path.mkdir()
    choose(dialog, "live_seconds", 5)
    assert "folder cannot be written" in dialog.say.text
    assert "holds until Tailrace is closed" in dialog.say.text
    assert store.current.live_seconds == 5
    dialog.keys.changed.emit({"edit.undo": ()})
    assert "cannot be written" in dialog.say.text
    assert windows[1].actions_of["edit.undo"].shortcuts() == []
    store.path = former
    choose(dialog, "live_seconds", 10)
    assert dialog.say.text == "Every change is saved at once."


def test_a_file_opens_and_a_window_closes_where_nothing_can_be_remembered(
    qtbot: QtBot, windows: tuple[MainWindow, MainWindow], store: SettingsStore, database: Path
) -> None:
    window = windows[0]
    store.path = database.parent / "folder"
    store.path.mkdir()
    window.open([database])
    qtbot.waitUntil(lambda: rows(window) > 0, timeout=20_000)
    settle(qtbot, window)
    window.close()
    assert window.session.closed


def test_files_are_looked_at_beside_and_recent_ones_forgotten(
    qtbot: QtBot, windows: tuple[MainWindow, MainWindow], store: SettingsStore
) -> None:
    store.update(recent_files=("a.tailrace",), recent_filters=("status:error",))
    dialog = dialog_of(windows[0])
    qtbot.waitUntil(lambda: dialog.files.data.help.text.startswith("Settings, your own prices"), timeout=5000)
    assert dialog.files.recent.help.text == "1 file and 1 filter are remembered."
    dialog.files.forget.click()
    assert (store.current.recent_files, store.current.recent_filters) == ((), ())
    assert not dialog.files.forget.isEnabled()
    dialog.files.delete_cache_wanted.emit()
    qtbot.waitUntil(lambda: dialog.say.text.startswith("Nothing was freed"), timeout=5000)
    qtbot.waitUntil(lambda: not windows[0].session.jobs.busy, timeout=5000)


def test_the_palette_leads_to_a_setting_by_its_name(qtbot: QtBot, windows: tuple[MainWindow, MainWindow]) -> None:
    window = windows[0]
    with qtbot.waitActive(window):
        window.activateWindow()
    window.run_command("view.palette")
    line = window.palette_overlay.findChild(QLineEdit)
    qtbot.keyClicks(line, "memory of a statement")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    dialog = window.findChild(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    row = dialog.rows["sql_gigabytes"]
    assert row.isVisible()
    qtbot.waitUntil(row.control.focusProxy().hasFocus)
    with qtbot.waitSignal(window.restart_wanted):
        dialog.restart_wanted.emit()
    assert dialog_of(window) is dialog  # it is open already


def test_keys_go_to_another_computer_in_a_file(
    qtbot: QtBot, windows: tuple[MainWindow, MainWindow], store: SettingsStore, tmp_path: Path
) -> None:
    window = windows[0]
    window.run_command("help.shortcuts")
    sheet = window.findChild(ShortcutSheet)
    assert isinstance(sheet, ShortcutSheet)
    store.update(keys={"edit.undo": ("Ctrl+U",)})
    window.desk._files.export(tmp_path / "keys.json")
    qtbot.waitUntil(lambda: sheet.keys.words.text == "The keys of 1 command are in keys.json.", timeout=5000)
    (tmp_path / "keys.json").write_text(
        '{"tailrace_keys": 1, "keys": {"edit.undo": ["Ctrl+U", "Tab"], "no.such": ["X"], "edit.redo": ["Ctrl+K"]}}'
    )
    window.desk._files.take(tmp_path / "keys.json")
    qtbot.waitUntil(lambda: "edit.redo" in store.current.keys, timeout=5000)
    assert store.current.keys == {"edit.undo": ("Ctrl+U",), "edit.redo": ("Ctrl+K",)}
    assert sheet.keys.words.text == (
        "Took the keys of 2 commands. Left out: Tab for “Undo”; no command is called no.such."
        " Ctrl+K is a key of both “Redo” and “Command palette”: neither fires."
    )
    qtbot.waitUntil(lambda: not window.session.jobs.busy, timeout=5000)


def test_sentences_name_the_keys_that_are_set(windows: tuple[MainWindow, MainWindow], store: SettingsStore) -> None:
    sentence = "Bring in what is new with {file.refresh}, or go {filter.back}."
    assert with_key_words(sentence) == "Bring in what is new with F5, or go Alt+Left."
    store.update(keys={"file.refresh": ("Ctrl+B",), "filter.back": (), "view.palette": ("F2",)})
    assert with_key_words(sentence) == "Bring in what is new with Ctrl+B, or go “Back”."
    assert windows[1].top._palette.toolTip() == "Command palette (F2)"
    assert windows[0].actions_of["review.leader"].toolTip().startswith("The next key does what it does outside")
    assert "{" not in "".join(windows[0].actions_of[command.id].toolTip() for command in COMMANDS)


def test_key_hints_and_the_waterfall_follow_the_keys(qtbot: QtBot, open_window: Open, database: Path) -> None:
    window = open_window(database)
    store = window._settings
    hints = window.status._hints
    assert hints.findChildren(QLabel)[0].text() == "J"
    store.update(keys={"trace.next": ("F4",), "span.fit": ("F12",), "trace.note": ("F",)})
    assert window.status._hints.findChildren(QLabel)[0].text() == "F4"
    store.update(keys={"trace.next": ()})
    said = [label.text() for label in window.status._hints.findChildren(QLabel)]
    assert said[:4] == ["K", "previous", "E", "next error"]
    assert said[-5:-2] == ["U", "D", "thumbs"]
    store.update(keys={"trace.next": ("F4",), "span.fit": ("F12",), "trace.note": ("F",)})
    window.page.waterfall.setFocus()
    press(qtbot, Qt.Key.Key_F)  # no longer the waterfall's: a note is written
    qtbot.waitUntil(window.page.inspector.note.field.hasFocus)
    settle(qtbot, window)


def test_settings_of_pages_change_them_at_once(qtbot: QtBot, open_window: Open, database: Path) -> None:
    window = open_window(database)
    store = window._settings
    monitor, sql = window.monitor, window.sql
    store.update(live_seconds=10, sql_seconds=5, sql_rows=100, sql_gigabytes=1)
    assert monitor._live.interval() == 10_000
    assert monitor.bar.live.accessibleName() == "Live: read again every 10 seconds"
    assert sql.strip.limits.text() == "read-only · at most 100 rows, 5 s, 1 GB of memory"
    window.show_page("sql")
    with qtbot.waitSignal(sql.running.done, timeout=20_000) as told:
        sql.show_sql("SELECT range FROM range(1000)")
    result = told.args[0]
    assert (len(result.rows), result.more) == (100, "the first 100 rows of more than 100")
    settle(qtbot, window)


def test_times_are_shown_by_the_chosen_clock(
    qtbot: QtBot, open_window: Open, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tailrace.ui.views.charts.clock import say_bucket
    from tailrace.ui.views.histogram import local_time

    noon = 1_795_003_200 * 10**9
    window = open_window(database)
    local = local_time(noon)
    assert not local.endswith("UTC")
    window.filter_row.times.set_range(TimeRange(since_ns=noon))
    window._settings.update(clock=Clock.UTC)
    assert window.filter_row.times.text() == "Since 18 Nov 12:00 UTC"
    assert local_time(noon).endswith("12:00 UTC")
    assert "12:00 – 13:00" in say_bucket(noon, noon + 3600 * 10**9)
    assert wall_clock.shown_zone().utcoffset(None) is not None
    window._settings.update(clock=Clock.LOCAL)
    assert local_time(noon) == local
    settle(qtbot, window)


def test_a_file_opens_on_the_chosen_page_the_first_time(
    qtbot: QtBot, tmp_path: Path, open_window: Open, database: Path
) -> None:
    SettingsStore(tmp_path / "settings.json").update(first_page=FirstPage.SQL)
    window = open_window(database)
    assert window.rail.current == "sql"
    window.show_page("traces")
    assert rows(window) > 0
    window.close()
    again = open_window(database)
    assert again.rail.current == "traces"  # where it was left


def test_the_key_of_settings_opens_them(qtbot: QtBot, windows: tuple[MainWindow, MainWindow]) -> None:
    window = windows[0]
    assert key_of("file.settings") == "Ctrl+,"
    with qtbot.waitActive(window):
        window.activateWindow()
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    qtbot.waitUntil(dialog.search.hasFocus)
    assert QKeySequence("Ctrl+,") in window.actions_of["file.settings"].shortcuts()
    qtbot.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
