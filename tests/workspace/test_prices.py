"""Which prices are in force: files that people edit, import and spoil."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tailrace.errors import DatabaseError, SourceError
from tailrace.metrics.own_prices import OwnPrice, OwnPrices
from tailrace.model import Usage
from tailrace.workspace import data_folder
from tailrace.workspace.prices import (
    current_prices,
    forget_imported,
    import_prices,
    imported_path,
    own_path,
    read_book,
    save_own,
)

MILLION = Usage(1_000_000)


def price(model: str) -> float | None:
    cost = current_prices().price(model, None, MILLION, 0)
    return None if cost is None else cost.total


def write_own_file(whole: object) -> None:
    data_folder().mkdir(parents=True, exist_ok=True)
    own_path().write_text(json.dumps(whole))


def public_file(folder: Path, **prices: float) -> Path:
    path = folder / "prices from elsewhere.json"
    path.write_text(json.dumps({name: {"input_cost_per_token": price} for name, price in prices.items()}))
    return path


def test_without_files_the_prices_are_those_that_come_along() -> None:
    book = read_book()
    assert (book.own, book.imported, book.problems) == (OwnPrices(), None, ())
    assert price("gpt-4o") == 2.5
    assert current_prices().name == "LiteLLM 1.109.1"


def test_own_prices_go_before_imported_ones_and_these_before_what_comes_along(tmp_path: Path) -> None:
    assert price("gpt-4o") == 2.5
    imported = import_prices(public_file(tmp_path, **{"gpt-4o": 3e-6, "gpt-4.1": 4e-6}))
    assert (imported.name, imported.models) == ("LiteLLM", 2)
    save_own(OwnPrices((OwnPrice("gpt-4o", 5.0),)), read_book())
    assert [price(model) for model in ("gpt-4o", "gpt-4.1", "gpt-4o-mini")] == [5.0, 4.0, 0.15]
    cost = current_prices().price("gpt-4.1", None, MILLION, 0)
    assert cost is not None
    assert cost.detail.startswith("LiteLLM, imported 20")
    assert forget_imported()
    assert not forget_imported()
    assert price("gpt-4.1") == 2.0


def test_a_file_that_a_person_edits_is_in_force_at_once() -> None:
    write_own_file({"rows": [{"model": "mine", "input": 1}]})
    assert price("mine") == 1
    write_own_file({"rows": [{"model": "mine", "input": 25}]})
    assert price("mine") == 25
    own_path().unlink()
    assert price("mine") is None


def test_what_makes_no_sense_is_told_and_stays_in_the_file() -> None:
    write_own_file({"rows": [{"model": "mine", "input": 1}, {"model": "odd", "input": "?"}], "note": "ours"})
    book = read_book()
    assert book.problems == ("Row 2, odd: input is no number.",)
    save_own(OwnPrices((OwnPrice("mine", 2.0),), (), book.own.unread, book.own.extra), book)
    assert json.loads(own_path().read_text()) == {
        "note": "ours",
        "rows": [{"model": "mine", "input": 2.0}, {"model": "odd", "input": "?"}],
    }


def test_a_file_that_cannot_be_read_is_not_lost_when_another_takes_its_place() -> None:
    data_folder().mkdir(parents=True, exist_ok=True)
    own_path().write_text("{ rows: [ broken")
    book = read_book()
    assert "is not JSON" in book.problems[0]
    assert price("gpt-4o") == 2.5
    save_own(OwnPrices((OwnPrice("mine", 2.0),)), book)
    assert price("mine") == 2
    assert own_path().with_name("prices.json.unread-1").read_text() == "{ rows: [ broken"


def test_what_another_program_wrote_meanwhile_is_not_overwritten() -> None:
    book = read_book()
    write_own_file({"rows": [{"model": "theirs", "input": 1}]})
    with pytest.raises(SourceError, match="another program"):
        save_own(OwnPrices((OwnPrice("mine", 2.0),)), book)
    assert price("theirs") == 1


def test_a_spoilt_import_leaves_what_comes_along(tmp_path: Path) -> None:
    import_prices(public_file(tmp_path, **{"gpt-4o": 3e-6}))
    imported_path().write_text('{"rows": 7}')
    assert price("gpt-4o") == 2.5
    assert "import it again" in read_book().problems[0]


@pytest.mark.parametrize("name", ["absent.json", "a folder"])
def test_a_file_that_is_not_there_is_told_with_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "a folder").mkdir()
    with pytest.raises(SourceError, match="cannot be read"):
        import_prices(tmp_path / name)
    assert not imported_path().exists()


def test_an_import_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    import_prices(public_file(tmp_path, **{"gpt-4o": 3e-6}))
    bad = tmp_path / "bad.json"
    bad.write_text("[]")
    with pytest.raises(SourceError):
        import_prices(bad)
    assert price("gpt-4o") == 3


def test_the_public_files_are_imported_as_they_are(sample: Callable[[str], Path]) -> None:
    found = import_prices(sample("prices/langfuse-default-model-prices.json"))
    assert (found.name, found.date, found.models) == ("Langfuse", "2026-08-20", 167)
    row = current_prices().find("us.anthropic.claude-sonnet-4-5-20250929-v1:0")
    assert row is not None
    assert row.table.name.startswith("Langfuse")
    found = import_prices(sample("prices/litellm-model_prices_and_context_window.json"))
    assert (found.name, found.models) == ("LiteLLM", 3_725)
    assert read_book().imported is not None
    # the same prices as those that come along: nothing is priced otherwise
    assert current_prices().agrees(read_book().with_own(OwnPrices()).prices, "gpt-4o", "openai", 0, 1)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    data_folder().mkdir(parents=True, exist_ok=True)
    data_folder().chmod(0o500)
    try:
        with pytest.raises(DatabaseError, match="cannot be written"):
            save_own(OwnPrices((OwnPrice("mine", 2.0),)), read_book())
    finally:
        data_folder().chmod(0o700)
