"""The dialog of prices, driven as a person drives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tailrace.metrics.own_prices import OwnPrice, OwnPrices
from tailrace.model.priced import ModelUse, Repricing, UnpricedModel
from tailrace.ui.dialogs.prices import Preview, PriceChange, PricesDialog
from tailrace.workspace.prices import read_book
from tailrace.workspace.repricing import NOT_YET, UNKNOWN

HOSTILE = "<img src=x onerror=alert(1)>\x00" + "x" * 10_000
OLD = OwnPrice("gpt-4o*", 2.5, 10.0)
NEW = OwnPrice("gpt-4o*", 2.0, 8.0, since=date(2026, 1, 1))
HOUSE = UnpricedModel("house-model", ("vllm",), 512, 600_000, 50_000, 650_000, UNKNOWN)
NAMELESS = UnpricedModel(None, (), 4, 4_000, 400, 4_400, "these calls do not say their model")
USES = (ModelUse("house-model", "vllm", 512, 512, 600_000, 50_000, 650_000, 0, 9),)

Open = Callable[..., PricesDialog]


@pytest.fixture
def opened(qtbot: QtBot) -> Open:
    def open_(
        rows: tuple[OwnPrice, ...] = (OLD, NEW),
        missing: tuple[UnpricedModel, ...] = (HOUSE, NAMELESS),
        budget: float | None = None,
        database: str = "calls.tailrace",
    ) -> PricesDialog:
        book = read_book().with_own(OwnPrices(rows))
        made = PricesDialog(book, USES, missing, budget, database)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(made)
        with qtbot.waitExposed(made):
            made.show()
        return made

    return open_


def heard(dialog: PricesDialog) -> list[PriceChange]:
    found: list[PriceChange] = []
    dialog.applied.connect(found.append)
    return found


def retype(field: QLineEdit, text: str) -> None:
    field.selectAll()
    QTest.keyClicks(field, text)


def click(widget: object) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)  # type: ignore[arg-type]


def previewed(dialog: PricesDialog, changed: int = 3) -> None:
    dialog.show_preview(Preview(Repricing(9, changed, ("a",) if changed else (), 1.0, 2.0), tuple(dialog.missing)))


def test_all_of_it_fits_on_a_small_screen(opened: Open) -> None:
    dialog = opened()
    assert dialog.width() <= 1100
    assert dialog.height() <= 660, "with a title bar, on 700 pixels"


def test_models_without_a_price_come_first_with_their_calls(opened: Open) -> None:
    dialog = opened()
    assert dialog.lists.title.text() == "No price: 2 models"
    assert dialog.lists.unknown.item(0).text() == "house-model"
    assert "512 calls · 650.0k tokens" in dialog.lists.unknown.item(0).toolTip()
    assert dialog.lists.unknown_place == 0
    assert dialog.card.isVisible()
    assert "The cost of 512 calls is unknown" in dialog.card.reason.text
    assert "$0" not in dialog.card.facts.text()
    dialog.lists.unknown.setCurrentRow(1)
    assert not dialog.card.set.isVisible(), "without a name there is nothing to set a price for"


def test_a_price_is_set_for_a_model_that_has_none(opened: Open) -> None:
    dialog = opened()
    found = heard(dialog)
    click(dialog.card.set)
    assert dialog.lists.place == 2
    assert dialog.form.fields["model"].text() == "house-model"
    assert dialog.focusWidget() is dialog.form.fields["input"]
    QTest.keyClicks(dialog.form.fields["input"], "0.6")
    QTest.keyClicks(dialog.form.fields["output"], "0.8")
    assert dialog.form.reach.text == "house-model: 512 calls in this database."
    previewed(dialog)
    click(dialog.apply_all)
    (change,) = found
    assert change == PriceChange((OLD, NEW, OwnPrice("house-model", 0.6, 0.8)), None, reprice=True)
    assert not dialog.isVisible()


def test_what_the_rows_would_change_is_asked_and_told(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(missing=())
    assert dialog.say.text == "Looking through the calls…"
    assert not dialog.apply_all.isVisible()
    with qtbot.waitSignal(dialog.preview_wanted) as asked:
        retype(dialog.form.fields["input"], "9")
    assert asked.args == [(replace(OLD, input=9.0), NEW)]
    dialog.show_preview(Preview(Repricing(2_000, 1_204, ("a", "b", "c"), 12.5, None), ()))
    assert dialog.say.text == "1,204 spans of 3 models will be re-priced: ~$12.50 before, unknown after."
    assert dialog.apply_all.isVisible()
    dialog.show_preview(Preview(Repricing(2_000), ()))
    assert dialog.say.text == "No cost in calls.tailrace changes."
    assert not dialog.apply_all.isVisible()


def test_a_model_that_the_rows_price_is_marked(opened: Open) -> None:
    dialog = opened()
    dialog.show_preview(Preview(Repricing(9, 1, ("house-model",)), (replace(HOUSE, reason=NOT_YET), NAMELESS)))
    assert "priced now" in dialog.lists.unknown.item(0).toolTip()
    assert "priced now" not in dialog.lists.unknown.item(1).toolTip()


def test_rows_are_added_removed_and_taken_back_from_the_keyboard(opened: Open) -> None:
    dialog = opened(missing=())
    assert dialog.lists.place == 0
    assert not dialog.undo.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(dialog.form.fields["model"], "new")
    QTest.keyClicks(dialog.form.fields["input"], "12")
    assert [draft.model for draft in dialog.drafts] == ["gpt-4o*", "gpt-4o*", "new"]
    dialog.lists.own.setFocus()
    dialog.lists.own.setCurrentRow(0)
    QTest.keyClick(dialog.lists.own, Qt.Key.Key_Delete)
    assert [draft.model for draft in dialog.drafts] == ["gpt-4o*", "new"]
    click(dialog.undo)
    assert [draft.model for draft in dialog.drafts] == ["gpt-4o*", "gpt-4o*", "new"]
    click(dialog.undo)  # what was typed into one field is one step
    assert dialog.drafts[2].input == ""
    click(dialog.undo)
    assert dialog.drafts[2].model == ""
    click(dialog.undo)
    assert [draft.former for draft in dialog.drafts] == [OLD, NEW]
    assert not dialog.undo.isVisible()


def test_what_is_wrong_is_said_beside_its_field_and_not_applied(opened: Open) -> None:
    dialog = opened(missing=())
    found = heard(dialog)
    retype(dialog.form.fields["cache_write"], "x")
    assert "A number from 0" in dialog.form.faults["cached_input"].text
    assert dialog.form.faults["cached_input"].isVisible()
    assert dialog.say.text == "1 not complete yet"
    dialog.lists.own.setCurrentRow(1)
    click(dialog.apply)
    assert found == []
    assert dialog.isVisible()
    assert dialog.lists.place == 0
    assert dialog.focusWidget() is dialog.form.fields["cache_write"]


def test_tiers_are_added_and_removed(opened: Open) -> None:
    dialog = opened(missing=())
    found = heard(dialog)
    click(dialog.form.add_tier)
    assert dialog.form.faults["tiers"].isVisible()
    QTest.keyClicks(dialog.form.tiers[0]["over"], "200k")
    QTest.keyClicks(dialog.form.tiers[0]["input"], "5")
    assert not dialog.form.faults["tiers"].isVisible()
    click(dialog.apply)
    assert [(tier.over, tier.input) for tier in found[0].rows[0].tiers] == [(200_000, 5.0)]
    assert not found[0].reprice


def test_a_budget_is_an_amount_or_none(opened: Open) -> None:
    dialog = opened(missing=(), budget=500.0)
    found = heard(dialog)
    assert dialog.budget.text() == "500"
    retype(dialog.budget, "a lot")
    assert "no amount" in dialog.say.text
    click(dialog.apply)
    assert found == []
    retype(dialog.budget, "750,5")
    click(dialog.apply)
    assert found[0].budget == 750.5
    assert found[0].rows == (OLD, NEW)


def test_the_public_table_is_searched_and_a_row_of_it_becomes_ones_own(opened: Open) -> None:
    dialog = opened(rows=(), missing=())
    click(dialog.view.button("tables"))
    assert dialog.browser.name.text == "LiteLLM 1.109.1 · prices of 2026-11 · comes with Tailrace"
    assert not dialog.browser.forget.isVisible()
    assert not dialog.browser.change.isEnabled()
    QTest.keyClicks(dialog.browser.search, "gpt-5.5-cyber-p")
    assert dialog.browser.count.text.startswith("1 of 3,725 models")
    dialog.browser.view.selectRow(0)
    click(dialog.browser.change)
    assert dialog.form.isVisible()
    assert dialog.form.fields["model"].text() == "gpt-5.5-cyber-preview"
    assert dialog.form.fields["input"].text() == "12.5"


def test_without_a_database_prices_can_be_kept_all_the_same(opened: Open) -> None:
    dialog = opened(rows=(), missing=(), database="")
    found = heard(dialog)
    assert "No database is open" in dialog.say.text
    assert not dialog.apply_all.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert found == [PriceChange((), None, reprice=False)]


def test_names_from_elsewhere_are_plain_text(opened: Open) -> None:
    dialog = opened(missing=(replace(HOUSE, model=HOSTILE, providers=(HOSTILE,)),))
    assert dialog.card.facts.textFormat() is Qt.TextFormat.PlainText
    assert len(dialog.card.name.text) <= 300
    assert "<img" not in dialog.lists.unknown.item(0).toolTip()
    click(dialog.card.set)
    assert dialog.form.faults["model"].isVisible(), "a name that no row can have is told, not crashed over"


def test_what_is_not_used_of_the_file_is_told(qtbot: QtBot, opened: Open) -> None:
    dialog = opened(missing=())
    assert not dialog.problems.isVisible()
    dialog.show_book(replace(read_book(), problems=("Row 2, odd has no price of input.", "Row 3 is not an object.")))
    assert dialog.problems.text == "Row 2, odd has no price of input. (and 1 more)"


def test_of_very_many_models_the_most_used_are_listed_and_it_says_so(opened: Open) -> None:
    dialog = opened(missing=tuple(replace(HOUSE, model=f"m{i}") for i in range(2_345)))
    assert dialog.lists.unknown.count() == 2_000
    assert dialog.lists.title.text() == "No price: 2,000 of 2,345 models"
