"""What was open is open again after the program ended, and offered after it was killed."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.ui.app.conftest import Start
from tests.ui.driving import press, rows

from tailrace.ui.pages.reopen_offer import words_of_lost
from tailrace.workspace import SettingsStore
from tailrace.workspace.open_windows import OpenWindowsFile
from tailrace.workspace.program_lock import ProgramLock


def another(database: Path, name: str = "other.tailrace") -> Path:
    return Path(shutil.copy(database, database.with_name(name)))


def test_after_quitting_all_windows_are_there_again_each_as_it_was(qtbot: QtBot, start: Start, database: Path) -> None:
    other = another(database)
    program = start(database)
    first = program.only
    second = program.windows.add([other])
    program.settle()
    first.resize(900, 600)
    second.resize(900, 650)
    second.filter_row.apply("status:error")
    qtbot.waitUntil(lambda: rows(second) == 10, timeout=5_000)
    second.page.step_trace(1)
    program.settle()
    chosen = second.session.selection.trace_key
    program.end()

    again = start()
    windows = {window.session.files[0].name: window for window in again.windows.open}
    assert set(windows) == {"support.tailrace", "other.tailrace"}
    assert windows["support.tailrace"].height() == 600
    assert windows["other.tailrace"].height() == 650
    assert rows(windows["support.tailrace"]) == 40
    qtbot.waitUntil(lambda: rows(windows["other.tailrace"]) == 10, timeout=5_000)
    again.settle()
    assert windows["other.tailrace"].session.selection.trace_key == chosen
    assert all(window.reopening.isHidden() for window in windows.values())


def test_two_windows_on_one_file_each_keep_their_place(qtbot: QtBot, start: Start, database: Path) -> None:
    program = start(database)
    program.windows.add([database])
    program.settle()
    for window, text in zip(program.windows.open, ("status:error", "session:s-4"), strict=True):
        window.filter_row.apply(text)
    program.settle()
    program.end()
    again = start()
    assert sorted(window.filter_row.bar.text() for window in again.windows.open) == ["session:s-4", "status:error"]


def test_of_windows_closed_one_by_one_the_last_was_open_at_the_end(start: Start, database: Path) -> None:
    other = another(database)
    program = start(database)
    first = program.only
    program.windows.add([other])
    program.settle()
    first.close()
    program.settle()
    program.only.close()
    program.end()
    assert [path.name for path in start().only.session.files] == ["other.tailrace"]


def test_a_file_that_is_gone_is_not_opened_again_and_files_that_are_named_come_alone(
    start: Start, database: Path
) -> None:
    other = another(database)
    program = start(database)
    program.windows.add([other])
    program.settle()
    program.end()
    other.unlink()
    again = start()
    assert again.only.session.files == (database,)
    again.end()
    third = another(database, "third.tailrace")
    assert start(third).only.session.files == (third,)


def test_who_wants_the_welcome_page_gets_it_but_after_a_restart_all_windows(start: Start, database: Path) -> None:
    SettingsStore().update(reopen_last=False)
    program = start(database)
    program.end()
    program = start()
    assert program.only.session.files == ()
    program.only.open([database])
    program.settle()
    program.windows.wants_restart = True
    program.end()
    again = start()
    assert again.only.session.files == (database,)
    again.end()
    assert start().only.session.files == ()


def test_what_earlier_versions_kept_is_still_opened(start: Start, database: Path) -> None:
    SettingsStore().update(last_opened=(str(database),))
    assert start().only.session.files == (database,)


def test_after_a_kill_it_is_offered_and_enter_opens_all_of_it_where_the_person_was(
    qtbot: QtBot, start: Start, database: Path
) -> None:
    other = another(database)
    program = start(database)
    program.windows.add([other])
    program.settle()
    second = program.windows.open[-1]
    second.resize(900, 650)
    second.filter_row.apply("status:error")
    qtbot.waitUntil(lambda: rows(second) == 10, timeout=5_000)
    second.show_page("sql")
    second.sql.editor.write("SELECT 'half written")
    assert [one.files[0] for one in program.kept().windows] == [str(database), str(other)]
    program.crash()

    again = start()
    window = again.only
    assert window.welcome.isVisible(), "nothing is opened unasked: it may be what ended the program"
    assert window.reopening.text == (
        "Tailrace did not end properly the last time. 2 files were open: support.tailrace, other.tailrace."
    )
    assert window.actions_of["file.reopen"].isEnabled()
    press(qtbot, Qt.Key.Key_Return)
    again.settle()
    windows = {one.session.files[0].name: one for one in again.windows.open}
    assert list(windows) == ["support.tailrace", "other.tailrace"]
    assert rows(windows["support.tailrace"]) == 40
    assert windows["other.tailrace"].height() == 650
    assert windows["other.tailrace"].filter_row.bar.text() == "status:error"
    assert windows["other.tailrace"].rail.current == "sql"
    assert windows["other.tailrace"].sql.editor.text == "SELECT 'half written"
    assert window.reopening.isHidden()
    assert not window.actions_of["file.reopen"].isEnabled()
    again.end()
    assert len(start().windows.open) == 2, "it ended properly"


def test_the_offer_stays_over_another_kill_and_other_messages_until_it_is_declined(
    qtbot: QtBot, start: Start, database: Path
) -> None:
    other = another(database)
    program = start(database)
    program.kept()
    program.crash()
    program = start(other)
    window = program.only
    assert window.reopening.text.endswith("One file was open: support.tailrace.")
    window.show_failure(ValueError("a bug"))
    assert window.reopening.isVisible()
    program.kept()
    program.crash()
    program = start()
    assert "2 files were open: support.tailrace, other.tailrace." in program.only.reopening.text
    program.end()
    program = start()
    assert "an earlier time. 2 files" in program.only.reopening.text, "to quit is no answer"
    program.only.reopening.focus_offer()
    press(qtbot, Qt.Key.Key_Escape)
    assert program.only.reopening.isHidden()
    program.crash()
    assert start().only.reopening.isHidden()


def test_a_lost_file_that_is_named_at_the_start_is_opened_as_it_was_and_not_offered(
    start: Start, database: Path
) -> None:
    program = start(database)
    program.only.filter_row.apply("status:error")
    program.settle()
    program.kept()
    program.crash()
    again = start(database)
    assert again.only.reopening.isHidden()
    assert again.only.filter_row.bar.text() == "status:error"


def test_a_lost_file_that_is_opened_in_another_way_is_as_it_was_and_not_offered_any_more(
    start: Start, database: Path
) -> None:
    other = another(database)
    program = start(database)
    program.windows.add([other])
    program.settle()
    program.windows.open[0].filter_row.apply("status:error")
    program.settle()
    program.kept()
    program.crash()
    program = start()
    window = program.only
    window.opener.open_one(database)
    program.settle()
    assert window.filter_row.bar.text() == "status:error"
    assert window.reopening.text.endswith("One file was open: other.tailrace.")
    assert [one.files for one in program.kept().lost] == [(str(other),)]
    window.opener.open_one(other)
    program.settle()
    assert window.reopening.isHidden()
    assert not window.actions_of["file.reopen"].isEnabled()


def test_a_file_that_is_being_opened_when_the_program_ends_is_known(start: Start, database: Path) -> None:
    program = start()
    program.only.open([database])
    assert [one.files for one in program.kept().windows] == [(str(database),)]
    program.settle()


def test_a_file_that_ends_the_program_before_anything_was_written_is_not_opened_unasked_again(
    start: Start, database: Path
) -> None:
    start(database).end()
    path = OpenWindowsFile().path
    ended_properly = path.read_bytes()
    program = start()
    assert program.only.session.files == (database,)
    program.end()
    path.write_bytes(ended_properly)
    lock = ProgramLock()  # a process that had no time for more
    assert lock.take()
    lock.release()
    again = start()
    assert again.only.welcome.isVisible()
    assert "support.tailrace" in again.only.reopening.text


def test_one_with_nothing_open_offers_nothing(start: Start) -> None:
    start().crash()
    assert start().only.reopening.isHidden()


def test_what_is_written_in_half_offers_nothing(start: Start, database: Path) -> None:
    program = start(database)
    program.kept()
    program.crash()
    path = OpenWindowsFile().path
    path.write_bytes(path.read_bytes()[:-40])
    again = start()
    assert again.only.reopening.isHidden()
    assert again.only.session.files == (database,), "of what the settings kept"


def test_a_logout_that_asks_nobody_to_quit_is_a_proper_end(start: Start, database: Path) -> None:
    program = start(database)
    program.kept()
    program.beside.keeping.hold_for_logout()
    program.beside.keeping.file.close()
    kept = OpenWindowsFile().path.read_bytes()
    program.end()
    OpenWindowsFile().path.write_bytes(kept)
    again = start()
    assert again.only.session.files == (database,)
    assert again.only.reopening.isHidden()


def test_a_crash_report_is_named_and_many_files_are_counted() -> None:
    files = [[Path(f"{name}.jsonl")] for name in "abcd"] + [[Path("e.jsonl"), Path("f.jsonl")]]
    text = words_of_lost(files, Path("/data/logs/crash-1.txt"))
    assert "6 files were open: a.jsonl, b.jsonl, c.jsonl and 3 more." in text
    assert text.endswith("What is known of the crash is in /data/logs/crash-1.txt.")
    assert words_of_lost([], Path("/c.txt")).count(".") == 3
