"""Evidence, scores, datasets and files while reviewing, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from tests.ui.driving import settle
from tests.ui.queueing import (
    CTRL,
    SHIFT,
    Open,
    examples,
    key,
    keys,
    place,
    put,
    queue,
    review,
    said,
    scores,
    trace_ids,
    type_,
)

from tailrace.model.review import Dataset, DefinitionKind, ScoreDefinition, Verdict
from tailrace.ui.dialogs.datasets import DatasetsDialog
from tailrace.ui.dialogs.score_definitions import ScoreDefinitionsDialog
from tailrace.ui.main_window import MainWindow
from tailrace.ui.views.messages.text_block import TextBody
from tailrace.ui.views.review.score_values import OUTSIDE


def select_words(qtbot: QtBot, window: MainWindow, count: int) -> str:
    """Tab into the conversation and select its first characters with Shift and the arrow."""
    window.review.middle.focus()
    for _ in range(30):
        if isinstance(QApplication.focusWidget(), TextBody):
            break
        key(qtbot, Qt.Key.Key_Tab)
    body = QApplication.focusWidget()
    assert isinstance(body, TextBody), "Tab reaches the text"
    key(qtbot, Qt.Key.Key_Home, CTRL)
    for _ in range(count):
        key(qtbot, Qt.Key.Key_Right, SHIFT)
    return body.textCursor().selectedText()


@pytest.mark.parametrize("form", ["markdown", "plain"])
def test_text_that_is_selected_by_key_becomes_evidence_that_survives_reopening(
    qtbot: QtBot, open_window: Open, database: Path, form: str
) -> None:
    queue(database)
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    window.review.item_view.set_markdown(form == "markdown")
    keys(qtbot, window, "h")
    assert "Select some text" in window.status.text
    quote = select_words(qtbot, window, 8)
    assert len(quote) == 8
    keys(qtbot, window, "h")
    found = [score.comment for score in scores(database, items[0]) if score.name == "evidence"]
    assert found == [quote]
    assert [piece.anchor.quote for piece in window.review.panel.evidence._rows] == [quote]
    keys(qtbot, window, "p")
    window.close()
    again = open_window(database)
    review(qtbot, again)
    key(qtbot, Qt.Key.Key_Backspace)
    settle(qtbot, again)
    assert place(again) == 0
    assert again.review.item_view.lost_evidence() == ()
    (piece,) = again.review.item_view._evidence
    assert again.review.item_view.reveal_evidence(piece.score_id)
    key(qtbot, Qt.Key.Key_W)
    again.review.panel.evidence_chosen.emit(piece.score_id)
    settle(qtbot, again)
    assert again.review.item_view.isVisible()
    # and it can be taken away, which is undone like all else
    again.review.panel.evidence_removed.emit(piece.score_id)
    settle(qtbot, again)
    assert again.review.item_view._evidence == ()
    again.review.middle.focus()
    key(qtbot, Qt.Key.Key_Z, CTRL)
    settle(qtbot, again)
    assert len(again.review.item_view._evidence) == 1


def test_an_item_goes_into_a_dataset_and_out_of_it_and_into_a_file(
    qtbot: QtBot, open_window: Open, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(database)
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    keys(qtbot, window, "a")
    dialog = window.findChild(DatasetsDialog)
    assert dialog is not None
    settle(qtbot, window)
    dialog.new_name.setFocus()
    qtbot.keyClicks(dialog.new_name, "refunds")
    qtbot.keyClick(dialog.new_name, Qt.Key.Key_Return)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: len(dialog.datasets) == 1, timeout=5_000)
    dataset_id = dialog.datasets[0][0].dataset_id
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=5_000)
    qtbot.waitUntil(lambda: window.review.datasets.in_use() == dataset_id, timeout=5_000)
    settle(qtbot, window)
    window.review.middle.focus()
    assert {item.trace_id for item in examples(database, dataset_id)} == {items[0]}, "it was made for this item"
    # quicker than the database answers
    for code in (Qt.Key.Key_Space, Qt.Key.Key_A, Qt.Key.Key_Space):
        qtbot.waitUntil(lambda: window.review.reviewing.item is not None, timeout=5_000)
        key(qtbot, code)
    settle(qtbot, window)
    assert {item.trace_id for item in examples(database, dataset_id)} == set(items[:2])
    key(qtbot, Qt.Key.Key_Backspace)
    keys(qtbot, window, "a")
    assert {item.trace_id for item in examples(database, dataset_id)} == {items[0]}
    key(qtbot, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert {item.trace_id for item in examples(database, dataset_id)} == set(items[:2])
    out = tmp_path / "refunds.jsonl"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    window.run_command("review.export-dataset")
    settle(qtbot, window)
    assert "Wrote 2 examples to" in window.status.text
    assert len(out.read_text().splitlines()) == 2
    window.close()
    again = open_window(database)
    review(qtbot, again)
    assert again.review.datasets.in_use() == dataset_id


def test_files_go_out_and_come_in_and_the_status_line_says_what_happened(
    qtbot: QtBot, open_window: Open, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(database, 3)
    items = trace_ids(database)
    put(database, said("ada", items[0], Verdict.PASS), said("ada", items[1], Verdict.FAIL))
    window = open_window(database)
    review(qtbot, window)
    chosen = tmp_path / "nowhere"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(chosen), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(chosen)], ""))
    for command, name, words in (
        ("labels", "labels.csv", "Wrote 2 labels to"),
        ("review", "review.jsonl", "records of ada to"),
        ("report", "report.html", "Wrote the report to"),
    ):
        chosen = tmp_path / name
        window.run_command("review.report" if command == "report" else f"review.export-{command}")
        settle(qtbot, window)
        assert words in window.status.text, command
        assert chosen.stat().st_size > 0
        assert not window.messages.isVisible()
    chosen = tmp_path / "review.jsonl"
    text = chosen.read_text().replace(":ada:", ":bob:").replace('"ada"', '"bob"')
    chosen.write_text(text)
    window.run_command("review.merge")
    settle(qtbot, window)
    assert "Merged:" in window.status.text
    assert "new" in window.status.text
    assert window.review.reviewing.item is not None
    assert "bob" in {score.author for score in window.review.reviewing.item.scores} | {
        score.author for score in scores(database, items[0], "bob")
    }
    # what goes wrong is a sentence in the message bar
    chosen = tmp_path / "no" / "such" / "folder" / "labels.csv"
    for command in ("review.export-labels", "review.export-review", "review.report"):
        window.messages.hide()
        window.run_command(command)
        settle(qtbot, window)
        assert window.messages.isVisible(), command
        assert "wrong inside Tailrace" not in window.messages.text
        assert "Writing" not in window.status.text
    chosen = tmp_path / "poem.txt"
    chosen.write_text("Roses are red")
    window.messages.hide()
    window.run_command("review.merge")
    settle(qtbot, window)
    assert window.messages.isVisible()
    assert "poem.txt" in window.messages.text
    assert "wrong inside Tailrace" not in window.messages.text
    assert "Merging" not in window.status.text
    assert "traces ·" not in window.status.text, "that is the Traces page's line"


def test_scores_are_defined_filled_by_key_and_stay_when_the_definition_changes(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database)
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    window.run_command("review.definitions")
    qtbot.waitUntil(lambda: window.findChild(ScoreDefinitionsDialog) is not None, timeout=5_000)
    dialog = window.findChild(ScoreDefinitionsDialog)
    assert dialog is not None
    for name, kind in (
        ("help", DefinitionKind.NUMBER),
        ("tone", DefinitionKind.CATEGORY),
        ("polite", DefinitionKind.YES_NO),
        ("remark", DefinitionKind.TEXT),
        ("gut", DefinitionKind.THUMB),
    ):
        dialog.add_score()
        qtbot.keyClicks(dialog.name, name)
        dialog.kind.button(kind.value).click()
        if kind is DefinitionKind.CATEGORY:
            qtbot.keyClicks(dialog.options, "good, neutral, bad")
    dialog.save.click()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=5_000)
    qtbot.waitUntil(lambda: len(window.review.panel.scores.rows) == 5, timeout=5_000)
    settle(qtbot, window)
    window.review.middle.focus()
    keys(qtbot, window, "s")
    for text in ("0.7", "1", "1", "some words", "1"):
        type_(qtbot, text)
        key(qtbot, Qt.Key.Key_Tab)
    window.review.panel.flush()
    settle(qtbot, window)
    given = {score.name: score for score in scores(database, items[0])}
    assert set(given) == {"help", "tone", "polite", "remark", "gut"}
    assert given["help"].value == pytest.approx(0.7)
    assert given["tone"].label == "good"
    assert given["remark"].comment == "some words"
    window.review.middle.focus()
    keys(qtbot, window, "p")
    assert place(window) == 1
    key(qtbot, Qt.Key.Key_Z, CTRL)  # the verdict
    key(qtbot, Qt.Key.Key_Z, CTRL)  # the last score
    settle(qtbot, window)
    assert place(window) == 0
    assert {score.name for score in scores(database, items[0])} < set(given)
    key(qtbot, Qt.Key.Key_Y, CTRL)
    key(qtbot, Qt.Key.Key_Y, CTRL)
    settle(qtbot, window)
    assert {score.name for score in scores(database, items[0])} == {*given, "thumb"}
    keys(qtbot, window, " ")
    assert place(window) == 1
    # another range and other words: what was given stays as it is, and the field says so
    number, tone = window.review.setup.current.definitions[:2]
    put(
        database,
        ScoreDefinition(number.definition_id, "help", DefinitionKind.NUMBER, low=2.0, high=5.0, step=1.0, position=0),
        ScoreDefinition(tone.definition_id, "tone", DefinitionKind.CATEGORY, options=("kind", "rude"), position=1),
    )
    key(qtbot, Qt.Key.Key_F5)
    settle(qtbot, window)
    key(qtbot, Qt.Key.Key_Backspace)
    settle(qtbot, window)
    row, other = window.review.panel.scores.rows[:2]
    assert row.definition.low == 2.0
    assert {score.name: score.value for score in scores(database, items[0])}["help"] == pytest.approx(0.7)
    assert OUTSIDE in (row.strange.text, other.strange.text)
    assert all(one.strange.text == OUTSIDE and one.strange.isVisible() for one in (row, other))


def test_a_dataset_in_use_is_not_the_former_items_when_the_next_is_not_read_yet(
    qtbot: QtBot, open_window: Open, database: Path
) -> None:
    queue(database, 6, Dataset("d", "refunds"))
    items = trace_ids(database)
    window = open_window(database)
    review(qtbot, window)
    window.review.reviewing._known.clear()
    key(qtbot, Qt.Key.Key_J)
    key(qtbot, Qt.Key.Key_A)
    settle(qtbot, window)
    assert {item.trace_id for item in examples(database, "d")} <= {items[1]}
