"""Prices in the window: a database that was priced with others says so, and is priced again when a person wants it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot
from tests.store.written import make, rows
from tests.ui.driving import SECOND, START, settle

from tailrace.jobs import Cancelled, Ticket
from tailrace.metrics.own_prices import OwnPrice, OwnPrices
from tailrace.model import SpanKind, Usage
from tailrace.model.priced import PriceNews, PricesUsed, Repricing
from tailrace.store import Writer, repricing
from tailrace.ui.dialogs.prices import PricesDialog
from tailrace.ui.main_window import MainWindow
from tailrace.ui.pages.price_desk import news_words
from tailrace.workspace.prices import current_prices, own_path, read_book, save_own, used_of

Open = Callable[[Path], MainWindow]
COSTS = "SELECT model, sum(cost) FROM span GROUP BY model ORDER BY model"


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """Twelve traces of one call each: of gpt-4o, and of a model that no table has."""
    path = tmp_path / "calls.tailrace"
    prices = current_prices()
    with Writer(path, prices.price, used_of(prices)) as writer:
        writer.write(
            [
                make(
                    "a", trace_id=f"t{i}", kind=SpanKind.LLM, model=("gpt-4o", "house-model")[i % 2],
                    usage=Usage(1_000, 100), start_ns=START + i * SECOND, end_ns=START + (i + 1) * SECOND,
                )
                for i in range(12)
            ]
        )  # fmt: skip
        writer.settle()
        writer.index()
    return path


def own(*prices: OwnPrice) -> None:
    save_own(OwnPrices(prices), read_book())


def shown_dialog(qtbot: QtBot, window: MainWindow) -> PricesDialog:
    window.run_command("edit.prices")
    qtbot.waitUntil(lambda: window.prices.dialog is not None and window.prices.dialog.isVisible())
    settle(qtbot, window)
    dialog = window.prices.dialog
    assert dialog is not None
    return dialog


def test_a_database_with_the_prices_in_force_says_nothing(qtbot: QtBot, calls: Path, open_window: Open) -> None:
    window = open_window(calls)
    settle(qtbot, window)
    assert not window.prices.bar.isVisible()


def test_a_database_priced_with_others_says_so_and_is_priced_again_when_wanted(
    qtbot: QtBot, calls: Path, open_window: Open
) -> None:
    own(OwnPrice("gpt-4o", 10.0, 10.0))
    before = rows(calls, COSTS)
    window = open_window(calls)
    qtbot.waitUntil(window.prices.bar.isVisible)
    assert "6 calls of 1 model cost something else by the prices in force" in window.prices.bar.text
    assert "It was priced with LiteLLM 1.109.1." in window.prices.bar.text
    assert rows(calls, COSTS) == before
    phases: list[str] = []
    window.session.importing.connect(lambda news: phases.append("" if news is None else news.phase))
    offer = next(button for button in window.prices.bar.findChildren(QToolButton) if button.text() == "Price again")
    with qtbot.waitSignal(window.session.repriced):
        QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert phases[0] == "pricing"
    assert phases[-1] == ""
    assert rows(calls, COSTS) == [("gpt-4o", pytest.approx(6 * 0.011)), ("house-model", None)]
    assert not window.prices.bar.isVisible()


def test_pricing_that_was_stopped_on_its_way_is_told_and_goes_on(
    qtbot: QtBot, calls: Path, open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(OwnPrice("gpt-4o", 10.0, 10.0))
    monkeypatch.setattr(repricing, "_SPANS_AT_ONCE", 4)
    prices = current_prices()
    ticket = Ticket()
    with Writer(calls, prices.price, used_of(prices)) as writer, pytest.raises(Cancelled):
        writer.reprice(ticket, lambda done, total: ticket.cancel())
    window = open_window(calls)
    qtbot.waitUntil(window.prices.bar.isVisible)
    assert window.prices.bar.text.startswith("Pricing again was stopped on its way: 4 calls of 1 model")
    with qtbot.waitSignal(window.session.repriced) as done:
        window.run_command("edit.reprice")
    assert done.args is not None
    assert done.args[0].looked_at == 8
    settle(qtbot, window)
    assert not window.prices.bar.isVisible()


def test_a_model_without_a_price_gets_one_in_the_dialog(qtbot: QtBot, calls: Path, open_window: Open) -> None:
    window = open_window(calls)
    dialog = shown_dialog(qtbot, window)
    assert dialog.lists.unknown.count() == 1
    QTest.mouseClick(dialog.card.set, Qt.MouseButton.LeftButton)
    QTest.keyClicks(dialog.form.fields["input"], "1")
    QTest.keyClicks(dialog.form.fields["output"], "10")
    QTest.keyClicks(dialog.budget, "300")
    qtbot.waitUntil(dialog.apply_all.isVisible)
    qtbot.waitUntil(lambda: "6 spans of 1 model will be re-priced: unknown before, ~$0.012" in dialog.say.text)
    with qtbot.waitSignal(window.session.repriced):
        QTest.mouseClick(dialog.apply_all, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert rows(calls, COSTS)[1] == ("house-model", pytest.approx(0.012))
    assert json.loads(own_path().read_text())["rows"] == [{"model": "house-model", "input": 1.0, "output": 10.0}]
    assert window._settings.current.monthly_budget == 300.0
    assert window.prices.dialog is None


def test_applied_without_pricing_again_it_is_offered(qtbot: QtBot, calls: Path, open_window: Open) -> None:
    window = open_window(calls)
    before = rows(calls, COSTS)
    dialog = shown_dialog(qtbot, window)
    QTest.mouseClick(dialog.card.set, Qt.MouseButton.LeftButton)
    QTest.keyClicks(dialog.form.fields["input"], "1")
    QTest.keyClicks(dialog.form.fields["output"], "10")
    QTest.mouseClick(dialog.apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.prices.bar.isVisible)
    settle(qtbot, window)
    assert rows(calls, COSTS) == before
    window.run_command("edit.reprice")
    qtbot.waitUntil(lambda: rows(calls, COSTS) != before)
    settle(qtbot, window)
    assert not window.prices.bar.isVisible()


def test_a_public_file_is_imported_from_the_dialog(
    qtbot: QtBot, calls: Path, tmp_path: Path, open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "prices.json"
    path.write_text('{"house-model": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}, "odd": {}}')
    window = open_window(calls)
    dialog = shown_dialog(qtbot, window)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    QTest.mouseClick(dialog.view.button("tables"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog.browser.bring, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "prices of 1 model. 1 left out" in dialog.problems.text)
    settle(qtbot, window)
    assert dialog.browser.name.text.startswith("LiteLLM, imported ")
    assert dialog.browser.forget.isVisible()
    qtbot.waitUntil(lambda: "6 spans of 1 model will be re-priced" in dialog.say.text)
    path.write_text("no prices")
    QTest.mouseClick(dialog.browser.bring, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "is not JSON" in dialog.problems.text)
    QTest.mouseClick(dialog.browser.forget, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.browser.name.text.startswith("LiteLLM 1.109.1"))
    dialog.reject()
    settle(qtbot, window)


def test_what_another_program_changed_meanwhile_is_told_and_not_lost(
    qtbot: QtBot, calls: Path, open_window: Open
) -> None:
    window = open_window(calls)
    dialog = shown_dialog(qtbot, window)
    own(OwnPrice("theirs", 1.0))
    QTest.mouseClick(dialog.card.set, Qt.MouseButton.LeftButton)
    QTest.keyClicks(dialog.form.fields["input"], "1")
    QTest.mouseClick(dialog.apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.messages.isVisible)
    assert "was changed by another program" in window.messages.text
    assert json.loads(own_path().read_text())["rows"] == [{"model": "theirs", "input": 1.0}]


def test_without_a_database_the_dialog_opens_all_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    from tailrace.workspace import SettingsStore

    window = MainWindow(SettingsStore(tmp_path / "settings.json"))
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.run_command("edit.reprice")
    window.run_command("edit.prices")
    qtbot.waitUntil(lambda: window.prices.dialog is not None and window.prices.dialog.isVisible())
    dialog = window.prices.dialog
    assert dialog is not None
    assert "No database is open" in dialog.say.text
    dialog.reject()
    window.close()


def test_news_are_told_in_a_sentence() -> None:
    now = PricesUsed("b", "own prices, LiteLLM 1.109.1")
    found = Repricing(9, 1, ("m",), None, 2.0)
    assert news_words(PriceNews(None, now, found)) == (
        "1 call of 1 model costs something else by the prices in force"
        " (unknown in this database, ~$2.00 by own prices, LiteLLM 1.109.1)."
    )
    assert news_words(PriceNews(PricesUsed("a", "A"), now, found)).endswith(" It was priced with A.")
    assert news_words(PriceNews(None, now, found, begun=True)).startswith(
        "Pricing again was stopped on its way: 1 call"
    )
