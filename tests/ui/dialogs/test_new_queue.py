"""Making and editing a queue by what a person does in the dialogs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tailrace.model.review import Queue, QueueSource, Recipe
from tailrace.ui.dialogs.edit_queue import EditQueueDialog
from tailrace.ui.dialogs.new_queue import NewQueueDialog
from tailrace.ui.views.review.queue_terms import dealing
from tailrace.ui.views.review.recipe_form import Surroundings
from tailrace.ui.views.review.recipe_words import nothing_words, preview_words, proposed_name, recipe_words

# a list of completions is a window of its own, which the platform without a screen cannot raise
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
AROUND = Surroundings("status:error", 5, 9, "the 3,041 traces of the filter", 3041, ("model", "version"), ("tone",))


def shown(qtbot: QtBot, around: Surroundings = AROUND) -> NewQueueDialog:
    dialog = NewQueueDialog("ada", around)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def typed(qtbot: QtBot, field: object, text: str) -> None:
    field.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(field, text)


def test_a_random_sample_takes_one_key_and_is_within_the_filter(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    made: list[Queue] = []
    dialog.accepted_queue.connect(made.append)
    seed = int(dialog.form.seed.text())
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert made[0].recipe == Recipe(QueueSource.RANDOM, "status:error", 5, 9, 100, seed)
    assert made[0].name == "Random 100 · status:error"
    assert made[0].author == "ada"
    assert (made[0].reviewers, made[0].overlap, made[0].blind) == ((), 1.0, False)
    assert not dialog.isVisible()


def test_arrows_walk_the_cards_and_each_shows_its_own_fields(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    form = dialog.form
    assert form.card(QueueSource.RANDOM).hasFocus()
    qtbot.keyClick(form.card(QueueSource.RANDOM), Qt.Key.Key_Right)
    assert form.source is QueueSource.STRATIFIED
    assert form.by.isVisible()
    assert form.seed.isVisible()
    assert not form.score.isVisible()
    for source, fields in (
        (QueueSource.FILTER, [False, False, False, False]),
        (QueueSource.UNREVIEWED, [False, False, False, True]),
        (QueueSource.LOW_SCORED, [False, True, True, False]),
        (QueueSource.DISAGREEMENTS, [False, True, False, False]),
    ):
        qtbot.mouseClick(form.card(source), Qt.MouseButton.LeftButton)
        assert [part.isVisible() for part in (form.by, form.score, form.below, form.seed)] == fields


def test_what_is_missing_is_said_and_the_queue_cannot_be_made(qtbot: QtBot) -> None:
    dialog = shown(qtbot, Surroundings())
    dialog.choose(QueueSource.STRATIFIED)
    assert "Which field" in dialog.preview.text
    assert not dialog.make.isEnabled()
    typed(qtbot, dialog.form.by, "model")
    assert dialog.make.isEnabled()
    dialog.choose(QueueSource.LOW_SCORED)
    assert dialog.preview.text == "Which score?"
    typed(qtbot, dialog.form.score, "tone")
    typed(qtbot, dialog.form.below, "low")
    assert "A number" in dialog.preview.text
    typed(qtbot, dialog.form.below, "0,25")
    assert dialog.make.isEnabled()
    assert dialog.form.recipe.below == 0.25
    dialog.terms.name.clear()
    assert not dialog.make.isEnabled()


def test_the_preview_is_asked_for_once_the_person_pauses(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    asked: list[Recipe] = []
    dialog.preview_wanted.connect(asked.append)
    qtbot.mouseClick(dialog.form.card(QueueSource.STRATIFIED), Qt.MouseButton.LeftButton)
    typed(qtbot, dialog.form.by, "model")
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.wait(300)
    assert [recipe.by for recipe in asked] == ["model"]
    dialog.show_preview("100 of 3,041", [("gpt-4o", 60), ("claude", 40)], Recipe())
    assert dialog.preview.text == "Choosing …", "an answer to another recipe is dropped"
    dialog.show_preview("100 of 3,041", [("claude", 40), ("gpt-4o", 60)], asked[0])
    assert dialog.preview.text == "100 of 3,041"
    assert dialog.preview.strata.accessibleName() == "gpt-4o 60, claude 40"


def test_a_recipe_that_gives_nothing_cannot_be_made_until_it_is_changed(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    dialog.show_problem("No trace matches.")
    assert dialog.preview.text == "No trace matches."
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    typed(qtbot, dialog.form.limit, "50")
    assert dialog.make.isEnabled()


def test_a_new_seed_is_another_and_the_number_can_be_all(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    typed(qtbot, dialog.form.seed, "7")
    assert dialog.form.recipe.seed == 7
    qtbot.mouseClick(dialog.form.roll, Qt.MouseButton.LeftButton)
    assert dialog.form.seed.hasAcceptableInput()
    qtbot.mouseClick(dialog.form.how_many.button("all"), Qt.MouseButton.LeftButton)
    assert dialog.form.recipe.size is None
    assert not dialog.form.limit.isVisible()
    qtbot.mouseClick(dialog.form.how_many.button("some"), Qt.MouseButton.LeftButton)
    assert dialog.form.limit.hasFocus()


def test_a_name_that_was_typed_stays_when_the_recipe_changes(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    dialog.choose(QueueSource.UNREVIEWED)
    assert dialog.terms.name.text() == "Unreviewed · status:error"
    typed(qtbot, dialog.terms.name, "Mine")
    dialog.choose(QueueSource.FILTER)
    assert dialog.terms.name.text() == "Mine"


def test_reviewers_share_by_a_slider_that_says_what_it_means(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    terms = dialog.terms
    assert not terms.share.isEnabled()
    qtbot.keyClicks(terms.reviewers, "ada, grace , ada,, barbara")
    assert terms.names == ("ada", "grace", "barbara")
    for _ in range(16):
        qtbot.keyClick(terms.share, Qt.Key.Key_Left)
    qtbot.keyClick(terms.blind, Qt.Key.Key_Space)
    made: list[Queue] = []
    dialog.accepted_queue.connect(made.append)
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    assert made[0].reviewers == ("ada", "grace", "barbara")
    assert made[0].overlap == 0.2
    assert made[0].blind


def test_known_reviewers_are_proposed_one_after_another(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    line = dialog.terms.reviewers
    dialog.terms.propose_reviewers(["ada", "grace", "barbara"])
    dialog.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClicks(line, "gr")
    popup = line.completer().popup()
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert line.text() == "grace"
    qtbot.keyClick(line, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert dialog.terms.names == ("grace", "ada")


def test_the_words_of_the_slider() -> None:
    assert "Whoever" in dealing(0, 1.0)
    assert "One person" in dealing(1, 0.2)
    assert dealing(2, 1.0).startswith("Both review everything")
    assert "nothing to compare" in dealing(4, 0.0)
    assert dealing(4, 0.2) == "20% is reviewed by all 4, the rest is dealt out: about 40% of the traces each."


def test_the_dialog_fits_a_small_screen(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    for source in QueueSource:
        dialog.choose(source)
        assert dialog.minimumSizeHint().height() <= 700
        assert dialog.minimumSizeHint().width() <= 900


def test_tab_reaches_everything_in_reading_order(qtbot: QtBot) -> None:
    dialog = shown(qtbot)
    order: list[object] = []
    for _ in range(30):
        focus = QApplication.focusWidget()
        if focus in order:
            break
        order.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    form, terms = dialog.form, dialog.terms
    wanted = [form.limit, form.seed, form.roll, terms.name, terms.instructions, terms.reviewers, terms.blind]
    places = [order.index(widget) for widget in wanted]
    assert places == sorted(places)
    assert dialog.make in order


def test_editing_keeps_the_recipe_and_tells_only_of_a_change(qtbot: QtBot) -> None:
    queue = Queue("q", "Errors", Recipe(QueueSource.RANDOM, size=5, seed=3), "Read on", True, ("ada", "grace"), 0.33)
    made: list[Queue] = []
    dialog = EditQueueDialog(queue, ["ada"])
    qtbot.addWidget(dialog)
    dialog.accepted_queue.connect(made.append)
    dialog.show()
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert made == [], "a share between two steps of the slider is no change"
    dialog = EditQueueDialog(queue)
    qtbot.addWidget(dialog)
    dialog.accepted_queue.connect(made.append)
    dialog.show()
    dialog.terms.name.clear()
    assert not dialog.save.isEnabled()
    qtbot.keyClicks(dialog.terms.name, "Late errors")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert made[0].name == "Late errors"
    assert made[0].recipe == queue.recipe
    assert made[0].overlap == 0.33


def test_names_and_words_of_recipes() -> None:
    assert proposed_name(Recipe()) == "All traces"
    assert proposed_name(Recipe(filter_text="env:prod")) == "env:prod"
    assert proposed_name(Recipe(QueueSource.STRATIFIED, size=1200, by="model")) == "1,200 by model"
    assert proposed_name(Recipe(QueueSource.DISAGREEMENTS, score="tone")) == "Disagreements on tone"
    assert len(proposed_name(Recipe(filter_text="x" * 500))) == 60
    words = recipe_words(Recipe(QueueSource.LOW_SCORED, "env:prod", size=20, score="tone", below=0.5))
    assert words == "Low-scored by tone below 0.5 · at most 20 · within env:prod"
    assert "seed 7" in recipe_words(Recipe(QueueSource.RANDOM, seed=7))


def test_what_a_recipe_gives_is_said_and_why_it_gives_nothing() -> None:
    by_model = Recipe(QueueSource.STRATIFIED, size=3, by="model")
    words, strata = preview_words(by_model, 3041, ("a", "b", "a"))
    assert words == "3 of 3,041 matching traces · 2 values of model"
    assert strata == [("a", 2), ("b", 1)]
    assert preview_words(Recipe(), 1, ("",)) == ("The one matching trace", [])
    assert preview_words(Recipe(QueueSource.UNREVIEWED), 2, ("", ""))[0] == "All 2 unreviewed traces"
    low = Recipe(QueueSource.LOW_SCORED, "env:prod", score="tone", below=0.5)
    assert nothing_words(low).startswith("No trace in the filter has a “tone” below 0.5")
    for source in QueueSource:
        assert nothing_words(Recipe(source, score="tone")).endswith(".")
